"""What a program learns from the codings of a study, and the shares that its errors correct."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Study
from analysis.corpus.codings import judgements
from analysis.measures.cross_validation import COLUMNS as LEARNT
from analysis.measures.cross_validation import cross_code, cross_validate
from analysis.measures.prevalence import COLUMNS as CORRECTED
from analysis.measures.prevalence import corrected_shares

FOLDS = 10  # parts in which documents are coded by a program that has not seen them
ENOUGH = 5  # paragraphs with a frame, before a program is to learn it
TOO_FEW = (
    "Too little is coded for a program to learn from: it takes two frames or more, each found in at least "
    f"{ENOUGH} paragraphs and in two documents."
)


def lessons(study: Study, codings: pd.DataFrame) -> pd.DataFrame:
    """Return the paragraphs as a program learns from them: those frames that are found often enough.

    Returns
    -------
    pandas.DataFrame
        One row per paragraph of the study: ``document``, ``source``, ``text``; ``frames``, a set of those that at least
        half of its readings gave, missing for a paragraph that nobody read.
    """
    places = study.paragraphs[["doc_id", "paragraph", "start", "end"]].astype({"doc_id": str})
    unit = places["doc_id"] + "-" + places["paragraph"].astype(str)
    source = study.documents.set_index("doc_id")["source"]
    table = pd.DataFrame({"document": places["doc_id"], "source": places["doc_id"].map(source)})
    table["text"] = [study.texts[doc_id][a:b] for doc_id, _, a, b in places.itertuples(index=False)]
    found: dict[str, frozenset] = {}
    if len(codings):
        judged = judgements(study, codings)
        judged = judged[judged["code"].isin(set(study.frames["frame"]))]
        given = judged.groupby(["unit", "code"], sort=False)["given"].mean().ge(0.5).unstack()
        document = judged.drop_duplicates("unit").set_index("unit")["document"].reindex(given.index)
        usual = max(ENOUGH, folds(document))
        learnable = (given.sum() >= usual) & (given.groupby(document).any().sum() > 1) & ~given.all()
        names = given.columns[learnable]
        found = {unit: frozenset(names[row]) for unit, row in zip(given.index, given[names].to_numpy(bool))}
    return table.assign(frames=pd.Series([found.get(one) for one in unit], dtype=object))


def folds(documents: pd.Series) -> int:
    """Return in how many parts documents are coded: each by itself, if there are few."""
    return min(FOLDS, documents.nunique())


def learnt(paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Return how well a program learns the frames, as `analysis.cross_validate` does; empty if too little is coded."""
    read = paragraphs[paragraphs["frames"].notna()]
    if not _teachable(read):
        return pd.DataFrame(columns=LEARNT)
    return cross_validate(read["text"], read["frames"], groups=read["document"], folds=folds(read["document"]))


def _teachable(read: pd.DataFrame) -> bool:
    """Whether there are two frames to learn, of two documents."""
    return read["document"].nunique() > 1 and len(frozenset().union(*read["frames"])) > 1


def lesson(table: pd.DataFrame) -> str:
    """Return in words whether the program has learnt something; from `learnt`."""
    if table.empty:
        return TOO_FEW
    whole = table.iloc[-1]
    f1, always = round(whole["f1"], 2), round(whole["always_f1"], 2)
    held = f"{'above' if f1 > always else 'below' if f1 < always else 'no more than'} the {always:.2f}"
    worth = "something is learnt" if f1 > always else "no more is learnt than a guess gives"
    interval = "" if pd.isna(whole["low"]) else f" ({whole['low']:.2f} to {whole['high']:.2f}, by whole documents)"
    return (
        f"From {whole['texts']:,} paragraphs of {whole['documents']:,} documents {worth}: the mean F1 is "
        f"{f1:.2f}{interval}, {held} of giving each of these frames to every paragraph."
    )


def corrected(paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of frames in all paragraphs, from those that were read and a program’s coding of the others.

    Returns
    -------
    pandas.DataFrame
        ``label``, ``source`` and the columns of `measures.prevalence.corrected_shares`; empty if every paragraph was
        read, or too few for a program to learn from.
    """
    read = paragraphs["frames"].notna()
    if read.all() or not _teachable(paragraphs[read]):
        return pd.DataFrame(columns=["label", "source", *CORRECTED])
    parts = folds(paragraphs.loc[read, "document"])
    coded = cross_code(paragraphs["text"], paragraphs["frames"], groups=paragraphs["document"], folds=parts)
    of_text = paragraphs.iloc[coded["text"].to_numpy()].reset_index(drop=True)
    units = coded.rename(columns={"probability": "predicted"}).assign(
        document=of_text["document"], source=of_text["source"], sampled_probability=read.mean()
    )
    return corrected_shares(units, by=["label", "source"])


def correction(paragraphs: pd.DataFrame, table: pd.DataFrame) -> str:
    """Return in words what the shares of all paragraphs are known from; the table is that of `corrected`."""
    read = int(paragraphs["frames"].notna().sum())
    if not read:
        return "Nobody has read these paragraphs, so there is no share to correct."
    if read == len(paragraphs):
        return "Every paragraph was read, so the shares above are those of all paragraphs and need no correction."
    if table.empty:
        return "The shares above are those of the paragraphs that were read, and of no others."
    return (
        f"Of {len(paragraphs):,} paragraphs {read:,} were read. A program has coded all of them; the shares below are "
        "corrected by its errors in those that were read. They hold if these were drawn at random, as the command "
        "coding-sheet draws them."
    )
