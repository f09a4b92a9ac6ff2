"""Frequency lists from elsewhere: how often words stand in some large corpus, to compare with."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from analysis.corpus.readers import decode, read_bytes
from analysis.corpus.tokens import term
from analysis.errors import Problem, StudyError


def read_counts(path: str | Path) -> pd.Series:
    """Read a frequency list: a CSV file with the columns ``term`` and ``count``.

    Returns
    -------
    pandas.Series of int
        The counts, by term as this package counts it: spellings of one term are added up.

    Raises
    ------
    StudyError
        With every row whose count is no whole number of 0 or more; or a column is missing, or all is empty.
    """
    path = Path(path)
    reader = csv.DictReader(io.StringIO(decode(read_bytes(path), path.name).removeprefix("\ufeff")))
    for column in ("term", "count"):
        if column not in (reader.fieldnames or []):
            raise StudyError(Problem(path.name, f"there is no column “{column}”", "Give it that name.", 1))
    words, counts, problems = [], [], []
    for row, cells in enumerate(reader, start=2):
        if (cells["count"] or "").strip().isdecimal():
            words.append(term((cells["term"] or "").strip()))
            counts.append(int(cells["count"]))
        else:
            problems.append(Problem(path.name, f"the count “{cells['count']}” is no whole number", "Correct it.", row))
    if problems:
        raise StudyError(*problems)
    if not sum(counts):
        raise StudyError(Problem(path.name, "it counts no word", "Give a list with counts above 0."))
    return pd.Series(counts, index=words, dtype="int64").groupby(level=0).sum()
