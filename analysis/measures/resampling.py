"""Whole documents drawn again, or given other labels: how far a difference goes beyond the documents at hand.

The words of one article hang together, so the document is what is drawn. With few documents every relabelling is tried,
and the p-value is exact; the smallest p-value that the design can reach stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product
from math import comb, factorial, prod
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from analysis.corpus.jobs import in_threads
from analysis.errors import OptionError, Problem
from analysis.measures.inference import TEST_MINIMUM

MOST_EXACT = 10_000  # relabellings; if there are more, some are drawn
FEWEST, MOST_DRAWN = 19, 99_999  # relabellings drawn: with fewer no p is as small as 0.05
CHUNK = 4_000_000  # numbers held at a time
SLACK = 1e-12  # two values that differ by rounding are equal


class Relabellings(NamedTuple):
    """Other ways to label the documents, one per row, the same labels in each; `exact` if these are all there are."""

    labels: np.ndarray
    exact: bool
    p_floor: float


def relabel(
    labels: np.ndarray, *, permutations: int, random_state: int, strata: np.ndarray | None = None
) -> Relabellings:
    """Return other ways to deal the same labels out to the documents.

    Parameters
    ----------
    labels : numpy.ndarray, shape (documents,)
        The group of each document, such as whether it is in the target.
    permutations : int
        How many ways to draw where there are more than can be tried.
    random_state : int
        The same number draws the same ones.
    strata : numpy.ndarray, shape (documents,), optional
        Only documents of one stratum exchange their labels: how many of them each group has, does not change.

    Examples
    --------
    >>> relabel(np.array([True, False, False]), permutations=99, random_state=0).labels.astype(int).tolist()
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    """
    strata = np.zeros(len(labels), int) if strata is None else np.unique(strata, return_inverse=True)[1]
    members = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
    groups, group = np.unique(labels, return_inverse=True)
    sizes = [np.bincount(group[own], minlength=len(groups)) for own in members]
    sizes = np.reshape(sizes, (len(members), len(groups))).astype(int)
    ways = prod(_ways(own.tolist()) for own in sizes)
    alike = prod(factorial(n) for n in Counter(map(tuple, sizes.T.tolist())).values())  # groups that can change places
    if ways <= MOST_EXACT:
        tried = np.empty((ways, len(labels)), labels.dtype)
        for row, orders in enumerate(product(*(list(_orders(labels[own])) for own in members))):
            for own, order in zip(members, orders):
                tried[row, own] = order
        return Relabellings(tried, True, alike / ways)
    draw = np.random.default_rng(random_state)
    tried = np.tile(labels, (permutations, 1))
    for own in members:
        tried[:, own] = draw.permuted(tried[:, own], axis=1)
    return Relabellings(tried, False, max(1 / (permutations + 1), alike / ways))


def _ways(sizes: list[int]) -> int:
    """How many ways there are to deal out labels of which there are so many each."""
    return prod(comb(sum(sizes[place:]), size) for place, size in enumerate(sizes))


def _orders(labels: np.ndarray) -> Iterator[np.ndarray]:
    """Every different order of some labels."""
    last = labels.max()
    if (labels == last).all():
        yield labels
        return
    for chosen in combinations(range(len(labels)), int((labels == last).sum())):
        is_last = np.zeros(len(labels), bool)
        is_last[list(chosen)] = True
        for others in _orders(labels[labels != last]):
            order = np.full_like(labels, last)
            order[~is_last] = others
            yield order


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
    .. [1] Phipson, B. & Smyth, G. K. (2010). Permutation p-values should never be zero: calculating exact p-values when
       permutations are randomly drawn. Statistical Applications in Genetics and Molecular Biology, 9(1), article 39.
    """
    total, size = counts.sum(axis=1)[:, None], tokens.sum()

    def apart(labels: np.ndarray) -> np.ndarray:
        """How far apart the two groups are under each labelling, a row of `labels`."""
        columns = np.ascontiguousarray(labels.T, float)
        a, n = counts @ columns, tokens @ columns
        return np.abs(difference(a, total - a, n, size - n))

    observed = apart(target[None, :]) - SLACK
    chunks = _chunks(len(ways.labels), counts.shape[0])
    larger = sum(in_threads(lambda rows: (apart(ways.labels[rows]) >= observed).sum(axis=1), chunks))
    return larger / len(ways.labels) if ways.exact else (larger + 1) / (len(ways.labels) + 1)


