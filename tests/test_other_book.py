"""The same chapters come out for other studies: one with all that a study can have, and one as it is on the first evening."""

import os
import subprocess
import sys

import pytest
import regex
from bs4 import BeautifulSoup
from made_up import ROOT, copy_project
from other_study import write_bare_study, write_other_study

pytestmark = pytest.mark.long

CHAPTERS = [path.stem for path in sorted((ROOT / "book").glob("*.ipynb"))]


def build(study, project):
    """The pages of a study's book, built by the command behind `make book STUDY=DIR` in a copy of the project."""
    command = [sys.executable, "tools/book.py", "build", str(study)]
    environment = {**os.environ, "PYTHONPATH": str(project)}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return project / "_build" / study.name / "html"


@pytest.fixture(scope="module", params=[write_other_study, write_bare_study], ids=["whole", "bare"])
def book(request, tmp_path_factory):
    """The study's folder and the folder of its book, whose making leaves the project's own chapters as they are."""
    study, project = request.param(tmp_path_factory.mktemp("study") / "my study"), tmp_path_factory.mktemp("project")
    copy_project(project)
    html = build(study, project)
    for path in (ROOT / "book").rglob("*"):
        assert path.is_dir() or (project / path.relative_to(ROOT)).read_bytes() == path.read_bytes(), path.name
    return study, html


def first_names():
    """The names of this project's own study: its actors, sources, titles."""
    import analysis

    study = analysis.load(ROOT / "seeds")
    names = {alias.strip("*") for alias in study.actors["alias"]} | set(study.documents["source"])
    names |= set(study.documents["title"]) | {study.about.title, study.about.subject}
    general = {"president", "the alliance", "union state"}
    return {name for name in names if len(name) > 3 and name.casefold() not in general}


def texts(html):
    """The text of every page, with what a picture says."""
    for path in sorted(html.rglob("*.html")):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        said = " ".join(tag.get("aria-label") or tag.get("alt") or tag.get("content") or "" for tag in soup(True))
        yield path.relative_to(html).as_posix(), f"{soup.get_text(' ')} {said}"


def test_every_chapter_is_there(book):
    _, html = book
    assert all((html / "book" / f"{chapter}.html").exists() for chapter in CHAPTERS)
    assert (html / "book" / "explore.html").exists() and (html / "findings.zip").exists()


def test_nothing_of_the_first_study_is_in_it(book):
    pattern = regex.compile(
        rf"\b(?:{'|'.join(map(regex.escape, sorted(first_names(), key=len, reverse=True)))})\b", regex.I
    )
    found = {page: sorted(set(pattern.findall(text))) for page, text in texts(book[1]) if pattern.search(text)}
    assert found == {}


def test_every_document_has_its_page_and_the_title_is_the_study_s_own(book):
    import analysis

    study = analysis.load(book[0])
    pages = {path.stem for path in (book[1] / "book" / "documents").glob("*.html")}
    assert pages == set(study.documents["doc_id"])
    front = BeautifulSoup((book[1] / "book" / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert front.article.h1.get_text().startswith(study.about.title)
    assert {front.h1.get_text(), front.select_one(".logo__title").get_text()} == {study.about.title}


def test_no_sentence_shows_its_seams(book):
    wrong = regex.compile(r"\bnan\b|\bNone\b(?! (?:of|is)\b)|\{\w+\}|\(\s*\)|\bno \w+s? of (?:them|it)\b|  ,")
    for page in sorted((book[1] / "book").glob("[0i]*.html")):
        article = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").find("article")
        for code in article(["pre", "script", "style"]):
            code.decompose()
        text = " ".join(article.get_text(" ").split())
        assert not [text[found.start() - 40 : found.end() + 40] for found in wrong.finditer(text)], page.name
