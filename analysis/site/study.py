"""The book’s title and authors, and what its front page says of itself, from the study it is made of."""

from __future__ import annotations

from html import escape

from sphinx.application import Sphinx
from sphinx.config import Config

from analysis.corpus import default_folder
from analysis.corpus.about import read_about
from analysis.errors import StudyError


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the study’s own title before anything is read."""
    app.connect("config-inited", describe, priority=100)
    app.connect("html-page-context", name_book)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def describe(app: Sphinx, config: Config) -> None:
    """Set the title, the authors, the licence and the substitutions: the fields of ``study.yml``.

    Raises
    ------
    StudyError
        With what is wrong with ``study.yml``.
    """
    about, problems = read_about(default_folder())
    if problems:
        raise StudyError(*problems)
    config.project = config.html_title = about.title
    config.author = about.authors or "the authors of this book"
    config.copyright = f"{config.copyright.split(',')[0].split(' ')[0]}, {config.author}"
    config.findings_licenses = [{"name": about.licence}] if about.licence else []
    config.myst_substitutions = {**config.myst_substitutions, **about._asdict()}


def name_book(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    """Write the book’s title, authors and licence into the head of each page."""
    licences = ", ".join(licence["name"] for licence in app.config.findings_licenses)
    said = {"application-name": app.config.project, "author": app.config.author, "rights": licences}
    tags = "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in said.items() if value)
    context["metatags"] = context.get("metatags", "") + tags
