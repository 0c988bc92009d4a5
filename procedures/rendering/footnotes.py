"""Footnotes: `[^1]` in the text and `[^1]: what it says` anywhere below, by mdit-py-plugins, with what it
lets pass.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def

from procedures.rendering.cross_references import linkable_text
from procedures.rendering.rendered import Fault

_DEFINITION = re.compile(r"\[\^([^\]\s]+)\]:")
_MARK = re.compile(r"\[\^([^\]\s\x00]+)\]")


@dataclass
class Footnotes:
    """Where a parse has met footnotes: the line of each one's text by its label."""

    lines: dict[str, int] = field(default_factory=dict)


def footnotes_plugin(markdown: MarkdownIt) -> None:
    """Teach `markdown` footnotes. Parsing needs a `Footnotes` as `env["notes"]` and a list as
    `env["faults"]`.
    """
    footnote_plugin(markdown, inline=False)
    markdown.block.ruler.at("footnote_def", _definition, {"alt": ["paragraph", "reference"]})
    markdown.core.ruler.after("footnote_tail", "footnote_faults", _report)


def _definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """The plugin's block rule, but at the top level only: it loses what stands after a footnote inside a
    list.
    """
    begin = state.bMarks[start_line] + state.tShift[start_line]
    match = _DEFINITION.match(state.src, begin, state.eMarks[start_line])
    if match is None or state.is_code_block(start_line):
        return False
    if state.level > 0:
        if not silent:
            message = f"Footnote “{match[1]}” has its text inside a list, a quotation or a footnote: move it out."
            state.env["faults"].append(Fault(start_line + 1, message))
        return False
    if not silent:
        _note(state, match[1], start_line + 1)
    return footnote_def(state, start_line, end_line, silent)


def _note(state: StateBlock, label: str, line: int) -> None:
    lines = state.env["notes"].lines
    if label in lines:
        message = f"Footnote “{label}” has another text further up: rename one of them."
        state.env["faults"].append(Fault(line, message))
    lines.setdefault(label, line)


def _report(state: StateCore) -> None:
    """Report the footnotes that the page would show without their text, or not at all."""
    faults: list[Fault] = state.env["faults"]
    faults += _marks_without_text(state.tokens)
    used = {token.meta["label"] for token in state.tokens if token.type == "footnote_open"}
    for label, line in state.env["notes"].lines.items():
        if label not in used:
            message = f"Nothing refers to footnote “{label}”: write [^{label}] where it belongs."
            faults.append(Fault(line, message))


def _marks_without_text(tokens: Iterable[Token]) -> Iterable[Fault]:
    for token in tokens:
        if token.type == "inline" and "[^" in token.content:
            text, _pieces = linkable_text(token.children or [])
            for match in _MARK.finditer(text):
                line = (token.map or [0])[0] + 1 + text.count("\n", 0, match.start())
                yield Fault(line, f"Footnote “{match[1]}” has no text: add a line that begins [^{match[1]}]:")
