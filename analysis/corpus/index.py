"""Sentences to tokens: every word once, as arrays. Everything that counts or searches words works on these.

What a token and a term are is said in `analysis.corpus.tokens`.
"""

from __future__ import annotations

import fnmatch
import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_array, hstack

from analysis.corpus.encoding import repair
from analysis.corpus.jobs import in_threads
from analysis.corpus.scanning import as_bytes, scan_tokens
from analysis.corpus.tokens import PATTERN_TOKEN, term
from analysis.errors import unknown

LONGEST_NGRAM = 5
BLOCK = 1 << 22  # tokens counted at a time


@dataclass(frozen=True)
class Index:
    """The tokens of a corpus, as parallel arrays in reading order.

    Attributes
    ----------
    terms : numpy.ndarray of str
        The vocabulary, sorted; a term's id is its place here.
    ids : numpy.ndarray of int32, one per token
        Which term each token is.
    starts, ends : numpy.ndarray of int32, one per token
        Character offsets into the document's file.
    document_bounds, paragraph_bounds, sentence_bounds : numpy.ndarray of int64
        For each row of the documents, paragraphs and sentences table its first token; and at last all tokens. Row i
        has the tokens from ``bounds[i]`` up to ``bounds[i + 1]``.
    documents, paragraphs, sentences : numpy.ndarray of int32, one per token
        The same as the row that each token stands in, made when first asked for.
    counts_as : callable
        What a term counts as, where terms were merged; a search pattern is read by it, too.
    compounds : list of int
        The terms with a hyphen, likewise.
    """

    terms: np.ndarray
    ids: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    document_bounds: np.ndarray
    paragraph_bounds: np.ndarray
    sentence_bounds: np.ndarray
    counts_as: Callable[[str], str] = str

    @cached_property
    def documents(self) -> np.ndarray:
        return _rows(self.document_bounds)

    @cached_property
    def paragraphs(self) -> np.ndarray:
        return _rows(self.paragraph_bounds)

    @cached_property
    def sentences(self) -> np.ndarray:
        return _rows(self.sentence_bounds)

    @cached_property
    def compounds(self) -> list[int]:
        return [number for number, one in enumerate(self.terms) if "-" in one]


def _rows(bounds: np.ndarray) -> np.ndarray:
    """The row of each token."""
    return np.repeat(np.arange(len(bounds) - 1, dtype=np.int32), np.diff(bounds))


def build_index(
    sentences: Sequence[str], starts: np.ndarray, *, paragraph_bounds: np.ndarray, document_bounds: np.ndarray
) -> Index:
    """Tokenise every sentence once.

    Parameters
    ----------
    sentences : sequence of str
        Their texts, in reading order.
    starts : array of int
        Where each begins in its document's file, in characters.
    paragraph_bounds, document_bounds : array of int
        For each paragraph and document its first sentence; and at last the number of sentences.
    """
    terms, ids, bounds, first, last = find_tokens(sentences)
    shift = np.repeat(np.asarray(starts, np.int32), np.diff(bounds))
    return Index(terms, ids, first + shift, last + shift, bounds[document_bounds], bounds[paragraph_bounds], bounds)


