"""Pairs of words: those that follow each other, and those that share sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array, triu

from analysis.corpus import Study
from analysis.corpus.index import Index
from analysis.errors import OptionError, Problem, unknown
from analysis.measures.association import (
    SYMMETRIC,
    association_measures,
    attracted_first,
    check_minimum,
    delta_p,
    log_odds,
    redrawn_interval,
    spread,
)
from analysis.measures.inference import TEST_MINIMUM
from analysis.measures.resampling import check_draws

LARGEST_SKIP = 4


def ngram_associations(
    study: Study,
    *,
    skip: int = 0,
    minimum: int = 3,
    interval: bool = False,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Which words follow each other within a sentence more often than their frequencies explain.

    Parameters
    ----------
    study : Study
    skip : int
        How many words may stand between the two, 0 to 4.
    minimum : int
        Leave out pairs that occur less often.
    interval : bool
        Whether to say how sure each ``delta_p_forward`` is.
    resamples, confidence, random_state
        For the interval, as in `terms.frequency`.

    Returns
    -------
    pandas.DataFrame
        One row per pair: those that occur more often than expected, by falling ``g2``; then those that occur less
        often, by rising ``g2``.

        - ``first``, ``second``: the words, in the order of the text
        - ``count``: how often the pair occurs, 1 or more. Each two places at most `skip` words apart count once
        - ``expected``: the count if the second word did not depend on the first; above 0
        - ``count_first``, ``count_second``: in how many pairs the one word stands first, and the other second
        - ``documents``: in how many documents the pair occurs
        - ``g2``, ``pmi``, ``npmi``, ``t``, ``log_dice``, ``log_odds``, ``z``: see `association_measures`
        - ``delta_p_forward``: share of the second word after the first less its share after other words, −1 to 1
        - ``delta_p_backward``: share of the first word before the second less its share before other words, −1 to 1
        - ``pairs``: all pairs of the study
        - ``low``, ``high``: with `interval`, the range in which ``delta_p_forward`` lies when whole documents are drawn
          again; missing where the first word stands in fewer than 4 documents. Draws without it do not count

        No p-value is given: words of one article are not independent of each other.

    Raises
    ------
    StudyError
        A skip outside 0 to 4, or a minimum below 1.

    Notes
    -----
    The observations are pairs of places [1]_, so `count_first` leaves out a word that ends a sentence. With `skip`
    above 0 a place is in several pairs, which are not independent of each other even in a random text.

    References
    ----------
    .. [1] Pedersen, T. (1996). Fishing for exactness. Proceedings of the South-Central SAS Users Group Conference,
       188–200.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = ngram_associations(load(), minimum=1)
    >>> int(table["count"].sum()) == int(table["pairs"].iloc[0])
    True
    """
    check_minimum(minimum)
    if skip not in range(LARGEST_SKIP + 1):
        raise unknown("skip", skip, range(LARGEST_SKIP + 1))
    index, size = study.index, len(study.index.terms)
    left, right = _pairs_of_places(index, skip + 1)
    pair, kinds = pd.factorize(index.ids[left] * np.int64(size) + index.ids[right])
    count = np.bincount(pair, minlength=len(kinds))
    kept, often = np.flatnonzero(count >= minimum), count[pair] >= minimum
    documents = spread(pair[often], index.documents[left[often]], len(kinds), len(study.documents))
    first, second = np.divmod(kinds[kept], max(size, 1))
    count_first = np.bincount(index.ids[left], minlength=size)[first]
    count_second = np.bincount(index.ids[right], minlength=size)[second]
    table = association_measures(count[kept], count_first, count_second, len(left)).assign(
        first=index.terms[first],
        second=index.terms[second],
        count=count[kept],
        count_first=count_first,
        count_second=count_second,
        documents=documents[kept],
        pairs=len(left),
    )
    order = ["first", "second", "count", "expected", "count_first", "count_second", "documents", "g2", "pmi", "npmi"]
    order += ["t", "log_dice", "delta_p_forward", "delta_p_backward", "log_odds", "z", "pairs"]
    if interval:
        rows = np.full(len(kinds), -1)
        rows[kept] = np.arange(len(kept))
        documents = index.documents[left]
        joint = _by_document(study, rows[pair[often]], documents[often], len(kept))
        firsts, seconds = (_by_document(study, index.ids[places], documents, size) for places in (left, right))
        drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
        table["low"], table["high"] = _interval(
            delta_p,
            lambda rows: (joint[rows], firsts[first[rows]], seconds[second[rows]]),
            np.bincount(documents, minlength=len(study.documents)),
            np.diff(firsts.indptr)[first] >= TEST_MINIMUM,
            **drawn,
        )
        order += ["low", "high"]
    return attracted_first(table, ["first", "second"])[order]


