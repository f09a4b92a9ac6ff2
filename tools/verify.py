"""Say whether a built book is what these inputs give: build it again from nothing, and compare byte by byte.

    python tools/verify.py                    # the book in _build/html
    python tools/verify.py BOOK               # the book in the folder BOOK
    python tools/verify.py --study my-study   # the book of another study in _build/my-study/html, or in BOOK

The sources are copied, every notebook is executed there, and nothing that was built before is used. What differs is
listed: pages, what they load, and the outputs stored in the notebooks. The exit status is 0 if all is the same, 1 if
something differs, 2 if the book could not be built again.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEFT = ("_build", ".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__", ".ipynb_checkpoints")
NOT_COMPARED = {".buildinfo"}  # Sphinx’s note to itself
STAMP = re.compile(rb"SHA-256 ([0-9a-f]{64})")
DAY = re.compile(rb'<time datetime="(\d{4}-\d\d-\d\d)">')
BEFORE, AFTER = 30, 90  # characters to show of a line, around the place where it differs


def built(study: Path | None) -> Path:
    """Where the book of a study is built: this project’s own, or another."""
    return Path("_build", *([study.name] if study else []), "html")


def files(folder: Path) -> dict[str, Path]:
    """The files of a folder by their names in it."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: path for name, path in found.items() if path.name not in NOT_COMPARED}


def stamp(book: Path) -> bytes:
    """The hash of the inputs that the pages of a book name."""
    found = (STAMP.search(path.read_bytes()) for path in sorted(book.rglob("*.html")))
    return next((match[1] for match in found if match), b"")


def first_difference(held: bytes, made: bytes) -> str:
    """Where two files first differ: the line, and what stands there in each."""
    pairs = zip_longest(held.split(b"\n"), made.split(b"\n"), fillvalue=b"(the end)")
    number, (one, other) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    place = len(os.path.commonprefix([one, other]))
    start = max(0, place - BEFORE)
    texts = [line[start : place + AFTER].decode("utf-8", "replace") for line in (one, other)]
    return f"line {number}, byte {place + 1}\n    in the book: {texts[0]}\n    built again: {texts[1]}"


def compare(held: Path, made: Path) -> list[str]:
    """What differs between a folder and the same folder made again; a stamp that differs is told once, not per page."""
    ours, theirs = files(held), files(made)
    old, new = stamp(held), stamp(made)
    found = [f"missing: {name}" for name in theirs if name not in ours]
    found += [f"extra: {name}" for name in ours if name not in theirs]
    if old != new:
        found.append(f"made from other inputs: the book names {old.decode() or 'none'}, these are {new.decode()}")
    for name in sorted(set(ours) & set(theirs)):
        one, other = ours[name].read_bytes(), theirs[name].read_bytes()
        for length in (64, 12, 8) if old and old != new else ():
            one = one.replace(old[:length], new[:length])
        if one != other:
            found.append(f"differs: {name}, {first_difference(one, other)}")
    return found


def rebuild(source: Path, copy: Path, book: Path, study: Path | None) -> None:
    """Copy the sources, and build the book there from nothing, on the day that the book at hand names."""
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns(*LEFT))
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    if day := next((d[1] for path in sorted(book.rglob("*.html")) if (d := DAY.search(path.read_bytes()))), b""):
        noon = datetime.fromisoformat(f"{day.decode()}T12:00").replace(tzinfo=UTC)
        environment["SOURCE_DATE_EPOCH"] = str(int(noon.timestamp()))
    command = [sys.executable, str(copy / "tools" / "book.py"), "build", *map(str, [study] if study else [])]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    if done.returncode:
        print(f"{done.stdout}{done.stderr}the book could not be built again", file=sys.stderr)
        raise SystemExit(2)


def verify(book: Path, source: Path = ROOT, study: Path | None = None) -> int:
    """Build again, compare, and say what differs; return the exit status."""
    if not (book / "index.html").exists():
        print(f"no book in {book}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place).resolve() / "sources"
        rebuild(source, copy, book, study)
        made = copy / built(study)
        found = compare(book, made)
        if not study:
            found += [f"{line} (sources)" for line in compare(source / "book", copy / "book")]
        number = len(files(made))
    notebooks = "" if study else ", and the outputs of the notebooks"
    print("\n".join(found) or f"the same to the byte: {number} files{notebooks}")
    return bool(found)


def main() -> int:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("book", nargs="?", type=Path)
    parser.add_argument("--study", type=Path)
    given = parser.parse_args()
    study = given.study.resolve() if given.study and given.study.resolve() != ROOT / "seeds" else None
    return verify((given.book or ROOT / built(study)).resolve(), study=study)


if __name__ == "__main__":
    sys.exit(main())
