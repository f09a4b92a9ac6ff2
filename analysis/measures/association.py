"""Association: how strongly two words belong together, from how often they occur together, each, and at all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from analysis.errors import OptionError, Problem
from analysis.measures.contingency import log_likelihood
from analysis.measures.resampling import draw_again, percentile_interval

SYMMETRIC = ("g2", "pmi", "npmi", "t", "log_dice", "log_odds", "z")  # measures without a direction


def association_measures(joint: ArrayLike, first: ArrayLike, second: ArrayLike, total: ArrayLike) -> pd.DataFrame:
    """How strongly two words are associated, from how often they occur together, each, and at all.

    Parameters
    ----------
    joint, first, second, total : array_like of float, shape (pairs,) or a number
        Observations with both words, with the first, with the second, and all of them. The four cells of the table
        are a = joint, b = first − joint, c = second − joint and d = total − first − second + joint, none below 0.

    Returns
    -------
    pandas.DataFrame
        One row per pair.

        - ``expected``: the joint count under independence, 0 or more
        - ``g2``: log-likelihood ratio against independence (four cells), 0 or more; large for attraction and for
          repulsion alike: compare the joint count with the expected one
        - ``pmi``: pointwise mutual information, binary logarithm of joint count over expected; any number, 0 under
          independence, −∞ for pairs that never occur together. Large for rare words
        - ``npmi``: the same, normalised: −1 never together, 0 independent, 1 never apart. 0 where both words are in
          every observation
        - ``t``: t-score, a ranking that prefers frequent pairs; any number, −∞ for pairs that never occur together
        - ``log_dice``: 14 plus the binary logarithm of the Dice coefficient, at most 14, −∞ for pairs that never
          occur together; does not depend on the total
        - ``delta_p_forward``: P(second | first) − P(second | not first), −1 to 1
        - ``delta_p_backward``: P(first | second) − P(first | not second), −1 to 1
        - ``log_odds``: natural logarithm of the odds ratio with ½ added to each cell, the λ of a log-linear model;
          any number, never infinite
        - ``z``: ``log_odds`` over its standard error; any number

        A measure is missing where it is not defined: ``pmi``, ``npmi`` and ``t`` where a word never occurs,
        ``log_dice`` where neither does, ``delta_p_*`` where all observations or none have the word that is given.

    Raises
    ------
    StudyError
        Counts that cannot be those of one table.

    Notes
    -----
    With E = first · second / total: G² = 2 Σ O ln(O / E) over the four cells, each E from its margins [1]_; PMI =
    log2(joint / E) [2]_; NPMI = PMI / −log2(joint / total) [3]_; t = (joint − E) / √joint [4]_; logDice = 14 +
    log2(2 joint / (first + second)) [5]_; ΔP = a / (a + b) − c / (c + d) forward, a / (a + c) − b / (b + d) backward
    [6]_; λ = ln((a + ½)(d + ½) / ((b + ½)(c + ½))), and z = λ / √(Σ 1 / (O + ½)) [7]_.

    ``g2``, ``t`` and ``z`` grow with the size of the study, so they rank pairs within a study and do not compare two.
    None is a test here: observations of one document depend on each other.

    References
    ----------
    .. [1] Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence. Computational
       Linguistics, 19(1), 61–74.
    .. [2] Church, K. W. & Hanks, P. (1990). Word association norms, mutual information, and lexicography.
       Computational Linguistics, 16(1), 22–29.
    .. [3] Bouma, G. (2009). Normalized (pointwise) mutual information in collocation extraction. Proceedings of the
       Biennial GSCL Conference 2009, 31–40.
    .. [4] Church, K., Gale, W., Hanks, P. & Hindle, D. (1991). Using statistics in lexical analysis. In U. Zernik
       (Ed.), Lexical Acquisition: Exploiting On-Line Resources to Build a Lexicon, 115–164. Lawrence Erlbaum.
    .. [5] Rychlý, P. (2008). A lexicographer-friendly association score. Proceedings of RASLAN 2008, 6–9.
    .. [6] Gries, S. Th. (2013). 50-something years of work on collocations: what is or should be next.
       International Journal of Corpus Linguistics, 18(1), 137–165.
    .. [7] Blaheta, D. & Johnson, M. (2001). Unsupervised learning of multi-word verbs. Proceedings of the ACL
       Workshop on the Computational Extraction, Analysis and Exploitation of Collocations, 54–60.

    Examples
    --------
    >>> association_measures(8, 1105, 44, 15_000_000).round(1).loc[0, "pmi"].item()
    11.3
    """
    numbers = (np.atleast_1d(np.asarray(x, float)) for x in (joint, first, second, total))
    joint, first, second, total = np.broadcast_arrays(*numbers)
    observed = np.stack([joint, first - joint, second - joint, total - first - second + joint])
    if not (observed >= 0).all():
        what = "there are more observations with both words than with one, or more with either than in all"
        raise OptionError(Problem("joint, first, second, total", what, "Give counts of one table."))
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = first * second / total
        pmi = np.log2(joint / expected)
        odds = log_odds(joint, first, second, total)
        measures = {
            "expected": expected,
            "g2": log_likelihood(joint, second - joint, first, total - first),
            "pmi": pmi,
            "npmi": _normalised(pmi, joint / total),
            "t": (joint - expected) / np.sqrt(joint),
            "log_dice": log_dice(joint, first, second),
            "delta_p_forward": delta_p(joint, first, second, total),
            "delta_p_backward": delta_p(joint, second, first, total),
            "log_odds": odds,
            "z": odds / np.sqrt((1 / (observed + 0.5)).sum(axis=0)),
        }
    return pd.DataFrame(measures)


def _normalised(pmi: np.ndarray, share: np.ndarray) -> np.ndarray:
    """PMI over its largest value; its limit where a pair never occurs, 0 where it always does."""
    never, always = np.isneginf(pmi), share == 1
    return np.where(never, -1.0, np.where(always, 0.0, pmi / -np.log2(share)))


def log_dice(joint: ArrayLike, first: ArrayLike, second: ArrayLike) -> np.ndarray:
    """Return 14 plus the binary logarithm of the Dice coefficient."""
    return 14 + np.log2(2 * np.asarray(joint) / (np.asarray(first) + second))


def redrawn_interval(
    measure: Callable[..., np.ndarray],
    cells: Callable[[slice], tuple[csr_array, ...]],
    total: np.ndarray,
    *,
    rows: int,
    resamples: int,
    confidence: float,
    random_state: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each pair the interval in which a measure lies if whole documents are drawn again.

    Parameters
    ----------
    measure : callable
        Takes the numbers of observations with both words, with the first, with the second, and of all, in each draw.
    cells : callable
        Gives the first three for some of the pairs, each by document: sparse arrays of shape (pairs, documents).
    total : numpy.ndarray, shape (documents,)
        All observations of each document; one without any is not drawn.
    rows : int
        How many pairs there are.
    resamples, confidence, random_state
        As in `resampling.bootstrap_interval`.
    """
    used = np.flatnonzero(total)
    weights = draw_again(len(used), resamples, np.random.default_rng(random_state))
    size = total[used] @ weights

    def drawn_again(part: slice) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return measure(*(counts[:, used] @ weights for counts in cells(part)), size)

    return percentile_interval(drawn_again, rows, resamples=resamples, confidence=confidence)


