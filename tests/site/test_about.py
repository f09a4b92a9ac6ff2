"""What pages say of themselves: descriptions, the card, the citation."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from PIL import Image

from analysis.site.about import LONGEST, bibtex, cited, describe, draw_card, entries, plain

CFF = "title: 'A & B: an analysis'\nversion: 1.0\ndate-released: '2020-02-03'\nauthors:\n  - {name: The Team}\n"


def page(*parts):
    """A doctree of paragraphs and raw HTML."""
    document = nodes.document(None, None)
    for part in parts:
        document += nodes.raw("", part, format="html") if part.startswith("<") else nodes.paragraph("", part)
    return document


def application(folder, **settings):
    """As much of a Sphinx application as a citation reads."""
    default = {"html_title": "A & B", "author": "N. N.", "copyright": "2019", "html_baseurl": "", "stamp": "f" * 64}
    config = SimpleNamespace(root_doc="index", **{**default, **settings})
    builder = SimpleNamespace(get_target_uri=lambda name: f"{name}.html")
    return SimpleNamespace(srcdir=folder, config=config, builder=builder)


def test_a_description_is_the_title_and_how_the_text_begins():
    assert describe("T", page("One.", "Two."), "Book") == "T: One. Two."
    assert describe("T", None, "Book") == "T: Book"
    long = describe("T", page("word " * 100), "Book")
    assert len(long) <= LONGEST
    assert long.endswith("word…")


def test_a_document_is_described_by_its_sentences():
    raw = (
        '<p class="removed">gone</p><p><span class="sentence" id="1-1"><a href="#1-1">1</a>It &lt;rains&gt;.</span></p>'
    )
    assert describe("T", page(raw), "Book") == "T: It <rains>."


def test_addresses_are_given_only_where_the_book_has_a_home(tmp_path):
    names = {name for _, name, _ in entries(application(tmp_path), "one", "T", None)}
    assert {"description", "og:title", "og:description"} <= names
    assert "og:image" not in names
    there = {
        name: text
        for _, name, text in entries(application(tmp_path, html_baseurl="https://x.org/b/"), "one", "T", None)
    }
    assert there["og:image"] == "https://x.org/b/_static/card.png"
    assert there["og:url"] == "https://x.org/b/one.html"


@pytest.mark.parametrize("title", ["Short", "A very long title of many words " * 12])
def test_a_card_is_drawn_the_same_each_time(tmp_path, title):
    for name in ("a.png", "b.png"):
        draw_card(title, "N. N.", tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (1200, 630)


def test_a_citation_is_that_of_the_file_where_it_is_about_this_book(tmp_path):
    (tmp_path / "CITATION.cff").write_text(CFF, encoding="utf-8")
    fields = cited(application(tmp_path))
    assert plain(fields) == "The Team (2020). A & B: an analysis. Version 1.0, built from inputs ffffffffffff."
    assert bibtex(fields).splitlines()[0] == "@misc{a2020,"
    assert r"title = {A \& B: an analysis}" in bibtex(fields)
    assert "author = {{The Team}}" in bibtex(fields)


def test_another_study_is_cited_by_its_own_title(tmp_path):
    (tmp_path / "CITATION.cff").write_text(CFF, encoding="utf-8")
    fields = cited(application(tmp_path, html_title="Pears"))
    assert plain(fields) == "N. N. (2019). Pears. Built from inputs ffffffffffff."
