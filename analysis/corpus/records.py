"""The documents of a shard, checked: every column as text, dates as ranges, problems with their row."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.corpus.study import ROLES
from analysis.errors import Problem, StudyError

NEEDED = ("id", "source", "text")
ID_NAMES = ("id", "doc_id")
NAMES = ("doc_id", "source", "title", "date_from", "date_to", "year", "role", "language")  # first, in this order
COMPUTED = ("paragraphs", "sentences", "tokens", "duplicate_of", "shard")  # that the index adds
REMEDIES = {"doc_id": "Give each document one of its own.", "source": "Say who published it.", "text": "Give the text."}
DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
DATE_REMEDY = "Write YYYY-MM-DD, YYYY-MM or YYYY, or leave it empty."


def check_records(table: pa.Table, rows: Sequence[int], name: str, problems: list[Problem]) -> pa.Table:
    """Return some documents with their columns in order and as text.

    Parameters
    ----------
    table : pyarrow.Table
        One row per document. Columns that are no text, number, date or truth value are left out.
    rows : sequence of int
        The number of each row in its file.
    name : str
        That of the file.
    problems : list of Problem
        What is wrong with a row is added here.

    Raises
    ------
    StudyError
        A column that the index makes itself, or one of which a value is no text.
    """
    columns = _columns(table, rows, name)

    def everywhere(value: str) -> pa.Array:
        return pa.repeat(pa.scalar(value, pa.large_string()), len(rows))

    def complain(wrong: pa.Array, what: Callable[[int], str], remedy: str) -> None:
        places = np.flatnonzero(wrong.to_numpy(zero_copy_only=False))
        problems.extend(Problem(name, what(place), remedy, rows[place]) for place in places)

    nothing = everywhere("")
    for key, remedy in REMEDIES.items():
        own = columns.get(key, pa.nulls(len(rows), pa.large_string()))
        empty = own.is_null() if key == "text" else pc.equal(pc.utf8_trim_whitespace(pc.fill_null(own, "")), "")
        complain(empty, lambda place, key=key: f"there is no {key.removeprefix('doc_')}", remedy)
    whole = {key: pc.fill_null(own, "") for key, own in columns.items()}
    whole |= {key: pc.utf8_trim_whitespace(whole[key]) for key in ("doc_id", "source") if key in whole}
    roles = whole.get("role", nothing)
    roles = pc.if_else(pc.equal(roles, ""), pa.scalar(ROLES[0], pa.large_string()), roles)
    known = pc.is_in(roles, pa.array(ROLES, pa.large_string()))
    complain(
        pc.invert(known), lambda place: f"the role “{roles[place]}” is unknown", f"Use one of: {', '.join(ROLES)}."
    )
    dates = _dates(whole, len(rows))
    for place, (value, found) in enumerate(dates):
        if not found:
            problems.append(Problem(name, f"the date “{value}” is none", DATE_REMEDY, rows[place]))
    spans = list(zip(*(found or ("", "", "") for _, found in dates))) or [(), (), ()]
    made = dict(zip(("date_from", "date_to", "year"), (pa.array(values, pa.large_string()) for values in spans)))
    made |= {"role": roles, "shard": everywhere(name)}
    whole = {**whole, **made}
    others = [key for key in whole if key not in (*NAMES, "date", "text")]
    return pa.table({key: whole.get(key, nothing) for key in (*NAMES, *others, "text")})


def _columns(table: pa.Table, rows: Sequence[int], name: str) -> dict[str, pa.Array]:
    """The columns that are plain, as text."""
    taken = [c for c in COMPUTED if c in table.column_names]
    taken += ["doc_id"] if {*ID_NAMES} <= {*table.column_names} else []
    if taken:
        remedy = "Give them other names: the index makes columns of these."
        raise StudyError(Problem(name, f"it has the columns {', '.join(taken)}", remedy))
    columns, own = {}, (*ID_NAMES, *NAMES, "date", "text")
    for key in table.column_names:
        if key not in own and _is_binary(table.schema.field(key).type):
            continue
        try:
            columns["doc_id" if key == "id" else key] = _as_text(table.column(key))
        except pa.ArrowInvalid as error:  # of which row is worth a second look
            bad = (row for place, row in enumerate(rows) if not _is_text(table.column(key).slice(place, 1)))
            what = f"the value in the column “{key}” is no text ({error})"
            problem = Problem(name, what, "Write it in UTF-8.", next(bad, None))
            raise StudyError(problem) from None
        except pa.ArrowNotImplementedError as error:
            if key in own:
                problem = Problem(name, f"the column “{key}” is no text ({error})", "Write it as text.")
                raise StudyError(problem) from None
    return columns


def _is_binary(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return kind in (pa.binary(), pa.large_binary(), pa.binary_view()) or pa.types.is_fixed_size_binary(kind)


def _is_text(column: pa.ChunkedArray) -> bool:
    try:
        _as_text(column)
    except pa.ArrowInvalid:
        return False
    return True


def _as_text(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array of strings; what is no number is missing."""
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_finite(column), column, pa.scalar(None, column.type))
    text = pa.chunked_array(column.cast(pa.large_string()).chunks, pa.large_string()).combine_chunks()
    text.validate(full=True)
    return text


def _dates(columns: dict[str, pa.Array], rows: int) -> list[tuple[str, tuple[str, str, str] | None]]:
    """What each document says of its date; and the first day, the last day and the year of that, or none."""
    date_, first, last, year = (
        columns[key].to_pylist() if key in columns else [""] * rows for key in ("date", "date_from", "date_to", "year")
    )
    found = []
    for day, begin, end, of_year in zip(date_, first, last, year):
        if day or not (begin or end):
            found.append((day or of_year, _days(day or of_year)))
            continue
        spans = _days(begin or end), _days(end or begin)
        whole = (spans[0][0], spans[1][1]) if all(spans) else ("1", "0")
        years = "–".join(sorted({one[:4] for one in whole}))
        found.append((f"{begin} to {end}", (*whole, years) if whole[0] <= whole[1] else None))
    return found


@lru_cache(maxsize=1 << 16)
def _days(value: str) -> tuple[str, str, str] | None:
    """The first day, the last day and the year of a date, of a month or of a year; none if it is no date."""
    value = value.strip()
    if value in ("", "undated"):
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
