"""The same article twice, from another page, under another title, or with other quotation marks: counted once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.corpus.index import Index

SHINGLE = 5  # words
COPY = 0.7  # of the shorter document's shingles in the other one: then one is a copy of the other
SAME = 0.8  # shared shingles per shingle of either: then they are nearly equal
SHORTEST = 20  # different shingles of a document that may be a copy: fewer can be chance
NO_COPY = "none"  # in `duplicate_of`: counted whatever it shares
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits mixed


def near_duplicates(index: Index, documents: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Find pairs of documents that share most of their text, and settle which of the two counts.

    What `duplicate_of` says goes. Where it is empty, the document of a pair counts whose role is ``ties``; of two such,
    or of none, the longer one; of two that are nearly equal, the earlier; and else the first.

    Parameters
    ----------
    index : Index
        All documents, copies too.
    documents : pandas.DataFrame
        ``doc_id``, ``duplicate_of``, ``role`` and ``date_from``.

    Returns
    -------
    pairs : pandas.DataFrame
        One row per pair, most alike first.

        - ``doc_id``, ``other_id``: the two documents, in the study's order
        - ``containment``: the part of the shorter document's runs of five words that stand in the other, 0 to 1
        - ``jaccard``: shared runs per run that stands in either, 0 to 1
        - ``shared``, ``shorter``: how many runs are shared, and how many the shorter document has
        - ``counted``: the one that counts, or both, or neither where a third does
        - ``recorded``: whether `duplicate_of` says so
    copies : dict of str
        The documents that are not counted, each with the one that counts in its place.

    Notes
    -----
    Documents are compared by containment of their shingles [1]_, counted exactly for every pair that can reach
    70 %. Case, punctuation and quotation marks make no difference, since the runs are of terms. A document of fewer
    than 20 different runs is never taken for a copy.

    References
    ----------
    .. [1] Broder, A. Z. (1997). On the resemblance and containment of documents. Proceedings of Compression and
       Complexity of Sequences, 21–29.
    """
    pairs = _overlaps(index, len(documents))
    ids = documents["doc_id"].to_numpy()
    pairs.insert(0, "doc_id", ids[pairs.pop("first")])
    pairs.insert(1, "other_id", ids[pairs.pop("second")])
    copies, chosen = _choose(pairs, index, documents), dict(zip(ids, documents["duplicate_of"]))
    couples = list(zip(pairs["doc_id"], pairs["other_id"]))
    pairs["counted"] = [", ".join(d for d in couple if d not in copies) or "neither" for couple in couples]
    pairs["recorded"] = [all(chosen[d] for d in couple if d in copies) for couple in couples]
    order = {"by": ["containment", "doc_id", "other_id"], "ascending": [False, True, True]}
    return pairs.sort_values(**order, ignore_index=True), copies


def _choose(pairs: pd.DataFrame, index: Index, documents: pd.DataFrame) -> dict[str, str]:
    """The copies, each with the document that counts: as recorded, else the first by role, length and date."""
    chosen = dict(zip(documents["doc_id"], documents["duplicate_of"]))
    tokens = dict(zip(chosen, np.diff(index.document_bounds).tolist()))
    partners: dict[str, list[str]] = {doc_id: [] for doc_id in chosen}
    length = tokens.copy()  # of nearly equal documents, that of the longest
    for doc_id, other, jaccard in zip(pairs["doc_id"], pairs["other_id"], pairs["jaccard"]):
        partners[doc_id].append(other)
        partners[other].append(doc_id)
        for one in (doc_id, other) if jaccard >= SAME else ():
            length[one] = max(length[one], tokens[doc_id], tokens[other])
    order = pd.DataFrame(
        {
            "named": documents["doc_id"].isin(set(documents["duplicate_of"])),  # what a choice names counts
            "subject": documents["role"] == "ties",
            "length": documents["doc_id"].map(length),
            "date": documents["date_from"].replace("", "9999"),
        }
    ).sort_values(["named", "subject", "length", "date"], ascending=[False, False, False, True], kind="stable")
    copies, counted = {}, set()
    for doc_id in documents["doc_id"].loc[order.index]:
        choice = chosen[doc_id] or next((other for other in partners[doc_id] if other in counted), NO_COPY)
        if choice == NO_COPY:
            counted.add(doc_id)
        else:
            copies[doc_id] = choice
    return copies


def _overlaps(index: Index, documents: int) -> pd.DataFrame:
    """How many runs each pair of documents shares, for the pairs in which that is most of one of them."""
    document, run = _shingles(index)
    _, run, spread = np.unique(run, return_inverse=True, return_counts=True)
    size = np.bincount(document, minlength=documents)
    elsewhere = np.bincount(document, spread[run] > 1, minlength=documents)
    candidates = np.flatnonzero((elsewhere >= COPY * size) & (size >= SHORTEST))
    first = second = shared = np.zeros(0, int)
    if len(candidates):
        from scipy.sparse import csr_array

        holds = csr_array((np.ones(len(run), np.int64), (document, run)), shape=(documents, len(spread)))
        common = (holds[candidates] @ holds.T).tocoo()
        left, right, shared = candidates[common.row], common.col, common.data
        shorter = np.minimum(size[left], size[right])
        alike = (left != right) & (shared >= COPY * shorter) & (shorter >= SHORTEST)
        couples = np.stack([np.minimum(left, right), np.maximum(left, right), shared])[:, alike]
        first, second, shared = np.unique(couples, axis=1)
    shorter = np.minimum(size[first], size[second])
    jaccard = shared / (size[first] + size[second] - shared)
    return pd.DataFrame(
        {"first": first, "second": second, "containment": shared / shorter, "jaccard": jaccard, "shared": shared,
         "shorter": shorter}
    )  # fmt: skip


def _shingles(index: Index) -> tuple[np.ndarray, np.ndarray]:
    """The distinct runs of five terms of each document: its row, and a 64-bit hash."""
    last = max(len(index.ids) - SHINGLE + 1, 0)
    within = index.documents[:last] == index.documents[SHINGLE - 1 :][:last]
    run = np.zeros(last, np.uint64)
    for offset in range(SHINGLE):
        run = (run + index.ids[offset : offset + last].astype(np.uint64) + np.uint64(1)) * MULTIPLIER
    order = np.lexsort((run[within], index.documents[:last][within]))
    document, run = index.documents[:last][within][order], run[within][order]
    new = np.ones(len(run), bool)
    new[1:] = (np.diff(document) != 0) | (np.diff(run) != 0)
    return document[new], run[new]
