"""What authors fill in for documents, and the field that takes a file."""

from datetime import date
from typing import Any

from django import forms

from procedures.checks import CONTROL, control_message
from procedures.documents import Details
from procedures.editing.days import DayField
from procedures.models import Document
from procedures.models.version import tidy_line
from procedures.uploads.checking import LARGEST, check, too_large
from procedures.uploads.kinds import KINDS, TAKEN
from procedures.uploads.refusal import UploadRefused

WHICH = f"{TAKEN[0].upper()}{TAKEN[1:]}, of at most {LARGEST // 1_000_000} MB."
ENDINGS = ",".join(f".{ending}" for kind in KINDS.values() for ending in kind.endings)


class LineField(forms.CharField):
    """One line of text, its white space folded."""

    def to_python(self, value: Any) -> str:
        return tidy_line(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if control := CONTROL.search(value):
            raise forms.ValidationError(control_message(control[0]))


class UploadField(forms.FileField):
    """A file as `procedures.uploads.checking` takes it: its value is a Checked."""

    default_error_messages = {"required": "Choose a file."}
    widget = forms.FileInput(attrs={"accept": ENDINGS})

    def __init__(self, *, images_alone: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.images_alone = images_alone

    def to_python(self, data: Any) -> Any:
        """The uploaded file as a Checked; None when none was chosen."""
        if data is None:
            return None
        name = getattr(data, "sent_name", "") or data.name or ""
        try:
            if getattr(data, "is_too_large", False):
                raise too_large(data.name or "The file", data.size or 0)
            return check(data.read(), name, images_alone=self.images_alone)
        except UploadRefused as refused:
            raise forms.ValidationError(str(refused)) from refused


class DetailsForm(forms.Form):
    """What is said of a document beside its files."""

    title = LineField(
        label="Title",
        help_text="What readers know it by, such as Multi-agency referral form.",
        max_length=200,
        error_messages={"required": "Enter a title."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    owner = LineField(
        label="Who keeps it up to date",
        help_text="A role rather than a name, such as Front door manager. Readers see it.",
        max_length=120,
        error_messages={"required": "Enter the role of whoever keeps it up to date."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    review_date = DayField(
        label="Review date",
        help_text="The day by which somebody looks whether it is still right.",
        error_messages={"required": "Enter the day by which it is next looked at."},
    )

    def __init__(self, *args: Any, document: Document | None = None, today: date, **kwargs: Any) -> None:
        if document:
            names = ("title", "owner", "review_date")
            kwargs["initial"] = {name: getattr(document, name) for name in names}
        super().__init__(*args, **kwargs)
        self.today, self.before = today, document.review_date if document else None

    def clean_review_date(self) -> date:
        day = self.cleaned_data["review_date"]
        if day < self.today and day != self.before:
            raise forms.ValidationError("The review date lies in the past. Enter today or a later day.")
        return day

    @property
    def details(self) -> Details:
        """What a valid form says."""
        return Details(**{name: self.cleaned_data[name] for name in ("title", "owner", "review_date")})


class NewDocumentForm(DetailsForm):
    """A document and its first file."""

    field_order = ("file",)

    file = UploadField(label="File", help_text=WHICH)


class ReplacementForm(forms.Form):
    """A document's next file, and what changed."""

    file = UploadField(label="New file", help_text=WHICH)
    note = LineField(
        label="What changed",
        help_text="One sentence for readers. The file before this one stays where texts of its days lead to it.",
        max_length=500,
        error_messages={"required": "Say what changed."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ImageForm(forms.Form):
    """A picture that is dropped into a text."""

    image = UploadField(images_alone=True)
