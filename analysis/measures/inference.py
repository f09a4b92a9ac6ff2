"""How far a comparison can carry: sizes of groups, their balance, and the gates below which the book only describes.

The unit is the document. Paragraphs of one article are not independent of each other, so a comparison of two groups
rests on as many observations as there are documents in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import regex
from numpy.typing import ArrayLike

from analysis.corpus import Study, group_labels
from analysis.corpus.numbers import percent
from analysis.errors import OptionError, Problem, StudyError, unknown

DATED = regex.compile(r"\d{4}(?:-\d{2})?")  # a year or a month
TEST_MINIMUM = 4  # documents in each group, for a p-value
DRIFT_MINIMUM = 30  # documents in each period, for a drift test
REST = "the rest"  # what several groups are called that are compared with one
LISTED = 5  # periods that a verdict names
LEVEL = 0.05  # of a test
LARGEST_SHARE = 0.25  # of a group's words from one document, before the group is called lopsided


def balance(study: Study, *, by: str = "source") -> pd.DataFrame:
    """What each group rests on: how many documents, how many words, and how much on its largest document.

    Parameters
    ----------
    study : Study
    by : str
        A column of the documents table, or ``document``.

    Returns
    -------
    pandas.DataFrame
        One row per group: ``group``; ``documents``, those with a word, so that copies do not count; ``tokens``;
        ``largest_document``, the ``doc_id`` with the most words; ``largest_share``, its part of the group's words (0 to
        1).

    Raises
    ------
    StudyError
        An unknown grouping.

    Notes
    -----
    The share is the tokens of the largest document over those of the group, 0 for a group without a word. It knows
    nothing of authors: many documents by one author count as many.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> int(balance(study, by="source")["documents"].sum()) == len(study.documents)
    True
    """
    documents = study.documents.assign(group=group_labels(study, by))
    rows = []
    for group, members in documents.groupby("group", sort=True):
        largest = members.loc[members["tokens"].idxmax()]
        tokens = members["tokens"].sum()
        with_words = int((members["tokens"] > 0).sum())  # a copy has none: another document counts in its place
        rows.append((group, with_words, tokens, largest["doc_id"], largest["tokens"] / tokens if tokens else 0.0))
    return pd.DataFrame(rows, columns=["group", "documents", "tokens", "largest_document", "largest_share"])


class Sides(NamedTuple):
    """Two sides of a comparison.

    Attributes
    ----------
    target : str
        The group with the most documents; of two, the one with the most words.
    reference : str or None
        The other group; None, for all others, if there are several.
    other : str
        What the reference is called in a sentence.
    """

    target: str
    reference: str | None
    other: str


def sides(study: Study, *, by: str = "source") -> Sides:
    """Return the two sides in which groups are compared: the largest group, and the other or all others.

    Parameters
    ----------
    study : Study
    by : str
        The grouping.

    Returns
    -------
    Sides
        ``target``, ``reference`` and ``other``.

    Raises
    ------
    StudyError
        There is one group only.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> pair = sides(load())
    >>> pair.target != pair.other
    True
    """
    order = balance(study, by=by).sort_values(["documents", "tokens"], ascending=False, kind="stable")
    groups = order.loc[order["tokens"] > 0, "group"].tolist()
    if len(groups) < 2:
        there = f"all documents with a word are of one {by}, {groups[0]}" if groups else "no document has a word"
        what = f"{there}, so there is nothing to compare"
        raise StudyError(Problem("documents.csv", what, f"Add documents of another {by}."))
    target, *others = groups
    return Sides(target, others[0], others[0]) if len(others) == 1 else Sides(target, None, f"the other {by}s")


def cross_balance(study: Study, *, rows: str, columns: str) -> pd.DataFrame:
    """Words by two groupings at once, such as source and year: a column filled by one row is confounded with it.

    Parameters
    ----------
    study : Study
    rows, columns : str
        Two groupings: columns of the documents table, ``month`` or ``document``.

    Returns
    -------
    pandas.DataFrame
        Tokens: one row per group of `rows`, one column per group of `columns`.

    Raises
    ------
    StudyError
        An unknown grouping.

    Notes
    -----
    Where a column is filled by one row, an effect of the one grouping cannot be told from an effect of the other.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> table = cross_balance(study, rows="source", columns="year")
    >>> int(table.to_numpy().sum()) == int(study.documents["tokens"].sum())
    True
    """
    documents = study.documents
    return (
        pd.crosstab(
            group_labels(study, rows).rename(rows),
            group_labels(study, columns).rename(columns),
            values=documents["tokens"],
            aggfunc="sum",
        )
        .fillna(0)
        .astype(int)
    )


def compared(study: Study, target: str, reference: str | None, *, by: str) -> dict[str, np.ndarray]:
    """Return for each document whether it is in the ``target`` and whether in the ``reference``.

    Parameters
    ----------
    target : str
        A group.
    reference : str or None
        Another group; None for all documents outside the target.

    Raises
    ------
    StudyError
        No such group, the reference is the target, or no document is left to compare with.
    """
    labels = group_labels(study, by)
    groups = sorted(labels.unique())
    for group in (target, reference):
        if group is not None and group not in groups:
            raise unknown(by, group, groups)
    others = [group for group in groups if group != target]
    if not others:
        what = f"there is nothing to compare “{target}” with"
        raise OptionError(Problem("reference", what, "Add a document of another group."))
    if reference == target:
        raise unknown("reference", f"{target} against itself", others)
    in_target = (labels == target).to_numpy()
    return {"target": in_target, "reference": ~in_target if reference is None else (labels == reference).to_numpy()}


def comparison_verdict(study: Study, groups: Sequence[str], *, by: str = "source") -> str:
    """Say in words whether groups can be compared by a test, and what stands in the way.

    Parameters
    ----------
    study : Study
    groups : sequence of str
        The groups to be compared with each other, at least one; a single one, with all other documents.
    by : str
        The grouping.

    Returns
    -------
    str
        Begins with “Descriptive only” or with “Large enough for a test”.

    Raises
    ------
    StudyError
        No group, or one that the study does not have.

    Notes
    -----
    Each side needs 4 documents with a word. A side of which more than a quarter of the words are from one document is
    named, whatever its size.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> first = study.documents["doc_id"].iloc[0]
    >>> comparison_verdict(study, [first], by="document").partition(":")[0]
    'Descriptive only'
    """
    labels = group_labels(study, by)
    if not len(groups):
        raise OptionError(Problem("groups", "there is none", "Name one or more."))
    for group in groups:
        if group not in set(labels):
            raise unknown(by, group, sorted(set(labels)))
    others = sorted(set(labels) - set(groups))
    rest = "" if len(groups) > 1 else others[0] if len(others) == 1 else REST
    members = study.documents.assign(group=labels.where(labels.isin(groups), rest)).set_index("doc_id")
    members = members[members["group"] != ""]
    if members["group"].nunique() < 2:
        return f"Descriptive only: there is nothing to compare {groups[0]} with."
    sizes = (members["tokens"] > 0).groupby(members["group"]).sum()
    verdicts = size_verdict(sizes, TEST_MINIMUM), lopsided_verdict(members["tokens"], members["group"])
    return " ".join(filter(None, verdicts))


def size_verdict(sizes: pd.Series, minimum: int, *, of: str = "documents") -> str:
    """Say in words whether every group, an entry of `sizes`, has at least so many documents.

    Examples
    --------
    >>> size_verdict(pd.Series({"2016": 1, "2017": 40}), 30)
    'Descriptive only: a test needs 30 documents in each group, and 2016 has 1.'
    """
    small = [f"{group} has {n}" for group, n in sizes.items() if n < minimum]
    if not small:
        return f"Large enough for a test: each group has at least {minimum} {of}."
    more = f" and so on, {len(small)} of {len(sizes)} groups" if len(small) > LISTED else ""
    return f"Descriptive only: a test needs {minimum} {of} in each group, and {', '.join(small[:LISTED])}{more}."


def lopsided_verdict(tokens: pd.Series, groups: ArrayLike) -> str:
    """Say in words which groups rest mostly on one document, whose id is in the index; nothing if none does."""
    names, group = np.unique(np.asarray(groups, str), return_inverse=True)
    sizes = tokens.to_numpy()
    order = np.lexsort((-np.arange(len(sizes)), sizes, group))
    largest = order[np.cumsum(np.bincount(group)) - 1]
    shares = sizes[largest] / np.maximum(np.bincount(group, sizes), 1)
    large = np.flatnonzero(shares > LARGEST_SHARE)
    parts = [
        f"{percent(shares[one])} of the words of {names[one]} are from one document, {tokens.index[largest[one]]}."
        for one in large[:LISTED]
    ]
    return " ".join([*parts, f"And so on, {len(large)} of {len(names)} groups."] if len(large) > LISTED else parts)


def confounding_verdict(study: Study, *, source: str = "source", period: str = "year") -> str:
    """Say in words which periods rest mostly on one source, so that a change in time may be a change of source.

    Parameters
    ----------
    study : Study
    source, period : str
        The two groupings: columns of the documents table, or ``month``.

    Returns
    -------
    str
        Each period of which one source has more than half of the words, with that part; or that there is none.

    Raises
    ------
    StudyError
        An unknown grouping.

    Notes
    -----
    Where the same source fills every period, none is named as a caution: then the source does not change.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> confounding_verdict(load()).endswith(".")
    True
    """
    table = cross_balance(study, rows=source, columns=period)
    dated = [column for column in table if DATED.fullmatch(str(column))]
    table = table[dated or list(table)]  # “undated”, or two years at once, is no period
    table = table.loc[:, table.sum() > 0]
    shares = table / table.sum()
    parts = [
        f"{percent(share)} of the words of {column} are from {group}"
        for column in shares
        for group, share in [(shares[column].idxmax(), shares[column].max())]
        if len(table) > 1 and share > 0.5
    ]
    if not parts:
        return f"No {period} rests mostly on one {source}."
    if len(parts) > LISTED:
        parts = [*parts[:LISTED], f"and so on, {len(parts)} of {shares.shape[1]} {period}s in all"]
    same = len({shares[column].idxmax() for column in shares}) == 1 and (shares.max() > 0.5).all()
    caution = "" if same else f" A difference between {period}s may be one between {source}s, and the reverse."
    return "; ".join(parts) + "." + caution
