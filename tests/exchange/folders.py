"""Content folders to test with."""

from pathlib import Path

PARTNERSHIPS = """\
region:
  slug: heartland
  name: Heartland Safeguarding Partnership
  short-name: Heartland
groups:
- slug: northern-force
  name: Northern Force Safeguarding Partnership
  short-name: Northern Force
  members:
  - partnership: northshire
    joined: '2017-03-31'
  - partnership: eastvale
    joined: '2017-03-31'
    left: '2020-03-31'
locals:
- slug: northshire
  name: Northshire Safeguarding Partnership
  short-name: Northshire
- slug: eastvale
  name: Eastvale Safeguarding Partnership
  short-name: Eastvale
services:
- slug: front-door
  name: Front door
contacts:
- partnership: northshire
  service: front-door
  name: Hub
  phone: 01632 960001
  availability: always
  checked-on: '2024-01-01'
  checked-by: Manager
"""

AUTHORITIES = """\
- slug: an-act
  title: An Act
  kind: statute
  editions:
  - name: '2004'
    title: An Act 2004
    began: '2004-11-15'
"""


def text(body: str = "Some text.\n", **header: str) -> str:
    """A version file's text; underscores in the header's names stand for hyphens."""
    values = {"change": "major", "note": "First published."} | header
    lines = [f"{name.replace('_', '-')}: {value}\n" for name, value in values.items() if value]
    return "---\n" + "".join(lines) + "---\n" + body


def put(folder: Path, name: str, content: str | bytes) -> Path:
    """Write the file `name` of the folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def version(folder: Path, name: str, body: str = "Some text.\n", **header: str) -> Path:
    """Write sections/<name>.md, such as "neglect/heartland/2019-06-01"; a regional one has number 2.1 unless told."""
    if "/heartland/" in name:
        header = {"number": "2.1", "title": "A title"} | header
    return put(folder, f"sections/{name}.md", text(body, **header))


def registers(folder: Path) -> None:
    """Write partnerships.yaml and authorities.yaml."""
    put(folder, "partnerships.yaml", PARTNERSHIPS)
    put(folder, "authorities.yaml", AUTHORITIES)


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its place."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
