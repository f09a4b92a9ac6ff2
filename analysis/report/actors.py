"""The chapter Actors: who is named, who together with whom, and who does what to whom."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from analysis.corpus import Study
from analysis.corpus.numbers import count
from analysis.corpus.search import once_each
from analysis.measures.actors import actor_test, co_mentions, mentions
from analysis.measures.events import KEYS, THINGS, event_counts, event_validity, events, read_events
from analysis.measures.inference import LEVEL, sides
from analysis.report.groups import gate
from analysis.report.prose import Finding, listing
from analysis.report.statements import statements

FORMS = 6  # forms of names that a table shows
DRAWN = 12  # actors in the grid
PAIRS = 30  # pairs of actors in the grid and its table
KINDS = 6  # kinds of actors, or classes of verbs, that a sentence names
SEVERAL = 4  # actors that a sentence names
NO_ACTORS = "The study lists no actors: a file actors.yml would say who may be named, and under which names."
NO_VERBS = (
    "Who does what to whom is not looked for: that takes a list of actors, actors.yml, and one of verbs, verbs.yml."
)
NO_READING = "How well the rules find events is not known: the study has no reading to hold them against, events.csv."


class ActorTables(NamedTuple):
    """What the chapter counts in the documents about the subject. A table without a lexicon behind it has no row.

    Attributes
    ----------
    places : pandas.DataFrame
        From `measures.actors.mentions`: ``actor``, ``form``, ``doc_id``, ``sentence_id`` are used.
    together : pandas.DataFrame
        From `measures.actors.co_mentions`, and ``pair``.
    found, read : pandas.DataFrame
        Events by the rules and by a reader: `measures.events.KEYS` are used, and of the rules also ``negated`` and
        ``modal``.
    acts : pandas.DataFrame
        From `measures.events.event_counts` by source, and ``pair``, and ``agreed``, how many of them a reader has, too.
    validity : pandas.DataFrame
        From `measures.events.event_validity`, of all documents.
    tested : pandas.DataFrame
        From `measures.actors.actor_test`, of the two sides.
    """

    places: pd.DataFrame
    together: pd.DataFrame
    found: pd.DataFrame
    read: pd.DataFrame
    acts: pd.DataFrame
    validity: pd.DataFrame
    tested: pd.DataFrame


def actor_tables(study: Study, subject: Study) -> ActorTables:
    """Return what the chapter counts; whether the study has what that needs is asked here and nowhere else.

    Parameters
    ----------
    study, subject : Study
        All documents, and those about the subject.
    """
    empty = {name: pd.DataFrame(columns=columns) for name, columns in COLUMNS.items()}
    tables = ActorTables(**empty)
    if study.actors.empty:
        return tables
    together = co_mentions(subject)
    together["pair"] = together["actor"] + " and " + together["other"]
    tables = tables._replace(places=mentions(subject), together=together)
    if subject.documents["source"].nunique() > 1:
        pair = sides(subject)
        tables = tables._replace(tested=actor_test(subject, target=pair.target, reference=pair.reference))
    if study.verbs.empty:
        return tables
    coded, found = read_events(study), events(subject)
    read = coded[coded["sentence_id"].isin(set(subject.sentences["sentence_id"]))]
    tables = tables._replace(found=found, read=read, acts=_acts(event_counts(subject), found, read))
    return tables._replace(validity=event_validity(study, coded)) if len(coded) else tables


COLUMNS = {
    "places": ["actor", "kind", "form", "doc_id", "sentence_id"],
    "together": ["actor", "other", "count", "documents", "jaccard", "sentences", "pair"],
    "found": [*KEYS, "negated", "modal", "source"],
    "read": [*KEYS, "words"],
    "acts": ["pair", "class", "group", "count", "agreed", "denied", "foreseen", "sentences"],
    "validity": ["class", "coded", "found", "both", "precision", "recall", "f1"],
    "tested": ["actor", "count_target", "count_reference", "log_ratio", "low", "high", "p", "q"],
}


def actors_findings(study: Study, subject: Study, tables: ActorTables) -> dict[str, Finding | str]:
    """Return what the chapter finds: the study’s findings on actors, and what its tables come to in words."""
    if study.actors.empty:
        return {"actors_none": Finding(NO_ACTORS, None, "Nothing was counted.")}
    found = statements(study, "actors")
    found |= {"actors_named": most_named(tables.places)}
    if tables.places["kind"].nunique() > 1:
        found |= {"actors_kinds": of_kinds(tables.places)}
    found |= {"actors_together": most_together(tables.together)}
    if study.verbs.empty:
        found |= {"actors_no_verbs": NO_VERBS}
    else:
        found |= {"actors_between": between_two(study, subject, tables), "actors_trust": trust(tables.validity)}
    return found | {"actors_verdict": gate(subject)}


def by_form(subject: Study, places: pd.DataFrame) -> pd.DataFrame:
    """Return the mentions of each actor in each source by the form of its name.

    Returns
    -------
    pandas.DataFrame
        ``actor``; ``group``; a column for each form, the most frequent first; ``all``; ``per_10k``, per 10,000 words of
        the source; ``sentences``, their ids. By falling ``all``.
    """
    documents = subject.documents.set_index("doc_id")
    named = places.assign(group=places["doc_id"].map(documents["source"]))
    forms = named["form"].value_counts(sort=False).sort_values(ascending=False, kind="stable").index
    table = named.groupby(["actor", "group", "form"]).size().unstack(fill_value=0).reindex(columns=forms, fill_value=0)
    table = table.astype(int).assign(all=table.sum(axis=1).astype(int)).reset_index().rename_axis(columns=None)
    table["per_10k"] = (
        1e4 * table["all"] / table["group"].map(documents.groupby("source")["tokens"].sum()).astype(float)
    )
    ids = named.groupby(["actor", "group"])["sentence_id"].agg(once_each)
    table = table.join(ids.rename("sentences"), on=["actor", "group"])
    return table.sort_values(["all", "actor", "group"], ascending=[False, True, True], ignore_index=True)


def named_caption(subject: Study) -> str:
    """Return what to see in the table of `by_form`."""
    if subject.actors.empty:
        return NO_ACTORS
    return f"Mentions of each actor by the form of its name and by source, documents about {subject.about.subject}."


def form_labels(table: pd.DataFrame) -> dict[str, str]:
    """Return the headings of the table of `by_form`, with the most frequent forms."""
    first, last = {"actor": "Actor", "group": "Source"}, {"all": "All", "per_10k": "Per 10,000 words"}
    forms = table.columns.drop([*first, *last, "sentences"])[:FORMS]
    return {**first, **{form: form[:1].upper() + form[1:] for form in forms}, **last, "sentences": "Evidence"}


def drawn_pairs(together: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that are drawn: of those named together most often, the ones between the actors that lead.

    Of pairs with as many sentences all are drawn or none, unless there would be none at all.
    """
    most = together.head(PAIRS)
    if len(together) > PAIRS and most["count"].max() > together["count"].iloc[PAIRS]:
        most = most[most["count"] > together["count"].iloc[PAIRS]]
    actors = _order(most)[:DRAWN]
    return most[most["actor"].isin(actors) & most["other"].isin(actors)]


