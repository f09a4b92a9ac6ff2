"""How far apart groups of documents are in their words, or in anything else that is counted by document.

The distance alone says little: two groups of few documents are far apart whatever they speak of. So it is set beside
the distances that the same documents give when their labels are dealt out anew.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from analysis.corpus.compiling import compiled
from analysis.corpus.jobs import in_threads
from analysis.errors import unknown
from analysis.measures.resampling import SLACK, relabel

ORDERS = (1, 2)
OUT = -1  # the group of a document that is left out
STEP = 6  # labellings to a piece of work
LOGARITHMS = np.log(np.maximum(np.arange(1024), 1))  # of small whole numbers, which most counts are


class Contrast(NamedTuple):
    """How far apart some groups are, and how far apart relabelled documents are.

    Attributes
    ----------
    divergence : float
        Between the groups; missing if one is empty.
    null_mean : float
        Its mean over the relabellings: what the number and the size of the documents give by themselves.
    p : float
        The part of the relabellings with a divergence at least as large.
    p_floor : float
        The smallest p that so many documents can give.
    relabellings : int
        How many were tried.
    """

    divergence: float
    null_mean: float
    p: float
    p_floor: float
    relabellings: int


def divergences(counts: csr_array, groups: np.ndarray, *, order: Literal[1, 2] = 1) -> np.ndarray:
    """Return how far apart the groups are under each labelling of the documents.

    Parameters
    ----------
    counts : csr_array, shape (kinds, documents)
        How much of each kind, such as each term, is in each document.
    groups : numpy.ndarray of int, shape (labellings, documents)
        The group of each document, counted from 0; -1 leaves it out.
    order : {1, 2}
        Of the entropy. With 1 the result is the Jensen–Shannon divergence, in bits: 0 for equal groups and log₂ K for
        K groups that share nothing. With 2 frequent kinds weigh more, and the result is a part of the largest
        possible, 0 to 1.

    Returns
    -------
    numpy.ndarray of float, shape (labellings,)
        Missing where a group has no document, or nothing in it is counted.

    Raises
    ------
    StudyError
        An unknown order.

    Notes
    -----
    With the shares p_k of the kinds in group k and their mean m over the K groups, each counting the same whatever its
    size, D = H(m) − Σ H(p_k) / K, where H is Shannon's entropy −Σ p log₂ p [1]_ or, of order 2, 1 − Σ p². The latter
    is divided by its largest value, (1 − 1 / K) Σ_k Σ p_k² / K [2]_. The divergence of two samples is larger than that
    of what they are drawn from, the more so the smaller they are.

    References
    ----------
    .. [1] Lin, J. (1991). Divergence measures based on the Shannon entropy. IEEE Transactions on Information Theory,
       37(1), 145–151.
    .. [2] Gerlach, M., Font-Clos, F. & Altmann, E. G. (2016). Similarity of symbol frequency distributions with heavy
       tails. Physical Review X, 6(2), 021009.

    Examples
    --------
    >>> counts = csr_array([[4, 0, 2], [0, 4, 2]])
    >>> divergences(counts, np.array([[0, 1, -1], [0, 1, 1]])).round(3).tolist()
    [1.0, 0.549]
    """
    if order not in ORDERS:
        raise unknown("order", order, ORDERS)
    groups = np.asarray(groups)
    number, of_document = int(groups.max(initial=0)) + 1, np.asarray(counts.sum(axis=0), float)
    sizes = np.stack([(groups == group) @ of_document for group in range(number)], axis=1)
    labels = np.where(groups == OUT, number, groups).astype(np.uint32)  # one group more, for those that are out
    arrays = counts.indptr.astype(np.uint64), counts.indices.astype(np.uint32), counts.data.astype(float)

    def work(rows: slice) -> np.ndarray:
        return _divergences(*arrays, np.ascontiguousarray(labels[rows].T), sizes[rows], LOGARITHMS, order == 1)

    parts = (slice(first, first + STEP) for first in range(0, len(groups), STEP))
    found = np.concatenate([np.zeros(0), *in_threads(work, parts)])
    return np.where((sizes > 0).all(axis=1), found, np.nan)


@compiled
def _divergences(indptr, documents, counts, labels, sizes, logarithms, shannon):
    """The divergence under each labelling, a column of `labels`, in one pass over the counts.

    A kind that only one group has adds p log K / K to the first divergence, whatever it is: with all of them together
    that is log K, from which the kinds that more groups have take away. So only for these logarithms are needed, and
    those of small whole numbers are looked up.
    """
    ways, number, one = np.uint64(labels.shape[1]), np.uint32(sizes.shape[1]), np.uint64(1)  # lookups without a sign
    own, shares, logs, of_sizes = np.zeros((ways, number + 1)), np.zeros(number), np.zeros(number), np.log(sizes)
    together, squares, of_mean = np.zeros(ways), np.zeros(ways), np.zeros(ways)
    for kind in range(np.uint64(len(indptr) - 1)):
        first, last = indptr[kind], indptr[kind + one]
        for at in range(first, last):
            for way in range(ways):
                own[way, labels[documents[at], way]] += counts[at]
        for way in range(ways):
            own[way, number] = 0
            having, few = np.uint64(0), number < last - first
            for step in range(number if few else last - first):
                group = np.uint32(step) if few else labels[documents[first + step], way]
                count = own[way, group]
                if count > 0:
                    whole = np.uint64(count)
                    small = whole < len(logarithms) and count == whole
                    shares[having] = count / sizes[way, group]
                    logs[having] = (logarithms[whole] if small else np.log(count)) - of_sizes[way, group]
                    own[way, group] = 0
                    having += one
            total = 0.0
            for rank in range(having):
                total += shares[rank]
                if not shannon:
                    squares[way] += shares[rank] * shares[rank]
                elif having > one:
                    together[way] += shares[rank] * logs[rank]
            if not shannon:
                of_mean[way] += total * total
            elif having > one:
                together[way] -= total * np.log(total)
    if shannon:
        return (np.log(number) + together / number) / np.log(2)
    return (squares - of_mean / number) / (squares * (1 - 1 / number))


def contrast(
    counts: csr_array,
    groups: np.ndarray,
    *,
    strata: np.ndarray | None = None,
    order: Literal[1, 2] = 1,
    permutations: int = 999,
    random_state: int = 0,
) -> Contrast:
    """Ask whether groups of documents are farther apart than the same documents under other labels.

    Parameters
    ----------
    counts : csr_array, shape (kinds, documents)
    groups : numpy.ndarray of int, shape (documents,)
        The group of each document, counted from 0.
    strata : numpy.ndarray, shape (documents,), optional
        Only documents of one stratum, such as one source, exchange their labels: a difference that is only one of
        strata is then no more than chance.
    order : {1, 2}
        As in `divergences`.
    permutations, random_state
        As in `resampling.relabel`: with few documents all ways are tried.

    Returns
    -------
    Contrast
        ``divergence``; ``null_mean``, its mean over the relabellings; ``p``, the part of them with a divergence at
        least as large; ``p_floor``, the smallest p that so many documents can give; ``relabellings``, how many were
        tried. The divergence and p are missing where a group is empty.

    Raises
    ------
    StudyError
        An unknown order.

    Notes
    -----
    The p-value is exact if all ways were tried; otherwise the labels observed count as one of those drawn, so that it
    is never 0. It is wrong where documents are not exchangeable for another reason than the groups: texts of one event
    or one author, of which a group has several, count as if they were independent.

    Examples
    --------
    >>> counts = csr_array([[4, 3, 0, 0], [0, 1, 4, 4]])
    >>> found = contrast(counts, np.array([0, 0, 1, 1]))
    >>> round(found.divergence, 3), round(found.p, 3), round(found.p_floor, 3), found.relabellings
    (0.717, 0.333, 0.333, 6)
    """
    ways = relabel(np.asarray(groups, np.int16), strata=strata, permutations=permutations, random_state=random_state)
    observed = divergences(counts, np.asarray(groups)[None, :], order=order)[0]
    null = divergences(counts, ways.labels, order=order) if ways.p_floor < 1 else np.array([observed])
    larger = np.sum(null >= observed - SLACK)
    p = larger / len(null) if ways.exact else (larger + 1) / (len(null) + 1)
    p = np.nan if np.isnan(observed) else float(p)
    return Contrast(float(observed), float(null.mean()), p, ways.p_floor, len(ways.labels))
