"""Tables in Arrow files: mapped from the disk and not loaded, and put together without being in memory."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from analysis.corpus.jobs import in_threads

PAGE = 4096  # bytes
Columns = dict[str, np.ndarray]


def write_file(table: pa.Table, path: Path) -> None:
    """Write a table."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def read_file(path: Path) -> pa.Table:
    """Return a table, mapped from the disk."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def read_columns(path: Path) -> Columns:
    """Return the columns of a table of numbers, each in one chunk or none, as arrays that are mapped from the disk."""
    table = read_file(path)
    chunks = {name: table.column(name).chunks for name in table.column_names}
    kinds = {field.name: field.type.to_pandas_dtype() for field in table.schema}
    return {name: own[0].to_numpy() if own else np.zeros(0, kinds[name]) for name, own in chunks.items()}


def join_files(
    paths: Sequence[Path], joined: Path, change: Callable[[int, Columns], Columns] = lambda _, columns: columns
) -> None:
    """Write tables of the same columns of numbers behind one another, each column in one chunk.

    Parameters
    ----------
    paths : sequence of path
        At least one.
    joined : path
        Where to write.
    change : callable
        Takes the number of a table and its columns, and gives the columns to be written; by default they stay.
    """
    tables = [read_columns(path) for path in paths]
    first = np.cumsum([0, *(len(next(iter(table.values()))) for table in tables)]).tolist()
    put = _blank(joined, {name: column.dtype for name, column in tables[0].items()}, first[-1])
    list(in_threads(lambda number: put(first[number], change(number, tables[number])), range(len(tables))))


def _blank(path: Path, kinds: dict[str, np.dtype], rows: int) -> Callable[[int, Columns], None]:
    """Write a table of zeros; return how to put values in their place from a row on."""
    table = pa.table({name: np.zeros(rows, kind) for name, kind in kinds.items()})
    with _Hollow(path, "wb") as file, pa.PythonFile(file, "w") as out, pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    whole = pa.memory_map(str(path)).read_buffer()
    batch = pa.ipc.open_file(pa.BufferReader(whole)).read_all()
    places = {name: batch.column(name).chunk(0).buffers()[1].address - whole.address for name in kinds if rows}

    def put(row: int, columns: Columns) -> None:
        with path.open("r+b") as file:
            for name, array in columns.items():
                if len(array):
                    file.seek(places[name] + row * kinds[name].itemsize)
                    file.write(np.ascontiguousarray(array, kinds[name]))

    return put


class _Hollow(io.FileIO):
    """A file in which long runs, which are zeros here, are left out: they take no time, and no room until filled."""

    def write(self, data: pa.Buffer | bytes) -> int:
        if len(data) < PAGE:
            return super().write(data)
        self.seek(len(data), os.SEEK_CUR)
        return len(data)
