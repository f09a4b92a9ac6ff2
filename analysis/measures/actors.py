"""Actors: who is named, and under which form of the name."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Study, group_labels
from analysis.corpus.search import actor_hits
from analysis.errors import Problem, StudyError


def mentions(study: Study) -> pd.DataFrame:
    """Find every mention of every actor.

    Where two aliases of an actor overlap, the longer counts. An alias within one of the actor's traps does not count.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per mention, in reading order: ``actor``; ``form``; ``alias``; ``doc_id``; ``paragraph``;
        ``sentence``; ``sentence_id``; ``start`` and ``end``, character offsets in the file of the whole word, a
        compound included; ``text``, verbatim.

    Raises
    ------
    StudyError
        The study has no actors.

    Notes
    -----
    An alias is a search pattern, and also counts as a part of a hyphen compound. What would make it wrong: a name that
    stands for something else, which a trap of the list would exclude; and names that the list does not have.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> named = mentions(load())
    >>> bool((named["start"] < named["end"]).all())
    True
    """
    if study.actors.empty:
        raise StudyError(Problem("actors.yml", "the study lists no actors", "Write them into this file."))
    return actor_hits(study)


def actor_mentions(study: Study, *, by: str = "source") -> pd.DataFrame:
    """Count the mentions of each actor by form of the name.

    Parameters
    ----------
    study : Study
    by : str
        ``source``, ``year``, ``month``, ``document`` or another column of the documents table.

    Returns
    -------
    pandas.DataFrame
        One row per actor, form and group with a mention, by group and falling count.

        - ``actor``; ``form``, such as a name, a capital or a leader; ``group``
        - ``count``: how many mentions
        - ``per_10k``: count per 10,000 tokens of the group
        - ``sentences``, ``documents``: how many hold a mention
        - ``tokens``: tokens of the group

    Raises
    ------
    StudyError
        The study has no actors, or an unknown grouping.

    Notes
    -----
    The rate is 10,000 times the count over the tokens. A group without a mention of an actor has no row for it.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = actor_mentions(load(), by="year")
    >>> bool((table["sentences"] <= table["count"]).all())
    True
    """
    groups = group_labels(study, by).set_axis(study.documents["doc_id"])
    tokens = study.documents["tokens"].groupby(groups.to_numpy()).sum()
    hits = mentions(study)
    table = hits.assign(group=hits["doc_id"].map(groups)).groupby(["actor", "form", "group"], as_index=False)
    table = table.agg(count=("text", "size"), sentences=("sentence_id", "nunique"), documents=("doc_id", "nunique"))
    table["tokens"] = table["group"].map(tokens)
    table["per_10k"] = 1e4 * table["count"] / table["tokens"]
    table = table.sort_values(["group", "count", "actor", "form"], ascending=[True, False, True, True])
    columns = ["actor", "form", "group", "count", "per_10k", "sentences", "documents", "tokens"]
    return table[columns].reset_index(drop=True)


def co_mentions(study: Study) -> pd.DataFrame:
    """Count the sentences that name two actors together: the edges of a network.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per pair of actors with a common sentence, by falling count.

        - ``actor``, ``other``: the pair, in alphabetical order
        - ``count``: sentences that name both
        - ``count_actor``, ``count_other``: sentences that name the one, and the other
        - ``jaccard``: ``count`` over the sentences that name either, above 0 to 1
        - ``documents``: in how many documents such a sentence stands
        - ``sentences``: the ids of the sentences

    Raises
    ------
    StudyError
        The study has no actors.

    Notes
    -----
    With A and B sentences that name the one and the other, and C that name both, ``jaccard`` is C / (A + B − C). To be
    named together says nothing of friend or foe: for that see `events.events`. Long sentences name more actors, so a
    writer of long sentences has the denser network.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = co_mentions(load())
    >>> bool((table["count"] <= table["count_actor"]).all() and (table["actor"] < table["other"]).all())
    True
    """
    named = mentions(study)[["actor", "doc_id", "sentence_id"]].drop_duplicates(["actor", "sentence_id"])
    alone = named["actor"].value_counts()
    pairs = named.merge(named[["actor", "sentence_id"]].rename(columns={"actor": "other"}), on="sentence_id")
    table = pairs[pairs["actor"] < pairs["other"]].groupby(["actor", "other"], as_index=False)
    table = table.agg(
        count=("sentence_id", "size"), documents=("doc_id", "nunique"), sentences=("sentence_id", " ".join)
    ).astype({"count": int, "documents": int})
    for column in ("actor", "other"):
        table[f"count_{column}"] = alone.reindex(table[column]).to_numpy(int)
    table["jaccard"] = table["count"] / (table["count_actor"] + table["count_other"] - table["count"])
    table = table.sort_values(["count", "actor", "other"], ascending=[False, True, True], ignore_index=True)
    return table[["actor", "other", "count", "count_actor", "count_other", "jaccard", "documents", "sentences"]]