def delta_p(joint: np.ndarray, first: np.ndarray, second: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return P(second | first) − P(second | not first)."""
    return joint / first - (second - joint) / (total - first)


def log_odds(joint: np.ndarray, first: np.ndarray, second: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return the natural logarithm of the odds ratio with ½ added to each cell, the λ of a log-linear model."""
    a, b, c, d = (cell + 0.5 for cell in (joint, first - joint, second - joint, total - first - second + joint))
    return np.log(a * d / (b * c))


def check_minimum(minimum: int) -> None:
    """Raise a `StudyError` for a minimum that leaves nothing out."""
    if minimum < 1:
        raise OptionError(Problem("minimum", f"{minimum} is below 1", "Give how often a pair must occur."))


def spread(kinds: np.ndarray, documents: np.ndarray, size: int, all_documents: int) -> np.ndarray:
    """Return in how many documents each of `size` kinds occurs."""
    return np.bincount(pd.unique(kinds * np.int64(all_documents) + documents) // all_documents, minlength=size)


def attracted_first(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return pairs more frequent than expected by falling G², then the others by rising G²."""
    signed = np.where(table["count"] >= table["expected"], table["g2"], -table["g2"])
    table = table.assign(signed=signed)
    return table.sort_values(["signed", *names], ascending=[False] + [True] * len(names), ignore_index=True)
