"""Local slots and what fills them: the `::: local <slot>`, `::: fill <slot>` and `:::` lines of a text.

Each such line becomes one marker token at the top level, so that a text can be cut into blocks at the markers
and every block is whole. Markers do not nest; what is wrong with them is reported, and the text around them
still shows.
"""

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from procedures.rendering.rendered import BlockKind, Fault

_LINE = re.compile(r":{3,}(.*)")
_SLOT = re.compile(r"[a-z0-9-]+")
_KINDS: dict[str, BlockKind] = {"local": "slot", "fill": "fill"}
_HOW = "Write “::: local front-door” or “::: fill front-door”, the text, and “:::” on a line of its own."


@dataclass(frozen=True)
class _Opened:
    """An opening line that waits for its “:::”; a faulty one waits too, but opens nothing."""

    line: int
    faulty: bool


@dataclass
class Slots:
    """What a parse has seen of a text's slots: the lines still open, and the names by kind, in order."""

    open: list[_Opened] = field(default_factory=list)
    names: dict[BlockKind, list[str]] = field(default_factory=lambda: {"slot": [], "fill": []})


@dataclass
class Stretch:
    """The tokens between two slot lines; `slot` is "" for running text."""

    kind: BlockKind
    slot: str
    tokens: list[Token] = field(default_factory=list)


def slots_plugin(markdown: MarkdownIt) -> None:
    """Teach `markdown` the slot lines. Parsing needs a `Slots` as `env["slots"]` and a list as
    `env["faults"]`.
    """
    interrupts = ["paragraph", "reference", "blockquote", "list"]
    markdown.block.ruler.before("fence", "slot", _slot_line, {"alt": interrupts})
    markdown.core.ruler.after("block", "slot_ends", _report_open_slots)


def stretches(tokens: list[Token]) -> list[Stretch]:
    """A text's tokens cut at its slot lines. Footnotes are running text, even after a slot that is never
    closed.
    """
    found = [Stretch("text", "")]
    for token in tokens:
        if token.type == "slot":
            found.append(Stretch(token.meta["kind"], token.meta["slot"]))
            continue
        if token.type == "footnote_block_open" and found[-1].kind != "text":
            found.append(Stretch("text", ""))
        found[-1].tokens.append(token)
    return [stretch for stretch in found if stretch.slot or stretch.tokens]


def _slot_line(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """The block rule: take one line of colons, and act on it unless it is only being tried (`silent`)."""
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    match = _LINE.fullmatch(state.src, begin, state.eMarks[start_line])
    if match is None:
        return False
    if not silent:
        state.line = start_line + 1
        _act(state, start_line + 1, match[1].strip())
    return True


def _act(state: StateBlock, line: int, words: str) -> None:
    """Open or close what the slot line numbered `line` says; `words` stand after its colons."""
    slots: Slots = state.env["slots"]
    faults: list[Fault] = state.env["faults"]
    if state.level > 0:
        faults.append(Fault(line, "A “:::” line cannot stand inside a list, a quotation or a footnote."))
    elif words:
        _open(state, line, words)
    elif not slots.open:
        faults.append(Fault(line, f"This “:::” closes nothing. {_HOW}"))
    elif not slots.open.pop().faulty:
        _push_marker(state, "text", "")


def _open(state: StateBlock, line: int, words: str) -> None:
    slots: Slots = state.env["slots"]
    word, _, name = words.partition(" ")
    kind, slot = _KINDS.get(word, "text"), name.strip()
    message = _objection(slots, kind, slot, words)
    slots.open.append(_Opened(line, faulty=bool(message)))
    if message:
        state.env["faults"].append(Fault(line, message))
    else:
        slots.names[kind].append(slot)
        _push_marker(state, kind, slot)


def _objection(slots: Slots, kind: BlockKind, slot: str, words: str) -> str:
    """What is wrong with the line "::: `words`", or ""."""
    if kind == "text":
        return f"“::: {words}” means nothing here. {_HOW}"
    if not _SLOT.fullmatch(slot):
        return f"“{slot}” is not the name of a slot: use small letters, digits and hyphens. {_HOW}"
    if slots.open:
        return f"“::: {words}” stands inside another one: close that one first, with “:::” on a line of its own."
    if slot in slots.names[kind]:
        return f"“::: {words}” stands twice in this text: give the second another name, or join the two."
    return ""


def _push_marker(state: StateBlock, kind: BlockKind, slot: str) -> None:
    state.push("slot", "", 0).meta = {"kind": kind, "slot": slot}


def _report_open_slots(state: StateCore) -> None:
    for opened in state.env["slots"].open:
        message = "This “:::” is never closed: put “:::” on a line of its own where it ends."
        state.env["faults"].append(Fault(opened.line, message))
