"""How many topics: whether the same ones come back without some of the documents, and whether they hang together."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np
import pandas as pd

from analysis.corpus import Study
from analysis.corpus.jobs import in_threads
from analysis.errors import OptionError, Problem, StudyError
from analysis.measures.topics import (
    check_options,
    describe,
    factorise,
    leading_terms,
    topic_table,
    unit_counts,
    unit_documents,
)


def choose_topics(
    study: Study,
    *,
    topics: Iterable[int] = range(2, 9),
    runs: int = 20,
    part: float = 0.8,
    method: Literal["nmf", "lda"] = "nmf",
    unit: Literal["paragraph", "document"] = "paragraph",
    minimum: int = 2,
    random_state: int = 0,
) -> pd.DataFrame:
    """Compare numbers of topics: do the same ones come back without some of the documents, and do they hang together?

    Parameters
    ----------
    study : Study
    topics : iterable of int
        The numbers to compare, 2 or more.
    runs : int
        How often a part of the documents is drawn. If there are no more ways than that to draw it, each is taken once.
    part : float
        How much of the documents is drawn, above 0 and below 1.
    method, unit, minimum, random_state
        As in `topics.fit_topics`.

    Returns
    -------
    pandas.DataFrame
        One row per number of topics.

        - ``topics``
        - ``stability``: agreement of the model of all documents with those of the runs, 0 to 1, the mean over the runs;
          ``lowest`` and ``highest`` of a run
        - ``coherence``, ``exclusivity``: of the model of all documents, as in `topics.topic_table`; the mean over
          topics
        - ``rediscovering``: how many of its topics just rediscover a document
        - ``runs``; ``documents``, how many were drawn for each
        - ``chosen``: True for one of them: among those whose stability is at most one standard error below the highest,
          the one with the largest coherence; of equal ones the smallest

    Raises
    ------
    StudyError
        As `topics.fit_topics`; or there is but one document.

    Notes
    -----
    The agreement of two models is that of Greene and others [1]_: topics are matched one to one, by the Hungarian
    method, so that the mean of their similarities is largest, and the similarity of two topics is the number of leading
    terms in both over that in either, for the first d terms of each, averaged over d from 1 to 10.

    Whole documents are left out: a topic that leans on one article does not come back without it. Runs share documents,
    so that the standard error is too small: it is here to decide with, not to test with. Two or three topics are easily
    stable, and the highest stability may still be a low one. The rule is a help and no finding: another number that
    serves the question may be nearly as stable.

    References
    ----------
    .. [1] Greene, D., O’Callaghan, D. & Cunningham, P. (2014). How many topics? Stability analysis for topic models.
       Machine Learning and Knowledge Discovery in Databases (ECML PKDD), 498–513.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = choose_topics(load(), topics=[2, 3], runs=2)
    >>> int(table["chosen"].sum())
    1
    """
    from threadpoolctl import threadpool_limits

    numbers = sorted(set(topics))
    for number in numbers or [0]:
        check_options(number, method, random_state, least=2)
    if runs < 1 or not 0 < part < 1:
        what = f"runs={runs}, part={part} cannot be"
        raise OptionError(Problem("runs", what, "Give 1 or more, and a part between 0 and 1."))
    counts, terms = unit_counts(study, unit=unit, minimum=minimum)
    of_document = unit_documents(study, unit)
    drawn = _draw(np.unique(of_document[np.diff(counts.indptr) > 0]), part, runs, random_state)
    samples = [np.arange(len(of_document)), *(np.flatnonzero(np.isin(of_document, own)) for own in drawn)]

    def fit(job: tuple[int, int]) -> tuple[np.ndarray | None, np.ndarray]:
        number, sample = job
        of_unit, of_term = factorise(counts[samples[sample]], number, method=method, random_state=random_state)
        return (None, leading_terms(of_term)) if sample else (of_unit, of_term)

    jobs = [(number, sample) for number in numbers for sample in range(len(samples))]
    with threadpool_limits(1):
        fitted = dict(zip(jobs, in_threads(fit, jobs)))
    rows = []
    for number in numbers:
        of_unit, of_term = fitted[number, 0]
        table = topic_table(study, describe(study, terms, of_unit, of_term, unit=unit))
        tops = leading_terms(of_term)
        agree = np.array([agreement_of_terms(tops, fitted[number, n][1]) for n in range(1, len(samples))])
        means = table[["coherence", "exclusivity"]].mean()
        error = agree.std(ddof=1) / np.sqrt(len(agree)) if len(agree) > 1 else 0.0
        rows.append((number, agree.mean(), agree.min(), agree.max(), *means, int(table["rediscovers"].sum()), error))
    columns = ["topics", "stability", "lowest", "highest", "coherence", "exclusivity", "rediscovering", "error"]
    table = pd.DataFrame(rows, columns=columns).assign(runs=len(drawn), documents=len(drawn[0]))
    best = table.loc[table["stability"].idxmax()]
    near = table[table["stability"] >= best["stability"] - best["error"]]
    chosen = near["coherence"].fillna(-1).idxmax()
    return table.drop(columns="error").assign(chosen=table.index == chosen)


def agreement_of_terms(a: np.ndarray, b: np.ndarray) -> float:
    """Return how far two models of as many topics agree, given their `leading_terms`: 0 to 1; see `choose_topics`.

    Examples
    --------
    >>> agreement_of_terms(np.array([[1, 2], [3, 4]]), np.array([[4, 3], [1, 2]]))
    0.75
    """
    from scipy.optimize import linear_sum_assignment

    same = (a[:, None, :, None] == b[None, :, None, :]) & (a[:, None, :, None] >= 0)
    total = np.zeros(same.shape[:2])
    for d in range(1, a.shape[1] + 1):
        common = same[:, :, :d, :d].sum(axis=(2, 3))
        either = (a[:, :d] >= 0).sum(axis=1)[:, None] + (b[:, :d] >= 0).sum(axis=1) - common
        total += common / np.maximum(either, 1)
    similarity = total / a.shape[1]
    return float(similarity[linear_sum_assignment(-similarity)].mean())


def _draw(documents: np.ndarray, part: float, runs: int, random_state: int) -> list[np.ndarray]:
    """Parts of the documents: all there are, if they are no more than the runs."""
    if len(documents) < 2:
        what = f"{len(documents) or 'no'} document has words, and none can be left out"
        raise StudyError(Problem("documents", what, "Give two or more."))
    size = min(max(round(part * len(documents)), 1), len(documents) - 1)
    if len(documents) <= runs and comb(len(documents), size) <= runs:
        return [np.array(own) for own in combinations(documents, size)]
    draw = np.random.default_rng(random_state)
    return [np.sort(draw.choice(documents, size, replace=False)) for _ in range(runs)]
