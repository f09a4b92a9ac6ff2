"""Lexicons: aliases, traps, cues and their rates."""

from itertools import combinations

import numpy as np
import pytest
from made_up import some_words, study_of

import analysis
from analysis import StudyError

PRESS = {"A": {"pear": 0.3, "fig": 0.2, "rain": 0.5}, "B": {"pear": 0.1, "fig": 0.3, "rain": 0.6}}
ACTORS = """
- actor: Pear
  forms: {name: [pear*], nickname: [ripe pears]}
  traps: [not pears]
- actor: Plum
  forms: {name: [plum, plums]}
"""
FRAMES = """
- {frame: TRADE, title: T, definition: d, include: i, exclude: e, example: x, cues: [sell, sell well, market]}
- {frame: SIZE, title: S, definition: d, include: i, exclude: e, example: x, cues: [small, keep]}
- {frame: NONE, title: N, definition: d, include: i, exclude: e, example: x, cues: [zeppelin]}
"""


@pytest.fixture
def fruit(folder):
    """The made-up study with lexicons."""
    (folder / "actors.yml").write_text(ACTORS, encoding="utf-8")
    (folder / "frames.yml").write_text(FRAMES, encoding="utf-8")
    return analysis.load(folder)


def test_actors_named_together(folder):
    texts = ("A pear and a plum. The plum fell. Pears, a pear, plums", "A fig, a plum. Nothing else")
    study_of(folder, [("A", text) for text in texts])
    (folder / "actors.yml").write_text(ACTORS + "- actor: Fig\n  forms: {name: [fig]}\n", encoding="utf-8")
    assert analysis.co_mentions(analysis.load(folder)).to_numpy().tolist() == [
        ["Pear", "Plum", 2, 2, 4, 0.5, 1, "00-1 00-3"],
        ["Fig", "Plum", 1, 1, 4, 0.25, 1, "01-1"],
    ]
    study_of(folder, [("A", "A pear. A plum")])
    (folder / "actors.yml").write_text(ACTORS, encoding="utf-8")
    assert analysis.co_mentions(analysis.load(folder)).empty


def test_mentions_leave_out_traps_and_reach_into_compounds(fruit):
    found = analysis.mentions(fruit)[["actor", "form", "sentence_id", "text"]].to_numpy().tolist()
    assert found == [
        ["Pear", "name", "01-1", "pears"],
        ["Pear", "name", "01-2", "Pears"],
        ["Plum", "name", "02-1", "Plums"],
        ["Plum", "name", "02-2", "Plums"],
        ["Plum", "name", "02-3", "plum-tree"],
    ]


def test_mentions_by_group(fruit):
    table = analysis.actor_mentions(fruit, by="source").set_index(["actor", "group"])
    row = table.loc[("Plum", "Garden News")]
    assert row[["count", "sentences", "documents", "tokens"]].tolist() == [3, 3, 1, 15]
    assert row["per_10k"] == pytest.approx(2000)


def test_cue_rates_count_paragraphs_and_keep_zeros(fruit):
    table = analysis.cue_rates(fruit, by="source").set_index(["frame", "group"])
    assert table.loc[("TRADE", "Fruit Post"), "cue_rate"] == 1  # “sell well” counts once, its part “sell” not again
    assert table.loc[("TRADE", "Fruit Post"), "cues"] == 1
    row = table.loc[("SIZE", "Garden News")]
    assert row[["paragraphs_with_cue", "paragraphs", "documents_with_cue", "documents"]].tolist() == [
        2,
        3,
        1,
        2,
    ]
    assert row["sentences"] == "02-2 02-3"
    none = table.xs("NONE")
    assert none["cue_rate"].tolist() == [0, 0]
    assert none["sentences"].tolist() == ["", ""]


def test_a_source_without_a_paragraph_has_no_rate(fruit, folder):
    (folder / "01_pears.txt").write_text("Pears\n", encoding="utf-8")
    row = analysis.cue_rates(analysis.load(folder)).set_index(["frame", "group"]).loc[("TRADE", "Fruit Post")]
    assert row["paragraphs"] == 0
    assert row["cue_rate"] != row["cue_rate"]


def test_frames_keep_the_order_of_the_codebook(seeds):
    order = analysis.cue_rates(seeds)["frame"].drop_duplicates().tolist()
    assert order == seeds.frames["frame"].tolist()


def test_hits_of_the_seeds_are_where_they_say(seeds):
    for hits in (analysis.mentions(seeds), analysis.cue_hits(seeds)):
        assert [seeds.texts[d][a:b] for d, a, b in zip(hits["doc_id"], hits["start"], hits["end"])] == hits[
            "text"
        ].tolist()


