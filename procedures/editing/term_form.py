"""What editors fill in for a term of the glossary: its name, and each thing that it stands for."""

from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME

from procedures.checks import CONTROL, control_message
from procedures.editing.document_forms import LineField
from procedures.editing.known_sections import KnownSections
from procedures.editing.word_forms import LinesField, SectionLinesField, WordForm
from procedures.models import Sense, Term
from procedures.models.glossary import MOST_SENSES


def _line(**kwargs: Any) -> LineField:
    return LineField(required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)


class SenseForm(WordForm):
    """One thing that a term stands for."""

    meaning = _line(
        label="What it stands for",
        help_text="In full, such as multi-agency safeguarding hub. Leave it empty for a word that is no abbreviation.",
    )
    definition = forms.CharField(
        label="Definition",
        help_text="One or two sentences of plain English.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say in a sentence or two what the term means."},
    )
    other_names = LinesField(
        label="Other names", help_text="What else people call it, one on each line.", required=False
    )
    sections = SectionLinesField(
        label="Sections about it",
        help_text="The main one first, one on each line: the number, such as 3.1, or the title.",
        required=False,
    )
    is_retired = forms.BooleanField(
        label="A word that is no longer used",
        help_text="It is still found, and the glossary says what is said instead.",
        required=False,
    )
    retired_note = _line(label="Since when", help_text="Only for a word no longer used, such as since September 2019.")
    replaced_by = LinesField(
        label="What replaced it",
        help_text="Only for a word no longer used. Terms of the glossary or plain words, one on each line.",
        required=False,
        rows=2,
    )

    told_at = "definition"

    class Meta:
        model = Sense
        fields = ("meaning", "definition", "other_names", "is_retired", "retired_note", "replaced_by")

    own = ("meaning", "definition", "other_names", "sections")
    retiring = ("is_retired", "retired_note", "replaced_by")
    field_order = (*own, *retiring)

    def clean_definition(self) -> str:
        if control := CONTROL.search(" ".join(self.cleaned_data["definition"].split())):
            raise forms.ValidationError(control_message(control[0]))
        return self.cleaned_data["definition"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("retired_note") and not values.get("is_retired"):
            message = "Only a word that is no longer used has this. Tick the box above, or take this away."
            self.add_error("retired_note", message)
        return values

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """What is filled in of every sense."""
        return [self[name] for name in self.own]

    @property
    def retiring_fields(self) -> list[forms.BoundField]:
        """What is filled in of a word that is no longer used."""
        return [self[name] for name in self.retiring]

    @property
    def is_about_retiring(self) -> bool:
        """Whether one of these says something, or is to be mended."""
        return any(field.value() or field.errors for field in self.retiring_fields)

    @property
    def is_opened(self) -> bool:
        """Whether somebody has begun to fill it in, or has to mend it."""
        return bool(self.errors) or (self.is_bound and self.has_changed())


class _SenseForms(forms.BaseFormSet):
    """The senses of a term: those it has, and an empty one for the next."""

    default_error_messages = {
        "too_many_forms": f"A term has at most {MOST_SENSES} senses. Remove one first.",
        "missing_management_form": "Your browser did not send the whole form. Open the page again.",
    }

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[ORDERING_FIELD_NAME].label = "Place among the senses"
        form.fields[ORDERING_FIELD_NAME].error_messages["invalid"] = "Enter a whole number, such as 1."
        form.fields[DELETION_FIELD_NAME].label = "Remove this sense"

    def clean(self) -> None:
        if self.forms and not self.kept:
            raise forms.ValidationError("A term has at least one sense. To be rid of the term, delete it.")
        met: set[str] = set()
        for form in self.kept:
            meaning = form.cleaned_data.get("meaning", "").casefold()
            if meaning in met and "meaning" not in form.errors:
                message = "Another sense stands for the same. Change what one of them stands for."
                form.add_error("meaning", message)
            met.add(meaning)

    @property
    def kept(self) -> list[SenseForm]:
        """The forms that say something and are not to be removed, in the order that was asked for."""
        filled = [form for form in self.forms if form.has_changed() or not form.empty_permitted]
        return sorted((form for form in filled if not _is_removed(form)), key=_place)

    @property
    def faulty(self) -> list[SenseForm]:
        """The forms with which something is wrong, but for those to be removed."""
        if not self.is_bound:
            return []
        return [form for form in self.forms if form.errors and not _is_removed(form)]


def _is_removed(form: SenseForm) -> bool:
    return bool(form.cleaned_data.get(DELETION_FIELD_NAME))


def _place(form: SenseForm) -> tuple[bool, int]:
    """Where a sense comes: those without a place last, in the order of the page."""
    place = form.cleaned_data.get(ORDERING_FIELD_NAME)
    return (place is None, place or 0)


SenseForms = forms.formset_factory(
    SenseForm,
    formset=_SenseForms,
    extra=1,
    can_order=True,
    can_delete=True,
    min_num=1,
    max_num=MOST_SENSES,
    validate_max=True,
    absolute_max=MOST_SENSES + 5,
)


class TermForm(WordForm):
    """A term, with the forms of its senses in `senses`."""

    name = LineField(
        label="Term",
        help_text="As people write it, such as MASH or non-recent abuse.",
        max_length=100,
        error_messages={"required": "Enter the term."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    told_at = "name"

    class Meta:
        model = Term
        fields = ("name",)

    def __init__(self, data: Any = None, *, instance: Term, sections: KnownSections) -> None:
        super().__init__(data, instance=instance, sections=sections)
        senses = instance.senses.all() if instance.pk else []
        initial = [
            {name: getattr(sense, name) for name in SenseForm.Meta.fields} | {"sections": sense.section_slugs()}
            for sense in senses
        ]
        known = sections.with_held(slug for values in initial for slug in values["sections"])
        # What was sent stands for itself: somebody else may have given the term other senses since.
        shown = initial if data is None else None
        self.senses = SenseForms(data, prefix="senses", initial=shown, form_kwargs={"sections": known})

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.senses.is_valid()])

    def save(self, commit: bool = True) -> Term:
        """The term and its senses as they are now; the old senses give way, for nothing refers to one."""
        term = super().save(commit)
        term.senses.all().delete()
        for position, form in enumerate(self.senses.kept):  # type: ignore[attr-defined]
            sense = form.instance
            sense.term, sense.position = term, position
            sense.save()
            sense.set_sections(form.cleaned_data["sections"])
        return term
