"""glossary.yaml: the terms of the partnerships, each with what it stands for."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from partnerships.models import Partnership
from procedures.exchange.files import FileFault, Row, Unreadable, all_faults, compose, dump, read_text, row_of
from procedures.exchange.registers import Keeper, filled
from procedures.models import Section, Sense, Term, Version
from procedures.models.glossary import MOST_SENSES
from procedures.models.word_list import tidy_words

GLOSSARY = "glossary.yaml"
SENSE_KEYS = {"meaning", "definition", "other-names", "retired", "retired-note", "replaced-by", "sections"}


def read_glossary(folder: Path) -> tuple[list[Row], list[FileFault]]:
    """What glossary.yaml says, and what cannot be understood; nothing where there is no such file."""
    if not os.path.lexists(folder / GLOSSARY):
        return [], []
    try:
        node = compose(read_text(folder / GLOSSARY, GLOSSARY), GLOSSARY)
    except Unreadable as unreadable:
        return [], [unreadable.fault]
    if node and not isinstance(node, yaml.SequenceNode):
        return [], [FileFault(GLOSSARY, 1, "Here stands a list of terms: “- term: …”, and further keys below.")]
    return [row_of(item, GLOSSARY) for item in (node.value if node else [])], []


@dataclass
class Owners:
    """Whose a row is, and which sections there are, as the database has it now."""

    partnerships: dict[str, Partnership] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Owners":
        return cls(
            {partnership.slug: partnership for partnership in Partnership.objects.all()},
            {section.slug: section for section in Section.objects.all()},
        )

    def owner(self, row: Row) -> Partnership | None:
        """The partnership that a row names, the region where it names none; None, with a fault, when there is none."""
        slug = row.text("partnership")
        region = next((owner for owner in self.partnerships.values() if owner.is_region), None)
        owner = self.partnerships.get(slug) if slug else region
        if owner is None:
            row.fault("partnership", f"There is no partnership “{slug}” in partnerships.yaml.")
        return owner

    def section(self, row: Row, slug: str, line: int) -> Section | None:
        """The section that a row names on that line; None, with a fault, when there is none."""
        section = self.sections.get(slug)
        if section is None:
            row.faults.append(FileFault(row.name, line, f"There is no section “{slug}” in this manual."))
        return section


def write_glossary(rows: list[Row], owners: Owners, keeper: Keeper) -> list[FileFault]:
    """Bring the terms up to date, inside the caller's transaction; gives what is wrong with them. None is deleted."""
    for row in rows:
        if row.faults and not row.lines:
            continue  # no row at all, which is a fault already
        row.refuse_unknown({"term", "slug", "partnership", "senses"})
        name, owner = row.text("term", required=True), owners.owner(row)
        senses = row.rows("senses")
        if not 1 <= len(senses) <= MOST_SENSES:
            message = f"A term has 1 to {MOST_SENSES} senses: “senses:” and below it “- meaning: …”."
            row.fault("senses", message)
        slug = row.text("slug") or slugify(name)
        if name and not slug:
            row.fault("term", f"“{name}” has no letter to make a slug of. Give it one: “slug: …”.")
        elif name and owner:
            term = keeper.keep(row, Term, {"partnership": owner, "slug": slug}, {"name": name})
            for position, sense in enumerate(senses if term else []):
                _write_sense(sense, term, position, owners, keeper)
    return list(all_faults(rows))


def _write_sense(row: Row, term: Term, position: int, owners: Owners, keeper: Keeper) -> None:
    """One sense, known by what it stands for in any case."""
    row.refuse_unknown(SENSE_KEYS)
    meaning = row.text("meaning")
    values = {
        "meaning": meaning,
        "definition": row.text("definition", required=True),
        "position": position,
        "other_names": words_of(row, "other-names"),
        "is_retired": row.yes("retired"),
        "retired_note": row.text("retired-note"),
        "replaced_by": words_of(row, "replaced-by"),
    }
    sections = [owners.section(row, slug, line) for slug, line in row.words("sections")]
    if not values["definition"]:
        return  # a fault already
    stored = term.senses.filter(meaning__iexact=meaning).first() or Sense(term=term)
    counted = keeper.made + keeper.changed
    sense = keeper.keep_thing(row, (term.pk, meaning.lower()), stored, values)
    if sense is None:
        return
    try:
        changed = sense.set_sections([section.slug for section in sections if section])
    except ValidationError as error:
        row.fault("sections", " ".join(error.messages))
    else:
        keeper.changed += changed and counted == keeper.made + keeper.changed  # told once, whatever of it changed


def words_of(row: Row, key: str) -> list[str]:
    """A row's list of words, as it is kept."""
    return tidy_words([word for word, _ in row.words(key)])


# --- Writing the file ---------------------------------------------------------------------------------------------


def glossary_text() -> str:
    """glossary.yaml as the database has it now, in the order of partnerships, then of terms; "" without any.

    What is about sections that nothing of was ever published is left out, as their drafts are.
    """
    published = published_slugs()
    terms = Term.objects.select_related("partnership").prefetch_related("senses__sensesection_set__section")
    whole = [_term(term, published) for term in sorted(terms, key=_place) if term.senses.all()]
    return dump(whole) if whole else ""


def published_slugs() -> set[str]:
    """The slugs of the sections of which anything was ever published."""
    return set(Version.objects.published().values_list("section__slug", flat=True).distinct().order_by())


def _place(term: Term) -> tuple:
    return term.partnership.position, term.partnership.slug, term.name.casefold(), term.slug


def _term(term: Term, published: set[str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "term": term.name,
        "slug": "" if term.slug == slugify(term.name) else term.slug,
        "partnership": "" if term.partnership.is_region else term.partnership.slug,
    }
    return filled(row) | {"senses": list(_senses(term, published))}


def _senses(term: Term, published: set[str]) -> Iterator[dict[str, Any]]:
    for sense in term.senses.all():
        texts = filled({"meaning": sense.meaning, "definition": sense.definition})
        retired = {"retired": "yes" if sense.is_retired else "", "retired-note": sense.retired_note}
        lists = {
            "other-names": sense.other_names,
            "replaced-by": sense.replaced_by,
            "sections": [about.section.slug for about in sense.sensesection_set.all()],
        }
        lists["sections"] = [slug for slug in lists["sections"] if slug in published]
        yield texts | filled(retired) | {name: words for name, words in lists.items() if words}
