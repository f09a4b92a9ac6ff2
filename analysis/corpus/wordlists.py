"""Frequency lists from elsewhere: how often words stand in some large corpus, to compare with."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.corpus.readers import csv_rows, read_bytes, uneven_row
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
    header, rows = csv_rows(read_bytes(path), path.name)
    for column in ("term", "count"):
        if column not in header:
            raise StudyError(Problem(path.name, f"there is no column “{column}”", "Give it that name.", 1))
    words, counts, problems = [], [], []
    for row, cells in rows:
        record = dict(zip(header, cells))
        if len(cells) != len(header):
            problems.append(uneven_row(path.name, row, cells, header))
        elif not record["count"].strip().isdecimal():
            problems.append(Problem(path.name, f"the count “{record['count']}” is no whole number", "Correct it.", row))
        else:
            words.append(term(record["term"].strip()))
            counts.append(int(record["count"]))
    if problems:
        raise StudyError(*problems)
    if not sum(counts):
        raise StudyError(Problem(path.name, "it counts no word", "Give a list with counts above 0."))
    return pd.Series(counts, index=words, dtype="int64").groupby(level=0).sum()
