"""Events: who does or says what to whom, by verb and word order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus import Study, group_labels
from analysis.corpus.english import BE, PREPOSITIONS
from analysis.corpus.index import Index
from analysis.corpus.readers import csv_records
from analysis.corpus.search import actor_positions, locate, once_each, sentence_ids
from analysis.errors import Problem, StudyError
from analysis.measures.contingency import precision_recall

THINGS = ("place", "weapon")  # kinds of what is named and does not act
KEYS = ["sentence_id", "actor", "class", "target"]
REACH = 20  # words from a verb to the actors on either side, at most
NEAR = 4  # words before a verb in which a modal, a negation or a form of “be” belongs to it
AGENT = 6  # words from a verb to the “by” that turns it round, at most
NEGATIONS = frozenset("not never neither nor no cannot unable refuse refuses refused fail fails failed".split())  # noqa: SIM905
MODALS = frozenset("will would shall should may might can could must likely unlikely if".split())  # noqa: SIM905
JOINING = frozenset({"and", "or"})


class Named(NamedTuple):
    """An actor as it is named in a sentence: its first and last token."""

    first: int
    last: int
    actor: str


def events(study: Study) -> pd.DataFrame:
    """Find what one actor does or says to another, sentence by sentence.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per event, in reading order.

        - ``actor``, ``class``, ``target``: who, with a verb of which class, to whom
        - ``verb``: as spelled
        - ``passive``: whether it is turned round, as “was received by”
        - ``negated``, ``modal``: whether a negation, or a modal or an infinitive’s “to”, stands before it: the event is
          denied, or it is planned, wished or foreseen
        - ``doc_id``, ``sentence_id``, ``start``, ``end``: where the verb stands, as character offsets into the file
        - ``source``: of the document

    Raises
    ------
    StudyError
        The study has no actors or no verbs.

    Notes
    -----
    In English the actor stands before the verb and the target after it; “by” turns them round. The actor is the last
    one named before the verb, no more than 20 words away, that no preposition governs; the target is the first other
    one named after it, before a semicolon or a colon. A verb that goes both ways, such as “meet”, gives two events, and
    also joins two actors who are both named before it, as in “A and B met”. The classes of verbs are those into which
    the events of CAMEO [2]_ and of PLOVER [1]_, its successor, are summed. What is of the kind ``place`` or ``weapon``
    does not act.

    What would make it wrong: no grammar is parsed. Pronouns, and actors named a sentence before, are not followed; a
    relative clause may take the wrong actor; a noun that is spelled as a verb, such as “support”, counts as one; what a
    speaker alleges counts as what the sentence says. How often that happens is for `event_validity` to say.

    References
    ----------
    .. [1] Open Event Data Alliance (2018). PLOVER: Political Language Ontology for Verifiable Event Records.
    .. [2] Schrodt, P. A. (2012). CAMEO: Conflict and Mediation Event Observations Event and Actor Codebook.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = events(load())
    >>> bool((table["actor"] != table["target"]).all())
    True
    """
    for table, file in ((study.actors, "actors.yml"), (study.verbs, "verbs.yml")):
        if table.empty:
            raise StudyError(Problem(file, f"the study lists no {file[:-4]}", "Write them into this file."))
    names = _names_by_sentence(study)
    of_form = study.verbs.drop_duplicates("form").set_index("form")
    kinds = np.flatnonzero(pd.Index(study.index.terms).isin(of_form.index))
    rows = []
    for verb in np.flatnonzero(np.isin(study.index.ids, kinds)).tolist():
        sentence = int(np.searchsorted(study.index.sentence_bounds, verb, side="right") - 1)
        if sentence in names:
            mutual = bool(of_form["mutual"][study.index.terms[study.index.ids[verb]]])
            rows += [(verb, *found) for found in _around(study, verb, names[sentence], mutual)]
    table = pd.DataFrame(rows, columns=["position", "actor", "target", "passive"])
    position = table["position"].to_numpy(np.int64)
    words = pd.Index(study.index.terms[study.index.ids[position]])
    places = locate(study, position, position).rename(columns={"text": "verb"})
    before = [_words_before(study.index, at, NEAR) for at in position.tolist()]
    table = pd.concat([table, places], axis=1).assign(
        **{"class": of_form["class"].reindex(words).to_numpy()},
        negated=np.array([not NEGATIONS.isdisjoint(words) for words in before], bool),
        modal=np.array([not MODALS.isdisjoint(words) or "to" in words[-1:] for words in before], bool),
        source=lambda t: t["doc_id"].map(study.documents.set_index("doc_id")["source"]),
    )
    columns = ["actor", "class", "target", "verb", "passive", "negated", "modal", "doc_id", "sentence_id", "start"]
    return table[[*columns, "end", "source"]]


def event_counts(study: Study, *, by: str = "source") -> pd.DataFrame:
    """Count the events between each two actors, by class and group.

    Parameters
    ----------
    study : Study
    by : str
        ``source``, ``year``, ``month``, ``document`` or another column of the documents table.

    Returns
    -------
    pandas.DataFrame
        One row per actor, target, class and group with an event, by falling count.

        - ``actor``, ``target``, ``class``, ``group``
        - ``count``: how many events
        - ``denied``: how many of them are negated; ``foreseen``: how many stand after a modal
        - ``documents``: in how many documents of the group
        - ``sentences``: the ids of those behind the count, separated by spaces

    Raises
    ------
    StudyError
        The study has no actors or no verbs, or an unknown grouping.

    Notes
    -----
    Denied and foreseen events are counted with the others. See `events` for what is found and what is missed.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = event_counts(load())
    >>> bool((table["denied"] <= table["count"]).all())
    True
    """
    labels = group_labels(study, by).set_axis(study.documents["doc_id"])
    table = events(study).assign(group=lambda t: t["doc_id"].map(labels))
    table = table.groupby(["actor", "target", "class", "group"], as_index=False).agg(
        count=("verb", "size"),
        denied=("negated", "sum"),
        foreseen=("modal", "sum"),
        documents=("doc_id", "nunique"),
        sentences=("sentence_id", once_each),
    )
    order = ["count", "actor", "target", "class", "group"]
    return table.sort_values(order, ascending=[False, True, True, True, True], ignore_index=True)


def read_events(study: Study, path: str | Path | None = None) -> pd.DataFrame:
    """Read events that a reader has found: a CSV file with one row for each.

    Parameters
    ----------
    study : Study
        Whose sentences were read, all of them.
    path : path, optional
        By default ``events.csv`` in the folder of the study, which need not be there. With the columns ``sentence_id``;
        ``actor`` and ``target``, of the list of actors; ``class``, of the list of verbs; ``words``, those that report
        it.

    Returns
    -------
    pandas.DataFrame
        These columns.

    Raises
    ------
    StudyError
        With every row whose sentence, actors or class there are not.

    Notes
    -----
    All sentences of the study have to be read: an event that is not in the file counts as none.

    Examples
    --------
    >>> from analysis.corpus import SEEDS, load
    >>> read_events(load(), SEEDS / "events.csv").columns.tolist()
    ['sentence_id', 'actor', 'class', 'target', 'words']
    """
    optional, path = path is None, Path(path or study.folder / "events.csv")
    records, problems = csv_records(path, [*KEYS, "words"], optional=optional)
    known = {
        "sentence_id": set(sentence_ids(study.sentences)),
        "actor": set(study.actors["actor"]),
        "class": set(study.verbs["class"]),
        "target": set(study.actors["actor"]),
    }
    for row, record in records:
        for column, values in known.items():
            if record[column] not in values:
                what = f"there is no {column.replace('_id', '')} “{record[column]}”"
                problems.append(Problem(path.name, what, "Take one of the study’s.", row))
    if problems:
        raise StudyError(*problems)
    return pd.DataFrame([record for _, record in records], columns=[*KEYS, "words"])


def event_validity(study: Study, coded: pd.DataFrame) -> pd.DataFrame:
    """Say how well `events` finds what a reader found.

    Parameters
    ----------
    study : Study
    coded : pandas.DataFrame
        From `read_events`: every event of the study’s sentences, as a reader sees it.

    Returns
    -------
    pandas.DataFrame
        One row per class, and at last one for ``all classes`` and one for ``pairs``, whatever the class.

        - ``class``
        - ``coded``, ``found``, ``both``: events of the reader, of the rules, and of both. Events are the same if
          sentence, actor, target and class are; several such of one sentence count once
        - ``precision``: part of those found that the reader has; missing where none is found
        - ``recall``: part of the reader’s that are found; missing where there is none
        - ``f1``: the harmonic mean of the two, 0 where nothing agrees; missing where there is none on either side
        - ``sentences``: how many were read

    Raises
    ------
    StudyError
        The study has no actors or no verbs.

    Notes
    -----
    With n events of the reader, f of the rules and b of both, precision is b / f, recall b / n, and f1 2 b / (n + f).
    One reader is no standard. Where the rules were mended with the same sentences in view, this flatters them.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> table = event_validity(study, events(study).head(1))
    >>> table.set_index("class").loc["all classes", ["coded", "both"]].tolist()
    [1, 1]
    """
    found = events(study)
    sides = [set(table[KEYS].itertuples(index=False, name=None)) for table in (coded, found)]
    rows = []
    for name in [*dict.fromkeys(study.verbs["class"]), "all classes", "pairs"]:
        if name == "pairs":
            ours, theirs = ({(s, a, t) for s, a, _, t in side} for side in sides)
        else:
            ours, theirs = ({key for key in side if name in (key[2], "all classes")} for side in sides)
        rows.append((name, len(ours), len(theirs), len(ours & theirs)))
    table = pd.DataFrame(rows, columns=["class", "coded", "found", "both"])
    scores = precision_recall(*(table[name] for name in ("coded", "found", "both")))
    return table.join(scores).assign(sentences=len(study.sentences))


def _names_by_sentence(study: Study) -> dict[int, list[Named]]:
    """For each sentence with two actors or more, where they are named, in order."""
    row, first, last = actor_positions(study)
    acting = ~study.actors["kind"].isin(THINGS).to_numpy()[row]
    actors = study.actors["actor"].to_numpy()[row]
    sentences = np.searchsorted(study.index.sentence_bounds, first, side="right") - 1
    names: dict[int, list[Named]] = {}
    for sentence, *named in zip(*(values[acting].tolist() for values in (sentences, first, last, actors))):
        names.setdefault(sentence, []).append(Named(*named))
    return {sentence: own for sentence, own in names.items() if len({name.actor for name in own}) > 1}


def _around(study: Study, verb: int, names: list[Named], mutual: bool) -> Iterator[tuple[str, str, bool]]:
    """Who does what the verb says to whom, and whether it is turned round: the actors before and after it."""
    index = study.index
    left = [name for name in names if 0 < verb - name.last <= REACH]
    right = [name for name in names if 0 < name.first - verb <= REACH and not _apart(study, verb, name.first, ";:")]
    before, after = _words_before(index, verb, NEAR), index.terms[index.ids[verb + 1 : verb + 1 + AGENT]].tolist()
    gerund = index.terms[index.ids[verb]].endswith("ing")
    by = verb + 1 + after.index("by") if "by" in after and not gerund else -1
    agents = [name for name in right if by > 0 and 0 < name.first - by <= AGENT]
    turned = bool(agents) and right[0] == agents[0]
    to_be = not gerund and any(word in BE for word in before)
    if turned:
        actors = _joined_after(study, agents)
        patients = _subjects(study, left) if to_be else left[-1:]
        pairs = [(actor, patient) for actor in actors for patient in patients]
    elif to_be:  # “was received”: nobody is said to do it
        pairs = []
    else:
        subjects = _subjects(study, left)
        own = {name.actor for name in subjects}
        targets = _joined_after(study, [name for name in right if name.actor not in own])
        pairs = [(subject, target) for subject in subjects for target in targets]
        if mutual and not pairs and len(subjects) > 1:
            pairs = [(subjects[0], subjects[1])]
    if mutual:
        pairs += [(target, actor) for actor, target in pairs]
    for actor, target in dict.fromkeys((a.actor, t.actor) for a, t in pairs):
        if actor != target:
            yield actor, target, turned


def _subjects(study: Study, left: list[Named]) -> list[Named]:
    """The last actors before a verb that no preposition governs: one, or several that are joined."""
    for number in range(len(left) - 1, -1, -1):
        first = number
        while first and _is_joined(study, left[first - 1], left[first]):
            first -= 1
        if not _is_governed(study, left[first]):
            return left[first : number + 1]
    return []


def _joined_after(study: Study, right: list[Named]) -> list[Named]:
    """The first actors after a verb: one, or several that are joined."""
    last = 1
    while last < len(right) and _is_joined(study, right[last - 1], right[last]):
        last += 1
    return right[:last]


def _is_joined(study: Study, one: Named, other: Named) -> bool:
    """Whether two actors are named as “A and B”; after a comma, “and” joins clauses."""
    between = study.index.terms[study.index.ids[one.last + 1 : other.first]].tolist()
    return len(between) == 1 and between[0] in JOINING and not _apart(study, one.last, other.first, ",;:")


def _is_governed(study: Study, name: Named) -> bool:
    """Whether a preposition stands before an actor, with a word between at most, and no comma."""
    for word in range(name.first - 1, name.first - 3, -1):
        if word < 0 or _apart(study, word, name.first, ",;:.—–()"):
            return False
        if study.index.terms[study.index.ids[word]] in PREPOSITIONS:
            return True
    return False


def _apart(study: Study, one: int, other: int, marks: str) -> bool:
    """Whether one of these marks stands between two tokens, or they are of different documents."""
    index = study.index
    document = int(np.searchsorted(index.document_bounds, one, side="right") - 1)
    if other >= index.document_bounds[document + 1]:
        return True
    between = study.texts[study.documents["doc_id"].iloc[document]][index.ends[one] : index.starts[other]]
    return any(mark in between for mark in marks)


def _words_before(index: Index, position: int, words: int) -> list[str]:
    """The terms before a token, within its sentence."""
    sentence = np.searchsorted(index.sentence_bounds, position, side="right") - 1
    first = max(int(index.sentence_bounds[sentence]), position - words)
    return index.terms[index.ids[first:position]].tolist()
