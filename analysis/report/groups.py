"""Groups side by side: those that a figure has room for, a column for each in a table, and what a test of two shows."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from analysis.corpus import Study
from analysis.corpus.numbers import count, percent
from analysis.measures.differences import share_differences
from analysis.measures.inference import LEVEL, balance, comparison_verdict, sides

IN_FIGURE = 6  # groups in a figure: as many as there are colours
IN_TABLE = 4  # groups with columns of their own; of more, each has rows of its own
ROWS = 12  # of a figure
MARKED = 60  # documents, of which a figure still shows each


class Drawn(NamedTuple):
    """What a figure of shares has room for: the groups’ shares, those of their documents, and a note on what is not."""

    bars: pd.DataFrame
    marks: pd.DataFrame
    note: str


class SideBySide(NamedTuple):
    """A table of shares as a page shows it, and its headings."""

    table: pd.DataFrame
    labels: dict[str, str]


def leading_groups(study: Study, *, by: str = "source", most: int = IN_FIGURE) -> list[str]:
    """Return the groups with the most words, at most so many, by name."""
    table = balance(study, by=by).sort_values("tokens", ascending=False, kind="stable")
    return sorted(table["group"].head(most))


def of_leading(study: Study, table: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Return the rows of a table whose ``group`` is one that a figure has room for."""
    return table[table["group"].isin(leading_groups(study, by=by))].reset_index(drop=True)


def drawn(study: Study, table: pd.DataFrame, single: pd.DataFrame, *, row: str, share: str) -> Drawn:
    """Return what a figure of the shares of sources and their documents shows, for `plots.show_rates`.

    Parameters
    ----------
    study : Study
    table, single : pandas.DataFrame
        The shares by source and by document: the columns named by `row` and `share`, and ``group``.
    row, share : str
    """
    groups = leading_groups(study)
    highest = table.groupby(row, sort=False)[share].max().sort_values(ascending=False, kind="stable")
    rows = set(highest.index[:ROWS])
    source = study.documents.set_index("doc_id")["source"]
    single = single.rename(columns={"group": "doc_id"}).assign(group=lambda t: t["doc_id"].map(source))
    bars, marks = (
        own[own["group"].isin(groups) & own[row].isin(rows)].rename(columns={share: "share"}) for own in (table, single)
    )
    notes = []
    if len(groups) < source.nunique():
        notes.append(f"Of {source.nunique():,} sources the {IN_FIGURE} with the most words are shown.")
    if len(rows) < len(highest):
        notes.append(f"Of {len(highest):,} rows the {ROWS} with the highest bars are shown.")
    if marks["doc_id"].nunique() > MARKED:
        notes.append("There are too many documents for a mark each.")
        marks = marks.head(0)
    elif len(marks):
        alone = (marks.groupby("group")["doc_id"].nunique() == 1).any()
        same = "; the bar and the mark of a source with one document are the same" if alone else ""
        notes.append(f"Marks are single documents{same}.")
    return Drawn(bars.reset_index(drop=True), marks.reset_index(drop=True), " ".join(notes))


def highest_of_each(bars: pd.DataFrame, *, row: str) -> str:
    """Return in words which row is the highest in each group of a figure, for those who do not see it.

    Examples
    --------
    >>> bars = pd.DataFrame({"group": ["A", "A", "B"], "code": ["X", "Y", "X"], "share": [0.2, 0.5, 0.0]})
    >>> highest_of_each(bars, row="code")
    'The highest bar of A is Y, 50%. B has none above 0.'
    """
    parts = []
    for group, own in bars.groupby("group"):
        if (own["share"] > 0).any():
            top = own.loc[own["share"].idxmax()]
            parts.append(f"The highest bar of {group} is {top[row]}, {percent(top['share'])}.")
        else:
            parts.append(f"{group} has none above 0.")
    return " ".join(parts)


