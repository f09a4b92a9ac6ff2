"""How the book is made: what stops it is said in words, before anything is computed."""

import shutil

import print as paper
import pytest
from made_up import ROWS, study_of, with_cell, write_rows

import analysis
import book


def test_a_study_with_a_fault_is_refused_in_words(folder, tmp_path):
    made = book.Book(tmp_path / "source", folder, tmp_path)
    assert book.faults(made) == ""
    write_rows(folder, with_cell(0, "role", ""))
    said = "documents.csv, row 2: 01_pears.txt has no role. Use one of: ties, context."
    assert book.faults(made).strip() == said
    with pytest.raises(SystemExit, match="01_pears.txt has no role"):
        book.write_pages(made)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (1, "Post", "all documents with the role “ties” and words that count are from Post. Add documents about"),
        (5, "context", "no document has the role “ties” and words that count. Add documents about"),
    ],
)
def test_where_there_is_nothing_to_compare_the_build_says_what_is_missing(folder, column, value, said):
    assert book.too_few(analysis.load(folder).documents) == ""
    write_rows(folder, [[*row[:column], value, *row[column + 1 :]] for row in ROWS])
    assert said in book.too_few(analysis.load(folder).documents)


def test_a_source_of_copies_only_is_nothing_to_compare(folder):
    text = " ".join(f"word{number}" for number in range(60))
    study = study_of(folder, [("Post", text), ("Post", "Other words."), ("Mail", text)])
    assert study.documents["tokens"].tolist() == [60, 2, 0]
    assert "are from Post" in book.too_few(study.documents)


@pytest.mark.parametrize(("tool", "what"), [(book, "build"), (book, "notebooks"), (paper, "pdf"), (paper, "epub")])
def test_what_is_no_study_is_refused_in_words(tmp_path, capsys, tool, what):
    assert tool.main([what, str(tmp_path)]) == 1
    assert "this is not the folder of a study" in capsys.readouterr().err


def test_a_study_that_would_lie_in_the_way_of_the_book_is_refused(tmp_path, capsys):
    study = tmp_path / "html"
    study.mkdir()
    write_rows(study, [])
    assert book.main(["build", str(study)]) == 1
    assert "html: a book of that name would lie in the way" in capsys.readouterr().err


def test_a_book_is_not_written_over_that_of_another_study(folder, tmp_path, monkeypatch, capsys):
    """Of two studies in folders of one name the first keeps its place, until it is gone."""
    monkeypatch.setattr(book, "ROOT", tmp_path / "project")
    for name in (*book.SETTINGS, "book/one.md"):
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / name).touch()
    one, two = (
        shutil.copytree(folder, tmp_path / place / "fruit", ignore=shutil.ignore_patterns("project", "a", "b"))
        for place in "ab"
    )
    book.copy_chapters(book.book_of(one))
    assert book.is_study(str(one)) and not book.is_study(str(two))
    assert f"_build/fruit holds the book of another study, {one}. Rename this folder" in capsys.readouterr().err
    shutil.rmtree(one)
    assert book.is_study(str(two))
