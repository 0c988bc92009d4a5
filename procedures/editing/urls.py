"""The workspace as far as it is about texts. Its people, settings and log: partnerships.urls."""

from django.urls import path

from procedures.editing import (
    bringing_together,
    calling_back,
    desk,
    documents,
    drift,
    editor,
    releases,
    renumbering,
    review,
    texts,
    word_pages,
    words,
)
from procedures.editing.word_saving import BEST_BET, SYNONYM, TERM

DOCUMENTS = "workspace/<slug:slug>/documents"
SECTION = "workspace/<slug:slug>/sections/<slug:section_slug>"
REVIEW = "workspace/<slug:slug>/drafts/<int:draft_id>"
RELEASES = "workspace/<slug:slug>/releases"
RENUMBERING = "workspace/<slug:slug>/renumbering"
DRIFT = "workspace/<slug:slug>/drift"
WORDS = "workspace/<slug:slug>/words"
BEST_BETS = f"{WORDS}/best-bets"
DRAFT = "workspace/<slug:partnership>/drafts/<int:draft_id>"

urlpatterns = [
    path(f"{DRAFT}/", editor.draft, name="draft"),
    path(f"{DRAFT}/preview/", editor.preview_draft, name="preview_draft"),
    path(f"{DRAFT}/save/", editor.autosave_draft, name="autosave_draft"),
    path("workspace/<slug:partnership>/find/", editor.find_section, name="find_section"),
    path(f"{DOCUMENTS}/", documents.documents, name="documents"),
    path(f"{DOCUMENTS}/new/", documents.new_document, name="new_document"),
    path(f"{DOCUMENTS}/<slug:document>/", documents.edit_document, name="edit_document"),
    path(f"{DOCUMENTS}/<slug:document>/replace/", documents.replace_document, name="replace_document"),
    path("workspace/", desk.desk, name="workspace"),
    path("workspace/edit/<slug:section_slug>/", texts.edit_section, name="edit_section"),
    path("workspace/<slug:slug>/", texts.texts, name="texts"),
    path("workspace/<slug:slug>/sections/new/", texts.new_section, name="new_section"),
    path(f"{SECTION}/", texts.text, name="text"),
    path(f"{SECTION}/begin/", texts.begin_draft, name="begin_draft"),
    path(f"{SECTION}/withdraw/", texts.withdraw_text, name="withdraw_text"),
    path("workspace/<slug:slug>/versions/<int:version_id>/call-back/", calling_back.call_back, name="call_back"),
    path(f"{REVIEW}/review/", review.review, name="review_draft"),
    path(f"{REVIEW}/submit/", review.submit, name="submit_draft"),
    path(f"{REVIEW}/take-back/", review.take_back, name="take_back_draft"),
    path(f"{REVIEW}/ask-for-changes/", review.ask_for_changes, name="ask_for_changes"),
    path(f"{REVIEW}/approve/", review.approve, name="approve_draft"),
    path(f"{REVIEW}/publish/", review.publish, name="publish_draft"),
    path(f"{REVIEW}/comment/", review.comment, name="comment_on_draft"),
    path(f"{REVIEW}/comments/<int:comment_id>/settle/", review.settle, name="settle_comment"),
    path(f"{REVIEW}/merge/", bringing_together.merge_draft, name="merge_draft"),
    path(f"{REVIEW}/discard/", review.discard, name="discard_draft"),
    path(f"{REVIEW}/bring-back/", review.bring_back, name="bring_back_draft"),
    path(f"{RELEASES}/", releases.releases, name="releases"),
    path(f"{RELEASES}/new/", releases.new_release, name="new_release"),
    path(f"{RELEASES}/<int:release_id>/", releases.release, name="release"),
    path(f"{RELEASES}/<int:release_id>/change/", releases.change_release, name="change_release"),
    path(f"{RELEASES}/<int:release_id>/contents/", releases.change_contents, name="change_release_contents"),
    path(f"{RELEASES}/<int:release_id>/publish/", releases.publish_release, name="publish_release"),
    path(f"{RELEASES}/<int:release_id>/discard/", releases.discard_release, name="discard_release"),
    path(f"{DRIFT}/", drift.drift, name="drift"),
    path(f"{DRIFT}/<slug:section_slug>/", drift.drift_of, name="drift_of"),
    path(f"{DRIFT}/<slug:section_slug>/confirm/", drift.confirm_text, name="confirm_text"),
    path("workspace/<slug:slug>/images/", documents.upload_image, name="upload_image"),
    path(f"{RENUMBERING}/", renumbering.renumbering, name="renumbering"),
    path(f"{RENUMBERING}/new/", renumbering.new_renumbering, name="new_renumbering"),
    path(f"{RENUMBERING}/preview/", renumbering.preview_renumbering, name="preview_renumbering"),
    path(f"{RENUMBERING}/<int:renumbering_id>/", renumbering.renumbering_proposal, name="renumbering_proposal"),
    path(f"{RENUMBERING}/<int:renumbering_id>/publish/", renumbering.publish_renumbering, name="publish_renumbering"),
    path(f"{RENUMBERING}/<int:renumbering_id>/discard/", renumbering.discard_renumbering, name="discard_renumbering"),
    path(f"{WORDS}/", words.words, name="words"),
    path(f"{WORDS}/terms/new/", word_pages.new_words, {"kind": TERM}, name="new_term"),
    path(f"{WORDS}/terms/<int:row_id>/", word_pages.edit_words, {"kind": TERM}, name="term"),
    path(f"{WORDS}/terms/<int:row_id>/delete/", word_pages.delete_words, {"kind": TERM}, name="delete_term"),
    path(f"{WORDS}/synonyms/new/", word_pages.new_words, {"kind": SYNONYM}, name="new_synonym"),
    path(f"{WORDS}/synonyms/<int:row_id>/", word_pages.edit_words, {"kind": SYNONYM}, name="synonym"),
    path(f"{WORDS}/synonyms/<int:row_id>/delete/", word_pages.delete_words, {"kind": SYNONYM}, name="delete_synonym"),
    path(f"{BEST_BETS}/new/", word_pages.new_words, {"kind": BEST_BET}, name="new_best_bet"),
    path(f"{BEST_BETS}/<int:row_id>/", word_pages.edit_words, {"kind": BEST_BET}, name="best_bet"),
    path(f"{BEST_BETS}/<int:row_id>/delete/", word_pages.delete_words, {"kind": BEST_BET}, name="delete_best_bet"),
]