def false_discovery(p: ArrayLike) -> np.ndarray:
    """Return Benjamini and Hochberg's q-values; a p that is missing does not count, and its q is missing.

    Examples
    --------
    >>> false_discovery([0.01, np.nan, 0.04]).round(3).tolist()
    [0.02, nan, 0.04]
    """
    from scipy.stats import false_discovery_control

    p = np.asarray(p, float)
    q, given = np.full(len(p), np.nan), ~np.isnan(p)
    q[given] = false_discovery_control(p[given], method="bh")
    return q


def check_draws(resamples: int, confidence: float, random_state: int = 0) -> None:
    """Raise a `StudyError` for numbers that make no sense."""
    if not isinstance(resamples, (int, np.integer)) or resamples < 1 or not 0 < confidence < 1:
        what = f"resamples={resamples}, confidence={confidence} cannot be"
        raise OptionError(Problem("resampling", what, "Give a whole number of 1 or more, and a share between 0 and 1."))
    check_seed(random_state)


def check_seed(random_state: int) -> None:
    """Raise a `StudyError` for what is no seed."""
    if not isinstance(random_state, (int, np.integer)) or not 0 <= random_state < 2**32:
        raise OptionError(Problem("random_state", f"{random_state} is not a seed", "Give 0 to 4294967295."))


def check_permutations(permutations: int, random_state: int) -> None:
    """Raise a `StudyError` for too many relabellings, too few for a p as small as 0.05, or a number that is no seed."""
    if not FEWEST <= permutations <= MOST_DRAWN:
        what = f"{permutations} relabellings cannot be drawn, or show nothing"
        raise OptionError(Problem("permutations", what, f"Give {FEWEST} to {MOST_DRAWN:,}."))
    check_seed(random_state)


def bootstrap_interval(
    counts: csr_array,
    *,
    groups: Sequence[np.ndarray],
    tokens: np.ndarray,
    statistic: Callable[..., np.ndarray],
    resamples: int,
    confidence: float,
    random_state: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each term the interval in which a statistic lies if the documents of each group are drawn again.

    Parameters
    ----------
    counts : csr_array, shape (terms, documents)
    groups : sequence of numpy.ndarray of bool, shape (documents,)
        For each group, which documents are in it.
    tokens : numpy.ndarray, shape (documents,)
        The sizes of the documents, of which the terms may be only a part.
    statistic : callable
        Takes the counts of the terms in each group, and then the size of each group in tokens.
    resamples : int
        How often each group is drawn, with replacement, at its own number of documents.
    confidence : float
        Such as 0.95: the percentile interval leaves half of the rest on either side [1]_.
    random_state : int
        The same number draws the same documents.

    Notes
    -----
    With few documents the interval is too narrow: it knows no document but these. Four bytes of memory are taken for
    each document and resample.

    References
    ----------
    .. [1] Efron, B. & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.
    """
    draw = np.random.default_rng(random_state)
    weights = [draw_again(int(group.sum()), resamples, draw) for group in groups]
    sizes = [tokens[group] @ drawn for group, drawn in zip(groups, weights)]
    of_groups = [counts[:, group].astype(np.float32) for group in groups]

    def drawn_again(rows: slice) -> np.ndarray:
        return statistic(*(of_group[rows] @ drawn for of_group, drawn in zip(of_groups, weights)), *sizes)

    return percentile_interval(drawn_again, counts.shape[0], resamples=resamples, confidence=confidence)


def share_interval(counts: ArrayLike, sizes: ArrayLike, **drawn: float) -> tuple[np.ndarray, np.ndarray]:
    """Return for each row the interval of its sum over that of the sizes, if whole documents are drawn again.

    Parameters
    ----------
    counts : array_like of float, shape (rows, documents)
    sizes : array_like of float, shape (documents,)
        What each document's counts are a part of.
    **drawn
        ``resamples``, ``confidence`` and ``random_state``, as in `bootstrap_interval`.

    Returns
    -------
    low, high : numpy.ndarray of float, shape (rows,)
        Missing with fewer than 4 documents.
    """
    counts, sizes = np.asarray(counts, float), np.asarray(sizes, float)
    if len(sizes) < TEST_MINIMUM:
        return np.full(len(counts), np.nan), np.full(len(counts), np.nan)
    everything = [np.ones(len(sizes), bool)]
    return bootstrap_interval(csr_array(counts), groups=everything, tokens=sizes, statistic=np.divide, **drawn)


def draw_again(documents: int, resamples: int, draw: np.random.Generator) -> np.ndarray:
    """Return how often each document is in each resample, shape (documents, resamples): their number, drawn anew."""
    weights = np.empty((documents, resamples), np.float32)  # exact: they are small whole numbers
    for resample in range(resamples):
        weights[:, resample] = np.bincount(draw.integers(0, documents, documents), minlength=documents)
    return weights


def percentile_interval(
    statistic: Callable[[slice], np.ndarray], rows: int, *, resamples: int, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each row the range that holds a statistic in so large a share of the resamples.

    Parameters
    ----------
    statistic : callable
        Takes a slice of the rows and gives their values, shape (rows, resamples); they are asked for some at a time.
        A resample without a value, NaN, does not count; a row without any has no range.
    """
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]

    def interval(part: slice) -> np.ndarray:
        values = statistic(part)
        missing = np.isnan(values)
        quantile, known = np.nanquantile if missing.any() else np.quantile, ~missing.all(axis=1)
        ends = np.full((2, len(values)), np.nan)
        ends[:, known] = quantile(values[known], tails, axis=1)
        return ends

    bounds = list(in_threads(interval, _chunks(rows, resamples)))
    return tuple(np.concatenate(bounds, axis=1)) if bounds else (np.zeros(0), np.zeros(0))


