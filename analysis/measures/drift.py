"""Drift: how shares change from group to group, such as from year to year."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Study, group_labels


def mean_shares(study: Study, shares: pd.DataFrame, *, by: str = "year") -> pd.DataFrame:
    """Average the topic shares of paragraphs by group.

    Parameters
    ----------
    study : Study
    shares : pandas.DataFrame
        ``doc_id``, ``topic`` and ``share`` of each paragraph, as in `topics.Topics.paragraphs`.
    by : str
        The grouping.

    Returns
    -------
    pandas.DataFrame
        One row per topic and group: ``topic``; ``group``; ``share``, the mean over the group's paragraphs;
        ``lowest`` and ``highest``, the means of the single documents that lie farthest apart, equal where the group
        has one document; ``paragraphs``; ``documents``.
    """
    groups = group_labels(study, by).set_axis(study.documents["doc_id"])
    labelled = shares.assign(group=shares["doc_id"].map(groups))
    table = labelled.groupby(["topic", "group"], as_index=False).agg(
        share=("share", "mean"), paragraphs=("share", "size"), documents=("doc_id", "nunique")
    )
    single = labelled.groupby(["topic", "group", "doc_id"])["share"].mean().groupby(["topic", "group"])
    table = table.join(single.agg(lowest="min", highest="max"), on=["topic", "group"])
    return table[["topic", "group", "share", "lowest", "highest", "paragraphs", "documents"]]
