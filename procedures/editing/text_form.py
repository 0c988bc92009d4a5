"""The form in which a draft's text is written."""

from copy import copy
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import MarkdownxWidget

from partnerships.models import Partnership
from procedures.editing.days import DayField
from procedures.editing.models import Draft
from procedures.models import Version
from procedures.numbering import is_number

ChangeKind = Version.ChangeKind


class TextWidget(MarkdownxWidget):
    """django-markdownx's text box, which asks this draft's own addresses for its preview and for uploads.

    Those that the package brings along answer anybody, and are not among the site's.
    """

    template_name = "django/forms/widgets/textarea.html"  # its preview stands elsewhere on the page

    def __init__(self, *, preview_url: str, images_url: str) -> None:
        super().__init__({"class": "govuk-textarea markdownx-editor", "rows": 28, "spellcheck": "true"})
        self.urls = {"data-markdownx-urls-path": preview_url, "data-markdownx-upload-urls-path": images_url}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= self.urls
        return context


class TextForm(forms.Form):
    """What a draft says, when, and why. `revision` is the one that the editor began from.

    Only what could never be kept is refused here: an unfinished draft may be saved. What else keeps it from being
    published is among its faults (`procedures.checks`).
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="Title", max_length=200, required=False)
    number = forms.CharField(
        label="Number",
        help_text="Such as 3.7",
        max_length=15,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    body = MarkdownxFormField(label="Text", required=False, strip=False)
    change_kind = forms.ChoiceField(
        label="What kind of change is it?",
        choices=[
            (ChangeKind.MAJOR, "Major: readers must be told"),
            (ChangeKind.MINOR, "Minor: wording or spelling; nothing that anybody does changes"),
        ],
        widget=forms.RadioSelect,
    )
    change_note = forms.CharField(
        label="Change note",
        help_text="What changed and why, in a sentence or two for readers. Only a minor change may go without one.",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    effective_date = DayField(
        label="When should it take effect?",
        help_text="You can leave this open: the day is settled when it is published.",
        required=False,
    )
    review_date = DayField(
        label="Next review", help_text="The day by which somebody looks at this text again.", required=False
    )

    def __init__(self, data: QueryDict | None = None, *, draft: Draft) -> None:
        version = draft.version
        kind = ChangeKind.MINOR if version.change_kind == ChangeKind.MINOR else ChangeKind.MAJOR
        names = ("title", "number", "body", "change_note", "effective_date", "review_date")
        initial = {name: getattr(version, name) for name in names}
        super().__init__(data, initial=initial | {"change_kind": kind, "revision": draft.revision})
        place = (version.partnership.slug, version.pk)
        self.fields["body"].widget = TextWidget(
            preview_url=reverse("preview_draft", args=place),
            images_url=reverse("upload_image", args=[version.partnership.slug]),
        )
        if not has_number(version):
            del self.fields["number"]
            self.fields["title"].help_text = "A local addition needs none: it stands under the regional title."
        if version.withdrawn:
            self.fields["body"].label = "What stands in its place"

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].strip()
        if number and not is_number(number):
            raise forms.ValidationError(f"“{number}” is not a section number such as 3.7 or 2.10.")
        return number

    def clean_body(self) -> str:
        return with_line_feeds(self.cleaned_data["body"])

    def clean_change_note(self) -> str:
        return with_line_feeds(self.cleaned_data["change_note"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("number") and not values.get("title", "-").strip():
            self.add_error("title", f"Section {values['number']} needs a title.")
            values.pop("number")
        begins, review = values.get("effective_date"), values.get("review_date")
        if begins and review and review < begins:
            self.add_error("review_date", "The review date lies before the day on which the text takes effect.")
            values.pop("effective_date")
        return values

    def applied_to(self, version: Version) -> Version:
        """A copy of the version, never to be saved, with what is valid in this form."""
        changed = copy(version)
        for name, value in self.values.items():
            setattr(changed, name, value)
        return changed

    @property
    def values(self) -> dict[str, Any]:
        """What is valid in the form, by the name of the version's field."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


def with_line_feeds(text: str) -> str:
    """The text with line feeds alone between its lines; browsers send carriage returns as well."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def has_number(version: Version) -> bool:
    """Whether the draft's text has a number of its own: it is the region's or a local procedure."""
    return version.partnership.kind == Partnership.Kind.REGION or version.written_against_id is None
