"""Prevalence: in what part of the units a code is, when a machine has coded all of them and readers a sample.

A coder that is right nine times in ten can still be far from the share: what it misses and what it gives wrongly do not
cancel. The sample that readers have coded says how far it is off, and the share is corrected by that.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.errors import OptionError, Problem, unknown
from analysis.measures.inference import TEST_MINIMUM
from analysis.measures.resampling import SLACK, check_draws

SAMPLE_MINIMUM = 30  # coded units, for an interval of the share in the corpus itself
NOT_CODED = "Code them, or give the probability with which units were drawn."
KNOWN = "Give the probabilities with which units were drawn."
UNITS = ("predicted", "coded", "sampled_probability", "document")
COLUMNS = ["naive", "estimate", "low", "high", "corpus_low", "corpus_high", "coded_share", "coded_low", "coded_high"]
COLUMNS += ["n", "coded", "expected", "contradicted", "documents", "documents_coded"]


def corrected_share(
    predicted: Sequence[float],
    coded: Sequence[float],
    sampled_probability: float | Sequence[float],
    *,
    documents: Sequence[Hashable],
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share of the units that have a code, from a machine's coding of all and readers' of a sample.

    Parameters
    ----------
    predicted : sequence of float, shape (units,)
        For every unit 0 or 1, or a probability, by a coder that has not been trained on the unit's document.
    coded : sequence of float, shape (units,)
        What readers say: 0 or 1, or the part of the readers who gave the code. NaN where the unit was not drawn.
    sampled_probability : float, or sequence of float, shape (units,)
        With which probability a unit was drawn to be read, above 0 and up to 1: of every unit, drawn or not.
    documents : sequence, shape (units,)
        The document that each unit is of.
    confidence : float
        Such as 0.95.

    Returns
    -------
    pandas.DataFrame
        One row.

        - ``naive``: the mean of the predictions, uncorrected
        - ``estimate``: the share, corrected; with few coded units it may lie a little below 0 or above 1
        - ``low``, ``high``: its interval for documents like these; missing with fewer than 4 documents of which a unit
          was coded, or if nothing differs between the units
        - ``corpus_low``, ``corpus_high``: its interval for these very units; missing with fewer than 30 coded units, or
          if the coder errs by the same in all of them while some units were not coded
        - ``coded_share``, ``coded_low``, ``coded_high``: the share and the first interval from the coded units alone.
          How much narrower ``low`` to ``high`` is, is what the predictions add
        - ``n``, ``coded``: units, and how many of them were coded
        - ``expected``: how many were to be coded by the probabilities; if far from ``coded``, they are wrong, or units
          that were drawn have not been coded
        - ``contradicted``: coded units in which the coder, its probability rounded, does not say what the readers say
        - ``documents``, ``documents_coded``: documents, and in how many of them a unit was coded

    Raises
    ------
    StudyError
        Predictions or codings outside 0 to 1, probabilities outside (0, 1], a unit without a document, lengths that
        differ, no coded unit, or units with a probability of 1 that are not coded.

    Notes
    -----
    With predictions ŷ, codings y, R = 1 for a coded unit, else 0, and the probability π with which it was drawn, the
    share is the mean of ŷ plus the mean error e = y − ŷ of the coded units, weighted by w = R / π:

        share = Σ ŷ / N + Σ w e / Σ w.

    Where the weights add up to N, as in a simple or stratified random sample, this is the mean of the pseudo-outcomes
    ŷ + (R / π)(y − ŷ) of design-based supervised learning [1]_, the difference estimator of survey sampling [2]_
    (chapter 6); for a simple random sample it is prediction-powered inference for a mean, with the coded units among
    the N [3]_. It is right however bad the coder is; but a coder that knows nothing makes the interval wider than that
    of the coded units alone. ``coded_share`` is Σ w y / Σ w, that of Hájek.

    Two questions can be asked. *What is the share in documents like these?* The documents are chance, and units of one
    document hang together: the variance is Σ z² / N² · c / (c − 1), with the sum z of ŷ − mean ŷ + w (e − ē) N / Σ w
    over each document and c documents with a coded unit, and Student’s t has c − 1 degrees of freedom. Even if all is
    coded, the interval has a width. *What is the share in this corpus?* The corpus is fixed, and only which units were
    read is chance: the variance is Σ R (1 − π) / π² (e − ē)² / (Σ w)² · n / (n − 1) for n coded units, in a simple
    random sample (1 − n / N) s² / n with the variance s² of the errors. If all is coded, the interval has no width.

    What would make it wrong. *The coder was trained on the coded units*: its errors on them are too small, and the
    correction too; take the probabilities of `coder.cross_code`, each by a coder that has not seen the document. *The
    probabilities are not known*: units that were chosen because they looked interesting, or left out because they
    were hard, have none, and no formula replaces it. *Whole documents were drawn* to be read: ``corpus_low`` and
    ``corpus_high`` are then too narrow, for they take units to be drawn one by one. *Few units are coded, or the code
    is rare*: where a handful of coded units have the code, the interval of ``coded_share`` is too narrow, and where a
    handful are ``contradicted``, the others may be; if none of n is, the coder may still be wrong in 3 / n of all [4]_,
    and no interval here shows that. *Readers err*: they are taken as true, see `reliability.agreement`. *The documents
    are no sample of anything*: then only the second question has an answer.

    References
    ----------
    .. [1] Egami, N., Hinck, M., Stewart, B. M. & Wei, H. (2023). Using imperfect surrogates for downstream inference:
       Design-based supervised learning for social science applications of large language models. Advances in Neural
       Information Processing Systems, 36.
    .. [2] Särndal, C.-E., Swensson, B. & Wretman, J. (1992). Model Assisted Survey Sampling. Springer.
    .. [3] Angelopoulos, A. N., Bates, S., Fannjiang, C., Jordan, M. I. & Zrnic, T. (2023). Prediction-powered
       inference. Science, 382, 669–674.
    .. [4] Hanley, J. A. & Lippman-Hand, A. (1983). If nothing goes wrong, is everything all right? Interpreting zero
       numerators. Journal of the American Medical Association, 249(13), 1743–1745.

    Examples
    --------
    Of ten units the coder gives the code to five; of four that were read, it gave it to one wrongly:

    >>> coded = [1, None, 0, None, None, 0, None, None, None, 0]
    >>> table = corrected_share([1] * 5 + [0] * 5, coded, 0.4, documents=list("aabbccddee"))
    >>> table[["naive", "estimate", "coded_share", "n", "coded"]].to_numpy().tolist()
    [[0.5, 0.25, 0.25, 10.0, 4.0]]
    """
    units = _checked(predicted, coded, sampled_probability, documents)
    check_draws(1, confidence)
    return pd.DataFrame([_share(units, confidence)], columns=COLUMNS)


