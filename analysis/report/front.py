"""The front page: its one picture."""

from __future__ import annotations

import pandas as pd
from IPython.display import HTML

from analysis.corpus import Study, select
from analysis.corpus.codings import read_codings
from analysis.corpus.numbers import percent
from analysis.measures.frames import coded_shares, cue_rates
from analysis.measures.inference import Sides
from analysis.report.plots import show_pairs, show_rates
from analysis.report.prose import listing, some
from analysis.report.words import RARE, both_ends, leanings, usual_terms

SHOWN = 6  # frames, or words that are named
NAME = "front"


def picture(study: Study, sides: Sides) -> HTML:
    """Draw how the sources frame the subject, or, in a study without a codebook, which words lean to either side."""
    subject = select(study, role="ties")
    return _words(subject, sides) if study.frames.empty else _frames(subject, read_codings(study))


def _frames(subject: Study, codings: pd.DataFrame) -> HTML:
    """The cue rates of the frames that differ most between the sources."""
    rates = cue_rates(subject, by="source").rename(columns={"cue_rate": "share"})
    rates = rates[rates["share"].notna()]  # a source all of whose documents are copies has no paragraphs
    single = cue_rates(subject, by="document").rename(columns={"cue_rate": "share", "group": "doc_id"})
    titles = subject.frames.set_index("frame")["title"]
    single["group"] = single["doc_id"].map(subject.documents.set_index("doc_id")["source"])
    wide = rates.pivot(index="frame", columns="group", values="share")
    order = (wide.max(axis=1) - wide.min(axis=1)).sort_values(ascending=False, kind="stable").index[:SHOWN]
    coded = coded_shares(subject, codings).pivot(index="code", columns="group", values="share")
    titled = (table.assign(title=table["frame"].map(titles)) for table in (rates, single))
    shown = [table.set_index("frame").loc[order].reset_index() for table in titled]
    otherwise = otherwise_read(wide.loc[order].rename(titles), coded.rename(titles))
    said = [
        f"{titles[frame]}: {listing(f'{source} {percent(share)}' for source, share in wide.loc[frame].items())}."
        for frame in order
    ]
    return show_rates(
        *shown,
        row="title",
        axis="paragraphs with a cue",
        alt=f"For each frame a bar for each source and a mark for each document. {' '.join(said)}",
        caption="The part of its paragraphs in which each source (bars) and each document (marks) has a cue, a word "
        "that hints at a frame. Drawn are the frames in which the sources differ most. "
        f"Where the marks of a source lie far apart, its bar says little.{otherwise}",
        name=NAME,
    )


def otherwise_read(rates: pd.DataFrame, shares: pd.DataFrame) -> str:
    """Return in words for which frames another source leads by the readings than by cues; frames by sources both."""
    read, sources = rates.index.intersection(shares.index), rates.columns.intersection(shares.columns)
    both = (table.loc[read, sources] for table in (rates, shares))
    by_cues, by_readings = (table.ge(table.max(axis=1), axis=0) for table in both)
    frames = read[~(by_cues & by_readings).any(axis=1)].tolist()
    if not frames:
        return ""
    return f" By the readings of the same paragraphs another source leads in: {some(frames)}."


def _words(subject: Study, sides: Sides) -> HTML:
    """The words that lean most to either side."""
    shown = both_ends(usual_terms(subject, sides))
    return show_pairs(
        shown,
        label="term",
        values={"per_10k_target": sides.target, "per_10k_reference": sides.other},
        axis="occurrences per 10,000 words",
        alt=f"For each word two marks, its rate in {sides.target} and in {sides.other}. "
        f"{leanings(shown, sides, SHOWN)}",
        caption=f"The words that lean most to {sides.target} and to {sides.other}, of those that stand {RARE} times or "
        "more.",
        name=NAME,
    )
