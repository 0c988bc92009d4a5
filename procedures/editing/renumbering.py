"""Renumbering in the workspace: see what it takes, propose it, and publish it with a second person's word."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships import access
from partnerships.access import Role, partnership_where, signed_in
from partnerships.models import Partnership
from partnerships.workspace_nav import navigation
from procedures.checks import Fault
from procedures.editing import proposing
from procedures.editing.finding import EDITORS
from procedures.editing.models import Renumbering
from procedures.editing.refusing import NotPossible
from procedures.editing.renumbering_forms import GapsForm, MoveForm, RenumberingForm, numbered_sections
from procedures.publishing import Refused
from procedures.renumbering import NotMovable, Plan

require_form = require_http_methods(["GET", "HEAD", "POST"])

CHANGED = (
    "Texts have been published since you opened this page, and the renumbering would now change others. "
    "Nothing has been published. Look through it again."
)


@require_safe
@signed_in
def renumbering(request: HttpRequest, slug: str) -> HttpResponse:
    """The renumberings that wait for an approver's word, and those of the past."""
    partnership = partnership_where(request.user, slug, *EDITORS)
    own = Renumbering.objects.filter(partnership=partnership).select_related("proposed_by", "published_by")
    return render(
        request,
        "editing/renumbering.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "renumbering"),
            "waiting": own.filter(published_at=None, discarded_at=None),
            "published": own.filter(published_at__isnull=False),
            "discarded": own.filter(discarded_at__isnull=False),
        },
    )


@require_safe
@signed_in
def new_renumbering(request: HttpRequest, slug: str) -> HttpResponse:
    """Say which section is to bear which number, or where gaps are to be closed."""
    partnership = partnership_where(request.user, slug, *EDITORS)
    return _form_page(request, partnership, *_forms(request, partnership, {}))


def _forms(request: HttpRequest, partnership: Partnership, sent: Any) -> tuple[MoveForm, GapsForm]:
    """Both forms of the page; what was sent is in the one that it belongs to."""
    known = {"sections": numbered_sections(partnership, localdate()), "today": localdate()}
    is_gaps = sent.get("kind") == "gaps"
    move = MoveForm(sent if sent and not is_gaps else None, prefix="move", **known)
    return move, GapsForm(sent if is_gaps else None, prefix="gaps", **known)


def _form_page(request: HttpRequest, partnership: Partnership, move: MoveForm, gaps: GapsForm) -> HttpResponse:
    return render(
        request,
        "editing/renumbering_new.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "renumbering"),
            "move_form": move,
            "gaps_form": gaps,
            "has_sections": bool(move.sections),
        },
    )


@require_form
@signed_in
def preview_renumbering(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that would change, in every partnership; sent as a form, it is proposed."""
    partnership = partnership_where(request.user, slug, *EDITORS)
    sent = request.POST if request.method == "POST" else request.GET
    move, gaps = _forms(request, partnership, sent or {"kind": ""})
    form: RenumberingForm = gaps if gaps.is_bound else move
    if not form.is_valid():
        return _form_page(request, partnership, move, gaps)
    proposal = form.proposal(partnership)
    plan = proposing.plan_of(proposal, today=localdate())
    if request.method == "POST" and plan.is_possible:
        assert request.user.is_authenticated
        proposing.propose(proposal, plan, by=request.user, now=now())
        messages.success(request, "The renumbering has been proposed. Nothing has been published yet.")
        return redirect("renumbering_proposal", slug, proposal.pk)
    context = {"sent": [(name, value) for name, value in sent.items() if name != "csrfmiddlewaretoken"]}
    return _plan_page(request, "editing/renumbering_preview.html", proposal, plan, context)


def _plan_page(
    request: HttpRequest,
    template: str,
    proposal: Renumbering,
    plan: Plan | None,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    partnership = proposal.partnership
    return render(
        request,
        template,
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "renumbering"),
            "proposal": proposal,
            "plan": plan,
            "owners": [(owner, plan.changes_of(owner)) for owner in plan.partnerships] if plan else [],
            "drafts": proposing.drafts_concerned(plan) if plan else [],
            "is_waiting": proposal.is_waiting,
        }
        | context,
        status=status,
    )


@require_safe
@signed_in
def renumbering_proposal(request: HttpRequest, slug: str, renumbering_id: int) -> HttpResponse:
    """One renumbering: what it would change as things stand now, or that it is published or discarded."""
    return _proposal_page(request, _proposal(request, slug, renumbering_id))


def _proposal_page(
    request: HttpRequest, proposal: Renumbering, refused: list[Fault] | None = None, sentence: str = ""
) -> HttpResponse:
    plan = proposing.plan_of(proposal, today=localdate()) if proposal.is_waiting else None
    context = {
        "is_approver": access.may_approve(request.user, proposal.partnership),
        "may_publish": _may_publish(request, proposal),
        "moved": [] if plan else _moved(proposal),
        "refused": refused or [],
        "sentence": sentence,
    }
    status = 409 if refused or sentence else 200
    return _plan_page(request, "editing/renumbering_proposal.html", proposal, plan, context, status=status)


def _moved(proposal: Renumbering) -> list[tuple[str, str, str]]:
    """The slug, new number and title of each section that was to move."""
    titles = {slug: title for _, slug, title in numbered_sections(proposal.partnership, localdate())}
    return [(slug, number, titles.get(slug, slug)) for slug, number in proposal.in_order]


@require_POST
@signed_in
def publish_renumbering(request: HttpRequest, slug: str, renumbering_id: int) -> HttpResponse:
    """Publish a renumbering, if it is still the one that the approver has seen."""
    proposal = _proposal(request, slug, renumbering_id, Role.APPROVER)
    if not _may_publish(request, proposal):
        raise PermissionDenied("Whoever proposed a renumbering leaves it to somebody else to publish it.")
    plan = proposing.plan_of(proposal, today=localdate())
    if proposal.is_waiting and request.POST.get("digest") != plan.digest:
        return _proposal_page(request, proposal, sentence=CHANGED)
    assert request.user.is_authenticated
    try:
        proposing.publish(proposal, plan, by=request.user, now=now(), today=localdate())
    except (NotPossible, NotMovable) as refusal:
        messages.error(request, str(refusal))
    except Refused as refusal:
        return _proposal_page(request, proposal, refusal.faults)
    else:
        messages.success(request, "The renumbering has been published. Everybody whose texts it changes has been told.")
    return redirect("renumbering_proposal", slug, proposal.pk)


@require_POST
@signed_in
def discard_renumbering(request: HttpRequest, slug: str, renumbering_id: int) -> HttpResponse:
    """Put a proposal away; nothing changes."""
    proposal = _proposal(request, slug, renumbering_id)
    assert request.user.is_authenticated
    try:
        proposing.discard(proposal, by=request.user, now=now())
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("renumbering_proposal", slug, proposal.pk)
    messages.success(request, "The renumbering has been discarded. No number changes.")
    return redirect("renumbering", slug)


def _proposal(request: HttpRequest, slug: str, renumbering_id: int, *roles: Role) -> Renumbering:
    partnership = partnership_where(request.user, slug, *(roles or EDITORS))
    stored = Renumbering.objects.select_related("partnership", "proposed_by", "published_by")
    return get_object_or_404(stored, pk=renumbering_id, partnership=partnership)


def _may_publish(request: HttpRequest, proposal: Renumbering) -> bool:
    return access.may_agree(request.user, proposal.partnership, [proposal.proposed_by_id])
