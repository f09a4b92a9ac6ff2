"""The chapter Frames: its tables, and what they show in words."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.corpus import Study
from analysis.corpus.codings import codebook, judgements
from analysis.corpus.numbers import count, decimal
from analysis.corpus.published import COLUMNS as PUBLISHED
from analysis.corpus.published import read_published
from analysis.corpus.search import once_each
from analysis.measures.frames import coded_shares, cue_hits, cue_rates, cue_validity
from analysis.measures.reliability import CERTIFIED, agreement
from analysis.report.groups import ROWS, gate, reach, significant
from analysis.report.prose import OF_FILES, Finding, listing, some
from analysis.report.statements import statements

USUAL = 3  # paragraphs with a cue, before a frame is said to rest on one
RATES = ("frame", "group", "cue_rate", "paragraphs_with_cue", "paragraphs", "cues", "documents_with_cue", "documents")
CUES = ("frame", "cue", "count", "paragraphs", "alone", "of_frame", "documents", "sentences")
VALID = ("frame", "coded", "with_cue", "both", "precision", "recall", "f1", "paragraphs")
ALPHAS = ("code", "alpha", "low", "high", "agreement", "prevalence", "units", "documents", "coders")
NO_CODEBOOK = (
    "This study has no codebook, so no cue is counted and nothing is coded: write one into frames.yml, with a "
    "definition and the cues of each frame."
)
NO_CODINGS = (
    "Nobody has coded the paragraphs of this study, so there are cue rates and no shares. To begin, draw a sheet of "
    "paragraphs with the command coding-sheet, and mark in it what you read. What is found goes into codings.csv."
)


def frames_findings(study: Study, subject: Study) -> dict[str, Finding | str]:
    """Return what the chapter finds: the study’s findings on frames, what cues they rest on, what a test can carry."""
    verdict = gate(subject)
    if study.frames.empty:
        nothing = Finding(NO_CODEBOOK, sure=OF_FILES)
        return {"frames_none": nothing} | statements(study, "frames") | {"frames_verdict": verdict}
    single = Finding(single_cues(cue_weights(subject)), sure=verdict)
    return statements(study, "frames") | {"frames_single": single, "frames_verdict": verdict}


# ---- cues


def rates(subject: Study, *, by: str = "source") -> pd.DataFrame:
    """Return the cue rates; empty without a codebook. See `measures.frames.cue_rates`."""
    return _empty(*RATES, "sentences") if subject.frames.empty else cue_rates(subject, by=by)


def cue_weights(subject: Study) -> pd.DataFrame:
    """Return how much of each frame’s paragraphs rests on each of its cues.

    Returns
    -------
    pandas.DataFrame
        One row per frame and cue that is found: ``frame``, ``cue``; ``count``, places; ``paragraphs`` in which it
        stands; ``alone``, those of them without another cue of the frame; ``of_frame``, paragraphs with any cue of the
        frame; ``documents``; ``sentences``. Those first that stand alone most often.
    """
    hits = _empty() if subject.frames.empty else cue_hits(subject)
    if hits.empty:
        return _empty(*CUES)
    hits["unit"] = hits["doc_id"].astype(str) + "/" + hits["paragraph"].astype(str)
    hits["only"] = hits.groupby(["frame", "unit"])["cue"].transform("nunique") == 1
    table = hits.groupby(["frame", "cue"], as_index=False, sort=False).agg(
        count=("start", "size"),
        paragraphs=("unit", "nunique"),
        documents=("doc_id", "nunique"),
        sentences=("sentence_id", once_each),
    )
    alone = hits[hits["only"]].groupby(["frame", "cue"])["unit"].nunique().rename("alone")
    table = table.join(alone, on=["frame", "cue"]).fillna({"alone": 0}).astype({"alone": int})
    table["of_frame"] = table["frame"].map(hits.groupby("frame")["unit"].nunique())
    order = pd.Index(subject.frames["frame"]).get_indexer(table["frame"])
    table = table.assign(order=order).sort_values(
        ["alone", "paragraphs", "order", "cue"], ascending=[False, False, True, True], ignore_index=True
    )
    return table[list(CUES)]


def single_cues(weights: pd.DataFrame) -> str:
    """Return in words which frames rest on one cue in half or more of their paragraphs; from `cue_weights`."""
    first = weights.drop_duplicates("frame")
    usual = first[first["of_frame"] >= USUAL]
    if usual.empty:
        return f"No frame has cues in {USUAL} paragraphs or more."
    resting = usual[usual["alone"] * 2 >= usual["of_frame"]]
    if resting.empty:
        return (
            f"No frame with cues in {USUAL} paragraphs or more has one on which half of these rest: without it, most "
            "would still have another."
        )
    parts = [
        f"{row.frame} on “{row.cue}”, in {row.alone:,} of {row.of_frame:,} paragraphs the only cue of the frame"
        for row in resting.itertuples()
    ]
    rest, their = ("One frame rests", "its") if len(parts) == 1 else ("Some frames rest", "their")
    return f"{rest} on one cue in half of {their} paragraphs or more: {some(parts, between='; ')}."


def paragraph_lengths(subject: Study) -> pd.DataFrame:
    """Return for each ``source`` its ``tokens``, its ``paragraphs`` and ``words_per_paragraph``."""
    table = subject.documents.groupby("source")[["tokens", "paragraphs"]].sum().reset_index()
    return table.assign(words_per_paragraph=table["tokens"] / table["paragraphs"].where(table["paragraphs"] > 0))


# ---- readings


def readings(study: Study, codings: pd.DataFrame) -> str:
    """Return in words who has read what, or that nobody has read anything and how to begin."""
    if codings.empty:
        return NO_CODEBOOK if study.frames.empty else NO_CODINGS
    coders = codings["coder"].unique().tolist()
    read = codings.drop_duplicates(["coder", "doc_id", "paragraph"]).groupby(["doc_id", "paragraph"]).size()
    total = len(study.paragraphs)
    covered = f"all {total:,} paragraphs" if len(read) == total else f"{len(read):,} of {count(total, 'paragraph')}"
    whose = f"{count(len(coders), 'reading')} ({some(coders)}) {'covers' if len(coders) == 1 else 'cover'} {covered}"
    twice = int((read > 1).sum())
    if not twice:
        return f"{whose}. No paragraph was read twice, so nothing can be said about agreement."
    which = "each was" if twice == len(read) else f"{twice:,} of them {'was' if twice == 1 else 'were'}"
    return f"{whose}; {which} read {'twice' if read.max() == 2 else 'more than once'}."


def cells(subject: Study, codings: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of frames by source and year, as the cells of a grid: those above 0.

    Returns
    -------
    pandas.DataFrame
        The columns of `measures.frames.coded_shares`, the group being source and year, and ``cell``, which names both.
        Of the groups those with the most paragraphs that were read, at most 12; of the frames those with the most.
        ``code`` is categorical, in the order of the codebook.
    """
    documents = subject.documents
    by_year = replace(
        subject, documents=documents.assign(when=documents["source"] + " " + documents["year"].astype(str))
    )
    table = coded_shares(by_year, codings, by="when")
    table = table[table["code"].isin(set(subject.frames["frame"])) & (table["coded"] > 0)]
    for column, size, most in (("group", "paragraphs", "max"), ("code", "coded", "sum")):
        largest = table.groupby(column)[size].agg(most).sort_values(ascending=False, kind="stable").index[:ROWS]
        table = table[table[column].isin(set(largest))]
    known = subject.frames.loc[subject.frames["frame"].isin(set(table["code"])), "frame"].astype(str)
    table = table.assign(cell=table["code"] + ", " + table["group"], code=pd.Categorical(table["code"], known))
    return table.sort_values(["group", "code"], kind="stable", ignore_index=True)


