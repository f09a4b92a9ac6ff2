"""Gives the page Explore its script and its style sheet, and no other page."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.fileutil import copy_asset_file

ASSETS = ("explore.js", "explore.css")


def setup(app: Sphinx) -> dict[str, bool]:
    """Take part in a build."""
    app.connect("builder-inited", _copy)
    app.connect("html-page-context", _add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _copy(app: Sphinx) -> None:
    folder = Path(app.outdir) / "_static"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ASSETS:
        copy_asset_file(str(Path(__file__).with_name(name)), str(folder))


def _add(app: Sphinx, page: str, *_: object) -> None:
    if page.rpartition("/")[2] == "explore":
        app.add_js_file("explore.js", loading_method="defer")
        app.add_css_file("explore.css")
