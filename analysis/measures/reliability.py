"""Reliability: whether two readings of the same paragraphs give the same codes."""

from __future__ import annotations

from math import ceil
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.errors import OptionError, Problem
from analysis.measures.inference import TEST_MINIMUM
from analysis.measures.resampling import check_draws

CERTIFIED = (0.667, 0.8)  # the alphas from which codings allow tentative and firm conclusions, by Krippendorff
LEVEL = 0.05  # of significance, for the units needed


def agreement(
    judgements: pd.DataFrame, *, resamples: int = 999, confidence: float = 0.95, random_state: int = 0
) -> pd.DataFrame:
    """Say for each code how far its coders agree, and how sure that is.

    Parameters
    ----------
    judgements : pandas.DataFrame
        One row for each coder, unit and code: ``coder``; ``document``, the one that the unit is of; ``unit``; ``code``;
        ``given``, whether the coder gave the unit that code. A unit that a coder has not read has no row.
    resamples, confidence, random_state
        For the interval, as in `terms.frequency`.

    Returns
    -------
    pandas.DataFrame
        One row per code, in the order of the judgements.

        - ``code``
        - ``alpha``: Krippendorff’s α for two values, given and not given: 1 is perfect agreement, 0 that of chance,
          below 0 less than that. Missing where all judgements are the same, for then nothing can be told
        - ``low``, ``high``: the interval in which it lies when whole documents are drawn again; missing with fewer
          than 4 documents, and where no two judgements differ: drawn again, they never would
        - ``agreement``: part of the pairs of judgements of one unit that are the same, 0 to 1
        - ``prevalence``: part of the judgements that give the code, 0 to 1
        - ``units``, ``documents``, ``coders``: what it rests on; only units with two judgements or more
        - ``needed_667``, ``needed_800``: how many units it takes to show an α of at least .667 or .800, at the 5 %
          level, for a code as rare as this; missing for a code that all or no judgements give

    Raises
    ------
    StudyError
        No unit was judged twice, or a number of resamples or a confidence makes no sense.

    Notes
    -----
    α = 1 − Dₒ / Dₑ, with the disagreement observed between the judgements of one unit and that to be expected if all
    judgements were shuffled [1]_. It is computed by the package krippendorff. A rare code has a low α after few slips,
    while the percentage of agreement stays high: read the two together. Units of one document are not independent, so
    documents are drawn, and draws in which all judgements are the same are left out.

    The units needed are m z² ((1 + α)(3 − α) / (4 p (1 − p)(1 − α)) − α) for m coders, the smallest acceptable α, the
    prevalence p and the normal quantile z of a one-sided test [2]_ (equation 3.7) [3]_. Where the two readings are by
    one coder, agreement says that she is consistent, not that others would read alike.

    References
    ----------
    .. [1] Krippendorff, K. (2011). Computing Krippendorff’s alpha-reliability. University of Pennsylvania.
    .. [2] Bloch, D. A. & Kraemer, H. C. (1989). 2 × 2 kappa coefficients: measures of agreement or association.
       Biometrics, 45(1), 269–287.
    .. [3] Krippendorff, K. (2019). Content Analysis: An Introduction to Its Methodology, 4th ed. Sage.

    Examples
    --------
    >>> readings = {"Ann": [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], "Bob": [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]}
    >>> rows = [(c, "d", u, "X", bool(v)) for c, values in readings.items() for u, v in enumerate(values)]
    >>> table = agreement(pd.DataFrame(rows, columns=["coder", "document", "unit", "code", "given"]))
    >>> round(table["alpha"].item(), 3), table["agreement"].item()
    (0.095, 0.6)
    """
    check_draws(resamples, confidence, random_state)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    judgements = judgements[judgements.groupby(["code", "document", "unit"])["given"].transform("size") > 1]
    if judgements.empty:
        raise OptionError(Problem("judgements", "no unit was read twice", "Give two readings of the same units."))
    rows = []
    for code, own in judgements.groupby("code", sort=False):
        units = own.groupby(["document", "unit"])["given"].agg(given="sum", all="size").reset_index()
        counts = np.stack([units["all"] - units["given"], units["given"]], axis=1).astype(int)
        row_of_document, documents = pd.factorize(units["document"].to_numpy(object), sort=True)
        low = high = np.nan
        differing = counts.min(axis=1).any()
        if len(documents) >= TEST_MINIMUM and differing:
            draw = np.random.default_rng(random_state)
            weights = draw.multinomial(len(documents), np.full(len(documents), 1 / len(documents)), resamples)
            drawn = [_alpha(np.repeat(counts, times[row_of_document], axis=0)) for times in weights]
            if not np.isnan(drawn).all():
                low, high = np.nanquantile(drawn, tails)
        pairs = (counts * (counts - 1)).sum(), (counts.sum(axis=1) * (counts.sum(axis=1) - 1)).sum()
        prevalence, coders = own["given"].mean(), own["coder"].nunique()
        needed = [units_needed(alpha, prevalence=prevalence, coders=round(units["all"].mean())) for alpha in CERTIFIED]
        sizes = len(units), len(documents), coders
        rows.append((code, _alpha(counts), low, high, pairs[0] / pairs[1], prevalence, *sizes, *needed))
    names = ["code", "alpha", "low", "high", "agreement", "prevalence", "units", "documents", "coders"]
    return pd.DataFrame(rows, columns=[*names, "needed_667", "needed_800"])


def units_needed(alpha: float, *, prevalence: float, coders: int = 2, level: float = LEVEL) -> float:
    """Return how many units it takes to show that α is at least so high; see `agreement`.

    Parameters
    ----------
    alpha : float
        The smallest acceptable α, below 1.
    prevalence : float
        The part of the judgements that give the code.
    coders : int
        How many read each unit.
    level : float
        Of significance, of a one-sided test.

    Returns
    -------
    int
        Missing (NaN) for a prevalence of 0 or 1.

    Notes
    -----
    With m coders, the prevalence p and the normal quantile z, it is m z² ((1 + α)(3 − α) / (4 p (1 − p)(1 − α)) − α),
    rounded up.

    Examples
    --------
    >>> units_needed(0.8, prevalence=0.25)
    139
    """
    if not 0 < prevalence < 1:
        return np.nan
    z = NormalDist().inv_cdf(1 - level)
    spread = 4 * prevalence * (1 - prevalence) * (1 - alpha)
    return ceil(coders * z**2 * ((1 + alpha) * (3 - alpha) / spread - alpha))


def _alpha(counts: np.ndarray) -> float:
    """Krippendorff’s α from the judgements without and with the code, one row per unit; missing if all are the same."""
    if not counts.any(axis=0).all():
        return np.nan
    import krippendorff

    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))
