"""The findings that a study’s own numbers propose, for one that has not declared any: the largest differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import regex

from analysis.corpus import Study, select
from analysis.corpus.codings import read_codings
from analysis.corpus.counting import document_counts
from analysis.corpus.findings import COLUMNS, KNOWN, read_findings
from analysis.errors import unknown
from analysis.measures.specifications import counts

FAMILIES = {  # the chapters that state findings, and what they measure
    "words": ("most_frequent", "word"),
    "actors": ("actor_share", "actor"),
    "frames": ("coded_share", "cue_rate", "paragraph_length"),
    "voices": ("tone",),
}
WORDING = {
    "most_frequent": "Function words aside, the most frequent word of {target} is “{what}”.",
    "word": "{target} uses “{what}” more than {other}.",
    "actor": "{what} is named in a larger part of the sentences of {target} than of {other}.",
    "actor_share": "{what} has a larger part of the mentions of its kind in {target} than in {other}.",
    "coded_share": "Readers found “{what}” in a larger part of the paragraphs of {target} than of {other}.",
    "cue_rate": "Cues of “{what}” stand in a larger part of the paragraphs of {target} than of {other}.",
    "tone": "Words of the list “{what}” stand in a larger part of the sentences of {target} than of {other}.",
    "paragraph_length": "The paragraphs of {target} are longer than those of {other}.",
}
USUAL = 5  # occurrences, before a word is taken for a finding
SHOWN = 3  # sources of which a word is proposed, those with the most words


def findings_of(study: Study, chapter: str) -> pd.DataFrame:
    """Return the findings of a chapter: those that the study declares, or else those that its numbers propose.

    Parameters
    ----------
    study : Study
        With all documents, the context documents included.
    chapter : str
        One of `FAMILIES`.

    Returns
    -------
    pandas.DataFrame
        The columns of `read_findings`, and ``declared``, whether the study declares them.

    Raises
    ------
    StudyError
        There is no such chapter, or something is wrong with what the study declares.

    Notes
    -----
    A proposed finding is the largest difference of its kind. What was chosen for being large would be smaller in other
    documents, so it is worth less than one that was declared before it was computed. Words are proposed only where the
    study lists its function words, for otherwise these would be.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = findings_of(load(), "words")
    >>> bool(table["measure"].isin(["word", "most_frequent"]).all())
    True
    """
    declared = read_findings(study)
    own = declared[declared["measure"].isin(_measures_of(chapter))]
    if len(own):
        return own.reset_index(drop=True).assign(declared=True)
    return proposed_findings(study, chapter).assign(declared=False)


def proposed_findings(study: Study, chapter: str) -> pd.DataFrame:
    """Return the largest difference between a source and all others by each measure of a chapter.

    Parameters
    ----------
    study : Study
        With all documents, the context documents included.
    chapter : str
        One of `FAMILIES`.

    Returns
    -------
    pandas.DataFrame
        The columns of `read_findings`; ``reference`` is empty, for all other sources.

    Raises
    ------
    StudyError
        There is no such chapter.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = proposed_findings(load(), "words")
    >>> bool(table["reference"].eq("").all())
    True
    """
    rows = [row for measure in _measures_of(chapter) for row in PROPOSE[measure](study, measure)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def _measures_of(chapter: str) -> tuple[str, ...]:
    """The measures of a chapter, if there is such a chapter."""
    if chapter not in FAMILIES:
        raise unknown("chapter", chapter, FAMILIES)
    return FAMILIES[chapter]


def _row(measure: str, what: str, target: str, sources: list[str], called: str = "") -> tuple[str, ...]:
    """A row of ``findings.csv`` that holds a source against all others; `called` is how a sentence names `what`."""
    others = [source for source in sources if source != target]
    other = others[0] if len(others) == 1 else "the other sources"
    statement = WORDING[measure].format(what=called or what, target=target, other=other)
    name = regex.sub(r"\W+", "-", f"{measure}-{what}-{target}".casefold()).strip("-")
    return name, statement, measure, what, target, "", "source"


def _largest(study: Study, measure: str) -> Iterator[tuple[str, ...]]:
    """The largest difference between a source and the others, of all things that the measure knows."""
    sources = _sources(study)
    known = dict.fromkeys(KNOWN[measure](study))
    titles = {code: title for table in (study.frames, study.functions) for code, title in table.iloc[:, :2].to_numpy()}
    rows = [_row(measure, what, source, sources, titles.get(what, "")) for what in known for source in sources]
    tried = pd.DataFrame(rows, columns=list(COLUMNS))
    found = counts(study, tried)
    difference = found["target_count"] / found["target_size"] - found["reference_count"] / found["reference_size"]
    if difference.gt(0).any():
        yield tuple(tried.loc[difference.idxmax()])


def _coded(study: Study, measure: str) -> Iterator[tuple[str, ...]]:
    """The same, if readers have coded the study."""
    return _largest(study, measure) if len(read_codings(study)) else iter(())


def _words(study: Study, measure: str) -> Iterator[tuple[str, ...]]:
    """For each large source the content word whose rate differs most from that in the others."""
    terms, each, groups = _content(study)
    usual = each.sum(axis=1) >= USUAL
    for column, source in enumerate(groups[:SHOWN]):
        rest = np.delete(each, column, axis=1).sum(axis=1)
        difference = each[:, column] / each[:, column].sum() - rest / max(rest.sum(), 1)
        if (usual & (difference > 0)).any():
            yield _row(measure, terms[np.where(usual, difference, -1).argmax()], source, groups)


def _most_frequent(study: Study, measure: str) -> Iterator[tuple[str, ...]]:
    """The most frequent content word of each large source, if no other is as frequent."""
    terms, each, groups = _content(study)
    for column, source in enumerate(groups[:SHOWN]):
        second, first = np.sort(np.append(each[:, column], [0, 0]))[-2:]
        if first > second:
            yield _row(measure, terms[each[:, column].argmax()], source, groups)


def _sources(study: Study) -> list[str]:
    """The sources of the documents about the subject that have words, the one with the most words first."""
    subject = study.documents[(study.documents["role"] != "context") & (study.documents["tokens"] > 0)]
    return subject.groupby("source")["tokens"].sum().sort_values(ascending=False, kind="stable").index.tolist()


def _content(study: Study) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """The content words, how often each stands in each source, and the sources; none without a list of the others."""
    subject, groups = select(study, role="ties"), _sources(study) if study.stop_words else []
    terms, each = document_counts(subject.index)
    content = ~np.isin(terms, list(study.stop_words))
    of_source = [(subject.documents["source"] == source).to_numpy() for source in groups]
    counted = [each[content][:, own].sum(axis=1) for own in of_source]
    return terms[content], np.stack(counted, axis=1) if groups else np.empty((0, 0)), groups


PROPOSE: dict[str, Callable[[Study, str], Iterator[tuple[str, ...]]]] = {
    "most_frequent": _most_frequent,
    "word": _words,
    "actor_share": _largest,
    "actor": _largest,
    "coded_share": _coded,
    "cue_rate": _largest,
    "paragraph_length": _largest,
    "tone": _largest,
}
