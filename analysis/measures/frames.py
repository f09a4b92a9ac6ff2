"""Frames: where the cues of the codebook stand. A cue rate is not the share of a frame; only codings give that."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Study, group_labels
from analysis.corpus.search import lexicon_hits
from analysis.errors import Problem, StudyError


def cue_hits(study: Study) -> pd.DataFrame:
    """Find every cue of every frame in the body.

    Returns
    -------
    pandas.DataFrame
        One row per cue found, in reading order: ``frame``; ``cue``, the pattern; ``doc_id``; ``paragraph``;
        ``sentence``; ``sentence_id``; ``start`` and ``end``, character offsets in the file; ``text``, verbatim.

    Raises
    ------
    StudyError
        The study has no codebook.
    """
    if study.frames.empty:
        raise StudyError(Problem("frames.yml", "the study has no codebook", "Write one into this file."))
    cues = study.frames[["frame", "cues"]].explode("cues", ignore_index=True).rename(columns={"cues": "cue"})
    return lexicon_hits(study, cues, label="frame", pattern="cue")


def cue_rates(study: Study, *, by: str = "source") -> pd.DataFrame:
    """How many paragraphs of each group hold a cue of each frame.

    Parameters
    ----------
    study : Study
        Leave out context documents first, with ``select(study, role="ties")``, where the rates are about the ties.
    by : str
        The grouping.

    Returns
    -------
    pandas.DataFrame
        One row per frame and group, frames in the codebook's order, zeros included.

        - ``frame``, ``group``
        - ``cue_rate``: paragraphs with a cue per paragraph of the group, 0 to 1; missing where it has no paragraph
        - ``paragraphs_with_cue``, ``paragraphs``: the two counts
        - ``cues``: how many cues were found
        - ``documents_with_cue``, ``documents``: how many documents hold a cue, and how many there are
        - ``sentences``: the ids of the sentences with a cue, separated by spaces
    """
    groups = group_labels(study, by).set_axis(study.documents["doc_id"])
    hits = cue_hits(study)
    hits = hits.assign(group=hits["doc_id"].map(groups), unit=hits["doc_id"] + "/" + hits["paragraph"].astype(str))
    found = hits.groupby(["frame", "group"]).agg(
        paragraphs_with_cue=("unit", "nunique"),
        cues=("cue", "size"),
        documents_with_cue=("doc_id", "nunique"),
        sentences=("sentence_id", lambda ids: " ".join(dict.fromkeys(ids))),
    )
    cells = pd.MultiIndex.from_product([study.frames["frame"], sorted(set(groups))], names=["frame", "group"])
    table = found.reindex(cells).reset_index()
    counts = ["paragraphs_with_cue", "cues", "documents_with_cue"]
    table[counts] = table[counts].fillna(0).astype(int)
    table["sentences"] = table["sentences"].fillna("")
    paragraphs = study.paragraphs["doc_id"].map(groups).value_counts()
    table["paragraphs"] = table["group"].map(paragraphs).fillna(0).astype(int)
    table["documents"] = table["group"].map(groups.value_counts())
    table["cue_rate"] = table["paragraphs_with_cue"] / table["paragraphs"]
    columns = ["frame", "group", "cue_rate", "paragraphs_with_cue", "paragraphs", "cues", "documents_with_cue"]
    return table[[*columns, "documents", "sentences"]]
