"""The chapter Topics: one model of the documents, what it is worth, and its shares."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus import Study, select
from analysis.corpus.numbers import count, percent
from analysis.measures.inference import TEST_MINIMUM
from analysis.measures.periods import period_labels
from analysis.measures.shares import mean_shares
from analysis.measures.stability import choose_topics
from analysis.measures.topics import (
    Topics,
    document_agreement,
    document_shares,
    fit_topics,
    leading_units,
    topic_labels,
    topic_table,
    unit_counts,
    unit_documents,
)
from analysis.report.groups import IN_FIGURE
from analysis.report.prose import Finding, listing, some

FEWEST, MOST = 2, 8  # topics that are tried
PART = 0.8  # of the documents, with which each number is tried again
STABLE = 0.7  # an agreement below which no topic is called stable
NO_TOPIC = ["topic", "terms", "frex_terms", "units_led", "coherence", "exclusivity", "effective_documents", "doc_id"]
NO_TOPIC += ["share_of_topic", "rediscovers"]
NOTHING = Topics(
    pd.DataFrame(columns=["topic", "rank", "term", "weight"]),
    pd.DataFrame(columns=["doc_id", "paragraph", "topic", "share", "weight"]),
    "paragraph",
)


class Chosen(NamedTuple):
    """The numbers of topics that were compared, the model with the one that was chosen, and its topics."""

    choice: pd.DataFrame
    model: Topics
    topics: pd.DataFrame


def chosen_model(study: Study) -> Chosen:
    """Return the model of the chapter; one without topics if the study is too small for two."""
    largest = min(_enough_for(study), MOST)
    if largest < FEWEST:
        return Chosen(pd.DataFrame(columns=["topics", "stability"]), NOTHING, pd.DataFrame(columns=NO_TOPIC))
    choice = choose_topics(study, topics=range(FEWEST, largest + 1), part=PART)
    model = fit_topics(study, topics=int(choice.loc[choice["chosen"], "topics"].iloc[0]))
    return Chosen(choice, model, topic_table(study, model))


def _enough_for(study: Study) -> int:
    """How many topics can be fitted without those documents that have the most paragraphs."""
    counts, terms = unit_counts(study, unit="paragraph", minimum=2)
    filled = unit_documents(study, "paragraph")[np.diff(counts.indptr) > 0]
    paragraphs = np.sort(np.unique(filled, return_counts=True)[1])
    kept = min(max(round(PART * len(paragraphs)), 1), len(paragraphs) - 1)
    return min(int(paragraphs[: max(kept, 0)].sum()), len(terms))


def topics_findings(study: Study, chosen: Chosen) -> dict[str, Finding | str]:
    """Return what the chapter finds: whether the topics come back, and whether they are more than the articles."""
    choice, model, topics = chosen
    if topics.empty:
        small = "The documents are too few, or too short, for topics: no two of them could be found again without some."
        return {"topics_stable": Finding(small, sure="There is nothing to be sure of.")}
    best = choice.loc[choice["stability"].idxmax()]
    without = len(study.documents[study.documents["tokens"] > 0]) - int(best["documents"])
    found = {"topics_stable": Finding(_stability(choice, best, without), sure=rediscovered(topics))}
    agreement = document_agreement(model)["adjusted_mutual_information"].iloc[0]
    if not np.isnan(agreement):
        found["topics_tell"] = (
            f"The leading topics of paragraphs and the documents they are from agree to {agreement:.2f}, where 0 is "
            "chance and 1 complete agreement."
        )
    return found | {"topics_articles": rediscovered(topics), "topics_peak": _peak(study, model)}


def _stability(choice: pd.DataFrame, best: pd.Series, without: int) -> str:
    numbers = f"from {choice['topics'].min()} to {choice['topics'].max()}"
    left_out = f"without {'one' if without == 1 else without} of the documents"
    agree = (
        f"with those of all documents to {best['stability']:.2f} on average ({best['lowest']:.2f} to "
        f"{best['highest']:.2f} in single runs), where 1 is the same words in the same order"
    )
    if best["stability"] < STABLE:
        return (
            f"No number of topics {numbers} gives stable ones. With {int(best['topics'])} they are most stable: "
            f"{left_out} they agree {agree}. This book calls them stable from {STABLE:g} on, a line that it has drawn "
            "itself."
        )
    return (
        f"Of the numbers {numbers}, {int(best['topics'])} gives the most stable topics: {left_out} they agree {agree}."
    )


def rediscovered(topics: pd.DataFrame) -> str:
    """Return in a sentence which topics rediscover an article."""
    narrow = topics.loc[topics["rediscovers"], ["topic", "share_of_topic", "doc_id"]].to_numpy()
    if not len(narrow):
        return f"None of the {count(len(topics), 'topic')} rediscovers an article."
    parts = listing(f"topic {topic} ({percent(part)} in {doc_id})" for topic, part, doc_id in narrow)
    verb = "rediscovers" if len(narrow) == 1 else "rediscover"
    weight = "more than half of its weight is" if len(narrow) == 1 else "more than half of the weight of each is"
    return f"Of {count(len(topics), 'topic')}, {len(narrow)} {verb} an article, as {weight} in one: {parts}."


def _peak(study: Study, model: Topics) -> str:
    """Where the highest share of any document is."""
    single = document_shares(model)
    peak = single.loc[single["share"].idxmax()]
    role = study.documents.set_index("doc_id").loc[peak["doc_id"], "role"]
    context = ", which is context and not about the subject" if role == "context" else ""
    share = f"The highest share of all, {percent(peak['share'])} for topic {peak['topic']}"
    return f"{share}, is in document {peak['doc_id']}{context}."


def compared_numbers(chosen: Chosen) -> pd.DataFrame:
    """Return the numbers of topics that were compared, and which one was ``taken``."""
    columns = ["topics", "stability", "lowest", "highest", "coherence", "rediscovering", "documents"]
    taken = chosen.choice.get("chosen", pd.Series(dtype=bool)).map({True: "yes", False: ""})
    return chosen.choice.reindex(columns=columns).assign(taken=taken)


def number_taken(chosen: Chosen) -> str:
    """Return in a sentence how far the stability tells one number of topics from another."""
    choice = chosen.choice
    if choice.empty:
        return "No number was tried."
    low, high, taken = choice["stability"].min(), choice["stability"].max(), len(chosen.topics)
    spread = (
        f"From {choice['topics'].min()} to {choice['topics'].max()} topics the stability lies between {low:.2f} and "
    )
    if choice["lowest"].max() <= choice["highest"].min():
        return f"{spread}{high:.2f}, and their ranges overlap; {taken} is taken because one has to be."
    return f"{spread}{high:.2f}; {taken} is taken, for the coherence of its words among the most stable ones."


def shares_by(study: Study, chosen: Chosen, *, by: str) -> pd.DataFrame:
    """Return the mean topic shares by group, as `measures.shares.mean_shares`, with the ``label`` of each topic."""
    if chosen.topics.empty:
        return pd.DataFrame(columns=["topic", "group", "share", "low", "high", "units", "documents", "label"])
    inside = chosen.model.shares[chosen.model.shares["doc_id"].isin(set(study.documents["doc_id"]))]
    table = mean_shares(study, inside, by=by)
    return table.assign(label=table["topic"].map(labels(chosen.model)))


def labels(model: Topics) -> pd.Series:
    """Return a name for each topic: its number and three leading words."""
    words = topic_labels(model, words=3)
    return pd.Series([f"topic {topic}: {own}" for topic, own in words.items()], words.index)


def document_marks(study: Study, chosen: Chosen, *, by: str) -> pd.DataFrame:
    """Return the share of each topic in each document, as `document_shares`, with its ``label`` and the ``group``."""
    single = document_shares(chosen.model)
    group = study.documents.set_index("doc_id")[by].astype(str)
    return single.assign(label=single["topic"].map(labels(chosen.model)), group=single["doc_id"].map(group))


def peaks(shares: pd.DataFrame) -> str:
    """Return in words in which group each topic has its highest share."""
    if shares.empty:
        return ""
    highest = shares.loc[shares.groupby("topic")["share"].idxmax()]
    return " ".join(
        f"{row.label.capitalize()}: highest in {row.group}, at {percent(row.share)}." for row in highest.itertuples()
    )


def by_column(shares: pd.DataFrame, model: Topics) -> pd.DataFrame:
    """Return shares with a row for each topic, its leading words, and a column for each group."""
    wide = shares.pivot(index="topic", columns="group", values="share").reset_index()
    wide.insert(1, "leading_terms", wide["topic"].map(topic_labels(model, words=4)))
    return wide.rename_axis(columns=None)


def sizes(shares: pd.DataFrame) -> str:
    """Return in words how many paragraphs and documents each mean is taken over, and what that allows."""
    size = shares.groupby("group")[["units", "documents"]].first()
    said = [f"{group}: {count(n, 'paragraph')} in {count(d, 'document')}" for group, n, d in size.itertuples()]
    if not said:
        return "(none)."
    enough = "" if size["documents"].ge(TEST_MINIMUM).any() else " No group has documents enough for an interval."
    return f"({some(said, most=IN_FIGURE, between='; ')}).{enough}"


def steady_source(study: Study) -> str:
    """Return the source with documents in the most years; of several the one with the most dated documents."""
    years = period_labels(study, "year")
    known = years.groupby(study.documents["source"]).agg(["nunique", "count"])
    return known.sort_values(["nunique", "count"], ascending=False, kind="stable").index[0] if len(known) else ""


def within_source(study: Study, chosen: Chosen) -> tuple[str, pd.DataFrame]:
    """Return that source and its shares by year; no shares where it has one year only."""
    source = steady_source(study)
    own = select(study, source=source) if source else study
    shares = shares_by(own, chosen, by="year")
    return source, shares if period_labels(own, "year").nunique() > 1 else shares.head(0)


def clearest(study: Study, chosen: Chosen) -> pd.DataFrame:
    """Return the paragraphs with the highest share of each topic; ``sentences`` has the id of the first sentence."""
    first = study.sentences.drop_duplicates(["doc_id", "paragraph"])[["doc_id", "paragraph", "sentence_id"]]
    units = leading_units(chosen.model)
    return units.merge(first, on=["doc_id", "paragraph"]).rename(columns={"sentence_id": "sentences"})


def by_document(study: Study, chosen: Chosen) -> pd.DataFrame:
    """Return the documents with their ``source`` and ``units``, and a column for the share of each topic."""
    wide = document_shares(chosen.model).pivot(index=["doc_id", "units"], columns="topic", values="share").reset_index()
    wide.columns = [f"topic {column}" if isinstance(column, int) else column for column in wide.columns]
    wide.insert(1, "source", wide["doc_id"].map(study.documents.set_index("doc_id")["source"]))
    return wide
