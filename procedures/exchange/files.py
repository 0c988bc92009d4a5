"""Content files read and written: UTF-8 text, YAML whose every value is text, and faults by file and line."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from procedures.checks import CONTROL, control_message
from procedures.models.version import tidy_line

LARGEST = 1_000_000  # bytes
DEEPEST = 10  # levels of YAML


@dataclass(frozen=True, order=True)
class FileFault:
    """What is wrong in a file, on which line (counted from 1), and what to do about it."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Unreadable(Exception):
    """A file that cannot be understood at all."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def read_text(path: Path, name: str) -> str:
    """A file's text with lines that end in a line feed; Unreadable when it is too large, no UTF-8 or no plain text."""
    raw = read_bytes(path, name, LARGEST)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        message = f"The byte {raw[error.start]:#04x} is not UTF-8. Save the file with the encoding UTF-8."
        raise Unreadable(FileFault(name, line, message)) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    control = CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        raise Unreadable(FileFault(name, line, control_message(control[0])))
    return text


def read_bytes(path: Path, name: str, largest: int) -> bytes:
    """What a file of at most `largest` bytes holds; Unreadable when it is larger, none, or not to be read."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            message = "This is no plain file. Put the file itself here."
        elif status.st_size > largest:
            size = f"{status.st_size / 1e6:.1f} MB"
            message = f"The file has {size}; the largest that is read has {largest / 1e6:.0f} MB. Split it."
        else:
            return path.read_bytes()
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
    raise Unreadable(FileFault(name, 1, message))


def compose(text: str, name: str, first_line: int = 1) -> yaml.Node | None:
    """The YAML nodes of a text; Unreadable with the line where it is no YAML. None when there is nothing."""
    try:
        _refuse_knots(text, name, first_line)
        return yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, max(text.find(chr(error.character)), 0))
        message = f"The character U+{error.character:04X} cannot stand here. Delete it."
        raise Unreadable(FileFault(name, line, message)) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        problem = error.problem or "it is not YAML"
        message = (
            f"This cannot be read: {problem}. A line holds “key: value”; a value with a colon in it stands in quotes."
        )
        raise Unreadable(FileFault(name, line, message)) from error


def _refuse_knots(text: str, name: str, first_line: int) -> None:
    """Unreadable where values are nested so deeply, or repeated by reference, that a small file would grow large."""
    level = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        message = f"Values are nested more than {DEEPEST} levels deep here." if level > DEEPEST else ""
        if isinstance(event, yaml.AliasEvent):
            message = f"“*{event.anchor}” refers to another value. Write it out; a text like this stands in quotes."
        if message:
            line = event.start_mark.line if event.start_mark else 0
            raise Unreadable(FileFault(name, first_line + line, message))


@dataclass
class Row:
    """A YAML mapping of keys to texts (and to lists of rows or of words), with the line of each key."""

    name: str
    line: int
    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list["Row"]] = field(default_factory=dict)
    word_lists: dict[str, list[tuple[str, int]]] = field(default_factory=dict)  # each word with its line
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[FileFault] = field(default_factory=list)

    def fault(self, key: str, message: str) -> None:
        self.faults.append(FileFault(self.name, self.lines.get(key, self.line), message))

    def text(self, key: str, *, required: bool = False) -> str:
        """A key's value with white space folded; "" (and a fault, when it is required) where it is missing."""
        value = tidy_line(self.texts.get(key, ""))
        if key in self.lists or key in self.word_lists:
            self.fault(key, f"“{key}” holds a list or further keys; here stands one text.")
        elif required and not value:
            self.fault(key, f"“{key}” is missing.")
        return value

    def day(self, key: str, *, required: bool = False) -> date | None:
        """A key's value as a day; None (and a fault, when it is no day) where it is missing."""
        value = self.text(key, required=required)
        if not value:
            return None
        day = day_of(value)
        if day is None:
            self.fault(key, f"“{key}” is “{value}”, which is not a day in the calendar. Write it as 2019-06-01.")
        return day

    def moment(self, key: str) -> datetime | None:
        """A key's value as a moment with its offset from UTC; None where it is missing or wrong."""
        value = self.text(key)
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        self.fault(key, f"“{key}” is “{value}”, which is not a moment like 2019-06-01T09:30:00+00:00.")
        return None

    def choice(self, key: str, choices: list[str], default: str = "") -> str:
        """A key's value, which is one of `choices`; `default` where it is missing or (a fault) none of them."""
        value = self.text(key) or default
        if value not in choices:
            self.fault(key, f"“{key}” is “{value}”; it can be {', '.join(choices[:-1])} or {choices[-1]}.")
            return default
        return value

    def rows(self, key: str) -> list["Row"]:
        """The rows of a list; a text or a word in its place is a fault."""
        if self.texts.get(key, "").strip():
            self.fault(key, f"“{key}” holds a text; here stand keys with values.")
        self.faults += [FileFault(self.name, line, NO_ROW) for _, line in self.word_lists.get(key, [])]
        return self.lists.get(key, [])

    def words(self, key: str) -> list[tuple[str, int]]:
        """The words of a list with white space folded, each with its line; anything else in its place is a fault."""
        if self.texts.get(key, "").strip() or self.lists.get(key):
            self.fault(key, f"“{key}” holds no list of words. Write it as “[one, another]”.")
        return [(tidy_line(word), line) for word, line in self.word_lists.get(key, [])]

    def yes(self, key: str) -> bool:
        """Whether a key says yes; one that is missing says no."""
        return self.choice(key, ["yes", "no"], "no") == "yes"

    def refuse_unknown(self, known: set[str]) -> None:
        """A fault for every key that is not known: a slip of the pen must not pass in silence."""
        for key in [*self.texts, *self.lists, *self.word_lists]:
            if key not in known:
                self.fault(key, f"“{key}” is not a key that is known here. Known are: {', '.join(sorted(known))}.")


