"""Topics of one period after another: which go on, begin, end, split or merge, and whose share has changed."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from analysis.corpus import Study
from analysis.corpus.jobs import in_threads
from analysis.errors import OptionError, Problem, StudyError
from analysis.measures.differences import group_test, rates_apart
from analysis.measures.periods import in_order, period_labels
from analysis.measures.resampling import check_draws, false_discovery
from analysis.measures.topics import check_options, factorise, leading_terms, tf_idf, unit_counts, unit_documents

SHOWN = 6  # terms by which a topic is called


class WindowedTopics(NamedTuple):
    """Topics by period.

    Attributes
    ----------
    topics : pandas.DataFrame
        One row per period and topic: ``period``; ``topic``, counted from 1 in each period by falling weight;
        ``thread``, the chain of topics that it is part of, counted from 1; ``terms``, the six leading ones; ``share``,
        its mean share of the period's units; ``units``; ``documents``.
    links : pandas.DataFrame
        How each period's topics go over into those of the next: ``period``, ``topic``, ``next_period``, ``next_topic``;
        ``similarity``, the cosine of their term weights; ``kind``; ``same_thread``.

        - ``continues``: neither is similar to another one
        - ``splits``: the earlier topic is similar to two or more later ones
        - ``merges``: the later topic is similar to two or more earlier ones
        - ``splits and merges``: both
        - ``birth``: the later topic is similar to no earlier one; ``topic`` is missing, and ``similarity`` that of the
          nearest
        - ``death``: the earlier topic is similar to no later one; ``next_topic`` is missing, ``similarity`` likewise

        ``same_thread`` is True for the one link of a topic, at most, by which its thread goes on.
    changes : pandas.DataFrame
        One row for each two consecutive periods and each thread that has a topic in one or both.

        - ``period``, ``next_period``, ``thread``, ``terms``, the six leading ones of the thread
        - ``share``, ``next_share``: the thread's mean share of the units of each period, 0 to 1; ``change``, the latter
          minus the former
        - ``low``, ``high``: the interval in which the change lies when whole documents are drawn again
        - ``p``: part of the ways to exchange whole documents between the two periods that give as large a change, in
          either direction; ``p_floor``, the smallest that so many documents can give
        - ``q``: p under control of the false discovery rate over all changes of the table
        - ``units``, ``next_units``, ``documents``, ``next_documents``

        ``low``, ``high``, ``p`` and ``q`` are missing where a period has fewer than 4 documents, and for a thread
        without a topic in one of the two periods: it was picked for being in one only, and its interval would leave out
        0 too often where nothing has changed.
    """

    topics: pd.DataFrame
    links: pd.DataFrame
    changes: pd.DataFrame


def windowed_topics(
    study: Study,
    *,
    by: str = "year",
    topics: int = 10,
    unit: Literal["paragraph", "document"] = "paragraph",
    minimum: int = 2,
    similarity: float = 0.5,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> WindowedTopics:
    """Fit topics to each period by itself, and follow them from period to period.

    Parameters
    ----------
    study : Study
    by : str
        The grouping into periods, whose names sort in the order of time, as numbers or as text. Documents whose date
        does not tell the period are left out.
    topics : int
        How many in each period.
    unit : str
        What is taken for a bag of words, ``paragraph`` or ``document``.
    minimum : int
        Leave out terms that stand in fewer units of a period.
    similarity : float
        The cosine of two topics' term weights from which on they count as similar, above 0 and up to 1.
    resamples, confidence
        For the intervals and tests of the changes, as in `keyness.keyness_test`.
    random_state : int
        The same number gives the same result.

    Returns
    -------
    WindowedTopics

    Raises
    ------
    StudyError
        There are not two periods, or periods with fewer units or terms than topics: all of them are named, and none is
        skipped in silence; or an option that makes no sense.

    Notes
    -----
    Topics are those of `topics.fit_topics`, by non-negative matrix factorisation of each period alone, as are the first
    topics of Greene and Cross [1]_. Those of consecutive periods are matched one to one, by the Hungarian method, so
    that the sum of the similarities, where they reach the threshold, is largest; matched topics form a thread. What is
    called birth or death depends on the threshold and on the number of topics: a topic too many in one period is born
    there. Try others.

    For the changes, a thread's profile is the mean of the term weights of its topics. The units of both periods are
    projected on the same profiles, those of the threads with a topic in either period: least squares with weights ≥ 0,
    divided by their sum. The profiles are not fitted again for each resample, so that the intervals know nothing of the
    uncertainty of the topics themselves. The test is wrong where documents are not exchangeable for another reason,
    such as another source in each period. The q-values are those of Benjamini and Hochberg.

    References
    ----------
    .. [1] Greene, D. & Cross, J. P. (2017). Exploring the political agenda of the European Parliament using a dynamic
       topic modeling approach. Political Analysis, 25(1), 77–94.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> found = windowed_topics(load(), topics=2, minimum=1)
    >>> found.topics.groupby("period")["share"].sum().round(6).unique().tolist()
    [1.0]
    """
    from threadpoolctl import threadpool_limits

    check_options(topics, "nmf", random_state)
    check_draws(resamples, confidence, random_state)
    if not 0 < similarity <= 1:
        raise OptionError(Problem("similarity", f"{similarity} cannot be", "Give a number above 0 and up to 1."))
    counts, terms = unit_counts(study, unit=unit, minimum=minimum)
    of_document = unit_documents(study, unit)
    labels = period_labels(study, by)
    periods, labels = in_order(labels), labels.to_numpy()
    if len(periods) < 2:
        raise OptionError(Problem(by, f"there are {len(periods)} periods", "Choose a grouping with two or more."))
    has_terms = np.diff(counts.indptr) > 0
    rows = [np.flatnonzero((labels[of_document] == period) & has_terms) for period in periods]
    columns = [np.flatnonzero(np.bincount(counts[own].indices, minlength=len(terms)) >= minimum) for own in rows]
    _check_sizes(periods, rows, columns, topics)

    def fit(period: int) -> tuple[np.ndarray, csr_array]:
        of_unit, of_term = factorise(counts[rows[period]][:, columns[period]], topics, random_state=random_state)
        own = csr_array(of_term)
        return of_unit, csr_array((own.data, columns[period][own.indices], own.indptr), shape=(topics, len(terms)))

    def change(step: int) -> pd.DataFrame:
        both, (one, other) = np.concatenate(rows[step : step + 2]), threads[step : step + 2]
        alive = np.union1d(one, other)
        named = {"period": periods[step], "next_period": periods[step + 1], "thread": alive + 1}
        table = _change(
            _project(counts[both], means[alive]),
            of_document[both],
            later=np.arange(len(both)) >= len(rows[step]),
            tested=np.isin(alive, one) & np.isin(alive, other),
            drawn={"resamples": resamples, "confidence": confidence, "random_state": random_state},
        )
        return pd.DataFrame({**named, "terms": _names(means[alive], terms)}).join(table)

    with threadpool_limits(1):
        of_units, profiles = zip(*in_threads(fit, range(len(periods))))
        links, threads = _follow([_cosines(a, b) for a, b in zip(profiles, profiles[1:])], topics, similarity)
        means = _mean_profiles(profiles, threads)
        changes = pd.concat(in_threads(change, range(len(periods) - 1)), ignore_index=True)
    changes.insert(changes.columns.get_loc("p_floor") + 1, "q", false_discovery(changes["p"]))
    links["period"], links["next_period"] = ([periods[n + step] for n in links["step"]] for step in (0, 1))
    tables = [
        pd.DataFrame({"period": period, "topic": np.arange(1, topics + 1), "thread": thread + 1}).assign(
            terms=_names(of_term, terms),
            share=_shares(of_unit)[of_unit.any(axis=1)].mean(axis=0),
            units=len(own),
            documents=len(np.unique(of_document[own])),
        )
        for period, own, of_unit, of_term, thread in zip(periods, rows, of_units, profiles, threads)
    ]
    order = ["period", "topic", "next_period", "next_topic", "similarity", "kind", "same_thread"]
    return WindowedTopics(pd.concat(tables, ignore_index=True), links[order], changes)


def _check_sizes(periods: list[str], rows: list[np.ndarray], columns: list[np.ndarray], topics: int) -> None:
    """Every period that is too small for its topics is a problem."""
    problems = [
        Problem(
            period,
            f"there are {len(own)} units with a term and {len(used)} terms for {topics} topics",
            "Ask for fewer topics, or group by longer periods.",
        )
        for period, own, used in zip(periods, rows, columns)
        if min(len(own), len(used)) < topics
    ]
    if problems:
        raise StudyError(*problems)


def _cosines(a: csr_array, b: csr_array) -> np.ndarray:
    """The cosine of each row of the one with each of the other."""
    length = np.sqrt(a.multiply(a).sum(axis=1))[:, None] * np.sqrt(b.multiply(b).sum(axis=1))[None, :]
    return (a @ b.T).toarray() / np.where(length > 0, length, 1)


def _follow(cosines: list[np.ndarray], topics: int, similarity: float) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """The links of each step from period to period, and the thread of each topic of each period, counted from 0."""
    from scipy.optimize import linear_sum_assignment

    links, threads, used = [], [np.arange(topics)], topics
    for step, cosine in enumerate(cosines):
        similar = cosine >= similarity
        pairs = {(a, b) for a, b in zip(*linear_sum_assignment(-cosine * similar)) if similar[a, b]}
        before = {b: threads[-1][a] for a, b in pairs}
        threads.append(np.array([before.get(b, -1) for b in range(topics)]))
        new = np.flatnonzero(threads[-1] < 0)
        threads[-1][new] = np.arange(used, used + len(new))
        used += len(new)
        for a, b in np.argwhere(similar).tolist():
            several = {"splits": similar[a].sum() > 1, "merges": similar[:, b].sum() > 1}
            kind = " and ".join(name for name, is_so in several.items() if is_so) or "continues"
            links.append((step, a + 1, b + 1, cosine[a, b], kind, (a, b) in pairs))
        ends, begins = np.flatnonzero(~similar.any(axis=1)), np.flatnonzero(~similar.any(axis=0))
        links += [(step, a + 1, None, cosine[a].max(), "death", False) for a in ends]
        links += [(step, None, b + 1, cosine[:, b].max(), "birth", False) for b in begins]
    table = pd.DataFrame(links, columns=["step", "topic", "next_topic", "similarity", "kind", "same_thread"])
    return table.astype({"topic": "Int64", "next_topic": "Int64"}), threads


def _mean_profiles(profiles: tuple[csr_array, ...], threads: list[np.ndarray]) -> csr_array:
    """The mean term weights of the topics of each thread."""
    thread = np.concatenate(threads)
    members = csr_array((np.ones(len(thread)), (thread, np.arange(len(thread)))))
    members.data /= np.bincount(thread)[thread][members.indices]
    return members @ vstack(profiles, format="csr")


def _project(counts: csr_array, profiles: csr_array) -> np.ndarray:
    """The share of each profile in each unit; missing where a unit has none of their terms."""
    from sklearn.decomposition import non_negative_factorization

    fixed = {"H": profiles.toarray(), "n_components": profiles.shape[0], "update_H": False}
    weights, *_ = non_negative_factorization(tf_idf(counts), **fixed, max_iter=2000)
    return _shares(weights)


def _shares(weights: np.ndarray) -> np.ndarray:
    """Each row over its sum; missing where that is 0."""
    total = weights.sum(axis=1, keepdims=True)
    return np.divide(weights, total, out=np.full(weights.shape, np.nan), where=total > 0)


def _change(
    shares: np.ndarray, of_document: np.ndarray, *, later: np.ndarray, tested: np.ndarray, drawn: dict
) -> pd.DataFrame:
    """The change of the mean share of each thread from the earlier units to the later ones, by whole documents."""
    has_any = ~np.isnan(shares[:, 0])
    shares, later = shares[has_any], later[has_any]
    documents, of_document = np.unique(of_document[has_any], return_inverse=True)
    units = np.bincount(of_document, minlength=len(documents)).astype(float)
    sums = csr_array((np.ones(len(shares)), (of_document, np.arange(len(shares))))) @ shares
    is_later = np.bincount(of_document, later, minlength=len(documents)) > 0
    before, after = (sums[own].sum(axis=0) / max(units[own].sum(), 1) for own in (~is_later, is_later))
    members = {"target": is_later, "reference": ~is_later}
    test = group_test(csr_array(sums.T), units, members, statistic=rates_apart, **drawn)
    table = pd.DataFrame({"share": before, "next_share": after, "change": after - before})
    table = table.join(test[["low", "high", "p", "p_floor"]])
    table.loc[~tested, ["low", "high", "p"]] = np.nan
    for name, own in (("", ~is_later), ("next_", is_later)):
        table[f"{name}units"], table[f"{name}documents"] = int(units[own].sum()), int(own.sum())
    return table


def _names(profiles: csr_array, terms: np.ndarray) -> list[str]:
    """The leading terms of each row, joined by commas."""
    return [", ".join(terms[own[own >= 0]]) for own in leading_terms(profiles.toarray(), SHOWN)]
