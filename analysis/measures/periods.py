"""What all that looks at change in time shares: the period of each document, and what is counted in it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study, document_rows, group_labels
from analysis.corpus.counting import document_counts
from analysis.errors import unknown

DATED = {"year": len("YYYY"), "month": len("YYYY-MM")}  # groupings of days, and how much of a date tells the group


def amounts(study: Study, shares: pd.DataFrame | None) -> csr_array:
    """Return how much of each kind is in each document: the counts of terms, or the sums of the shares of topics."""
    if shares is None:
        return document_counts(study.index)[1].astype(float)
    topics, kind = np.unique(shares["topic"], return_inverse=True)
    cells = kind, document_rows(study, shares["doc_id"])
    return csr_array((shares["share"].to_numpy(float), cells), shape=(len(topics), len(study.documents)))


def grouped(study: Study, by: str, shares: pd.DataFrame | None) -> tuple[csr_array, pd.Series, int]:
    """Return what `amounts` and `period_labels` give, and how many documents have something, but no group.

    A document in which nothing is counted is in no group, either.
    """
    counts, labels = amounts(study, shares), period_labels(study, by)
    some = filled(counts)
    return counts, labels.where(some), int((labels.isna() & some).sum())


def filled(counts: csr_array) -> np.ndarray:
    """Return for each document whether anything is counted in it."""
    return np.asarray(counts.sum(axis=0)).ravel() > 0


def check_groups(labels: pd.Series, by: str, *groups: str) -> None:
    """Raise a `StudyError` for a group that no document is in."""
    for group in groups:
        if group not in set(labels.dropna()):
            raise unknown(by, group, sorted(labels.dropna().unique()))


def in_order(labels: pd.Series) -> list[str]:
    """Return the groups in order; if all are numbers, by their size, so that 10 comes after 9."""
    found = pd.Series(sorted(labels.dropna().unique()), dtype=object)
    numbers = pd.to_numeric(found, errors="coerce")
    return found.iloc[numbers.argsort(kind="stable")].tolist() if numbers.notna().all() else found.tolist()


def period_labels(study: Study, by: str) -> pd.Series:
    """Return the group of each document, missing where its date does not tell it, or where nothing is given."""
    labels = group_labels(study, by)
    if by not in DATED:
        return labels.where(labels != "")
    first, last = (study.documents[side].str[: DATED[by]] for side in ("date_from", "date_to"))
    placed = (first == last) & (first != "")
    return labels.where(placed)
