"""Make the book: execute its notebooks, write its document pages, build its HTML.

    python tools/book.py notebooks   # execute every notebook and store its outputs
    python tools/book.py build       # the same where something changed, then the HTML

Executing again what did not change would only cost time, but a number that is out of date would be worse: a notebook's
stored outputs count as current only if they were made from the very same notebook, package, study and lock.
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

ROOT = Path(__file__).resolve().parents[1]
BOOK, BUILD = ROOT / "book", ROOT / "_build"
PAGE = BUILD / "html" / "index.html"
EXECUTED, BUILT = BUILD / "executed.json", BUILD / "built.txt"
METADATA = {  # what a kernel adds about itself differs from one Python to the next
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
ENVIRONMENT = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # the same bits each time


def notebooks() -> list[Path]:
    """The book's notebooks, in the order of their names."""
    return sorted(BOOK.glob("*.ipynb"))


def digest(paths: Iterable[Path]) -> str:
    """One hash over the names and contents of files."""
    total = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        total.update(f"{path.relative_to(ROOT)} {len(data)}\n".encode() + data)
    return total.hexdigest()


def files(*folders: str) -> list[Path]:
    """The files of folders, but for what programs leave there."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file())
    return sorted(path for path in found if not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts))


def inputs() -> str:
    """The hash of everything that a number in the book depends on, but for the notebook itself."""
    return digest([*files("analysis", "seeds"), ROOT / "requirements.txt"])


def sources() -> str:
    """The hash of everything that the built book depends on."""
    around = [ROOT / "_config.yml", ROOT / "_toc.yml", ROOT / "requirements.txt"]
    return digest([*files("analysis", "book", "seeds", "tools"), *around])


def stale(common: str) -> list[Path]:
    """The notebooks whose stored outputs were made from something else than what is there now."""
    stamp = json.loads(EXECUTED.read_text()) if EXECUTED.exists() else {}
    return [path for path in notebooks() if stamp.get(path.name) != [common, digest([path])]]


def execute(path: Path) -> None:
    """Run a notebook from top to bottom in a fresh kernel and store its outputs in it."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", record_timing=False, resources={"metadata": {"path": str(BOOK)}}
    )
    client.execute(env={**os.environ, **ENVIRONMENT}, stderr=subprocess.DEVNULL)  # a kernel's own log, not its output
    notebook.metadata = nbformat.from_dict(METADATA)
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise RuntimeError(f"{path.name}, cell {number}, wrote to the error stream:\n{output.text}")
    nbformat.write(notebook, path)


def run_notebooks(paths: list[Path], common: str) -> None:
    """Execute notebooks side by side, and note what their outputs were made from."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = [(path, pool.submit(execute, path)) for path in paths]
    if failed := [f"{path.name}: {run.exception()}" for path, run in done if run.exception()]:
        raise SystemExit(re.sub(r"\x1b\[[\d;]*m", "", "\n".join(failed)))
    BUILD.mkdir(exist_ok=True)
    EXECUTED.write_text(json.dumps({path.name: [common, digest([path])] for path in notebooks()}))


def write_pages() -> None:
    """Write the page of each document, and remove those of documents that are gone."""
    import analysis
    from analysis.report.evidence import document_page

    study, folder = analysis.load(ROOT / "seeds"), BOOK / "documents"
    folder.mkdir(exist_ok=True)
    pages = {f"{doc_id}.md": document_page(study, doc_id) for doc_id in study.documents["doc_id"]}
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, page in pages.items():
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != page:
            (folder / name).write_text(page, encoding="utf-8", newline="\n")


def build() -> int:
    """Build the HTML from the stored outputs, once they are current; return the exit status."""
    if not (PAGE.exists() and BUILT.exists() and BUILT.read_text() == sources()):
        common = inputs()
        if outdated := stale(common):
            print(f"executing {len(outdated)} of {len(notebooks())} notebooks", flush=True)
            write_pages()
            run_notebooks(outdated, common)
        BUILT.unlink(missing_ok=True)
        if not run_sphinx():
            shutil.rmtree(BUILD / ".doctrees", ignore_errors=True)  # else the next build would pass over the fault
            print("the book was not built", file=sys.stderr)
            return 1
        BUILT.write_text(sources())
    print(f"open {PAGE}")
    return 0


def run_sphinx() -> bool:
    """Make the HTML, executing nothing; any warning is a fault."""
    import yaml

    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["execute"]["execute_notebooks"] = "off"
    BUILD.mkdir(exist_ok=True)
    (BUILD / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    program = shutil.which("jupyter-book", path=str(Path(sys.executable).parent)) or "jupyter-book"
    command = [program, "build", str(ROOT), "--config", str(BUILD / "_config.yml"), "-W", "-n", "--keep-going", "-q"]
    done = subprocess.run(command, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
    return done.returncode == 0 and PAGE.exists()


if __name__ == "__main__":
    if sys.argv[1:] == ["notebooks"]:
        write_pages()
        run_notebooks(notebooks(), inputs())
    elif sys.argv[1:] == ["build"]:
        sys.exit(build())
    else:
        sys.exit(__doc__)
