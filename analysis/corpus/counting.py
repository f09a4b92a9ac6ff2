"""Tokens to counts: how often each term, or n-gram, stands in each group of documents. Every count comes from here."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial, reduce
from itertools import pairwise
from operator import add

import numpy as np
import pandas as pd
from scipy.sparse import csc_array, csr_array, eye_array

from analysis.corpus.compiling import compiled
from analysis.corpus.index import Index
from analysis.corpus.jobs import in_threads
from analysis.errors import unknown

LONGEST_NGRAM = 5
PART = 1 << 20  # tokens that are worth a thread of their own


def count_terms(index: Index, groups: csr_array, ngram: int = 1) -> tuple[np.ndarray, csr_array, csr_array]:
    """Count terms, or n-grams, by group of documents.

    Parameters
    ----------
    index : Index
    groups : scipy.sparse.csr_array of int, shape (documents, groups)
        1 where a document is in a group.
    ngram : int
        How many words a term has, 1 to 5, within one sentence.

    Returns
    -------
    terms : numpy.ndarray of str
        The terms that occur in a group, words joined by a space, sorted by their words.
    counts : scipy.sparse.csr_array of int, shape (terms, groups)
        How often each occurs.
    documents : scipy.sparse.csr_array of int, shape (terms, groups)
        In how many documents.

    Raises
    ------
    StudyError
        A length outside 1 to 5.
    """
    kinds, bounds, size, names = _kinds(index, ngram)

    def of_documents(part: tuple[int, int]) -> tuple[csr_array, csr_array]:
        first, last = part
        members = groups[first:last].tocsc()
        rows, firsts = _count(kinds, bounds[first : last + 1], members.indices, members.indptr, size)
        shape = size, groups.shape[1]
        return tuple(csc_array((rows[:, side], rows[:, 0], firsts), shape=shape).tocsr() for side in (1, 2))

    parts = min(os.cpu_count() or 1, len(kinds) // PART + 1)
    edges = np.searchsorted(bounds, len(kinds) * np.arange(1, parts) // parts)
    found = in_threads(of_documents, pairwise([0, *edges.tolist(), len(bounds) - 1]))
    counts, documents = (reduce(add, own) for own in zip(*found))
    occurring = np.flatnonzero(np.diff(counts.indptr))
    return names(occurring), counts[occurring], documents[occurring]


def document_counts(index: Index, ngram: int = 1) -> tuple[np.ndarray, csr_array]:
    """Count terms, or n-grams, by document: as `count_terms`, with each document a group of its own."""
    each = eye_array(len(index.document_bounds) - 1, dtype=np.int64, format="csr")
    return count_terms(index, each, ngram)[:2]


def ngram_positions(index: Index, n: int) -> np.ndarray:
    """Return the tokens at which an n-gram begins that stands within one sentence."""
    left = np.diff(index.sentence_bounds) - n + 1  # so many n-grams has each sentence
    some = left > 0
    first, left = index.sentence_bounds[:-1][some], left[some]
    shift = first - np.append(0, np.cumsum(left))[:-1]
    return np.arange(left.sum()) + np.repeat(shift, left)


def _kinds(index: Index, ngram: int) -> tuple[np.ndarray, np.ndarray, int, Callable]:
    """The kind of each n-gram, where those of each document begin, how many kinds there are, and what to call them."""
    if ngram not in range(1, LONGEST_NGRAM + 1):
        raise unknown("ngram", ngram, range(1, LONGEST_NGRAM + 1))
    if ngram == 1:
        return index.ids, index.document_bounds, len(index.terms), index.terms.take
    positions, kind, words = _ngram_kinds(index, ngram)
    bounds = np.searchsorted(positions, index.document_bounds)
    return kind, bounds, len(words), partial(_phrases, index.terms, words)


def _ngram_kinds(index: Index, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where n-grams begin, the kind of each, and the words of each kind, as ids; kinds are sorted by their words."""
    positions = ngram_positions(index, n)
    kind, kinds = index.ids[positions].astype(np.int64), []
    for offset in range(1, n):
        kind, kinds = pd.factorize(kind * len(index.terms) + index.ids[positions + offset])
    example = np.zeros(len(kinds), np.int64)
    example[kind] = positions
    words = index.ids[example[:, None] + np.arange(n)]
    order = np.lexsort(words.T[::-1])
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    return positions, rank[kind], words[order]


def _phrases(terms: np.ndarray, words: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """N-grams as text."""
    return np.array([" ".join(phrase) for phrase in terms[words[rows]]], dtype=object)


@compiled
def _count(kinds, bounds, documents, groups, size):
    """The kinds that stand in each group's documents, how often, and in how many: one row per group and kind.

    Returned are the rows, and for each group its first one; and at last the number of rows.
    """
    most = 0
    for group in range(len(groups) - 1):
        tokens = 0
        for document in documents[groups[group] : groups[group + 1]]:
            tokens += bounds[document + 1] - bounds[document]
        most += min(tokens, size)
    rows, row, firsts = np.empty((most, 3), np.int64), 0, np.zeros(len(groups), np.int64)
    count, spread, last = 0, 1, 2  # of each kind in the group at hand; the last is the document that had it last
    now = np.zeros((size, 3), np.int64)  # side by side, for it is memory that takes the time
    for group in range(len(groups) - 1):
        for document in documents[groups[group] : groups[group + 1]]:
            for kind in kinds[bounds[document] : bounds[document + 1]]:
                if now[kind, count] == 0:
                    rows[row, 0], now[kind, spread], now[kind, last] = kind, 0, -1
                    row += 1
                now[kind, count] += 1
                if now[kind, last] != document:
                    now[kind, spread] += 1
                    now[kind, last] = document
        for own in range(firsts[group], row):
            kind = rows[own, 0]
            rows[own, 1], rows[own, 2] = now[kind, count], now[kind, spread]
            now[kind, count] = 0
        firsts[group + 1] = row
    return rows[:row], firsts
