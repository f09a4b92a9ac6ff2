"""What a page offers to be saved is the table that it shows, to eight digits, and each of its columns is explained."""

import io
import json
import os
import platform
import subprocess
import sys
import zipfile
from functools import partial
from hashlib import sha256

import nbformat
import numpy as np
import pandas as pd
import pyarrow.parquet as parquet
import pytest
import yaml
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from made_up import ROOT

from analysis.report.dictionary import PATH, column_groups, describe
from analysis.report.downloads import LINK, Download, csv_link, read_link, show_table
from analysis.report.package import archive, package_files, parse_table, problems, study_sources

NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
anything = partial(describe, groups=[])


def saved(table, name="t"):
    """What the link to a table saves."""
    return read_link(LINK.fullmatch(csv_link(table, name, "What to see.")))


def outputs(path):
    """The HTML that a notebook shows."""
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            yield "".join(output.get("data", {}).get("text/html", ""))


def lacks(figure):
    """What a figure or a table on a page lacks of what each must have."""
    endings = {link["download"].rpartition(".")[2] for link in figure.find_all("a", download=True)}
    drawn = figure.find("svg")
    needed = {
        "a caption": figure.figcaption and figure.figcaption.find(string=True, recursive=False),
        "a CSV file": "csv" in endings,
        "an SVG file": not drawn or "svg" in endings,
        "an alt text": not drawn or drawn.get("aria-label", "").strip(),
        "anything to see": drawn or figure.find("table") or figure.find(string=["none"]) or "Nothing" in figure.text,
    }
    return [what for what, there in needed.items() if not there]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_figure_and_table_of_a_notebook_has_what_it_needs(path):
    results = [
        figure for html in outputs(path) for figure in BeautifulSoup(html, "html.parser").select("figure.result")
    ]
    assert results, "the notebook shows nothing"
    assert {figure.figcaption.text: lacks(figure) for figure in results if lacks(figure)} == {}


def test_what_lacks_something_is_found():
    whole = show_table(pd.DataFrame({"a": [1]}), caption="A table.", name="t").data
    assert lacks(BeautifulSoup(whole, "html.parser").figure) == []
    for part, what in (("A table.", "a caption"), (".csv", "a CSV file"), ("table>", "anything to see")):
        assert lacks(BeautifulSoup(whole.replace(part, ""), "html.parser").figure) == [what]


def test_no_name_of_a_notebooks_file_stands_for_two():
    pages = {
        path.stem: [read_link(link) for html in outputs(path) for link in LINK.finditer(html)] for path in NOTEBOOKS
    }
    assert sum(map(len, pages.values())) > 50
    assert problems(pages, lambda table, column: "known") == []


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
rows = st.lists(st.tuples(text, st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.booleans()))


@given(rows)
def test_a_csv_file_read_back_is_the_table(records):
    table = pd.DataFrame(records, columns=["text", "n", "x", "yes"])
    table = table.astype({"text": object, "n": "int64", "x": "float64", "yes": "bool"})
    read = parse_table(saved(table)).to_pydict()
    if len(table):  # a table without rows has no types
        assert read["text"] == [text or None for text in table["text"]]
        assert read["n"] == table["n"].tolist() and read["yes"] == table["yes"].tolist()
        whole = table["x"] == table["x"].round()
        np.testing.assert_allclose(read["x"], table["x"], rtol=1e-7, atol=0)
        assert np.array_equal(np.array(read["x"])[whole], table["x"][whole])


def test_types_are_those_of_the_table_and_missing_values_are_missing():
    table = pd.DataFrame(
        {
            "id": ["000", "001", None],
            "n": [1, 2, 3],
            "maybe": pd.array([1, None, 3], "Int64"),
            "x": [0.1, np.nan, 1e-300],
            "flag": [True, None, False],
            "kind": pd.Categorical(["a", "b", None]),
            "number": pd.Categorical([2, 1, 2]),
            "whole": [1.0, 2.0, 3.0],
        }
    )
    read = parse_table(saved(table))
    assert [str(field.type) for field in read.schema] == [
        "string", "int64", "int64", "double", "bool", "string", "int64", "double",
    ]  # fmt: skip
    assert read.to_pydict() == {
        "id": ["000", "001", None],
        "n": [1, 2, 3],
        "maybe": [1, None, 3],
        "x": [0.1, None, 1e-300],
        "flag": [True, None, False],
        "kind": ["a", "b", None],
        "number": [2, 1, 2],
        "whole": [1.0, 2.0, 3.0],
    }


def test_a_table_without_rows_says_none_and_can_be_saved():
    page = BeautifulSoup(
        show_table(pd.DataFrame({"a": [], "b": []}), caption="Nobody.", name="empty").data, "html.parser"
    )
    assert page.figcaption.text == "Nobody." and page.find("p", class_="empty").text == "none"
    assert not page.find("table") and lacks(page.figure) == []
    assert parse_table(saved(pd.DataFrame({"a": [], "b": []}))).num_rows == 0
    assert "none" in show_table(pd.DataFrame(), caption="Nobody.", name="empty").data


