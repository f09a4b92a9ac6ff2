"""Topics: groups of words that stand together in the same paragraphs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus import Study
from analysis.errors import OptionError, Problem, StudyError


class Topics(NamedTuple):
    """A topic model.

    Attributes
    ----------
    terms : pandas.DataFrame
        ``topic``, counted from 1; ``rank``; ``term``; ``weight``, its part of the topic (0 to 1). All terms of each
        topic with a weight above 0, by falling weight.
    paragraphs : pandas.DataFrame
        ``doc_id``; ``paragraph``; ``topic``; ``share``, the topic's part of the paragraph (0 to 1, summing to 1).
        A paragraph without any of the model's terms is left out.
    """

    terms: pd.DataFrame
    paragraphs: pd.DataFrame


def fit_topics(study: Study, *, topics: int = 4, min_paragraphs: int = 2, random_state: int = 0) -> Topics:
    """Fit topics to paragraphs by non-negative matrix factorisation of TF-IDF weights.

    Parameters
    ----------
    study : Study
    topics : int
        How many topics.
    min_paragraphs : int
        Leave out terms that stand in fewer paragraphs. Stop words and numbers are left out too.
    random_state : int
        Seed of the random start.

    Returns
    -------
    Topics

    Raises
    ------
    StudyError
        There are fewer paragraphs or terms than topics.

    Notes
    -----
    The matrix X of TF-IDF weights, paragraphs by terms, is approximated by W H with W, H ≥ 0 [1]_. Rows of H are
    scaled to sum to 1 and W by the inverse, so that a row of W, divided by its sum, holds the shares of a paragraph.

    References
    ----------
    .. [1] Lee, D. D. & Seung, H. S. (1999). Learning the parts of objects by non-negative matrix factorization.
       Nature, 401, 788–791.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> model = fit_topics(load(), topics=2)
    >>> bool(np.allclose(model.paragraphs.groupby(["doc_id", "paragraph"])["share"].sum(), 1))
    True
    """
    from scipy.sparse import coo_array
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfTransformer

    index = study.index
    shape = len(study.paragraphs), len(index.terms)
    counts = coo_array((np.ones(len(index.ids)), (index.paragraphs, index.ids)), shape=shape).tocsr()
    counts.sum_duplicates()
    is_content = np.array([t not in study.stop_words and any(map(str.isalpha, t)) for t in index.terms], bool)
    columns = np.flatnonzero(is_content & (np.bincount(counts.indices, minlength=shape[1]) >= min_paragraphs))
    if topics < 1:
        raise OptionError(Problem("topics", f"{topics} is not a number of topics", "Give 1 or more."))
    if not 0 <= random_state < 2**32:
        raise OptionError(Problem("random_state", f"{random_state} is not a seed", "Give 0 to 4294967295."))
    if min(shape[0], len(columns)) < topics:
        what = f"there are {shape[0]} paragraphs and {len(columns)} terms for {topics} topics"
        raise StudyError(Problem("topics", what, "Ask for fewer topics, or give more text."))
    weights = TfidfTransformer().fit_transform(counts[:, columns])
    model = NMF(topics, init="nndsvda", random_state=random_state, max_iter=2000, tol=1e-6)
    of_paragraph = model.fit_transform(weights)
    of_term = model.components_
    size = of_term.sum(axis=1)
    of_paragraph, of_term = of_paragraph * size, of_term / np.where(size > 0, size, 1)[:, None]
    order = np.argsort(-of_paragraph.sum(axis=0), kind="stable")
    return Topics(
        _term_table(of_term[order], index.terms[columns]),
        _paragraph_table(of_paragraph[:, order], study.paragraphs),
    )


def topic_labels(model: Topics, *, words: int = 6) -> pd.Series:
    """Return the leading words of each topic, joined by commas; the index is the topic's number."""
    return model.terms[model.terms["rank"] <= words].groupby("topic")["term"].agg(", ".join)


def dominant_documents(model: Topics) -> pd.DataFrame:
    """Return, for each topic, the document that holds most of it, and how much: a topic may just be an article.

    Returns
    -------
    pandas.DataFrame
        ``topic``; ``doc_id``; ``share_of_topic``, 0 to 1; ``paragraphs`` of that document.
    """
    sums = model.paragraphs.groupby(["topic", "doc_id"])["share"].agg(["sum", "size"]).reset_index()
    sums["share_of_topic"] = sums["sum"] / sums.groupby("topic")["sum"].transform("sum")
    top = sums.loc[sums.groupby("topic")["share_of_topic"].idxmax()].rename(columns={"size": "paragraphs"})
    return top[["topic", "doc_id", "share_of_topic", "paragraphs"]].reset_index(drop=True)


def _term_table(weights: np.ndarray, terms: np.ndarray) -> pd.DataFrame:
    rows = [
        (topic, rank, terms[column], row[column])
        for topic, row in enumerate(weights, start=1)
        for rank, column in enumerate(np.argsort(-row, kind="stable"), start=1)
        if row[column] > 0
    ]
    return pd.DataFrame(rows, columns=["topic", "rank", "term", "weight"])


def _paragraph_table(weights: np.ndarray, paragraphs: pd.DataFrame) -> pd.DataFrame:
    total = weights.sum(axis=1)
    some = np.flatnonzero(total > 0)
    shares = pd.DataFrame(weights[some] / total[some, None], columns=range(1, weights.shape[1] + 1))
    table = paragraphs.iloc[some][["doc_id", "paragraph"]].reset_index(drop=True).join(shares)
    table = table.melt(["doc_id", "paragraph"], var_name="topic", value_name="share").astype({"topic": int})
    return table.sort_values(["doc_id", "paragraph", "topic"], ignore_index=True)