NO_ROW = "Here stand keys with values, one a line: “key: value”."


def row_of(node: yaml.Node | None, name: str, first_line: int = 1) -> Row:
    """A mapping as a Row; anything else than texts, lists of texts and lists of mappings in it is a fault."""
    line = first_line + (node.start_mark.line if node else 0)
    row = Row(name, line)
    if not isinstance(node, yaml.MappingNode):
        row.fault("", NO_ROW)
        return row
    for key_node, value in node.value:
        key = str(key_node.value)
        if key in row.lines:
            row.lines[key] = first_line + key_node.start_mark.line
            row.fault(key, f"“{key}” stands here a second time.")
            continue
        row.lines[key] = first_line + key_node.start_mark.line
        if isinstance(value, yaml.ScalarNode):
            control = CONTROL.search(value.value)
            if control:
                row.fault(key, control_message(control[0]))
            row.texts[key] = CONTROL.sub("", value.value)
        elif isinstance(value, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in value.value):
            row.word_lists[key] = [_word(row, item, first_line) for item in value.value]
        elif isinstance(value, yaml.SequenceNode):
            row.lists[key] = [row_of(item, name, first_line) for item in value.value]
        elif isinstance(value, yaml.MappingNode):
            row.lists[key] = [row_of(value, name, first_line)]
    return row


def _word(row: Row, node: yaml.Node, first_line: int) -> tuple[str, int]:
    """A word of a list with its line; a control character in it is a fault of the row."""
    line = first_line + node.start_mark.line
    control = CONTROL.search(node.value)
    if control:
        row.faults.append(FileFault(row.name, line, control_message(control[0])))
    return CONTROL.sub("", node.value), line


def day_of(text: str) -> date | None:
    """The day written as YYYY-MM-DD, and in no other way; None when there is no such day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def all_faults(rows: list[Row]) -> Iterator[FileFault]:
    """The faults of rows and of the rows in them."""
    for row in rows:
        yield from row.faults
        for inner in row.lists.values():
            yield from all_faults(inner)


def dump(value: object) -> str:
    """YAML as this portal writes it: in the order given, one line a value, no escapes for letters."""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1_000_000, default_flow_style=False)
