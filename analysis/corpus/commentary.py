"""The prose of a study held against its documents: the sentences it names exist, and say what it quotes from them."""

from __future__ import annotations

import regex

from analysis.corpus import Study
from analysis.errors import Problem, StudyError

QUOTED = regex.compile(r"[“„\"]([^“”\"]+)[“”\"] \(([^()]+)\)")  # a quotation, and the sentences that it is from


def named_sentences(study: Study) -> regex.Pattern:
    """Return a pattern of the ids of sentences, such as 002-7; it also finds those of sentences that there are not."""
    ids = "|".join(map(regex.escape, sorted(study.texts, key=len, reverse=True)))
    return regex.compile(rf"(?<![\w-])(?:{ids})-\d+(?![\w-])")


def check_commentary(study: Study) -> None:
    """Hold every id and every quotation of the commentary against the documents.

    A quotation is held against a sentence if the id follows it in parentheses: “strategic partner” (002-7).

    Parameters
    ----------
    study : Study
        Of a folder, not of an index.
        With all documents, the context documents included.

    Returns
    -------
    None
        If nothing is wrong.

    Raises
    ------
    StudyError
        With every id that is of no sentence, and every quotation that does not stand in the sentences named.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> check_commentary(load())
    """
    sentences, names = study.sentences.set_index("sentence_id")["text"], named_sentences(study)
    problems = []
    for chapter, place, text in study.commentary[["chapter", "place", "text"]].itertuples(index=False):
        where = f"commentary/{chapter}.md, {place}"
        for sentence_id in dict.fromkeys(names.findall(text)):
            if sentence_id not in sentences.index:
                what = f"there is no sentence {sentence_id}"
                problems.append(Problem(where, what, "Look at the document’s page, where each has its number."))
        for words, ids in QUOTED.findall(text):
            known = [i for i in names.findall(ids) if i in sentences.index]
            if known and not any(_plain(words) in _plain(sentences[i]) for i in known):
                what = f"“{words}” does not stand in {' or '.join(known)}"
                problems.append(Problem(where, what, "Quote the words as they stand there."))
    if problems:
        raise StudyError(*problems)


def _plain(text: str) -> str:
    """Text as it is compared: on one line, in small letters, with one kind of quotation mark."""
    return regex.sub(r"[“”„«»‘’‛']", '"', " ".join(text.split())).casefold()
