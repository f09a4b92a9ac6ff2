"""Mends of the theme: scripts that do not hold up a page, arrows that have a name, one name for one language."""

from __future__ import annotations

import regex
from docutils import nodes
from sphinx.application import Sphinx

UNUSED = ("DOCUMENTATION_OPTIONS.",)  # scripts within the page that set what only absent parts of the theme read
ARROW = regex.compile(r"(<a\b[^>]*>)(.*?)(</a>\s*<details[^>]*>\s*<summary)>", regex.S)


def defer(script: object) -> object:
    """The same script, to be run once the page is read."""
    return type(script)(script.filename, priority=script.priority, **{**script.attributes, "defer": "defer"})


def name_arrows(navigation: str) -> str:
    """Give each arrow that unfolds a part of the sidebar the name of the link before it."""
    return ARROW.sub(lambda m: f'{m[1]}{m[2]}{m[3]} aria-label="{regex.sub("<[^>]*>", "", m[2]).strip()}">', navigation)


def mend(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    """Mend what the theme is about to put on a page."""
    scripts = [s for s in context["script_files"] if not s.attributes.get("body", "").startswith(UNUSED)]
    context["script_files"] = [defer(script) if script.filename else script for script in scripts]
    if draw := context.get("generate_toctree_html"):
        context["generate_toctree_html"] = lambda *args, **options: name_arrows(str(draw(*args, **options)))


def one_language(app: Sphinx, doctree: nodes.document) -> None:
    """Colour all Python as a notebook’s: a kernel that ran calls its language otherwise than a stored notebook does."""
    for block in doctree.findall(nodes.literal_block):
        if block.get("language") == "python":
            block["language"] = "ipython3"


def setup(app: Sphinx) -> dict[str, bool]:
    """Mend each page, after the theme has had its say."""
    app.connect("doctree-read", one_language)
    app.connect("html-page-context", mend, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
