"""The digest of a record: the same on every machine, whatever keeps the record."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime


def digest_of_values(values: Mapping[str, object]) -> str:
    """The SHA-256 (hexadecimal) of named values.

    It is taken over canonical JSON (RFC 8785 in effect: sorted keys, no white space, UTF-8), moments being in UTC to
    the microsecond, so that it can be computed again anywhere.
    """
    plain = {name: _plain(value) for name, value in values.items()}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=repr)  # never of ours
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value