@pytest.mark.parametrize("name", ["Tables", "a b", "../up", "ж", ""])
def test_a_name_that_is_none_for_a_file_is_refused(name):
    with pytest.raises(ValueError, match="is no name for a file"):
        csv_link(pd.DataFrame({"a": [1]}), name, "c")


def test_what_is_wrong_with_downloads_names_page_file_and_column():
    one, other = saved(pd.DataFrame({"doc_id": [1]})), saved(pd.DataFrame({"doc_id": [2]}))
    unknown = saved(pd.DataFrame([[1, 2, 3]], columns=["doc_id", "doc_id", "colour"]), "u")
    assert problems({"first": [one], "second": [one]}, anything) == []
    assert problems({"first": [one], "second": [other], "third": [unknown]}, anything) == [
        "t.csv: two different files have this name, on the pages first and second",
        "u.csv, on the page third: two columns are called “doc_id”",
        "u.csv, on the page third: the dictionary does not say what its column “colour” is",
    ]


def test_columns_named_after_groups_are_explained_and_others_are_not(seeds):
    known = partial(describe, groups=column_groups(seeds))
    source, doc_id = seeds.documents.loc[0, ["source", "doc_id"]]
    assert known("any", source) == f"The value for {source}."
    assert known("frequency-by-source", source) == f"How often the term occurs in {source}."
    assert known("cue-rates", f"{source} (count)").startswith(f"Paragraphs of {source}")
    assert known("any", doc_id) and known("any", "2016") and known("any", "2016-05") and known("any", "3")
    assert known("any", "Another Source") is None and known("cue-rates", "Another Source (paragraphs)") is None
    assert known("documents", "sentences") != known("keyness", "sentences")


def test_the_dictionary_names_nothing_of_the_study_and_ends_each_entry(seeds):
    dictionary = PATH.read_text(encoding="utf-8")
    named = {*seeds.documents["source"], *seeds.documents["publisher"], *seeds.frames["frame"], *seeds.actors["alias"]}
    assert [name for name in named if len(name) > 3 and name in dictionary] == []
    read = yaml.safe_load(dictionary)
    entries = [*read["columns"].items(), *(entry for table in read["tables"].values() for entry in table.items())]
    assert len(entries) > 300
    assert [column for column, said in entries if said[0].islower() or said[-1] != "."] == []


TABLE = Download("t.csv", "A table.", ("string", "integer"), "doc_id,count\r\na,1\r\n,2\r\n")
FIGURE = Download("f.svg", "A figure.", (), "<svg/>")


def test_a_package_describes_its_files(seeds):
    files = package_files([TABLE, FIGURE], about={"title": "T", "sources": study_sources(seeds)}, describe=anything)
    assert list(files) == ["datapackage.json", "figures/f.svg", "tables/t.csv", "tables/t.parquet"]
    descriptor = json.loads(files["datapackage.json"])
    resources = {resource["path"]: resource for resource in descriptor["resources"]}
    for path, resource in resources.items():
        assert resource.get("bytes") == (None if path.endswith(".parquet") else len(files[path]))
        assert resource["hash"] == f"sha256:{sha256(files[path]).hexdigest()}"
    assert [field["name"] for field in resources["tables/t.csv"]["schema"]["fields"]] == ["doc_id", "count"]
    stored = parquet.read_table(io.BytesIO(files["tables/t.parquet"]))
    assert stored.to_pydict() == {"doc_id": ["a", None], "count": [1, 2]}
    assert stored.schema.field("doc_id").metadata[b"description"].decode() == anything("t", "doc_id")
    assert len(descriptor["sources"]) == len(seeds.documents) and all(s["title"] for s in descriptor["sources"])


def test_an_archive_is_the_same_each_time_and_holds_the_files():
    files = package_files([FIGURE, TABLE], about={}, describe=anything)
    assert files == package_files([TABLE, FIGURE], about={}, describe=anything)
    assert archive(files) == archive(dict(files))
    with zipfile.ZipFile(io.BytesIO(archive(files))) as zipped:
        assert {name: zipped.read(name) for name in zipped.namelist()} == files
        assert {entry.date_time for entry in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the kernels named here are of x86")
def test_a_download_is_the_same_with_the_arithmetic_of_another_processor():
    """What linear algebra gives in its last digits differs between processors; the book is compared byte by byte."""
    code = """
import analysis
from analysis.report.downloads import csv_link
topics = analysis.fit_topics(analysis.load(), topics=4)
print(csv_link(topics.shares, "shares", "") + csv_link(topics.terms, "terms", ""))
"""
    old, new = (
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            check=True,
            capture_output=True,
            env={**os.environ, "OPENBLAS_CORETYPE": core},
        ).stdout
        for core in ("Prescott", "Haswell")
    )
    assert old == new and old.count(b"%0D%0A") > 100
