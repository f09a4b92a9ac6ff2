"""Power: how often the test of drift raises an alarm, where nothing drifts and where something does.

Documents are made up from the study's own words, so that the answer is for texts like these: as long, and as unlike
each other within a period. What they say of other periods is planted, so it is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack

from analysis.corpus import Study
from analysis.corpus.jobs import in_threads
from analysis.errors import OptionError, Problem, StudyError, unknown
from analysis.measures.divergence import contrast, divergences
from analysis.measures.inference import LEVEL
from analysis.measures.periods import amounts, period_labels
from analysis.measures.resampling import check_permutations

NORMAL_97_5 = 1.959963984540054  # the quantile of the normal distribution that leaves 2.5 % above it
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
    """
    counts, (labels, _) = amounts(study, None), period_labels(study, by)
    for period in (a, b):
        if period not in set(labels.dropna()):
            raise unknown(by, period, sorted(labels.dropna().unique()))
    filled = np.asarray(counts.sum(axis=0)).ravel() > 0
    everything = np.asarray(counts.sum(axis=1), float)
    pairs = _pairs(labels.where(filled))
    if not len(pairs):
        what = f"no {by} has two documents, so it cannot be seen how unlike two of one {by} are"
        raise StudyError(Problem("power", what, "Add documents, or choose longer periods."))
    within = divergences(counts, pairs).mean()
    tokens = study.documents["tokens"].to_numpy()[filled]
    shares = [np.asarray(counts[:, np.flatnonzero(labels == period)].sum(axis=1), float) for period in (a, b)]
    concentration = _concentration(everything / everything.sum(), tokens, within, random_state)
    return Model(*(share / share.sum() for share in shares), concentration, tokens, len(pairs))


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
    """
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
            rows.append((effect, number, alarms / simulations, *_interval(alarms, simulations), simulations))
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

    Notes
    -----
    The number is sought by doubling and halving, so it is as exact as the simulated power is.
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


def _interval(alarms: int, simulations: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share, z2 = alarms / simulations, NORMAL_97_5**2 / simulations
    middle, half = share + z2 / 2, np.sqrt(z2 * (share * (1 - share) + z2 / 4))
    return float((middle - half) / (1 + z2)), float((middle + half) / (1 + z2))


def _pairs(labels: pd.Series) -> np.ndarray:
    """A labelling for each pair of documents of one period."""
    rows = []
    for _, members in labels.dropna().groupby(labels):
        for first, a in enumerate(members.index):
            for b in members.index[first + 1 :]:
                rows.append((a, b))
    chosen = rows if len(rows) <= PAIRS else [rows[i] for i in np.linspace(0, len(rows) - 1, PAIRS).astype(int)]
    pairs = np.full((len(chosen), len(labels)), -1, np.int16)
    for row, (a, b) in enumerate(chosen):
        pairs[row, [a, b]] = 0, 1
    return pairs


def _concentration(shares: np.ndarray, tokens: np.ndarray, within: float, random_state: int) -> float:
    """The concentration with which two made-up documents are that far apart on average."""
    pairs = np.full((PAIRS, 2 * PAIRS), -1, np.int16)
    pairs[np.arange(PAIRS), np.arange(PAIRS)], pairs[np.arange(PAIRS), PAIRS + np.arange(PAIRS)] = 0, 1
    low, high = 0.0, 16.0  # of the logarithm
    for _ in range(STEPS):
        middle = (low + high) / 2
        draw = np.random.default_rng(random_state)
        made = _documents(shares, np.exp(middle), draw.choice(tokens, 2 * PAIRS), draw)
        low, high = (middle, high) if divergences(made, pairs).mean() > within else (low, middle)
    return float(np.exp(high))


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
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if distance(middle) < effect else (low, middle)
    return at(high if effect else 0.0)


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
