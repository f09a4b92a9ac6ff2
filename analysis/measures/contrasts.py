"""Contrasts of groups of documents, in all documents and within sources, with a verdict in words on each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from math import comb, prod

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study
from analysis.measures.divergence import OUT, contrast, divergences
from analysis.measures.inference import DRIFT_MINIMUM, LEVEL, lopsided_verdict, size_verdict
from analysis.measures.periods import in_order
from analysis.measures.resampling import false_discovery

FEW = 6  # groups of which all pairs are compared
MATCHED = 99  # draws of as many documents from each group
ALL, SAME = "all documents", "same sources"
COLUMNS = ["contrast", "slice", "divergence", "null_mean", "excess", "matched", "matched_documents", "p", "p_floor"]
COLUMNS += ["q", "relabellings", "documents_a", "documents_b", "documents", "tokens", "verdict"]


def compare(
    study: Study, counts: csr_array, labels: pd.Series, *, within: bool, unplaced: int, **drawn: int
) -> pd.DataFrame:
    """Compare groups of documents in every slice; `with_verdicts` then makes the table of `drift.drift` of it.

    Parameters
    ----------
    study : Study
    counts : csr_array, shape (kinds, documents)
    labels : pandas.Series of str, shape (documents,)
        The group of each document; missing for one that is in none.
    within : bool
        Whether to look within sources, too.
    unplaced : int
        How many documents that have something to count are in no group.
    **drawn
        ``order``, ``permutations`` and ``random_state``, as `divergence.contrast` takes them.
    """
    documents = study.documents.assign(group=labels, stratum=study.documents["source"] if within else "")
    documents = documents[documents["group"].notna()]
    slices, of_documents, rows = {ALL: documents}, counts.tocsc(), []
    if documents["stratum"].nunique() > 1:
        slices |= {SAME: documents}
        slices |= {f"only {s}": own for s, own in documents.groupby("stratum") if own["group"].nunique() > 1}
    for part, of_part in slices.items():
        smallest = int(of_part["group"].value_counts().min())
        for chosen in group_contrasts(in_order(of_part["group"])):
            members = of_part[of_part["group"].isin(chosen)]
            row = _row(members, of_documents[:, members.index].tocsr(), chosen, smallest, part == SAME, drawn)
            rows.append({"contrast": contrast_name(chosen), "slice": part, "unplaced": unplaced, **row})
    return pd.DataFrame(rows).astype({"documents_a": "Int64", "documents_b": "Int64"})


def with_verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """Return the contrasts with q-values, one family to a slice, and what they come to in words."""
    table = table.assign(q=table.groupby("slice", sort=False)["p"].transform(false_discovery))
    same = table[table["slice"] == SAME].set_index("contrast")
    table["verdict"] = [
        " ".join(filter(None, [row.gate, _found(row, same), row.lopsided, _left_out(row.unplaced)]))
        for row in table.itertuples()
    ]
    return table[COLUMNS]


def group_contrasts(groups: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the pairs of groups that are compared; and all at once, where there are more than two."""
    if len(groups) <= FEW:
        yield from combinations(groups, 2)
    else:
        yield from zip(groups, groups[1:])
        yield groups[0], groups[-1]
    if len(groups) > 2:
        yield tuple(groups)


def contrast_name(groups: tuple[str, ...]) -> str:
    """Return what a contrast is called."""
    return " – ".join(groups) if len(groups) == 2 else "all"


def _row(
    members: pd.DataFrame, counts: csr_array, chosen: tuple[str, ...], smallest: int, same: bool, drawn: dict
) -> dict:
    """One contrast: some documents, what is counted in them, their groups in order."""
    group = pd.Categorical(members["group"], chosen).codes.astype(np.int16)
    stratum = pd.factorize(members["stratum"])[0] if same else np.zeros(len(group), int)
    found = contrast(counts, group, strata=stratum, **drawn)
    sizes = np.bincount(group)
    of_strata = np.bincount(stratum * len(chosen) + group, minlength=(stratum.max() + 1) * len(chosen))
    of_strata = of_strata.reshape(-1, len(chosen))
    others = of_strata.sum(axis=1, keepdims=True) - of_strata
    counted = np.minimum(of_strata, others).sum(axis=0) if same else sizes  # as many as can exchange their labels
    matched = divergences(counts, _matched(group, smallest, drawn["random_state"]), order=drawn["order"])
    pair = sizes.tolist() if len(sizes) == 2 else [None, None]
    of = "documents to exchange labels with others of the same source" if same else "documents"
    return {
        **found._asdict(),
        "excess": found.divergence - found.null_mean,
        "p": found.p if counted.min() >= DRIFT_MINIMUM else np.nan,
        "matched": matched.mean(),
        "matched_documents": smallest,
        "documents_a": pair[0],
        "documents_b": pair[1],
        "documents": len(members),
        "tokens": members["tokens"].sum(),
        "fixed": not counted.any(),
        "gate": size_verdict(pd.Series(counted, chosen), DRIFT_MINIMUM, of=of),
        "lopsided": lopsided_verdict(members.set_index("doc_id")["tokens"], members["group"].to_numpy()),
    }


def _found(row: tuple, same: pd.DataFrame) -> str:
    """What a test says; and whether that may be for the sources."""
    within = same.loc[row.contrast] if row.slice == ALL and row.contrast in same.index else None
    if within is not None and within["fixed"]:
        return "No source has documents in two of the groups: time and source cannot be told apart."
    if np.isnan(row.q):
        return ""
    if row.q > LEVEL:
        return "No farther apart than chance."
    if within is None or within["q"] <= LEVEL:
        return "Farther apart than chance."
    if np.isnan(within["q"]):
        return "Farther apart than chance; whether also within the same sources, too few documents can tell."
    return "Farther apart than chance, but not shown among documents of the same sources: sources may have changed."


def _left_out(unplaced: int) -> str:
    verb = "is" if unplaced == 1 else "are"
    return f"{unplaced} whose group cannot be told {verb} left out." if unplaced else ""


def _matched(group: np.ndarray, size: int, random_state: int) -> np.ndarray:
    """Labellings in which only so many documents of each group are left: all there are, if these are few."""
    members = [np.flatnonzero(group == one) for one in range(group.max() + 1)]
    if prod(comb(len(own), size) for own in members) <= MATCHED:
        kept = [np.concatenate(parts) for parts in product(*(combinations(own, size) for own in members))]
    else:
        draw = np.random.default_rng(random_state)
        kept = [np.concatenate([draw.choice(own, size, replace=False) for own in members]) for _ in range(MATCHED)]
    labels = np.full((len(kept), len(group)), OUT, np.int16)
    for row, rows in enumerate(kept):
        labels[row, rows] = group[rows]
    return labels
