"""Make the book: execute its notebooks, write the pages that are made from documents, build its HTML.

    python tools/book.py notebooks         # execute every notebook and store its outputs
    python tools/book.py build             # the same where something changed, then the HTML, in _build/html
    python tools/book.py lab               # open the notebooks in JupyterLab
    python tools/book.py build my-study    # the same chapters on another study; the HTML is in _build/my-study/html

Executing again what did not change would only cost time, but a number that is out of date would be worse: a notebook's
stored outputs count as current only if they were made from the very same notebook, package, study and lock.

The book of another study is made from a copy of the chapters in `_build/my-study`, so that `book/` keeps the outputs of
this project's own.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
SETTINGS = ("_config.yml", "_toc.yml")
LEFT_BEHIND = {"__pycache__", ".ipynb_checkpoints", "_build"}  # what programs leave in a folder
TAKEN = {"html", "source", "jupyter_execute"}  # names in _build that no other study can have
OWNER = "study.txt"  # names the study of which a folder in _build holds the book
METADATA = {  # what a kernel adds about itself differs from one Python to the next
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
ENVIRONMENT = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # the same bits each time


class Book(NamedTuple):
    """A book to be made: the folder that holds its chapters and settings, that of its study, and that of the result."""

    tree: Path
    study: Path
    build: Path

    @property
    def chapters(self) -> Path:
        return self.tree / "book"

    @property
    def html(self) -> Path:
        return self.build / "html"


def book_of(study: Path = SEEDS) -> Book:
    """Return where the book of a study is made: in place for this project’s own, in a copy for another."""
    if study.resolve() == SEEDS:
        return Book(ROOT, SEEDS, ROOT / "_build")
    build = ROOT / "_build" / study.resolve().name
    return Book(build / "source", study.resolve(), build)


def copy_chapters(book: Book) -> None:
    """Bring the chapters of another study's book up to date, but keep the outputs of those that did not change."""
    book.tree.mkdir(parents=True, exist_ok=True)
    (book.build / OWNER).write_text(str(book.study), encoding="utf-8")
    for path in files(ROOT / "book"):
        copied = book.chapters / path.relative_to(ROOT / "book")
        written = "documents" in path.relative_to(ROOT / "book").parts or path.name == "explore.md"
        if not written and not (copied.exists() and same_chapter(path, copied)):
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copied)
    for name in SETTINGS:
        shutil.copy(ROOT / name, book.tree / name)


def same_chapter(path: Path, other: Path) -> bool:
    """Whether two chapters are the same, whatever the outputs of their cells."""
    return source_of(path) == source_of(other)


