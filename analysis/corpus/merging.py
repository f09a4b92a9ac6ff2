"""Words that are to count as one: by their stem, or by a list. The text stays; only the vocabulary is mapped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from analysis.corpus import Study
from analysis.corpus.tokens import term, tokenise
from analysis.errors import OptionError, Problem, unknown


def merge_terms(study: Study, *, aliases: Mapping[str, str] | None = None, stem: str = "") -> Study:
    """Return the study with some terms counted as others.

    Parameters
    ----------
    study : Study
    aliases : mapping of str to str, optional
        Words, and what they are to count as, such as ``{"colour": "color"}``. Compared as terms.
    stem : str
        The language of a Snowball stemmer [1]_, such as ``english``, that takes endings off every term; after the
        aliases.

    Returns
    -------
    Study
        With another vocabulary, and stop words to match. The words of a search pattern are mapped in the same way, but
        not those with a wildcard.

    Raises
    ------
    StudyError
        An alias, or what it counts as, that is not one word; a word that is to count as two; or a language without a
        stemmer.

    Notes
    -----
    Stems merge what should stay apart, too: the English stemmer makes one of ``university`` and ``universe``. Look at
    the words behind a stem before a number rests on it.

    References
    ----------
    .. [1] Porter, M. F. (2001). Snowball: a language for stemming algorithms.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = merge_terms(load(), stem="english")
    >>> "partner" in study.index.terms and "partners" not in study.index.terms
    True
    """
    meant: dict[str, str] = {}
    for word, other in (aliases or {}).items():
        for one in (word, other):
            if len(tokenise(one)) != 1:
                what = f"“{one}” is not one word"
                raise OptionError(Problem("aliases", what, "Give single words; a phrase is no term of the vocabulary."))
        if meant.setdefault(term(tokenise(word)[0]), term(tokenise(other)[0])) != term(tokenise(other)[0]):
            raise OptionError(Problem("aliases", f"“{word}” is to count as two", "Leave one of them out."))
    for other in meant.values():
        if meant.get(other, other) != other:
            what = f"“{other}” is to count as another word, and another word as “{other}”"
            raise OptionError(Problem("aliases", what, "Let all count as the last of them."))
    if stem:
        import snowballstemmer

        if stem not in snowballstemmer.algorithms():
            raise unknown("stem", stem, sorted(snowballstemmer.algorithms()))
        stemmed = snowballstemmer.stemmer(stem).stemWord

    def merged(one: str) -> str:
        one = meant.get(one, one)
        return stemmed(one) if stem else one

    terms, term_of = np.unique(np.array([merged(one) for one in study.index.terms], object), return_inverse=True)
    ids, before = term_of.astype(np.int32)[study.index.ids], study.index.counts_as
    index = replace(study.index, terms=terms, ids=ids, counts_as=lambda one: merged(before(one)))
    return replace(study, index=index, stop_words=frozenset(map(merged, study.stop_words)))


def actor_words(study: Study) -> dict[str, str]:
    """Return the names of actors that are one word, and the word of the actor that each counts as, for `merge_terms`.

    That is the actor's own name, or its first alias of one word where the name has several. A name of several words,
    one with a wildcard, and a part of a compound stay as they are. Traps are not heeded: a word is merged wherever it
    stands.
    """
    aliases: dict[str, str] = {}
    names = study.actors[study.actors["form"] != "trap"]
    for actor, own in names.groupby("actor", sort=False)["alias"]:
        single = [tokenise(name)[0] for name in (actor, *own) if len(tokenise(name)) == 1 and not set(name) & set("*?")]
        for name in single:
            aliases.setdefault(term(name), term(single[0]))
    return aliases
