"""Concordance: every place where something stands, with its context."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import pandas as pd
import regex as regular

from analysis.corpus import Study
from analysis.corpus.index import find, pattern_words
from analysis.corpus.search import locate
from analysis.corpus.tokens import term, tokenise
from analysis.errors import OptionError, Problem, unknown

SORTS = ("text", "left", "right")
PATIENCE = 1  # seconds for a regular expression on one sentence


def kwic(
    study: Study,
    pattern: str | Iterable[str],
    *,
    regex: bool = False,
    window: int = 8,
    sort: Literal["text", "left", "right"] = "text",
) -> pd.DataFrame:
    """Show a word or phrase in its context (key word in context).

    Parameters
    ----------
    study : Study
    pattern : str or iterable of str
        One or more words, compared as terms: any case, possessive off. ``*`` stands for any characters of a word and
        ``?`` for one. Several patterns are found together.
    regex : bool
        Whether the pattern is a regular expression instead, for the text of a sentence as it is spelled.
    window : int
        How many tokens to show on either side, at most to the ends of the paragraph.
    sort : {"text", "left", "right"}
        By the place in the text, or by the words to the left or right, beginning with the nearest.

    Returns
    -------
    pandas.DataFrame
        One row per occurrence: see `concordance`.

    Raises
    ------
    StudyError
        A pattern without a word, a regular expression that is none or takes too long, an unknown sort, or a window
        below 0.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> lines = kwic(study, "the")
    >>> all(study.texts[d][s:].startswith(m) for d, s, m in zip(lines["doc_id"], lines["start"], lines["match"]))
    True
    """
    patterns = [pattern] if isinstance(pattern, str) else list(pattern)
    if not patterns:
        raise OptionError(Problem("pattern", "none is given", "Give one or more words."))
    search = _matches if regex else _occurrences
    places = pd.concat([search(study, one) for one in patterns]).drop_duplicates()
    order = pd.Index(study.documents["doc_id"]).get_indexer(places["doc_id"])
    places = places.iloc[np.lexsort((places["end"], places["start"], order))]
    return concordance(study, places, window=window, sort=sort)


def concordance(
    study: Study, places: pd.DataFrame, *, window: int = 8, sort: Literal["text", "left", "right"] = "text"
) -> pd.DataFrame:
    """Show places of the text in their context: mentions of an actor, cues of a frame, or any other.

    Parameters
    ----------
    study : Study
    places : pandas.DataFrame
        ``doc_id``, ``start`` and ``end``, character offsets into the file, within sentences of the body.
    window, sort
        As in `kwic`.

    Returns
    -------
    pandas.DataFrame
        One row per place, in the order asked for: ``doc_id``; ``sentence``, its number in the document; ``start`` and
        ``end``; ``left``, ``match``, ``right``, verbatim but for line ends; ``source``; ``sentence_id``.

    Raises
    ------
    StudyError
        An unknown sort, or a window below 0.
    """
    if window < 0:
        raise OptionError(Problem("window", f"{window} is below 0", "Give a number of words."))
    if sort not in SORTS:
        raise unknown("sort", sort, SORTS)
    first, last, sentence = _tokens_at(study, places)
    left, right = _context(study, first, last, sentence, min(window, len(study.index.ids)))
    table = places[["doc_id", "start", "end"]].reset_index(drop=True)
    files = [study.texts[doc_id] for doc_id in table["doc_id"]]
    bounds = {"left": (left, table["start"]), "match": (table["start"], table["end"]), "right": (table["end"], right)}
    for name, (begins, ends) in bounds.items():
        spelled = [text[a:b].replace("\r", " ").replace("\n", " ") for text, a, b in zip(files, begins, ends)]
        table[name] = pd.array(spelled, dtype="str")
    table["source"] = table["doc_id"].map(study.documents.set_index("doc_id")["source"])
    for name in ("sentence", "sentence_id"):
        table[name] = study.sentences[name].to_numpy()[sentence]
    if sort != "text":
        keys = [[term(word) for word in tokenise(text)] for text in table[sort]]
        table = table.iloc[sorted(range(len(table)), key=lambda row: keys[row][:: -1 if sort == "left" else 1])]
    columns = ["doc_id", "sentence", "start", "end", "left", "match", "right", "source", "sentence_id"]
    return table[columns].reset_index(drop=True)


def _occurrences(study: Study, pattern: str) -> pd.DataFrame:
    """The places where the words of a pattern stand."""
    words = pattern_words(pattern)
    if not words:
        raise OptionError(Problem("pattern", f"“{pattern}” holds no word", "Give one or more words."))
    first = find(study.index, pattern)
    return locate(study, first, first + len(words) - 1)[["doc_id", "start", "end"]]


def _matches(study: Study, pattern: str) -> pd.DataFrame:
    """The places that a regular expression fits, sentence by sentence."""
    try:
        compiled = regular.compile(pattern)
        found = [
            (doc_id, start + match.start(), start + match.end())
            for doc_id, start, text in study.sentences[["doc_id", "start", "text"]].itertuples(index=False)
            for match in compiled.finditer(text, timeout=PATIENCE)
            if match.group()
        ]
    except regular.error as error:
        what = f"“{pattern}” is no regular expression ({error})"
        raise OptionError(Problem("pattern", what, "Correct it, or search for the words.")) from None
    except TimeoutError:
        what = f"“{pattern}” takes over {PATIENCE} s on a sentence"
        raise OptionError(Problem("pattern", what, "Write one in which no repetition stands within another.")) from None
    return pd.DataFrame(found, columns=["doc_id", "start", "end"])


def _tokens_at(study: Study, places: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The first and the last token at each place, and the row of its sentence; a place may hold no token."""
    index, reach = study.index, np.int64(1) << 32
    rows = pd.Index(study.documents["doc_id"])
    begins, ends = (rows.get_indexer(places["doc_id"]) * reach + places[c].to_numpy(np.int64) for c in ("start", "end"))
    sentences = rows.get_indexer(study.sentences["doc_id"]) * reach + study.sentences["start"].to_numpy(np.int64)
    documents = index.documents.astype(np.int64) * reach
    first = np.searchsorted(documents + index.ends, begins, side="right")
    last = np.searchsorted(documents + index.starts, ends) - 1
    return first, last, np.searchsorted(sentences, begins, side="right") - 1


def _context(
    study: Study, first: np.ndarray, last: np.ndarray, sentence: np.ndarray, window: int
) -> tuple[np.ndarray, np.ndarray]:
    """The offsets at which the contexts begin and end: `window` tokens away, or the paragraph's edge."""
    index = study.index
    keys = pd.MultiIndex.from_frame(study.paragraphs[["doc_id", "paragraph"]])
    numbers = keys.get_indexer(pd.MultiIndex.from_frame(study.sentences[["doc_id", "paragraph"]].iloc[sentence]))
    edges = study.paragraphs[["start", "end"]].to_numpy()[numbers]
    lowest, highest = np.searchsorted(index.paragraphs, numbers), np.searchsorted(index.paragraphs, numbers + 1) - 1
    inner_left, inner_right = first - window > lowest, last + window < highest
    left = np.where(inner_left, index.starts[np.maximum(first - window, 0)], edges[:, 0])
    right = np.where(inner_right, index.ends[np.minimum(last + window, len(index.ids) - 1)], edges[:, 1])
    return left, right
