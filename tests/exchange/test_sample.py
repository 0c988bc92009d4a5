"""The sample manual in content/ keeps what the issue asked of it."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

from partnerships.models import Contact, GroupMembership, Partnership
from procedures import sealing
from procedures.models import CrossReference, DocumentFile, Version
from procedures.uploads.kinds import KINDS

CONTENT = Path("content")
TODAY = date(2026, 11, 23)  # when it was written
TELEPHONE = re.compile(r"(?<![\w.-])(?:\+44|0)[\d -]{8,}\d")
# Ofcom's numbers for drama, no area and Birmingham: ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama
DRAMA = re.compile(r"01632 960\d{3}|0121 496 0\d{3}")


def words(text: str) -> int:
    return len(text.split())


def test_no_telephone_number_in_the_sample_can_be_anybodys():
    found = {
        number
        for path in CONTENT.rglob("*")
        if path.suffix in (".md", ".yaml")
        for number in TELEPHONE.findall(path.read_text(encoding="utf-8"))
    }

    assert len(found) > 50
    assert {number for number in found if not DRAMA.fullmatch(number)} == set()


def test_every_address_in_the_sample_is_an_examples():
    found = {
        address
        for path in CONTENT.rglob("*")
        if path.suffix in (".md", ".yaml")
        for address in re.findall(r"[\w.+-]+@[\w.-]*\w", path.read_text(encoding="utf-8"))
    }

    assert {address for address in found if not re.search(r"[@.]example\.(org|com|net)$", address)} == set()


def test_the_skeleton_and_the_length_of_the_sample(sample):
    regional = Version.objects.filter(partnership__kind="region")
    current = dict(regional.in_force(TODAY).values_list("number", "body"))
    every_body = regional.filter(withdrawn=False).values_list("body", flat=True)

    assert Counter(number.split(".")[0] for number in current if "." in number) == {"1": 16, "2": 20, "3": 5}
    assert sorted(number for number in current if "." not in number) == ["1", "2", "3"]
    assert sum(600 <= words(body) <= 1500 for number, body in current.items() if "." in number) >= 25
    assert [body[:40] for body in every_body if words(body) < 250] == []
    assert not list(sealing.breaches())


def test_who_publishes_in_the_sample(sample):
    local = Version.objects.in_force(TODAY)
    additions = local.filter(number="", partnership__kind="local").values("section").distinct()
    of_groups = local.filter(number="", partnership__kind="group").values("section").distinct()
    procedures = local.exclude(number="").exclude(partnership__kind="region")

    assert Counter(Partnership.objects.values_list("kind", flat=True)) == {"region": 1, "group": 2, "local": 9}
    assert GroupMembership.objects.values("member").distinct().count() == 9
    assert additions.count() >= 10
    assert of_groups.count() >= 3
    assert procedures.values("section").distinct().count() == 2
    assert Contact.objects.values("partnership").filter(partnership__kind="local").distinct().count() == 9


def test_the_history_of_the_sample(sample):
    regional = Version.objects.filter(partnership__kind="region")
    streams = Counter(regional.values_list("section__slug", flat=True))
    numbers: dict[str, set[str]] = {}
    for slug, number in regional.exclude(number="").values_list("section__slug", "number"):
        numbers.setdefault(slug, set()).add(number)
    days = set(regional.filter(section__slug="sharing-information").values_list("effective_date", flat=True))

    assert sum(2 <= count <= 5 for count in streams.values()) >= 12
    assert {slug: sorted(borne) for slug, borne in numbers.items() if len(borne) > 1} == {
        "retention-of-records": ["3.5", "3.6"]
    }
    withdrawals = Version.objects.filter(withdrawn=True).values_list("section__slug", "effective_date")
    assert list(withdrawals) == [("sending-records-by-fax-and-post", date(2020, 4, 1))]
    assert Version.objects.filter(effective_date__gt=TODAY).count() == 1
    assert {date(2018, 11, 26), date(2024, 6, 3)} <= days


def test_the_documents_of_the_sample_are_of_every_sort_and_one_has_a_history(sample):
    files = DocumentFile.objects.order_by("document", "number").values_list("document__slug", "content_type", "number")

    assert sorted((slug, KINDS[kind].label, number) for slug, kind, number in files) == [
        ("birmingham-levels-of-need", "PDF", 1),
        ("help-for-neglected-children", "PNG image", 1),
        ("neglect-chronology-sheet", "Word document", 1),
        ("neglect-chronology-sheet", "Word document", 2),
    ]
    assert max(path.stat().st_size for path in (CONTENT / "documents").rglob("*.*")) < 60_000


def test_the_sections_of_the_sample_point_at_each_other(sample):
    region = Partnership.objects.region()
    rows = CrossReference.objects.in_force(TODAY, [region.pk]).values_list(
        "from_version__section__slug", "to_section__slug"
    )
    consent = "consent-confidentiality-and-information-sharing"

    assert {("sharing-information", consent), (consent, "sharing-information")} <= set(rows)
    assert len({source for source, _ in rows}) >= 41