def find_tokens(texts: Sequence[str] | pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the tokens of some texts; those whose encoding was broken once are read as they were meant.

    Returns
    -------
    terms : numpy.ndarray of str
        The vocabulary, sorted.
    ids : numpy.ndarray of int32, one per token
        The term of each token.
    bounds : numpy.ndarray of int64
        For each text its first token; and at last the number of tokens.
    starts, ends : numpy.ndarray of int32, one per token
        Character offsets into the text as it was given.
    """
    data, bounds = as_bytes(texts)
    suspects = ((row, _text(data, bounds, row)) for row in _suspects(data, bounds))
    mended = {row: meant for row, text in suspects if (meant := repair(text))[0] != text}
    if mended:
        whole = [mended[row][0] if row in mended else _text(data, bounds, row) for row in range(len(bounds) - 1)]
        data, bounds = as_bytes(whole)
    ids, starts, ends, bounds, spelled = scan_tokens(data, bounds)
    for row, (_, characters, ends_of_characters) in mended.items():
        own = slice(*bounds[row : row + 2])
        starts[own], ends[own] = characters[starts[own]], ends_of_characters[ends[own] - 1]
    terms, counts_as = _terms(spelled)
    return terms, counts_as[ids], bounds, starts, ends


def _text(data: np.ndarray, bounds: np.ndarray, row: int) -> str:
    return data[bounds[row] : bounds[row + 1]].tobytes().decode("utf-8", "surrogatepass")


def _suspects(data: np.ndarray, bounds: np.ndarray) -> list[int]:
    """The texts in which two characters beyond ASCII stand side by side, as they do where an encoding was broken."""
    places = np.flatnonzero((data[1:] >= 0xC0) & (data[:-1] >= 0x80)) + 1
    return np.unique(np.searchsorted(bounds, places, side="right") - 1).tolist()


def _terms(spelled: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """The vocabulary, sorted, and the id there of the term that each token counts as."""
    special = pc.invert(pc.ascii_is_alnum(spelled))  # all others are folded by making them small
    folded = pa.array([term(token) for token in spelled.filter(special).to_pylist()], pa.large_string())
    counted = pc.replace_with_mask(pc.ascii_lower(spelled), special, folded).dictionary_encode()
    terms, places = sorted_terms(counted.dictionary)
    return terms.to_numpy(zero_copy_only=False), places[counted.indices.to_numpy()]


def sorted_terms(terms: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """Return different terms in order, and the place there of each as they were."""
    order = pc.sort_indices(terms)
    places = np.empty(len(terms), np.int32)
    places[order.to_numpy()] = np.arange(len(terms), dtype=np.int32)
    return terms.take(order), places


def take_documents(index: Index, documents: np.ndarray, paragraphs: np.ndarray, sentences: np.ndarray) -> Index:
    """Return the index of some of the documents; the vocabulary and its ids stay.

    Parameters
    ----------
    documents, paragraphs, sentences : numpy.ndarray of bool
        For each row of the three tables, whether it is kept.
    """
    old = [index.document_bounds, index.paragraph_bounds, index.sentence_bounds]
    kept = np.repeat(documents, np.diff(index.document_bounds))
    bounds = [np.append(0, np.cumsum(np.diff(b)[rows])) for b, rows in zip(old, (documents, paragraphs, sentences))]
    arrays = index.ids[kept], index.starts[kept], index.ends[kept]
    return Index(index.terms, *arrays, *bounds, counts_as=index.counts_as)


def ngram_positions(index: Index, n: int) -> np.ndarray:
    """Return the tokens at which an n-gram begins that stands within one sentence."""
    left = np.diff(index.sentence_bounds) - n + 1  # so many n-grams has each sentence
    some = left > 0
    first, left = index.sentence_bounds[:-1][some], left[some]
    shift = first - np.append(0, np.cumsum(left))[:-1]
    return np.arange(left.sum()) + np.repeat(shift, left)


def count_terms(index: Index, groups: csr_array, ngram: int = 1) -> tuple[np.ndarray, csr_array, csr_array]:
    """Count terms, or n-grams, by group of documents. Every count of words in this package comes from here.

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

    Notes
    -----
    A list of terms by document, turned into a list of documents by term, has the occurrences of a term in a document
    next to each other: two passes over the tokens, no sorting. It is done for some documents at a time, so that memory
    does not grow with the corpus; counts add.
    """
    terms, block_counts, blocks = _counts_by_block(index, ngram)

    def grouped(block: tuple[int, int]) -> tuple[csr_array, csr_array]:
        part, members = block_counts(block), groups[slice(*block)]
        return part @ members, part.astype(bool).astype(np.int64) @ members

    counts, documents = (sum(parts) for parts in zip(*in_threads(grouped, blocks)))
    occurring = np.flatnonzero(np.diff(counts.indptr))
    return terms(occurring), *(matrix[occurring].sorted_indices() for matrix in (counts, documents))


def document_counts(index: Index, ngram: int = 1) -> tuple[np.ndarray, csr_array]:
    """Count terms, or n-grams, by document: as `count_terms`, with each document a group of its own."""
    terms, block_counts, blocks = _counts_by_block(index, ngram)
    counts = hstack(list(in_threads(block_counts, blocks)), format="csr")
    occurring = np.flatnonzero(np.diff(counts.indptr))
    return terms(occurring), counts[occurring]


def _counts_by_block(index: Index, ngram: int) -> tuple[Callable, Callable, list[tuple[int, int]]]:
    """How the rows are called; how to count a block of documents; and the blocks, each its first document and end."""
    if ngram not in range(1, LONGEST_NGRAM + 1):
        raise unknown("ngram", ngram, range(1, LONGEST_NGRAM + 1))
    kind, bounds, size, names = index.ids, index.document_bounds, len(index.terms), index.terms.take
    if ngram > 1:
        positions, kind, words = _ngram_kinds(index, ngram)
        bounds, size = np.searchsorted(positions, bounds), len(words)
        names = partial(_phrases, index.terms, words)
    last = np.searchsorted(bounds, np.arange(BLOCK, bounds[-1] + BLOCK, BLOCK), side="right") - 1
    edges = np.unique([0, *np.minimum(last, len(bounds) - 1), len(bounds) - 1]).tolist()
    return names, partial(_count_block, kind, bounds, size), list(zip(edges, edges[1:]))


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
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return positions, rank[kind], words[order]


def _phrases(terms: np.ndarray, words: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """N-grams as text."""
    return np.array([" ".join(phrase) for phrase in terms[words[rows]]], dtype=object)


def _count_block(kind: np.ndarray, bounds: np.ndarray, size: int, block: tuple[int, int]) -> csr_array:
    """How often each of `size` kinds occurs in each document of a block."""
    first, end = block
    own = kind[bounds[first] : bounds[end]]
    shape = (end - first, size)
    listed = csr_array((np.ones(len(own), np.int8), own, bounds[first : end + 1] - bounds[first]), shape=shape)
    by_kind = listed.tocsc()  # the documents of each kind, ascending
    new = np.ones(len(own), bool)
    new[1:] = by_kind.indices[1:] != by_kind.indices[:-1]
    new[by_kind.indptr[:-1][np.diff(by_kind.indptr) > 0]] = True
    runs = np.flatnonzero(new)
    count = np.diff(np.append(runs, len(own)))
    return csr_array((count, by_kind.indices[runs], np.append(0, np.cumsum(new))[by_kind.indptr]), shape=shape[::-1])


def find(index: Index, pattern: str, *, parts: bool = False) -> np.ndarray:
    """Return the positions of the tokens at which a pattern begins.

    Parameters
    ----------
    index : Index
        That of a study, ``study.index``.
    pattern : str
        One or more words, compared as terms; ``*`` stands for any characters and ``?`` for one within a word. A phrase
        is found within one sentence.
    parts : bool
        Whether a word also fits as a part of a hyphen compound, as ``Vienna`` does in ``Vienna-led``.

    Returns
    -------
    numpy.ndarray of int
        Positions of tokens in the index, ascending. A match is as many tokens long as the pattern has words.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> index = load().index
    >>> set(index.terms[index.ids[find(index, "th?")]]) <= {"tha", "the", "tho", "thy"}
    True
    """
    return next(find_each(index, [pattern], parts=parts))


def find_each(index: Index, patterns: Sequence[str], *, parts: bool = False) -> Iterator[np.ndarray]:
    """Yield the positions of the tokens at which each pattern begins; see `find`.

    The tokens are read once for all patterns: those that none of them begins with are left aside.
    """
    fits = [[_matching_terms(index, word, parts) for word in pattern_words(pattern)] for pattern in patterns]
    begins = np.zeros(len(index.terms), bool)
    for words in fits:
        begins[words[0] if words else []] = True
    candidates = np.flatnonzero(begins[index.ids]) if len(index.terms) else np.zeros(0, np.int64)
    first = index.ids[candidates]
    for words in fits:
        positions = candidates[_is_one_of(first, words[0])] if words else candidates[:0]
        reach = max(len(words) - 1, 0)
        positions = positions[positions + reach < len(index.ids)]
        for offset, terms in enumerate(words[1:], start=1):
            positions = positions[_is_one_of(index.ids[positions + offset], terms)]
        sentence, last = (np.searchsorted(index.sentence_bounds, positions + n, side="right") for n in (0, reach))
        yield positions[sentence == last]


def _is_one_of(ids: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """True for each token that is one of some terms."""
    return ids == terms[0] if len(terms) == 1 else np.isin(ids, terms)


def pattern_words(pattern: str) -> list[str]:
    """Return the words of a search pattern, as terms, wildcards kept.

    Examples
    --------
    >>> pattern_words("Vienn*’s rivers")
    ['vienn*', 'rivers']
    """
    return [term(word) for word in PATTERN_TOKEN.findall(pattern)]


def _matching_terms(index: Index, word: str, parts: bool) -> np.ndarray:
    """The ids of the terms that a pattern word fits. The vocabulary is sorted: only those that begin alike are read."""
    beginning = re.match(r"[^*?]*", word).group()
    if beginning == word:
        word = beginning = index.counts_as(word)
    alike = range(bisect_left(index.terms, beginning), bisect_left(index.terms, beginning + chr(sys.maxunicode)))
    if parts:
        fits = re.compile(fnmatch.translate(f"*-{word}-*")).match
        return np.array([i for i in sorted({*alike, *index.compounds}) if fits(f"-{index.terms[i]}-")], np.int32)
    fits = re.compile(fnmatch.translate(word)).match
    return np.array([i for i in alike if fits(index.terms[i])], np.int32)
