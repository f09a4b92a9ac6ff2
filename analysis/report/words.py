"""The chapter Words: its tables, and what its figures show in words."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Study
from analysis.corpus.numbers import count
from analysis.measures.inference import LEVEL, Sides
from analysis.measures.keyness import keyness
from analysis.measures.terms import frequency
from analysis.report.groups import gate
from analysis.report.prose import OF_FILES, Finding, listing
from analysis.report.statements import statements

RARE = 5  # occurrences, fewer than which a term is in no figure
ENDS = 10  # terms shown from either end
LEADING = 3  # terms shown of each document


def words_findings(study: Study, subject: Study) -> dict[str, Finding | str]:
    """Return what the chapter finds: the study’s findings on words, and what a comparison of its sources can carry."""
    verdict = gate(subject)
    none = Finding(_none(study), sure=verdict if study.stop_words else OF_FILES)
    found = statements(study, "words") or {"words_none": none}
    return found | {"words_verdict": verdict}


def _none(study: Study) -> str:
    """Why there is no finding."""
    if not study.stop_words:
        return "The study lists no function words (stopwords.txt), so no word can be taken for telling."
    return f"No content word stands {RARE} times in one source and at a higher rate than in the others."


def usual_terms(subject: Study, sides: Sides) -> pd.DataFrame:
    """Return the keyness of the content words that are not rare, from those of the target to those of the others."""
    keys = keyness(subject, target=sides.target, reference=sides.reference)
    usual = keys[~keys["term"].isin(subject.stop_words) & (keys["count_target"] + keys["count_reference"] >= RARE)]
    return usual.sort_values(["log_ratio", "term"], ascending=[False, True], ignore_index=True)


def both_ends(usual: pd.DataFrame) -> pd.DataFrame:
    """Return the terms that lean most to either side; all, if they are few."""
    return usual if len(usual) <= 2 * ENDS else pd.concat([usual.head(ENDS), usual.tail(ENDS)])


def leanings(usual: pd.DataFrame, sides: Sides, most: int) -> str:
    """Return in words which terms lean most to either side, for those who do not see a figure."""
    toward, away = usual["term"].head(most), usual["term"][::-1].head(most)
    return f"Leaning most to {sides.target}: {listing(toward)}. Leaning most to {sides.other}: {listing(away)}."


def key_terms(subject: Study) -> pd.DataFrame:
    """Return for each source that has words the content words that lean most to it, against all others.

    Returns
    -------
    pandas.DataFrame
        ``source`` and the columns of `measures.keyness.keyness`, up to ten rows a source.
    """
    tables = []
    for source in sorted(set(subject.documents.loc[subject.documents["tokens"] > 0, "source"])):
        usual = usual_terms(subject, Sides(source, None, ""))
        tables.append(usual[usual["log_ratio"] > 0].head(ENDS).assign(source=source))
    return pd.concat(tables, ignore_index=True)


def reach(subject: Study, sides: Sides, test: pd.DataFrame) -> str:
    """Return in a sentence what a test of the two sides shows, or why there is none; from `keyness.keyness_test`."""
    if test.empty:
        return f"No word stands {RARE} times in the documents, so none is tested."
    ways, floor = int(test["relabellings"].iloc[0]), test["p_floor"].iloc[0]
    documents = count(int((subject.documents["tokens"] > 0).sum()), "document")
    if test["p"].notna().any():
        found = int((test["q"] <= LEVEL).sum())
        return (
            f"In {ways:,} ways to say which of the {documents} are those of {sides.target}, {count(found, 'word')} of "
            f"{len(test):,} {'differs' if found == 1 else 'differ'} more than chance would let them, at most one in "
            "twenty of them falsely so."
        )
    least = f"The smallest p-value that such a comparison can give is {floor:.2f}"
    few = least if floor > LEVEL else "A test needs four documents on each side"
    return (
        f"There are {count(ways, 'way')} to say which of the {documents} are those of {sides.target}. {few}, so none "
        "is given, and no interval."
    )


def content_words(study: Study, *, by: str, ngram: int = 1) -> pd.DataFrame:
    """Return the counts of content words, or of n-grams of content words: a row each, a column for each group.

    Returns
    -------
    pandas.DataFrame
        ``term`` and a column for each group, those terms first that stand most often in all.
    """
    table = frequency(study, by=by, ngram=ngram)
    words = table["term"].str.split(" ").explode()
    function = words.isin(study.stop_words).groupby(level=0).any()
    wide = table[~function].pivot(index="term", columns="group", values="count").fillna(0).astype(int)
    wide = wide.loc[wide.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    return wide.reset_index().rename_axis(columns=None)


def leading_terms(study: Study) -> pd.DataFrame:
    """Return the words by which each document stands out: those of the highest TF-IDF.

    Returns
    -------
    pandas.DataFrame
        ``doc_id``, ``term``, ``count``, ``tf_idf``, by document and falling TF-IDF.
    """
    table = frequency(study, by="document")
    table = table[~table["term"].isin(study.stop_words)].sort_values(["tf_idf", "term"], ascending=[False, True])
    chosen = table.groupby("group", sort=False).head(LEADING).rename(columns={"group": "doc_id"})
    order = chosen["doc_id"].map({doc_id: n for n, doc_id in enumerate(study.documents["doc_id"])})
    chosen = chosen.assign(order=order).sort_values("order", kind="stable", ignore_index=True)
    return chosen[["doc_id", "term", "count", "tf_idf"]]
