"""Whole documents drawn again, or given other labels: how far a difference goes beyond the documents at hand.

The words of one article hang together, so the document is what is drawn. With few documents every relabelling is tried,
and the p-value is exact; the smallest p-value that the design can reach stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

MOST_EXACT = 10_000  # relabellings; if there are more, some are drawn
CHUNK = 4_000_000  # numbers held at a time
SLACK = 1e-12  # two values that differ by rounding are equal


class Relabellings(NamedTuple):
    """Which documents are taken for the target, one row per relabelling; `exact` if these are all there are."""

    labels: np.ndarray
    exact: bool
    p_floor: float


def relabel(target: np.ndarray, *, permutations: int, random_state: int) -> Relabellings:
    """Return other ways to call as many of the documents the target.

    Parameters
    ----------
    target : numpy.ndarray of bool, shape (documents,)
        Which documents are in the target; the others are the reference.
    permutations : int
        How many to draw where there are more than can be tried.
    random_state : int
        The same number draws the same ones.

    Examples
    --------
    >>> relabel(np.array([True, False, False]), permutations=99, random_state=0).labels.astype(int).tolist()
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    """
    documents, size = len(target), int(target.sum())
    ways = comb(documents, size)
    if ways <= MOST_EXACT:
        labels = np.zeros((ways, documents), bool)
        for row, chosen in enumerate(combinations(range(documents), size)):
            labels[row, list(chosen)] = True
        mirrored = 2 if 2 * size == documents else 1  # exchanging the two sides gives the same size of difference
        return Relabellings(labels, True, mirrored / ways)
    draw = np.random.default_rng(random_state)
    labels = draw.permuted(np.tile(target, (permutations, 1)), axis=1)
    return Relabellings(labels, False, 1 / (permutations + 1))


def permutation_p(
    counts: csr_array,
    *,
    target: np.ndarray,
    tokens: np.ndarray,
    difference: Callable[..., np.ndarray],
    ways: Relabellings,
) -> np.ndarray:
    """Return for each term the p-value of a difference at least as large, were the labels of the documents chance.

    Parameters
    ----------
    counts : csr_array, shape (terms, documents)
    target : numpy.ndarray of bool, shape (documents,)
    tokens : numpy.ndarray, shape (documents,)
        The sizes of the documents, of which the terms may be only a part.
    difference : callable
        Takes the counts of the terms in the target and in the reference, and the two sizes in tokens; two-sided.
    ways : Relabellings
        From `relabel`.

    Notes
    -----
    If not all relabellings are tried, the one observed counts as one of them [1]_, so that p is never 0.

    References
    ----------
    .. [1] Phipson, B. & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical Applications in
       Genetics and Molecular Biology, 9(1).
    """
    total, size = counts.sum(axis=1)[:, None], tokens.sum()

    def apart(labels: np.ndarray) -> np.ndarray:
        """How far apart the two groups are under each labelling, a column of `labels`."""
        a, n = counts @ labels, tokens @ labels
        return np.abs(difference(a, total - a, n, size - n))

    observed = apart(target[:, None].astype(float)) - SLACK
    larger = np.zeros(counts.shape[0], int)
    for labels in _chunks(ways.labels, counts.shape[0]):
        larger += (apart(labels.T.astype(float)) >= observed).sum(axis=1)
    return larger / len(ways.labels) if ways.exact else (larger + 1) / (len(ways.labels) + 1)


def bootstrap_interval(
    counts: csr_array,
    *,
    target: np.ndarray,
    tokens: np.ndarray,
    difference: Callable[..., np.ndarray],
    resamples: int,
    confidence: float,
    random_state: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each term the interval in which the difference lies if the documents of each group are drawn again.

    Parameters
    ----------
    counts, target, tokens, difference
        As in `permutation_p`.
    resamples : int
        How often each group is drawn, with replacement, at its own number of documents.
    confidence : float
        Such as 0.95: the percentile interval leaves half of the rest on either side [1]_.
    random_state : int
        The same number draws the same documents.

    Notes
    -----
    With few documents the interval is too narrow: it knows no document but these.

    References
    ----------
    .. [1] Efron, B. & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.
    """
    draw, weights = np.random.default_rng(random_state), np.zeros((resamples, len(target)))
    for group in (target, ~target):
        size = int(group.sum())
        weights[:, group] = draw.multinomial(size, np.full(size, 1 / size), resamples)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    sizes = [(weights * group) @ tokens for group in (target, ~target)]
    low, high = np.empty(counts.shape[0]), np.empty(counts.shape[0])
    step = max(CHUNK // resamples, 1)
    for first in range(0, counts.shape[0], step):
        part = counts[first : first + step]
        values = difference(part @ (weights * target).T, part @ (weights * ~target).T, *sizes)
        low[first : first + step], high[first : first + step] = np.quantile(values, tails, axis=1)
    return low, high


def _chunks(labels: np.ndarray, terms: int) -> Iterator[np.ndarray]:
    """The relabellings, so many at a time that the counts of all terms fit."""
    step = max(CHUNK // max(terms, 1), 1)
    yield from (labels[first : first + step] for first in range(0, len(labels), step))
