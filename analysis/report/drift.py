"""The chapter Drift: periods compared, what chance gives, and what stands in the way of more."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from analysis.corpus import Study, select
from analysis.corpus.numbers import count, decimal, percent
from analysis.measures.contrasts import ALL, COLUMNS, SAME
from analysis.measures.divergence import contrast
from analysis.measures.drift import before_and_after, contributions, drift, leave_one_out
from analysis.measures.frames import cue_rates
from analysis.measures.inference import LEVEL, confounding_verdict, cross_balance
from analysis.measures.periods import grouped
from analysis.measures.terms import frequency
from analysis.measures.topics import Topics, topic_labels
from analysis.report.prose import Finding, listing

FRAMES = 5  # that a figure has room for
WORDS = 12  # that are shown
LEFT_OUT = 40  # documents, of more of which none is left out one by one
PARAGRAPHS = 3_000  # of more of which none is dealt out
NO_DRIFT = pd.DataFrame(columns=COLUMNS)
DRIFT_LABELS = {
    "contrast": "Years",
    "slice": "Documents",
    "divergence": "Divergence",
    "null_mean": "By chance",
    "excess": "Excess",
    "matched": "Same size",
    "documents": "n",
    "p_floor": "Smallest p",
}


def years_of(study: Study) -> pd.Series:
    """Return the year of each document that has words, missing where its date tells no single year."""
    return grouped(study, "year", None)[1]


def year_drift(study: Study, shares: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return `measures.drift.drift` by year; no rows where the documents are of fewer than two years."""
    if years_of(study).nunique() < 2:
        return NO_DRIFT
    return drift(study, by="year", shares=shares)