def source_of(path: Path) -> object:
    """What a person wrote in a file: of a notebook, its cells without their outputs."""
    if path.suffix != ".ipynb":
        return path.read_bytes()
    return [(cell["cell_type"], cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


def notebooks(book: Book) -> list[Path]:
    """The book's notebooks, in the order of their names."""
    return sorted(book.chapters.glob("*.ipynb"))


def digest(folder: Path, paths: Iterable[Path]) -> str:
    """One hash over the names and contents of files in a folder."""
    total = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        total.update(f"{path.relative_to(folder).as_posix()} {len(data)}\n".encode() + data)
    return total.hexdigest()


def files(*folders: Path) -> list[Path]:
    """The files of folders, but for what programs leave there."""
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not LEFT_BEHIND & set(path.parts[len(folders[0].parts) :]))


def inputs(book: Book) -> str:
    """The hash of everything that a number in the book depends on, but for the notebook itself."""
    package = digest(ROOT, [*files(ROOT / "analysis"), ROOT / "requirements.txt"])
    return f"{package} {digest(book.study, files(book.study))}"


def sources(book: Book) -> str:
    """The hash of everything that the built book depends on."""
    around = [*files(ROOT / "tools"), *(ROOT / name for name in SETTINGS)]
    return f"{inputs(book)} {digest(ROOT, around)} {digest(book.tree, files(book.chapters))}"


def stale(book: Book, common: str) -> list[Path]:
    """The notebooks whose stored outputs were made from something else than what is there now."""
    noted = book.build / "executed.json"
    stamp = json.loads(noted.read_text()) if noted.exists() else {}
    return [path for path in notebooks(book) if stamp.get(path.name) != [common, digest(book.tree, [path])]]


def environment(book: Book) -> dict[str, str]:
    """The environment in which this book's notebooks and pages are made."""
    return {**os.environ, **ENVIRONMENT, "STUDY": str(book.study)}


def execute(book: Book, path: Path) -> None:
    """Run a notebook from top to bottom in a fresh kernel and store its outputs in it."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(book.chapters)}}
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", record_timing=False, resources=place)
    client.execute(env=environment(book), stderr=subprocess.DEVNULL)  # a kernel's own log, not its output
    notebook.metadata = nbformat.from_dict(METADATA)
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise RuntimeError(f"{path.name}, cell {number}, wrote to the error stream:\n{output.text}")
    nbformat.write(notebook, path)


def reason(error: BaseException) -> str:
    """Why a notebook failed: what the study says wrongly stands for itself, anything else comes with its place."""
    if getattr(error, "ename", "") in ("ClaimError", "StudyError", "OptionError"):
        return error.evalue
    return re.sub(r"\x1b\[[\d;]*m", "", str(error))


def run_notebooks(book: Book, paths: list[Path], common: str) -> None:
    """Execute notebooks side by side, and note what their outputs were made from."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = [(path, pool.submit(execute, book, path)) for path in paths]
    failed = {path: run.exception() for path, run in done if run.exception()}
    current = [path for path in notebooks(book) if path not in failed]
    book.build.mkdir(exist_ok=True)
    stamp = {path.name: [common, digest(book.tree, [path])] for path in current}
    (book.build / "executed.json").write_text(json.dumps(stamp))
    if failed:
        raise SystemExit("\n".join(f"{path.name}: {reason(error)}" for path, error in failed.items()))


def faults(book: Book) -> str:
    """Everything that is wrong with the study, a line each: nothing is computed from a study with a fault in it."""
    check = [sys.executable, "-m", "analysis", "check", "--study", str(book.study)]
    done = subprocess.run(check, env=environment(book), capture_output=True, text=True, encoding="utf-8")
    return (done.stdout or done.stderr) if done.returncode else ""


def too_few(documents: pd.DataFrame) -> str:
    """What is missing where there are no two sources to compare; nothing where there are."""
    sources = sorted(set(documents.loc[(documents["role"] == "ties") & (documents["tokens"] > 0), "source"]))
    if len(sources) > 1:
        return ""
    counted = "the role “ties” and words that count"
    there = f"all documents with {counted} are from {sources[0]}" if sources else f"no document has {counted}"
    return (
        f"documents.csv: the book compares sources, but {there}. Add documents about the subject from another source."
    )


def write_pages(book: Book) -> None:
    """Write the page of each document and the page Explore, and remove those of documents that are gone."""
    if wrong := faults(book):
        raise SystemExit(wrong.rstrip())
    import analysis
    from analysis.report.evidence import document_page
    from analysis.report.explore import explore_page

    study, folder = analysis.load(book.study), book.chapters / "documents"
    if missing := too_few(study.documents):
        raise SystemExit(missing)
    folder.mkdir(exist_ok=True)
    pages = {folder / f"{doc_id}.md": document_page(study, doc_id) for doc_id in study.documents["doc_id"]}
    for path in folder.glob("*.md"):
        if path not in pages:
            path.unlink()
    for path, page in {**pages, book.chapters / "explore.md": explore_page(study)}.items():
        if not path.exists() or path.read_text(encoding="utf-8") != page:
            path.write_text(page, encoding="utf-8", newline="\n")


def build(book: Book) -> int:
    """Build the HTML from the stored outputs, once they are current; return the exit status."""
    if book.tree != ROOT:
        copy_chapters(book)
    built, page, now = book.build / "built.txt", book.html / "index.html", sources(book)
    before = built.read_text() if built.exists() else ""
    if not page.exists() or before != now:
        if before.split()[:1] != now.split()[:1]:  # the package, whose extensions of Sphinx read the pages
            shutil.rmtree(book.tree / "_build" / ".doctrees", ignore_errors=True)
        common = inputs(book)
        if outdated := stale(book, common):
            write_pages(book)
            print(f"executing {len(outdated)} of {len(notebooks(book))} notebooks", flush=True)
            run_notebooks(book, outdated, common)
        built.unlink(missing_ok=True)
        if not run_sphinx(book):
            print("the book was not built", file=sys.stderr)
            return 1
        built.write_text(sources(book))
    print(f"open {page}")
    return 0


def run_sphinx(book: Book) -> bool:
    """Make the HTML, executing nothing; any warning is a fault."""
    import yaml

    config = yaml.safe_load((book.tree / "_config.yml").read_text(encoding="utf-8"))
    config["execute"]["execute_notebooks"] = "off"
    made = book.tree / "_build"
    made.mkdir(exist_ok=True)
    shutil.rmtree(made / "html", ignore_errors=True)  # else the page of a document that is gone would stay in the book
    (made / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    settings = ["--config", str(made / "_config.yml"), "-W", "-n", "--keep-going", "-q"]
    command = [program("jupyter-book"), "build", str(book.tree), *settings]
    done = subprocess.run(command, env=environment(book), capture_output=True, text=True)
    if done.returncode or not (made / "html" / "index.html").exists():
        print(done.stdout + done.stderr, file=sys.stderr)
        shutil.rmtree(made / ".doctrees", ignore_errors=True)  # else the next build would pass over the fault
        return False
    if made != book.build:
        shutil.rmtree(book.html, ignore_errors=True)
        shutil.copytree(made / "html", book.html)
    return True


def program(name: str) -> str:
    """A program of this environment."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or name


def is_study(folder: str) -> bool:
    """Whether a folder is that of a study of which a book can be made; says so if not."""
    study = Path(folder).resolve()
    note = ROOT / "_build" / study.name / OWNER
    owner = Path(note.read_text(encoding="utf-8")) if note.is_file() else study
    if not (study / "documents.csv").is_file():
        print(f"{folder}: this is not the folder of a study, which has a file documents.csv", file=sys.stderr)
    elif study.name in TAKEN:
        print(f"{folder}: a book of that name would lie in the way of this project’s own. Rename it.", file=sys.stderr)
    elif owner != study and owner.is_dir():
        there = f"_build/{study.name} holds the book of another study, {owner}"
        print(f"{folder}: {there}. Rename this folder, or remove _build/{study.name}.", file=sys.stderr)
    else:
        return True
    return False


def main(arguments: list[str]) -> int:
    """Do what the arguments say."""
    command, *study = arguments or [""]
    if command not in ("notebooks", "build", "lab") or len(study) > 1:
        print(__doc__, file=sys.stderr)
        return 2
    if study and not is_study(study[0]):
        return 1
    book = book_of(Path(*study)) if study else book_of()
    if command == "build":
        return build(book)
    if book.tree != ROOT:
        copy_chapters(book)
    if command == "lab":
        return subprocess.run([program("jupyter"), "lab", str(book.chapters)], env=environment(book)).returncode
    write_pages(book)
    run_notebooks(book, notebooks(book), inputs(book))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
