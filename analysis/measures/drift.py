"""Drift: how far the words or topics of two periods are apart, beyond what chance and a change of sources explain."""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study
from analysis.corpus.counting import document_counts
from analysis.corpus.numbers import count
from analysis.errors import OptionError, Problem, StudyError, unknown
from analysis.measures.contingency import shannon_contributions
from analysis.measures.contrasts import COLUMNS, compare, contrast_name, group_contrasts, with_verdicts
from analysis.measures.divergence import ORDERS, contrast
from analysis.measures.periods import amounts, check_groups, filled, grouped, in_order
from analysis.measures.resampling import check_permutations

LONGEST = 36_500  # days


def drift(
    study: Study,
    *,
    by: str = "year",
    shares: pd.DataFrame | None = None,
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
          smallest group in the slice: so pairs of groups of different size can be compared, if their documents are
          about as long
        - ``p``: part of the relabellings that put the groups as far apart; missing where a group has fewer than 30
          documents, or a source too few to exchange. ``p_floor``: the smallest that the design can give. ``q``: p under
          control of the false discovery rate, over the contrasts of the slice; each slice is a family of its own
        - ``relabellings``: how many were tried
        - ``documents_a``, ``documents_b``: of the two groups; ``documents``, ``tokens``: of all that are compared
        - ``verdict``: in words, by q

    Raises
    ------
    StudyError
        An unknown grouping or order, fewer than two groups, or fewer than 19 relabellings to draw, of which no p could
        be as small as 0.05.

    Notes
    -----
    The question is whether the documents of one period differ from those of another by more than documents do anyhow.
    So whole documents are relabelled, never paragraphs. Documents that are dealt out anew carry the drift with them:
    the excess is about (N − K) / (N − 1) of the true divergence, with N documents in K groups. If the excess in ``all
    documents`` is large and that in ``same sources`` is not, other sources were writing, and it cannot be said that any
    wrote differently. Where no source has documents in two periods, the two cannot be told apart at all. The test is
    wrong where documents are not exchangeable for another reason, such as many texts on one event.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = drift(load(), by="year")
    >>> bool(table["p"].isna().all()), bool(table["p_floor"].ge(1 / 30).all())
    (True, True)
    """
    counts, labels, unplaced = _comparable(study, by, shares)
    drawn = _drawn(order, permutations, random_state)
    return with_verdicts(compare(study, counts, labels, within=by != "source", unplaced=unplaced, **drawn))


def before_and_after(
    study: Study,
    *,
    days: int = 0,
    shares: pd.DataFrame | None = None,
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
    shares, order, permutations, random_state
        As in `drift`.

    Returns
    -------
    pandas.DataFrame
        As `drift` gives it, with ``contrast`` the name of the entry; ``documents_a`` are before it and ``documents_b``
        after it. A document whose date may lie on either side, or that is of the same days, is left out. An entry with
        no document on one side has no row. Each entry is a family of its own for ``q``.

    Raises
    ------
    StudyError
        The study has no timeline; an unknown grouping or order, or numbers that make no sense.

    Notes
    -----
    What comes after an event need not come from it. Over a long time on either side most differences are others.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> table = before_and_after(study) if len(study.timeline) else None
    >>> table is None or set(table["contrast"]) <= set(study.timeline["name"])
    True
    """
    if study.timeline.empty:
        raise StudyError(Problem("timeline.csv", "the study has no timeline", "Write one, or compare by year."))
    if not 0 <= days <= LONGEST:
        raise OptionError(Problem("days", f"{days} cannot be", f"Give 1 to {LONGEST}, or 0 for all."))
    counts, documents, drawn = amounts(study, shares), study.documents, _drawn(order, permutations, random_state)
    has_any, tables = filled(counts), []
    for name, begin, end in study.timeline[["name", "date_from", "date_to"]].itertuples(index=False):
        earliest, latest = (_shifted(day, by) if days else "" for day, by in ((begin, -days), (end, days)))
        near = has_any & (documents["date_from"] > earliest) & ((documents["date_to"] <= latest) | (latest == ""))
        before, after = near & (documents["date_to"] < begin), near & (documents["date_from"] > end)
        labels = pd.Series(np.where(before, "1 before", "2 after"), documents.index).where(before | after)
        if labels.nunique() == 2:
            unplaced = int((near & labels.isna()).sum())
            rows = compare(study, counts, labels, within=True, unplaced=unplaced, **drawn)
            tables.append(with_verdicts(rows).assign(contrast=name))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


def _shifted(day: str, days: int) -> str:
    """The day so many days later, as far as there are days."""
    shifted = date.fromisoformat(day).toordinal() + days
    return date.fromordinal(min(max(shifted, 1), date.max.toordinal())).isoformat()


def _drawn(order: int, permutations: int, random_state: int) -> dict[str, int]:
    """How relabellings are drawn, checked."""
    check_permutations(permutations, random_state)
    return {"order": order, "permutations": permutations, "random_state": random_state}


def _comparable(study: Study, by: str, shares: pd.DataFrame | None) -> tuple[csr_array, pd.Series, int]:
    """What is counted in each document, its group, and how many are in none for their date; two groups at least."""
    counts, labels, unplaced = grouped(study, by, shares)
    if (found := labels.nunique()) < 2:
        what = f"the documents that have words and one {by} are of {count(found, 'group')}"
        raise OptionError(Problem("by", what, "Choose a grouping with two or more."))
    return counts, labels, unplaced


def leave_one_out(
    study: Study,
    *,
    by: str = "year",
    shares: pd.DataFrame | None = None,
    order: Literal[1, 2] = 1,
    permutations: int = 99,
    random_state: int = 0,
) -> pd.DataFrame:
    """Say how far groups are apart without each single document: a contrast may hang on one article.

    Parameters
    ----------
    study, by, shares, order, random_state
        As in `drift`.
    permutations : int
        Likewise; 99 by default, for as many are drawn for each document that is left out.

    Returns
    -------
    pandas.DataFrame
        One row per contrast and document of it, in the order of the documents: ``contrast``; ``left_out``, its
        ``doc_id``; ``divergence`` and ``excess`` with it; ``divergence_without`` and ``excess_without``, missing if its
        group is then empty; ``change``, of the excess.

    Raises
    ------
    StudyError
        An unknown grouping or order, fewer than two groups, or numbers that make no sense.

    Notes
    -----
    The divergence of a smaller group is larger whatever it says. So the change is that of the excess.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = leave_one_out(load(), by="year")
    >>> bool((table["change"].isna() == table["excess_without"].isna()).all())
    True
    """
    counts, labels, _ = _comparable(study, by, shares)
    drawn, rows = _drawn(order, permutations, random_state), []
    for chosen in group_contrasts(in_order(labels)):
        members = np.flatnonzero(labels.isin(chosen))
        group = pd.Categorical(labels.iloc[members], chosen).codes.astype(np.int16)
        whole = contrast(counts[:, members], group, **drawn)
        for left_out in range(len(members)):
            kept = np.delete(np.arange(len(members)), left_out)
            found = [np.nan, np.nan]
            if len(set(group[kept])) == len(chosen):
                found = contrast(counts[:, members[kept]], group[kept], **drawn)[:2]
            rows.append((contrast_name(chosen), study.documents["doc_id"].iloc[members[left_out]], *whole[:2], *found))
    names = ["contrast", "left_out", "divergence", "null", "divergence_without", "null_without"]
    table = pd.DataFrame(rows, columns=names)
    table["excess"] = table["divergence"] - table.pop("null")
    table["excess_without"] = table["divergence_without"] - table.pop("null_without")
    return table.assign(change=table["excess_without"] - table["excess"])


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
    With the shares p and q of a term in the two groups and their mean m, it adds ½ (p log₂(p / m) + q log₂(q / m)) to
    the divergence of order 1, in bits, and (p − q)² / Σ (p² + q²) to that of order 2. A term that stands in one
    document adds as much as one that is spread over many: look at ``documents_a`` and ``documents_b`` before a word is
    called one of its time.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> first, *_, last = study.documents["doc_id"]
    >>> bool(0 <= contributions(study, first, last, by="document")["adds"].sum() <= 1)
    True
    """
    if order not in ORDERS:
        raise unknown("order", order, ORDERS)
    counts, labels, _ = grouped(study, by, shares)
    check_groups(labels, by, a, b)
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
