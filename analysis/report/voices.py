"""The chapter Voices: its tables, and what they show in words."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.corpus import Study
from analysis.corpus.numbers import count, percent
from analysis.corpus.search import actor_hits, once_each
from analysis.measures.speakers import speaker_validity
from analysis.measures.tone import tone
from analysis.report.groups import gate
from analysis.report.prose import Finding, some
from analysis.report.statements import statements

OFTEN = 5  # sentences that name a country, before it is missed among the outlets
UNKNOWN = "not established"  # the country of an outlet that the list does not have, or of which it does not say it
NO_OUTLETS = "The study has no list of outlets, so their countries are not known: write them into outlets.csv."
NO_TONE = "The study has no words of tone, so none are counted: write lists of them into tone.yml."
NO_READING = (
    "Nobody has read the quotations of this study to judge the rules by. What is quoted and who speaks, as a reader "
    "sees it, goes into quotations.csv."
)
TONE = ("category", "group", "count", "per_10k", "quoted", "sentences_with", "sentences_total", "sentence_share")
TONE += ("documents_with", "documents", "tokens", "low", "high", "sentences")
HELD = ("sentence_id", "quoted", "found_by", "reader", "rules", "agree", "source")
OUTLETS = ("source", "name", "country", "own", "items", "first", "last", "sentences")


def voices_findings(
    study: Study, subject: Study, cited: pd.DataFrame, quoted: pd.DataFrame, read: pd.DataFrame
) -> dict[str, Finding | str]:
    """Return what the chapter finds: the study’s findings on tone, who is cited and quoted, what that can carry.

    Parameters
    ----------
    study, subject : Study
        All documents, and those about the subject.
    cited, quoted : pandas.DataFrame
        From `measures.voices.citations` and `measures.speakers.quotations`, of the subject.
    read : pandas.DataFrame
        From `measures.speakers.read_quotations`.
    """
    verdict = gate(subject)
    found: dict[str, Finding | str] = {**statements(study, "voices")}
    found["voices_who"] = Finding(who_cites(subject, cited), _ids(cited["sentence_id"]), verdict)
    if len(cited):
        found["voices_whose"] = whose_outlets(subject, cited)
    missed = unheard(subject, cited)
    if len(missed):
        found["voices_unheard"] = missing_countries(missed, cited)
    found["voices_quoted"] = who_is_quoted(subject, quoted, read)
    return found | {"voices_tone": tone_range(tones(subject)), "voices_verdict": verdict}


# ---- whom the sources cite


def who_cites(subject: Study, cited: pd.DataFrame) -> str:
    """Return in words how many items each source cites."""
    if cited.empty:
        return "No document cites an outlet and a day in parentheses."
    sources = sorted(set(subject.documents["source"]))
    items = cited["source"].value_counts().reindex(sources, fill_value=0).sort_values(ascending=False, kind="stable")
    cite = [f"{source} cites {count(int(n), 'item')}" for source, n in items[items > 0].items()]
    none = items.index[items == 0].tolist()
    silent = f"; {some(none)} {'cites' if len(none) == 1 else 'cite'} none" if none else ""
    return f"In parentheses {some(cite)}{silent}."


def whose_outlets(subject: Study, cited: pd.DataFrame) -> Finding:
    """Return in words which countries the cited outlets are from, with the sentences that cite them."""
    if subject.outlets.empty:
        return Finding(NO_OUTLETS)
    others = cited[~cited["self"]]
    if others.empty:
        return Finding("No source cites any other than itself.")
    countries = others["country"].replace("", UNKNOWN).value_counts()
    known = countries.drop(UNKNOWN, errors="ignore")
    parts = [f"{country} {n:,}" for country, n in known.items()]
    unknown = f"; for {countries[UNKNOWN]:,} it is {UNKNOWN}" if UNKNOWN in countries else ""
    said = f"Of {count(len(others), 'item')} not the source’s own, the country is known for {known.sum():,}"
    return Finding(
        f"{said}{': ' if parts else ''}{some(parts) if parts else ''}{unknown}.", _ids(others["sentence_id"])
    )


def unheard(subject: Study, cited: pd.DataFrame) -> pd.DataFrame:
    """Return how often the sources that cite name each country, and how many of its outlets’ items they cite.

    A country is an actor of the same kind as those that are countries of outlets.

    Returns
    -------
    pandas.DataFrame
        ``actor``; ``named``, in how many sentences; ``items`` cited from there; ``sentences``. Only actors that are
        named in five sentences or more, those first that are named most often; empty if outlets have no such country.
    """
    countries = set(subject.outlets["country"])
    kinds = set(subject.actors.loc[subject.actors["actor"].isin(countries), "kind"])
    of_kind = set(subject.actors.loc[subject.actors["kind"].isin(kinds), "actor"])
    empty = pd.DataFrame(columns=["actor", "named", "items", "sentences"])
    if not of_kind or cited.empty:
        return empty
    citing = subject.documents.loc[subject.documents["source"].isin(set(cited["source"])), "doc_id"]
    hits = actor_hits(subject)
    hits = hits[hits["actor"].isin(of_kind) & hits["doc_id"].isin(set(citing))]
    table = hits.groupby("actor")["sentence_id"].agg(named="nunique", sentences=once_each)
    items = cited.loc[~cited["self"], "country"].value_counts()
    table = table.reset_index().assign(items=lambda t: t["actor"].map(items).fillna(0).astype(int))
    table = table[table["named"] >= OFTEN].sort_values(["named", "actor"], ascending=[False, True], ignore_index=True)
    return table[list(empty.columns)]


def heard_said(table: pd.DataFrame) -> str:
    """Return in words how often each country is named, and how many items from there are cited; from `unheard`.

    Examples
    --------
    >>> heard_said(pd.DataFrame({"actor": ["Norland"], "named": [12], "items": [1]}))
    'Norland: named in 12 sentences, 1 item cited.'
    """
    return " ".join(
        f"{actor}: named in {count(named, 'sentence')}, {count(cited, 'item')} cited."
        for actor, named, cited in table[["actor", "named", "items"]].itertuples(index=False)
    )


def missing_countries(table: pd.DataFrame, cited: pd.DataFrame) -> Finding:
    """Return in words which countries are named and not cited, with the sentences that name them; from `unheard`."""
    missing = table[table["items"] == 0]
    if missing.empty:
        return Finding(
            f"Of each country that the citing sources name in {OFTEN} sentences or more, an outlet is cited."
        )
    citing, others = cited["source"].unique(), cited[~cited["self"]]
    who = f"{citing[0]} names" if len(citing) == 1 else "The sources that cite name"
    parts = [f"{row.actor} in {count(row.named, 'sentence')}" for row in missing.itertuples()]
    items = f"Of the {count(int((others['country'] != '').sum()), 'item')} whose country is known, none is from there."
    return Finding(f"{who} {some(parts)}. {items}", _ids(" ".join(missing["sentences"]).split()))


def outlets(cited: pd.DataFrame) -> pd.DataFrame:
    """Return the outlets that each source cites.

    Returns
    -------
    pandas.DataFrame
        One row per source and outlet, by source and falling number of items: ``source``; ``name``, that of the list of
        outlets or as cited; ``country``; ``own``, “itself” for the source’s own articles; ``items``; ``first`` and
        ``last``, the days cited; ``sentences``.
    """
    if cited.empty:
        return pd.DataFrame(columns=list(OUTLETS))
    table = cited.assign(
        name=cited["name"].where(cited["name"] != "", cited["outlet"]),
        own=cited["self"].map({True: "itself", False: ""}),
    )
    table = table.groupby(["source", "name", "country", "own"], as_index=False, sort=False).agg(
        items=("start", "size"),
        first=("date", "min"),
        last=("date", "max"),
        sentences=("sentence_id", once_each),
    )
    return table.sort_values(["source", "items", "name"], ascending=[True, False, True], ignore_index=True)


# ---- whom they quote


def who_is_quoted(subject: Study, quoted: pd.DataFrame, read: pd.DataFrame) -> Finding:
    """Return in words how many quotations have a speaker, in which source, and for whom they speak.

    By the reading, if there is one of these documents, else by the rules.
    """
    ids = set(subject.sentences["sentence_id"])
    own = read[read["sentence_id"].isin(ids)]
    if own.empty:
        spoken, total, by = quoted[quoted["speaker"] != ""], len(quoted), "the rules give"
        voices, of_whom = spoken["actor"], "Named most often as speakers"
        sources = spoken["source"]
    else:
        spoken, total, by = own[own["speaker"] != ""], len(own), "the reading gives"
        voices, of_whom = spoken["speaks_for"], "They speak most often for"
        doc_id = subject.sentences.set_index("sentence_id")["doc_id"].astype(str)
        sources = spoken["sentence_id"].map(doc_id).map(subject.documents.set_index("doc_id")["source"])
    if not total:
        return Finding("Nothing stands between quotation marks.")
    stretches = count(total, "stretch", "stretches")
    said = f"Of {stretches} between quotation marks {by} {len(spoken) or 'none'} a speaker{_where(sources)}."
    named = voices[voices != ""].value_counts()
    parts = [f"{name} {n:,}" for name, n in named.items()]
    parts += [f"others {len(voices) - named.sum():,}"] if len(named) and named.sum() < len(voices) else []
    whom = f" {of_whom}: {some(parts)}." if len(named) else ""
    return Finding(said + whom, _ids(spoken["sentence_id"]))


def _where(sources: pd.Series) -> str:
    """How many quotations with a speaker each source has, as the end of a sentence."""
    counts = sources.value_counts()
    if len(counts) < 2:
        return "".join(f", {'all ' if n > 1 else ''}in {source}" for source, n in counts.items())
    return f": {some([f'{n:,} in {source}' for source, n in counts.items()])}"


def speakers(quoted: pd.DataFrame) -> pd.DataFrame:
    """Return for each source how much it quotes.

    Returns
    -------
    pandas.DataFrame
        ``source``; ``quotations``; ``with_speaker``, those of which the rules name one; ``words``, of all; and
        ``sentences``, in which they begin.
    """
    return (
        quoted.assign(spoken=quoted["speaker"] != "")
        .groupby("source", as_index=False)
        .agg(
            quotations=("start", "size"),
            with_speaker=("spoken", "sum"),
            words=("words", "sum"),
            sentences=("sentence_id", once_each),
        )
    )


def held_against(study: Study, read: pd.DataFrame) -> pd.DataFrame:
    """Return the quotations of the rules beside a reader’s, as `speaker_validity`; empty if nobody has read."""
    return speaker_validity(study, read) if len(read) else pd.DataFrame(columns=list(HELD))


def judged(held: pd.DataFrame) -> str:
    """Return in words how far the rules for speakers agree with a reader; from `held_against`."""
    if held.empty:
        return NO_READING
    both, read = int((held["found_by"] == "both").sum()), int((held["found_by"] != "rules").sum())
    found, right = int((held["found_by"] != "reader").sum()), int(held["agree"].sum())
    besides = f"and {found - both:,} that the reading does not have" if found > both else "and no others"
    said = f"Of {count(read, 'quotation')} of the reading the rules find {both or 'none'}, {besides}."
    if not both:
        return said
    return f"{said} On the speaker, or on there being none, they agree with it in {right:,} of {both:,}."


# ---- tone


def tones(subject: Study, *, by: str = "source") -> pd.DataFrame:
    """Return the words of tone as `measures.tone.tone`, with intervals if by source; empty if the study lists none."""
    return pd.DataFrame(columns=list(TONE)) if subject.tone.empty else tone(subject, by=by, interval=by == "source")


def tone_range(table: pd.DataFrame) -> str:
    """Return in words in what part of their sentences the sources have words of each list; from `tones`."""
    if table.empty:
        return NO_TONE
    parts, turned = [], []
    for category, own in table.groupby("category", sort=False):
        least, most = (own.loc[own["sentence_share"].agg(end)] for end in ("idxmin", "idxmax"))
        ends = [
            f"{percent(share)} ({holding:,} of {total:,}) in {group}"
            for share, holding, total, group in (
                end[["sentence_share", "sentences_with", "sentences_total", "group"]] for end in (least, most)
            )
        ]
        parts.append(f"{category}, {' to '.join(dict.fromkeys(ends))}")
        top = own.loc[own["per_10k"].idxmax()]
        if top["per_10k"] > most["per_10k"]:
            rates = (f"{end['per_10k']:.1f} in {end['group']}" for end in (top, most))
            turned.append(f"{category}, {' against '.join(rates)}")
    one = table["group"].nunique() == 1
    whose = "The part of the source’s sentences" if one else "By source, the part of the sentences"
    per_word = f" Per 10,000 words, another source has most: {some(turned, between='; ')}." if turned else ""
    return f"{whose} with a word of each list: {some(parts, between='; ')}.{per_word}"


def tone_lists(study: Study) -> pd.DataFrame:
    """Return the lists of words of tone: ``category``, ``definition``, and of how many ``patterns``."""
    patterns = study.tone[study.tone["form"] != "trap"]
    return patterns.groupby(["category", "definition"], as_index=False, sort=False).agg(patterns=("pattern", "size"))


def _ids(ids: Iterable[str]) -> list[str] | None:
    """Each id once, in order; None for none."""
    return list(dict.fromkeys(ids)) or None
