"""Differences: rates and shares of two groups of documents compared, by whole documents."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study
from analysis.measures.inference import TEST_MINIMUM, compared
from analysis.measures.resampling import bootstrap_interval, check_draws, false_discovery, permutation_p, relabel


def share_differences(
    study: Study,
    single: pd.DataFrame,
    *,
    row: str,
    count: str,
    size: str,
    target: str,
    reference: str | None = None,
    by: str = "source",
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Compare shares of two groups, such as cue rates, and say by relabelled documents what a difference is worth.

    Parameters
    ----------
    study : Study
    single : pandas.DataFrame
        The shares of the single documents, with the ``doc_id`` as ``group``: from `frames.cue_rates`,
        `frames.coded_shares` or `tone.tone`, each by document.
    row, count, size : str
        Its columns: what the share is of, such as ``frame``; in how many units it is, such as ``paragraphs_with_cue``;
        of how many, such as ``paragraphs``.
    target : str
        The group to describe.
    reference : str, optional
        The group to compare with; all others by default.
    by : str
        The grouping.
    resamples, confidence, random_state
        For intervals and p-values, as in `keyness.keyness_test`.

    Returns
    -------
    pandas.DataFrame
        One row for each value of the column `row`, in their order.

        - the column `row`
        - ``count_target``, ``size_target``, ``count_reference``, ``size_reference``: in how many units, and of how many
        - ``share_target``, ``share_reference``: the one over the other, 0 to 1; missing for a group without a unit
        - ``difference``: the first share less the second
        - ``low``, ``high``: the range in which it lies when the documents of either group are drawn again
        - ``p``: the part of the relabellings of whole documents with a difference at least as large, two-sided
        - ``p_floor``: the smallest p-value that so many documents can give
        - ``q``: p among all rows, by the false discovery rate of Benjamini and Hochberg
        - ``relabellings``: how many were tried, all if there are few enough

        ``low``, ``high``, ``p`` and ``q`` are missing if a group has fewer than 4 documents with a unit.

    Raises
    ------
    StudyError
        As `inference.compared`; or a number of resamples or a confidence that makes no sense.

    Notes
    -----
    The share of a group is the sum of its documents’ counts over that of their sizes, so that a long document weighs
    more than a short one. What would make it wrong: documents that are not independent, such as parts of one series or
    of one author; and groups that differ in more than the name, such as their years.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> from analysis.measures.inference import sides
    >>> from analysis.measures.tone import tone
    >>> study = load()
    >>> pair, own = sides(study), {"row": "category", "count": "sentences_with", "size": "sentences_total"}
    >>> table = share_differences(study, tone(study, by="document"), target=pair.target, **own)
    >>> bool(table["share_target"].between(0, 1).all())
    True
    """
    check_draws(resamples, confidence, random_state)
    documents, names = study.documents["doc_id"], list(dict.fromkeys(single[row]))
    cells = single.set_index([row, "group"])
    counts, sizes = (cells[name].unstack("group").reindex(index=names, columns=documents) for name in (count, size))
    counts, sizes = counts.fillna(0).to_numpy(float), sizes.fillna(0).max().to_numpy(float)
    members = compared(study, target, reference, by=by)
    table = pd.DataFrame({row: names})
    for side, own in members.items():
        table[f"count_{side}"], table[f"size_{side}"] = counts[:, own].sum(axis=1), sizes[own].sum()
        table[f"share_{side}"] = table[f"count_{side}"] / table[f"size_{side}"].where(table[f"size_{side}"] > 0)
    table["difference"] = table["share_target"] - table["share_reference"]
    drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
    return table.join(group_test(csr_array(counts), sizes, members, statistic=rates_apart, **drawn))


def group_test(
    counts: csr_array,
    sizes: np.ndarray,
    members: dict[str, np.ndarray],
    *,
    statistic: Callable[..., np.ndarray],
    resamples: int,
    confidence: float,
    random_state: int,
) -> pd.DataFrame:
    """Say of a statistic of two groups how far it goes beyond the documents at hand.

    Parameters
    ----------
    counts : csr_array, shape (rows, documents)
        How often each document has what a row is about.
    sizes : numpy.ndarray, shape (documents,)
        What the counts of each document are a part of; a document of size 0 is left out.
    members : dict
        From `inference.compared`: whether each document is in the ``target``, and whether in the ``reference``.
    statistic : callable
        Takes the counts of the rows in the target and in the reference, and the two sizes; 0 is no difference.
    resamples, confidence, random_state
        As in `keyness.keyness_test`.

    Returns
    -------
    pandas.DataFrame
        One row for each of `counts`.

        - ``low``, ``high``: the range in which the statistic lies when the documents of either group are drawn again
        - ``p``: the part of the relabellings of whole documents with a value at least as far from 0
        - ``p_floor``: the smallest p-value that so many documents can give
        - ``q``: p among all rows, by the false discovery rate of Benjamini and Hochberg
        - ``relabellings``: how many were tried, all if there are few enough

        ``low``, ``high``, ``p`` and ``q`` are missing if a group has fewer than 4 documents.

    Examples
    --------
    >>> members = {"target": np.arange(8) < 4, "reference": np.arange(8) >= 4}
    >>> drawn = {"resamples": 99, "confidence": 0.95, "random_state": 0}
    >>> counts = csr_array([[9, 8, 9, 8, 1, 1, 0, 1]])
    >>> group_test(counts, np.full(8, 10), members, statistic=rates_apart, **drawn)["p"].round(4).tolist()
    [0.0286]
    """
    target, reference = (own & (sizes > 0) for own in (members["target"], members["reference"]))
    used = target | reference
    counts, sizes, is_target = counts[:, used].astype(float), sizes[used].astype(float), target[used]
    ways = relabel(is_target, permutations=resamples, random_state=random_state)
    table = pd.DataFrame(np.nan, index=range(counts.shape[0]), columns=["low", "high", "p", "p_floor", "q"])
    table = table.assign(p_floor=ways.p_floor, relabellings=len(ways.labels))
    if min(target.sum(), reference.sum()) >= TEST_MINIMUM and len(table):
        drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
        groups = [is_target, ~is_target]
        table["low"], table["high"] = bootstrap_interval(
            counts, groups=groups, tokens=sizes, statistic=statistic, **drawn
        )
        table["p"] = permutation_p(counts, target=is_target, tokens=sizes, difference=statistic, ways=ways)
        table["q"] = false_discovery(table["p"])
    return table


def rates_apart(
    target: np.ndarray, reference: np.ndarray, of_target: np.ndarray, of_reference: np.ndarray
) -> np.ndarray:
    """How much larger the rate of the target is."""
    return target / of_target - reference / of_reference
