"""The chapter Actors on made-up studies: every sentence in each of its forms, every table counted another way."""

from itertools import combinations

import pandas as pd
import pytest
from made_up import study_of

import analysis
from analysis.report import actors
from analysis.report.prose import Finding

ACTORS = """
- actor: Pear
  kind: fruit
  forms: {name: [pear*], nickname: [ripe ones]}
- actor: Plum
  kind: fruit
  forms: {name: [plum*]}
- actor: Valley
  kind: place
  forms: {name: [valley]}
"""
VERBS = "- {class: kind deed, verbs: [help], mutual: [meet met]}\n- {class: unkind deed, verbs: [attack]}\n"
TEXTS = [
    ("A", "The pear helped the plum. The valley lies there. Pears, pears and plums"),
    ("B", "The plum attacked the pear. The plum met the pear in the valley"),
    ("A", "Ripe ones sell"),
]


@pytest.fixture
def study(folder):
    """A function that makes a study of texts and of the lexicons that are given."""

    def make(texts=TEXTS, **lexicons):
        study_of(folder, texts)
        for name, text in lexicons.items():
            suffix = "csv" if name == "events" else "yml"
            (folder / f"{name}.{suffix}").write_text(text, encoding="utf-8")
        return analysis.load(folder)

    return make


def tables_of(made):
    return actors.actor_tables(made, analysis.select(made, role="ties"))


def found(made):
    """The sentences of the chapter by name."""
    subject = analysis.select(made, role="ties")
    given = actors.actors_findings(made, subject, actors.actor_tables(made, subject))
    return {name: one.sentence if isinstance(one, Finding) else one for name, one in given.items()}


def places(*names):
    """Mentions of actors, one to a sentence."""
    ids = [f"00-{n}" for n in range(len(names))]
    return pd.DataFrame(
        {"actor": names, "kind": "fruit", "form": "name", "doc_id": "00", "sentence_id": ids}, dtype=str
    )


def test_without_actors_the_chapter_names_the_file_to_write_and_its_tables_are_empty(study):
    made = study()
    assert found(made) == {"actors_none": actors.NO_ACTORS}
    tables = tables_of(made)
    assert {name: len(table) for name, table in tables._asdict().items()} == dict.fromkeys(tables._fields, 0)
    named = actors.by_form(made, tables.places)
    assert named.columns.tolist() == ["actor", "group", "all", "per_10k", "sentences"]
    assert actors.both_ways(actors.drawn_pairs(tables.together)).empty
    for labels, table in (
        (actors.form_labels(named), named),
        (actors.event_labels(tables.read), tables.acts),
        (actors.tested_labels(tables.tested), tables.tested),
    ):
        assert set(labels) <= set(table.columns)
    assert "actors.yml" in actors.named_caption(made) and "verbs.yml" in actors.events_caption(made)


def test_the_columns_of_an_empty_table_are_among_those_of_a_full_one(study):
    events = "sentence_id,actor,class,target,words\n00-1,Pear,kind deed,Plum,helped\n"
    full = tables_of(study(actors=ACTORS, verbs=VERBS, events=events))
    for name, table in full._asdict().items():
        assert set(actors.COLUMNS[name]) <= set(table.columns), name


def test_without_verbs_names_are_counted_and_nothing_is_said_of_deeds(study):
    said = found(study(actors=ACTORS))
    assert said["actors_no_verbs"] == actors.NO_VERBS
    assert not {"actors_between", "actors_trust"} & set(said)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ([], "None of the actors is named."),
        (["Pear"], "Pear is named 1 time, and no other actor."),
        (["Pear"] * 3, "Pear is named 3 times, and no other actor."),
        (["Pear", "Plum", "Pear"], "Pear is named most often, 2 times; Plum comes next, with 1 mention."),
        (["Plum"] * 3 + ["Pear"] * 2 + ["Fig"] * 2, "Plum is named most often, 3 times; Fig and Pear come next, with 2 mentions each."),
        (["Pear", "Plum"], "Pear and Plum are named most often, 1 time each."),
        (list("EDCBA"), "5 actors are named most often, 1 time each."),
        (list("EDCBAA") + list("FF") + ["F"], "F is named most often, 3 times; A comes next, with 2 mentions."),
        (list("GGFEDCBA"), "G is named most often, 2 times; 6 others come next, with 1 mention each."),
    ],
)  # fmt: skip
def test_who_is_named_most(named, expected):
    finding = actors.most_named(places(*named))
    assert finding.sentence == expected
    assert finding.sure
    ranks = sorted({named.count(n) for n in named}, reverse=True)
    alone = sum(named.count(n) == ranks[0] for n in set(named)) == 1 if named else False
    leaders = {n for n in named if named.count(n) in ranks[: 2 if alone else 1]}
    assert list(finding.sentence_ids or []) == [f"00-{n}" for n, name in enumerate(named) if name in leaders]


