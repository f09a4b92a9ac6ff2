"""What a study is about: ``study.yml``, and the prose in ``commentary/`` that the chapters take up."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd
import regex

from analysis.corpus.readers import read_text
from analysis.corpus.yaml_files import read_yaml
from analysis.errors import Problem, StudyError

CHAPTERS = ("index", "documents", "words", "actors", "frames", "voices", "topics", "drift", "how_sure")
PLACES = ("opening", "reading", "limits")  # after a chapter’s question; after its evidence; under “How sure we are”
HEADING = regex.compile(r"(?m)^# +(.+?) *$")


class About(NamedTuple):
    """What a study is about.

    Attributes
    ----------
    title : str
        Of the book; by default the name of the folder.
    subject : str
        What the documents with the role `ties` are about, as it stands after “about”.
    authors : str
        Who made the study.
    description : str
        What the book asks, in a sentence.
    licence : str
        That of the book and its tables, by its SPDX identifier, such as CC-BY-4.0.
    """

    title: str
    subject: str = "the subject"
    authors: str = ""
    description: str = ""
    licence: str = ""


def read_about(folder: Path) -> tuple[About, list[Problem]]:
    """Read ``study.yml``. A folder without it has the default of each field, and so has a field that is left out."""
    name, default = "study.yml", About(title=folder.resolve().name)
    entries, problems = read_yaml(folder / name)
    if not isinstance(entries or {}, dict):
        return default, [Problem(name, "it is not a list of fields", f"Give it {', '.join(About._fields)}.")]
    for field, value in (entries or {}).items():
        if field not in About._fields:
            what = f"the field “{field}” is unknown"
            problems.append(Problem(name, what, f"Known fields: {', '.join(About._fields)}."))
        elif not isinstance(value, str) or not value.strip():
            problems.append(Problem(name, f"“{field}” is not a text", "Write it on one line, or leave it out."))
    return (default, problems) if problems else (default._replace(**(entries or {})), [])


def read_commentary(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the prose of a study: a Markdown file for each chapter, in which a heading names the place of what follows.

    Returns
    -------
    commentary : pandas.DataFrame
        ``chapter``, one of `CHAPTERS`; ``place``, one of `PLACES`; ``text``, Markdown.
    problems : list of Problem
        Among them each file and heading that no chapter has a place for, and text before the first heading.
    """
    rows, problems = [], []
    for path in sorted((folder / "commentary").glob("*.md")):
        name = f"commentary/{path.name}"
        if path.stem not in CHAPTERS:
            what = f"there is no chapter “{path.stem}”"
            problems.append(Problem(name, what, f"Name the file after one of: {', '.join(CHAPTERS)}."))
            continue
        try:
            before, *parts = HEADING.split(read_text(path))
        except StudyError as error:
            problems += error.problems
            continue
        if before.strip():
            problems.append(Problem(name, "text stands before the first heading", f"Begin with “# {PLACES[0]}”."))
        for place, text in zip(parts[::2], parts[1::2]):
            if place not in PLACES or (path.stem, place) in [row[:2] for row in rows]:
                what = f"the heading “{place}” is no place for text, or stands there twice"
                problems.append(Problem(name, what, f"Use each of these once at most: {', '.join(PLACES)}."))
            rows.append((path.stem, place, text.strip()))
    return pd.DataFrame(rows, columns=["chapter", "place", "text"]), problems
