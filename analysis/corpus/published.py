"""What other studies report, to set a study’s own figures beside: ``published.csv``."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pandas as pd

from analysis.corpus import Study
from analysis.corpus.readers import csv_records
from analysis.errors import Problem, StudyError

COLUMNS = ("study", "what", "texts", "measure", "lowest", "highest")


def read_published(study: Study, path: str | Path | None = None) -> pd.DataFrame:
    """Read figures of other studies: a CSV file with one row for each.

    Parameters
    ----------
    study : Study
    path : path, optional
        By default ``published.csv`` in the folder of the study, which need not be there. With the columns ``study``,
        where the figure is published; ``what`` was compared, such as “two readers”; ``texts``, on which texts;
        ``measure``, such as “alpha”; ``lowest`` and ``highest``, the range of the figure, from -1 to 1.

    Returns
    -------
    pandas.DataFrame
        These columns, the last two as numbers.

    Raises
    ------
    StudyError
        With every row that lacks one of the first four, and every range that is none.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> list(read_published(load()))
    ['study', 'what', 'texts', 'measure', 'lowest', 'highest']
    """
    optional, path = path is None, Path(path or study.folder / "published.csv")
    records, problems = csv_records(path, COLUMNS, optional=optional)
    rows = []
    for number, record in records:
        *words, lowest, highest = (record[column].strip() for column in COLUMNS)
        for column in (name for name, word in zip(COLUMNS, words) if not word):
            problems.append(Problem(path.name, f"the column “{column}” is empty", "Fill it in.", number))
        low, high = _number(lowest), _number(highest)
        if not -1 <= low <= high <= 1:
            what = f"“{lowest}” to “{highest}” is no range of figures from -1 to 1"
            problems.append(Problem(path.name, what, "Give two numbers, the lower first; one twice if alone.", number))
        rows.append((*words, low, high))
    if problems:
        raise StudyError(*problems)
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"lowest": float, "highest": float})


def _number(text: str) -> float:
    """The number that a text says; infinity, which is out of any range, if it says none."""
    try:
        return float(text)
    except ValueError:
        return inf
