"""The book follows its inputs: an edit anywhere shows in the page, and nothing that is false gets built."""

import ast
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import regex
from made_up import copy_project

MINSK = regex.compile(r"“minsk” stands (\d+) times in the text that is counted and (\d+) times in the removed parts")


def build(tree: Path) -> subprocess.CompletedProcess:
    """Build the book of a tree by the command behind `make book`."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    command = [sys.executable, "tools/book.py", "build"]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)


def counts(chapter: Path) -> tuple[int, int]:
    """The two counts of “minsk” that the first chapter states, as a page or in the outputs of its notebook."""
    counted, removed = MINSK.search(chapter.read_text(encoding="utf-8")).groups()
    return int(counted), int(removed)


def edit(tree: Path, doc_id: str, old: str, new: str) -> None:
    """Change a document and record its new hash."""
    file = next((tree / "seeds").glob(f"{doc_id}_*.txt"))
    table = tree / "seeds" / "documents.csv"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    after = hashlib.sha256(file.read_bytes()).hexdigest()
    table.write_text(table.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def asked(tree: Path, what: str) -> object:
    """What a tree's own tool says of its book, `b`."""
    code = f"import sys; sys.path.insert(0, 'tools'); import book; b = book.book_of(); print({what})"
    return ast.literal_eval(subprocess.check_output([sys.executable, "-c", code], cwd=tree, text=True))


def stale(tree: Path) -> list[str]:
    """The notebooks whose stored outputs no longer count as current."""
    return asked(tree, "[p.name for p in book.stale(b, book.inputs(b))]")


def stale_after_edit(tree: Path, path: str) -> list[str]:
    """The same, with a blank line added to a file."""
    text = (tree / path).read_text(encoding="utf-8")
    (tree / path).write_text(text + "\n", encoding="utf-8")
    names = stale(tree)
    (tree / path).write_text(text, encoding="utf-8")
    return names


def claim_in(path: Path, arguments: str) -> None:
    """Put a claim into a notebook's first cell of code."""
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.source += f"\nfrom analysis.report.prose import claim\nclaim{arguments}"
    nbformat.write(notebook, path)


@pytest.fixture
def tree(tmp_path):
    """A copy of the project's sources."""
    return copy_project(tmp_path)


@pytest.mark.long
def test_the_book_follows_its_inputs(tree):
    """One story, since each step needs the one before: edit, break, mend, build again."""
    names = sorted(path.name for path in (tree / "book").glob("*.ipynb"))
    counted, removed = counts(tree / "book" / "01_documents.ipynb")
    often = "Yet, in the South Caucasus" + ", in the South Caucasus" * 8 + ", the consequences"

    edit(tree, "000", "has nothing to offer.", "has nothing to offer. Then came Minsk.")
    edit(tree, "002", "Yet, the consequences", often)
    done = build(tree)
    assert done.returncode != 0
    assert regex.search("findings.csv: .* speaks more of the “South Caucasus” .* does not hold: it needs", done.stderr)
    edit(tree, "002", often, "Yet, the consequences")

    chapters = {path: path.read_bytes() for path in (tree / "book").glob("*.ipynb")}
    for path in chapters:  # so that only two are executed
        if path.stem[:2] not in ("01", "02"):
            path.unlink()
    claim_in(tree / "book" / "02_words.ipynb", '("The moon is a pear.", (1, ">", 2))')
    for _ in range(2):  # the second build must not pass over what failed the first
        done = build(tree)
        assert done.returncode != 0
        assert "02_words.ipynb" in done.stderr
        assert "“The moon is a pear.” does not hold: it needs 1 > 2" in done.stderr
    for path, chapter in chapters.items():
        path.write_bytes(chapter)

    done = build(tree)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "executing" in done.stdout and "open " in done.stdout
    pages = tree / "_build" / "html" / "book"
    assert counts(pages / "01_documents.html") == (counted + 1, removed)
    assert "Then came Minsk." in (pages / "documents" / "000.html").read_text(encoding="utf-8")

    done = build(tree)
    assert done.returncode == 0
    assert "executing" not in done.stdout, "nothing had changed"

    program = tree / "analysis" / "__main__.py"
    text = program.read_text(encoding="utf-8")
    program.write_text(text.replace("list every problem in it", "list what the moon finds in it"), encoding="utf-8")
    asked(tree, "book.run_notebooks(b, [], book.inputs(b))")  # the outputs count as current: pages alone are made anew
    done = build(tree)
    assert done.returncode == 0 and "executing" not in done.stdout
    assert "list what the moon finds in it" in (pages / "api" / "commands.html").read_text(encoding="utf-8")

    assert stale(tree) == []
    for path in ("analysis/measures/terms.py", "seeds/frames.yml", "requirements.txt"):
        assert stale_after_edit(tree, path) == names, path
    assert stale_after_edit(tree, "book/02_words.ipynb") == ["02_words.ipynb"]
