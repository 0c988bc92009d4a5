"""What a file may be called: the name is shown to readers, and stands in an address and in a header."""

import re
import unicodedata

from procedures.uploads.kinds import Kind
from procedures.uploads.refusal import UploadRefused

LONGEST = 150  # characters
# Controls, halves of characters, and characters that cannot be seen or that turn the direction of what follows.
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*]')


def check_name(name: str) -> str:
    """The name without white space at its ends; UploadRefused unless it is that of a plain file."""
    if "/" in name or "\\" in name:
        raise UploadRefused(
            f"The file’s name, “{_shown(name)}”, has a folder in it. Rename the file and choose it again."
        )
    unseen = next((character for character in name if unicodedata.category(character) in _UNSEEN), None)
    if unseen is not None:
        raise UploadRefused(
            f"The file’s name, “{_shown(name)}”, has a character in it that cannot be seen (U+{ord(unseen):04X}), "
            "which can make a file look like another kind. Rename the file and choose it again."
        )
    name = unicodedata.normalize("NFC", name.strip())
    if not name or name.startswith("."):
        raise UploadRefused("The file has no name before its ending. Rename the file and choose it again.")
    if odd := _NOT_ON_WINDOWS.search(name):
        raise UploadRefused(
            f"The file’s name, “{name}”, has “{odd[0]}” in it, which not every computer can save. "
            "Rename the file and choose it again."
        )
    if len(name) > LONGEST:
        raise UploadRefused(
            f"The file’s name has {len(name)} characters; the most is {LONGEST}. Rename the file and choose it again."
        )
    return name


def check_ending(name: str, kind: Kind) -> None:
    """UploadRefused unless the name ends as those of files of this kind do."""
    if ending_of(name) not in kind.endings:
        article = "an" if kind.label[0] in "E" else "a"
        raise UploadRefused(
            f"“{name}” is {article} {kind.label}, but its name does not end in .{kind.endings[0]}. "
            "Rename the file and choose it again."
        )


def ending_of(name: str) -> str:
    """What stands after the last full stop of a name, in small letters; "" without one."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _shown(name: str) -> str:
    """A name that may hold anything, as it can stand in a sentence."""
    seen = "".join(character for character in name if unicodedata.category(character) not in _UNSEEN)
    return seen if len(seen) <= LONGEST else f"{seen[:LONGEST]}…"
