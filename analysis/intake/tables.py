"""Tables with one document a row to drafts, and the lists of stories that Media Cloud gives, which have no text."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from analysis.corpus.readers import csv_rows, decode, uneven_row
from analysis.errors import Problem, StudyError, unknown
from analysis.intake.drafts import FIELDS, Draft, day, language_code

MEDIA_CLOUD = {"date": "publish_date", "source": "media_name"}  # what its columns are called
MEDIA_CLOUD_ARCHIVE = MEDIA_CLOUD | {"url": "article_url"}


def table_drafts(data: bytes, name: str, columns: Mapping[str, str]) -> list[Draft]:
    """Return one draft for each row of a table.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name; the ending says what it is.
    columns : mapping
        Which column holds each of `FIELDS`, where the names differ.

    Raises
    ------
    StudyError
        It cannot be read; no such column; no column of text, or with each row without text, unless Media Cloud made it.
    """
    rows = TABLES[Path(name).suffix.lower()](data, name)
    present = list(dict.fromkeys(column for _, row in rows for column in row))
    for wanted, column in columns.items():
        if wanted not in FIELDS:
            raise unknown("columns", wanted, FIELDS)
        if column not in present:
            raise unknown(f"the column for {wanted} in {name}", column, present)
    listing = set(MEDIA_CLOUD.values()) <= set(present)
    usual = {} if not listing else MEDIA_CLOUD if "url" in present else MEDIA_CLOUD_ARCHIVE
    of = {wanted: columns.get(wanted, usual.get(wanted, wanted)) for wanted in FIELDS}
    if of["text"] not in present and not listing:
        what = f"there is no column “{of['text']}”; it has {', '.join(map(str, present)) or 'no row'}"
        raise StudyError(Problem(name, what, "Say which column holds the text: --columns text=NAME."))
    drafts, problems = [], []
    for number, row in rows:
        values = {wanted: "" if row.get(column) is None else str(row[column]) for wanted, column in of.items()}
        if not values["text"].strip() and not listing:
            problems.append(Problem(name, "the row has no text", "Remove it, or give its text.", number))
        values["date"] = day(values["date"])
        values["language"] = language_code(values["language"]) or values["language"]
        evidence = {k: f"column {of[k]} of {name}" for k, v in values.items() if v and k != "text"}
        drafts.append(Draft(**values, evidence=evidence, place=f"row {number}"))
    if problems:
        raise StudyError(*problems)
    return drafts


def _csv_rows(data: bytes, name: str) -> list[tuple[int, dict]]:
    header, rows = csv_rows(data, name)
    if uneven := [uneven_row(name, row, cells, header) for row, cells in rows if len(cells) != len(header)]:
        raise StudyError(*uneven)
    return [(row, dict(zip(header, cells))) for row, cells in rows]


def _jsonl_rows(data: bytes, name: str) -> list[tuple[int, dict]]:
    rows = []
    for number, line in enumerate(decode(data, name).removeprefix("\ufeff").split("\n"), start=1):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict):
                raise StudyError(Problem(name, "the line is no JSON object", "Write one document a line.", number))
            rows.append((number, row))
    return rows


def _parquet_rows(data: bytes, name: str) -> list[tuple[int, dict]]:
    import pyarrow
    import pyarrow.parquet

    try:
        return list(enumerate(pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist(), start=1))
    except (pyarrow.ArrowException, OSError) as error:
        what = f"it cannot be read as Parquet ({type(error).__name__})"
        raise StudyError(Problem(name, what, "Save it again, or as CSV.")) from None


TABLES: dict[str, Callable[[bytes, str], list[tuple[int, dict]]]] = {
    ".csv": _csv_rows, ".jsonl": _jsonl_rows, ".parquet": _parquet_rows,
}  # fmt: skip