def sums_interval(
    documents: pd.DataFrame,
    measure: Callable[[Mapping], np.ndarray],
    *,
    resamples: int,
    confidence: float,
    random_state: int,
) -> tuple[float, float]:
    """Return the interval of a measure of sums over documents, were these drawn again.

    Parameters
    ----------
    documents : pandas.DataFrame
        What is summed, a column each; with ``tokens``, of which a document needs some to be drawn.
    measure : callable
        Takes the sums by name, each of shape (resamples,), and gives an array of that shape.

    Returns
    -------
    tuple of float
        Missing with fewer than 4 documents.
    """
    documents = documents[documents["tokens"] > 0]
    if len(documents) < TEST_MINIMUM:
        return np.nan, np.nan
    weights = draw_again(len(documents), resamples, np.random.default_rng(random_state))
    values = measure({name: column.to_numpy(float) @ weights for name, column in documents.items()})
    low, high = percentile_interval(lambda _: values[None, :], 1, resamples=resamples, confidence=confidence)
    return low[0], high[0]


def rank_sums(rates: csr_array, *, target: np.ndarray) -> np.ndarray:
    """Return for each term the sum of the ranks of the target's documents, all documents ranked by its rate in them.

    Parameters
    ----------
    rates : csr_array, shape (terms, documents)
        Each above 0, and those that are 0 left out; equal rates share the mean of their ranks.
    target : numpy.ndarray of bool, shape (documents,)

    Notes
    -----
    The statistic of Wilcoxon, Mann and Whitney. One document that is full of a word has one rank only, so that it does
    not carry the comparison alone [1]_.

    References
    ----------
    .. [1] Kilgarriff, A. (2001). Comparing corpora. International Journal of Corpus Linguistics, 6(1), 97–133.

    Examples
    --------
    >>> rates = csr_array([[12, 15, 18, 24, 88, 3, 3, 13, 27, 33]])
    >>> rank_sums(rates, target=np.arange(10) < 5).tolist()
    [31.0]
    """
    within = np.diff(rates.indptr)
    term = np.repeat(np.arange(len(within)), within)
    order = np.lexsort((rates.data, term))
    value, column = rates.data[order], rates.indices[order]
    new = np.append(True, (value[1:] != value[:-1]) | (term[1:] != term[:-1]))[: len(value)]
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(value))[: len(first)] - 1
    absent = rates.shape[1] - within  # documents without the term share the lowest ranks
    rank = ((first + last) / 2)[np.cumsum(new) - 1] - rates.indptr[term] + absent[term] + 1
    of_target = np.bincount(term, rank * target[column], minlength=len(within))
    without = target.sum() - np.bincount(term, target[column], minlength=len(within))
    return of_target + without * (absent + 1) / 2


def _chunks(items: int, numbers: int) -> list[slice]:
    """The items, so many at a time that `numbers` for each fit."""
    step = max(CHUNK // max(numbers, 1), 1)
    return [slice(first, first + step) for first in range(0, items, step)]
