"""Files as analysts have them to a study folder: the analyst’s first step."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import regex

from analysis.corpus.boilerplate import plain_line
from analysis.corpus.numbers import count
from analysis.corpus.readers import fingerprint
from analysis.corpus.study import OPTIONAL, REQUIRED
from analysis.errors import OptionError, Problem, StudyError
from analysis.intake.drafts import FIELDS, Draft
from analysis.intake.formats import read_drafts

LISTED = FIELDS[1:]  # what a story without text has
TO_FILL_IN = ("source", "date_from", "role")
EMPTY_FILES = {
    "study.yml": "# What the study is about: remove the mark before a field, and fill it in.\n"
    "# title: the title of the book\n"
    "# subject: what the documents are about, as it stands after “about”\n"
    "# authors: who made the study\n"
    "# description: what the book asks, in a sentence\n"
    "# licence: of the book and its tables, such as CC-BY-4.0\n",
    "cleaning.yml": "# What to take away from each page template.\n",
    "actors.yml": "# Who may be named in the documents, and under which names.\n",
    "frames.yml": "# The codebook: definitions for a human coder, and cues.\n",
    "stopwords.txt": "# Function words of the documents' language, one to a line.\n",
}


class Given(NamedTuple):
    """A draft, and the name of the file it is from."""

    file: str
    draft: Draft


def new_study(
    folder: str | Path, files: Sequence[str | Path], *, columns: Mapping[str, str] | None = None
) -> list[str]:
    r"""Write a study folder from files of many kinds.

    The documents become text files, numbered in the order given. ``documents.csv`` gets what the files say of
    themselves, with the evidence; what they do not say stays empty. A story that Media Cloud lists lends what it
    says to the document with its address, or else its title; the others go into ``stories_without_text.csv``. If
    anything is wrong, nothing is written.

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

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "note.txt")
    ...     _ = path.write_text("A title\n\nA sentence.\n", encoding="utf-8")
    ...     new_study(Path(folder, "study"), [path])
    ['001_a-title.txt: source, date_from, role']
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyError(Problem(str(folder), "there is something there already", "Name a new folder."))
    documents, stories = _read(list(map(Path, files)), columns)
    if not documents:
        what, remedy = "no document is given", "Name one or more files."
        if stories:
            what = f"it lists {count(len(stories), 'story', 'stories')} and has the text of none"
            remedy = "Save the pages of the stories, and name them too."
        raise StudyError(Problem(stories[0].file if stories else str(folder), what, remedy))
    documents, unused = _join(documents, stories)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        made = Path(place, "study")  # with the usual permissions, which those of a temporary folder are not
        made.mkdir()
        rows = _write_documents(made, documents)
        _write_table(made / "documents.csv", [*REQUIRED, *OPTIONAL], rows)
        if unused:
            listed = [
                {"file": s.file, "place": s.draft.place} | {f: getattr(s.draft, f) for f in LISTED} for s in unused
            ]
            _write_table(made / "stories_without_text.csv", ["file", "place", *LISTED], listed)
        for name, text in EMPTY_FILES.items():
            (made / name).write_text(text, encoding="utf-8")
        shutil.copytree(made, folder, dirs_exist_ok=True)
    left = [line for row in rows if (line := _left_to_fill_in(row))]
    if unused:
        stories_left = count(len(unused), "story", "stories")
        left.append(f"the text of {stories_left}: no page was given for it; see stories_without_text.csv")
    return left


def _read(paths: list[Path], columns: Mapping[str, str] | None) -> tuple[list[Given], list[Given]]:
    """The documents and the stories without text in these files, or all that is wrong with them."""
    given: list[Given] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            given += [Given(path.name, draft) for draft in read_drafts(path, columns=columns)]
        except OptionError:
            raise
        except StudyError as error:
            problems += error.problems
    if problems:
        raise StudyError(*problems)
    return [g for g in given if g.draft.text.strip()], [g for g in given if not g.draft.text.strip()]


def _join(documents: list[Given], stories: list[Given]) -> tuple[list[Given], list[Given]]:
    """The documents with what the stories say of them where they are silent, and the stories of no document."""
    found: dict[int, int] = {}  # the row of the story, by the row of the document
    for key in (_exact_address, _address, _headline):
        rows = _only_ones(documents, key, set(found))
        stories_of = _only_ones(stories, key, set(found.values()))
        for k in rows.keys() & stories_of.keys():
            if _may_be_one(documents[rows[k]].draft, stories[stories_of[k]].draft):
                found[rows[k]] = stories_of[k]
    joined = [
        given._replace(draft=_fill(given.draft, stories[found[row]].draft)) if row in found else given
        for row, given in enumerate(documents)
    ]
    return joined, [story for row, story in enumerate(stories) if row not in found.values()]


def _only_ones(given: list[Given], key: Callable[[Draft], str], taken: set[int]) -> dict[str, int]:
    """The rows that are not taken yet, by their key, if no other such row has the same and it is not empty."""
    keys = {row: key(one.draft) for row, one in enumerate(given) if row not in taken}
    times = Counter(keys.values())
    return {k: row for row, k in keys.items() if k and times[k] == 1}


def _fill(draft: Draft, story: Draft) -> Draft:
    """A draft with the fields of a story where it has none, and a remark where the two differ in the date."""
    new = {name: getattr(story, name) for name in LISTED if not getattr(draft, name) and getattr(story, name)}
    evidence = {**draft.evidence, **{name: f"{story.evidence[name]}, {story.place}" for name in new}}
    if draft.date and story.date and draft.date != story.date:
        evidence["date"] += f"; {story.date} in {story.evidence['date']}"
    return replace(draft, **new, evidence=evidence)


def _exact_address(draft: Draft) -> str:
    """The address, whatever the protocol."""
    return regex.sub(r"(?i)^https?://(www\.)?|/+$", "", draft.url.strip())


def _address(draft: Draft) -> str:
    """The address without what may differ between two links to one page."""
    return regex.sub("[?#].*$", "", _exact_address(draft)).rstrip("/")


def _headline(draft: Draft) -> str:
    """The title, for comparison."""
    return plain_line(draft.title)


def _may_be_one(draft: Draft, story: Draft) -> bool:
    """Whether a page and a story are not of two different sites."""
    hosts = {_address(d).partition("/")[0].casefold() for d in (draft, story) if d.url}
    return len(hosts) < 2


def _write_documents(folder: Path, documents: list[Given]) -> list[dict[str, str]]:
    """Write each document's text, and return its row of documents.csv."""
    width, rows = max(len(str(len(documents))), 3), []
    for number, (name, draft) in enumerate(documents, start=1):
        slug = regex.sub(r"[^\p{L}\p{N}]+", "-", draft.title or Path(name).stem).strip("-").lower()[:50]
        file = f"{number:0{width}}_{slug or 'document'}.txt"
        data = draft.text.encode("utf-8")
        (folder / file).write_bytes(data)
        found = [f"{field}: {where}" for field, where in draft.evidence.items() if field != "date"]
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
                "note": "; ".join([", ".join(filter(None, [f"from {name}", draft.place])), *found]),
            }
        )
    return rows


def _write_table(path: Path, header: Sequence[str], rows: list[dict[str, str]]) -> None:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _left_to_fill_in(row: dict[str, str]) -> str:
    """What a row of documents.csv does not say yet."""
    empty = [name for name in TO_FILL_IN if not row[name]]
    return f"{row['file']}: {', '.join(empty)}" if empty else ""
