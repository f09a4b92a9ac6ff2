"""Actors: who is named, and under which form of the name."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study, document_rows, group_labels
from analysis.corpus.search import actor_hits
from analysis.errors import OptionError, Problem, StudyError
from analysis.measures.contingency import log_ratio
from analysis.measures.differences import group_test
from analysis.measures.inference import compared
from analysis.measures.resampling import check_draws


def mentions(study: Study) -> pd.DataFrame:
    """Find every mention of every actor.

    Where two aliases of an actor overlap, the longer counts. An alias within one of the actor's traps does not count.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per mention, in reading order: ``actor``; its ``kind``; ``form``; ``alias``; ``doc_id``; ``paragraph``;
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
    table["tokens"] = table["group"].map(tokens).astype(int)
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


def actor_test(
    study: Study,
    *,
    target: str,
    reference: str | None = None,
    by: str = "source",
    minimum: int = 5,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Ask of each actor whether two groups name it at rates that differ by more than those of their documents.

    Parameters
    ----------
    study : Study
    target : str
        A group, such as a source.
    reference : str, optional
        Another group; all documents outside the target by default.
    by : str
        The grouping.
    minimum : int
        Leave out actors that are named less often in both groups together.
    resamples : int
        How often documents are drawn again, and how many relabellings are tried if there are too many for all.
    confidence : float
        Of the interval.
    random_state : int
        The same number gives the same result.

    Returns
    -------
    pandas.DataFrame
        One row per actor, by falling ``log_ratio``.

        - ``actor``
        - ``count_target``, ``count_reference``: its mentions, under any form of its name
        - ``documents_target``, ``documents_reference``: in how many documents of each group it is named
        - ``log_ratio`` of the mentions per word, with ``low`` and ``high``: the interval in which it lies when whole
          documents are drawn again
        - ``p``: part of the ways to label whole documents that give a log ratio as large, in either direction
        - ``p_floor``: the smallest p-value that so many documents can give
        - ``q``: p under control of the false discovery rate over all actors of the table
        - ``relabellings``: how many were tried

        ``low``, ``high``, ``p`` and ``q`` are missing where a group has fewer than 4 documents. Documents without a
        word are left out.

    Raises
    ------
    StudyError
        The study has no actors; no such group, the reference is the target, or a group has no word; or a minimum, a
        number of resamples or a confidence that makes no sense.

    Notes
    -----
    The same test as `keyness.keyness_test`, of actors in the place of words. It says whether the labels of the
    documents matter at all, and is wrong where documents are not exchangeable for another reason: by one author, of one
    week, about one event. An absent actor counts as half a mention in the log ratio.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> table = actor_test(study, target=study.documents["source"].iloc[0])
    >>> bool((table["count_target"] + table["count_reference"] >= 5).all())
    True
    """
    check_draws(resamples, confidence, random_state)
    if minimum < 1:
        raise OptionError(Problem("minimum", f"{minimum} cannot be", "Give 1 or more."))
    tokens = study.documents["tokens"].to_numpy(float)
    members = compared(study, target, reference, by=by)
    (n, m) = (tokens[own].sum() for own in members.values())
    for side, words in zip(members, (n, m)):
        if not words:
            raise StudyError(Problem(side, "no word is left of its documents", "Look at them with `documents`."))
    actors, counts = _mentions_by_document(study, members["target"] | members["reference"], minimum)
    a, b = (counts[:, own].sum(axis=1) for own in members.values())
    holding = {f"documents_{side}": (counts[:, own] > 0).sum(axis=1).astype(int) for side, own in members.items()}
    table = pd.DataFrame({"actor": actors, "count_target": a.astype(int), "count_reference": b.astype(int), **holding})
    table["log_ratio"] = log_ratio(a, b, n, m)
    drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
    table = table.join(group_test(counts, tokens, members, statistic=log_ratio, **drawn))
    return table.sort_values(["log_ratio", "actor"], ascending=[False, True], ignore_index=True)


def _mentions_by_document(study: Study, used: np.ndarray, minimum: int) -> tuple[np.ndarray, csr_array]:
    """The actors that are named often enough in some of the documents, and the mentions of each in every document."""
    hits = mentions(study)
    actor, actors = pd.factorize(hits["actor"])
    ones, shape = np.ones(len(hits)), (len(actors), len(used))
    counts = csr_array((ones, (actor, document_rows(study, hits["doc_id"]))), shape=shape)
    often = counts[:, used].sum(axis=1) >= minimum
    return actors[often].to_numpy(), counts[often]
