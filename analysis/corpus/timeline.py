"""What happened when, as the study's folder lists it: ``timeline.csv``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.corpus.readers import csv_records
from analysis.corpus.study import check_dates
from analysis.errors import Problem, StudyError

COLUMNS = ("name", "date_from", "date_to", "evidence")


def read_timeline(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the timeline; a folder without one has none.

    Returns
    -------
    timeline : pandas.DataFrame
        ``name``; ``date_from`` and ``date_to``, its first and last day, YYYY-MM-DD; ``evidence``, from where the dates
        are known. By date.
    problems : list of Problem
        Among them each entry without a name or a date, and each name that stands there twice.
    """
    path, nothing = folder / "timeline.csv", pd.DataFrame(columns=list(COLUMNS))
    if not path.exists():
        return nothing, []
    try:
        records, problems = csv_records(path, COLUMNS)
    except StudyError as error:
        return nothing, list(error.problems)
    rows, named = [], {}
    for row, record in records:
        name, first, last, evidence = (record[column].strip() for column in COLUMNS)
        if not name:
            problems.append(Problem(path.name, "the entry has no name", "Say what happened.", row))
        elif name in named:
            what = f"“{name}” stands there twice (first in row {named[name]})"
            problems.append(Problem(path.name, what, "Give each entry a name of its own.", row))
        if not first and not last:
            problems.append(Problem(path.name, "the entry has no date", "Give its first and last day.", row))
        problems += check_dates({"date_from": first, "date_to": last}, path.name, row)
        named.setdefault(name, row)
        rows.append((name, first, last, evidence))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["date_from", "date_to", "name"], ignore_index=True), problems
