"""The book’s title and authors, and what its front page says of itself, from the study it is made of."""

from __future__ import annotations

from html import escape

import regex
from sphinx.application import Sphinx
from sphinx.config import Config

from analysis.corpus import SEEDS, default_folder
from analysis.corpus.about import read_about
from analysis.errors import StudyError
from analysis.site.stamp import made_on

MARKUP = regex.compile(r"[!-/:-@\[-`{-~]")  # what may mean something in Markdown; the fields are plain text


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the study’s own title before anything is read."""
    app.connect("config-inited", describe, priority=100)
    app.connect("html-page-context", name_book)
    app.connect("html-page-context", name_page, priority=900)  # after the theme, which escapes no title
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def describe(app: Sphinx, config: Config) -> None:
    """Set the title, the authors, the licence and the substitutions: the fields of ``study.yml``.

    The year in ``_config.yml`` is that of this project’s own book. Another has that of the day on which it is made,
    where the one who builds says it.

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
    year = config.copyright[:4] if default_folder().resolve() == SEEDS else made_on()[:4]
    config.copyright = ", ".join(filter(None, (year, config.author)))
    config.findings_licenses = [{"name": about.licence}] if about.licence else []
    plain = {field: MARKUP.sub(r"\\\g<0>", value) for field, value in about._asdict().items()}
    config.myst_substitutions = {**config.myst_substitutions, **plain}


def name_book(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    """Write the book’s title, authors and licence into the head of each page."""
    licences = ", ".join(licence["name"] for licence in app.config.findings_licenses)
    said = {"application-name": app.config.project, "author": app.config.author, "rights": licences}
    tags = "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in said.items() if value)
    context["metatags"] = context.get("metatags", "") + tags


def name_page(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    """Write the title of a page, which stands above it in print, as the text that it is."""
    if "pagetitle" in context:
        context["pagetitle"] = escape(context["pagetitle"], quote=False)
