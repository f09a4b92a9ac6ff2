"""The prose that a study brings along, as the chapters show it."""

from __future__ import annotations

from html import escape

from IPython.display import HTML
from markdown_it import MarkdownIt

from analysis.corpus import Study, select
from analysis.corpus.commentary import check_commentary, named_sentences
from analysis.measures.concordance import kwic
from analysis.report.downloads import file_name, show_table
from analysis.report.evidence import sentence_link

CONCORDANCE = "concordance"  # a fenced block of this name holds search patterns, whose lines are shown in its place
LABELS = {"doc_id": "Document", "left": "Left", "match": "Match", "right": "Right"}


def commentary(study: Study, chapter: str, place: str) -> HTML | None:
    """Show what a study has to say at a place of a chapter; nothing if it has nothing to say there.

    Parameters
    ----------
    study : Study
        With all documents, the context documents included.
    chapter, place : str
        See `corpus.about`.

    Raises
    ------
    StudyError
        As `corpus.commentary.check_commentary`.

    Notes
    -----
    The text is Markdown without HTML. The id of a sentence becomes a link to it. A fenced block ``concordance`` with
    search patterns, one to a line, becomes a table of the places where they stand in documents about the subject.
    """
    check_commentary(study)
    rows = study.commentary
    text = "".join(rows.loc[(rows["chapter"] == chapter) & (rows["place"] == place), "text"])
    return HTML(f'<div class="commentary">{_as_html(study, text)}</div>') if text else None


def _as_html(study: Study, text: str) -> str:
    """Markdown as HTML, with its ids as links and its concordances as tables."""
    markdown, names = MarkdownIt("commonmark", {"html": False}).enable("table"), named_sentences(study)
    tokens = markdown.parse(text)
    for token in tokens:
        if token.type == "fence" and token.info.strip() == CONCORDANCE:
            token.type, token.content = "html_block", _concordance(study, token.content.split("\n"))
        for child in token.children or ():
            if child.type == "text":
                linked = names.sub(lambda match: sentence_link(match.group()), escape(child.content))
                child.type, child.content = "html_inline", linked
    return markdown.renderer.render(tokens, markdown.options, {})


def _concordance(study: Study, lines: list[str]) -> str:
    """The places of search patterns in documents about the subject, as a table."""
    patterns = [line.strip() for line in lines if line.strip()]
    named = " or ".join(f"“{pattern}”" for pattern in patterns)
    caption = f"Every place of {named} in documents about {study.about.subject}."
    name = file_name(f"places-of-{'-'.join(patterns)}")
    return show_table(kwic(select(study, role="ties"), patterns), caption=caption, name=name, labels=LABELS).data
