"""What editors fill in, but for the text itself (`procedures.editing.editor`)."""

import re
from datetime import date
from typing import Any

from django import forms

from procedures.editing.days import DayField
from procedures.models import Section
from procedures.numbering import is_number

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class NewSectionForm(forms.Form):
    """A section that the manual does not have yet."""

    title = forms.CharField(label="Title", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    number = forms.CharField(
        label="Number",
        help_text="Such as 3.7. It stands under the part that its first figure names, and can be changed later.",
        max_length=15,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
    )
    slug = forms.CharField(
        label="Name in the address",
        help_text="Small letters, digits and hyphens, such as bruising-in-babies. It stands in the section’s address "
        "and can never be changed.",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].strip()
        if not is_number(number):
            raise forms.ValidationError(f"“{number}” is not a section number such as 3.7 or 2.10.")
        return number

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].strip()
        if not SLUG.fullmatch(slug):
            raise forms.ValidationError("Use small letters, digits and single hyphens, such as bruising-in-babies.")
        if Section.objects.filter(slug=slug).exists():
            raise forms.ValidationError(f"There is a section “{slug}” already. Choose another name.")
        return slug


class WordsForm(forms.Form):
    """Something said: a comment, what is to be changed, why a text is called back."""

    text = forms.CharField(
        label="Comment",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write a sentence or two."},
    )

    def __init__(self, *args: Any, label: str = "", help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label or self.fields["text"].label
        self.fields["text"].help_text = help_text


class PublishForm(forms.Form):
    """When an approved draft takes effect."""

    when = forms.ChoiceField(
        label="When does it take effect?",
        choices=[("today", "Today, as soon as it is published"), ("later", "On a later day")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say when it takes effect."},
    )
    day = DayField(label="On which day?", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("when") == "later" and "day" not in self.errors:
            if values.get("day") is None:
                self.add_error("day", "Enter the day on which it takes effect.")
            elif values["day"] <= self.today:
                self.add_error("day", "This is not a later day. To publish it now, choose “Today”.")
        return values

    @property
    def effective_date(self) -> date:
        """The day that was chosen; of a valid form."""
        return self.today if self.cleaned_data["when"] == "today" else self.cleaned_data["day"]


class ReleaseForm(forms.Form):
    """What a release is called, what readers are told, and its day."""

    name = forms.CharField(label="Name", help_text="For your desk, such as Spring 2027 review.", max_length=120)
    note = forms.CharField(
        label="Change note",
        help_text="What changed and why, for readers. It stands in every text of the release.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    effective_date = DayField(label="The day on which it takes effect")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_effective_date(self) -> date:
        day = self.cleaned_data["effective_date"]
        if day < self.today:
            raise forms.ValidationError("This day lies in the past. The earliest possible day is today.")
        return day


class CallBackForm(WordsForm):
    """Why a scheduled text is called back, and whether all that was published with it is."""

    together = forms.ChoiceField(
        label="What is to be called back?",
        choices=[("all", "All that was published together with it"), ("one", "Only this text")],
        widget=forms.RadioSelect,
        initial="all",
    )

    def __init__(self, *args: Any, is_one_of_several: bool, **kwargs: Any) -> None:
        super().__init__(*args, label="Why is it called back?", help_text="For the record and for readers.", **kwargs)
        self.order_fields(["together", "text"])
        if not is_one_of_several:
            del self.fields["together"]
