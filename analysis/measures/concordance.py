"""Concordance: every place where a word stands, with its context."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.corpus import Study
from analysis.corpus.index import find, pattern_words
from analysis.corpus.search import locate
from analysis.errors import OptionError, Problem


def kwic(study: Study, pattern: str, *, window: int = 8) -> pd.DataFrame:
    """Show a word or phrase in its context (key word in context).

    Parameters
    ----------
    study : Study
    pattern : str
        One or more words, compared as terms: any case, possessive off. ``*`` stands for any characters of a word and
        ``?`` for one.
    window : int
        How many tokens to show on either side, at most to the ends of the paragraph.

    Returns
    -------
    pandas.DataFrame
        One row per occurrence, in reading order: ``doc_id``; ``sentence``, its number in the document; ``start`` and
        ``end``, character offsets of the match in the file; ``left``, ``match``, ``right``, verbatim but for line
        ends; ``source``; ``sentence_id``.

    Raises
    ------
    StudyError
        A pattern without a word, or a window below 0.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> lines = kwic(study, "the")
    >>> all(study.texts[d][s:].startswith(m) for d, s, m in zip(lines["doc_id"], lines["start"], lines["match"]))
    True
    """
    words = pattern_words(pattern)
    if not words:
        raise OptionError(Problem("pattern", f"“{pattern}” holds no word", "Give one or more words."))
    if window < 0:
        raise OptionError(Problem("window", f"{window} is below 0", "Give a number of words."))
    window = min(window, len(study.index.ids))
    first = find(study.index, pattern)
    last = first + len(words) - 1
    table = locate(study, first, last).rename(columns={"text": "match"})
    left, right = _context(study, first, last, window)
    files = [study.texts[doc_id] for doc_id in table["doc_id"]]
    table["left"] = [_one_line(text[a:b]) for text, a, b in zip(files, left, table["start"])]
    table["right"] = [_one_line(text[a:b]) for text, a, b in zip(files, table["end"], right)]
    table["match"] = table["match"].map(_one_line)
    table["source"] = table["doc_id"].map(study.documents.set_index("doc_id")["source"])
    return table[["doc_id", "sentence", "start", "end", "left", "match", "right", "source", "sentence_id"]]


def _context(study: Study, first: np.ndarray, last: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    """The offsets at which the contexts of matches begin and end: `window` tokens away, or the paragraph's edge."""
    index = study.index
    numbers = index.paragraphs[first]
    edges = study.paragraphs[["start", "end"]].to_numpy()[numbers]
    lowest, highest = np.searchsorted(index.paragraphs, numbers), np.searchsorted(index.paragraphs, numbers + 1) - 1
    inner_left, inner_right = first - window > lowest, last + window < highest
    left = np.where(inner_left, index.starts[np.maximum(first - window, 0)], edges[:, 0])
    right = np.where(inner_right, index.ends[np.minimum(last + window, len(index.ids) - 1)], edges[:, 1])
    return left, right


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")
