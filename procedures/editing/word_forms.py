"""What editors fill in for the search's synonyms and best bets, and the fields that its words need."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Field

from procedures.checks import CONTROL, control_message
from procedures.editing.document_forms import LineField
from procedures.editing.known_sections import KnownSections
from procedures.models import BestBet, Section, Synonym
from procedures.models.glossary import MOST_SECTIONS
from procedures.models.word_list import tidy_words

LONGEST_TEXT = 10_000  # characters; far more than a list can have


class LinesField(forms.CharField):
    """A list of words or short phrases, one a line; its value is the list as it is kept."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(widget=widget, initial=list, max_length=LONGEST_TEXT, strip=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return tidy_words(str(value or "").splitlines())

    def validate(self, value: Any) -> None:
        super().validate(value)
        if control := CONTROL.search("\n".join(value)):
            raise ValidationError(control_message(control[0]))

    def run_validators(self, value: Any) -> None:
        super().run_validators("\n".join(value))


class SectionLinesField(LinesField):
    """Sections, one a line, each as `KnownSections.slug_of` understands it; its value is a list of slugs.

    `known` is given by the form.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known = KnownSections({}, frozenset())
        self.widget.attrs["data-find-section"] = "lines"

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(self.known.labels(value) if isinstance(value, list) else value)

    def clean(self, value: Any) -> list[str]:
        slugs, messages = [], []
        for line in super().clean(value):
            try:
                slugs.append(self.known.slug_of(line))
            except ValidationError as error:
                messages += error.messages
        if len(slugs) > MOST_SECTIONS:
            messages.append(f"These are {len(slugs)} sections; it can be {MOST_SECTIONS}. Name the main ones.")
        if messages:
            raise ValidationError(messages)
        return list(dict.fromkeys(slugs))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != self.known.labels(initial or [])


class SectionField(LineField):
    """One section, as `KnownSections.slug_of` understands it; its value is the Section."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "data-find-section": "one"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=300, **kwargs)
        self.known = KnownSections({}, frozenset())

    def clean(self, value: Any) -> Section:
        return Section.objects.get(slug=self.known.slug_of(super().clean(value)))


class WordForm(forms.ModelForm):
    """A form for one of a partnership’s words. It checks all that a row must keep, for its partnership too."""

    told_at: str  # the field at which is said what constraints find wrong

    def __init__(self, *args: Any, sections: KnownSections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, SectionField | SectionLinesField):
                field.known = sections

    def full_clean(self) -> None:
        super().full_clean()
        is_left_empty = self.empty_permitted and not self.has_changed()
        if self.is_bound and not self.errors and not is_left_empty:
            not_known_yet = {field.name for field in self._meta.model._meta.fields if self._is_unset(field)}
            try:
                self.instance.validate_constraints(exclude=not_known_yet)
            except ValidationError as error:
                self.add_error(self.told_at, error.messages)

    def _is_unset(self, field: Field) -> bool:
        return getattr(self.instance, field.attname) is None


def _note() -> LineField:
    return LineField(
        label="Why (optional)",
        help_text="For other editors. Readers do not see it.",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SynonymForm(WordForm):
    """Words that people type, and those that are searched for as well."""

    typed = LinesField(
        label="When somebody searches for",
        help_text="Any of these words or phrases, one on each line, such as beaten.",
        error_messages={"required": "Enter what people type, one word or phrase on each line."},
    )
    sought = LinesField(
        label="Also look for",
        help_text="The words that the texts use, one on each line, such as physical abuse.",
        error_messages={"required": "Enter what is to be looked for as well, one word or phrase on each line."},
    )
    both_ways = forms.BooleanField(
        label="And the other way round",
        help_text="Whoever searches for the second finds the first, too.",
        required=False,
    )
    note = _note()

    told_at = "typed"

    class Meta:
        model = Synonym
        fields = ("typed", "sought", "both_ways", "note")


class BestBetForm(WordForm):
    """Searches, and the section that stands first for them."""

    queries = LinesField(
        label="For these searches",
        help_text="Each as a whole, as people type it, one on each line, such as contact details.",
        error_messages={"required": "Enter what people search for, one search on each line."},
    )
    section = SectionField(
        label="Show this section first",
        help_text="Its number, such as 3.1, or its title.",
        error_messages={"required": "Name the section that is to stand first."},
    )
    note = _note()

    told_at = "section"

    class Meta:
        model = BestBet
        fields = ("queries", "section", "note")

    def __init__(self, *args: Any, sections: KnownSections, **kwargs: Any) -> None:
        super().__init__(*args, sections=sections, **kwargs)
        if self.instance.section_id:
            held = self.instance.section.slug
            self.initial["section"] = sections.label(held)
            self.fields["section"].known = sections.with_held([held])  # type: ignore[attr-defined]
