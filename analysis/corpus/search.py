"""From a pattern or a lexicon to the places where it stands: document, paragraph, sentence, offsets, words."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.corpus import Study, document_rows
from analysis.corpus.index import find_each, pattern_words


def locate(study: Study, first: np.ndarray, last: np.ndarray) -> pd.DataFrame:
    """Return where runs of tokens stand.

    Parameters
    ----------
    study : Study
    first, last : array of int
        Positions of the first and last token of each run.

    Returns
    -------
    pandas.DataFrame
        ``doc_id``; ``paragraph`` and ``sentence``, numbers within the document; ``sentence_id``; ``start`` and
        ``end``, character offsets into the file; ``text``, verbatim.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> place = locate(study, [0], [0]).iloc[0]
    >>> study.texts[place["doc_id"]][place["start"] : place["end"]] == place["text"]
    True
    """
    index, first, last = study.index, np.asarray(first, np.int64), np.asarray(last, np.int64)
    sentence = np.searchsorted(index.sentence_bounds, first, side="right") - 1
    places = study.sentences[["doc_id", "paragraph", "sentence"]].iloc[sentence].reset_index(drop=True)
    places["doc_id"] = places["doc_id"].astype(str)
    places["sentence_id"] = sentence_ids(places)
    places = places.assign(start=index.starts[first], end=index.ends[last])
    text = [study.texts[d][a:b] for d, a, b in zip(places["doc_id"], places["start"], places["end"])]
    return places.assign(text=pd.array(text, dtype="str"))


def sentence_ids(sentences: pd.DataFrame) -> pd.Series:
    """Return the ids of sentences: that of the document, and the number in it."""
    return sentences["doc_id"].astype(str) + "-" + sentences["sentence"].astype(str)


def once_each(ids: Iterable[str]) -> str:
    """Return ids of sentences as a table lists them: each once, in their order, with a space between.

    Examples
    --------
    >>> once_each(["1-2", "1-4", "1-2"])
    '1-2 1-4'
    """
    return " ".join(dict.fromkeys(ids))


def row_at(study: Study, table: pd.DataFrame, document: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return the row of the paragraph or sentence in which each place begins.

    Parameters
    ----------
    study : Study
    table : pandas.DataFrame
        Its paragraphs, or its sentences.
    document, start : array of int
        The row of the document, and the offset into its file.
    """
    reach = np.int64(1) << 32
    begins = document_rows(study, table["doc_id"]) * reach + table["start"].to_numpy(np.int64)
    return np.searchsorted(begins, document * reach + start, side="right") - 1


def spans_at(study: Study, places: pd.DataFrame) -> pd.DataFrame:
    """Return the kind and the rule of the span in which each place stands.

    Parameters
    ----------
    study : Study
        The study as cleaned; the places may come from the same study loaded with ``clean=False``.
    places : pandas.DataFrame
        ``doc_id`` and ``start``, a character offset into the file.

    Returns
    -------
    pandas.DataFrame
        ``kind`` and ``rule``, one row per place, with the index of `places`.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> places = pd.DataFrame({"doc_id": study.documents["doc_id"], "start": 0})
    >>> len(spans_at(study, places)) == len(study.documents)
    True
    """
    spans = study.spans[["doc_id", "start", "kind", "rule"]].sort_values("start")
    ordered = places[["doc_id", "start"]].astype({"start": "int64"}).sort_values("start", kind="stable")
    found = pd.merge_asof(ordered, spans, on="start", by="doc_id").set_axis(ordered.index)
    return found.loc[places.index, ["kind", "rule"]]


def lexicon_hits(study: Study, lexicon: pd.DataFrame, *, label: str, pattern: str, parts: bool = False) -> pd.DataFrame:
    """Find every place where a lexicon's patterns stand.

    Where two patterns of one label overlap, the longer counts.

    Parameters
    ----------
    study : Study
    lexicon : pandas.DataFrame
        One row per pattern.
    label, pattern : str
        The columns with what a pattern stands for and the pattern itself.
    parts : bool
        Whether a word also fits as a part of a hyphen compound.

    Returns
    -------
    pandas.DataFrame
        In reading order, the columns of the lexicon's row and those of `locate`.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> words = pd.DataFrame({"kind": ["article", "article"], "word": ["the", "a"]})
    >>> hits = lexicon_hits(load(), words, label="kind", pattern="word")
    >>> set(hits["text"].str.lower()) <= {"the", "a"}
    True
    """
    row, first, last = lexicon_positions(study, lexicon, label=label, pattern=pattern, parts=parts)
    return pd.concat([lexicon.iloc[row].reset_index(drop=True), locate(study, first, last)], axis=1)


def lexicon_positions(
    study: Study, lexicon: pd.DataFrame, *, label: str, pattern: str, parts: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the same as tokens: the row of the lexicon, and the positions of the first and the last token."""
    lengths = np.array([len(pattern_words(p)) for p in lexicon[pattern]], int)
    labels = pd.factorize(lexicon[label])[0].tolist()
    longest_first = np.argsort(-lengths, kind="stable")
    taken: set[tuple[int, int]] = set()
    kept = []
    each = find_each(study.index, lexicon[pattern].iloc[longest_first], parts=parts)
    for row, hits in zip(longest_first.tolist(), each):
        name, length = labels[row], int(lengths[row])
        for first in hits.tolist():
            run = [(name, place) for place in range(first, first + length)]
            if taken.isdisjoint(run):
                taken.update(run)
                kept.append((first, row, first + length - 1))
    first, row, last = np.array(sorted(kept), np.int64).reshape(-1, 3).T
    return row, first, last


def actor_positions(study: Study) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return where actors are named, as `lexicon_positions`: also within compounds, and not within their traps."""
    row, first, last = lexicon_positions(study, study.actors, label="actor", pattern="alias", parts=True)
    named = study.actors["form"].to_numpy()[row] != "trap"
    return row[named], first[named], last[named]


def actor_hits(study: Study) -> pd.DataFrame:
    """Find every place where an actor is named: the columns of the lexicon's row and those of `locate`."""
    row, first, last = actor_positions(study)
    return pd.concat([study.actors.iloc[row].reset_index(drop=True), locate(study, first, last)], axis=1)


def tone_places(study: Study) -> pd.DataFrame:
    """Find every word of tone: its ``category`` and ``pattern``, and the columns of `locate`.

    A place counts for one category, and not within a trap; a pattern of small letters only where it is written so.
    """
    traps_first = study.tone.sort_values("form", key=lambda form: form != "trap", kind="stable")
    hits = lexicon_hits(study, traps_first.assign(place=""), label="place", pattern="pattern")
    capital = (hits["form"] == "small") & (hits["text"] != hits["text"].str.lower())
    hits = hits[(hits["form"] != "trap") & ~capital].reset_index(drop=True)
    return hits.drop(columns=["definition", "form", "place"])
