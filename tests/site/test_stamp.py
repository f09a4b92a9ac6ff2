"""The hash of the inputs: the same for the same book, another for any change that can show in it."""

import json
import shutil

import pytest
from made_up import ROOT

from analysis.site.stamp import inputs, made_on

NOTEBOOK = {"cells": [{"cell_type": "code", "metadata": {"tags": ["a"]}, "source": ["1 + 1"], "outputs": []}]}


@pytest.fixture
def tree(tmp_path):
    """A made-up source folder with a book and a study."""
    (tmp_path / "book" / "documents").mkdir(parents=True)
    (tmp_path / "book" / "index.md").write_text("# A\n")
    (tmp_path / "book" / "one.ipynb").write_text(json.dumps(NOTEBOOK))
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "a.txt").write_text("Text.\n")
    (tmp_path / "_config.yml").write_text("title: A\n")
    return tmp_path


def take(tree):
    """The hash of a tree."""
    return inputs(tree, tree / "book", tree / "study")


@pytest.mark.parametrize("name", ["book/index.md", "book/one.ipynb", "study/a.txt", "_config.yml"])
def test_a_change_of_an_input_changes_the_hash(tree, name):
    before = take(tree)
    text = (tree / name).read_text()
    (tree / name).write_text(text.replace("1 + 1", "1 + 2").replace("A", "B").replace("Text", "Test"))
    assert take(tree) != before


def test_a_new_or_renamed_file_changes_the_hash(tree):
    before = take(tree)
    (tree / "study" / "a.txt").rename(tree / "study" / "b.txt")
    renamed = take(tree)
    (tree / "study" / "c.txt").write_text("")
    assert len({before, renamed, take(tree)}) == 3


def test_what_follows_from_the_inputs_does_not_change_the_hash(tree):
    before = take(tree)
    executed = json.loads(json.dumps(NOTEBOOK))
    executed["cells"][0] |= {"outputs": [{"text": "2"}], "execution_count": 1, "source": "1 + 1"}
    (tree / "book" / "one.ipynb").write_text(json.dumps(executed, indent=1))
    (tree / "book" / "documents" / "a.md").write_text("# a\n")
    (tree / "book" / ".ipynb_checkpoints").mkdir()
    (tree / "book" / ".ipynb_checkpoints" / "one.ipynb").write_text("{}")
    assert take(tree) == before


def test_the_place_of_the_folders_does_not_change_the_hash(tree, tmp_path_factory):
    moved = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(tree / "study", moved / "another-name")
    assert inputs(tree, tree / "book", moved / "another-name") == take(tree)


def test_the_day_is_given_only_where_somebody_says_it(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert made_on() == ""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86399")
    assert made_on() == "1970-01-01"


@pytest.mark.built
def test_the_built_book_names_the_hash_of_what_is_here():
    stamp = inputs(ROOT, ROOT / "book", ROOT / "seeds")
    assert f"SHA-256 {stamp}" in (ROOT / "_build" / "html" / "book" / "index.html").read_text(encoding="utf-8")
