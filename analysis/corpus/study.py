"""The documents that an analyst declares: ``documents.csv``, read and checked against the files."""

from __future__ import annotations

import difflib
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import regex

from analysis.corpus.duplicates import NO_COPY
from analysis.corpus.readers import csv_rows, decode, fingerprint, read_bytes, uneven_row
from analysis.errors import Problem, StudyError

ROLES = ("ties", "context")
REQUIRED = ("file", "source", "title", "date_from", "date_to", "role")
RESERVED = ("documents.csv", "stopwords.txt")
OPTIONAL = ("publisher", "date_evidence", "url", "language", "sha256", "duplicate_of", "note")


def study_folder(folder: str | Path) -> Path:
    """Return the folder, which is there."""
    folder = Path(folder)
    if not folder.is_dir():
        what = "this is a file" if folder.exists() else "there is no such folder"
        raise StudyError(Problem(str(folder), what, "Give the folder of a study."))
    return folder


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
    nothing = pd.DataFrame(columns=["doc_id", *REQUIRED, *OPTIONAL, "year", "text"])
    try:
        header, records = csv_rows(read_bytes(folder / name), name)
    except StudyError as error:
        return nothing, list(error.problems)
    if problems := _check_header(header, name):
        return nothing, problems
    rows = []
    for row, cells in records:
        if len(cells) != len(header):
            problems.append(uneven_row(name, row, cells, header))
            continue
        record = dict.fromkeys(OPTIONAL, "") | dict(zip(header, cells))
        text, found = _check_row(record, folder, row)
        problems += found
        rows.append({"doc_id": _doc_id(record["file"]), **record, "year": _year(record), "text": text, "row": row})
    problems += _check_together(rows, folder)
    if not records:
        problems.append(Problem(name, "no document is listed", "Add a row for each document."))
    rows.sort(key=lambda r: (0, int(r["doc_id"]), "") if r["doc_id"].isdecimal() else (1, 0, r["doc_id"]))
    return pd.DataFrame(rows, columns=nothing.columns.union(header, sort=False)), problems


def _check_header(header: list[str], name: str) -> list[Problem]:
    """Missing, repeated and unknown columns."""
    known = (*REQUIRED, *OPTIONAL)
    problems = [Problem(name, f"there is no column “{c}”", "Add it.", row=1) for c in REQUIRED if c not in header]
    for column, times in Counter(header).items():
        if times > 1:
            problems.append(Problem(name, f"the column “{column}” stands there {times} times", "Leave one.", row=1))
        if not column:
            problems.append(Problem(name, "a column has no name", "Remove it, or name it.", row=1))
        elif column not in known:
            near = difflib.get_close_matches(column, known, 1)
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
        what = f"the role “{record['role']}” is unknown" if record["role"] else f"{record['file']} has no role"
        remedy = f"Use one of: {', '.join(ROLES)}."
        problems.append(Problem(name, what, remedy, row))
    problems += check_dates(record, name, row)
    if not file or Path(file).name != file or "\0" in file or file in RESERVED or not _doc_id(file):
        what = f"“{file}” is not the name of a document in the folder"
        remedy = "Give the bare name of a text file, with a number or letters in it."
        return "", [*problems, Problem(name, what, remedy, row)]
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


def check_dates(record: dict[str, str], name: str, row: int) -> list[Problem]:
    """Return what is wrong with the dates of a row: each a day or empty, both or neither, and in order."""
    problems, days = [], []
    for column in ("date_from", "date_to"):
        value = record[column].strip()
        try:
            days.append(_day(value) if value else None)
        except ValueError:
            what = f"{column} “{value}” is not a date"
            problems.append(Problem(name, what, "Write YYYY-MM-DD, or leave it empty.", row))
    if not problems and (days[0] is None) != (days[1] is None):
        what = "one of date_from and date_to is empty"
        problems.append(Problem(name, what, "Give the day in both, a range, or leave both empty.", row))
    elif not problems and None not in days and days[0] > days[1]:
        problems.append(Problem(name, "date_from is after date_to", "Exchange them.", row))
    return problems


def _day(value: str) -> date:
    """A calendar day written YYYY-MM-DD, and no other way."""
    day = date.fromisoformat(value)
    if day.isoformat() != value:
        raise ValueError(value)
    return day


def _check_together(records: list[dict[str, str]], folder: Path) -> list[Problem]:
    """What can be seen only across rows: files listed twice or not at all, ids and sources that clash."""
    name, problems = "documents.csv", []
    files: dict[str, int] = {}
    ids: dict[str, int] = {}
    spellings: dict[str, Counter] = {}
    for record in records:
        file, doc_id, row = record["file"], record["doc_id"], record["row"]
        if file in files:
            what = f"{file} is listed twice (first in row {files[file]})"
            problems.append(Problem(name, what, "Remove one of the rows.", row))
        elif doc_id and doc_id in ids:
            what = f"{file} gets the same id, {doc_id}, as the file in row {ids[doc_id]}"
            problems.append(Problem(name, what, "Give each file a leading number of its own.", row))
        files.setdefault(file, row)
        ids.setdefault(doc_id, row)
        spellings.setdefault(_letters(record["source"]), Counter())[record["source"]] += 1
    copies = {record["doc_id"] for record in records if record["duplicate_of"] not in ("", NO_COPY)}
    for record in records:
        other = record["duplicate_of"]
        if record["doc_id"] in copies and (other not in ids or other in copies):
            what = f"{record['file']} is given as a duplicate of {other}, which is no document that counts"
            remedy = f"Give the id of the document that counts, or “{NO_COPY}” if it is no copy."
            problems.append(Problem(name, what, remedy, record["row"]))
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".txt" and path.name not in {*files, *RESERVED}:
            problems.append(Problem(path.name, "the document is not listed in documents.csv", "Add a row for it."))
    for same in spellings.values():
        usual = max(same, key=same.get)
        for source in same.keys() - {usual, ""}:
            row = next(r["row"] for r in records if r["source"] == source)
            what = f"the source “{source}” is elsewhere spelled “{usual}”"
            problems.append(Problem(name, what, "Use one spelling.", row))
    return problems


def _letters(name: str) -> str:
    """A name's letters and digits, case-folded: what two spellings of one name share."""
    return regex.sub(r"[^\p{L}\p{N}]", "", name).casefold()


def _doc_id(file: str) -> str:
    """The file's leading number, or its name without the ending, as an id fit for a web address."""
    number = regex.match("[0-9]+", file)
    return number.group() if number else regex.sub(r"[^\p{L}\p{N}_]+", "-", Path(file).stem).strip("-")


def _year(record: dict[str, str]) -> str:
    """The year of a document, `2016–2017` where its date may lie in either, or `undated`."""
    years = sorted({record[column].strip()[:4] for column in ("date_from", "date_to")} - {""})
    return "–".join(years) or "undated"
