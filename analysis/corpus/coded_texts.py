"""Coded texts: a table that somebody has made elsewhere, for a coder to learn from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.corpus.readers import csv_rows, read_bytes, uneven_row
from analysis.errors import OptionError, Problem, StudyError, unknown


def read_coded(path: str | Path, *, text_column: str, label_column: str, group_column: str = "") -> pd.DataFrame:
    r"""Read coded texts: a CSV file with one row for each text and its label.

    Parameters
    ----------
    path : path
    text_column, label_column : str
        Which of its columns hold the text and the label.
    group_column : str
        Which holds the document that the text is of, if any does.

    Returns
    -------
    pandas.DataFrame
        ``row``, as a spreadsheet numbers it; ``text``; ``label``; ``group``, if there is such a column.

    Raises
    ------
    StudyError
        The file is missing or not UTF-8, or is no table with commas; a column is missing, or stands there twice; with
        every row that has no text, label or group; or there are fewer than two labels.

    Notes
    -----
    Cells are taken without the white space around them. Rows of one label only are no use: there is nothing to tell
    apart.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "coded.csv")
    ...     _ = path.write_text("text,label\nnew tanks,arms\ndear bread,prices\n", encoding="utf-8")
    ...     read_coded(path, text_column="text", label_column="label")["label"].tolist()
    ['arms', 'prices']
    """
    path = Path(path)
    columns = {"text": text_column, "label": label_column} | ({"group": group_column} if group_column else {})
    header, rows = csv_rows(read_bytes(path), path.name)
    if missing := [column for column in columns.values() if column not in header]:
        raise OptionError(*(p for c in missing for p in unknown(f"the columns of {path.name}", c, header).problems))
    if twice := [column for column in columns.values() if header.count(column) > 1]:
        raise StudyError(*(Problem(path.name, f"two columns are named “{c}”", "Rename one.", 1) for c in twice))
    problems = [uneven_row(path.name, row, cells, header) for row, cells in rows if len(cells) != len(header)]
    places = {name: header.index(column) for name, column in columns.items()}
    records = [
        {"row": row} | {name: cells[place].strip() for name, place in places.items()}
        for row, cells in rows
        if len(cells) == len(header)
    ]
    problems += [
        Problem(path.name, f"the column “{columns[name]}” is empty", "Fill it in, or delete the row.", record["row"])
        for record in records
        for name in columns
        if not record[name]
    ]
    table = pd.DataFrame(records, columns=["row", *columns])
    if not problems and table["label"].nunique() < 2:
        what = f"the column “{label_column}” holds {'one label only' if len(table) else 'no label'}"
        problems.append(Problem(path.name, what, "Give texts with two labels or more."))
    if problems:
        raise StudyError(*problems)
    return table