def corrected_shares(units: pd.DataFrame, *, by: str | Sequence[str], confidence: float = 0.95) -> pd.DataFrame:
    """Estimate the share with a code in each group of units, as `corrected_share` does.

    Parameters
    ----------
    units : pandas.DataFrame
        One row per unit: ``predicted``, ``coded``, ``sampled_probability`` and ``document``, and the columns of `by`.
    by : str or sequence of str
        The grouping, such as ``source`` or ``["label", "year"]``.
    confidence : float
        Such as 0.95.

    Returns
    -------
    pandas.DataFrame
        One row per group, sorted: the columns of `by`, and those of `corrected_share`. Each group is corrected by its
        own coded units, for a coder may err more often in one than in another; a group without any has its ``naive``
        share and its counts only.

    Raises
    ------
    StudyError
        As `corrected_share`, if no unit at all is coded; or a column is missing.

    Notes
    -----
    That two intervals overlap does not say that two groups are alike.

    Examples
    --------
    >>> units = pd.DataFrame({"predicted": [1, 1, 0, 1], "coded": [1, 0, None, None], "sampled_probability": 0.5})
    >>> table = corrected_shares(units.assign(document=list("abcd"), source=["A", "A", "B", "B"]), by="source")
    >>> table[["source", "naive", "estimate", "coded"]].to_numpy().tolist()
    [['A', 1.0, 0.5, 2], ['B', 0.5, nan, 0]]
    """
    by = [by] if isinstance(by, str) else list(by)
    for column in (*by, *UNITS):
        if column not in units:
            raise unknown("units", column, units.columns)
    checked = _checked(*(units[column] for column in UNITS))
    check_draws(1, confidence)
    for column in by:
        if (missing := units[column].isna().to_numpy()).any():
            what = f"unit {missing.argmax()} has no {column}"
            raise OptionError(Problem("by", what, "Say to which group each unit belongs."))
    groups = checked.groupby([units[column].to_numpy() for column in by], sort=True)
    rows = [names + tuple(map(_share(own, confidence).get, COLUMNS)) for names, own in groups]
    return pd.DataFrame(rows, columns=[*by, *COLUMNS])


def _checked(
    predicted: Sequence[float],
    coded: Sequence[float],
    sampled_probability: float | Sequence[float],
    documents: Sequence[Hashable],
) -> pd.DataFrame:
    """The units, checked, one row each; the document as a number."""
    columns = {"predicted": _numbers("predicted", predicted), "coded": _numbers("coded", coded)}
    probability = _numbers("sampled_probability", sampled_probability)
    one_for_all = np.ndim(sampled_probability) == 0
    columns["sampled_probability"] = np.repeat(probability, len(columns["predicted"])) if one_for_all else probability
    columns["documents"] = pd.factorize(pd.Series(list(documents), dtype=object))[0]
    for name, values in columns.items():
        if len(values) != len(columns["predicted"]):
            what = f"there are {len(values)} of them for {len(columns['predicted'])} predictions"
            raise OptionError(Problem(name, what, "Give one for each unit."))
    units = pd.DataFrame(columns)
    _check_values(units)
    return units


