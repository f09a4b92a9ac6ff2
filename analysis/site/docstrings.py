"""Docstrings as pages: citations lead to the list of references, and names of the package to where they are described.

A docstring cites by number and lists the works at its end, or at that of its module. On a page the works stand in one
list, `book/references.md`, so a number becomes the author and the year, with a link, and the list is left out.
"""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import regex

from analysis import HOME

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SECTION = regex.compile(r"(?ms)^References\n-{3,}\n(?P<list>.*?)(?=^\w[\w ]*\n-{3,}\n|\Z)")
ENTRY = regex.compile(r"(?ms)^\.\. \[(\d+)\] (.*?)(?=^\.\. \[|^\s*$|\Z)")
CITATION = regex.compile(r"\[(\d+)\]_")
EXAMPLE = regex.compile(r"\s*(?:>>>|\.\.\. )")
MARKS = regex.compile(r"``.+?``|(?<![:\w])`(?P<name>[^`<>]+)`|\|")  # names, and bars, which are absolute values here
SETTINGS = {
    "autodoc_typehints": "none",  # the docstrings say more
    "autodoc_preserve_defaults": True,  # as they are written: a default may be a path
    "napoleon_google_docstring": False,
    "napoleon_use_param": False,
    "napoleon_use_rtype": False,
    "napoleon_custom_sections": [("Attributes", "params_style")],
    "toc_object_entries_show_parents": "hide",
}


class Work(NamedTuple):
    """What is cited: its place in the list of references, and how the text calls it."""

    label: str
    name: str


def work(reference: str) -> Work:
    """Return how a work is cited whose entry begins with its authors and its year.

    Examples
    --------
    >>> work("Särndal, C.-E., Swensson, B. & Wretman, J. (1992). Model Assisted Survey Sampling.")
    Work(label='sarndal-1992', name='Särndal et al. 1992')
    """
    authors, year = regex.match(r"(.+?) \((\d{4})\)", reference).groups()
    parts = regex.split(r"(?<=\.),? (?:& )?", authors)  # a part without a comma is a further initial
    names = [part.partition(",")[0] for part in parts if "," in part] or [authors]
    plain = unicodedata.normalize("NFKD", names[0]).encode("ascii", "ignore").decode().lower()
    called = " & ".join(names) if len(names) < 3 else f"{names[0]} et al."
    return Work(f"{regex.sub('[^a-z]+', '-', plain)}-{year}", f"{called} {year}")


def references(docstring: str) -> dict[str, str]:
    """Return what a docstring lists as references, by number, each on one line."""
    listed = SECTION.search(docstring)
    return {number: " ".join(text.split()) for number, text in ENTRY.findall(listed["list"])} if listed else {}


def as_page(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Rewrite a docstring, given as its lines, before its sections are read."""
    text = "\n".join(lines)
    module = sys.modules[thing.__module__].__doc__ or ""
    works = {number: work(entry) for number, entry in (references(module) | references(text)).items()}
    kept = SECTION.sub("", text).split("\n")
    text = "\n".join(line if EXAMPLE.match(line) else MARKS.sub(_marked, line) for line in kept)
    lines[:] = CITATION.sub(lambda found: "(:ref:`{1} <{0}>`)".format(*works[found[1]]), text).split("\n")


def _marked(found: regex.Match) -> str:
    """A name as a link, if it is a public one, with or without its module; else as code. A bar as itself."""
    if not found["name"]:
        return "\\|" if found[0] == "|" else found[0]
    module, _, name = found["name"].rpartition(".")
    if name in HOME and HOME[name].endswith(module):
        return f":py:obj:`{name} <analysis.{name}>`"
    return f"``{found['name']}``"


def setup(app: Sphinx) -> dict[str, bool]:
    """Read docstrings as this package writes them."""
    for extension in ("sphinx.ext.autodoc", "sphinx.ext.napoleon"):
        app.setup_extension(extension)
    for name, value in SETTINGS.items():
        app.config[name] = value
    app.connect("autodoc-process-docstring", as_page, priority=100)  # before the sections are read
    return {"parallel_read_safe": True}
