"""What the book was made from, as one hash, at the foot of each page: the same inputs, the same hash, the same book.

What notebooks print and the pages of documents are left out: they follow from the rest. The time is not an input. A
page gives the day of its making only where SOURCE_DATE_EPOCH says it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

import analysis
from analysis.corpus import default_folder

AROUND = ("_config.yml", "_toc.yml", "requirements.txt", "CITATION.cff")
LEFT = {"__pycache__", ".ipynb_checkpoints", "documents"}  # folders that hold nothing but what programs write


def content(path: Path) -> bytes:
    """The bytes of a file; of a notebook, its cells as they were before it was executed."""
    if path.suffix != ".ipynb":
        return path.read_bytes()
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    told = [[cell["cell_type"], cell["metadata"], "".join(cell["source"])] for cell in cells]
    return json.dumps(told, sort_keys=True).encode()


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a folder with their names in it, sorted, but for what programs leave there."""
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.is_file() and not LEFT & set(place.parts) and not any(part.startswith(".") for part in place.parts):
            yield place.as_posix(), path


def inputs(source: Path, book: Path, study: Path) -> str:
    """Return the hash of everything the built book follows from: package, study, pages, and what is around them."""
    total = hashlib.sha256()
    for label, folder in (("analysis", Path(analysis.__file__).parent), ("book", book), ("study", study)):
        for name, path in files(folder):
            data = content(path)
            total.update(f"{label}/{name} {len(data)}\n".encode() + data)
    for name in AROUND:
        if (source / name).exists():
            total.update(f"{name}\n".encode() + (source / name).read_bytes())
    return total.hexdigest()


def made_on() -> str:
    """The day of the build, where the one who builds says it."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(seconds), UTC).date().isoformat() if seconds else ""


def take(app: Sphinx, config: Config) -> None:
    """Make the hash a setting, so that pages are written anew whenever it changes."""
    config.stamp = inputs(Path(app.srcdir), Path(app.srcdir, config.root_doc).parent, default_folder())
    config.built = made_on()


def show(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    """Give the page what the template `last-updated.html` prints."""
    context.update(stamp=app.config.stamp, built=app.config.built)


def setup(app: Sphinx) -> dict[str, bool]:
    """Stamp each page."""
    app.add_config_value("stamp", "", "html", str)
    app.add_config_value("built", "", "html", str)
    app.connect("config-inited", take, priority=950)  # after the table of contents has named the front page
    app.connect("html-page-context", show)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