def _numbers(name: str, values: float | Sequence[float]) -> np.ndarray:
    """The values as numbers, missing ones as NaN."""
    values = pd.Series([values] if np.ndim(values) == 0 else list(values), dtype=object)
    try:
        return pd.to_numeric(values.where(values.notna(), np.nan)).to_numpy(float)
    except (ValueError, TypeError):
        raise OptionError(Problem(name, "not all of them are numbers", "Give numbers.")) from None


def _check_values(units: pd.DataFrame) -> None:
    """Raise an `OptionError` for the first column with values that cannot be."""
    coded, probability = units["coded"], units["sampled_probability"]
    for column, wrong, what, remedy in (
        ("predicted", ~units["predicted"].between(0, 1), "are not between 0 and 1", "Give 0, 1 or a probability."),
        ("coded", coded.notna() & ~coded.between(0, 1), "are not between 0 and 1", "Give 0 or 1; NaN if not coded."),
        ("sampled_probability", ~probability.between(0, 1, inclusive="right"), "are not above 0 and up to 1", KNOWN),
        ("documents", units["documents"] < 0, "are missing", "Name the document of each unit."),
        ("coded", coded.isna() & (probability == 1), "are missing where all were to be coded", NOT_CODED),
        ("coded", coded.isna() & coded.isna().all(), "are missing", "Have a sample read that is drawn at random."),
    ):
        if wrong.any():
            what = f"{wrong.sum()} of {len(units)} {what}, the first in unit {wrong.argmax()}"
            raise OptionError(Problem(column, what, remedy))
    if units.empty:
        raise OptionError(Problem("predicted", "there is no unit", "Give some."))


def _share(units: pd.DataFrame, confidence: float) -> dict[str, float]:
    """The row of `corrected_share`; without a coded unit only the naive share and the counts."""
    predicted, coded, probability, document = (units[column].to_numpy() for column in units)
    read = ~np.isnan(coded)
    row = {"naive": predicted.mean(), "n": len(units), "coded": int(read.sum()), "expected": probability.sum()}
    row["contradicted"] = int((read & ((predicted >= 0.5) != (coded >= 0.5))).sum())
    row |= {"documents": len(np.unique(document)), "documents_coded": len(np.unique(document[read]))}
    if not read.any():
        return dict.fromkeys(COLUMNS, np.nan) | row
    weight = np.where(read, 1 / probability, 0)
    weight *= len(units) / weight.sum()
    coded, error = np.where(read, coded, 0), np.where(read, coded - predicted, 0)
    row["coded_share"], mean_error = (weight * coded).mean(), (weight * error).mean()
    row["estimate"] = row["naive"] + mean_error
    influence = predicted - row["naive"] + weight * (error - mean_error)
    reach = _reach_of_documents(influence, document, row["documents_coded"], confidence)
    row |= _interval(row["estimate"], reach, "low", "high")
    reach = _reach_of_documents(weight * (coded - row["coded_share"]), document, row["documents_coded"], confidence)
    row |= _interval(row["coded_share"], reach, "coded_low", "coded_high")
    reach = _reach_of_units((error - mean_error)[read], weight[read] / len(units), probability[read], confidence)
    return row | _interval(row["estimate"], reach, "corpus_low", "corpus_high")


def _interval(middle: float, reach: float, low: str, high: str) -> dict[str, float]:
    return {low: middle - reach, high: middle + reach}


def _reach_of_documents(influence: np.ndarray, document: np.ndarray, clusters: int, confidence: float) -> float:
    """Half the width of the interval of a mean when documents are chance; what the units add to it, per unit."""
    if clusters < TEST_MINIMUM or np.abs(influence).max() < SLACK:
        return np.nan
    sums = np.bincount(document, influence) / len(influence)
    return stdtrit(clusters - 1, (1 + confidence) / 2) * np.sqrt(clusters / (clusters - 1) * (sums**2).sum())


def _reach_of_units(deviation: np.ndarray, weight: np.ndarray, probability: np.ndarray, confidence: float) -> float:
    """Half the width of the interval of a mean when only it is chance which units were coded; weights sum to 1."""
    n = len(deviation)
    if (probability == 1).all():
        return 0.0
    if n < SAMPLE_MINIMUM or np.ptp(deviation) == 0:
        return np.nan
    variance = n / (n - 1) * ((1 - probability) * (weight * deviation) ** 2).sum()
    return stdtrit(n - 1, (1 + confidence) / 2) * np.sqrt(variance)
