"""Near-duplicates: the same article twice, from another page, under another title, or with other quotation marks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.corpus import COPY_RULE, Study
from analysis.corpus.index import term, tokenise

SHINGLE = 5  # words
PERMUTATIONS = 128
COPY = 0.7  # of the shorter document's shingles in the other one: then one is a copy of the other
COLUMNS = ["doc_id", "other_id", "containment", "jaccard", "shared", "shorter", "recorded"]


def near_duplicates(study: Study) -> pd.DataFrame:
    """Find pairs of documents that share most of their text.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per pair, most alike first.

        - ``doc_id``, ``other_id``: the two documents, in the study's order
        - ``containment``: the part of the shorter document's runs of five words that stand in the other, 0 to 1
        - ``jaccard``: shared runs per run that stands in either, 0 to 1
        - ``shared``, ``shorter``: how many runs are shared, and how many the shorter document has
        - ``recorded``: whether `duplicate_of` says which of the two counts

    Notes
    -----
    Candidates are found by MinHash signatures [1]_ in bands (datasketch, 128 permutations); their overlap is then
    counted exactly. Case, punctuation and quotation marks make no difference, since the runs are of terms. A pair of
    very different lengths, such as an excerpt of a few sentences from a long article, may be missed.

    References
    ----------
    .. [1] Broder, A. Z. (1997). On the resemblance and containment of documents. Proceedings of Compression and
       Complexity of Sequences, 21–29.
    """
    from datasketch import MinHash, MinHashLSH

    shingles = _shingles(study)
    lookup = MinHashLSH(threshold=0.3, num_perm=PERMUTATIONS)
    rows = []
    order = {doc_id: row for row, doc_id in enumerate(study.documents["doc_id"])}
    chosen = dict(zip(study.documents["doc_id"], study.documents["duplicate_of"]))
    for doc_id, runs in shingles.items():
        signature = MinHash(num_perm=PERMUTATIONS, seed=1)
        signature.update_batch(list(runs))
        for other in sorted(lookup.query(signature), key=order.get):
            shared = len(runs & shingles[other])
            shorter = min(len(runs), len(shingles[other]))
            if shared >= COPY * shorter:
                recorded = chosen[doc_id] == other or chosen[other] == doc_id
                jaccard = shared / len(runs | shingles[other])
                rows.append((other, doc_id, shared / shorter, jaccard, shared, shorter, recorded))
        lookup.insert(doc_id, signature)
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["containment", "doc_id", "other_id"], ascending=[False, True, True], ignore_index=True)


def _shingles(study: Study) -> dict[str, set[bytes]]:
    """The runs of five terms of each document's body; a shorter body is one run."""
    runs = {}
    for doc_id, terms in _bodies(study):
        last = max(len(terms) - SHINGLE + 1, 1)
        if terms:
            runs[doc_id] = {" ".join(terms[i : i + SHINGLE]).encode() for i in range(last)}
    return runs


def _bodies(study: Study) -> Iterator[tuple[str, list[str]]]:
    """The terms of each document's body; those of a document that is not counted are not in the index."""
    index = study.index
    bounds = np.searchsorted(index.documents, np.arange(len(study.documents) + 1))
    copies = study.spans[study.spans["rule"].str.startswith(COPY_RULE)]
    for doc_id, start, end in zip(study.documents["doc_id"], bounds, bounds[1:]):
        own = copies.loc[copies["doc_id"] == doc_id, ["start", "end"]].itertuples(index=False)
        text = "\n".join(study.texts[doc_id][a:b] for a, b in own)
        yield doc_id, [term(token) for token in tokenise(text)] or index.terms[index.ids[start:end]].tolist()
