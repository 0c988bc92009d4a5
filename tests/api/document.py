"""The read API's own description, and whether an answer is what it describes."""

from typing import Any

from django.http import HttpResponse
from jsonschema import Draft202012Validator, FormatChecker

from tests.reader import Reader

DOCUMENT = "/api/v1/openapi.json"


def read_document(reader: Reader) -> dict[str, Any]:
    return reader.get(DOCUMENT).json()


def faults_of(document: dict[str, Any], path: str, response: HttpResponse) -> list[str]:
    """Where an answer differs from what the document says that GET of `path` answers with this status and media type.

    A member that the document does not know is a fault as well.
    """
    described = document["paths"][path]["get"]["responses"][str(response.status_code)]
    if "$ref" in described:
        described = document["components"]["responses"][described["$ref"].rsplit("/", 1)[-1]]
    schema = described["content"][response["Content-Type"].split(";")[0]]["schema"]
    closed = {
        name: definition | {"additionalProperties": False}
        for name, definition in document["components"]["schemas"].items()
    }
    whole = schema | {"components": {"schemas": closed}}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(response.json())]
