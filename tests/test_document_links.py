"""What keeps a text from being published for the documents that it links and shows."""

from datetime import date

import pytest

from procedures.publishing import Refused
from procedures.uploads.kinds import PNG
from tests.world import make_document, publish

pytestmark = pytest.mark.django_db


def faults(body: str, **fields) -> list[tuple[int | None, str]]:
    with pytest.raises(Refused) as refused:
        publish("neglect", body=body, **fields)
    return [(fault.line, fault.message) for fault in refused.value.faults]


REGIONAL = {"number": "2.1"}
LOCAL = {"number": "4.1", "by": "northshire"}


@pytest.mark.parametrize(
    "body, fields, message",
    [
        ("[The form](document:nothing)", REGIONAL, "“The form” leads nowhere: there is no document “nothing”."),
        ("![A chart](document:nothing)", REGIONAL, "“A chart” shows nothing: there is no document “nothing”."),
        (
            "![A chart](document:form)",
            REGIONAL,
            "“A chart” shows nothing: the document “form” is no picture. Link it: [A chart](document:form).",
        ),
        (
            "[The form](document:of-northshire)",
            REGIONAL,
            "“The form” leads nowhere: the document “of-northshire” is Northshire Safeguarding Partnership’s, "
            "and not all readers of this text see it.",
        ),
        (
            "[The form](document:of-southmoor)",
            LOCAL,
            "“The form” leads nowhere: the document “of-southmoor” is Southmoor Safeguarding Partnership’s, "
            "and not all readers of this text see it.",
        ),
        (
            "[The form](document:later)",
            REGIONAL,
            "“The form” leads nowhere: the document “later” was added on 2019-01-01, which is after 2017-03-31.",
        ),
    ],
)
def test_a_document_that_readers_would_not_find_is_a_fault(region, body, fields, message):
    make_document("form")
    make_document("of-northshire", by="northshire")
    make_document("of-southmoor", by="southmoor")
    make_document("later", on=date(2019, 1, 1))

    assert faults(f"Text.\n\n{body}", **fields) == [(3, message)]


def test_a_picture_without_alternative_text_is_a_fault(region):
    make_document("chart", kind=PNG)

    assert faults("![](document:chart)", number="2.1") == [
        (
            1,
            "This image has no alternative text: write what it shows between the square brackets of "
            "![](document:chart), for those who cannot see it.",
        )
    ]


def test_a_local_text_links_documents_of_its_own_of_its_groups_and_of_the_region(region):
    for slug in ("heartland", "northern-force", "northshire"):
        make_document(f"of-{slug}", by=slug, kind=PNG)
    body = "".join(
        f"[A form](document:of-{slug}) ![A chart](document:of-{slug})\n"
        for slug in ("heartland", "northern-force", "northshire")
    )

    assert publish("neglect", number="4.1", by="northshire", body=body).is_published
