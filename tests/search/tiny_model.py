"""A sentence model of a few words, as real files: ONNX as onnxruntime reads it, and a tokenizer.json.

A word's vector says which of a few subjects it is about, and a text's is the mean of its words', so that "sozzled" and
"drunkenness" mean the same though they share no letters.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordLevel

SUBJECTS = (
    ("sozzled", "drunkenness", "intoxication"),
    ("smacked", "assaulted", "maltreatment"),
    ("yacht", "harbour", "mooring"),
    ("hub", "agency", "referral"),
)
UNKNOWN = "[UNK]"
FLOAT, INT64 = 1, 7  # ONNX's numbers for types
IR_VERSION, OPSET = 8, 13


def make_tiny_model(folder: Path, *, name: str = "model.onnx", subjects: Sequence[Sequence[str]] = SUBJECTS) -> Path:
    """Write the model into a folder, which is given back."""
    words = [*(word for subject in subjects for word in subject), UNKNOWN]
    vectors = np.zeros((len(words), len(subjects)), np.float32)  # an unknown word is about nothing
    for row, word in enumerate(words[:-1]):
        vectors[row, next(place for place, subject in enumerate(subjects) if word in subject)] = 1
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(_model(vectors))
    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(words)}, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def _model(vectors: np.ndarray) -> bytes:
    """An ONNX file whose one node looks up the row of each token: fields by their numbers in onnx.proto."""
    tensor = b"".join(_number(1, size) for size in vectors.shape) + _number(2, FLOAT)
    tensor += _bytes(8, b"vectors") + _bytes(9, vectors.tobytes())
    node = _bytes(1, b"vectors") + _bytes(1, b"input_ids") + _bytes(2, b"last_hidden_state") + _bytes(4, b"Gather")
    given = [_value(name, INT64, ("batch", "tokens")) for name in ("input_ids", "attention_mask")]
    gives = _value("last_hidden_state", FLOAT, ("batch", "tokens", "width"))
    graph = _bytes(1, node) + _bytes(2, b"tiny") + _bytes(5, tensor)
    graph += b"".join(_bytes(11, one) for one in given) + _bytes(12, gives)
    return _number(1, IR_VERSION) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _number(2, OPSET))


def _value(name: str, kind: int, axes: Sequence[str]) -> bytes:
    shape = b"".join(_bytes(1, _bytes(2, axis.encode())) for axis in axes)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, shape)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    """A number as protocol buffers write it: seven bits a byte, the lowest first."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
