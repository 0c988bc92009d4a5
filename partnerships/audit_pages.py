"""The audit log as managers read it, /workspace/<partnership>/audit/, and take it away, audit.csv."""

import csv
from collections.abc import Iterable, Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name, localtime
from django.views.decorators.http import require_safe

from partnerships.access import Role, partnership_where, signed_in
from partnerships.audit import AuditEntry
from partnerships.forms import AuditFilterForm
from partnerships.workspace_nav import navigation

PAGE_LENGTH = 50


@require_safe
@signed_in
def audit(request: HttpRequest, slug: str) -> HttpResponse:
    """The log's entries, newest first: all of them or those of a person, an action, a period."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    entries = AuditEntry.objects.filter(partnership=partnership)
    form = AuditFilterForm(request.GET, people=entries.people())
    pages = Paginator(entries.where(**form.chosen()).newest_first(), PAGE_LENGTH)
    page = pages.get_page(request.GET.get("page"))
    return render(
        request,
        "partnerships/audit.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "audit"),
            "form": form,
            "is_filtered": any(form.chosen().values()),
            "entries": page.object_list,
            "count": pages.count,
            "csv_url": _with_choice(reverse("audit_csv", args=[slug]), request, None),
            "pages": {
                "number": page.number,
                "count": pages.num_pages,
                "previous_url": _with_choice("", request, page.number - 1) if page.has_previous() else "",
                "next_url": _with_choice("", request, page.number + 1) if page.has_next() else "",
            },
        },
    )


def _with_choice(url: str, request: HttpRequest, page: int | None) -> str:
    """An address with what is chosen in the form, and a page of it."""
    choice = request.GET.copy()
    choice.pop("page", None)
    if page:
        choice["page"] = str(page)
    return f"{url}?{choice.urlencode()}" if choice else url


@require_safe
@signed_in
def audit_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The same entries as a file for a spreadsheet; back to the page where the choice makes no sense."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    entries = AuditEntry.objects.filter(partnership=partnership)
    form = AuditFilterForm(request.GET, people=entries.people())
    if not form.is_valid():
        return redirect(_with_choice(reverse("audit", args=[slug]), request, None))
    chosen = entries.where(**form.chosen()).newest_first()
    response = StreamingHttpResponse(_lines(_rows(chosen)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-log-{slug}.csv"'
    return response


def _rows(entries: Iterable[AuditEntry]) -> Iterator[list[object]]:
    yield [
        "Entry", f"When ({get_current_timezone_name()})", "Who", "Account", "What", "About", "Section", "Version",
        "Detail", "Digest",
    ]  # fmt: skip
    for entry in entries.iterator(chunk_size=500):  # type: ignore[attr-defined]
        yield [
            entry.number, localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"), entry.person, entry.person_id,
            entry.get_action_display(), entry.about, entry.section, entry.version_id, entry.detail, entry.digest,
        ]  # fmt: skip


class _Line:
    """A file for the csv module that gives back what it is given."""

    def write(self, text: str) -> str:
        return text


def _lines(rows: Iterable[list[object]]) -> Iterator[str]:
    """CSV (RFC 4180) that Excel opens as UTF-8, by its byte order mark, and in which no cell is a formula."""
    yield "\ufeff"
    writer = csv.writer(_Line())
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: object) -> object:
    """Text that a spreadsheet would take for a formula, with an apostrophe before it (OWASP, CSV injection)."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")):
        return f"'{cell}"
    return cell
