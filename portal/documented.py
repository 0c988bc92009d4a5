"""The read API's OpenAPI document, with what every endpoint has in common: problems, ETags."""

from datetime import date
from typing import Any, Literal

from ninja.openapi.schema import OpenAPISchema
from pydantic import BaseModel, Field

from portal.problems import MEDIA_TYPE


class Link(BaseModel):
    text: str
    url: str


class ParameterFault(BaseModel):
    parameter: str
    detail: str


def _where_there_are(description: str) -> Any:
    """A member that only some problems have."""
    return Field(default=None, description=description, json_schema_extra=_without_default)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(description="about:blank: the status says what kind of problem it is.")
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What is wrong and what to do, in a sentence for people.")
    instance: str = Field(description="The address that was asked for.")
    links: list[Link] = _where_there_are("Pages that lead on.")
    errors: list[ParameterFault] = _where_there_are("With 422: what is wrong with which parameter.")
    state: Literal["withdrawn", "not yet in force", "never in force"] = _where_there_are("Of a section without a text.")
    since: date = _where_there_are("The day on which it was withdrawn, first takes effect, or was to.")


PROBLEMS = {
    "400": "The request cannot be understood.",
    "404": "There is no such partnership or section, or none of its texts is in force then.",
    "405": "Another method than GET, HEAD or OPTIONS.",
    "422": "A parameter has a value that it cannot have.",
    "500": "Something went wrong on the server.",
    "503": "The search cannot answer just now.",
}
CONDITION = {
    "in": "header",
    "name": "If-None-Match",
    "schema": {"type": "string"},
    "required": False,
    "description": "The ETag of an answer that is at hand.",
}
ETAG = {"description": "Changes when the answer may have changed.", "schema": {"type": "string"}}


def documented(schema: OpenAPISchema) -> OpenAPISchema:
    """The document with problems, ETags and 304 described at each endpoint; 503 where there is a search."""
    components = schema["components"]
    definition = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= definition.pop("$defs") | {"Problem": definition}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components["responses"] = {
        f"Problem{status}": {"description": description, "content": content} for status, description in PROBLEMS.items()
    }
    components["parameters"] = {"IfNoneMatch": CONDITION}
    components["headers"] = {"ETag": ETAG}
    for path, methods in schema["paths"].items():
        told = [status for status in PROBLEMS if status != "503" or path.endswith(("/search", "/suggestions"))]
        for operation in methods.values():
            answers = operation["responses"]
            answers[200]["headers"] = {"ETag": {"$ref": "#/components/headers/ETag"}}
            answers[304] = {"description": "What is at hand is still right."}
            answers |= {status: {"$ref": f"#/components/responses/Problem{status}"} for status in told}
            operation["parameters"] = [*operation["parameters"], {"$ref": "#/components/parameters/IfNoneMatch"}]
    return schema