def side_by_side(table: pd.DataFrame, *, row: str, share: str, with_it: str, of: str, by: str = "source") -> SideBySide:
    """Return shares as a page shows them: a column for each of a few groups, else a row for each.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per value of the column `row` and ``group``, with ``sentences``; and perhaps ``low`` and ``high``. Where
        there is an interval, each group has rows of its own, with room for it.
    row, share, with_it, of : str
        The columns with what the share is of, the share, its count, and the size that the count is of.
    by : str
        What the groups are.
    """
    groups, bounds = sorted(set(table["group"])), interval(table)
    if len(groups) > IN_TABLE or bounds:
        counts = {with_it: "Count", of: "of", "sentences": "Evidence"}
        return SideBySide(table, {row: row.capitalize(), "group": by.capitalize(), share: "Share", **bounds, **counts})
    wide = table.groupby(row, sort=False)["sentences"].agg(lambda ids: " ".join(filter(None, ids))).reset_index()
    labels = {row: row.capitalize()}
    for group in groups:
        own = table[table["group"] == group].set_index(row)
        counts = own[with_it].map("{:g}".format) + " of " + own[of].map("{:g}".format)
        wide[group], wide[f"{group} (count)"] = wide[row].map(own[share]), wide[row].map(counts)
        labels |= {group: group, f"{group} (count)": "Count"}
    return SideBySide(wide, labels | {"sentences": "Evidence"})


def interval(table: pd.DataFrame) -> dict[str, str]:
    """Return the headings of the interval in a table, if it has one in any row."""
    return {"low": "Low", "high": "High"} if "low" in table and table["low"].notna().any() else {}


def side_test(study: Study, single: pd.DataFrame, *, row: str, with_it: str, of: str) -> pd.DataFrame:
    """Return the test of the largest source against the others, row by row; empty if no document has a row.

    Parameters
    ----------
    study : Study
    single : pandas.DataFrame
        The shares of the single documents; see `measures.differences.share_differences`.
    row, with_it, of : str
        As in `side_by_side`.
    """
    if single.empty:
        return pd.DataFrame(columns=[row, *TESTED])
    pair, own = sides(study), {"row": row, "count": with_it, "size": of}
    return share_differences(study, single, target=pair.target, reference=pair.reference, **own)


def gate(subject: Study) -> str:
    """Say in words what a test of the sources could show: of the largest against the others, as the chapters test."""
    sources = balance(subject).query("tokens > 0")["group"].tolist()
    if len(sources) < 2:
        return comparison_verdict(subject, sources or subject.documents["source"].unique().tolist()[:1])
    pair = sides(subject)
    return comparison_verdict(subject, [pair.target, pair.reference] if pair.reference else [pair.target])


TESTED = ("share_target", "share_reference", "difference", "low", "high", "p", "p_floor", "q", "relabellings")


def significant(test: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a test with a p-value, the least likely first."""
    return test[test["p"].notna()].sort_values(["q", "p"], kind="stable", ignore_index=True)


def reach(study: Study, test: pd.DataFrame, noun: str, plural: str, lead: str = "") -> str:
    """Return in words what a test of two sides shows, or why there is none; from `side_test`.

    Parameters
    ----------
    study : Study
    test : pandas.DataFrame
    noun, plural : str
        What a row of it is, such as “frame”.
    lead : str
        What the sentence on a comparison begins with.
    """
    if test.empty:
        return f"There is no {noun} to compare."
    pair = sides(study)
    ways, floor, found = int(test["relabellings"].iloc[0]), test["p_floor"].iloc[0], int((test["q"] <= LEVEL).sum())
    if test["p"].isna().all():
        least = f" The smallest p-value that so few could give is {floor:.2g}." if floor > LEVEL else ""
        return (
            f"{lead}{pair.target} and {pair.other} cannot be compared by a test: it needs four documents on each side."
            f"{least} So no p-value is given, and no interval."
        )
    few = found or ("none" if lead else "None")
    differ = f"{lead}{few} of {count(len(test), noun, plural)} {'differ' if found > 1 else 'differs'}"
    falsely = ", at most one in twenty of them falsely so" if found else ""
    return (
        f"{differ} between {pair.target} and {pair.other} by more than chance would let {'them' if found > 1 else 'it'}"
        f"{falsely}; whole documents were dealt out anew in {count(ways, 'way')}."
    )
