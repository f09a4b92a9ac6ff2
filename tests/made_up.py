"""A small made-up study, to be broken by tests."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np

import analysis

ROOT = Path(__file__).parents[1]
PARTS = ["analysis", "book", "seeds", "tools", "_config.yml", "_toc.yml", "requirements.txt", "CITATION.cff"]
HEADER = ["file", "source", "title", "date_from", "date_to", "role", "language", "sha256"]
DOCUMENTS = {
    "01_pears.txt": "Pears\n\nThe orchard’s pears are ripe. Pears sell well.\n",
    "02_plums.txt": "Plums\n\nPlums are not pears. Plums keep.\n\nA plum-tree is small.\n",
    "03_rain.txt": "Rain\n\nIt rained in the valley.\n",
}
ROWS = [
    ["01_pears.txt", "Fruit Post", "Pears", "2001-05-01", "2001-05-01", "ties", "en", ""],
    ["02_plums.txt", "Garden News", "Plums", "2002-12-30", "2003-01-02", "ties", "en", ""],
    ["03_rain.txt", "Garden News", "Rain", "", "", "context", "en", ""],
]


def copy_project(folder: Path) -> Path:
    """Copy what the book is made from, so that it can be built and broken."""
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=ignore)
        else:
            shutil.copy(ROOT / part, folder / part)
    return folder


def write_rows(folder: Path, rows: list[list[str]], header: list[str] = HEADER) -> None:
    """Write documents.csv."""
    with (folder / "documents.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def with_cell(row: int, column: str, value: str) -> list[list[str]]:
    """The rows of the made-up study with one cell changed; rows count from 0."""
    rows = [list(r) for r in ROWS]
    rows[row][HEADER.index(column)] = value
    return rows


def study_of(folder, documents):
    """A study of these (source, text) pairs, or (source, text, date) triples, a date being a day or two with a slash."""
    for path in folder.glob("*"):
        path.unlink()
    rows = []
    for number, (source, text, *date) in enumerate(documents):
        (folder / f"{number:02}.txt").write_text(f"{text}.\n", encoding="utf-8")
        days = date[0].split("/") if date else [""]
        rows.append([f"{number:02}.txt", source, "", days[0], days[-1], "ties", "en", ""])
    write_rows(folder, rows)
    return analysis.load(folder)


def some_words(draw, shares, length):
    """A text of words drawn by their shares, as ten-word sentences."""
    words = draw.choice(list(shares), length, p=list(shares.values()))
    return ". ".join(" ".join(words[n : n + 10]) for n in range(0, length, 10))


def vocabulary(stem, size=12):
    """Made-up words that begin alike."""
    return [f"{stem}{first}{second}" for first in "aeiou" for second in "bdfgk"][:size]


def planted_study(folder, documents, *, words=25, random_state=0):
    """A study of (year, vocabularies) pairs: each vocabulary gives a paragraph of its words, the first the most."""
    draw = np.random.default_rng(random_state)
    for path in folder.glob("*"):
        path.unlink()
    rows = []
    for number, (year, vocabularies) in enumerate(documents):
        name, day = f"{number:03}.txt", f"{year}-01-01" if year else ""
        weights = [1 / np.arange(1, len(own) + 1) for own in vocabularies]
        drawn = [draw.choice(own, words, p=p / p.sum()) for own, p in zip(vocabularies, weights)]
        text = "\n\n".join(" ".join(own).capitalize() + "." for own in drawn)
        (folder / name).write_text(f"{text}\n", encoding="utf-8")
        rows.append([name, "A", "", day, day, "ties", "en", ""])
    write_rows(folder, rows)
    return analysis.load(folder)
