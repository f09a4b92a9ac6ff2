"""Shards to batches: the documents of a large corpus, in Parquet or JSON Lines, read some at a time."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.corpus.records import ID_NAMES, NEEDED, check_records
from analysis.errors import Problem, StudyError

ENDINGS = (".parquet", ".jsonl")
BATCH = 1 << 22  # bytes of text read at a time: arrays of more are not used again, and new memory is slow
JOB = 1 << 24  # bytes of text to a job
SHOWN = 20  # problems listed of one piece
UNREADABLE = (OSError, pa.ArrowException, UnicodeDecodeError)  # the last is of the names of columns


class Piece(NamedTuple):
    """A part of a file: a row group of Parquet, or of JSON Lines the lines that begin in a range of bytes."""

    path: str
    name: str
    begin: int
    end: int


class Job(NamedTuple):
    """Pieces that are read one after another, and their size in bytes."""

    pieces: tuple[Piece, ...]
    size: int


def find_shards(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    """Return the shards that are named, or lie in a folder that is named, each once, in order of their path.

    Raises
    ------
    StudyError
        A path that does not exist, is no shard, is a folder without one, or whose name is no text; or no path.
    """
    found, problems = [], []
    for path in map(Path, [paths] if isinstance(paths, (str, Path)) else paths):
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in ENDINGS and not p.is_dir())
        lost = [Problem(str(p), "it is a link that leads nowhere", "Correct it.") for p in inside if not p.exists()]
        inside = inside if path.is_dir() else [path]
        if not path.exists():
            problems.append(Problem(str(path), "there is no such file or folder", "Correct the path."))
        elif not inside or inside[0].suffix.lower() not in ENDINGS:
            problems.append(Problem(str(path), "it is no shard and holds none", f"Give {' or '.join(ENDINGS)} files."))
        found, problems = found + inside, problems + lost
    if problems or not found:
        raise StudyError(*problems or [Problem("shards", "no path is given", "Give files, or folders of them.")])
    for path in found:
        check_name(path)
    return sorted({path.resolve() for path in found})


def check_name(path: Path) -> None:
    """Raise a `StudyError` for a path whose name cannot be written down."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        name = str(path).encode("utf-8", "backslashreplace").decode()
        raise StudyError(Problem(name, "its name is not in UTF-8", "Give it another one.")) from None


def plan_jobs(shards: Sequence[Path]) -> list[Job]:
    """Return what is to be read, as jobs of about 16 MB of text.

    Raises
    ------
    StudyError
        A shard that cannot be read, or lacks a column.
    """
    jobs, pieces, size, problems = [], [], 0, []
    same = Counter(path.name for path in shards)
    for path in shards:
        name = path.name if same[path.name] == 1 else f"{path.parent.name}/{path.name}"
        try:
            for piece, own in _pieces(path, name):
                pieces.append(piece)
                size += own
                if size >= JOB:  # where a job ends does not depend on what comes after it, which may be corrected
                    jobs.append(Job(tuple(pieces), size))
                    pieces, size = [], 0
        except UNREADABLE as error:
            problems.append(Problem(name, f"it cannot be read ({error})", "Write it again."))
        except StudyError as error:
            problems += error.problems
    if problems:
        raise StudyError(*problems)
    return [*jobs, Job(tuple(pieces), size)] if pieces else jobs


def read_batches(job: Job) -> Iterator[pa.Table]:
    """Yield the documents of a job, some at a time, as `records.check_records` gives them.

    Raises
    ------
    StudyError
        With the file and row of the documents that cannot be used, the first twenty of a piece.
    """
    problems: list[Problem] = []
    for piece in job.pieces:
        wrong: list[Problem] = []
        read = _read_lines if piece.path.lower().endswith(".jsonl") else _read_parquet
        try:
            for table, rows in read(piece, wrong):
                checked = check_records(table, rows, piece.name, wrong)
                if not problems and not wrong:
                    yield checked
                if len(wrong) >= SHOWN:
                    break
        except StudyError as error:
            wrong += error.problems
        except UNREADABLE as error:
            problems.append(Problem(piece.name, f"it cannot be read ({error})", "Write it again."))
        before = _rows_before(piece) if wrong else 0
        problems += (p if p.row is None else replace(p, row=p.row + before) for p in wrong[:SHOWN])
    if problems:
        raise StudyError(*problems)


def _pieces(path: Path, name: str) -> Iterator[tuple[Piece, int]]:
    """The pieces of a file, with their sizes in bytes."""
    if path.suffix.lower() == ".jsonl":
        size = path.stat().st_size
        for begin in range(0, size, JOB):
            yield Piece(str(path), name, begin, min(begin + JOB, size)), min(JOB, size - begin)
        return
    file = pq.ParquetFile(path)
    times = Counter(file.schema_arrow.names)
    problems = [Problem(name, f"the column “{c}” stands there twice", "Leave one.") for c in times if times[c] > 1]
    for column in NEEDED:
        if not times.keys() & set(ID_NAMES if column == "id" else [column]):
            remedy = f"A shard needs {', '.join(NEEDED)}; date and others are welcome."
            problems.append(Problem(name, f"there is no column “{column}”", remedy))
    if problems:
        raise StudyError(*problems)
    for group in range(file.metadata.num_row_groups):
        row_group = file.metadata.row_group(group)
        columns = (row_group.column(c) for c in range(row_group.num_columns))
        size = sum(c.total_uncompressed_size for c in columns if c.path_in_schema == "text")
        yield Piece(str(path), name, group, group + 1), size


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
    row = 0
    with Path(piece.path).open("rb") as file:
        if piece.begin:  # a line that began before belongs to the piece before
            file.seek(piece.begin - 1)
            file.readline()
        while file.tell() < piece.end:
            records, size = {}, 0
            while size < BATCH and file.tell() < piece.end:
                line, row = file.readline(), row + 1
                size += len(line)
                if line.strip(b"\xef\xbb\xbf \t\r\n") and (record := _record(line, piece.name, row, problems)):
                    records[row] = record
            names = dict.fromkeys(key for record in records.values() for key in record)
            columns = {name: pa.array([r.get(name) for r in records.values()], pa.large_string()) for name in names}
            if records:
                yield pa.table(columns), list(records)


def _record(line: bytes, name: str, row: int, problems: list[Problem]) -> dict[str, str]:
    """The plain values of a line, as text; nothing if the line is no object of JSON, which is said."""
    try:
        record = json.loads(line.decode("utf-8").removeprefix("\ufeff"))
        if b"\\ud" in line.lower():  # half a character, perhaps
            json.dumps(record, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        problems.append(Problem(name, f"the line is not JSON in UTF-8 ({error})", "Correct it.", row))
        return {}
    whole = record.items() if isinstance(record, dict) else ()
    plain = {key: _plain(value) for key, value in whole if isinstance(value, (str, int, float))}
    if not plain:
        remedy = "Write one object with id, source and text to a line."
        problems.append(Problem(name, "the line is no object with values", remedy, row))
    return plain


def _plain(value: str | float) -> str | None:
    """A value of JSON as text, as Parquet would have it; what is no number is missing."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return pa.scalar(value).cast(pa.string()).as_py() if math.isfinite(value) else None
    return str(value)


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
