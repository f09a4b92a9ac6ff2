"""Sentences to tokens: every word once, as arrays. Everything that counts or searches words works on these.

What a token and a term are is said in `analysis.corpus.tokens`.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.corpus.encoding import SUSPECT, repair
from analysis.corpus.tokens import PATTERN_TOKEN, term, token_bounds
from analysis.errors import unknown

LONGEST_NGRAM = 5


@dataclass(frozen=True)
class Index:
    """The tokens of a corpus, as parallel arrays in reading order.

    Attributes
    ----------
    terms : numpy.ndarray of str
        The vocabulary, sorted; a term's id is its place here.
    ids : numpy.ndarray of int32, one per token
        Which term each token is.
    documents, paragraphs, sentences : numpy.ndarray of int32, one per token
        The row of the documents, paragraphs and sentences table that each token stands in.
    starts, ends : numpy.ndarray of int32, one per token
        Character offsets into the document's file.
    """

    terms: np.ndarray
    ids: np.ndarray
    documents: np.ndarray
    paragraphs: np.ndarray
    sentences: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


def build_index(sentences: pd.DataFrame, documents: Iterable[str], paragraphs: pd.DataFrame) -> Index:
    """Tokenise every sentence once.

    Parameters
    ----------
    sentences, paragraphs : pandas.DataFrame
        From `segments`, for all documents.
    documents : iterable of str
        The ``doc_id`` of every document, in the order of the documents table.
    """
    texts = sentences["text"].tolist()
    mended = {row: repair(text) for row, text in enumerate(texts) if SUSPECT.search(text)}
    for row, (meant, _, _) in mended.items():
        texts[row] = meant
    data = "\n".join(texts).encode("utf-8", "surrogatepass")
    first, last = token_bounds(data)
    terms, ids = _terms(data, first, last)
    begins = np.cumsum([0, *(len(text) + 1 for text in texts)])[:-1]
    first, last = _characters(data, first), _characters(data, last)
    row = np.searchsorted(begins, first, side="right") - 1
    starts, ends = first - begins[row], last - begins[row]
    for number, (_, places, ends_of_places) in mended.items():
        own = slice(*np.searchsorted(row, [number, number + 1]))
        starts[own], ends[own] = places[starts[own]], ends_of_places[ends[own] - 1]
    document = pd.Index(documents).get_indexer(sentences["doc_id"])
    paragraph = pd.MultiIndex.from_frame(paragraphs[["doc_id", "paragraph"]]).get_indexer(
        pd.MultiIndex.from_frame(sentences[["doc_id", "paragraph"]])
    )
    offset = sentences["start"].to_numpy(np.int64)
    columns = (document[row], paragraph[row], row, starts + offset[row], ends + offset[row])
    return Index(terms, ids, *(column.astype(np.int32) for column in columns))


def _terms(data: bytes, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The vocabulary, sorted, and the id of the term that each token counts as."""
    edges = np.append(np.stack([starts, ends], axis=1).ravel(), len(data)).astype(np.int64)
    pieces = pa.LargeStringArray.from_buffers(len(edges) - 1, pa.py_buffer(edges), pa.py_buffer(data))
    encoded = pieces.dictionary_encode()  # every other piece is a token, those between are gaps
    kinds, kind = np.unique(encoded.indices.to_numpy()[::2], return_inverse=True)
    spelled = [term(token) for token in encoded.dictionary.take(pa.array(kinds)).to_pylist()]
    terms, term_of = np.unique(np.array(spelled, dtype=object), return_inverse=True)
    return terms, term_of.astype(np.int32)[kind]


def _characters(data: bytes, places: np.ndarray) -> np.ndarray:
    """Byte offsets into UTF-8 as character offsets."""
    if data.isascii():
        return places
    continues = np.frombuffer(data, np.int8) < -0x40
    return places - np.concatenate([[0], np.cumsum(continues)])[places]


