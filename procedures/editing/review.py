"""The page on which a draft is reviewed, and the steps that are taken there. Whether a step can be taken: workflow."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships import access
from partnerships.access import Role, signed_in
from partnerships.workspace_nav import navigation
from procedures.checks import Fault
from procedures.editing import releasing, workflow
from procedures.editing.finding import draft_where, editor_of, int_of
from procedures.editing.forms import PublishForm, WordsForm
from procedures.editing.models import Comment, Draft
from procedures.editing.refusing import NotPossible
from procedures.editing.reviewing import reviewed
from procedures.publishing import Refused

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def review(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    """The draft against what is in force, word by word; its faults, its references, what stands beside it; comments."""
    draft = draft_where(request, slug, draft_id)
    return review_page(request, draft)


def review_page(
    request: HttpRequest, draft: Draft, *, faults: list[Fault] | None = None, status: int = 200, **forms: Any
) -> HttpResponse:
    """The review page, with a form as it was sent where something is wrong with it, by its name."""
    partnership, today = draft.version.partnership, localdate()
    writers = set(draft.writers.values_list("pk", flat=True))
    is_approver = access.may_approve(request.user, partnership)
    anchor = request.GET.get("comment", "")[:120]
    return render(
        request,
        "editing/review.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "texts"),
            "draft": draft,
            "shown": reviewed(draft, today=today, anchor=anchor),
            "refused": faults or [],
            "may_write": access.may_draft(request.user, partnership),
            "is_approver": is_approver,
            "may_agree": access.may_agree(request.user, partnership, writers),
            "is_own": request.user.pk in writers,
            "comment_form": WordsForm(label="Your comment"),
            "ask_form": WordsForm(
                label="What should be changed?", help_text="The writers get it by e-mail.", prefix="ask"
            ),
            "publish_form": PublishForm(today=today, initial=_wanted_day(draft, today)),
            **forms,
        },
        status=status,
    )


def _wanted_day(draft: Draft, today: Any) -> dict[str, Any]:
    wanted = draft.version.effective_date
    return {"when": "later", "day": wanted} if wanted and wanted > today else {"when": "today"}


def _step(
    request: HttpRequest, draft: Draft, take: Callable[[], Any], done: str, *, to: str = "review_draft"
) -> HttpResponse:
    """Take a step and say that it is done; or say why it could not be taken, on the review page."""
    try:
        take()
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    except Refused as refusal:
        return review_page(request, workflow.reread(draft), faults=refusal.faults, status=409)
    else:
        messages.success(request, done)
    return redirect(to, draft.version.partnership.slug, draft.pk)


@require_form
@signed_in
def submit(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    """Ask for approval: by GET a last look at the faults, by POST it is done."""
    draft = draft_where(request, slug, draft_id, Role.AUTHOR)
    if request.method != "POST":
        return review_page(request, draft)
    return _step(
        request,
        draft,
        lambda: workflow.submit(draft, by=editor_of(request), now=now(), today=localdate()),
        "The draft is submitted. The approvers have been told by e-mail.",
    )


@require_POST
@signed_in
def take_back(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    """Go on writing a submitted draft."""
    draft = draft_where(request, slug, draft_id)
    take = lambda: workflow.take_back(draft, by=editor_of(request), now=now())  # noqa: E731
    return _step(request, draft, take, "The draft is taken back and can be written again.", to="draft")


@require_POST
@signed_in
def ask_for_changes(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    """Send a submitted draft back to its writers."""
    draft = draft_where(request, slug, draft_id, Role.APPROVER)
    form = WordsForm(request.POST, label="What should be changed?", prefix="ask")
    if not form.is_valid():
        return review_page(request, draft, status=400, ask_form=form)
    text = form.cleaned_data["text"]
    take = lambda: workflow.ask_for_changes(draft, text, by=editor_of(request), now=now())  # noqa: E731
    return _step(request, draft, take, "The draft is back with its writers, who have been told by e-mail.")


@require_POST
@signed_in
def approve(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    """Agree to the draft as it was shown."""
    draft = draft_where(request, slug, draft_id, Role.APPROVER)
    access.refuse_own_words(request.user, draft.version.partnership, draft.writers.values_list("pk", flat=True))
    revision = int_of(request.POST.get("revision", ""))
    return _step(
        request,
        draft,
        lambda: workflow.approve(draft, by=editor_of(request), revision=revision, now=now(), today=localdate()),
        "The draft is approved. It can be published now.",
    )


@require_POST
@signed_in
def publish(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    """Publish an approved draft today or from a later day on."""
    draft = draft_where(request, slug, draft_id, Role.APPROVER)
    access.refuse_own_words(request.user, draft.version.partnership, draft.writers.values_list("pk", flat=True))
    form = PublishForm(request.POST, today=localdate())
    if not form.is_valid():
        return review_page(request, draft, status=400, publish_form=form)
    day = form.effective_date
    return _step(
        request,
        draft,
        lambda: releasing.publish(draft, by=editor_of(request), effective_date=day, now=now(), today=localdate()),
        "Published: readers see it now." if day == localdate() else "Scheduled: readers will see it from its day on.",
    )


@require_POST
@signed_in
def comment(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    """Comment on a paragraph of the draft, or on the whole."""
    draft = draft_where(request, slug, draft_id)
    form = WordsForm(request.POST, label="Your comment")
    if not form.is_valid():
        return review_page(request, draft, status=400, comment_form=form)
    anchor = request.POST.get("anchor", "")[:120]
    quote = reviewed(draft, today=localdate()).words_of(anchor)
    said = form.cleaned_data["text"]
    take = lambda: workflow.comment(  # noqa: E731
        draft, said, by=editor_of(request), now=now(), anchor=anchor if quote else "", quote=quote
    )
    return _step(request, draft, take, "Your comment stands below, and the writers have been told by e-mail.")


@require_POST
@signed_in
def settle(request: HttpRequest, slug: str, draft_id: int, comment_id: int) -> HttpResponse:
    """Mark a comment as dealt with."""
    draft = draft_where(request, slug, draft_id)
    said = get_object_or_404(Comment, pk=comment_id, draft=draft)
    take = lambda: workflow.settle(said, by=editor_of(request), now=now())  # noqa: E731
    return _step(request, draft, take, "The comment is settled.")


@require_form
@signed_in
def discard(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    """Put a draft away: by GET asks, by POST does."""
    draft = draft_where(request, slug, draft_id, Role.AUTHOR)
    if request.method != "POST":
        partnership = draft.version.partnership
        nav = navigation(request.user, partnership, "texts")
        return render(request, "editing/discard.html", {"partnership": partnership, "navigation": nav, "draft": draft})
    take = lambda: workflow.discard(draft, by=editor_of(request), now=now())  # noqa: E731
    return _step(request, draft, take, "The draft is discarded. It can be brought back from the page of its section.")


@require_POST
@signed_in
def bring_back(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    """Take up a discarded draft again."""
    draft = draft_where(request, slug, draft_id, Role.AUTHOR)
    take = lambda: workflow.bring_back(draft, by=editor_of(request), now=now())  # noqa: E731
    return _step(request, draft, take, "The draft is back.", to="draft")
