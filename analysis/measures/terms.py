"""Frequencies of terms and n-grams."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.corpus import Study, group_matrix
from analysis.corpus.index import count_terms


def frequency(study: Study, *, by: str = "source", ngram: int = 1) -> pd.DataFrame:
    """How often each term stands in each group.

    Parameters
    ----------
    study : Study
    by : str
        ``source``, ``year``, ``document`` or another column of the documents table.
    ngram : int
        How many words a term has, 1 to 5. The words stand next to each other within one sentence.

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
        - ``tf_idf``: count times ln(D / d), with d of all D documents holding the term: 0 for a term of every document

    Raises
    ------
    StudyError
        An unknown grouping or a length outside 1 to 5.

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
            "tf_idf": cells.data * np.log(len(study.documents) / spread[term]),
        }
    )
    table = table.sort_values(["group", "count", "term"], ascending=[True, False, True], ignore_index=True)
    table["rank"] = table.groupby("group")["count"].rank(method="min", ascending=False).astype(int)
    return table[["term", "group", "count", "per_10k", "documents", "tokens", "rank", "tf_idf"]]
