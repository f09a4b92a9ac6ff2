"""Shares over time: of topics by group, with bands by whole documents."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Study, group_labels
from analysis.errors import Problem, StudyError
from analysis.measures.resampling import check_draws, share_interval


def mean_shares(
    study: Study,
    shares: pd.DataFrame,
    *,
    by: str = "year",
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Average the topic shares of paragraphs, or of documents, by group.

    Parameters
    ----------
    study : Study
    shares : pandas.DataFrame
        ``doc_id``, ``topic`` and ``share`` of each paragraph or document, as in `topics.Topics`.
    by : str
        The grouping.
    resamples, confidence, random_state
        For the interval, as in `terms.frequency`.

    Returns
    -------
    pandas.DataFrame
        One row per topic and group.

        - ``topic``, ``group``
        - ``share``: the mean over the group's units
        - ``low``, ``high``: the range in which it lies when whole documents of the group are drawn again; missing for a
          group of fewer than 4
        - ``lowest``, ``highest``: the means of the single documents that lie farthest apart, equal where the group has
          one document
        - ``units``: how many paragraphs or documents it is the mean of; ``documents``

    Raises
    ------
    StudyError
        There are no shares, an unknown grouping, or a number of resamples or a confidence that makes no sense.

    Notes
    -----
    A unit counts the same whatever its length, so a document weighs as its units do. The interval is that of
    percentiles. Bands that overlap do not show that two groups are alike.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> from analysis.measures.topics import fit_topics
    >>> study = load()
    >>> table = mean_shares(study, fit_topics(study, topics=2).shares, by="source", resamples=19)
    >>> bool((table["lowest"] <= table["share"]).all() and (table["share"] <= table["highest"]).all())
    True
    """
    check_draws(resamples, confidence, random_state)
    if shares.empty:
        raise StudyError(Problem("shares", "there are none", "Fit topics to documents with words."))
    groups = group_labels(study, by).set_axis(study.documents["doc_id"])
    sums = shares.groupby(["topic", "doc_id"], observed=True)["share"].sum().unstack(fill_value=0)
    unit = [name for name in ("doc_id", "paragraph") if name in shares]
    units = shares.drop_duplicates(unit).groupby("doc_id", observed=True).size()[sums.columns]
    group = groups.loc[sums.columns.astype(str)].to_numpy()
    drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
    tables = [_of_group(sums.loc[:, group == one], units[group == one], drawn).assign(group=one) for one in set(group)]
    table = pd.concat(tables).reset_index().sort_values(["topic", "group"], ignore_index=True)
    return table[["topic", "group", "share", "low", "high", "lowest", "highest", "units", "documents"]]


def _of_group(sums: pd.DataFrame, units: pd.Series, drawn: dict) -> pd.DataFrame:
    """The share of each topic in the documents of a group."""
    low, high = share_interval(sums, units, **drawn)
    single = sums / units
    counts = {"units": int(units.sum()), "documents": len(units)}
    table = pd.DataFrame({"share": sums.sum(axis=1) / units.sum(), "low": low, "high": high}, index=sums.index)
    return table.assign(lowest=single.min(axis=1), highest=single.max(axis=1), **counts)
