"""Change points: between which periods the words or topics of a long series turn, if they do."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study
from analysis.measures.inference import DRIFT_MINIMUM, LEVEL, size_verdict
from analysis.measures.periods import grouped, in_order
from analysis.measures.resampling import SLACK, check_permutations, relabel

SHORTEST = 3  # periods
COLUMNS = ["change", "before", "gain", "threshold", "p", "p_floor", "documents_before", "documents_after"]


def change_points(
    study: Study,
    *,
    by: str = "year",
    shares: pd.DataFrame | None = None,
    permutations: int = 199,
    random_state: int = 0,
) -> pd.DataFrame:
    """Find the periods with which the mix of words, or of topics, becomes another one.

    Parameters
    ----------
    study : Study
    by : str
        The periods: ``year``, ``month`` or a column whose values, as numbers or as text, are in the order of time.
    shares : pandas.DataFrame, optional
        As in `drift.drift`: the topics instead of the words.
    permutations, random_state
        How often the documents are dealt out to the periods anew, and where the draw begins.

    Returns
    -------
    pandas.DataFrame
        One row per change, in the order of time; none where no change is found, or where a period has fewer than 30
        documents or there are fewer than 3 periods.

        - ``change``: the first period of the new mix; ``before``: the last one of the old
        - ``gain``: how much closer the periods are to the means of the two mixes on either side than to one mean: a sum
          of squared distances, each twice the square of Hellinger’s
        - ``threshold``: the gain that a single change reaches in 5 % of the relabellings
        - ``p``: part of the relabellings in which the best single change gains as much as in the documents as they are;
          the same for all changes. ``p_floor``: the smallest possible
        - ``documents_before``, ``documents_after``: up to the next change, or the end

    Raises
    ------
    StudyError
        An unknown grouping, or a number of permutations that makes no sense.

    Notes
    -----
    Every period is the point whose coordinates are the roots of the shares of its words, so that the squared distance
    of two is twice their squared Hellinger distance. PELT [1]_, as the package ruptures has it [2]_, finds the changes
    for which the sum of squared distances to the mean of each stretch, and the threshold for each change, are least.
    Whole documents are relabelled. So where nothing changes, a change is found in about 5 % of corpora. A slow shift
    shows as one or more steps; that there are steps does not show that it was sudden. Sources are not held: look at
    each by itself.

    References
    ----------
    .. [1] Killick, R., Fearnhead, P. & Eckley, I. A. (2012). Optimal detection of changepoints with a linear
       computational cost. Journal of the American Statistical Association, 107(500), 1590–1598.
    .. [2] Truong, C., Oudre, L. & Vayatis, N. (2020). Selective review of offline change point detection methods.
       Signal Processing, 167, 107299.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> list(change_points(load(), by="year").columns[:4])
    ['change', 'before', 'gain', 'threshold']
    """
    from ruptures import Pelt

    check_permutations(permutations, random_state)
    counts, labels, _ = grouped(study, by, shares)
    used = np.flatnonzero(labels.notna())
    periods = in_order(labels)
    period = pd.Index(periods).get_indexer(labels.iloc[used])
    sizes = np.bincount(period)
    if len(periods) < SHORTEST or sizes.min() < DRIFT_MINIMUM:
        return pd.DataFrame(columns=COLUMNS)
    counts = counts[:, used]
    ways = relabel(period, permutations=permutations, random_state=random_state)
    points, null = _points(counts, period), np.array([_gain(_points(counts, other)) for other in ways.labels])
    observed, threshold = _gain(points), np.quantile(null, 1 - LEVEL)
    p = (np.sum(null >= observed - SLACK) + (not ways.exact)) / (len(null) + (not ways.exact))
    ends = Pelt(model="l2", min_size=1, jump=1).fit(points).predict(pen=threshold) if p <= LEVEL else [len(periods)]
    edges, rows = [0, *ends], []
    for first, change, last in zip(edges, edges[1:], edges[2:]):
        both = points[first:last]
        gain = _scatter(both) - _scatter(both[: change - first]) - _scatter(both[change - first :])
        documents = sizes[first:change].sum(), sizes[change:last].sum()
        rows.append((periods[change], periods[change - 1], gain, threshold, p, ways.p_floor, *documents))
    return pd.DataFrame(rows, columns=COLUMNS)


def series_verdict(study: Study, *, by: str = "year") -> str:
    """Say in words whether a series is long and full enough to look for change points in it.

    Parameters
    ----------
    study : Study
    by : str
        The periods: ``year``, ``month`` or a column whose values, as numbers or as text, are in the order of time.

    Returns
    -------
    str
        Whether there are 3 periods or more, each with at least 30 documents; if not, which are too small.

    Raises
    ------
    StudyError
        An unknown grouping.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> series_verdict(load(), by="source").endswith(".")
    True
    """
    periods = grouped(study, by, None)[1].value_counts().sort_index()
    if len(periods) < SHORTEST:
        return f"A series needs {SHORTEST} periods or more, and {len(periods)} of {by} have documents."
    return size_verdict(periods, DRIFT_MINIMUM)


def _points(counts: csr_array, period: np.ndarray) -> np.ndarray:
    """The roots of the shares of each period, turned into as many coordinates as there are periods."""
    member = csr_array((np.ones(len(period)), (period, np.arange(len(period)))))
    totals = (member @ counts.T).tocsr()
    totals.data /= np.repeat(totals.sum(axis=1), np.diff(totals.indptr))
    roots = totals.sqrt()
    lengths, axes = np.linalg.eigh((roots @ roots.T).toarray())
    return axes * np.sqrt(lengths.clip(0))


def _gain(points: np.ndarray) -> float:
    """What the best single change takes off the sum of squared distances to the mean."""
    return max(
        _scatter(points) - _scatter(points[:change]) - _scatter(points[change:]) for change in range(1, len(points))
    )


def _scatter(points: np.ndarray) -> float:
    """The sum of the squared distances to the mean."""
    return float(((points - points.mean(axis=0)) ** 2).sum())