def grid_note(subject: Study, codings: pd.DataFrame) -> str:
    """Return in words that a grid has no room for all groups, if it has not; see `cells`."""
    read = subject.documents[subject.documents["doc_id"].isin(set(codings["doc_id"]))]
    groups = len(read[["source", "year"]].drop_duplicates())
    return f" Of {groups} pairs of source and year the {ROWS} with the most paragraphs are shown." * (groups > ROWS)


def darkest(table: pd.DataFrame) -> str:
    """Return in words which cell of the grid is the largest; from `cells`."""
    if table.empty:
        return "It has no cell."
    cell = table.loc[table["share"].idxmax()]
    return f"The largest share is that of {cell['cell']}: {decimal(cell['share'], 2)}."


def axes(study: Study) -> str:
    """Return in words which codes are functions; nothing if the codebook has none."""
    functions = study.functions["function"].tolist()
    return (
        f"{listing(functions)} {'is a function, not a frame' if len(functions) == 1 else 'are functions, not frames'}."
        * bool(functions)
    )


def reaches(subject: Study, cue_test: pd.DataFrame, code_test: pd.DataFrame) -> dict[str, str]:
    """Return in words what the tests of cues and of readings show, as far as there are any; from `groups.side_test`."""
    tests = {
        "cue": (cue_test, "frame", "frames", "By their cues, "),
        "code": (code_test, "code", "codes", "By readings, "),
    }
    if len(cue_test) and cue_test["p"].isna().all() and code_test["p"].isna().all():
        lead = "By cues as by readings, " if len(code_test) else ""
        return {"frames_cue_reach": reach(subject, cue_test, "frame", "frames", lead)}
    said = {f"frames_{name}_reach": reach(subject, *test) for name, test in tests.items()}
    return said if len(code_test) else {"frames_cue_reach": said["frames_cue_reach"]}


