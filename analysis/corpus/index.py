"""Sentences to tokens: every word once, as arrays. Everything that counts or searches words works on these.

What a token is
    A run of letters, digits and combining marks of any script. Between two letters or digits also an apostrophe,
    a hyphen or a full stop, and a comma between two digits: ``well-known``, ``example.org``, ``U.S``, ``1,000``
    and ``don’t`` are one token each. A square bracket between two letters is an editor's: ``[W]e`` is one token. A
    dash separates.

What a term is
    A token as it is counted: case-folded, apostrophes straight, the English possessive off (``Vienna’s`` and
    ``Brussels’`` count as ``vienna`` and ``brussels``), editors' brackets and invisible characters off, letters with
    their marks composed (NFC), ``İ`` as ``i``, a broken encoding mended. Tokens that share a term share an id.
"""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import regex

from analysis.corpus.encoding import repair
from analysis.errors import unknown

LONGEST_NGRAM = 5
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"  # soft hyphens, joiners, direction marks
JOIN = r"['’ʼ.‐‑-]|(?<=\p{N}),(?=\p{N})|(?<=\p{L}\p{M}*)[\[\]](?=\p{L})"


def _token_pattern(wildcards: str = "") -> regex.Pattern:
    """A token; in a search pattern, wildcards count as letters. (ʼ is a letter to Unicode, and an apostrophe here.)"""
    word = rf"(?:[^\P{{L}}ʼ]|[\p{{N}}{wildcards}])(?:[{INVISIBLE}]*(?:[^\P{{L}}ʼ]|[\p{{N}}\p{{M}}{wildcards}]))*"
    return regex.compile(rf"{word}(?:(?:{JOIN}){word})*")


TOKEN, PATTERN_TOKEN = _token_pattern(), _token_pattern("*?")
UNSEEN = regex.compile(f"[{INVISIBLE}\\[\\]]")
POSSESSIVE = regex.compile("(?:'s)+$")
TERM_CHARACTERS = str.maketrans({"’": "'", "ʼ": "'", "‐": "-", "‑": "-"})


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


def term(token: str) -> str:
    """Return the term that a token counts as.

    Examples
    --------
    >>> [term(t) for t in ["Vienna’s", "WELL-known", "W]e", "Don’t", "Is\u0327tanbul"]]
    ['vienna', 'well-known', 'we', "don't", 'iştanbul']
    """
    folded = UNSEEN.sub("", token).casefold().translate(TERM_CHARACTERS)
    return unicodedata.normalize("NFC", POSSESSIVE.sub("", folded)).replace("i\u0307", "i")


def tokenise(text: str) -> list[str]:
    """Return the tokens of a text, as spelled.

    Examples
    --------
    >>> tokenise("“[W]e are” well-known—see U.S. media (example.org).")
    ['W]e', 'are', 'well-known', 'see', 'U.S', 'media', 'example.org']
    """
    return TOKEN.findall(text)


def build_index(sentences: pd.DataFrame, documents: Iterable[str], paragraphs: pd.DataFrame) -> Index:
    """Tokenise every sentence once.

    Parameters
    ----------
    sentences, paragraphs : pandas.DataFrame
        From `segments`, for all documents.
    documents : iterable of str
        The ``doc_id`` of every document, in the order of the documents table.
    """
    document_row = {doc_id: row for row, doc_id in enumerate(documents)}
    paragraph_row = {key: row for row, key in enumerate(zip(paragraphs["doc_id"], paragraphs["paragraph"]))}
    spelled: list[str] = []
    places: list[tuple[int, int, int, int, int]] = []
    columns = ["doc_id", "paragraph", "start", "text"]
    for row, (doc_id, paragraph, start, text) in enumerate(sentences[columns].itertuples(index=False)):
        where = document_row[doc_id], paragraph_row[doc_id, paragraph], row
        meant, begins, ends = repair(text)
        for match in TOKEN.finditer(meant):
            spelled.append(match.group())
            places.append((*where, start + begins[match.start()], start + ends[match.end() - 1]))
    codes, types = pd.factorize(np.array(spelled, dtype=object))
    terms, term_of_type = np.unique(np.array([term(t) for t in types], dtype=object), return_inverse=True)
    ids = term_of_type.astype(np.int32)[codes] if len(codes) else np.zeros(0, np.int32)
    return Index(terms, ids, *np.array(places, dtype=np.int32).reshape(-1, 5).T)


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
    kinds, kind = np.unique(ids, axis=0, return_inverse=True)
    pairs, count = np.unique(np.stack([kind.ravel(), index.documents[positions]]), axis=1, return_counts=True)
    terms = np.array([" ".join(words) for words in index.terms[kinds]], dtype=object)
    return terms, pd.DataFrame({"term": pairs[0], "document": pairs[1], "count": count})


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