def take_documents(index: Index, documents: np.ndarray, paragraphs: np.ndarray, sentences: np.ndarray) -> Index:
    """Return the index of some of the documents; the vocabulary and its ids stay.

    Parameters
    ----------
    documents, paragraphs, sentences : numpy.ndarray of bool
        For each row of the three tables, whether it is kept.
    """
    kept = documents[index.documents]
    renumber = [np.cumsum(rows, dtype=np.int32) - 1 for rows in (documents, paragraphs, sentences)]
    rows = [new[old[kept]] for new, old in zip(renumber, (index.documents, index.paragraphs, index.sentences))]
    return Index(index.terms, index.ids[kept], *rows, index.starts[kept], index.ends[kept])


def ngram_ids(index: Index, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the n-grams that stand within one sentence.

    Returns
    -------
    positions : numpy.ndarray
        The token at which each n-gram begins.
    ids : numpy.ndarray, shape (len(positions), n)
        Its terms.
    """
    last = max(len(index.ids) - n + 1, 0)
    first_sentence, last_sentence = index.sentences[:last], index.sentences[n - 1 :][:last]
    positions = np.flatnonzero(first_sentence == last_sentence)
    return positions, index.ids[positions[:, None] + np.arange(n)]


def document_counts(index: Index, ngram: int = 1) -> tuple[np.ndarray, pd.DataFrame]:
    """Count terms, or n-grams, by document. Every count of words in this package comes from here.

    Returns
    -------
    terms : numpy.ndarray of str
        The n-grams that occur, words joined by a space.
    counts : pandas.DataFrame
        ``term``, a row of `terms`; ``document``, a row of the documents table; ``count``, above 0.

    Raises
    ------
    StudyError
        A length outside 1 to 5.
    """
    if ngram not in range(1, LONGEST_NGRAM + 1):
        raise unknown("ngram", ngram, range(1, LONGEST_NGRAM + 1))
    positions, ids = ngram_ids(index, ngram)
    kind, kinds = ids[:, 0].astype(np.int64), np.arange(len(index.terms))[:, None]
    if ngram > 1:
        kinds, kind = np.unique(ids, axis=0, return_inverse=True)
    documents = np.int64(index.documents.max(initial=0) + 1)
    pairs, count = np.unique(kind.ravel() * documents + index.documents[positions], return_counts=True)
    term, document = np.divmod(pairs, documents)
    occurring, term = np.unique(term, return_inverse=True)
    terms = np.array([" ".join(words) for words in index.terms[kinds[occurring]]], dtype=object)
    return terms, pd.DataFrame({"term": term, "document": document, "count": count})


def find(index: Index, pattern: str, *, parts: bool = False) -> np.ndarray:
    """Return the positions of the tokens at which a pattern begins.

    Parameters
    ----------
    pattern : str
        One or more words, compared as terms; ``*`` stands for any characters and ``?`` for one within a word. A
        phrase is found within one sentence.
    parts : bool
        Whether a word also fits as a part of a hyphen compound, as ``Vienna`` does in ``Vienna-led``.

    Returns
    -------
    numpy.ndarray of int
        Positions in `index.ids`, ascending. A match is as many tokens long as `pattern_words` has words.
    """
    words = pattern_words(pattern)
    positions, ids = ngram_ids(index, len(words)) if words else (np.zeros(0, int), np.zeros((0, 0), int))
    fits = np.ones(len(positions), bool)
    for column, word in enumerate(words):
        fits &= _matching_terms(index, word, parts)[ids[:, column]]
    return positions[fits]


def pattern_words(pattern: str) -> list[str]:
    """Return the words of a search pattern, as terms, wildcards kept.

    Examples
    --------
    >>> pattern_words("Vienn*’s rivers")
    ['vienn*', 'rivers']
    """
    return [term(word) for word in PATTERN_TOKEN.findall(pattern)]


def _matching_terms(index: Index, word: str, parts: bool) -> np.ndarray:
    """True for each term of the vocabulary that a pattern word fits."""
    if parts:
        fits = re.compile(fnmatch.translate(f"*-{word}-*")).match
        return np.fromiter((bool(fits(f"-{t}-")) for t in index.terms), bool, len(index.terms))
    fits = re.compile(fnmatch.translate(word)).match if {"*", "?"} & set(word) else word.__eq__
    return np.fromiter((bool(fits(t)) for t in index.terms), bool, len(index.terms))
