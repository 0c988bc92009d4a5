"""The files of a sentence model, as sentence-transformers exports it to ONNX, and what else is needed to run it."""

from importlib.util import find_spec
from pathlib import Path

PACKAGES = "numpy", "onnxruntime", "tokenizers"
MODELS = "model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx"
TOKENIZER = "tokenizer.json"


def model_file(folder: Path) -> Path | None:
    """The model in a folder: the first there is of those names."""
    return next((folder / name for name in MODELS if (folder / name).is_file()), None)


def what_is_missing(folder: Path) -> str:
    """What keeps the model in a folder from being used, as the rest of a sentence; "" for nothing that can be seen."""
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        return f"it needs what is not installed, {' and '.join(missing)}: pip install -r docs/requirements-meaning.txt"
    if not folder.is_absolute() or not folder.is_dir():
        return "it is the absolute path of a folder that holds a sentence model, or empty for none"
    if model_file(folder) is None:
        return f"the folder holds no {' or '.join(MODELS[:1] + MODELS[2:3])}, nor is one in its folder onnx"
    if not (folder / TOKENIZER).is_file():
        return f"the folder holds no {TOKENIZER}"
    return ""
