"""Frames: where the cues of the codebook stand, and what readers have found. Only the latter gives shares."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Study, group_labels
from analysis.corpus.codings import codebook, judgements
from analysis.corpus.search import lexicon_hits, once_each
from analysis.errors import Problem, StudyError
from analysis.measures.contingency import precision_recall
from analysis.measures.resampling import check_draws, share_interval

SHARES = ["code", "group", "share", "low", "high", "coded", "by_all", "paragraphs", "documents_with_code", "documents"]
SHARES += ["sentences"]


def cue_hits(study: Study) -> pd.DataFrame:
    """Find every cue of every frame in the body.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per cue found, in reading order: ``frame``; ``cue``, the pattern; ``doc_id``; ``paragraph``;
        ``sentence``; ``sentence_id``; ``start`` and ``end``, character offsets in the file; ``text``, verbatim.

    Raises
    ------
    StudyError
        The study has no codebook.

    Notes
    -----
    Where two patterns of one frame overlap, the longer counts. A cue is a word of a list: a paragraph can hold it and
    not the frame, see `cue_validity`.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> hits = cue_hits(load())
    >>> bool((hits["start"] < hits["end"]).all())
    True
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

    Raises
    ------
    StudyError
        The study has no codebook, or an unknown grouping.

    Notes
    -----
    The rate is the paragraphs with a cue over all paragraphs of the group. It is not the share of a frame. A longer
    paragraph has more room for a cue, so groups that write paragraphs of unlike length do not compare.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = cue_rates(load())
    >>> bool((table["paragraphs_with_cue"] <= table["paragraphs"]).all())
    True
    """
    groups = group_labels(study, by).set_axis(study.documents["doc_id"])
    hits = cue_hits(study)
    hits = hits.assign(group=hits["doc_id"].map(groups), unit=hits["doc_id"] + "/" + hits["paragraph"].astype(str))
    found = hits.groupby(["frame", "group"]).agg(
        paragraphs_with_cue=("unit", "nunique"),
        cues=("cue", "size"),
        documents_with_cue=("doc_id", "nunique"),
        sentences=("sentence_id", once_each),
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


def coded_shares(
    study: Study,
    codings: pd.DataFrame,
    *,
    by: str = "source",
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """In what part of its paragraphs readers found each code.

    Parameters
    ----------
    study : Study
        Whose documents to take; codings of others are left out.
    codings : pandas.DataFrame
        From `codings.read_codings`.
    by : str
        The grouping.
    resamples, confidence, random_state
        For the interval, as in `terms.frequency`.

    Returns
    -------
    pandas.DataFrame
        One row per code and group, codes in the codebook’s order, zeros included.

        - ``code``, ``group``
        - ``share``: part of the paragraphs to which a reader gave the code, 0 to 1; the mean of the readers
        - ``low``, ``high``: the range in which it lies when whole documents of the group are drawn again; missing for a
          group of fewer than 4 documents
        - ``coded``: paragraphs with the code, the mean of the readers
        - ``by_all``: paragraphs to which every reader gave it
        - ``paragraphs``: how many were read
        - ``documents_with_code``, ``documents``
        - ``sentences``: the ids of the sentences in which the words stand that carry the code

        No row if none of the codings are of these documents.

    Raises
    ------
    StudyError
        An unknown grouping, no codebook, or a number of resamples or a confidence that makes no sense.

    Notes
    -----
    A share rests on readings. How far they can be trusted is for `reliability.agreement` to say.

    Examples
    --------
    >>> from analysis.corpus import SEEDS, load
    >>> from analysis.corpus.codings import read_codings
    >>> study = load()
    >>> codings = read_codings(study, SEEDS / "codings.csv")
    >>> table = coded_shares(study, codings)
    >>> bool((table["by_all"] <= table["coded"]).all() and (table["coded"] <= table["paragraphs"]).all())
    True
    """
    check_draws(resamples, confidence, random_state)
    labels = group_labels(study, by).set_axis(study.documents["doc_id"])
    if not codings["doc_id"].isin(study.documents["doc_id"]).any():
        return pd.DataFrame(columns=SHARES)
    units = judgements(study, codings).groupby(["code", "document", "unit"], sort=False)["given"].agg(["mean", "min"])
    single = units.groupby(["code", "document"], sort=False).agg(
        coded=("mean", "sum"), by_all=("min", "sum"), paragraphs=("mean", "size")
    )
    single = single.reset_index().assign(group=lambda t: t["document"].map(labels))
    sentences = codings.assign(group=codings["doc_id"].map(labels)).query("code != ''").groupby(["code", "group"])
    sentences = sentences["sentence_id"].agg(once_each)
    table = single.groupby(["code", "group"], sort=False).agg(
        coded=("coded", "sum"),
        by_all=("by_all", "sum"),
        paragraphs=("paragraphs", "sum"),
        documents_with_code=("coded", lambda own: int((own > 0).sum())),
        documents=("document", "size"),
    )
    table = table.join(sentences.rename("sentences")).fillna({"sentences": ""}).reset_index()
    drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
    intervals = pd.concat([_interval(own, drawn) for _, own in single.groupby("group")])
    table = table.assign(share=table["coded"] / table["paragraphs"]).join(intervals, on=["code", "group"])
    codes = pd.Index(codebook(study)["code"])
    table = table.sort_values(["code", "group"], key=lambda c: codes.get_indexer(c) if c.name == "code" else c)
    return table[SHARES].reset_index(drop=True)


def _interval(single: pd.DataFrame, drawn: dict) -> pd.DataFrame:
    """The interval of each code’s share in the documents of a group, by code and group."""
    coded = single.pivot(index=["code", "group"], columns="document", values="coded")
    paragraphs = single.drop_duplicates("document").set_index("document")["paragraphs"].loc[coded.columns]
    low, high = share_interval(coded, paragraphs, **drawn)
    return pd.DataFrame({"low": low, "high": high}, index=coded.index)


def cue_validity(study: Study, codings: pd.DataFrame, *, by: str = "") -> pd.DataFrame:
    """Say how well the cues of each frame find the paragraphs in which readers found the frame.

    Parameters
    ----------
    study : Study
    codings : pandas.DataFrame
        From `codings.read_codings`. A paragraph has the frame if at least half of its readers gave it.
    by : str
        ``source``, ``year``, ``month``, ``document`` or another column of the documents table; by default all documents
        are taken together.

    Returns
    -------
    pandas.DataFrame
        One row per frame, in the codebook’s order, or per frame and group.

        - ``frame``
        - ``group``: with a grouping only
        - ``coded``, ``with_cue``, ``both``: paragraphs with the frame, with a cue of it, and with both
        - ``precision``: part of the paragraphs with a cue that have the frame; missing where none has a cue
        - ``recall``: part of the paragraphs with the frame that have a cue; missing where none has the frame
        - ``f1``: the harmonic mean of the two, 0 where nothing agrees; missing with neither frame nor cue
        - ``paragraphs``: how many were read

    Raises
    ------
    StudyError
        The study has no codebook; or an unknown grouping.

    Notes
    -----
    With n paragraphs that have the frame, f that have a cue and b that have both, precision is b / f, recall b / n, and
    f1 2 b / (n + f). Where the cues were chosen with the same paragraphs in mind, this flatters them. Where recall or
    precision differ from group to group, so may cue rates of groups that have the frame equally often.

    Examples
    --------
    >>> from analysis.corpus import SEEDS, load
    >>> from analysis.corpus.codings import read_codings
    >>> study = load()
    >>> codings = read_codings(study, SEEDS / "codings.csv")
    >>> table = cue_validity(study, codings)
    >>> bool((table["both"] <= table["coded"]).all())
    True
    """
    judged = judgements(study, codings)
    frames = judged[judged["code"].isin(set(study.frames["frame"]))]
    units = frames.groupby(["code", "document", "unit"], sort=False)["given"]
    coded = units.mean().ge(0.5).reset_index(name="coded").rename(columns={"code": "frame"})
    hits = cue_hits(study)
    found = {(frame, f"{doc_id}-{n}") for frame, doc_id, n in hits[["frame", "doc_id", "paragraph"]].to_numpy()}
    coded["with_cue"] = [pair in found for pair in zip(coded["frame"], coded["unit"])]
    coded["both"] = coded["coded"] & coded["with_cue"]
    if by:
        coded["group"] = coded["document"].map(group_labels(study, by).set_axis(study.documents["doc_id"]))
    keys = ["frame", "group"] if by else ["frame"]
    table = coded.groupby(keys, sort=False).agg(
        coded=("coded", "sum"), with_cue=("with_cue", "sum"), both=("both", "sum"), paragraphs=("unit", "size")
    )
    table = table.join(precision_recall(*(table[name] for name in ("coded", "with_cue", "both"))))
    columns = [*keys, "coded", "with_cue", "both", "precision", "recall", "f1", "paragraphs"]
    codes = pd.Index(study.frames["frame"])
    table = table.reset_index().sort_values(keys, key=lambda c: codes.get_indexer(c) if c.name == "frame" else c)
    return table[columns].reset_index(drop=True)
