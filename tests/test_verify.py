"""A book at hand is what its inputs give, or else what differs is named."""

import shutil

import pytest
import regex
import verify
from made_up import ROOT

BOOK = ROOT / "_build" / "html"
PAGE = '<p>One.</p>\n<p>Two.</p>\n<code title="SHA-256 {}"></code>\n'


@pytest.fixture
def books(tmp_path):
    """A small book, and the same made again."""
    for name in ("held", "made"):
        (tmp_path / name / "book").mkdir(parents=True)
        for page in ("index.html", "book/one.html", "book/two.html"):
            (tmp_path / name / page).write_text(PAGE.format("a" * 64), encoding="utf-8")
    return tmp_path / "held", tmp_path / "made"


def test_the_same_book_is_the_same(books):
    assert verify.compare(*books) == []


def test_a_changed_byte_is_named_with_its_line(books):
    page = books[0] / "book" / "one.html"
    page.write_bytes(page.read_bytes().replace(b"Two.", b"Too."))
    (line,) = verify.compare(*books)
    assert line.startswith("differs: book/one.html, line 2, byte 5\n")
    assert "in the book: <p>Too.</p>" in line
    assert "built again: <p>Two.</p>" in line


@pytest.mark.parametrize(
    ("old", "new", "line"), [(b"</code>\n", b"</code>\n\n", 5), (b"One.</p>\n", b"One.</p>\r\n", 1)]
)
def test_an_added_end_is_named(books, old, new, line):
    page = books[0] / "book" / "one.html"
    page.write_bytes(page.read_bytes().replace(old, new))
    assert verify.compare(*books)[0].startswith(f"differs: book/one.html, line {line},")


def test_missing_and_extra_files_are_named(books):
    (books[0] / "book" / "two.html").rename(books[0] / "book" / "three.html")
    assert verify.compare(*books) == ["missing: book/two.html", "extra: book/three.html"]


def test_other_inputs_are_told_once(books):
    for page in books[0].rglob("*.html"):
        page.write_text(PAGE.format("b" * 64), encoding="utf-8")
    assert verify.compare(*books) == [f"made from other inputs: the book names {'b' * 64}, these are {'a' * 64}"]


def test_a_book_that_comes_out_the_same_is_said_to(books, tmp_path, monkeypatch, capsys):
    def made_again(source, copy, book, study):
        shutil.copytree(source, copy)
        shutil.copytree(books[1], copy / verify.built(study))

    monkeypatch.setattr(verify, "rebuild", made_again)
    source = tmp_path / "source"
    (source / "book").mkdir(parents=True)
    assert verify.verify(books[0], source) == 0
    assert capsys.readouterr().out == "the same to the byte: 3 files, and the outputs of the notebooks\n"


@pytest.mark.built
@pytest.mark.long
def test_the_built_book_is_what_the_sources_give_but_for_what_was_changed(tmp_path, capsys):
    """Built again from sources in which one page reads otherwise, all but that page is the same to the byte."""
    tree = tmp_path / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*verify.LEFT))
    page = tree / "book" / "glossary.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nOne line more.\n", encoding="utf-8")
    assert verify.verify(BOOK, tree) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert [regex.match(r"[^:]+(?:: [\w./]+\.\w+)?", line)[0] for line in told] == [
        "made from other inputs", "differs: book/glossary.html", "differs: searchindex.js",
    ]  # fmt: skip
