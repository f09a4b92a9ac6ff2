"""The list of references: what is cited stands in it, once, and nothing else does."""

import ast
import json
import unicodedata
from itertools import pairwise

import pytest
import regex
from made_up import ROOT

from analysis.corpus.english import MONTHS
from analysis.site.docstrings import references, work

ENTRY = regex.compile(
    r"(?m)^- \[(?P<head>.+?)\]\{#(?P<label>[a-z0-9-]+)\} (?P<rest>.+?)(?: \[doi:(\S+)\]\((?P<url>\S+)\))?$"
)
LIST = (ROOT / "book" / "references.md").read_text(encoding="utf-8")
ENTRIES = {found["label"]: found for found in ENTRY.finditer(LIST)}
CITED = regex.compile(r"(?P<name>\p{Lu}[\p{L}’'-]+)(?: et al\.)?,? \(?(?P<year>(?:19|20)\d\d)\)")
PROSE = [*(ROOT / "book").glob("*.md"), *(ROOT / "book").glob("*.ipynb")]
MODULES = sorted((ROOT / "analysis").rglob("*.py"))


def docstrings(path):
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    kinds = ast.Module, ast.FunctionDef, ast.ClassDef
    return [text for node in nodes if isinstance(node, kinds) and (text := ast.get_docstring(node))]


def prose(path):
    """What a reader sees of a page: its text, and the texts within the code of a notebook."""
    text = path.read_text(encoding="utf-8")
    return text if path.suffix == ".md" else "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def plain(text):
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def test_every_line_of_the_list_is_an_entry():
    assert len(ENTRIES) == LIST.count("\n- ") > 50


@pytest.mark.parametrize("label", ENTRIES)
def test_an_entry_is_found_under_its_authors_and_its_year(label):
    assert work(ENTRIES[label]["head"]).label == label
    if url := ENTRIES[label]["url"]:
        assert url == f"https://doi.org/{ENTRIES[label][4]}"


def test_the_list_is_in_order():
    names = [regex.sub(r"[^a-z ]", "", plain(entry["head"]).split(" (")[0]) for entry in ENTRIES.values()]
    assert not [pair for pair in pairwise(names) if pair[0] > pair[1]]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_what_a_docstring_lists_stands_in_the_list_as_it_is(path):
    for docstring in docstrings(path):
        for text in references(docstring).values():
            entry = ENTRIES[work(text).label]
            assert f"{entry['head']} {entry['rest']}" == text
        numbers = set(regex.findall(r"\[(\d+)\]_", docstring))
        listed = references(docstring) or references(docstrings(path)[0])
        assert numbers <= set(listed)


@pytest.mark.parametrize("path", [*PROSE, *MODULES], ids=lambda path: f"{path.parent.name}.{path.name}")
def test_who_is_cited_in_prose_stands_in_the_list(path):
    texts = [prose(path)] if path in PROSE else docstrings(path)
    years = [(entry["head"], work(entry["head"]).label[-4:]) for entry in ENTRIES.values()]
    for found in (found for text in texts for found in CITED.finditer(text)):
        known = [head for head, year in years if found["name"] in head and year == found["year"]]
        assert known or found["name"] in MONTHS, found.group()


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_a_citation_leads_to_the_work_it_names(path):
    for text, label in regex.findall(r"\[([^\]]+)\]\(#([a-z-]+-\d{4})\)", prose(path)):
        first = work(ENTRIES[label]["head"]).name.split(" & ")[0].split(" et al.")[0].removesuffix(f" {label[-4:]}")
        assert text.startswith(first) and label[-4:] in text


def test_what_stands_in_the_list_is_cited():
    cited = {work(text).label for path in MODULES for d in docstrings(path) for text in references(d).values()}
    cited |= {label for path in PROSE for label in regex.findall(r"\(#([a-z-]+-\d{4})\)", prose(path))}
    assert set(ENTRIES) == cited