def test_the_school_in_baku_is_not_the_government(seeds):
    hits = analysis.mentions(seeds).query("actor == 'Azerbaijan' and form == 'capital'")
    school = seeds.sentences.set_index("sentence_id").index[
        seeds.sentences["text"].str.contains("Military Command School")
    ]
    assert not hits["sentence_id"].isin(school).any()


def test_the_context_document_names_none_of_the_other_side(seeds):
    hits = analysis.mentions(seeds)
    named = set(hits.loc[hits["doc_id"] == "004", "actor"])
    assert not named & {"Azerbaijan", "Armenia", "Nagorno-Karabakh", "CSTO"}


def test_a_study_without_lexicons_says_so(folder):
    study = analysis.load(folder)
    with pytest.raises(StudyError, match=r"actors\.yml"):
        analysis.mentions(study)
    with pytest.raises(StudyError, match=r"frames\.yml"):
        analysis.cue_rates(study)


def test_an_actor_of_one_name_is_tested_as_its_word_is(folder):
    draw = np.random.default_rng(3)
    texts = [(source, some_words(draw, shares, 80)) for source, shares in PRESS.items() for _ in range(6)]
    study_of(folder, texts)
    (folder / "actors.yml").write_text("- {actor: Pear, kind: fruit, forms: {name: [pear]}}\n", encoding="utf-8")
    study = analysis.load(folder)
    of_actor = analysis.actor_test(study, target="A").set_index("actor")
    of_word = analysis.keyness_test(study, target="A").set_index("term").drop(columns=["superiority", "q"])
    assert of_actor.loc["Pear", of_word.columns].tolist() == pytest.approx(of_word.loc["pear"].tolist())
    assert of_actor.loc["Pear", "q"] == of_actor.loc["Pear", "p"], "the family is one"


def test_actors_are_counted_under_all_their_names_and_tested_by_whole_documents(folder):
    counts = {"A": [5, 4, 6, 3], "B": [1, 2, 0, 3, 1]}  # of the actor, in ten words each
    texts = [
        (s, " ".join(["ripe pears" if n % 2 else "pear" for n in range(c)] + ["x"] * 10))
        for s in counts
        for c in counts[s]
    ]
    study_of(folder, texts)
    (folder / "actors.yml").write_text(ACTORS, encoding="utf-8")
    study = analysis.load(folder)
    row = analysis.actor_test(study, target="A").iloc[0]
    assert row[["actor", "count_target", "count_reference", "documents_target", "documents_reference"]].tolist() == [
        "Pear", 18, 7, 4, 4
    ]  # fmt: skip
    named, words = np.array(counts["A"] + counts["B"]), study.documents["tokens"].to_numpy()

    def ratio(chosen):
        others = [n for n in range(9) if n not in chosen]
        rates = [named[list(side)].sum() / words[list(side)].sum() for side in (chosen, others)]
        return abs(np.log2(rates[0] / rates[1]))

    ways = [ratio(chosen) for chosen in combinations(range(9), 4)]
    assert row["log_ratio"] == pytest.approx(ratio((0, 1, 2, 3)))
    assert row["p"] == pytest.approx(np.mean([way >= ratio((0, 1, 2, 3)) - 1e-12 for way in ways]))
    assert row["relabellings"] == len(ways) and row["low"] < row["log_ratio"] < row["high"]


def test_actors_of_few_documents_are_compared_and_not_tested(fruit):
    table = analysis.actor_test(fruit, target="Garden News", minimum=1)
    counted = table.set_index("actor")[["count_target", "count_reference"]]
    assert counted.T.to_dict("list") == {"Plum": [3, 0], "Pear": [0, 2]}
    assert table[["low", "high", "p", "q"]].isna().all(axis=None)
    assert analysis.actor_test(fruit, target="Garden News", minimum=100).empty


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"target": "Nobody"}, "Nobody"),
        ({"target": "Fruit Post", "minimum": 0}, "Give 1 or more"),
        ({"target": "Fruit Post", "confidence": 1}, "between 0 and 1"),
        ({"target": "Fruit Post", "reference": "Fruit Post"}, "against itself"),
    ],
)
def test_a_test_of_actors_that_cannot_be(fruit, options, said):
    with pytest.raises(StudyError, match=said):
        analysis.actor_test(fruit, **options)


def test_a_test_needs_actors_and_words(folder):
    with pytest.raises(StudyError, match="lists no actors"):
        analysis.actor_test(analysis.load(folder), target="Fruit Post")
    long = " ".join(f"word{n}" for n in range(40))
    study_of(folder, [("A", long), ("B", long)])
    (folder / "actors.yml").write_text(ACTORS, encoding="utf-8")
    with pytest.raises(StudyError, match="no word is left"):
        analysis.actor_test(analysis.load(folder), target="A")
