"""A sentence model: from words to a vector that lies near those of words with the same meaning."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from procedures.search.meaning.files import TOKENIZER, model_file

LIMIT = 256  # tokens read of a text, as all-MiniLM-L6-v2 was made for; what comes after is not looked at
AT_ONCE = 8  # texts, so that little memory is taken and a reader's query need not wait long for a core
ONLY_SEVERE = 3  # of onnxruntime's own messages

Vectors = np.ndarray
"""Of 32-bit floats, one row for each text, each of length 1."""


class Unusable(Exception):
    """The model cannot be read or run."""


class Model:
    """The model in a folder; raises Unusable. `digest` tells it from any other."""

    def __init__(self, folder: Path) -> None:
        try:
            model, tokenizer = model_file(folder) or folder / "model.onnx", folder / TOKENIZER
            self.digest = hashlib.sha256(model.read_bytes() + tokenizer.read_bytes()).hexdigest()[:16]
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(LIMIT)
            self._session = onnxruntime.InferenceSession(model, _options(), providers=["CPUExecutionProvider"])
            self._inputs = {one.name for one in self._session.get_inputs()}
            self.width = self.encode(["meaning"]).shape[1]
        except Unusable:
            raise
        except Exception as error:  # a broken model can fail in any way
            raise Unusable(f"The sentence model in {folder} cannot be used: {error!r}") from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, in their order; raises Unusable."""
        encodings = self._tokenizer.encode_batch(list(texts))
        by_length = sorted(range(len(texts)), key=lambda place: len(encodings[place].ids))
        portions = [by_length[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE)]
        vectors = [self._run([encodings[place] for place in portion]) for portion in portions]
        found = np.empty((len(texts), vectors[0].shape[1] if vectors else 0), np.float32)
        for portion, rows in zip(portions, vectors, strict=True):
            found[portion] = rows
        return found

    def _run(self, encodings: Sequence[Encoding]) -> Vectors:
        """The mean of the vectors of each text's tokens, made as long as 1."""
        shape = len(encodings), max(len(one.ids) for one in encodings)
        given = {name: np.zeros(shape, np.int64) for name in ("input_ids", "attention_mask", "token_type_ids")}
        for row, one in enumerate(encodings):
            given["input_ids"][row, : len(one.ids)] = one.ids
            given["attention_mask"][row, : len(one.ids)] = 1
        try:
            tokens = self._session.run(None, {name: given[name] for name in given if name in self._inputs})[0]
        except Exception as error:  # of onnxruntime's own kinds
            raise Unusable(f"The sentence model cannot be run: {error!r}") from error
        mask = given["attention_mask"][:, :, None].astype(np.float32)
        means = (tokens * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        if means.shape[0] != shape[0] or not np.isfinite(lengths).all():
            raise Unusable("The sentence model does not give a vector for each token of a text.")
        return (means / np.maximum(lengths, 1e-9)).astype(np.float32)


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # other workers want the cores, too
    options.enable_cpu_mem_arena = False  # which would keep memory for the longest texts ever seen
    options.log_severity_level = ONLY_SEVERE
    return options
