"""A partnership's documents as its authors and approvers keep them: /workspace/<partnership>/documents/."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import Role, partnership_where, signed_in
from partnerships.models import Partnership
from partnerships.workspace_nav import navigation
from procedures.documents import Details, add, change, replace, title_from
from procedures.editing.document_forms import DetailsForm, ImageForm, NewDocumentForm, ReplacementForm
from procedures.models import Document, DocumentFile
from procedures.uploads.refusal import UploadRefused

require_form = require_http_methods(["GET", "HEAD", "POST"])

WRITERS = (Role.AUTHOR, Role.APPROVER)


@require_safe
@signed_in
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    """Every document of the partnership, with its newest file and its review date."""
    partnership = partnership_where(request.user, slug, *WRITERS)
    newest_first = Prefetch("files", DocumentFile.objects.newest_first(), to_attr="newest_first")
    found = partnership.documents.prefetch_related(newest_first)
    return render(
        request,
        "editing/documents.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "documents"),
            "documents": [(document, document.newest_first[0], document.is_overdue(localdate())) for document in found],
        },
    )


@require_form
@signed_in
def new_document(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a document with its first file."""
    partnership = partnership_where(request.user, slug, *WRITERS)
    form = NewDocumentForm(*_sent(request), today=localdate())
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        made = add(partnership, form.details, upload, by=request.user, at=now(), today=localdate())
        messages.success(request, f"“{made.title}” has been added. Texts link it as document:{made.slug}.")
        return redirect("edit_document", slug, made.slug)
    return render(
        request,
        "editing/new_document.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "documents"),
            "form": form,
        },
    )


@require_form
@signed_in
def edit_document(request: HttpRequest, slug: str, document: str) -> HttpResponse:
    """One document: all its files, and its title, owner and review date to change."""
    partnership = partnership_where(request.user, slug, *WRITERS)
    kept = _document(partnership, document)
    form = DetailsForm(*_sent(request)[:1], document=kept, today=localdate())
    if request.method == "POST" and form.is_valid():
        if change(kept, form.details, by=request.user, at=now()):
            messages.success(request, f"The details of “{form.details.title}” have been changed.")
        return redirect("edit_document", slug, kept.slug)
    files = list(kept.files.newest_first())
    return render(
        request,
        "editing/document.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "documents"),
            "document": kept,
            "overdue": kept.is_overdue(localdate()),
            "files": files,
            "link": _link_to(kept, is_image=files[0].kind.is_image),
            "form": form,
        },
    )


@require_form
@signed_in
def replace_document(request: HttpRequest, slug: str, document: str) -> HttpResponse:
    """Give a document a new file; the old ones stay."""
    partnership = partnership_where(request.user, slug, *WRITERS)
    kept = _document(partnership, document)
    form = ReplacementForm(*_sent(request))
    if request.method == "POST" and form.is_valid():
        upload, note = form.cleaned_data["file"], form.cleaned_data["note"]
        try:
            replace(kept, upload, note=note, by=request.user, at=now(), today=localdate())
        except UploadRefused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, f"“{kept.title}” is now {upload.name}. Texts lead to it from today on.")
            return redirect("edit_document", slug, kept.slug)
    return render(
        request,
        "editing/replace_document.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "documents"),
            "document": kept,
            "form": form,
        },
    )


@require_POST
@signed_in
def upload_image(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a picture that was dropped into the editor, and answer with what shows it in a text, or why not.

    The answer is what markdownx's script reads: {"image_code": …}, or {"image_error": …} with 400.
    """
    partnership = partnership_where(request.user, slug, *WRITERS)
    form = ImageForm(*_sent(request))
    if not form.is_valid():
        return JsonResponse({"image_error": " ".join(map(str, form.errors["image"]))}, status=400)
    upload = form.cleaned_data["image"]
    details = Details(title_from(upload.name))
    made = add(partnership, details, upload, by=request.user, at=now(), today=localdate())
    return JsonResponse({"image_code": f"![](document:{made.slug})"})


def _sent(request: HttpRequest) -> tuple:
    """What a form takes of the request: nothing when it is only shown."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _document(partnership: Partnership, slug: str) -> Document:
    return get_object_or_404(partnership.documents, slug=slug)


def _link_to(document: Document, *, is_image: bool) -> str:
    """What an author writes to link the document in a text, or to show it."""
    return (
        f"![What it shows](document:{document.slug})" if is_image else f"[{document.title}](document:{document.slug})"
    )
