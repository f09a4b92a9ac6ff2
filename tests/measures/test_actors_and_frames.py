"""Lexicons: aliases, traps, cues and their rates."""

import pytest
from made_up import study_of

import analysis
from analysis import StudyError

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
