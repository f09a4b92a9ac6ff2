"""Diversity: how varied the words of a group are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.corpus import Study, group_numbers
from analysis.errors import OptionError, Problem
from analysis.measures.resampling import check_draws, sums_interval

STRETCH_TTR = 0.72  # the type-token ratio at which a stretch of MTLD ends
SAMPLE = 42  # tokens that HD-D draws


def lexical_diversity(
    study: Study,
    *,
    by: str = "source",
    window: int = 50,
    interval: bool = False,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """How varied the words of each group are.

    Parameters
    ----------
    study : Study
    by : str
        ``source``, ``year``, ``month``, ``document`` or another column of the documents table.
    window : int
        Tokens of the moving window, 1 or more.
    interval : bool
        Whether to say how sure ``mattr`` and ``mtld`` are.
    resamples, confidence, random_state
        For the interval, as in `terms.frequency`.

    Returns
    -------
    pandas.DataFrame
        One row per group, sorted by it.

        - ``group``
        - ``tokens``, ``types``: words of the group, and different ones among them
        - ``ttr``: type-token ratio, above 0 to 1. It falls as a text grows: only groups of one size compare by it
        - ``windows``: at how many places the moving window fits into a document
        - ``mattr``: mean type-token ratio of these windows, above 0 to 1; missing where there is none
        - ``mtld``: mean tokens of a stretch in which the type-token ratio falls to 0.72, 2 upwards; missing where no
          document has a word twice
        - ``hdd``: type-token ratio to be expected of 42 tokens drawn from the group, above 0 to 1; missing below 42
          tokens
        - ``mattr_low``, ``mattr_high``, ``mtld_low``, ``mtld_high``: with `interval`, the ranges in which the two lie
          when whole documents of the group are drawn again [1]_; missing for a group of fewer than 4 documents with a
          word

        A group without a word has none of the measures.

    Raises
    ------
    StudyError
        An unknown grouping, a window that is not a number of tokens, or a number of resamples or a confidence that
        makes no sense.

    Notes
    -----
    MATTR is the mean of the type-token ratios of all windows [2]_. For MTLD a stretch ends with the word at which its
    own type-token ratio reaches 0.72, or falls below it; the last one counts as far as it has come. It is the tokens
    over the stretches, the mean of reading forwards and backwards [3]_. HD-D is the sum of the chances of each type to
    be among 42 tokens, over 42 [4]_. In a group of several documents

    - a window stands within one document. The mean is over the windows of all documents, so that a document weighs as
      its windows do, and one that is shorter than the window not at all
    - a stretch stands within one document. MTLD is the tokens of all documents over the stretches of all documents, so
      that their order does not matter
    - HD-D draws from all documents together, whatever their order

    What would make it wrong: inflected forms are different types, so that languages with many endings have higher
    values; compare within one language. A passage that is quoted twice lowers the measures. Documents on many subjects
    have a higher HD-D together than each alone. Below some 100 tokens MTLD rests on unfinished stretches.

    The type-token ratio and HD-D have no interval: a document that is drawn twice brings no new types, so that each
    draw is poorer than the group. MATTR and MTLD are read within documents, and do not suffer from it.

    References
    ----------
    .. [1] Efron, B. & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.
    .. [2] Covington, M. A. & McFall, J. D. (2010). Cutting the Gordian knot: the moving-average type–token ratio
       (MATTR). Journal of Quantitative Linguistics, 17(2), 94–100.
    .. [3] McCarthy, P. M. & Jarvis, S. (2010). MTLD, vocd-D, and HD-D: a validation study of sophisticated approaches
       to lexical diversity assessment. Behavior Research Methods, 42(2), 381–392.
    .. [4] McCarthy, P. M. & Jarvis, S. (2007). vocd: a theoretical and empirical evaluation. Language Testing, 24(4),
       459–488.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = lexical_diversity(load(), by="document")
    >>> bool((table["types"] <= table["tokens"]).all())
    True
    """
    _check_window(window)
    index = study.index
    groups, group = group_numbers(study, by)
    bounds = index.document_bounds
    texts = [index.ids[first:end] for first, end in zip(bounds[:-1], bounds[1:])]
    rows = [(len(ids), *_windows(ids, window), _stretches(ids), _stretches(ids[::-1])) for ids in texts]
    of_documents = pd.DataFrame(rows, columns=["tokens", "windows", "types_seen", "forward", "backward"])
    table = of_documents.groupby(group).sum()
    pairs, counts = np.unique(group[index.documents] * np.int64(len(index.terms)) + index.ids, return_counts=True)
    in_group = pairs // max(len(index.terms), 1)
    tokens = table["tokens"].to_numpy()
    drawn = np.bincount(in_group, _chance_to_be_drawn(counts, tokens[in_group]), minlength=len(groups))
    table = table.assign(
        group=groups,
        types=np.bincount(in_group, minlength=len(groups)),
        ttr=lambda t: t["types"] / t["tokens"],
        mattr=_mattr(table, window),
        mtld=_mtld(table),
        hdd=np.where(tokens >= SAMPLE, drawn / SAMPLE, np.nan),
    )
    columns = ["group", "tokens", "types", "ttr", "windows", "mattr", "mtld", "hdd"]
    if interval:
        check_draws(resamples, confidence, random_state)
        drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
        for name, measure in {"mattr": partial(_mattr, window=window), "mtld": _mtld}.items():
            sides = [f"{name}_low", f"{name}_high"]
            columns += sides
            table[sides] = [sums_interval(own, measure, **drawn) for _, own in of_documents.groupby(group)]
    return table[columns].reset_index(drop=True)


def _mattr(sums: Mapping, window: int) -> ArrayLike:
    """MATTR from the types of all windows, and their number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return sums["types_seen"] / (window * sums["windows"])


