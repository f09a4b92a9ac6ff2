"""Lists of words from elsewhere: their frequencies in some large corpus, or what each is to count as."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.readers import csv_records
from analysis.corpus.tokens import term, tokenise
from analysis.errors import Problem, StudyError

LONGEST = 19  # digits of a count


def read_counts(path: str | Path) -> pd.Series:
    r"""Read a frequency list: a CSV file with the columns ``term`` and ``count``.

    Parameters
    ----------
    path : path
        With one row for each word, such as those of a large corpus.

    Returns
    -------
    pandas.Series of int
        The counts, by term as this package counts it: spellings of one term are added up. The words of a term of
        several are separated by spaces. A row without a word, such as one of punctuation, is left out: here it is no
        word of any document either.

    Raises
    ------
    StudyError
        With every row whose count is no whole number of 0 or more; or a column is missing, or all is empty.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "counts.csv")
    ...     _ = path.write_text("term,count\nBread,3\nbread,4\n", encoding="utf-8")
    ...     read_counts(path).to_dict()
    {'bread': 7}
    """
    words, counts, problems = [], [], []
    for row, word, count in _pairs(path, "term", "count"):
        if count.isdecimal() and len(count) <= LONGEST:
            words.append(" ".join(map(term, tokenise(word))))
            counts.append(int(count))
        else:
            what = f"the count “{count[: LONGEST + 1]}” is no whole number, or too large"
            problems.append(Problem(Path(path).name, what, "Correct it.", row))
    if problems:
        raise StudyError(*problems)
    if sum(counts) > np.iinfo(np.int64).max:
        raise StudyError(Problem(Path(path).name, "its counts come to more than can be counted", "Correct them."))
    table = pd.Series(counts, index=words, dtype="int64").drop("", errors="ignore").groupby(level=0).sum()
    if not table.sum():
        raise StudyError(Problem(Path(path).name, "it counts no word", "Give a list with counts above 0."))
    return table


def read_aliases(path: str | Path) -> dict[str, str]:
    r"""Read which words are to count as which: a CSV file with the columns ``term`` and ``counts_as``.

    Parameters
    ----------
    path : path
        With one row for each word that counts as another.

    Returns
    -------
    dict of str to str
        What each term counts as, for `merge_terms`.

    Raises
    ------
    StudyError
        With every row that does not give two single words, or a word that is to count as two; or a column is missing.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "aliases.csv")
    ...     _ = path.write_text("term,counts_as\nloaf,bread\n", encoding="utf-8")
    ...     read_aliases(path)
    {'loaf': 'bread'}
    """
    aliases, problems = {}, []
    for row, word, other in _pairs(path, "term", "counts_as"):
        wrong = [one for one in (word, other) if len(tokenise(one)) != 1]
        if wrong:
            problems.append(Problem(Path(path).name, f"“{wrong[0]}” is not one word", "Give single words.", row))
            continue
        name, meant = (term(*tokenise(one)) for one in (word, other))
        if aliases.setdefault(name, meant) != meant:
            what = f"“{word}” is to count as “{aliases[name]}” and as “{meant}”"
            problems.append(Problem(Path(path).name, what, "Leave one of them out.", row))
    if problems:
        raise StudyError(*problems)
    return aliases


def _pairs(path: str | Path, *columns: str) -> list[tuple[int, str, str]]:
    """The number of each row of a CSV file, and its values in two columns."""
    records, problems = csv_records(Path(path), columns)
    if problems:
        raise StudyError(*problems)
    return [(row, *(record[column].strip() for column in columns)) for row, record in records]
