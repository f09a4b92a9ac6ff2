"""Shards to batches: the documents of a large corpus, in Parquet or JSON Lines, read some at a time and checked."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.corpus.study import ROLES
from analysis.errors import Problem, StudyError

ENDINGS = (".parquet", ".jsonl")
NEEDED = ("id", "source", "text")
ID_NAMES = ("id", "doc_id")
NAMES = ("doc_id", "source", "title", "date_from", "date_to", "year", "role", "language")  # of every batch, in order
COMPUTED = ("paragraphs", "sentences", "tokens", "duplicate_of")  # that the index adds
REMEDIES = {"doc_id": "Give each document one of its own.", "source": "Say who published it.", "text": "Give the text."}
BATCH = 1 << 21  # bytes of text read at a time
JOB = 1 << 24  # bytes of text to a job
SHOWN = 20  # problems listed of one job
DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?")


class Piece(NamedTuple):
    """A part of a file: a row group of Parquet, or of JSON Lines the lines that begin in a range of bytes."""

    path: str
    begin: int
    end: int


class Job(NamedTuple):
    """Pieces that are read one after another, and their size in bytes."""

    number: int
    pieces: tuple[Piece, ...]
    size: int


def find_shards(paths: Iterable[str | Path]) -> list[Path]:
    """Return the shards that are named, or lie in a folder that is named, each once, in order of their path.

    Raises
    ------
    StudyError
        A path that does not exist, is no shard, or is a folder without one.
    """
    found, problems = [], []
    for path in map(Path, paths):
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in ENDINGS) if path.is_dir() else [path]
        if not path.exists():
            problems.append(Problem(str(path), "there is no such file or folder", "Correct the path."))
        elif not inside or inside[0].suffix.lower() not in ENDINGS:
            problems.append(Problem(str(path), "it is no shard and holds none", f"Give {' or '.join(ENDINGS)} files."))
        found += inside
    if problems:
        raise StudyError(*problems)
    return sorted({path.resolve() for path in found})


def plan_jobs(shards: Iterable[Path]) -> list[Job]:
    """Return what is to be read, as jobs of about 16 MB of text.

    Raises
    ------
    StudyError
        A shard that cannot be read, or lacks a column.
    """
    jobs, pieces, size, problems = [], [], 0, []
    for path in shards:
        try:
            for piece, own in _pieces(path):
                if pieces and size + own > JOB:
                    jobs.append(Job(len(jobs), tuple(pieces), size))
                    pieces, size = [], 0
                pieces.append(piece)
                size += own
        except (OSError, pa.ArrowInvalid) as error:
            problems.append(Problem(path.name, f"it cannot be read ({error})", "Write it again."))
        except StudyError as error:
            problems += error.problems
    if problems:
        raise StudyError(*problems)
    return [*jobs, Job(len(jobs), tuple(pieces), size)]


def read_batches(job: Job) -> Iterator[pa.Table]:
    """Yield the documents of a job, some at a time.

    Yields
    ------
    pyarrow.Table
        One row per document: the columns of `NAMES` and all other plain ones as text, then ``text``.

    Raises
    ------
    StudyError
        With the file and row of the documents that cannot be used, the first twenty.
    """
    for piece in job.pieces:
        name, problems = Path(piece.path).name, []
        read = _read_lines if piece.path.lower().endswith(".jsonl") else _read_parquet
        try:
            for table, rows in read(piece, problems):
                checked = _check(table, rows, name, problems)
                if not problems:
                    yield checked
                if len(problems) >= SHOWN:
                    break
        except (OSError, pa.ArrowException) as error:
            raise StudyError(Problem(name, f"it cannot be read as text ({error})", "Write it again.")) from None
        if problems:
            before = _rows_before(piece)
            raise StudyError(*(replace(p, row=p.row + before) for p in problems[:SHOWN]))


def _pieces(path: Path) -> Iterator[tuple[Piece, int]]:
    """The pieces of a file, with their sizes in bytes."""
    if path.suffix.lower() == ".jsonl":
        size = path.stat().st_size
        for begin in range(0, size, JOB):
            yield Piece(str(path), begin, min(begin + JOB, size)), min(JOB, size - begin)
        return
    file = pq.ParquetFile(path)
    names = file.schema_arrow.names
    missing = [n for n in NEEDED if not set(ID_NAMES if n == "id" else [n]) & set(names)]
    if missing:
        remedy = f"A shard needs {', '.join(NEEDED)}; date and others are welcome."
        raise StudyError(*(Problem(path.name, f"there is no column “{n}”", remedy) for n in missing))
    for group in range(file.metadata.num_row_groups):
        row_group = file.metadata.row_group(group)
        columns = (row_group.column(c) for c in range(row_group.num_columns))
        size = sum(c.total_uncompressed_size for c in columns if c.path_in_schema == "text")
        yield Piece(str(path), group, group + 1), size


def _read_parquet(piece: Piece, problems: list[Problem]) -> Iterator[tuple[pa.Table, Sequence[int]]]:
    """The documents of a row group, each batch with the numbers of its rows."""
    file, row = pq.ParquetFile(piece.path), 1
    group = file.metadata.row_group(piece.begin)
    rows = max(group.num_rows * BATCH // max(group.total_byte_size, 1), 1)
    for batch in file.iter_batches(batch_size=rows, row_groups=[piece.begin]):
        yield pa.Table.from_batches([batch]), range(row, row + batch.num_rows)
        row += batch.num_rows


def _read_lines(piece: Piece, problems: list[Problem]) -> Iterator[tuple[pa.Table, Sequence[int]]]:
    """The lines of a file that begin in a range of bytes, each batch with the numbers of its lines; no empty ones."""
    name, row = Path(piece.path).name, 0
    with Path(piece.path).open("rb") as file:
        if piece.begin:  # a line that began before belongs to the piece before
            file.seek(piece.begin - 1)
            file.readline()
        while file.tell() < piece.end:
            records, rows, size = [], [], 0
            while size < BATCH and file.tell() < piece.end:
                line, row = file.readline(), row + 1
                size += len(line)
                if line.strip(b"\xef\xbb\xbf \t\r\n"):
                    records.append(_record(line, name, row, problems))
                    rows.append(row)
            names = dict.fromkeys(key for record in records for key in record)
            yield pa.table({key: pa.array([r.get(key) for r in records], pa.string()) for key in names}), rows


def _record(line: bytes, name: str, row: int, problems: list[Problem]) -> dict[str, str]:
    """The plain values of a line, as text; nothing if the line is no object of JSON."""
    try:
        record = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
        line.decode("utf-8") if b"\\ud" not in line.lower() else json.dumps(record, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        problems.append(Problem(name, f"the line is not JSON in UTF-8 ({error})", "Correct it.", row))
        return {}
    if not isinstance(record, dict):
        problems.append(
            Problem(name, "the line is no object", "Write one object with id, source and text to a line.", row)
        )
        return {}
    return {key: str(value) for key, value in record.items() if isinstance(value, (str, int, float))}


def _rows_before(piece: Piece) -> int:
    """How many rows of the file stand before a piece; the header of Parquet is none."""
    if piece.path.lower().endswith(".parquet"):
        metadata = pq.ParquetFile(piece.path).metadata
        return sum(metadata.row_group(g).num_rows for g in range(piece.begin))
    if not piece.begin:
        return 0
    with Path(piece.path).open("rb") as file:
        blocks = iter(lambda: file.read(min(1 << 20, piece.begin - 1 - file.tell())), b"")
        return 1 + sum(block.count(b"\n") for block in blocks)


def _check(table: pa.Table, rows: Sequence[int], name: str, problems: list[Problem]) -> pa.Table:
    """The table with its columns in order and as text; what is wrong goes to the problems."""
    plain = {
        c: _as_text(table.column(c)) for c in table.column_names if not pa.types.is_nested(table.schema.field(c).type)
    }
    if "id" in plain:
        plain["doc_id"] = plain.pop("id")
    for column, remedy in REMEDIES.items():
        values = plain.setdefault(column, pa.nulls(len(rows), pa.string()))
        empty = (
            values.is_null() if column == "text" else pc.equal(pc.utf8_trim_whitespace(pc.fill_null(values, "")), "")
        )
        for place in np.flatnonzero(empty.to_numpy(zero_copy_only=False)):
            problems.append(Problem(name, f"there is no {column.removeprefix('doc_')}", remedy, rows[place]))
    days = plain.pop("date", plain.get("year", pa.nulls(len(rows), pa.string())))
    days = pc.fill_null(days, "").dictionary_encode()
    ranges = [_days(value.strip()) for value in days.dictionary.to_pylist()]
    roles = plain["role"] = pc.fill_null(plain.get("role", pa.nulls(len(rows), pa.string())), ROLES[0])
    for place in np.flatnonzero(pc.invert(pc.is_in(roles, pa.array(ROLES))).to_numpy(zero_copy_only=False)):
        what = f"the role “{roles[place]}” is unknown"
        problems.append(Problem(name, what, f"Use one of: {', '.join(ROLES)}.", rows[place]))
    for place, value in enumerate(days.indices.to_pylist()):
        if not ranges[value]:
            what = f"the date “{days.dictionary[value]}” is none"
            problems.append(Problem(name, what, "Write YYYY-MM-DD, YYYY-MM or YYYY, or leave it empty.", rows[place]))
    for column, values in zip(("date_from", "date_to", "year"), zip(*(found or ("", "", "") for found in ranges))):
        plain[column] = pa.array(values, pa.string()).take(days.indices)
    for column in NAMES:
        plain.setdefault(column, pa.array([""] * len(rows), pa.string()))
    others = [column for column in plain if column not in (*NAMES, *COMPUTED, "text")]
    return pa.table({column: plain[column] for column in (*NAMES, *others, "text")})


def _as_text(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array of strings."""
    column = (
        pa.concat_arrays(column.cast(pa.large_string()).chunks) if column.num_chunks else pa.nulls(0, pa.large_string())
    )
    column.validate(full=True)
    return column


def _days(value: str) -> tuple[str, str, str] | None:
    """The first day, the last day and the year of a date, of a month or of a year; none if it is no date."""
    if not value:
        return "", "", "undated"
    found = DATE.fullmatch(value)
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
        last = first if day else first.replace(month=month or 12, day=calendar.monthrange(year, month or 12)[1])
    except ValueError:
        return None
    return first.isoformat(), last.isoformat(), f"{year:04}"
