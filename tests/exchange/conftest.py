"""A content folder with two partnerships, a group, and nothing in sections/ yet."""

from pathlib import Path

import pytest

from tests.exchange import folders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "content"
    folders.registers(made)
    return made