def of_all(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that compare all documents, by contrast."""
    return table[table["slice"] == ALL].set_index("contrast")


def together(table: pd.DataFrame) -> pd.Series:
    """Return the row that compares all years at once, or the two that there are."""
    return of_all(table).iloc[-1]


def drift_findings(study: Study, table: pd.DataFrame) -> dict[str, Finding | str]:
    """Return what the chapter finds: how far the years are apart beyond chance, and what that can mean."""
    if table.empty:
        known = "All documents with a known year are of one year" if ends(study)[0] else "No document has a known year"
        few = f"{known}, so nothing can be said of drift."
        return {"drift_apart": Finding(few, sure="It takes documents of two years or more.")}
    row, sources = together(table), confounding_verdict(study)
    found = {"drift_apart": Finding(apart(study, row), sure=f"{_first_sentence(row['verdict'])} {sources}")}
    found |= {"drift_context": beside(study, row)} if (study.documents["role"] == "context").any() else {}
    return found | {"drift_test": tested(row), "drift_inside": inside(table), "drift_sources": sources}


def beside(study: Study, row: pd.Series) -> str:
    """Return in a sentence that documents of context are counted here, and what the drift is without them."""
    some, table = int((study.documents["role"] == "context").sum()), year_drift(select(study, role="ties"))
    gives, is_counted, it = ("gives", "is counted", "it") if some == 1 else ("give", "are counted", "them")
    said = (
        f"{count(some, 'document')} that {gives} context {is_counted} here, too: the years are {row['excess']:.3f} "
        "bits farther apart than chance puts them"
    )
    if table.empty:
        return f"{said}. Without {it} there are no two years to compare."
    return f"{said}, and {together(table)['excess']:.3f} without {it}."


def apart(study: Study, row: pd.Series) -> str:
    """Return in a sentence whether a drift is shown, how far the years are apart, and how far chance puts them."""
    years, ways = years_of(study).nunique(), int(row["relabellings"])
    dealt = f"in {ways:,} draws" if ways == 999 else "in every way there is"
    return (
        f"{shown(row)}: in their words the {years} years are {row['divergence']:.3f} bits apart, of at most "
        f"{np.log2(years):.3f}, and with the years dealt out anew, {dealt}, {row['null_mean']:.3f} on average."
    )


def shown(row: pd.Series) -> str:
    """Return what a test says of drift, as the beginning of a sentence."""
    if np.isnan(row["p"]):
        return "These documents cannot show a drift"
    return "The years differ by more than chance" if row["p"] <= LEVEL else "No drift is shown"


def tested(row: pd.Series) -> str:
    """Return in a sentence what a test says, or what it could say at best."""
    if np.isnan(row["p"]):
        best = f"Had no other way put them farther apart, the p-value would be {row['p_floor']:.3f}"
        if row["p_floor"] > LEVEL:
            return f"{best}: so small a design cannot show a drift at the usual level of {LEVEL}, however large it is."
        return f"{best}. A test is not made with so few documents."
    return (
        f"In {percent(row['p'])} of the ways to deal out the years they are at least as far apart (p = {row['p']:.3f})."
    )


def inside(table: pd.DataFrame) -> str:
    """Return in a sentence how far the years are apart within single sources."""
    within = table[table["slice"].str.startswith("only ")].groupby("slice", sort=False).tail(1)
    if within.empty:
        return "No source has documents in two years, so time and source cannot be told apart."
    said = [
        f"{row.slice.removeprefix('only ')} {row.divergence:.3f} bits ({row.null_mean:.3f} by chance)"
        for row in within.itertuples()
    ]
    return f"Within a single source the years are apart by: {listing(said)}."


def _first_sentence(text: str) -> str:
    return f"{text.split('. ')[0].removesuffix('.')}."


def told(table: pd.DataFrame) -> pd.DataFrame:
    """Return the contrasts in the slices that a reader needs first, with p and q where a test was made."""
    return table[table["slice"] != SAME] if table["p"].isna().all() else table


def timeline_rows(study: Study) -> pd.DataFrame:
    """Return the timeline, numbered, with the ``sentences`` that its evidence names."""
    timeline, ids = study.timeline, set(study.sentences["sentence_id"])
    known = timeline["evidence"].str.split(r"[\s,;()]+").map(lambda words: " ".join(w for w in words if w in ids))
    numbered = timeline.assign(sentences=known.to_numpy(), number=range(1, len(timeline) + 1))
    return numbered[["number", "name", "date_from", "date_to", "evidence", "sentences"]]


def in_time(documents: pd.DataFrame, timeline: pd.DataFrame) -> dict[str, str]:
    """Return the caption of the figure of documents and events, and what it shows in words."""
    events = f" Above, {count(len(timeline), 'numbered event')}, named in the table below." if len(timeline) else ""
    happened = ", and what happened (grey, numbered as in the table below)" if len(timeline) else ""
    return {
        "alt": f"A row for each source, with its documents at their dates. {dates(documents)}.{events}",
        "caption": f"When the documents were written, to scale{happened}. Each document is a link to its page.",
    }


def dates(documents: pd.DataFrame) -> str:
    """Return in words when the documents were written, for those who do not see a timeline."""
    dated = documents[documents["date_from"] != ""].sort_values("date_from")
    if len(dated) > WORDS:
        return f"{count(len(dated), 'document')} from {dated['date_from'].min()} to {dated['date_to'].max()}"
    day = dated["date_from"].where(
        dated["date_from"] == dated["date_to"], dated["date_from"] + " to " + dated["date_to"]
    )
    return listing(f"{doc_id}, {source}: {when}" for doc_id, source, when in zip(dated["doc_id"], dated["source"], day))


def uncertain_stretch(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the documents from the first one on whose day is not known, if these are the lesser part of all."""
    ranged = documents[documents["date_from"] != documents["date_to"]]
    since = documents[documents["date_from"] >= ranged["date_from"].min()] if len(ranged) else documents.head(0)
    return since if len(since) <= len(documents) / 2 else documents.head(0)


def source_by_year(study: Study) -> pd.DataFrame:
    """Return the words by source and year."""
    return cross_balance(study, rows="source", columns="year").reset_index().rename_axis(columns=None)


def word_contributions(study: Study, first: str, last: str) -> pd.DataFrame:
    """Return the words that add most to the divergence of two years, with their counts ``count_a`` and ``count_b``."""
    if first == last:
        return pd.DataFrame(columns=["term", "adds", "count_a", "count_b", "documents_a", "documents_b"])
    words = contributions(study, first, last).head(WORDS)
    of_year = frequency(study, by="year").pivot(index="term", columns="group", values="count").fillna(0).astype(int)
    counts = {side: of_year[year].loc[words["term"]].to_numpy() for side, year in (("a", first), ("b", last))}
    return words.assign(count_a=counts["a"], count_b=counts["b"])


def word_finding(words: pd.DataFrame, first: str, last: str) -> str:
    """Return in a sentence which word adds most, and how many stand in one document only."""
    if words.empty:
        return "There are no two years whose words could be compared."
    top, single = words.iloc[0], int(((words["documents_a"] + words["documents_b"]) == 1).sum())
    alone = "none stands" if not single else "1 stands" if single == 1 else f"{single} stand"
    return (
        f"The word that adds most is “{top['term']}”, with {count(int(top['count_a']), 'occurrence')} in {first} and "
        f"{int(top['count_b']) or 'none'} in {last}. Of these {len(words)} words, {alone} in one document only."
    )


def frames_by_year(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cue rates of the frames that differ most between the years, by year and by document.

    Both as `measures.frames.cue_rates` gives them, but for ``share`` in the place of ``cue_rate``.
    """
    subject = select(study, role="ties")
    years = sorted(years_of(subject).dropna().unique())
    empty = pd.DataFrame(columns=["frame", "group", "share", "paragraphs_with_cue", "paragraphs", "sentences"])
    if study.frames.empty or not years:
        return empty, empty.assign(doc_id="")
    rates = cue_rates(subject, by="year").rename(columns={"cue_rate": "share"})
    single = cue_rates(subject, by="document").rename(columns={"cue_rate": "share", "group": "doc_id"})
    single["group"] = single["doc_id"].map(subject.documents.set_index("doc_id")["year"].astype(str))
    wide = rates[rates["group"].isin(years)].pivot(index="frame", columns="group", values="share")
    most = (wide.max(axis=1) - wide.min(axis=1)).sort_values(ascending=False, kind="stable").index[:FRAMES]
    return tuple(t[t["frame"].isin(most) & t["group"].isin(years)].reset_index(drop=True) for t in (rates, single))


def rates_said(rates: pd.DataFrame) -> str:
    """Return in words the rate of each frame in each year."""
    return " ".join(
        f"{frame}: {listing(f'{group} {percent(share)}' for group, share in own[['group', 'share']].to_numpy())}."
        for frame, own in rates.groupby("frame", sort=False)
    )


def without_each(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Return two years when one document is left out; no rows where the documents are many, or of one year."""
    if table.empty or len(study.documents) > LEFT_OUT:
        return pd.DataFrame(columns=["contrast", "left_out", "divergence", "excess", "excess_without", "change"])
    left = leave_one_out(study)
    return left[left["contrast"].str.contains(" – ")].dropna().reset_index(drop=True)


def without_finding(left: pd.DataFrame, table: pd.DataFrame) -> str:
    """Return in a sentence which document moves a contrast most."""
    if left.empty:
        return "No document was left out: there are too many, or none can be spared."
    moved, largest = left.loc[left["change"].abs().idxmax()], of_all(table)["excess"].max()
    beside = "more than" if abs(moved["change"]) > largest else "not more than"
    by = decimal(moved["change"], 3, "+")
    return (
        f"Leaving out document {moved['left_out']} moves the excess of {moved['contrast']} by {by} "
        f"bits: {beside} the largest excess of all, {decimal(largest, 3)}."
    )


def paragraphs_dealt_out(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Return for each two years in how many draws they are as far apart if paragraphs, not documents, are dealt out.

    Returns
    -------
    pandas.DataFrame
        ``contrast``; ``paragraphs``; ``relabellings``, how many draws; ``farther``, in how many of them the two are as
        far apart or farther. No rows where there are many paragraphs.
    """
    columns = ["contrast", "paragraphs", "relabellings", "farther"]
    if table.empty or len(study.paragraphs) > PARAGRAPHS:
        return pd.DataFrame(columns=columns)
    index = study.index
    cells = (np.ones(len(index.ids)), (index.ids, index.paragraphs))
    counts = coo_array(cells, shape=(len(index.terms), len(study.paragraphs))).tocsr()
    year = study.paragraphs["doc_id"].map(dict(zip(study.documents["doc_id"], years_of(study)))).to_numpy()
    rows = []
    for pair in of_all(table).index:
        if " – " in pair:
            members = np.flatnonzero(np.isin(year, pair.split(" – ")))
            found = contrast(counts[:, members], np.unique(year[members].astype(str), return_inverse=True)[1])
            farther = round(found.p * (found.relabellings + 1)) - 1
            rows.append((pair, len(members), found.relabellings, farther))
    return pd.DataFrame(rows, columns=columns)


def paragraphs_finding(units: pd.DataFrame) -> str:
    """Return in a sentence how many pairs of years would pass for different, were paragraphs dealt out."""
    if units.empty:
        return "Paragraphs were not dealt out here: there are none to compare, or too many."
    passing = int((units["farther"] < LEVEL * units["relabellings"]).sum())
    return (
        f"By paragraphs, {passing or 'none'} of {count(len(units), 'pair')} of years would pass as different at the "
        f"{percent(LEVEL)} level."
    )


def ends(study: Study) -> tuple[str, str]:
    """Return the first year and the last; empty where there is none."""
    years = sorted(years_of(study).dropna().unique())
    return (years[0], years[-1]) if years else ("", "")


def two_years(first: str, last: str) -> str:
    """Return in words which two years are compared, or that it would take two."""
    return f"{first} and {last}" if first != last else "two years"


def topic_drift(study: Study, shares: pd.DataFrame) -> pd.DataFrame:
    """Return the drift of topics by year; no rows where there are no topics."""
    return year_drift(study, shares) if len(shares) else NO_DRIFT


def topic_contributions(study: Study, model: Topics, first: str, last: str) -> pd.DataFrame:
    """Return what each topic adds to the divergence of two years, with its leading words as ``terms``."""
    if first == last or model.shares.empty:
        return pd.DataFrame(columns=["topic", "terms", "share_a", "share_b", "adds"])
    each = contributions(study, first, last, shares=model.shares)
    each.insert(1, "terms", each["topic"].map(topic_labels(model, words=4)))
    return each


def around_events(study: Study) -> pd.DataFrame:
    """Return the documents before and after each event, as `before_and_after`; no rows without a timeline."""
    if study.timeline.empty:
        return NO_DRIFT
    around = before_and_after(study)
    return around[around["slice"] == ALL].reset_index(drop=True)