def both_ways(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs as the cells of a grid, each twice; the actors are categories, those of most cells first."""
    table = pd.concat([pairs, pairs.rename(columns={"actor": "other", "other": "actor"})], ignore_index=True)
    return table.astype(dict.fromkeys(["actor", "other"], pd.CategoricalDtype(_order(pairs))))


def grid_caption(subject: Study, together: pd.DataFrame, drawn: pd.DataFrame) -> str:
    """Return what to see in the grid of actors named together."""
    if together.empty:
        return f"No two actors are named in one sentence of the documents about {subject.about.subject}."
    some = f" Drawn are {len(drawn)} of {len(together):,} pairs, those with the most sentences; other cells are empty."
    return f"Sentences that name two actors.{some if len(drawn) < len(together) else ''}"


def events_caption(study: Study) -> str:
    """Return what to see in the table of events."""
    if study.actors.empty or study.verbs.empty:
        return NO_VERBS
    things = [kind for kind in THINGS if kind in set(study.actors["kind"])]
    still = f" Names of the kind {' or '.join(things)} are counted as named, and do not act." if things else ""
    return f"Events by who acts, upon whom, and how; documents about {study.about.subject}.{still}"


def event_labels(read: pd.DataFrame) -> dict[str, str]:
    """Return the headings of the table of events; how many a reader has, too, only if there was one."""
    labels = {"pair": "Who to whom", "class": "Class", "group": "Source", "count": "Events"}
    labels |= {"agreed": "Also in the reading"} if len(read) else {}
    return labels | {"denied": "Denied", "foreseen": "Foreseen", "sentences": "Evidence"}


def validity_caption(validity: pd.DataFrame) -> str:
    """Return what to see in the table of how well the rules find events."""
    return NO_READING if validity.empty else "Rules against a reading. Events of one kind in one sentence count once."


def tested_caption(subject: Study, tested: pd.DataFrame) -> str:
    """Return what the test of the two sides shows, or that there is none."""
    if tested.empty:
        return "There are no two sources whose mentions of an actor could be compared."
    pair, differing = sides(subject), int((tested["q"] <= LEVEL).sum())
    compared = f"How often {pair.target} names each actor, and how often {pair.other}."
    if tested["p"].isna().all():
        return f"{compared} There are too few documents for a test."
    differ, them = (f"{differing} differ", "them") if differing > 1 else (f"{differing or 'none'} differs", "it")
    return f"{compared} Of {count(len(tested), 'actor')} {differ} by more than chance would let {them}, at q ≤ {LEVEL}."


def tested_labels(tested: pd.DataFrame) -> dict[str, str]:
    """Return the headings of the table of the test, with interval, p and q only where they are given."""
    labels = {"actor": "Actor", "count_target": "Mentions", "count_reference": "Elsewhere", "log_ratio": "Log ratio"}
    given = {"low": "from", "high": "to", "p": "p", "q": "q"}
    return labels | (given if tested["p"].notna().any() else {})


def most_named(places: pd.DataFrame) -> Finding:
    """Return who is named most often."""
    sure = "The names that are listed are counted exactly; a name that is not listed is not seen."
    ranks = places["actor"].value_counts()
    if ranks.empty:
        return Finding("None of the actors is named.", None, sure)
    first = ranks[ranks == ranks.max()].index.sort_values()
    ids = places.loc[places["actor"].isin(first), "sentence_id"].unique()
    named, times = listing(first), count(int(ranks.max()), "time")
    if len(first) > 1:
        named = named if len(first) <= SEVERAL else f"{len(first)} actors"
        return Finding(f"{named} are named most often, {times} each.", ids, sure)
    others = ranks[ranks < ranks.max()]
    if others.empty:
        return Finding(f"{named} is named {times}, and no other actor.", ids, sure)
    second = others[others == others.max()].index.sort_values()
    following = listing(second) if len(second) <= SEVERAL else f"{len(second)} others"
    each = " each" if len(second) > 1 else ""
    ids = places.loc[places["actor"].isin({*first, *second}), "sentence_id"].unique()
    sentence = f"{named} is named most often, {times}; {following} come{'' if len(second) > 1 else 's'} next, with "
    return Finding(f"{sentence}{count(int(others.max()), 'mention')}{each}.", ids, sure)


def of_kinds(places: pd.DataFrame) -> str:
    """Return how the mentions are spread over the kinds of actors."""
    ranks = places["kind"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    parts = [f"{n:,} of {f'“{kind}”' if kind else 'no kind'}" for kind, n in ranks.items()]
    if len(parts) > KINDS:
        parts = [*parts[:KINDS], f"of {len(parts) - KINDS} other kinds"]
    return f"Mentions by kind of actor: {listing(parts)}."


def most_together(together: pd.DataFrame) -> Finding:
    """Return which two actors are most often named in one sentence."""
    if together.empty:
        return Finding("No two actors are named in one sentence.", None)
    first = together[together["count"] == together["count"].max()]
    ids = list(dict.fromkeys(" ".join(first["sentences"]).split()))
    sentences = count(int(first["count"].iloc[0]), "sentence")
    if len(first) == 1:
        return Finding(f"{first['pair'].iloc[0]} are named together most often, in {sentences}.", ids)
    return Finding(f"{len(first)} pairs of actors are named together most often, in {sentences} each.", ids)


def between_two(study: Study, subject: Study, tables: ActorTables) -> Finding | str:
    """Return what the two actors that are named most, of those that can act, do to each other."""
    acting = tables.places.loc[~tables.places["kind"].isin(THINGS), "actor"].value_counts()
    two = acting.sort_index().sort_values(ascending=False, kind="stable").index[:2].tolist()
    if len(two) < 2:
        return "Fewer than two actors that can act are named, so there is nobody to act upon another."
    found, read = (_between(side, two) for side in (tables.found, tables.read))
    sentence = f"Between {listing(two)}, the two named most of those that can act, the rules find "
    if len(found):
        by = [f"{(found['actor'] == actor).sum() or 'none'} by {actor}" for actor in two]
        sentence += f"{count(len(found), 'event')}, {listing(by)}: {_of_classes(study, found)}."
        unreal = int((found["negated"] | found["modal"]).sum())
        sentence += f" {unreal:,} of them {'is' if unreal == 1 else 'are'} denied or foreseen." if unreal else ""
    else:
        sentence += "no event."
    if len(tables.read):
        sentence += f" A reading of all sentences has {len(read) or 'none'}"
        sentence += f": {_of_classes(study, read)}." if len(read) else "."
    ids = set(found["sentence_id"]) | set(read["sentence_id"])
    return Finding(sentence, [i for i in subject.sentences["sentence_id"] if i in ids])


def trust(validity: pd.DataFrame) -> str:
    """Return how far the rules and a reading agree on events."""
    if validity.empty:
        return NO_READING
    coded, found, both = validity.set_index("class").loc["all classes", ["coded", "found", "both"]].astype(int)
    has = f", of which a reading has {both or 'none'}" if found else ""
    missed = f"of the {coded} of the reading they miss {coded - both or 'none'}"
    return f"In all documents the rules find {count(found, 'event')}{has}; {missed}."


def _acts(acts: pd.DataFrame, found: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """The counts of events with their pair, and how many of the events counted a reader has, too."""
    kinds, both = ["actor", "class", "target"], set(read[KEYS].itertuples(index=False, name=None))
    agreed = [key in both for key in found[KEYS].itertuples(index=False, name=None)]
    agreed = found.assign(agreed=pd.array(agreed, "int64")).groupby([*kinds, "source"])["agreed"].sum()
    rows = pd.MultiIndex.from_frame(acts[[*kinds, "group"]])
    return acts.assign(pair=acts["actor"] + " → " + acts["target"], agreed=agreed.reindex(rows).to_numpy(int))


def _order(pairs: pd.DataFrame) -> list[str]:
    """The actors of pairs, those first that are named most often together with others."""
    each = pd.concat([pairs.set_index("actor")["count"], pairs.set_index("other")["count"]])
    return each.groupby(level=0).sum().sort_values(ascending=False, kind="stable").index.tolist()


def _between(found: pd.DataFrame, two: list[str]) -> pd.DataFrame:
    """The events of either of two actors upon the other, one of each kind to a sentence."""
    return found[found["actor"].isin(two) & found["target"].isin(two)].drop_duplicates(KEYS)


def _of_classes(study: Study, found: pd.DataFrame) -> str:
    """How many events there are of each class, and of which there are none; of many classes, the most frequent."""
    sizes = found["class"].value_counts().reindex(study.verbs["class"].unique(), fill_value=0)
    some = sizes[sizes > 0].sort_values(ascending=False, kind="stable")
    none = sizes.index[sizes == 0].tolist() if len(sizes) <= KINDS else []
    said = listing(f"{n} of {name}" for name, n in some.head(KINDS).items())
    return f"{said}; none of {' or '.join(filter(None, [', '.join(none[:-1]), none[-1]]))}" if none else said