def collocation_network(
    study: Study,
    *,
    minimum: int = 3,
    measure: Literal["g2", "pmi", "npmi", "t", "log_dice", "log_odds", "z"] = "log_dice",
    edges: int = 50,
    interval: bool = False,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Which content words keep each other's company in sentences: the strongest pairs, as the edges of a network.

    Parameters
    ----------
    study : Study
    minimum : int
        Leave out pairs that share fewer sentences.
    measure : str
        Which association measure is the weight. Those with a direction are not offered.
    edges : int
        How many pairs to keep.
    interval : bool
        Whether to say how strong and how sure each edge is, by its ``log_odds``.
    resamples, confidence, random_state
        For the interval, as in `terms.frequency`.

    Returns
    -------
    pandas.DataFrame
        One row per pair that shares more sentences than expected, by falling ``weight``, then ``count``.

        - ``term``, ``other``: the words, in alphabetical order. Stop words and numbers are left out
        - ``count``: in how many sentences both stand; 1 or more
        - ``weight``: the measure, see `association_measures`
        - ``count_term``, ``count_other``: in how many sentences each stands
        - ``documents``: in how many documents they share a sentence
        - ``sentences``: all sentences with a word
        - ``log_odds``, ``low``, ``high``: with `interval`, the measure of that name, and the range in which it lies
          when whole documents are drawn again; the latter missing where either word stands in fewer than 4

    Raises
    ------
    StudyError
        An unknown measure, or a minimum or a number of edges below 1.

    Notes
    -----
    The observations are sentences: a word that stands twice in a sentence is counted once [1]_. Long sentences make
    more pairs than short ones. Which pairs are shown depends on `minimum` and on the measure: ``pmi`` prefers rare
    words, ``g2`` and ``t`` frequent ones.

    References
    ----------
    .. [1] Evert, S. (2008). Corpora and collocations. In A. Lüdeling & M. Kytö (Eds.), Corpus Linguistics: An
       International Handbook, vol. 2, 1212–1248. Mouton de Gruyter.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> table = collocation_network(study, edges=10)
    >>> len(table) <= 10 and not study.stop_words & {*table["term"], *table["other"]}
    True
    """
    check_minimum(minimum)
    if measure not in SYMMETRIC:
        raise unknown("measure", measure, SYMMETRIC)
    if edges < 1:
        raise OptionError(Problem("edges", f"{edges} is below 1", "Give how many pairs to keep."))
    terms, within, word = _words_of_sentences(study, minimum)
    sentences = int(_begins(study.index).sum())
    stands = coo_array((np.ones(len(word), np.int32), (within, word)), shape=(sentences, len(terms))).tocsc()
    together = triu(stands.T @ stands, k=1).tocoo()
    frequent = together.data >= minimum
    term, other, count = together.row[frequent], together.col[frequent], together.data[frequent]
    in_sentences = np.diff(stands.indptr)
    measures = association_measures(count, in_sentences[term], in_sentences[other], sentences)
    table = measures.assign(row=term, column=other, count=count, weight=measures[measure])
    table = table[table["count"] > table["expected"]]
    table = table.sort_values(["weight", "count", "row", "column"], ascending=[False, False, True, True])
    table = table.head(edges).reset_index(drop=True)
    term, other = table["row"].to_numpy(), table["column"].to_numpy()
    sentence, edge = stands[:, term].multiply(stands[:, other]).tocoo().coords
    documents = study.index.documents[_begins(study.index)]
    order = ["term", "other", "count", "weight", "count_term", "count_other", "documents", "sentences"]
    if interval:
        drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
        single = _by_document(study, word, documents[within], len(terms))
        joint = _by_document(study, edge, documents[sentence], len(table))
        in_documents = np.diff(single.indptr)
        table["low"], table["high"] = _interval(
            log_odds,
            lambda rows: (joint[rows], single[term[rows]], single[other[rows]]),
            np.bincount(documents, minlength=len(study.documents)),
            np.minimum(in_documents[term], in_documents[other]) >= TEST_MINIMUM,
            **drawn,
        )
        order += ["log_odds", "low", "high"]
    table = table.assign(
        term=terms[term],
        other=terms[other],
        count_term=in_sentences[term],
        count_other=in_sentences[other],
        documents=spread(edge, documents[sentence], len(table), len(study.documents)),
        sentences=sentences,
    )
    return table[order]


def _interval(
    measure: Callable[..., np.ndarray],
    cells: Callable[[np.ndarray], tuple[csr_array, ...]],
    total: np.ndarray,
    enough: np.ndarray,
    **drawn: float,
) -> tuple[np.ndarray, np.ndarray]:
    """The interval of a measure for the pairs whose words stand in documents enough; missing for the others."""
    check_draws(**drawn)
    low, high = np.full((2, len(enough)), np.nan)
    rows = np.flatnonzero(enough)
    low[rows], high[rows] = redrawn_interval(measure, lambda part: cells(rows[part]), total, rows=len(rows), **drawn)
    return low, high


def _by_document(study: Study, kinds: np.ndarray, documents: np.ndarray, size: int) -> csr_array:
    """How often each of `size` kinds occurs in each document, shape (kinds, documents)."""
    shape = (size, len(study.documents))
    return coo_array((np.ones(len(kinds), np.float32), (kinds, documents)), shape=shape).tocsr()


def _pairs_of_places(index: Index, distance: int) -> tuple[np.ndarray, np.ndarray]:
    """The first and the second places of all pairs within a sentence that are at most `distance` tokens apart."""
    apart = range(1, distance + 1)
    left = [np.flatnonzero(index.sentences[:-d] == index.sentences[d:]) for d in apart]
    return np.concatenate(left), np.concatenate([places + d for d, places in zip(apart, left)])


def _begins(index: Index) -> np.ndarray:
    """True for each token that is the first of its sentence."""
    return np.diff(index.sentences, prepend=-1) != 0


def _words_of_sentences(study: Study, minimum: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The content words of at least `minimum` sentences; and which sentence holds which of them, as pairs of rows."""
    index, size = study.index, len(study.index.terms)
    is_content = np.array([t not in study.stop_words and any(map(str.isalpha, t)) for t in index.terms], bool)
    tokens = is_content[index.ids]
    kinds = pd.unique((np.cumsum(_begins(index))[tokens] - 1) * np.int64(size) + index.ids[tokens])
    sentence, ids = np.divmod(kinds, max(size, 1))
    often = np.bincount(ids, minlength=size)[ids] >= minimum
    words, word = np.unique(ids[often], return_inverse=True)
    return index.terms[words], sentence[often], word
