"""Two counts in two groups: how different the rates are, and how surprising that would be if words were independent.

All functions take the counts `a` and `b` of one or more terms and the sizes `n` and `m` of the two groups, in tokens.
The tests among them treat every token as an observation of its own. The words of one document are not, so these numbers
order a list; whether a difference goes beyond the documents at hand is for `resampling` to say.

References
----------
.. [1] Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence. Computational Linguistics,
   19(1), 61–74.
.. [2] Rayson, P. & Garside, R. (2000). Comparing corpora using frequency profiling. Proceedings of the Workshop on
   Comparing Corpora, 1–6.
.. [3] Sokal, R. R. & Rohlf, F. J. (1995). Biometry, 3rd ed. Freeman.
.. [4] Gabrielatos, C. & Marchi, A. (2012). Keyness: appropriate metrics and practical issues. CADS International
   Conference 2012, University of Bologna.
.. [5] Hardie, A. (2014). Log Ratio: an informal introduction. ESRC Centre for Corpus Approaches to Social Science.
.. [6] Wilson, A. (2013). Embracing Bayes factors for key item analysis in corpus linguistics. In M. Bieswanger &
   A. Koll-Stobbe (Eds.), New Approaches to the Study of Linguistic Variability, 3–11. Peter Lang.
.. [7] Kilgarriff, A. (2009). Simple maths for keywords. Proceedings of the Corpus Linguistics Conference 2009.
.. [8] Monroe, B. L., Colaresi, M. P. & Quinn, K. M. (2008). Fightin’ words: lexical feature selection and
   evaluation for identifying the content of political conflict. Political Analysis, 16(4), 372–403.
.. [9] Lin, J. (1991). Divergence measures based on the Shannon entropy. IEEE Transactions on Information Theory, 37(1),
   145–151.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

ABSENT = 0.5  # occurrences, for a term that has none, where a ratio needs a number


def log_likelihood(a: ArrayLike, b: ArrayLike, n: float, m: float, *, cells: Literal[2, 4] = 4) -> np.ndarray:
    """Return G², the log-likelihood ratio against equal rates: over four cells [1]_, or over the two of the term [2]_.

    The two-cell form leaves the other tokens out. It is smaller, by a part that is about the term's rate.

    Parameters
    ----------
    a, b : array_like of float
        How often the terms occur in the two groups.
    n, m : float
        The sizes of the groups, in tokens.
    cells : {2, 4}
        How many cells of the table count.

    Returns
    -------
    numpy.ndarray of float
        0 for equal rates, and larger the more surprising the counts are.

    Notes
    -----
    G² = 2 Σ O ln(O / E) with the observed cells O and those E that are expected if both groups have one rate. It takes
    every token for an observation of its own, which the words of one document are not: it orders a list and is no test.

    Examples
    --------
    >>> round(float(log_likelihood(10, 5, 100, 200)), 4), round(float(log_likelihood(10, 5, 100, 200, cells=2)), 4)
    (7.3298, 6.9315)
    """
    observed, expected = _tables(a, b, n, m)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(observed > 0, observed * np.log(observed / expected), 0.0)
    return np.maximum(2 * terms[[0, 2] if cells == 2 else slice(None)].sum(axis=0), 0.0)


def chi_squared(a: ArrayLike, b: ArrayLike, n: float, m: float, *, yates: bool = False) -> np.ndarray:
    """Return Pearson's χ² of the four cells, with Yates' correction for continuity if wanted [3]_."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    total, gap = n + m, np.abs(a * (m - b) - b * (n - a))
    gap = np.maximum(gap - total / 2, 0) if yates else gap
    with np.errstate(divide="ignore", invalid="ignore"):
        value = total * gap**2 / ((a + b) * (total - a - b) * n * m)
    return np.where((a + b == 0) | (a + b == total), 0.0, value)


def williams_q(a: ArrayLike, b: ArrayLike, n: float, m: float) -> np.ndarray:
    """Return Williams' factor, at least 1, by which G² or χ² of four cells is to be divided, not multiplied [3]_."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    total = n + m
    with np.errstate(divide="ignore"):
        of_terms = total / (a + b) + total / (total - a - b) - 1
    return 1 + of_terms * (total / n + total / m - 1) / (6 * total)


def fisher_exact(a: ArrayLike, b: ArrayLike, n: int, m: int) -> np.ndarray:
    """Return the two-sided p-value of Fisher's exact test of the four cells, as SciPy has it."""
    from scipy.stats import fisher_exact

    pairs = np.broadcast_arrays(np.asarray(a, int), np.asarray(b, int))
    values = [fisher_exact([[x, n - x], [y, m - y]]).pvalue for x, y in zip(*(p.ravel() for p in pairs))]
    return np.reshape(values, pairs[0].shape)


