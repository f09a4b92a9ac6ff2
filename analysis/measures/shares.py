"""Shares over time: of topics by group, with bands by whole documents."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study, group_labels
from analysis.measures.inference import TEST_MINIMUM
from analysis.measures.resampling import bootstrap_interval, check_draws


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
        An unknown grouping, or a number of resamples or a confidence that makes no sense.
    """
    check_draws(resamples, confidence)
    groups = group_labels(study, by).set_axis(study.documents["doc_id"])
    single = shares.groupby(["topic", "doc_id"], observed=True)["share"].agg(["sum", "size", "mean"]).reset_index()
    single["group"] = single["doc_id"].astype(str).map(groups)
    table = single.groupby(["topic", "group"], as_index=False).agg(
        sum=("sum", "sum"), units=("size", "sum"), documents=("doc_id", "size"),
        lowest=("mean", "min"), highest=("mean", "max"),
    )  # fmt: skip
    drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
    bands = pd.concat([_band(own, drawn) for _, own in single.groupby("group")])
    table = table.assign(share=table["sum"] / table["units"]).join(bands, on=["topic", "group"])
    return table[["topic", "group", "share", "low", "high", "lowest", "highest", "units", "documents"]]


def _band(single: pd.DataFrame, drawn: dict) -> pd.DataFrame:
    """The interval of each topic's share in the documents of a group, by topic and group."""
    sums = single.pivot(index=["topic", "group"], columns="doc_id", values="sum")
    units = single.drop_duplicates("doc_id").set_index("doc_id")["size"].loc[sums.columns].to_numpy(float)
    low = high = np.full(len(sums), np.nan)
    if len(units) >= TEST_MINIMUM:
        everything = {"groups": [np.ones(len(units), bool)], "tokens": units}
        low, high = bootstrap_interval(csr_array(sums.to_numpy(float)), **everything, statistic=np.divide, **drawn)
    return pd.DataFrame({"low": low, "high": high}, index=sums.index)
