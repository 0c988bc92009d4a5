"""A draft and what somebody published meanwhile, brought together: /workspace/<partnership>/drafts/<id>/merge/.

Whoever comes second is shown both texts merged. What only one of them changed is taken over; where both changed the
same words, the writer chooses. Nothing is overwritten by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from partnerships.access import Role, signed_in
from partnerships.audit import Action
from partnerships.workspace_nav import navigation
from procedures.comparison import compare_words
from procedures.editing import workflow
from procedures.editing.beginning import Stream
from procedures.editing.finding import draft_where, editor_of
from procedures.editing.merging import Choice, Chunk, MergedField, Own, merge, merge_field, resolve
from procedures.editing.models import Draft
from procedures.editing.refusing import NotPossible, OutOfDate
from procedures.models import Version

FIELDS = ("title", "number", "review_date")
LABELS = {"title": "Title", "number": "Number", "review_date": "Review date"}


@dataclass
class Merge:
    """A draft, and the newest publication that it does not know of."""

    draft: Draft
    theirs: Version

    @cached_property
    def chunks(self) -> list[Chunk]:
        """The bodies cut where they differ. A withdrawal has no words to bring in: what the draft says then stands."""
        version, base = self.draft.version, self.draft.began_with
        if self.theirs.withdrawn or version.withdrawn:
            return merge(version.body, version.body, version.body)
        return merge(base.body if base and not base.withdrawn else "", version.body, self.theirs.body)

    @cached_property
    def conflicts(self) -> list[Chunk]:
        return [chunk for chunk in self.chunks if chunk.kind == "conflict"]

    @cached_property
    def fields(self) -> dict[str, MergedField[Any]]:
        base = self.draft.began_with
        return {
            name: merge_field(
                getattr(base, name) if base else "", getattr(self.draft.version, name), getattr(self.theirs, name)
            )
            for name in FIELDS
        }

    def rows(self, sent: Mapping[str, str]) -> list[dict[str, Any]]:
        """The chunks as the page shows them, conflicts numbered, with what was `sent` for each."""
        rows, place = [], 0
        for chunk in self.chunks:
            row: dict[str, Any] = {"chunk": chunk}
            if chunk.kind == "conflict":
                row |= {"name": f"choice-{place}", "own_name": f"own-{place}", "number": place + 1}
                row |= {"chosen": sent.get(f"choice-{place}", ""), "own": sent.get(f"own-{place}", chunk.mine)}
                row["changes"] = compare_words(chunk.theirs, chunk.mine).html
                place += 1
            rows.append(row)
        return rows

    def settled(self, sent: Mapping[str, str]) -> dict[str, Any]:
        """The draft's fields as they are to be; NotPossible while a choice is missing."""
        choices: list[Choice] = []
        for place in range(len(self.conflicts)):
            choice = sent.get(f"choice-{place}", "")
            if choice == "own":
                choices.append(Own(sent.get(f"own-{place}", "")))
            elif choice in ("mine", "theirs", "both"):
                choices.append(choice)  # type: ignore[arg-type]
            else:
                raise NotPossible(f"Choose what is to stand at place {place + 1}.")
        values: dict[str, Any] = {"body": resolve(self.chunks, choices)}
        for name, merged in self.fields.items():
            values[name] = merged.value
            if merged.is_conflict:
                if sent.get(name) not in ("mine", "theirs"):
                    raise NotPossible(f"Choose the {LABELS[name].lower()}.")
                values[name] = getattr(self.theirs if sent[name] == "theirs" else self.draft.version, name)
        return values


def merge_of(draft: Draft) -> Merge | None:
    """How a draft meets the newest publication; None where it knows of it already."""
    newest = Stream(draft.version.section, draft.version.partnership).newest()
    if newest is None or newest.pk == draft.version.based_on_id:
        return None
    return Merge(draft, newest)


@transaction.atomic
def bring_together(
    draft: Draft, values: Mapping[str, Any], *, theirs: int, revision: int, by: User, now: datetime
) -> Draft:
    """Keep the merged text in the draft, which from then on knows the version `theirs`, by its id.

    OutOfDate or NotPossible when the draft or the newest publication is no longer what was merged.
    """
    draft = workflow.locked(draft)
    if not draft.may_be_written:
        raise NotPossible(
            f"This draft cannot be changed: it is {draft.get_state_display().lower()}. Take it back first."
        )
    if draft.revision != revision:
        raise OutOfDate(draft)
    newest = Stream(draft.version.section, draft.version.partnership).newest()
    if newest is None or newest.pk != theirs:
        raise NotPossible("Yet another version has been published meanwhile. Look at what changes now.")
    for name, value in values.items():
        setattr(draft.version, name, value)
    draft.version.based_on = newest
    draft.version.save()
    draft.began_with, draft.revision, draft.saved_at, draft.saved_by = newest, revision + 1, now, by
    draft.save(update_fields=["began_with", "revision", "saved_at", "saved_by"])
    draft.writers.add(by)
    workflow.log(draft, Action.MERGED, by=by, now=now, detail=f"With the version of {newest.effective_date}.")
    return draft


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def merge_draft(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    """Both texts merged, with the choices that are left; by POST they are settled."""
    draft = draft_where(request, slug, draft_id, Role.AUTHOR)
    meeting = merge_of(draft)
    if meeting is None or not draft.is_open:
        messages.success(request, "There is nothing to bring together: this draft knows the newest version.")
        return redirect("review_draft", slug, draft_id)
    refusal = ""
    if request.method == "POST":
        try:
            _take(meeting, request)
        except NotPossible as refused:
            refusal = str(refused)
        else:
            messages.success(request, "The two are brought together in your draft. Read it once more.")
            return redirect("draft", slug, draft_id)
    return render(
        request,
        "editing/merge.html",
        {
            "partnership": draft.version.partnership,
            "navigation": navigation(request.user, draft.version.partnership, "texts"),
            "draft": draft,
            "meeting": meeting,
            "rows": meeting.rows(request.POST),
            "fields": [
                {"name": name, "label": LABELS[name], "mine": getattr(draft.version, name),
                 "theirs": getattr(meeting.theirs, name), "chosen": request.POST.get(name, "")}
                for name, merged in meeting.fields.items() if merged.is_conflict
            ],
            "refusal": refusal,
        },
        status=409 if refusal else 200,
    )  # fmt: skip


def _take(meeting: Merge, request: HttpRequest) -> None:
    sent = {name: request.POST.get(name, "") for name in ("theirs", "revision")}
    if sent != {"theirs": str(meeting.theirs.pk), "revision": str(meeting.draft.revision)}:
        raise NotPossible("One of the two texts has changed since this page was opened. Look at both once more.")
    values = meeting.settled(request.POST)
    bring_together(
        meeting.draft,
        values,
        theirs=meeting.theirs.pk,
        revision=meeting.draft.revision,
        by=editor_of(request),
        now=now(),
    )
