"""Texts to tokens: every word once, as arrays. Everything that counts or searches words works on these.

What a token and a term are is said in `analysis.corpus.tokens`.
"""

from __future__ import annotations

import fnmatch
import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.corpus.compiling import compiled
from analysis.corpus.encoding import repair
from analysis.corpus.jobs import in_threads
from analysis.corpus.scanning import Tokens, Words, as_bytes, no_words, scan_tokens, spelled
from analysis.corpus.tokens import PATTERN_TOKEN, term, terms_of

RANGES = 8  # of terms, to be sorted in threads
ADDRESS = re.compile(r"-.*\.[a-z]{2,}$")  # of a website, with a hyphen


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
        Character offsets into the document's file; got from `find_places` when first asked for.
    document_bounds, paragraph_bounds, sentence_bounds : numpy.ndarray of int64
        For each row of the documents, paragraphs and sentences table its first token; and at last all tokens. Row i
        has the tokens from ``bounds[i]`` up to ``bounds[i + 1]``. Those of sentences are got from
        `find_sentence_bounds` when first asked for.
    documents, paragraphs, sentences : numpy.ndarray of int32, one per token
        The same as the row that each token stands in, made when first asked for.
    counts_as : callable
        What a term counts as, where terms were merged; a search pattern is read by it, too.
    compounds : list of int
        The terms with a hyphen, likewise.
    """

    terms: np.ndarray
    ids: np.ndarray
    document_bounds: np.ndarray
    paragraph_bounds: np.ndarray
    find_places: Callable[[], Mapping[str, np.ndarray]]
    find_sentence_bounds: Callable[[], np.ndarray]
    counts_as: Callable[[str], str] = str

    @cached_property
    def places(self) -> Mapping[str, np.ndarray]:
        return self.find_places()

    @property
    def starts(self) -> np.ndarray:
        return self.places["start"]

    @property
    def ends(self) -> np.ndarray:
        return self.places["end"]

    @cached_property
    def sentence_bounds(self) -> np.ndarray:
        return self.find_sentence_bounds()

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
    ids, first, last, bounds, words = find_tokens(*as_bytes(sentences), no_words())
    terms, number = sorted_terms(terms_of(spelled(words)))
    shift = np.repeat(np.asarray(starts, np.int32), np.diff(bounds))
    found = partial(dict, start=first + shift, end=last + shift), partial(np.asarray, bounds)
    bounds_above = bounds[document_bounds], bounds[paragraph_bounds]
    return Index(terms.to_numpy(zero_copy_only=False), number[ids], *bounds_above, *found)


def find_tokens(data: np.ndarray, bounds: np.ndarray, words: Words) -> Tokens:
    """Return the tokens of some texts, as `scanning.scan_tokens` does; places are those in the texts as given.

    Texts whose encoding was broken once are read as they were meant.
    """
    suspects = ((row, _text(data, bounds, row)) for row in _suspects(data, bounds))
    mended = {row: meant for row, text in suspects if (meant := repair(text))[0] != text}
    if mended:
        whole = [mended[row][0] if row in mended else _text(data, bounds, row) for row in range(len(bounds) - 1)]
        data, bounds = as_bytes(whole)
    tokens = scan_tokens(data, bounds, words)
    for row, (_, characters, ends_of_characters) in mended.items():
        own = slice(*tokens.bounds[row : row + 2])
        tokens.starts[own], tokens.ends[own] = characters[tokens.starts[own]], ends_of_characters[tokens.ends[own] - 1]
    return tokens


@compiled
def first_tokens(starts, bounds, documents, places):
    """The first token that begins at each place or after it; given are the place and its document, one or many."""
    found = np.empty(len(places), np.int64)
    for at, document in enumerate(documents):
        first, end = bounds[document], bounds[document + 1]
        found[at] = first + np.searchsorted(starts[first:end], places[at])
    return found


def _text(data: np.ndarray, bounds: np.ndarray, row: int) -> str:
    return data[bounds[row] : bounds[row + 1]].tobytes().decode("utf-8", "surrogatepass")


def _suspects(data: np.ndarray, bounds: np.ndarray) -> list[int]:
    """The texts in which two characters beyond ASCII stand side by side, as they do where an encoding was broken."""
    beyond = np.flatnonzero(data >= 0x80)
    second = beyond[1:][(np.diff(beyond) == 1) & (data[beyond[1:]] >= 0xC0)]
    return np.unique(np.searchsorted(bounds, second, side="right") - 1).tolist()


def sorted_terms(terms: pa.LargeStringArray) -> tuple[pa.LargeStringArray, np.ndarray]:
    """Return the different terms among some, in order; and the place there of each that was given.

    Those that begin alike are sorted together, each range of first bytes by itself.
    """
    data, bounds = as_bytes(terms)
    first = data[bounds[:-1]]
    range_of = np.cumsum(np.bincount(first, minlength=1 << 8)) * RANGES // (len(terms) + 1)
    ranges, places, sorted_ranges, before = range_of[first], np.empty(len(terms), np.int32), [], 0

    def sort(number: int) -> tuple[np.ndarray, pa.LargeStringArray, np.ndarray]:
        rows = np.flatnonzero(ranges == number)
        encoded = terms.take(rows).dictionary_encode()
        order = pc.sort_indices(encoded.dictionary).to_numpy()
        return rows, encoded.dictionary.take(order), np.argsort(order)[encoded.indices]

    for rows, different, own_places in in_threads(sort, range(RANGES)):
        sorted_ranges.append(different)
        places[rows] = before + own_places
        before += len(different)
    return pa.concat_arrays(sorted_ranges), places


def take_documents(
    index: Index, documents: np.ndarray, paragraphs: np.ndarray, find_sentence_bounds: Callable[[], np.ndarray]
) -> Index:
    """Return the index of some of the documents; the vocabulary and its ids stay.

    Parameters
    ----------
    documents, paragraphs : numpy.ndarray of bool
        For each row of the two tables, whether it is kept.
    find_sentence_bounds : callable
        Gives the bounds of the sentences that are kept, as `take_rows` does.
    """
    kept = np.repeat(documents, np.diff(index.document_bounds))
    bounds = take_rows(index.document_bounds, documents), take_rows(index.paragraph_bounds, paragraphs)
    find_places = partial(_take_places, index, kept)
    return Index(index.terms, index.ids[kept], *bounds, find_places, find_sentence_bounds, index.counts_as)


def _take_places(index: Index, tokens: np.ndarray) -> dict[str, np.ndarray]:
    """The places of some tokens."""
    return {name: column[tokens] for name, column in index.places.items()}


def take_rows(bounds: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the bounds of the rows that are kept."""
    return np.append(0, np.cumsum(np.diff(bounds)[rows]))


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
        Whether a word also fits as a part of a hyphen compound, as ``Vienna`` does in ``Vienna-led``; not of the
        address of a website, such as ``Vienna-news.org``.

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
    several = np.count_nonzero(begins) > 1
    candidates = np.flatnonzero(begins[index.ids] if several else _is_one_of(index.ids, np.flatnonzero(begins)))
    first = index.ids[candidates]
    for words in fits:
        positions = candidates[_is_one_of(first, words[0])] if words else candidates[:0]
        reach = max(len(words) - 1, 0)
        positions = positions[positions + reach < len(index.ids)]
        for offset, terms in enumerate(words[1:], start=1):
            positions = positions[_is_one_of(index.ids[positions + offset], terms)]
        if reach:
            ends = (np.searchsorted(index.sentence_bounds, positions + n, side="right") for n in (0, reach))
            positions = positions[np.equal(*ends)]
        yield positions


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
        found = [i for i in sorted({*alike, *index.compounds}) if fits(f"-{index.terms[i]}-")]
        return np.array([i for i in found if index.terms[i] == word or not ADDRESS.search(index.terms[i])], np.int32)
    fits = re.compile(fnmatch.translate(word)).match
    return np.array([i for i in alike if fits(index.terms[i])], np.int32)
