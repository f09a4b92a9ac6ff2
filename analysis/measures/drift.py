"""Drift: how far the words or topics of two periods are apart, beyond what chance and a change of sources explain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations, product
from math import comb, prod
from typing import Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study, group_labels
from analysis.corpus.index import document_counts
from analysis.errors import OptionError, Problem, unknown
from analysis.measures.contingency import shannon_contributions
from analysis.measures.divergence import ORDERS, OUT, contrast, divergences
from analysis.measures.inference import DRIFT_MINIMUM, LEVEL, lopsided_verdict, size_verdict
from analysis.measures.periods import amounts, period_labels
from analysis.measures.resampling import false_discovery

FEW = 6  # groups of which all pairs are compared
MATCHED = 99  # draws of as many documents from each group
ALL, SAME = "all documents", "same sources"
COLUMNS = [
    "contrast",
    "slice",
    "divergence",
    "null_mean",
    "excess",
    "matched",
    "matched_documents",
    "p",
    "p_floor",
    "q",
]
COLUMNS += ["relabellings", "documents_a", "documents_b", "documents", "tokens", "verdict"]


def drift(
    study: Study,
    *,
    by: str = "year",
    shares: pd.DataFrame | None = None,
    strata: str = "source",
    order: Literal[1, 2] = 1,
    permutations: int = 999,
    random_state: int = 0,
) -> pd.DataFrame:
    """Ask how far groups of documents, such as years, are apart, and how far chance alone would put them.

    Parameters
    ----------
    study : Study
    by : str
        The grouping: ``year``, ``month``, ``source`` or a column of the documents. A document whose date may lie in
        either of two years or months, or that has none, is in none of them, and the verdict says so.
    shares : pandas.DataFrame, optional
        ``doc_id``, ``topic`` and ``share``, such as `topics.Topics` has for each paragraph: the drift of topics. By
        default that of words.
    strata : str
        The grouping whose mix is held: a change from one source to another is no drift of a source.
    order : {1, 2}
        1 for the Jensen–Shannon divergence in bits, 2 for the one in which frequent words weigh more; see
        `divergence.divergences`.
    permutations, random_state
        How many relabellings are drawn where there are too many for all, and where the draw begins.

    Returns
    -------
    pandas.DataFrame
        One row per contrast and slice.

        - ``contrast``: two groups, ``2016 – 2017``; or ``all``, where there are more than two. Of up to 6 groups all
          pairs are compared; of more, each with the next one, and the first with the last
        - ``slice``: ``all documents``; ``same sources``, in which documents exchange their labels only with others of
          their source; and each source by itself that has documents in more than one of the groups
        - ``divergence``, of the groups as they are; ``null_mean``, its mean if the labels are dealt out anew;
          ``excess``, the first less the second: what is left when chance and the sizes of the groups are taken off
        - ``matched``: the mean divergence when every group has but ``matched_documents`` documents, the number of the
          smallest group in the slice: so contrasts of groups of different size can be compared
        - ``p``: part of the relabellings that put the groups as far apart; missing where a group has fewer than 30
          documents. ``p_floor``: the smallest that the design can give. ``q``: p under control of the false discovery
          rate, over the contrasts of the slice
        - ``relabellings``: how many were tried
        - ``documents_a``, ``documents_b``: of the two groups; ``documents``, ``tokens``: of all that are compared
        - ``verdict``: in words

    Raises
    ------
    StudyError
        An unknown grouping or order, or fewer than two groups.

    Notes
    -----
    The question is whether the documents of one period differ from those of another by more than documents do anyhow.
    So whole documents are relabelled, never paragraphs. If the excess in ``all documents`` is large and that in ``same
    sources`` is not, other sources were writing, and it cannot be said that any wrote differently. Where no source has
    documents in two periods, the two cannot be told apart at all. The test is wrong where documents are not
    exchangeable for another reason, such as many texts on one event.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = drift(load(), by="year")
    >>> bool(table["p"].isna().all()), bool(table["p_floor"].ge(1 / 30).all())
    (True, True)
    """
    labels, unplaced = period_labels(study, by)
    if labels.nunique() < 2:
        what = f"the documents that have one {by} are of {labels.nunique()} group{'s' * (labels.nunique() != 1)}"
        raise OptionError(Problem("by", what, "Choose a grouping with two or more."))
    drawn = {"order": order, "permutations": permutations, "random_state": random_state}
    return _compare(study, amounts(study, shares), labels, "" if by == strata else strata, drawn, unplaced)


def before_and_after(
    study: Study,
    *,
    days: int = 0,
    shares: pd.DataFrame | None = None,
    strata: str = "source",
    order: Literal[1, 2] = 1,
    permutations: int = 999,
    random_state: int = 0,
) -> pd.DataFrame:
    """Compare the documents before and after each entry of the study's timeline, as `drift` compares periods.

    Parameters
    ----------
    study : Study
    days : int
        Take only documents that lie wholly within so many days before or after; 0 takes all.
    shares, strata, order, permutations, random_state
        As in `drift`.

    Returns
    -------
    pandas.DataFrame
        As `drift` gives it, with ``contrast`` the name of the entry; ``documents_a`` are before it and ``documents_b``
        after it. A document whose date may lie on either side, or that is of the same days, is left out. An entry with
        no document on one side has no row.

    Raises
    ------
    StudyError
        An unknown grouping or order.

    Notes
    -----
    What comes after an event need not come from it. Over a long time on either side most differences are others.
    """
    counts, documents = amounts(study, shares), study.documents
    drawn = {"order": order, "permutations": permutations, "random_state": random_state}
    tables = [pd.DataFrame(columns=COLUMNS)]
    for name, begin, end in study.timeline[["name", "date_from", "date_to"]].itertuples(index=False):
        earliest, latest = (_shifted(day, by) if days else "" for day, by in ((begin, -days), (end, days)))
        near = (documents["date_from"] > earliest) & ((documents["date_to"] <= latest) | (latest == ""))
        before, after = near & (documents["date_to"] < begin), near & (documents["date_from"] > end)
        labels = pd.Series(np.where(before, "1 before", "2 after"), documents.index).where(before | after)
        if labels.nunique() == 2:
            rows = _compare(study, counts, labels, strata, drawn, int((near & labels.isna()).sum()))
            tables.append(rows.assign(contrast=name))
    table = pd.concat(tables[1:] or tables, ignore_index=True)
    return table.assign(q=table.groupby("slice", sort=False)["p"].transform(false_discovery))


def _shifted(day: str, days: int) -> str:
    """The day so many days later."""
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def leave_one_out(
    study: Study, *, by: str = "year", shares: pd.DataFrame | None = None, order: Literal[1, 2] = 1
) -> pd.DataFrame:
    """Say how far groups are apart without each single document: a contrast may hang on one article.

    Parameters
    ----------
    study, by, shares, order
        As in `drift`.

    Returns
    -------
    pandas.DataFrame
        One row per contrast and document of it, in the order of the documents: ``contrast``; ``left_out``, its
        ``doc_id``; ``divergence`` with it; ``without`` it, missing if its group is then empty; ``change``.
    """
    counts, (labels, _), tables = amounts(study, shares), period_labels(study, by), []
    for chosen in _contrasts(sorted(labels.dropna().unique())):
        members = np.flatnonzero(labels.isin(chosen))
        group = pd.Categorical(labels.iloc[members], chosen).codes.astype(np.int16)
        without = np.tile(group, (len(members) + 1, 1))
        np.fill_diagonal(without, OUT)  # all of them are in the last row
        found = divergences(counts[:, members], without, order=order)
        of = {"contrast": _name(chosen), "left_out": study.documents["doc_id"].iloc[members], "divergence": found[-1]}
        tables.append(pd.DataFrame({**of, "without": found[:-1], "change": found[:-1] - found[-1]}))
    return pd.concat(tables, ignore_index=True)


def contributions(
    study: Study, a: str, b: str, *, by: str = "year", shares: pd.DataFrame | None = None, order: Literal[1, 2] = 1
) -> pd.DataFrame:
    """Say what each term, or topic, adds to the divergence of two groups.

    Parameters
    ----------
    study : Study
    a, b : str
        The groups.
    by, shares, order
        As in `drift`.

    Returns
    -------
    pandas.DataFrame
        One row per term or topic, by falling ``adds``.

        - ``term``, or ``topic``
        - ``share_a``, ``share_b``: its part of the words of each group, or of its topic shares, 0 to 1
        - ``adds``: its part of the divergence, which they add up to
        - ``documents_a``, ``documents_b``: in how many documents of each group it stands

    Raises
    ------
    StudyError
        An unknown grouping, group or order.

    Notes
    -----
    A term that stands in one document adds as much as one that is spread over many: look at ``documents_a`` and
    ``documents_b`` before a word is called one of its time.
    """
    if order not in ORDERS:
        raise unknown("order", order, ORDERS)
    counts, (labels, _) = amounts(study, shares), period_labels(study, by)
    for group in (a, b):
        if group not in set(labels.dropna()):
            raise unknown(by, group, sorted(labels.dropna().unique()))
    own = [counts[:, np.flatnonzero(labels == group)] for group in (a, b)]
    sums = [np.asarray(counts_of.sum(axis=1)) for counts_of in own]
    p, q = (of_group / of_group.sum() for of_group in sums)
    adds = shannon_contributions(p, q, 1, 1) if order == 1 else (p - q) ** 2 / (p**2 + q**2).sum()
    kinds = document_counts(study.index)[0] if shares is None else np.unique(shares["topic"])
    documents = (np.diff(of_group.indptr) for of_group in own)
    table = pd.DataFrame(dict(zip(("share_a", "share_b", "documents_a", "documents_b"), (p, q, *documents))))
    table.insert(0, "term" if shares is None else "topic", kinds)
    table.insert(3, "adds", adds)
    table = table[(table["share_a"] > 0) | (table["share_b"] > 0)]
    return table.sort_values("adds", ascending=False, kind="stable", ignore_index=True)


def _contrasts(groups: list[str]) -> Iterator[tuple[str, ...]]:
    """The pairs of groups that are compared; and all at once, where there are more than two."""
    if len(groups) <= FEW:
        yield from combinations(groups, 2)
    else:
        yield from zip(groups, groups[1:])
        yield groups[0], groups[-1]
    if len(groups) > 2:
        yield tuple(groups)


def _name(groups: tuple[str, ...]) -> str:
    return " – ".join(groups) if len(groups) == 2 else "all"


def _compare(
    study: Study, counts: csr_array, labels: pd.Series, strata: str, drawn: dict, unplaced: int
) -> pd.DataFrame:
    """Every contrast in every slice."""
    documents = study.documents.assign(group=labels, stratum=group_labels(study, strata) if strata else "")
    documents = documents[documents["group"].notna() & (np.asarray(counts.sum(axis=0)).ravel() > 0)]
    slices, of_documents = {ALL: documents}, counts.tocsc()
    if documents["stratum"].nunique() > 1:
        slices |= {SAME: documents}
        slices |= {f"only {s}": own for s, own in documents.groupby("stratum") if own["group"].nunique() > 1}
    rows = []
    for part, of_part in slices.items():
        smallest = int(of_part["group"].value_counts().min())
        for chosen in _contrasts(sorted(of_part["group"].unique())):
            members = of_part[of_part["group"].isin(chosen)]
            row = _row(members, of_documents[:, members.index].tocsr(), chosen, smallest, part == SAME, drawn)
            rows.append({"contrast": _name(chosen), "slice": part, **row})
    table = pd.DataFrame(rows).astype({"documents_a": "Int64", "documents_b": "Int64"})
    table["q"] = table.groupby("slice", sort=False)["p"].transform(false_discovery)
    same = table[table["slice"] == SAME].set_index("contrast")[["p", "p_floor"]]
    left_out = f"{unplaced} with a date that tells no single group {'is' if unplaced == 1 else 'are'} left out."
    table["verdict"] = [
        " ".join(filter(None, [row.gate, _found(row, same), row.lopsided, left_out if unplaced else ""]))
        for row in table.itertuples()
    ]
    return table[COLUMNS]


def _row(
    members: pd.DataFrame, counts: csr_array, chosen: tuple[str, ...], smallest: int, same: bool, drawn: dict
) -> dict:
    """One contrast: some documents, what is counted in them, their groups in order."""
    group = pd.Categorical(members["group"], chosen).codes.astype(np.int16)
    stratum = pd.factorize(members["stratum"])[0] if same else np.zeros(len(group), int)
    found = contrast(counts, group, strata=stratum, **drawn)
    groups_of = np.bincount(np.unique(stratum * len(chosen) + group) // len(chosen))
    movable = np.bincount(group[groups_of[stratum] > 1], minlength=len(chosen))  # those whose label can change
    sizes = np.bincount(group)
    pair = sizes.tolist() if len(sizes) == 2 else [None, None]
    matched = divergences(counts, _matched(group, smallest, drawn["random_state"]), order=drawn["order"])
    return {
        **found._asdict(),
        "excess": found.divergence - found.null_mean,
        "p": found.p if movable.min() >= DRIFT_MINIMUM else np.nan,
        "matched": matched.mean(),
        "matched_documents": smallest,
        "documents_a": pair[0],
        "documents_b": pair[1],
        "documents": len(members),
        "tokens": members["tokens"].sum(),
        "gate": size_verdict(
            pd.Series(movable, chosen), DRIFT_MINIMUM, of="documents that can exchange labels" if same else "documents"
        ),
        "lopsided": lopsided_verdict(members.set_index("doc_id")["tokens"], members["group"].to_numpy()),
    }


def _found(row: tuple, same: pd.DataFrame) -> str:
    """What a test says; and whether that may be for the sources."""
    if row.slice == ALL and row.contrast in same.index and same.loc[row.contrast, "p_floor"] == 1:
        return "No source has documents in two of the groups: time and source cannot be told apart."
    if np.isnan(row.p):
        return ""
    if row.p > LEVEL:
        return "No farther apart than chance."
    if row.slice == ALL and row.contrast in same.index and not same.loc[row.contrast, "p"] <= LEVEL:
        return "Farther apart than chance, but not among documents of the same sources: it may be a change of sources."
    return "Farther apart than chance."


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