def _mtld(sums: Mapping) -> ArrayLike:
    """MTLD from tokens and stretches, the mean of both directions; missing without a stretch."""
    with np.errstate(divide="ignore", invalid="ignore"):
        lengths = (sums["tokens"] / np.where(sums[way] > 0, sums[way], np.nan) for way in ("forward", "backward"))
        return sum(lengths) / 2


def mattr(words: Sequence[str], *, window: int = 50) -> float:
    """Return the moving-average type-token ratio of a text: the mean over all runs of `window` words.

    Parameters
    ----------
    words : sequence of str
        The words of one text, in reading order.
    window : int
        Words of the window, 1 or more.

    Returns
    -------
    float
        Above 0 to 1; missing (NaN) if the text is shorter than the window.

    Raises
    ------
    StudyError
        A window that is not a number of words.

    Notes
    -----
    Of the n − w + 1 windows of w words [1]_, a word is a new type in those that hold it and no earlier occurrence of
    it. With the word at place j and its last occurrence at i, both counted from 0, these begin at max(j − w + 1, i + 1)
    to min(j, n − w). Their number, summed over all words, is the types of all windows; no window need be looked at.

    References
    ----------
    .. [1] Covington, M. A. & McFall, J. D. (2010). Cutting the Gordian knot: the moving-average type–token ratio
       (MATTR). Journal of Quantitative Linguistics, 17(2), 94–100.

    Examples
    --------
    >>> round(mattr("a rose is a rose".split(), window=4), 4)
    0.75
    """
    _check_window(window)
    windows, types = _windows(_ids(words), window)
    return types / (window * windows) if windows else np.nan


