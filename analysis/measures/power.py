"""Power: how often the test of drift raises an alarm, where nothing drifts and where something does.

Documents are made up from the study's own words, so that the answer is for texts like these: as long, and as unlike
each other within a period. What they say of other periods is planted, so it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack

from analysis.corpus import Study
from analysis.corpus.jobs import in_threads
from analysis.errors import OptionError, Problem, StudyError
from analysis.measures.divergence import OUT, contrast, divergences
from analysis.measures.inference import LEVEL
from analysis.measures.periods import check_groups, grouped
from analysis.measures.resampling import check_permutations

STEPS = 20  # of halving, to find a number
PAIRS = 200  # of made-up documents, to see how far two are apart
WANTED = 0.8  # power
MOST = 2000  # documents in a period


class Model(NamedTuple):
    """Where made-up documents come from.

    Attributes
    ----------
    a, b : numpy.ndarray of float, shape (terms,)
        The shares of the terms in each of two periods.
    concentration : float
        How alike the documents of a period are: the larger, the nearer each is to its period.
    tokens : numpy.ndarray of int
        The lengths of the documents, of which each has one by chance.
    pairs : int
        From how many pairs of documents of one period it is known how alike they are.
    """

    a: np.ndarray
    b: np.ndarray
    concentration: float
    tokens: np.ndarray
    pairs: int


def drift_model(study: Study, a: str, b: str, *, by: str = "year", random_state: int = 0) -> Model:
    """Describe two periods of a study so that documents like theirs can be made up.

    Parameters
    ----------
    study : Study
    a, b : str
        The periods.
    by : str
        The grouping, as in `drift.drift`.
    random_state : int
        The same number gives the same model.

    Returns
    -------
    Model
        What `drift_power` and `documents_needed` take: the shares of the terms in both periods, how alike the documents
        of a period are, the lengths of the documents, and from how many pairs of documents this is known.

    Raises
    ------
    StudyError
        An unknown grouping or period; or no period with two documents, from which to learn how unlike two documents of
        one period are.

    Notes
    -----
    A document draws its own shares of the terms from a Dirichlet distribution about those of its period, and then its
    words from them. The concentration is the one with which two such documents are as far apart, in Jensen–Shannon
    divergence, as two documents of one period are here on average. Terms that stand in no document of the study are in
    none of the model.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> years = study.documents["year"].value_counts()
    >>> first, *_, last = sorted(years.index)
    >>> model = drift_model(study, first, last) if years.max() > 1 else None
    >>> model is None or model.concentration > 0
    True
    """
    counts, labels, _ = grouped(study, by, None)
    check_groups(labels, by, a, b)
    pairs = _pairs(labels, np.random.default_rng(random_state))
    if not len(pairs):
        what = f"no {by} has two documents, so it cannot be seen how unlike two of one {by} are"
        raise StudyError(Problem("power", what, "Add documents, or choose longer periods."))
    within, tokens = divergences(counts, pairs).mean(), study.documents["tokens"].to_numpy()
    everything, *periods = (_shares(own) for own in (counts, *(counts[:, _of(labels, one)] for one in (a, b))))
    tokens = tokens[tokens > 0]
    return Model(*periods, _concentration(everything, tokens, within, random_state), tokens, len(pairs))


def _of(labels: pd.Series, group: str) -> np.ndarray:
    """The documents of a group."""
    return np.flatnonzero(labels == group)


def _shares(counts: csr_array) -> np.ndarray:
    """The part of each term in all that is counted."""
    sums = np.asarray(counts.sum(axis=1), float)
    return sums / sums.sum()


def drift_power(
    model: Model,
    *,
    effects: Sequence[float],
    documents: Sequence[int],
    simulations: int = 200,
    permutations: int = 99,
    random_state: int = 0,
) -> pd.DataFrame:
    """Say how often a test of drift at the 5 % level gives alarm, in made-up corpora.

    Parameters
    ----------
    model : Model
        From `drift_model`.
    effects : sequence of float
        How far the two periods are apart in truth: Jensen–Shannon divergences in bits. 0 is no drift, so the alarms are
        false.
    documents : sequence of int
        How many documents each period has.
    simulations : int
        How many corpora are made up for each.
    permutations, random_state
        Of each test, and where the draw begins.

    Returns
    -------
    pandas.DataFrame
        One row per effect and number of documents: ``effect``; ``documents`` in each period; ``power``, the part of the
        corpora with p ≤ 0.05; ``low``, ``high``, its 95 % interval for so many simulations [1]_; ``simulations``.

    Raises
    ------
    StudyError
        An effect that is larger than the one between the periods as they are, or numbers that make no sense.

    Notes
    -----
    An effect is planted by drawing both periods towards their mean until their divergence is the one wanted. Made-up
    documents are independent of each other, so that the test keeps its level by construction; real ones may not be.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the
       American Statistical Association, 22(158), 209–212.

    Examples
    --------
    >>> half = np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.5, 0.5])
    >>> model = Model(*half, concentration=50.0, tokens=np.array([400]), pairs=1)
    >>> drift_power(model, effects=[0.3], documents=[6], simulations=20)["power"].tolist()
    [1.0]
    """
    from scipy.stats import binomtest

    check_permutations(permutations, random_state)
    if min([*documents, simulations]) < 1 or not len(documents):
        what = f"documents={list(documents)}, simulations={simulations} cannot be"
        raise OptionError(Problem("power", what, "Give numbers of 1 or more."))
    rows = []
    for effect in effects:
        shares = _apart(model, effect)
        for number in documents:
            seeds = np.random.SeedSequence([random_state, number]).spawn(simulations)
            alarms = sum(in_threads(partial(_alarm, model, shares, number, permutations), seeds))
            interval = binomtest(alarms, simulations).proportion_ci(method="wilson")
            rows.append((effect, number, alarms / simulations, *interval, simulations))
    return pd.DataFrame(rows, columns=["effect", "documents", "power", "low", "high", "simulations"])


def documents_needed(
    model: Model,
    effect: float,
    *,
    power: float = WANTED,
    simulations: int = 200,
    permutations: int = 99,
    random_state: int = 0,
) -> int | None:
    """Return how many documents each period needs for an alarm that often; None where 2,000 are too few.

    Parameters
    ----------
    model : Model
    effect : float
        How far the periods are apart, in bits.
    power : float
        In what part of the corpora the test is to give alarm.
    simulations, permutations, random_state
        As in `drift_power`.

    Returns
    -------
    int or None
        Documents in each period.

    Raises
    ------
    StudyError
        As `drift_power`.

    Notes
    -----
    The number is sought by doubling and halving, so it is as exact as the simulated power is.

    Examples
    --------
    >>> half = np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.5, 0.5])
    >>> model = Model(*half, concentration=50.0, tokens=np.array([400]), pairs=1)
    >>> documents_needed(model, 0.3, simulations=20)
    4
    """
    given = {"simulations": simulations, "permutations": permutations, "random_state": random_state}

    def enough(number: int) -> bool:
        return bool(drift_power(model, effects=[effect], documents=[number], **given)["power"].iloc[0] >= power)

    low, high = 1, 2
    while not enough(high):
        low, high = high, 2 * high
        if high > MOST:
            return None
    while high - low > max(high // 20, 1):
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _pairs(labels: pd.Series, draw: np.random.Generator) -> np.ndarray:
    """A labelling for each pair of documents of one period; for some of them, drawn, if they are many."""
    members = [own.index.to_numpy() for _, own in labels.dropna().groupby(labels) if len(own) > 1]
    ways = np.array([len(own) * (len(own) - 1) // 2 for own in members])
    if ways.sum() <= PAIRS:
        chosen = [pair for own in members for pair in combinations(own, 2)]
    else:
        periods = draw.choice(len(members), PAIRS, p=ways / ways.sum())
        chosen = [draw.choice(members[period], 2, replace=False) for period in periods]
    pairs = np.full((len(chosen), len(labels)), OUT, np.int16)
    for row, pair in enumerate(chosen):
        pairs[row, list(pair)] = 0, 1
    return pairs


def _halve(too_low: Callable[[float], bool], low: float, high: float) -> float:
    """The number from which on another is no longer too low; one of the ends, if it is not between them."""
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if too_low(middle) else (low, middle)
    return high


def _concentration(shares: np.ndarray, tokens: np.ndarray, within: float, random_state: int) -> float:
    """The concentration with which two made-up documents are that far apart on average."""
    pairs = np.full((PAIRS, 2 * PAIRS), OUT, np.int16)
    first = np.arange(PAIRS)
    pairs[first, first], pairs[first, PAIRS + first] = 0, 1

    def too_far_apart(logarithm: float) -> bool:
        draw = np.random.default_rng(random_state)
        made = _documents(shares, np.exp(logarithm), draw.choice(tokens, 2 * PAIRS), draw)
        return bool(divergences(made, pairs).mean() > within)

    return float(np.exp(_halve(too_far_apart, 0.0, 16.0)))


def _documents(shares: np.ndarray, concentration: float, tokens: np.ndarray, draw: np.random.Generator) -> csr_array:
    """Made-up documents: the counts of their terms, a column each."""
    own = draw.standard_gamma(concentration * shares, (len(tokens), len(shares)))
    own /= own.sum(axis=1, keepdims=True)
    return csr_array(draw.multinomial(tokens, own).T)


def _apart(model: Model, effect: float) -> tuple[np.ndarray, np.ndarray]:
    """Both periods, drawn towards their mean until they are as far apart as is wanted."""
    mean = (model.a + model.b) / 2

    def at(part: float) -> tuple[np.ndarray, np.ndarray]:
        return mean + part * (model.a - mean), mean + part * (model.b - mean)

    def distance(part: float) -> float:
        return divergences(csr_array(np.stack(at(part), axis=1)), np.array([[0, 1]]))[0]

    largest = distance(1)
    if not 0 <= effect <= largest:
        what = f"an effect of {effect:g} bits is not between 0 and {largest:g}, that of the two periods as they are"
        raise OptionError(Problem("effects", what, "Give a smaller one."))
    return at(_halve(lambda part: distance(part) < effect, 0.0, 1.0) if effect else 0.0)


def _alarm(
    model: Model,
    shares: tuple[np.ndarray, np.ndarray],
    number: int,
    permutations: int,
    seed: np.random.SeedSequence,
) -> bool:
    """Whether a test gives alarm in one made-up corpus."""
    draw = np.random.default_rng(seed)
    parts = [_documents(share, model.concentration, draw.choice(model.tokens, number), draw) for share in shares]
    group = np.repeat(np.arange(2), number)
    found = contrast(
        hstack(parts, format="csr"), group, permutations=permutations, random_state=int(draw.integers(2**31))
    )
    return found.p <= LEVEL
