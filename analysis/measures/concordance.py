"""Concordance: every place where something stands, with its context."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import pandas as pd
import regex as regular

from analysis.corpus import Study, document_rows
from analysis.corpus.index import find, pattern_words
from analysis.corpus.search import row_at, sentence_ids
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

    Notes
    -----
    The context is that of the text and not of the terms: punctuation and case are as they stand.

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
    found = np.concatenate([search(study, one) for one in patterns])
    return _lines(study, *np.unique(found, axis=0).T, window=window, sort=sort)


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
        An unknown sort, a window below 0, or a place in a document that the study does not have.

    Notes
    -----
    Places may overlap. They are shown as they are given, one line each.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> from analysis.corpus.search import locate
    >>> study = load()
    >>> concordance(study, locate(study, [0], [0]), window=0)["left"].tolist()
    ['']
    """
    document = document_rows(study, places["doc_id"])
    if (document < 0).any():
        elsewhere = ", ".join(sorted(set(places["doc_id"][document < 0]))[:5])
        what = f"some are in documents that were not selected, such as {elsewhere}"
        raise OptionError(Problem("places", what, "Search in the study that you show."))
    return _lines(study, document, *(places[c].to_numpy(np.int64) for c in ("start", "end")), window=window, sort=sort)


def _lines(
    study: Study, document: np.ndarray, start: np.ndarray, end: np.ndarray, *, window: int, sort: str
) -> pd.DataFrame:
    """The table of `concordance`, from the rows of documents and the offsets into their files."""
    if not isinstance(window, (int, np.integer)) or window < 0:
        raise OptionError(Problem("window", f"{window} is not a number of words", "Give 0 or more."))
    if sort not in SORTS:
        raise unknown("sort", sort, SORTS)
    if sort != "text" and not window:
        raise OptionError(Problem("sort", "there are no words beside to sort by", "Give a window of 1 or more."))
    left, right = _context(study, document, start, end, window)
    doc_id, source = (study.documents[c].to_numpy()[document] for c in ("doc_id", "source"))
    table = pd.DataFrame({"doc_id": doc_id, "start": start, "end": end, "source": source})
    table["sentence"] = study.sentences["sentence"].to_numpy()[row_at(study, study.sentences, document, start)]
    spelled = {"left": [], "match": [], "right": []}
    for one, *places in zip(doc_id, left.tolist(), start.tolist(), end.tolist(), right.tolist()):
        text = study.texts[one]
        for side, a, b in zip(spelled.values(), places, places[1:]):
            side.append(text[a:b].replace("\r", " ").replace("\n", " "))
    table = table.assign(**{side: pd.array(texts, dtype="str") for side, texts in spelled.items()})
    table["sentence_id"] = sentence_ids(table)
    if sort != "text":
        keys = [[term(word) for word in tokenise(text)] for text in table[sort]]
        table = table.iloc[sorted(range(len(table)), key=lambda row: keys[row][:: -1 if sort == "left" else 1])]
    columns = ["doc_id", "sentence", "start", "end", "left", "match", "right", "source", "sentence_id"]
    return table[columns].reset_index(drop=True)


def _occurrences(study: Study, pattern: str) -> np.ndarray:
    """The places where the words of a pattern stand: row of the document, start, end."""
    words = pattern_words(pattern)
    if not words:
        raise OptionError(Problem("pattern", f"“{pattern}” holds no word", "Give one or more words."))
    index = study.index
    first = find(index, pattern)
    document = np.searchsorted(index.document_bounds, first, side="right") - 1
    return np.stack([document, index.starts[first], index.ends[first + len(words) - 1]], axis=1)


def _matches(study: Study, pattern: str) -> np.ndarray:
    """The places that a regular expression fits, sentence by sentence: row of the document, start, end."""
    rows = document_rows(study, study.sentences["doc_id"]).tolist()
    doc_ids, found = study.documents["doc_id"].to_numpy(), []
    try:
        compiled = regular.compile(pattern)
        for row, start, end in zip(rows, study.sentences["start"].tolist(), study.sentences["end"].tolist()):
            matches = compiled.finditer(study.texts[doc_ids[row]][start:end], timeout=PATIENCE)
            found += [(row, start + m.start(), start + m.end()) for m in matches if m.group()]
    except regular.error as error:
        what = f"“{pattern}” is no regular expression ({error})"
        raise OptionError(Problem("pattern", what, "Correct it, or search for the words.")) from None
    except (MemoryError, RecursionError):
        what = f"“{pattern}” takes more memory than there is"
        raise OptionError(Problem("pattern", what, "Write one that does not hold itself.")) from None
    except TimeoutError:
        what = f"“{pattern}” takes over {PATIENCE} s on a sentence"
        raise OptionError(Problem("pattern", what, "Write one in which no repetition stands within another.")) from None
    return np.array(found, np.int64).reshape(-1, 3)


def _context(
    study: Study, document: np.ndarray, start: np.ndarray, end: np.ndarray, window: int
) -> tuple[np.ndarray, np.ndarray]:
    """The offsets at which the contexts begin and end: `window` tokens away, or the paragraph's edge."""
    index, window = study.index, min(window, len(study.index.ids))
    paragraph = row_at(study, study.paragraphs, document, start)
    edges = study.paragraphs[["start", "end"]].to_numpy()[paragraph]
    if not len(index.ids):
        return edges[:, 0], edges[:, 1]
    lowest, highest = index.paragraph_bounds[paragraph], index.paragraph_bounds[paragraph + 1]
    first = _bisect(index.ends, lowest, highest, start + 1)  # the first token that ends after the beginning
    last = _bisect(index.starts, lowest, highest, end) - 1
    some, end_of_all = first - window > lowest, len(index.ids) - 1
    left = np.where(some, index.starts[np.clip(first - window, 0, end_of_all)], edges[:, 0])
    some = last + window < highest - 1
    return left, np.where(some, index.ends[np.clip(last + window, 0, end_of_all)], edges[:, 1])


def _bisect(values: np.ndarray, low: np.ndarray, high: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """For each stretch of values, which ascend from low to high, the first place with one not below the wanted."""
    low, high = low.copy(), high.copy()
    while (open_ := low < high).any():
        middle = (low + high) // 2
        below = open_ & (values[np.minimum(middle, len(values) - 1)] < wanted)
        low, high = np.where(below, middle + 1, low), np.where(open_ & ~below, middle, high)
    return low
