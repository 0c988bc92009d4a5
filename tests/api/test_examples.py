"""The examples in docs/api.md, asked of the sample manual: what is shown is what is answered."""

import json
import re
from pathlib import Path
from typing import Any

EXAMPLE = re.compile(r"```\ncurl 'http://localhost:8000(\S+)'\n```\n\n```json\n(.*?)```", re.DOTALL)
EXAMPLES = EXAMPLE.findall(Path("docs/api.md").read_text())


def shown_of(answer: Any, shown: Any) -> Any:
    """As much of an answer as an example shows: some fields, the first items of lists, texts up to “…”."""
    if isinstance(answer, dict) and isinstance(shown, dict):
        return {name: shown_of(answer.get(name), shown[name]) for name in shown}
    if isinstance(answer, list) and isinstance(shown, list):
        return [shown_of(*pair) for pair in zip(answer, shown, strict=False)]
    if isinstance(answer, str) and isinstance(shown, str) and shown.endswith("…"):
        return answer[: len(shown) - 1] + "…"
    return answer


def test_the_examples_are_what_is_answered(sample, today, reader):
    shown = {url: json.loads(example) for url, example in EXAMPLES}

    answers = {url: reader.get(url).json() for url in shown}

    assert {url: shown_of(answers[url], shown[url]) for url in shown} == shown


def test_the_page_has_examples_and_names_every_endpoint():
    text = Path("docs/api.md").read_text()

    assert len(EXAMPLES) == text.count("curl") == text.count("```json") == 5
    assert re.findall(r"^\| `(/api/v1/\S+)` \|", text, re.MULTILINE) == [
        "/api/v1/partnerships",
        "/api/v1/contents",
        "/api/v1/sections/<slug>",
        "/api/v1/sections/<slug>/history",
        "/api/v1/updates",
        "/api/v1/search",
        "/api/v1/suggestions",
    ]
