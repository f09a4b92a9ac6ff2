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
        With another vocabulary. Search patterns are compared with that one.

    Raises
    ------
    StudyError
        An alias that is not one word, or a language without a stemmer.

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
    for word in aliases or {}:
        if len(tokenise(word)) != 1:
            what = f"“{word}” is not one word"
            raise OptionError(Problem("aliases", what, "Give single words; a phrase is no term of the vocabulary."))
    meant = {term(tokenise(word)[0]): term(other) for word, other in (aliases or {}).items()}
    names = [meant.get(one, one) for one in study.index.terms]
    if stem:
        import snowballstemmer

        if stem not in snowballstemmer.algorithms():
            raise unknown("stem", stem, sorted(snowballstemmer.algorithms()))
        names = snowballstemmer.stemmer(stem).stemWords(names)
    terms, term_of = np.unique(np.array(names, dtype=object), return_inverse=True)
    ids = term_of.astype(np.int32)[study.index.ids]
    return replace(study, index=replace(study.index, terms=terms, ids=ids))
