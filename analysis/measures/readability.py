"""Readability: how long the words and sentences of a group are, in the formulas that count no lists of words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import regex
from numpy.typing import ArrayLike

from analysis.corpus import Study, group_labels
from analysis.measures.resampling import check_draws, sums_interval

LONG_WORD = 7  # letters and digits, at least
ENGLISH = ("", "en", "eng", "english")  # a document whose language is not given counts as English everywhere
VOWELS = regex.compile("[aeiouy]+")
CONSONANT = regex.compile("(?<![^aeiou])y(?=[aeiou])")  # beyond, year
SILENT = regex.compile(  # an e that is written and not spoken; that of table and of acre is
    r"(?<![aeiouy])(?<![^aeiouy][lr])e(?=$|ly$|ness|ful|less|ty$)"
    r"|(?<![aeiouytd])(?<![^aeiouy][lr])e(?=d$)"
    r"|(?<![aeiouyszxcg])(?<![sc]h)(?<![^aeiouy][lr])e(?=s$)"
    r"|(?<![aeiouyl])e(?=ments?$)"
)
APART = regex.compile(  # a vowel that is spoken apart from the one behind it: various, material, radio, being, usual
    r"i(?=u|et|er$)|(?<![tcsgx])i(?=ous|al|an|at|en)|i(?=o(?!u|n))|[aeiouy](?=ing)|(?<![gq])u(?=a|ou|o|ity)"
)


INDICES: dict[str, Callable[[Mapping], ArrayLike]] = {
    "flesch": lambda s: 206.835 - 1.015 * s["words"] / s["sentences"] - 84.6 * s["syllables"] / s["words"],
    "flesch_kincaid": lambda s: 0.39 * s["words"] / s["sentences"] + 11.8 * s["syllables"] / s["words"] - 15.59,
    "ari": lambda s: 4.71 * s["letters"] / s["words"] + 0.5 * s["words"] / s["sentences"] - 21.43,
    "coleman_liau": lambda s: 5.88 * s["letters"] / s["words"] - 29.6 * s["sentences"] / s["words"] - 15.8,
    "lix": lambda s: s["words"] / s["sentences"] + 100 * s["long_words"] / s["words"],
    "rix": lambda s: s["long_words"] / s["sentences"],
}


def readability(
    study: Study,
    *,
    by: str = "source",
    interval: bool = False,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """How long the words and sentences of each group are, as six indices of readability.

    Parameters
    ----------
    study : Study
    by : str
        ``source``, ``year``, ``month``, ``document`` or another column of the documents table.
    interval : bool
        Whether to say how sure each index is.
    resamples, confidence, random_state
        For the interval, as in `terms.frequency`.

    Returns
    -------
    pandas.DataFrame
        One row per group, sorted by it.

        - ``group``
        - ``documents``: those with a word
        - ``sentences``: those with a word; a list item is one too
        - ``words``: tokens
        - ``letters``: letters and digits of the words
        - ``long_words``: words of seven letters and digits, or more
        - ``syllables``: those of the words, by `syllables`; missing where a document is in another language than
          English, or where words were merged
        - ``flesch``: Flesch’s reading ease, from about 0 to 100; the higher, the easier. Missing like the syllables
        - ``flesch_kincaid``: Flesch–Kincaid grade, a school year of the United States. Missing likewise
        - ``ari``: automated readability index, a school year of the United States; made for English
        - ``coleman_liau``: Coleman–Liau index, a school year of the United States; made for English
        - ``lix``: Björnsson’s LIX, from 0; in Swedish, for which it was made, below 30 is very easy and above 60 very
          difficult. Its author compared eleven languages by it [4]_, and each has a level of its own
        - ``rix``: Anderson’s RIX, from 0; made from LIX for English and other languages
        - ``flesch_low``, ``flesch_high`` and so on: with `interval`, the range in which each index lies when whole
          documents of the group are drawn again [8]_; missing for a group of fewer than 4 documents with a word

        A group without a word has none of the indices.

    Raises
    ------
    StudyError
        An unknown grouping, or a number of resamples or a confidence that makes no sense.

    Notes
    -----
    With S sentences, W words, Y syllables, L letters and digits, and K words of more than six of these,

    - reading ease = 206.835 − 1.015 W / S − 84.6 Y / W [6]_
    - Flesch–Kincaid = 0.39 W / S + 11.8 Y / W − 15.59 [7]_
    - ARI = 4.71 L / W + 0.5 W / S − 21.43 [1]_
    - Coleman–Liau = 5.88 L / W − 29.6 S / W − 15.8 [2]_
    - LIX = W / S + 100 K / W [3]_
    - RIX = K / S [5]_

    All counts are summed over the group before they are divided, so that a long document weighs more than a short one.
    ARI was made with strokes of a typewriter; as is usual, punctuation is left out here. The formula of Coleman and
    Liau is the short one, which rounds the product of their two steps. LIX takes a colon for the end of a sentence too;
    here it is none. A hyphen compound is one word. A document whose language is not given counts as English.

    What would make it wrong: the formulas see length, not sense, syntax or layout. Grades mean nothing outside of the
    language a formula was made for, and means over several languages nothing at all. List items and headings without
    a verb shorten the sentences. Letters are those of the file: where its encoding is broken, words seem longer.
    Syllables are estimated from the spelling, and foreign names are spelled by other rules.

    References
    ----------
    .. [1] Smith, E. A. & Senter, R. J. (1967). Automated Readability Index. AMRL-TR-66-220. Aerospace Medical Research
       Laboratories.
    .. [2] Coleman, M. & Liau, T. L. (1975). A computer readability formula designed for machine scoring. Journal of
       Applied Psychology, 60(2), 283–284.
    .. [3] Björnsson, C.-H. (1968). Läsbarhet. Liber.
    .. [4] Björnsson, C.-H. (1983). Readability of newspapers in 11 languages. Reading Research Quarterly, 18(4),
       480–497.
    .. [5] Anderson, J. (1983). Lix and Rix: variations on a little-known readability index. Journal of Reading, 26(6),
       490–496.
    .. [6] Flesch, R. (1948). A new readability yardstick. Journal of Applied Psychology, 32(3), 221–233.
    .. [7] Kincaid, J. P., Fishburne, R. P., Rogers, R. L. & Chissom, B. S. (1975). Derivation of new readability
       formulas (Automated Readability Index, Fog Count and Flesch Reading Ease formula) for Navy enlisted personnel.
       Research Branch Report 8-75. Naval Technical Training Command.
    .. [8] Efron, B. & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = readability(load(), by="document")
    >>> bool((table["long_words"] <= table["words"]).all())
    True
    """
    index, documents = study.index, study.documents
    _, first_tokens = np.unique(index.sentences, return_index=True)
    letters, of_term = _letters(study), np.array([syllables(term) for term in index.terms], int)

    def total(tokens: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        return np.bincount(index.documents[tokens], weights, minlength=len(documents)).astype(int)

    counts = pd.DataFrame(
        {
            "sentences": total(first_tokens),
            "words": total(slice(None)),
            "letters": total(slice(None), letters),
            "long_words": total(letters >= LONG_WORD),
            "syllables": total(slice(None), of_term[index.ids]),
        }
    )
    counts.insert(0, "documents", (counts["words"] > 0).astype(int))
    groups = group_labels(study, by).rename("group").to_numpy()
    table = counts.groupby(groups).sum().rename_axis("group").reset_index()
    english = documents["language"].str.lower().str.split("[-_]").str[0].isin(ENGLISH) & (index.counts_as is str)
    table["syllables"] = table["syllables"].where(english.groupby(groups).all().to_numpy()).astype("Int64")
    known = table.astype({"syllables": float})
    table = table.assign(**{name: measure(known) for name, measure in INDICES.items()})
    if interval:
        check_draws(resamples, confidence, random_state)
        drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
        own = [of_group.assign(tokens=of_group["words"]) for _, of_group in counts.groupby(groups)]
        for name, measure in INDICES.items():
            table[[f"{name}_low", f"{name}_high"]] = [sums_interval(documents, measure, **drawn) for documents in own]
            table.loc[table[name].isna(), [f"{name}_low", f"{name}_high"]] = np.nan
    return table


def syllables(word: str) -> int:
    """Estimate the syllables of an English word from its spelling: runs of vowels, with the commonest exceptions.

    Parameters
    ----------
    word : str

    Returns
    -------
    int
        1 or more. The parts of a compound are added; a number is one, whatever it is read as, and so is a word
        of other than Latin letters.

    Notes
    -----
    Of the 1.98 million words of the State of the Union addresses that stand in the CMU Pronouncing Dictionary [1]_,
    98.7 % are given as many syllables as one of the pronunciations there has; of the dictionary’s own list, in which
    names and rare words weigh as much as others, 91.7 %. The sum over the addresses is 0.7 % above that of the shortest
    pronunciations and 1.0 % below that of the longest.

    References
    ----------
    .. [1] Weide, R. L. (1998). The CMU pronouncing dictionary. Carnegie Mellon University.

    Examples
    --------
    >>> [syllables(word) for word in ["year", "table", "various", "well-known", "2018"]]
    [1, 2, 3, 2, 1]
    """
    spoken = unicodedata.normalize("NFKD", word.lower()).replace("e\u0301", "a")  # é is never silent
    plain = spoken.encode("ascii", "ignore").decode().replace("'", "")
    return sum(_syllables(part) for part in regex.findall("[0-9][0-9.,]*[a-z]*|[a-z]+", plain)) or 1


def _syllables(part: str) -> int:
    if part[0].isdigit():
        return 1
    spoken = SILENT.sub("-", CONSONANT.sub("-", part))
    return max(len(VOWELS.findall(APART.sub(r"\g<0>-", spoken))), 1)


def _letters(study: Study) -> np.ndarray:
    """The letters and digits of each token, as spelled."""
    index = study.index
    bounds = index.document_bounds
    letters = np.zeros(len(index.ids), int)
    for doc_id, first, end in zip(study.documents["doc_id"], bounds[:-1], bounds[1:]):
        text = study.texts[doc_id]
        before = np.append(0, np.cumsum(np.fromiter(map(str.isalnum, text), bool, len(text))))
        letters[first:end] = before[index.ends[first:end]] - before[index.starts[first:end]]
    return letters