def test_kinds_of_actors(study):
    assert found(study(actors=ACTORS))["actors_kinds"] == "Mentions by kind of actor: 10 of “fruit” and 2 of “place”."
    assert "actors_kinds" not in found(study(actors=ACTORS.replace("place", "fruit"))), "there is but one kind"
    many = places(*"ABCDEFGHI").assign(kind=["", *"abcdefgg"])
    assert actors.of_kinds(many) == (
        "Mentions by kind of actor: 2 of “g”, 1 of no kind, 1 of “a”, 1 of “b”, 1 of “c”, 1 of “d” and of 2 other kinds."
    )


def test_named_together(study):
    assert (
        found(study(actors=ACTORS))["actors_together"] == "Pear and Plum are named together most often, in 4 sentences."
    )
    two = study([("A", "Pears and plums"), ("B", "A plum in the valley")], actors=ACTORS)
    assert found(two)["actors_together"] == "2 pairs of actors are named together most often, in 1 sentence each."
    assert actors.most_together(tables_of(two).together).sentence_ids == ["00-1", "01-1"]
    none = study([("A", "A pear. A plum"), ("B", "Nothing")], actors=ACTORS)
    assert found(none)["actors_together"] == "No two actors are named in one sentence."
    assert actors.grid_caption(none, *[tables_of(none).together] * 2).startswith("No two actors")


def test_deeds_between_the_two_named_most(study):
    said = found(study(actors=ACTORS, verbs=VERBS))
    assert said["actors_between"] == (
        "Between Pear and Plum, the two named most of those that can act, the rules find 4 events, 2 by Pear and 2 by "
        "Plum: 3 of kind deed and 1 of unkind deed."
    )
    assert said["actors_trust"] == actors.NO_READING
    events = "sentence_id,actor,class,target,words\n00-1,Pear,kind deed,Plum,helped\n01-2,Pear,kind deed,Plum,met\n00-3,Plum,kind deed,Pear,and\n"
    made = study(actors=ACTORS, verbs=VERBS, events=events)
    said, tables = found(made), tables_of(made)
    assert said["actors_between"].endswith(" A reading of all sentences has 3: 3 of kind deed; none of unkind deed.")
    assert said["actors_trust"] == (
        "In all documents the rules find 4 events, of which a reading has 2; of the 3 of the reading they miss 1."
    )
    agreed = tables.acts.set_index(["pair", "class", "group"])["agreed"]
    assert agreed[agreed > 0].to_dict() == {("Pear → Plum", "kind deed", "A"): 1, ("Pear → Plum", "kind deed", "B"): 1}
    assert "agreed" in actors.event_labels(tables.read) and "agreed" not in actors.event_labels(tables.read.head(0))
    assert actors.between_two(made, made, tables).sentence_ids == ["00-1", "00-3", "01-1", "01-2"]


def test_deeds_of_one_kind_in_one_sentence_count_once(study):
    made = study(
        [("A", "The pear helped the plum, and again the pear helped the plum"), ("B", "x")], actors=ACTORS, verbs=VERBS
    )
    assert tables_of(made).acts["count"].tolist() == [2]
    assert (
        "the rules find 1 event, 1 by Pear and none by Plum: 1 of kind deed; none of unkind deed."
        in found(made)["actors_between"]
    )


def test_deeds_that_are_denied_or_foreseen(study):
    texts = [("A", "The pear did not help the plum. The plum will attack the pear"), ("B", "The plum helped the pear")]
    made = study(texts, actors=ACTORS, verbs=VERBS)
    assert found(made)["actors_between"].endswith(
        "2 of kind deed and 1 of unkind deed. 2 of them are denied or foreseen."
    )
    acts = tables_of(made).acts.set_index("group")[["denied", "foreseen"]].groupby("group").sum()
    assert acts.to_numpy().tolist() == [[1, 1], [0, 0]]