def percent_difference(a: ArrayLike, b: ArrayLike, n: float, m: float) -> np.ndarray:
    """Return %DIFF, by how many percent the first rate is above the second [4]_; infinite where the second is 0."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * (a / n - b / m) / (b / m)


def log_ratio(a: ArrayLike, b: ArrayLike, n: float, m: float) -> np.ndarray:
    """Return the binary logarithm of the ratio of two rates; a count of 0 is taken as one half [5]_.

    Parameters
    ----------
    a, b : array_like of float
        How often the terms occur in the two groups.
    n, m : float
        The sizes of the groups, in tokens.

    Returns
    -------
    numpy.ndarray of float
        1 where the first rate is twice the second, −1 where it is half, 0 where they are equal.

    Notes
    -----
    The ratio is (a / n) / (b / m). It says how large a difference is, and nothing of how sure: a ratio of counts below
    five or so hangs on single words.

    Examples
    --------
    >>> float(log_ratio(10, 5, 100, 200))
    2.0
    """
    a, b = (np.where(np.asarray(x) > 0, x, ABSENT) for x in (a, b))
    return np.log2((a / n) / (b / m))


def odds_ratio(a: ArrayLike, b: ArrayLike, n: float, m: float) -> np.ndarray:
    """Return the odds of the term in the first group per its odds in the second; infinite where the latter are 0."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (a / (n - a)) / (b / (m - b))


def bayes_information(a: ArrayLike, b: ArrayLike, n: float, m: float) -> np.ndarray:
    """Return BIC, four-cell G² less ln(n + m) [6]_: above 2 speaks for a difference, above 10 strongly."""
    return log_likelihood(a, b, n, m) - np.log(n + m)


def simple_maths(a: ArrayLike, b: ArrayLike, n: float, m: float, *, add: float = 1.0) -> np.ndarray:
    """Return the ratio of the rates per million, each with `add` added: a larger one favours frequent words [7]_."""
    return (1e6 * np.asarray(a, float) / n + add) / (1e6 * np.asarray(b, float) / m + add)


def log_odds(
    a: ArrayLike, b: ArrayLike, n: float, m: float, *, prior: ArrayLike, total: float, variance: Literal[2, 4] = 2
) -> tuple[np.ndarray, np.ndarray]:
    """Return the weighted log-odds of a term with a Dirichlet prior, and its z-score [8]_.

    Parameters
    ----------
    prior : array_like of float
        The pseudo-count of each term, such as its count in both groups together.
    total : float
        The sum of the pseudo-counts over all terms.
    variance : {2, 4}
        The terms of the variance: the two of the paper, or all four, which matter where a rate is not small.

    Both are missing where one term is all there is.
    """
    a, b = np.asarray(a, float) + prior, np.asarray(b, float) + prior
    rest_a, rest_b = n + total - a, m + total - b
    parts = [a, b] if variance == 2 else [a, b, rest_a, rest_b]
    with np.errstate(divide="ignore", invalid="ignore"):
        delta = np.log(a / rest_a) - np.log(b / rest_b)
        return delta, delta / np.sqrt(sum(1 / part for part in parts))


def shannon_contributions(a: ArrayLike, b: ArrayLike, n: float, m: float) -> np.ndarray:
    """Return what each term adds to the Jensen–Shannon divergence of the two groups, in bits [9]_.

    The parts of all terms add up to the divergence, which is between 0 and 1.
    """
    p, q = np.asarray(a, float) / n, np.asarray(b, float) / m
    middle = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        sides = [np.where(x > 0, x * np.log2(x / middle), 0.0) for x in (p, q)]
    return sum(sides) / 2


def _tables(a: ArrayLike, b: ArrayLike, n: float, m: float) -> tuple[np.ndarray, np.ndarray]:
    """The four cells of each term, observed and expected."""
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    rate = (a + b) / (n + m)
    return np.stack([a, n - a, b, m - b]), np.stack([n * rate, n * (1 - rate), m * rate, m * (1 - rate)])


def precision_recall(relevant: pd.Series, found: pd.Series, both: pd.Series) -> pd.DataFrame:
    """Return how well what was found agrees with what was to be found.

    Parameters
    ----------
    relevant, found, both : pandas.Series of int
        How many were to be found, were found, and are among both; one row per class.

    Returns
    -------
    pandas.DataFrame
        ``precision``: part of those found that are relevant, missing where none is found; ``recall``: part of the
        relevant that are found, missing where there is none; ``f1``: their harmonic mean, 2 both / (relevant + found),
        0 where nothing agrees and missing where there is nothing on either side.

    Examples
    --------
    >>> precision_recall(*map(pd.Series, ([4, 3], [2, 0], [1, 0])))["f1"].round(3).tolist()
    [0.333, 0.0]
    """
    either = relevant + found
    return pd.DataFrame(
        {
            "precision": both / found.where(found > 0),
            "recall": both / relevant.where(relevant > 0),
            "f1": 2 * both / either.where(either > 0),
        }
    )