def mtld(words: Sequence[str]) -> float:
    """Return the measure of textual lexical diversity: how many words it takes until repetition has set in.

    Parameters
    ----------
    words : sequence of str
        The words of one text, in reading order.

    Returns
    -------
    float
        2 upwards; missing (NaN) if no word stands twice.

    Notes
    -----
    The text is read word by word. When the type-token ratio of the stretch that is being read reaches 0.72, or falls
    below it, one stretch is counted and the next begins. An unfinished stretch with the ratio r counts as
    (1 − r) / (1 − 0.72). MTLD is the words over the stretches, and the mean of reading forwards and backwards [1]_.
    Some programs let a stretch end only below 0.72, or only after ten words; some give a text without any repetition
    its length.

    References
    ----------
    .. [1] McCarthy, P. M. & Jarvis, S. (2010). MTLD, vocd-D, and HD-D: a validation study of sophisticated approaches
       to lexical diversity assessment. Behavior Research Methods, 42(2), 381–392.

    Examples
    --------
    >>> mtld("of the people by the people".split())
    6.0
    """
    ids = _ids(words)
    both = _stretches(ids), _stretches(ids[::-1])
    return sum(len(ids) / stretches for stretches in both) / 2 if all(both) else np.nan


def hdd(words: Sequence[str]) -> float:
    """Return the type-token ratio to be expected of 42 words drawn from a text, without putting them back: HD-D.

    Parameters
    ----------
    words : sequence of str
        The words of one text, in any order.

    Returns
    -------
    float
        Above 0 to 1; missing (NaN) below 42 words.

    Notes
    -----
    A type that stands f times among N words is missing from the sample with the probability
    C(N − f, 42) / C(N, 42), that of the hypergeometric distribution. HD-D is the sum of 1 less that probability over
    all types, over 42 [1]_. Some programs give the sum itself, 42 times as large.

    References
    ----------
    .. [1] McCarthy, P. M. & Jarvis, S. (2007). vocd: a theoretical and empirical evaluation. Language Testing, 24(4),
       459–488.

    Examples
    --------
    >>> round(hdd(["a", "b"] * 21), 4)
    0.0476
    """
    _, counts = np.unique(_ids(words), return_counts=True)
    return float(_chance_to_be_drawn(counts, len(words)).sum()) / SAMPLE if len(words) >= SAMPLE else np.nan


def _check_window(window: int) -> None:
    if window < 1 or window != int(window):
        raise OptionError(Problem("window", f"{window} is not a number of words", "Give 1 or more."))


def _ids(words: Sequence[str]) -> np.ndarray:
    return np.unique(np.asarray(words, dtype=object), return_inverse=True)[1]


def _windows(ids: np.ndarray, window: int) -> tuple[int, int]:
    """How many windows a text has, and the sum of their types."""
    place = np.arange(len(ids))
    order = np.argsort(ids, kind="stable")
    again = np.flatnonzero(ids[order][1:] == ids[order][:-1])
    earlier = np.full(len(ids), -1)
    earlier[order[again + 1]] = order[again]
    first = np.maximum(np.maximum(place - window, earlier) + 1, 0)
    last = np.minimum(place, len(ids) - window)
    return max(len(ids) - window + 1, 0), int(np.maximum(last - first + 1, 0).sum())


def _stretches(ids: np.ndarray) -> float:
    """How many stretches of MTLD a text has, read forwards; the last one counts as far as it has come."""
    stretches, tokens, types = 0.0, 0, set()
    for word in ids.tolist():
        tokens += 1
        types.add(word)
        if len(types) / tokens <= STRETCH_TTR:
            stretches, tokens, types = stretches + 1, 0, set()
    return stretches + (1 - len(types) / tokens) / (1 - STRETCH_TTR) if tokens else stretches


def _chance_to_be_drawn(counts: np.ndarray, tokens: np.ndarray | int) -> np.ndarray:
    """The chance that a type with a count is among `SAMPLE` of the tokens of its text."""
    absent = np.ones(len(counts))
    for drawn in range(SAMPLE):
        absent *= np.maximum(tokens - counts - drawn, 0) / np.maximum(tokens - drawn, 1)
    return 1 - absent
