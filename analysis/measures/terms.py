"""Frequencies of terms and n-grams."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study, group_matrix
from analysis.corpus.counting import count_terms, document_counts
from analysis.measures.inference import TEST_MINIMUM
from analysis.measures.resampling import bootstrap_interval, check_draws


def frequency(
    study: Study,
    *,
    by: str = "source",
    ngram: int = 1,
    interval: bool = False,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """How often each term stands in each group.

    Parameters
    ----------
    study : Study
    by : str
        ``source``, ``year``, ``month``, ``document`` or another column of the documents table.
    ngram : int
        How many words a term has, 1 to 5. The words stand next to each other within one sentence.
    interval : bool
        Whether to say how sure each rate is.
    resamples, confidence, random_state
        For the interval: how often documents are drawn again, how much of the draws it holds, and where the draw
        begins; the same number gives the same result.

    Returns
    -------
    pandas.DataFrame
        One row per term and group in which it occurs, by group and falling count.

        - ``term``: the n-gram, its words joined by a space
        - ``group``
        - ``count``: how often it occurs
        - ``per_10k``: count per 10,000 tokens of the group
        - ``documents``: in how many documents of the group it occurs
        - ``tokens``: tokens of the group
        - ``rank``: 1 for the most frequent term of the group; equal counts share the lower number
        - ``tf_idf``: count times ln(D / d), with d of the D documents with words in them holding the term: 0 for a term
          of every such document
        - ``low``, ``high``: with `interval`, the range in which ``per_10k`` lies when whole documents of the group are
          drawn again [1]_; missing for a group of fewer than 4 documents with a word

    Raises
    ------
    StudyError
        An unknown grouping or a length outside 1 to 5, or a number of resamples or a confidence that makes no sense.

    Notes
    -----
    The interval speaks of documents like these, drawn by chance; those of a dossier seldom are. It is of percentiles,
    too narrow with few documents, and begins at 0 for most terms that stand in few of them.

    References
    ----------
    .. [1] Efron, B. & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = frequency(load(), by="document", ngram=2)
    >>> bool((table["count"] >= table["documents"]).all())
    True
    """
    groups, members = group_matrix(study, by)
    sizes = study.documents["tokens"].to_numpy() @ members
    terms, counts, documents = count_terms(study.index, members, ngram)
    cells, spread = counts.tocoo(), documents.sum(axis=1)
    term, group = cells.coords
    table = pd.DataFrame(
        {
            "term": terms[term],
            "group": groups[group],
            "count": cells.data,
            "documents": documents.data,
            "tokens": sizes[group],
            "per_10k": 1e4 * cells.data / sizes[group],
            "tf_idf": cells.data * np.log((study.documents["tokens"] > 0).sum() / spread[term]),
        }
    )
    table = table.sort_values(["group", "count", "term"], ascending=[True, False, True], ignore_index=True)
    table["rank"] = table.groupby("group")["count"].rank(method="min", ascending=False).astype(int)
    columns = ["term", "group", "count", "per_10k", "documents", "tokens", "rank", "tf_idf"]
    if interval:
        check_draws(resamples, confidence, random_state)
        drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
        table, columns = (
            table.merge(_intervals(study, members, groups, ngram, drawn), how="left"),
            [*columns, "low", "high"],
        )
    return table[columns]


def _intervals(study: Study, members: csr_array, groups: np.ndarray, ngram: int, drawn: dict) -> pd.DataFrame:
    """The interval of each term's rate in each group that has documents enough."""
    terms, counts = document_counts(study.index, ngram)
    tokens = study.documents["tokens"].to_numpy(float)
    nothing = pd.DataFrame({"term": [], "group": [], "low": [], "high": []})
    tables = [nothing.astype({"term": "str", "group": "str", "low": float, "high": float})]
    with_words = csr_array((tokens > 0)[:, None]).multiply(members).tocsc()
    for column, group in enumerate(groups):
        member = with_words[:, [column]].toarray().ravel() > 0
        if member.sum() >= TEST_MINIMUM:
            low, high = bootstrap_interval(counts, groups=[member], tokens=tokens, statistic=_per_10k, **drawn)
            tables.append(pd.DataFrame({"term": terms, "group": group, "low": low, "high": high}))
    return pd.concat(tables)


def _per_10k(count: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    return 1e4 * count / tokens
