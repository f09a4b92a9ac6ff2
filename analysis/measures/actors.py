"""Actors: who is named, and under which form of the name."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Study, group_labels
from analysis.corpus.search import lexicon_hits
from analysis.errors import Problem, StudyError


def mentions(study: Study) -> pd.DataFrame:
    """Find every mention of every actor.

    Where two aliases of an actor overlap, the longer counts. An alias within one of the actor's traps does not count.

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
    """
    if study.actors.empty:
        raise StudyError(Problem("actors.yml", "the study lists no actors", "Write them into this file."))
    hits = lexicon_hits(study, study.actors, label="actor", pattern="alias", parts=True)
    return hits[hits["form"] != "trap"].reset_index(drop=True)


def actor_mentions(study: Study, *, by: str = "source") -> pd.DataFrame:
    """Count the mentions of each actor by form of the name.

    Returns
    -------
    pandas.DataFrame
        One row per actor, form and group with a mention: ``actor``; ``form``; ``group``; ``count``; ``per_10k``,
        per 10,000 tokens of the group; ``sentences`` and ``documents``, how many hold a mention; ``tokens`` of the
        group.
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
