"""The words of the search: terms with their senses, words to search for beside those typed, and best bets.

Each belongs to a partnership: the region's are everybody's, a group's or a local one's are for those who read its
texts. Readers have them through `procedures.glossary`.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.text import slugify

from partnerships.models import Partnership
from procedures.models.section import Section
from procedures.models.word_list import WordList

MOST_SENSES = 10  # of a term
MOST_SECTIONS = 20  # about a sense
LONGEST_DEFINITION = 1000  # characters


class Term(models.Model):
    """A word, an acronym or a name as people write it, with what it stands for in its senses."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="terms")
    slug = models.SlugField(max_length=100, blank=True, help_text="Its anchor on the page; left empty, made of it.")
    name = models.CharField(max_length=100, help_text="As people write it: MASH, or non-recent abuse.")

    class Meta:
        ordering = [Lower("name"), "partnership"]
        constraints = [
            models.UniqueConstraint(
                "partnership",
                Lower("name"),
                name="term_once",
                violation_error_message="This partnership’s glossary has that term already. Give it a further sense.",
            ),
            models.UniqueConstraint(
                fields=["partnership", "slug"],
                name="term_slug_once",
                violation_error_message="Another term of this partnership has that slug already. Choose another.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="term_has_name", violation_error_message="Give the term."
            ),
            models.CheckConstraint(
                condition=~Q(slug=""), name="term_has_slug", violation_error_message="Give the term a slug."
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name = _in_one_line(self.name)
        if not self.slug:
            self.slug = self._free_slug()

    def _free_slug(self) -> str:
        """A slug made of the name which no other term of the partnership has."""
        stem = slugify(self.name).replace("_", "-").strip("-")[:90].strip("-") or "term"
        others = Term.objects.filter(partnership=self.partnership_id, slug__startswith=stem).exclude(pk=self.pk)
        taken = set(others.values_list("slug", flat=True))
        slug, count = stem, 1
        while slug in taken:
            count += 1
            slug = f"{stem}-{count}"
        return slug


class Sense(models.Model):
    """One thing that a term stands for, and whether people still call it so."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="senses")
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place among the term’s senses, from 0.")
    meaning = models.CharField(
        max_length=200, blank=True, help_text="What it stands for: multi-agency safeguarding hub. Empty for a word."
    )
    definition = models.TextField(help_text="In one or two sentences of plain English.")
    other_names = WordList(blank=True, help_text="What else people call it.")
    is_retired = models.BooleanField(default=False, help_text="People no longer call it so, or it no longer is.")
    retired_note = models.CharField(max_length=200, blank=True, help_text="Since when: since September 2019.")
    replaced_by = WordList(blank=True, help_text="What to say, or to look for, instead: terms or plain words.")
    sections = models.ManyToManyField(Section, through="SenseSection", related_name="senses")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "term",
                Lower("meaning"),
                name="sense_once",
                violation_error_message="Two senses of a term stand for different things. Change what one stands for.",
            ),
            models.CheckConstraint(
                condition=~Q(definition=""),
                name="sense_has_definition",
                violation_error_message="Say in a sentence or two what the term means.",
            ),
            models.CheckConstraint(
                condition=Q(is_retired=True) | Q(retired_note=""),
                name="sense_retired_with_note",
                violation_error_message="Only a retired word says since when it is one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term}: {self.meaning}" if self.meaning else str(self.term)

    def clean(self) -> None:
        for name in ("meaning", "definition", "retired_note"):
            setattr(self, name, _in_one_line(getattr(self, name)))
        if len(self.definition) > LONGEST_DEFINITION:
            message = f"The definition has {len(self.definition)} characters; it can have {LONGEST_DEFINITION}."
            raise ValidationError({"definition": message})
        if self.replaced_by and not self.is_retired:
            message = "Only a retired word is replaced by another. Mark it as retired, or take this away."
            raise ValidationError({"replaced_by": message})

    def section_slugs(self) -> list[str]:
        """The slugs of the sections about it, the main one first."""
        return list(self.sensesection_set.values_list("section__slug", flat=True))

    @transaction.atomic
    def set_sections(self, slugs: Sequence[str]) -> bool:
        """Have these sections, the main one first, be about it, and no others; whether they were others before.

        The sense is saved already.
        ValidationError with a sentence, and nothing written, when there is no such section or they are too many.
        """
        wanted = sections_called(slugs)
        if [section.slug for section in wanted] == self.section_slugs():
            return False
        self.sensesection_set.all().delete()
        SenseSection.objects.bulk_create(
            SenseSection(sense=self, section=section, position=position) for position, section in enumerate(wanted)
        )
        return True


def sections_called(slugs: Sequence[str]) -> list[Section]:
    """The sections with these slugs, in this order, each once.

    ValidationError with a sentence for each slug that no section has, and when they are more than a sense may have.
    """
    wanted = list(dict.fromkeys(slugs))
    found = {section.slug: section for section in Section.objects.filter(slug__in=wanted)}
    messages = [f"There is no section “{slug}” in this manual." for slug in wanted if slug not in found]
    if len(wanted) > MOST_SECTIONS:
        messages.append(f"These are {len(wanted)} sections; it can be {MOST_SECTIONS}. Name the main ones.")
    if messages:
        raise ValidationError(messages)
    return [found[slug] for slug in wanted]


class SenseSection(models.Model):
    """That a section is about a sense of a term, and its place among those that are."""

    sense = models.ForeignKey(Sense, on_delete=models.CASCADE)
    section = models.ForeignKey(Section, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField(help_text="The main one is 0.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sense", "section"],
                name="sense_section_once",
                violation_error_message="This section is named already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sense} in {self.section}"


class Synonym(models.Model):
    """Words that people type, and the words of the manual to search for as well."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="synonyms")
    typed = WordList(help_text="Any of these, typed by a reader.")
    sought = WordList(help_text="These are searched for as well.")
    both_ways = models.BooleanField(default=False, help_text="The second finds the first, too.")
    note = models.CharField(max_length=200, blank=True, help_text="Why, for other editors; readers do not see it.")

    class Meta:
        ordering = ["partnership", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(typed=[]), name="synonym_has_typed", violation_error_message="Give what people type."
            ),
            models.CheckConstraint(
                condition=~Q(sought=[]),
                name="synonym_has_sought",
                violation_error_message="Give what is searched for as well.",
            ),
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.typed)} → {', '.join(self.sought)}"

    def clean(self) -> None:
        self.note = _in_one_line(self.note)
        folded = _folded(self.typed)
        both = [word for word in self.sought or [] if _folded([word]) & folded]
        if both:
            raise ValidationError({"sought": f"“{both[0]}” stands on both sides. Take it away on one of them."})
        others = Synonym.objects.filter(partnership=self.partnership_id).exclude(pk=self.pk)
        if folded and any(_folded(typed) == folded for typed in others.values_list("typed", flat=True)):
            raise ValidationError({"typed": "There is an entry for just these words already. Change that one."})


class BestBet(models.Model):
    """A section that stands first whenever somebody searches for just these words."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="best_bets")
    queries = WordList(help_text="Any of these, typed as a whole.")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True, help_text="Why, for other editors; readers do not see it.")

    class Meta:
        ordering = ["partnership", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "section"],
                name="best_bet_once",
                violation_error_message="This section is a best bet already. Add the words there.",
            ),
            models.CheckConstraint(
                condition=~Q(queries=[]), name="best_bet_has_queries", violation_error_message="Give what people type."
            ),
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.queries)}: {self.section}"

    def clean(self) -> None:
        self.note = _in_one_line(self.note)


def _in_one_line(text: Any) -> str:
    return " ".join(str(text or "").split())


def _folded(words: Any) -> set[str]:
    """The words as they are compared, whatever their case; what is none is left to the field's own check."""
    return {word.casefold() for word in words or [] if isinstance(word, str)}