def both_tests(cue_test: pd.DataFrame, code_test: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of both tests that have a p-value, with what was ``counted``, cues or readings."""
    cues = significant(cue_test).rename(columns={"frame": "code"}).assign(counted="cues")
    readings = significant(code_test).assign(counted="readings")
    return pd.concat([own for own in (cues, readings) if len(own)] or [cues], ignore_index=True)


def validity(study: Study, codings: pd.DataFrame, *, by: str = "") -> pd.DataFrame:
    """Return how well cues find what readers found; empty without codings. See `measures.frames.cue_validity`."""
    return cue_validity(study, codings, by=by) if len(codings) else _empty(*VALID, "group")


def alphas(study: Study, codings: pd.DataFrame) -> pd.DataFrame:
    """Return the agreement of the readings; empty if no paragraph was read twice. See `measures.reliability`."""
    read = codings.drop_duplicates(["coder", "doc_id", "paragraph"])
    if not read.duplicated(["doc_id", "paragraph"]).any():
        return _empty(*ALPHAS, "needed_667", "needed_800")
    return agreement(judgements(study, codings))


def agreements(table: pd.DataFrame) -> dict[str, str]:
    """Return in words how far the readings agree; from `alphas`."""
    if table.empty:
        return {"frames_agreement": "No paragraph has two readings, so nothing is known about agreement."}
    return {"frames_weak": weak_codes(table), "frames_units": enough_units(table)}


def weak_codes(table: pd.DataFrame) -> str:
    """Return in words for which codes the readings agree too little for firm conclusions; from `alphas`."""
    known = table[table["alpha"].notna()]
    weak = known[known["alpha"] < CERTIFIED[1]].sort_values("alpha", kind="stable")["code"].tolist()
    if known.empty:
        return "Alpha cannot be told for any code, for all judgements of each are the same."
    if not weak:
        said = f"Alpha is {CERTIFIED[1]:g} or more for each of {count(len(known), 'code')}."
    else:
        weakest = weak[: int((known["alpha"] < CERTIFIED[0]).sum())]
        under = f"; it is below {CERTIFIED[0]:g} for {some(weakest)}" if weakest else ""
        said = f"Alpha is below {CERTIFIED[1]:g} for {some(weak)}{under}."
    lacking = len(table) - len(known)
    same = f" It cannot be told for {count(lacking, 'code')}, of which all judgements are the same."
    return said + (same if lacking else "")


def enough_units(table: pd.DataFrame) -> str:
    """Return in words for how many codes enough paragraphs were read twice; from `alphas`."""
    units, enough = int(table["units"].max()), int((table["units"] >= table["needed_667"]).sum())
    codes = f"{enough or 'none'} of {count(len(table), 'code')}"
    read = f"{count(units, 'paragraph')} {'was' if units == 1 else 'were'} read more than once."
    return f"{read} For {codes} that is as many as one would plan for to show an alpha of {CERTIFIED[0]:g}."


# ---- others, and the codebook


def published_beside(study: Study, agreed: pd.DataFrame, taught: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of other studies, if the study has any, with its own at the end.

    Parameters
    ----------
    study : Study
    agreed, taught : pandas.DataFrame
        From `alphas` and `learnt`.
    """
    table = read_published(study)
    if table.empty:
        return _empty(*PUBLISHED)
    texts = f"paragraphs of {count(len(study.documents), 'document')}, {count(len(study.frames), 'frame')}"
    alpha = agreed.loc[agreed["code"].isin(set(study.frames["frame"])), "alpha"]
    readers = count(int(agreed["coders"].max()), "reading") if len(agreed) else ""
    own = [("this study", readers, texts, "alpha", alpha.min(), alpha.max())] if alpha.notna().any() else []
    f1 = taught["f1"].iloc[:-1]
    if len(f1):
        own.append(
            ("this study", "a program that learns", f"the same; {count(len(f1), 'frame')}", "F1", f1.min(), f1.max())
        )
    return pd.concat([table, pd.DataFrame(own, columns=list(PUBLISHED))], ignore_index=True) if own else table


def codes(study: Study) -> pd.DataFrame:
    """Return the codebook with the cues of each frame; empty without one. See `corpus.codings.codebook`."""
    if study.frames.empty:
        return _empty("code", "axis", "definition", "example", "policy_frame", "generic_frame", "cues")
    table = codebook(study)
    cues = study.frames.set_index("frame")["cues"].map(", ".join)
    return table.assign(cues=table["code"].map(cues).fillna(""))


def crosswalk(table: pd.DataFrame) -> pd.DataFrame:
    """Return the frames for which the codebook names a neighbour in another codebook; from `codes`."""
    named = (table["policy_frame"] != "") | (table["generic_frame"] != "")
    return table[(table["axis"] == "frame") & named].reset_index(drop=True)


def _empty(*columns: str) -> pd.DataFrame:
    """A table without a row."""
    return pd.DataFrame(columns=list(columns))
