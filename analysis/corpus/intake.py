"""A folder of files to a study folder: the analyst's first step."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import regex

from analysis.corpus.formats import Draft, read_drafts
from analysis.corpus.readers import fingerprint
from analysis.corpus.study import OPTIONAL, REQUIRED
from analysis.errors import OptionError, Problem, StudyError

TO_FILL_IN = ("source", "date_from", "role")
EMPTY_FILES = {
    "cleaning.yml": "# What to take away from each page template.\n",
    "actors.yml": "# Who may be named in the documents, and under which names.\n",
    "frames.yml": "# The codebook: definitions for a human coder, and cues.\n",
    "stopwords.txt": "# Function words of the documents' language, one to a line.\n",
}


def new_study(
    folder: str | Path, files: Sequence[str | Path], *, columns: Mapping[str, str] | None = None
) -> list[str]:
    """Write a study folder from files of many kinds.

    The documents become text files, numbered in the order given. ``documents.csv`` gets what the files say of
    themselves, with the evidence; what they do not say stays empty. If anything is wrong, nothing is written.

    Parameters
    ----------
    folder : path
        The folder to make; it must not exist yet, or be empty.
    files : sequence of path
        See `formats.read_drafts`.
    columns : mapping, optional
        For tables: which column holds the ``text``, ``title``, ``date``, ``source``, ``url``, ``language``.

    Returns
    -------
    list of str
        What is left to fill in, a line for each document.

    Raises
    ------
    StudyError
        With every file that cannot be read; or the folder is in use.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyError(Problem(str(folder), "there is something there already", "Name a new folder."))
    drafts: list[tuple[Path, Draft]] = []
    problems: list[Problem] = []
    for path in map(Path, files):
        try:
            drafts += [(path, draft) for draft in read_drafts(path, columns=columns)]
        except OptionError:
            raise
        except StudyError as error:
            problems += error.problems
    if not drafts and not problems:
        problems.append(Problem(str(folder), "no document is given", "Name one or more files."))
    if problems:
        raise StudyError(*problems)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        rows = _write_documents(Path(made), drafts)
        with (Path(made) / "documents.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*REQUIRED, *OPTIONAL], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        for name, text in EMPTY_FILES.items():
            (Path(made) / name).write_text(text, encoding="utf-8")
        shutil.copytree(made, folder, dirs_exist_ok=True)
    return [line for row in rows if (line := _left_to_fill_in(row))]


def _write_documents(folder: Path, drafts: list[tuple[Path, Draft]]) -> list[dict[str, str]]:
    """Write each draft's text, and return its row of documents.csv."""
    width, rows = max(len(str(len(drafts))), 3), []
    for number, (path, draft) in enumerate(drafts, start=1):
        slug = regex.sub(r"[^\p{L}\p{N}]+", "-", draft.title or path.stem).strip("-").lower()[:50]
        file = f"{number:0{width}}_{slug or 'document'}.txt"
        data = draft.text.encode("utf-8")
        (folder / file).write_bytes(data)
        found = [f"{name}: {where}" for name, where in draft.evidence.items() if name != "date"]
        rows.append(
            {
                "file": file,
                "source": draft.source.strip(),
                "title": " ".join(draft.title.split()),
                "date_from": draft.date,
                "date_to": draft.date,
                "role": "",
                "date_evidence": draft.evidence.get("date", ""),
                "url": draft.url,
                "language": draft.language,
                "sha256": fingerprint(data),
                "note": "; ".join([f"from {path.name}", *found]),
            }
        )
    return rows


def _left_to_fill_in(row: dict[str, str]) -> str:
    empty = [name for name in TO_FILL_IN if not row[name]]
    return f"{row['file']}: {', '.join(empty)}" if empty else ""
