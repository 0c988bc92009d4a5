"""`/3.1`: the section that bears a number on the day, or bore it before."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from procedures.models import Version
from procedures.numbering import is_number
from procedures.pages import NotHere, in_words, reading_page
from procedures.viewpoint import Viewpoint


@reading_page(kept=False)
def by_number(request: HttpRequest, viewpoint: Viewpoint, number: str) -> HttpResponse:
    """Redirects to the section that bears the number on the day; an old number leads on with a notice."""
    number = number.rstrip(".")
    if is_number(number):
        bears = viewpoint.versions().filter(number=number)
        slug = bears.order_by("pk").values_list("section__slug", flat=True).first()
        if slug:
            return HttpResponseRedirect(viewpoint.section_url(slug))
        slug = _last_bearer(viewpoint, number)
        if slug:
            return HttpResponseRedirect(f"{viewpoint.section_url(slug)}?{urlencode({'formerly': number})}")
    message = f"No section bears the number {number[:20]} on {in_words(viewpoint.effective_day)}."
    raise NotHere(message, viewpoint)


def _last_bearer(viewpoint: Viewpoint, number: str) -> str | None:
    """The slug of the section that bore the number last before the day."""
    bore = Version.objects.of(viewpoint.scope).last_to_bear(number, viewpoint.effective_day)
    return bore.values_list("section__slug", flat=True).first()
