"""What editors fill in to give sections other numbers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from partnerships.models import Partnership
from procedures.editing.days import DayField
from procedures.editing.models import Renumbering
from procedures.models import Version
from procedures.numbering import is_number, parent, sort_key
from procedures.renumbering import gaps_closed


def numbered_sections(partnership: Partnership, today: date) -> list[tuple[str, str, str]]:
    """The number, slug and title of every numbered section of the partnership in force today, by number."""
    own = Version.objects.of([partnership.pk]).in_force(today).exclude(number="")
    rows = own.values_list("number", "section__slug", "title")
    return sorted(rows, key=lambda row: sort_key(row[0]))


def gaps(sections: list[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    """The new numbers that close the gaps, by slug, for each place under which there are gaps."""
    numbers = {slug: number for number, slug, _ in sections}
    under = {parent(number): gaps_closed(numbers, parent(number)) for number in numbers.values()}
    return {place: moves for place, moves in sorted(under.items()) if place and moves}


class RenumberingForm(forms.Form):
    """The day and the note that both kinds of renumbering have. `sections` is what `numbered_sections` gives."""

    effective_date = DayField(label="The day from which the new numbers hold")
    note = forms.CharField(
        label="Why the numbers change",
        help_text="For readers. It stands with each section that gets another number.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why the numbers change."},
    )

    def __init__(self, *args: Any, sections: list[tuple[str, str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections, self.today = sections, today

    def clean_effective_date(self) -> date:
        day = self.cleaned_data["effective_date"]
        if day < self.today:
            raise forms.ValidationError("This day lies in the past. The earliest possible day is today.")
        return day

    @property
    def moves(self) -> Mapping[str, str]:
        """The new number of each section that is to move, by slug; of a valid form."""
        raise NotImplementedError

    def proposal(self, partnership: Partnership) -> Renumbering:
        """The proposal that a valid form describes, unsaved."""
        return Renumbering(
            partnership=partnership,
            moves=dict(self.moves),
            makes_room=self.cleaned_data.get("makes_room", False),
            effective_date=self.cleaned_data["effective_date"],
            note=self.cleaned_data["note"],
        )


class MoveForm(RenumberingForm):
    """One section to another number."""

    section = forms.ChoiceField(label="Section", error_messages={"required": "Choose the section that is to move."})
    number = forms.CharField(
        label="New number",
        help_text="Such as 2.11. What stands under the section moves with it.",
        max_length=15,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
        error_messages={"required": "Enter the new number, such as 2.11."},
    )
    makes_room = forms.BooleanField(
        label="Make room",
        help_text="Where the number is taken, the section that bears it and those after it move up by one.",
        required=False,
        initial=True,
    )
    field_order = ["section", "number", "makes_room", "effective_date", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(slug, f"{number} {title}") for number, slug, title in self.sections]
        self.fields["section"].choices = [("", "Choose a section"), *choices]  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].strip()
        if not is_number(number):
            raise forms.ValidationError(f"“{number}” is not a section number such as 3.7 or 2.10.")
        return number

    @property
    def moves(self) -> Mapping[str, str]:
        return {self.cleaned_data["section"]: self.cleaned_data["number"]}


class GapsForm(RenumberingForm):
    """All sections under one number, counted from 1 without a gap."""

    under = forms.ChoiceField(
        label="Where",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where the gaps are to be closed."},
    )
    field_order = ["under", "effective_date", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gaps = gaps(self.sections)
        self.fields["under"].choices = [(under, self._label(under)) for under in self.gaps]  # type: ignore[attr-defined]

    def _label(self, under: str) -> str:
        numbers = {slug: number for number, slug, _ in self.sections}
        first = min((numbers[slug] for slug in self.gaps[under]), key=sort_key)
        count = len(self.gaps[under])
        place = f"Section {under}" if "." in under else f"Part {under}"
        return f"{place}: from {first} on, " + ("1 section moves up" if count == 1 else f"{count} sections move up")

    @property
    def moves(self) -> Mapping[str, str]:
        return self.gaps[self.cleaned_data["under"]]