def test_deeds_where_there_are_none(study):
    quiet = [("A", "Pears and plums"), ("B", "A pear")]
    events = "sentence_id,actor,class,target,words\n00-1,Valley,kind deed,Pear,and\n"
    said = found(study(quiet, actors=ACTORS, verbs=VERBS, events=events))
    assert said["actors_between"].endswith("the rules find no event. A reading of all sentences has none.")
    assert said["actors_trust"] == "In all documents the rules find no events; of the 1 of the reading they miss 1."
    alone = found(study([("A", "Pears in the valley"), ("B", "Nothing")], actors=ACTORS, verbs=VERBS))
    assert alone["actors_between"].startswith("Fewer than two actors that can act are named")
    unnamed = found(study([("A", "Nothing"), ("B", "Nothing")], actors=ACTORS, verbs=VERBS))
    assert unnamed["actors_named"] == "None of the actors is named."


def test_of_many_classes_only_those_with_most_events_are_named(study):
    verbs = "".join(f"- {{class: deed {n}, verbs: [act{n}]}}\n" for n in range(8))
    made = study(actors=ACTORS, verbs=verbs)
    listed = actors._of_classes(made, pd.DataFrame({"class": [f"deed {n % 7}" for n in range(14)]}))
    assert listed.count("2 of deed") == 6 and "none" not in listed


def test_forms_of_names_are_those_that_the_study_lists(study):
    made = study(actors=ACTORS)
    named = actors.by_form(made, tables_of(made).places)
    assert list(actors.form_labels(named)) == ["actor", "group", "name", "nickname", "all", "per_10k", "sentences"]
    rows = named.set_index(["actor", "group"])[["name", "nickname", "all"]]
    counted = analysis.actor_mentions(made, by="source").pivot_table(
        index=["actor", "group"], columns="form", values="count", aggfunc="sum", fill_value=0
    )
    assert rows.drop(columns="all").sort_index().to_numpy().tolist() == counted.to_numpy().tolist()
    assert (rows["all"] == rows["name"] + rows["nickname"]).all()
    assert named["all"].is_monotonic_decreasing
    pears = named.set_index(["actor", "group"]).loc[("Pear", "A")]
    assert pears["sentences"] == "00-1 00-3 02-1"
    assert pears["per_10k"] == pytest.approx(1e4 * 4 / 16)


def test_the_grid_has_few_actors_and_each_cell_a_row_in_the_table():
    names = [f"{n:02}" for n in range(20)]
    rows = [(a, b, 400 - int(a) * 20 - int(b), 1, 0.1, "00-1", f"{a} and {b}") for a, b in combinations(names, 2)]
    together = pd.DataFrame(rows, columns=actors.COLUMNS["together"]).sort_values("count", ascending=False)
    drawn = actors.drawn_pairs(together)
    assert set(drawn["pair"]) <= set(together.head(actors.PAIRS)["pair"])
    assert len(set(drawn["actor"]) | set(drawn["other"])) <= actors.DRAWN
    assert actors.grid_caption(None, together, drawn).startswith(
        f"Sentences that name two actors. Drawn are {len(drawn)} of 190 pairs"
    )
    cells = actors.both_ways(drawn)
    assert len(cells) == 2 * len(drawn) and set(zip(cells["actor"], cells["other"])) == set(
        zip(cells["other"], cells["actor"])
    )
    assert cells["actor"].cat.categories[0] == "00"


def test_the_two_sides_are_tested_where_there_are_documents_enough(study):
    few = study(actors=ACTORS)
    tested = analysis.actor_test(few, target="A")
    assert actors.tested_caption(few, tested).endswith("There are too few documents for a test.")
    assert "p" not in actors.tested_labels(tested)
    pears, plums = "Pear here. Pear there. Nothing", "Plum here. Plum there. Nothing"
    many = study([("A", pears)] * 5 + [("B", plums)] * 5, actors=ACTORS)
    tested = tables_of(many).tested
    assert {"low", "high", "p", "q"} < set(actors.tested_labels(tested))
    assert actors.tested_caption(many, tested) == (
        "How often A names each actor, and how often B. Of 2 actors 2 differ by more than chance would let them, at q ≤ 0.05."
    )
    assert tables_of(study([("A", "A pear")], actors=ACTORS)).tested.empty, "there is nobody to compare with"


def test_of_pairs_named_together_as_often_all_are_drawn_or_none():
    rows = [(a, b, 9 if (a, b) < ("A", "E") else 1, 1, 0.1, "00-1", a + b) for a, b in combinations("ABCDEFGHIJ", 2)]
    together = pd.DataFrame(rows, columns=actors.COLUMNS["together"]).sort_values(
        "count", ascending=False, kind="stable"
    )
    assert actors.drawn_pairs(together)["pair"].tolist() == ["AB", "AC", "AD"]
    assert len(actors.drawn_pairs(together.assign(count=1))) == actors.PAIRS
    assert len(actors.drawn_pairs(together.head(20))) == 20
