"""What each measure of a finding counts in each document, in every way to count it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study, document_rows
from analysis.corpus.codings import judgements
from analysis.corpus.counting import document_counts
from analysis.corpus.index import find
from analysis.corpus.search import actor_hits, lexicon_hits, tone_places
from analysis.corpus.tokens import term


class Reading(NamedTuple):
    """A study as it is read: cleaned or not; with the words of each actor as one; and what readers found in it."""

    study: Study
    merged: Study
    codings: pd.DataFrame | None


class Counted(NamedTuple):
    """What a measure counts in each document, its size there, and, if it is held against others, their counts."""

    hits: np.ndarray
    sizes: np.ndarray
    others: csr_array | None = None


def _by_document(study: Study, doc_ids: pd.Series) -> np.ndarray:
    """How often each document is named."""
    return np.bincount(document_rows(study, doc_ids), minlength=len(study.documents))


def _units_with(study: Study, hits: pd.DataFrame, unit: str) -> Counted:
    """In how many units of each document something was found."""
    units = study.paragraphs if unit == "paragraph" else study.sentences
    return Counted(
        _by_document(study, hits[["doc_id", unit]].drop_duplicates()["doc_id"]), _by_document(study, units["doc_id"])
    )


def _cue_rate(reading: Reading, frame: str, chosen: dict[str, str]) -> Counted:
    own = reading.study.frames.query("frame == @frame")[["frame", "cues"]].explode("cues", ignore_index=True)
    return _units_with(reading.study, lexicon_hits(reading.study, own, label="frame", pattern="cues"), chosen["unit"])


def _coded_share(reading: Reading, code: str, chosen: dict[str, str]) -> Counted:
    judged = judgements(reading.study, reading.codings).query("code == @code")
    shares = judged.groupby(["document", "unit"])["given"].mean().groupby("document").agg(["sum", "size"])
    return Counted(*shares.reindex(reading.study.documents["doc_id"], fill_value=0).to_numpy(float).T)


def _tone(reading: Reading, category: str, chosen: dict[str, str]) -> Counted:
    hits = tone_places(reading.study).query("category == @category")
    return _units_with(reading.study, hits, chosen["unit"])


def _mentions(reading: Reading, aliases: str) -> pd.DataFrame:
    """Where actors are named; without aliases, by their own names only."""
    actors = reading.study.actors
    own = (actors["form"] == "trap") | (actors["alias"].str.casefold() == actors["actor"].str.casefold())
    return actor_hits(reading.study if aliases == "on" else replace(reading.study, actors=actors[own]))


def _actor(reading: Reading, actor: str, chosen: dict[str, str]) -> Counted:
    hits = _mentions(reading, chosen["aliases"]).query("actor == @actor")
    return _units_with(reading.study, hits, chosen["unit"])


def _actor_share(reading: Reading, actor: str, chosen: dict[str, str]) -> Counted:
    hits = _mentions(reading, chosen["aliases"])
    alike = hits[hits["kind"].isin(set(reading.study.actors.query("actor == @actor")["kind"]))]
    return Counted(*(_by_document(reading.study, own["doc_id"]) for own in (alike.query("actor == @actor"), alike)))


def _word(reading: Reading, pattern: str, chosen: dict[str, str]) -> Counted:
    study = reading.merged if chosen["aliases"] == "on" else reading.study
    index, size = study.index, len(study.documents)
    words = np.diff(index.document_bounds)
    if chosen["stop_list"] == "on":
        stopped = np.isin(index.terms, list(study.stop_words))
        words = words - np.bincount(index.documents[stopped[index.ids]], minlength=size)
    return Counted(1e4 * np.bincount(index.documents[find(index, pattern)], minlength=size), words)


def _most_frequent(reading: Reading, word: str, chosen: dict[str, str]) -> Counted:
    study = reading.merged if chosen["aliases"] == "on" else reading.study
    terms, counts = document_counts(study.index)
    own = terms == study.index.counts_as(term(word))
    others = counts[~own & ~np.isin(terms, list(study.stop_words))]
    return Counted(1e4 * counts[own].sum(axis=0), np.diff(study.index.document_bounds), others)


def _paragraph_length(reading: Reading, what: str, chosen: dict[str, str]) -> Counted:
    study = reading.study
    return Counted(np.diff(study.index.document_bounds), _by_document(study, study.paragraphs["doc_id"]))


COUNTS: dict[str, Callable[[Reading, str, dict[str, str]], Counted]] = {  # by measure
    "cue_rate": _cue_rate,
    "coded_share": _coded_share,
    "tone": _tone,
    "actor": _actor,
    "actor_share": _actor_share,
    "word": _word,
    "most_frequent": _most_frequent,
    "paragraph_length": _paragraph_length,
}
