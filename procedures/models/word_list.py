"""A list of words or short phrases, kept as JSON in the one form in which they are compared."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

MOST_WORDS = 30  # in a list
LONGEST_WORD = 100  # characters


class WordList(models.JSONField):
    """A list of texts: each in one line with single spaces, none empty, none twice whatever its case.

    Cleaning brings a list into this form. It can have 30 entries of 100 characters.
    """

    description = "A list of words"
    default_error_messages = {"blank": "Give at least one.", "null": "Give at least one."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"default": list} | kwargs))

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("default") is list:
            del kwargs["default"]
        return name, path, args, kwargs

    def to_python(self, value: Any) -> Any:
        return tidy_words(value) if isinstance(value, list | tuple) else value

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise ValidationError("This is a list of texts.")
        if len(value) > MOST_WORDS:
            raise ValidationError(f"These are {len(value)} entries; it can be {MOST_WORDS}.")
        too_long = next((word for word in value if len(word) > LONGEST_WORD), None)
        if too_long:
            message = f"“{too_long[:30]}…” has {len(too_long)} characters; an entry can have {LONGEST_WORD}."
            raise ValidationError(message)


def tidy_words(words: list[Any] | tuple[Any, ...]) -> list[Any]:
    """The words with single spaces, without empty ones and without those that came before in any case."""
    tidied: dict[Any, Any] = {}
    for word in words:
        text = " ".join(word.split()) if isinstance(word, str) else word
        if text != "":
            tidied.setdefault(text.casefold() if isinstance(text, str) else repr(text), text)
    return list(tidied.values())
