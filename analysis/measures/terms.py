"""Frequencies of terms and n-grams."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.corpus import Study, group_labels
from analysis.corpus.index import document_counts


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
    groups, group_of_document = np.unique(group_labels(study, by).to_numpy(str), return_inverse=True)
    terms, counts = document_counts(study.index, ngram)
    sizes = np.bincount(group_of_document, weights=study.documents["tokens"], minlength=len(groups)).astype(int)
    table = counts.assign(group=group_of_document[counts["document"]])
    table = table.groupby(["term", "group"], as_index=False).agg(count=("count", "sum"), documents=("count", "size"))
    tokens = sizes[table["group"]]
    spread = np.bincount(counts["term"], minlength=len(terms))[table["term"]]
    table = table.assign(
        tf_idf=table["count"] * np.log(len(study.documents) / spread),
        term=terms[table["term"]],
        group=groups[table["group"]],
        tokens=tokens,
        per_10k=1e4 * table["count"] / tokens,
    )
    table = table.sort_values(["group", "count", "term"], ascending=[True, False, True], ignore_index=True)
    table["rank"] = table.groupby("group")["count"].rank(method="min", ascending=False).astype(int)
    return table[["term", "group", "count", "per_10k", "documents", "tokens", "rank", "tf_idf"]]
