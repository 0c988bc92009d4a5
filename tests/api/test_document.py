"""The read API's OpenAPI document: it is sound, and the answers are what it says."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.api.document import faults_of, read_document
from tests.world import publish

ENDPOINTS = [
    "/partnerships",
    "/contents",
    "/sections/{slug}",
    "/sections/{slug}/history",
    "/updates",
    "/search",
    "/suggestions",
]


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in the document."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from parts(child)


def test_it_describes_every_endpoint_and_nothing_that_writes(manual, today, reader):
    document = read_document(reader)

    assert {path: list(methods) for path, methods in document["paths"].items()}.items() >= {
        f"/api/v1{path}": ["get"] for path in ENDPOINTS
    }.items()
    assert {method for methods in document["paths"].values() for method in methods} == {"get"}
    assert (document["openapi"], document["servers"]) == ("3.1.0", [{"url": "http://localhost:8000"}])


def test_each_endpoint_is_named_described_and_tells_of_problems(manual, today, reader):
    document = read_document(reader)
    operations = [methods["get"] for methods in document["paths"].values()]

    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["summary"] and operation["description"].endswith(".")
        assert {"200", "304", "400", "404", "405", "422", "500"} <= set(operation["responses"])
        assert all(
            parameter.get("$ref") or parameter["in"] == "path" or parameter["description"]
            for parameter in operation["parameters"]
        )


def test_every_path_parameter_is_declared(manual, today, reader):
    paths = read_document(reader)["paths"]

    for path, methods in paths.items():
        declared = {one["name"] for one in methods["get"]["parameters"] if one.get("in") == "path" and one["required"]}
        assert declared == {part.strip("{}") for part in path.split("/") if part.startswith("{")}


def test_every_reference_in_it_leads_somewhere(manual, today, reader):
    document = read_document(reader)
    references = {part["$ref"] for part in parts(document) if "$ref" in part}

    for reference in references:
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    assert len(references) > 10


def test_every_schema_in_it_is_one_and_no_default_contradicts_it(manual, today, reader):
    for schema in read_document(reader)["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for part in parts(read_document(reader)):
        assert not ("default" in part and part.get("format"))


@pytest.mark.parametrize(
    "path, addresses",
    [
        ("/partnerships", ["", "?on=2016-01-01", "?on=x"]),
        ("/contents", ["", "?partnership=southmoor", "?partnership=x", "?on=2016-01-01"]),
        ("/sections/{slug}", ["consent", "sharing-information?partnership=eastvale&on=2020-01-01", "fax", "later"]),
        ("/sections/{slug}", ["harbour-children", "harbour-children?partnership=southmoor", "consent?on=2030-01-01"]),
        ("/sections/{slug}/history", ["consent/history", "fax/history?partnership=northshire", "nothing/history"]),
        ("/updates", ["", "?limit=3&page=2", "?limit=0&page=x", "?page=9"]),
    ],
)
def test_answers_and_problems_are_what_it_says(manual, today, reader, path, addresses):
    publish("fax", number="2.11", on=date(2018, 1, 1), review_date=date(2019, 1, 1))
    publish("fax", number="2.11", withdrawn=True, body="", on=date(2020, 1, 1))
    publish("consent", number="2.10", on=date(2026, 1, 1))
    publish("later", number="2.12", on=date(2026, 1, 1))
    document = read_document(reader)
    place = "/api/v1" + path.split("{")[0]

    faults = {address: faults_of(document, f"/api/v1{path}", reader.get(place + address)) for address in addresses}

    assert faults == dict.fromkeys(addresses, [])
