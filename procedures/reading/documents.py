"""The library, `/documents/`: forms, charts and leaflets, each with its file of the day and all that came before."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from procedures.models import Document, DocumentFile
from procedures.pages import NotHere, in_words, reading_page, render_page
from procedures.reading.notices import Notice, notice
from procedures.viewpoint import Viewpoint


@reading_page()
def documents(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every document that is seen from here and that existed on the day, by whose it is."""
    files = DocumentFile.objects.on(viewpoint.effective_day).select_related("document")
    rows = list(files.filter(document__partnership_id__in=viewpoint.scope).order_by("document__title", "document"))
    shelves = []
    for partnership_id in reversed(viewpoint.scope):
        owner = viewpoint.directory.by_id(partnership_id)
        own = [_listed(viewpoint, file) for file in rows if file.document.partnership_id == partnership_id]
        if own:
            shelves.append({"id": owner.slug, "name": owner.name, "documents": own})
    return render_page(request, viewpoint, "reading/documents.html", {"shelves": shelves})


@reading_page()
def document(request: HttpRequest, viewpoint: Viewpoint, slug: str) -> HttpResponse:
    """One document: its file of the day to open, and all its files with the days from which they counted."""
    found, files = _seen(viewpoint, slug)
    now = _on(files, viewpoint)
    context = {
        "document": {"title": found.title, "slug": slug, "is_image": files[0].kind.is_image},
        "file": _file(now, viewpoint) if now else None,
        "files": [_file(file, viewpoint) | {"is_current": file == now} for file in files],
        "facts": _facts(found, viewpoint),
        "notices": [] if now else [_not_yet(found, files, viewpoint)],
        "breadcrumbs": [("Home", viewpoint.home_url), ("Documents", viewpoint.documents_url)],
    }
    return render_page(request, viewpoint, "reading/document.html", context, indexable=now is not None)


@reading_page()
def file_of_day(request: HttpRequest, viewpoint: Viewpoint, slug: str) -> HttpResponse:
    """Leads to the document's file of the day, for pictures in texts; NotHere on a day before its first."""
    found, files = _seen(viewpoint, slug)
    now = _on(files, viewpoint)
    if now is None:
        raise NotHere(_not_yet(found, files, viewpoint)["text"], viewpoint, _links(viewpoint))
    return HttpResponseRedirect(now.get_absolute_url())


def _seen(viewpoint: Viewpoint, slug: str) -> tuple[Document, list[DocumentFile]]:
    """A document that is seen from here, and its files, newest first; NotHere when there is none or it is another's."""
    found = Document.objects.filter(slug=slug).first()
    if found is None:
        raise NotHere(f"This manual has no document “{slug}”.", viewpoint, _links(viewpoint))
    if found.partnership_id not in viewpoint.scope:
        owner = viewpoint.directory.by_id(found.partnership_id)
        message = f"This document is one of {owner.name}, and is no part of what you are reading."
        there = viewpoint.seen_by(owner).url("document", slug)
        raise NotHere(message, viewpoint, ((f"See it for {owner.short_name}", there),))
    return found, list(found.files.newest_first())


def _on(files: list[DocumentFile], viewpoint: Viewpoint) -> DocumentFile | None:
    return next((file for file in files if file.added_on <= viewpoint.effective_day), None)


def _not_yet(found: Document, files: list[DocumentFile], viewpoint: Viewpoint) -> Notice:
    first = files[-1].added_on
    text = (
        f"On {in_words(viewpoint.effective_day)} there was no “{found.title}” yet: it was added on {in_words(first)}."
    )
    is_coming = first > viewpoint.today
    there = viewpoint.at(first if is_coming else None).url("document", found.slug)
    return notice("future", text, there, f"The document on {in_words(first)}" if is_coming else "The document today")


def _links(viewpoint: Viewpoint) -> tuple[tuple[str, str], ...]:
    return (("All documents", viewpoint.documents_url),)


def _listed(viewpoint: Viewpoint, file: DocumentFile) -> dict[str, Any]:
    document = file.document
    return _file(file, viewpoint) | {"title": document.title, "page_url": viewpoint.url("document", document.slug)}


def _file(file: DocumentFile, viewpoint: Viewpoint) -> dict[str, Any]:
    """A file as templates show it."""
    return {
        "url": file.get_absolute_url(),
        "name": file.file_name,
        "kind": file.kind.label,
        "size": file.size,
        "from": file.added_on,
        "note": file.note,
        "is_coming": file.added_on > viewpoint.today,
    }


def _facts(found: Document, viewpoint: Viewpoint) -> list[dict[str, str]]:
    """Whose the document is, who keeps it, and when it is next looked at."""
    owner = viewpoint.directory.by_id(found.partnership_id)
    facts = [("Published by", owner.name), ("Kept up to date by", found.owner)]
    if found.review_date:
        overdue = ", now overdue" if viewpoint.day is None and found.is_overdue(viewpoint.today) else ""
        facts.append(("Next review", in_words(found.review_date) + overdue))
    return [{"term": term, "description": description, "url": ""} for term, description in facts if description]
