"""Bytes to text: one file in, its characters out, or a reason why not."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from pathlib import Path

import regex

from analysis.errors import Problem, StudyError

LONGEST_CELL = 2**31 - 1  # characters


def read_text(path: Path) -> str:
    """Return a UTF-8 file as text, with every character and line end as it stands in the file.

    Raises
    ------
    StudyError
        The file is missing, unreadable, empty, or not UTF-8 (then with the offset of the bad byte).
    """
    return decode(read_bytes(path), path.name)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    StudyError
        The file is missing or cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise StudyError(
            Problem(path.name, "the file is missing", f"Put it into {path.resolve().parent.name}/.")
        ) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StudyError(Problem(path.name, f"the file cannot be read ({reason})", "Give a readable file.")) from None


def decode(data: bytes, name: str) -> str:
    """Decode UTF-8; a byte-order mark at the start stays in the text, so that offsets hold.

    Raises
    ------
    StudyError
        Nothing but white space, or not UTF-8.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"it is not UTF-8 text: byte {data[error.start]:#04x} at offset {error.start}"
        raise StudyError(Problem(name, what, "Save it as UTF-8.")) from None
    if not text.replace("\ufeff", "").strip():
        raise StudyError(Problem(name, "the file is empty", "Write something into it, or remove it."))
    return text


def csv_rows(data: bytes, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header of a CSV file, and each row that is not blank with its number; the header's is 1.

    Raises
    ------
    StudyError
        Not UTF-8, not a table, or with columns that something else than a comma separates.
    """
    csv.field_size_limit(LONGEST_CELL)
    text = decode(data, name).removeprefix("\ufeff")
    try:
        rows = [(n, cells) for n, cells in enumerate(csv.reader(io.StringIO(text), strict=True), start=1) if any(cells)]
    except csv.Error as error:
        raise StudyError(Problem(name, f"it is not a table ({error})", "Save it as CSV with commas.")) from None
    header = rows[0][1] if rows else []
    if len(header) == 1 and (mark := regex.search("[;\t|]", header[0])):
        kind = {";": "semicolons", "\t": "tabs", "|": "bars"}[mark.group()]
        raise StudyError(Problem(name, f"its columns are separated by {kind}", "Save it as CSV with commas.", 1))
    return header, rows[1:]


def csv_records(
    path: Path, columns: Iterable[str], *, optional: bool = False
) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    """Return the rows of a CSV file, each with its number, and what is wrong with them; none if a column is missing.

    An optional file need not be there, and may be empty: it then has no rows.

    Raises
    ------
    StudyError
        As `csv_rows`, or the file cannot be read.
    """
    if optional and not (path.exists() and read_bytes(path).strip()):
        return [], []
    header, rows = csv_rows(read_bytes(path), path.name)
    missing = [column for column in columns if column not in header]
    if missing:
        return [], [Problem(path.name, f"there is no column “{c}”", "Give it that name.", 1) for c in missing]
    uneven = [uneven_row(path.name, row, cells, header) for row, cells in rows if len(cells) != len(header)]
    return [(row, dict(zip(header, cells))) for row, cells in rows if len(cells) == len(header)], uneven


def uneven_row(name: str, row: int, cells: list[str], header: list[str]) -> Problem:
    """Return the problem of a row that has not as many cells as the header."""
    what = f"the row has {len(cells)} cells and the header {len(header)}"
    return Problem(name, what, "Put text that holds a comma into double quotes.", row)


def fingerprint(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
