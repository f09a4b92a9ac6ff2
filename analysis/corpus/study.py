"""The documents that an analyst declares: ``documents.csv``, read and checked against the files."""

from __future__ import annotations

import difflib
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import regex

from analysis.corpus.readers import decode, fingerprint, read_bytes
from analysis.errors import Problem, StudyError

ROLES = ("ties", "context")
REQUIRED = ("file", "source", "title", "date_from", "date_to", "role")
OPTIONAL = ("publisher", "date_evidence", "url", "language", "sha256", "note")


def read_documents(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read ``documents.csv`` and check each row against the files.

    Returns
    -------
    documents : pandas.DataFrame
        One row per document, ordered by ``doc_id`` (the file's leading number, else its name without the
        ending), with the columns of the file and ``year``, the year or years of the document's date.
    problems : list of Problem
    """
    name = "documents.csv"
    try:
        table = _read_csv(folder / name)
    except StudyError as error:
        return pd.DataFrame(columns=["doc_id", *REQUIRED, *OPTIONAL, "year", "text"]), list(error.problems)
    problems = _check_header(table, name)
    if problems:
        return pd.DataFrame(columns=["doc_id", *REQUIRED, *OPTIONAL, "year", "text"]), problems
    for column in OPTIONAL:
        if column not in table:
            table[column] = ""
    rows = []
    for row, record in enumerate(table.to_dict("records"), start=2):
        text, found = _check_row(record, folder, row)
        problems += found
        rows.append({"doc_id": _doc_id(record["file"]), **record, "year": _year(record), "text": text})
    documents = pd.DataFrame(rows, columns=["doc_id", *table.columns, "year", "text"])
    problems += _check_together(documents, folder)
    if documents.empty:
        problems.append(Problem(name, "no document is listed", "Add a row for each document."))
    return documents.sort_values("doc_id", ignore_index=True), problems


def _read_csv(path: Path) -> pd.DataFrame:
    """Every cell as text, white space at its ends kept for the checks."""
    from io import StringIO

    text = decode(read_bytes(path), path.name).removeprefix("\ufeff")
    try:
        return pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise StudyError(Problem(path.name, f"it is not a table ({reason})", "Save it as CSV with commas.")) from None


def _check_header(table: pd.DataFrame, name: str) -> list[Problem]:
    """Missing and unknown columns."""
    known = (*REQUIRED, *OPTIONAL)
    problems = [
        Problem(name, f"there is no column “{column}”", "Add it.", row=1) for column in REQUIRED if column not in table
    ]
    for column in table.columns:
        if column not in known:
            near = difflib.get_close_matches(str(column), known, 1)
            remedy = f"Did you mean “{near[0]}”?" if near else f"Known columns: {', '.join(known)}."
            problems.append(Problem(name, f"unknown column “{column}”", remedy, row=1))
    return problems


def _check_row(record: dict[str, str], folder: Path, row: int) -> tuple[str, list[Problem]]:
    """The document's text, and what is wrong with its row or file."""
    name, file = "documents.csv", record["file"]
    problems = [
        Problem(name, f"{column} “{value}” has white space at an end", "Remove it.", row)
        for column, value in record.items()
        if column in ("file", "source", "role", "date_from", "date_to") and value != value.strip()
    ]
    if not record["source"].strip():
        problems.append(Problem(name, f"{file} has no source", "Say who published it.", row))
    if record["role"] not in ROLES:
        what, remedy = f"the role “{record['role']}” is unknown", f"Use one of: {', '.join(ROLES)}."
        problems.append(Problem(name, what, remedy, row))
    problems += _check_dates(record, row)
    if not file or Path(file).name != file:
        what = f"“{file}” is not the name of a file in the folder"
        return "", [*problems, Problem(name, what, "Give the bare file name.", row)]
    try:
        data = read_bytes(folder / file)
        text = decode(data, file)
    except StudyError as error:
        located = [Problem(name, f"{p.file}: {p.what}", p.remedy, row) for p in error.problems]
        return "", [*problems, *located]
    if record["sha256"] and record["sha256"].strip().lower() != fingerprint(data):
        what = f"{file} is not the file that was recorded (its SHA-256 differs)"
        remedy = f"Restore the file, or, if the change is meant, record sha256 {fingerprint(data)}."
        problems.append(Problem(name, what, remedy, row))
    return text, problems


def _check_dates(record: dict[str, str], row: int) -> list[Problem]:
    """Each date is a day of the calendar or empty, both or neither, and in order."""
    problems, days = [], []
    for column in ("date_from", "date_to"):
        value = record[column].strip()
        try:
            days.append(_day(value) if value else None)
        except ValueError:
            what = f"{column} “{value}” is not a date"
            problems.append(Problem("documents.csv", what, "Write YYYY-MM-DD, or leave it empty.", row))
    if not problems and (days[0] is None) != (days[1] is None):
        what = "one of date_from and date_to is empty"
        problems.append(Problem("documents.csv", what, "Give the day in both, a range, or leave both empty.", row))
    elif not problems and None not in days and days[0] > days[1]:
        problems.append(Problem("documents.csv", "date_from is after date_to", "Exchange them.", row))
    return problems


def _day(value: str) -> date:
    """A calendar day written YYYY-MM-DD, and no other way."""
    day = date.fromisoformat(value)
    if day.isoformat() != value:
        raise ValueError(value)
    return day


def _check_together(documents: pd.DataFrame, folder: Path) -> list[Problem]:
    """What can be seen only across rows: files listed twice or not at all, ids and sources that clash."""
    name, problems = "documents.csv", []
    rows = range(2, len(documents) + 2)
    first_file: dict[str, int] = {}
    first_id: dict[str, int] = {}
    for row, file, doc_id in zip(rows, documents["file"], documents["doc_id"]):
        if file in first_file:
            what = f"{file} is listed twice (first in row {first_file[file]})"
            problems.append(Problem(name, what, "Remove one of the rows.", row))
        elif doc_id in first_id:
            what = f"{file} has the same leading number, {doc_id}, as the file in row {first_id[doc_id]}"
            problems.append(Problem(name, what, "Give each file a number of its own.", row))
        first_file.setdefault(file, row)
        first_id.setdefault(doc_id, row)
    for path in sorted(folder.glob("*.txt")):
        if path.name not in first_file and path.name != "stopwords.txt":
            problems.append(Problem(path.name, "the document is not listed in documents.csv", "Add a row for it."))
    spellings = Counter(documents["source"])
    for source in spellings:
        twin = max((s for s in spellings if _letters(s) == _letters(source)), key=spellings.get)
        if source.strip() and twin != source:
            row = rows[documents["source"].tolist().index(source)]
            what = f"the source “{source}” is elsewhere spelled “{twin}”"
            problems.append(Problem(name, what, "Use one spelling.", row))
    return problems


def _letters(name: str) -> str:
    """A name's letters and digits, case-folded: what two spellings of one name share."""
    return regex.sub(r"[^\p{L}\p{N}]", "", name).casefold()


def _doc_id(file: str) -> str:
    """The file's leading number, or its name without the ending, as an id fit for a web address."""
    number = regex.match(r"\d+", file)
    return number.group() if number else regex.sub(r"[^\p{L}\p{N}_]+", "-", Path(file).stem).strip("-")


def _year(record: dict[str, str]) -> str:
    """The year of a document, `2016–2017` where its date may lie in either, or `undated`."""
    years = sorted({record[column].strip()[:4] for column in ("date_from", "date_to")} - {""})
    return "–".join(years) or "undated"
