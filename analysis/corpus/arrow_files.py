"""Tables in Arrow files: mapped from the disk and not loaded, and put together without being in memory."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import numpy as np
import pyarrow as pa

from analysis.corpus.jobs import in_threads
from analysis.errors import Problem, StudyError

PAGE = 4096  # bytes
Columns = dict[str, np.ndarray]


def in_few_bytes(numbers: np.ndarray) -> np.ndarray:
    """Return the same numbers in as few bytes as hold them all."""
    least, most = (np.min_scalar_type(extreme) for extreme in (numbers.min(initial=0), numbers.max(initial=0)))
    return numbers.astype(np.promote_types(least, most))


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


def read_or_make(path: Path, what: str, make: Callable[[Path], None]) -> Columns:
    """Return the columns of a table that is made when first asked for; see `read_columns`.

    Parameters
    ----------
    path : path
    what : str
        What it holds, for a message.
    make : callable
        Takes where to write: in a folder to work in, where what it did before it was broken off still lies.

    Raises
    ------
    StudyError
        It has to be made, and the folder cannot be written; or it is damaged.
    """
    if not path.exists():
        begun = path.with_suffix("")
        try:
            begun.mkdir(exist_ok=True)
            whole = begun / uuid4().hex
            make(whole)
            whole.rename(path)
            shutil.rmtree(begun, ignore_errors=True)
        except pa.ArrowException as error:
            remedy = "Remove the folder, and make the index again."
            raise StudyError(Problem(str(path.parent), f"the index cannot be read ({error})", remedy)) from None
        except OSError as error:
            if not path.exists():  # else another process was faster
                what = f"its {what} are asked for the first time, and it cannot be written ({error.strerror})"
                raise StudyError(Problem(str(path.parent), what, "Make it writable, or take a copy.")) from None
    try:
        return read_columns(path)
    except pa.ArrowException as error:
        raise StudyError(Problem(str(path), f"it cannot be read ({error})", "Remove it: it is made again.")) from None


def join_files(
    paths: Sequence[Path],
    joined: Path,
    change: Callable[[int, Columns], Columns] = lambda _, columns: columns,
    kinds: Mapping[str, np.dtype] | None = None,
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
    kinds : mapping of str to numpy.dtype, optional
        The columns that are written, if they are others.
    """
    tables = [read_columns(path) for path in paths]
    first = np.cumsum([0, *(len(next(iter(table.values()))) for table in tables)]).tolist()
    put = _blank(joined, kinds or {name: column.dtype for name, column in tables[0].items()}, first[-1])
    list(in_threads(lambda number: put(first[number], change(number, tables[number])), range(len(tables))))


def _blank(path: Path, kinds: Mapping[str, np.dtype], rows: int) -> Callable[[int, Columns], None]:
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
