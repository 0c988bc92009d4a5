"""A content folder of any size: the same kind of manual with few sections or with thousands.

Every section has five regional versions and five local additions, refers by number to three others and is referred to
by three, so that a section's page holds the same however large the manual around it is.
"""

from datetime import date, timedelta
from pathlib import Path

import yaml

VERSIONS_A_SECTION = 10  # five regional ones and five local additions
LOCALS = 20
A_PART = 500  # sections
A_FAMILY = 20  # a section with its sub-sections
LAUNCH = date(2017, 3, 31)  # every section's first day, so that references lead somewhere from the start
PAST_DAY = date(2020, 6, 15)  # each section's second regional version and all local additions are in force
REGION = "heartland"

HEADER = """\
---
change: major
note: {note}
author: An author
approver: An approver
---
"""

REGIONAL_BODY = """\
## When this applies

Use this procedure whenever matter {matter} comes up in your work with a child or a family. Do not wait until you are
certain. Read it together with {first}. This is edition {edition}, and it replaces whatever was said before about it.

## What to do

Act on the same day. Tell the child what will happen next, in words that the child understands, unless that would put
somebody at risk.

- Write down what you saw and heard, with the date and the time.
- Speak to your safeguarding lead, as {second} says.
- Agree who does what by when, and record the reasons for it.

::: local front-door
Ask the council’s switchboard for children’s social care.
:::

## What happens afterwards

Whoever took the call answers within one working day. If nobody has answered by then, follow {third}.
"""

ADDITION_BODY = """\
::: fill front-door
Ring the {name} front door before noon where you can, and say that you call about matter {matter}.
:::

## In {name}

Our own panel meets every Tuesday and hears what could not be settled between two agencies. Bring the record that
{first} asks for. The panel's minutes are sent to everyone who took part, within five working days, and go to the
partnership's business office as well.

- Put your name and your telephone number on every page.
- Ask for the duty manager when a decision cannot wait.
"""


def make_content(folder: Path, sections: int) -> int:
    """Write a manual of so many sections to a new folder; gives the number of its versions."""
    folder.mkdir(parents=True)
    (folder / "partnerships.yaml").write_text(yaml.safe_dump(partnerships(), sort_keys=False), encoding="utf-8")
    for place in range(sections):
        _write_section(folder / "sections" / slug_of(place), place, sections)
    return sections * VERSIONS_A_SECTION


def slug_of(place: int) -> str:
    return f"section-{place:05}"


def number_of(place: int) -> str:
    """The number of the section at `place`: a part, then families of a section with its sub-sections, to four deep."""
    part, within = divmod(place, A_PART)
    if within == 0:
        return f"{part + 1}"
    family, member = divmod(within - 1, A_FAMILY)
    above = f"{part + 1}.{family + 1}"
    if member == 0:
        return above
    return f"{above}.{member}" if member < 15 else f"{above}.14.{member - 14}"


def local_of(place: int, addition: int) -> str:
    """The local partnership whose text is the section's first, second … addition."""
    return f"local-{(5 * place + addition) % LOCALS + 1:02}"


def places_to_read(sections: int, count: int) -> list[int]:
    """Sub-sections like "3.1.4", from all over the manual, to which the partnership `local-01` adds."""
    fit = [place for place in range(0, sections, 4) if number_of(place).count(".") == 2]
    return fit[:: max(1, len(fit) // count)][:count]


def _write_section(folder: Path, place: int, sections: int) -> None:
    number = number_of(place)
    first, second, third = (_reference((place + step) % sections) for step in (1, 2, 3))
    for edition in range(5):
        header = HEADER.format(note=f"Edition {edition + 1} of {number}.").replace(
            "---\n", f'---\nnumber: "{number}"\ntitle: Procedure {place} of the manual\n', 1
        )
        body = REGIONAL_BODY.format(matter=place, edition=edition + 1, first=first, second=second, third=third)
        _write(folder / REGION / f"{_day_of_edition(place, edition)}.md", header + body)
    for addition in range(VERSIONS_A_SECTION - 5):
        day = date(2019, 11, 1) + timedelta(days=(5 * place + addition) % 200)
        owner = local_of(place, addition)
        body = ADDITION_BODY.format(matter=place, name=owner.capitalize(), first=first)
        _write(folder / owner / f"{day}.md", HEADER.format(note=f"First text of {owner}.") + body)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _day_of_edition(place: int, edition: int) -> date:
    return LAUNCH if edition == 0 else date(2017 + 2 * edition, 1, 1) + timedelta(days=place % 300)


def _reference(place: int) -> str:
    number = number_of(place)
    return f"Section {number}" if "." in number else f"Part {number}"


def partnerships() -> dict[str, object]:
    locals_ = [f"local-{position:02}" for position in range(1, LOCALS + 1)]
    groups = {"group-1": locals_[: LOCALS // 2], "group-2": locals_[LOCALS // 2 :]}
    return {
        "region": {"slug": REGION, "name": "Heartland Partnership", "manual-title": "Heartland procedures"},
        "groups": [
            {
                "slug": slug,
                "name": slug.capitalize(),
                "members": [{"partnership": member, "joined": LAUNCH.isoformat()} for member in members],
            }
            for slug, members in groups.items()
        ],
        "locals": [{"slug": slug, "name": f"{slug.capitalize()} Partnership"} for slug in locals_],
        "services": [{"slug": "front-door", "name": "Front door"}],
        "contacts": [
            {
                "partnership": slug,
                "service": "front-door",
                "name": "Front door",
                "phone": "01632 960001",
                "availability": "in-hours",
                "checked-on": "2026-01-05",
                "checked-by": "An author",
            }
            for slug in locals_
        ],
    }
