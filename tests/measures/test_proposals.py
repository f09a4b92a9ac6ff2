"""Proposed findings: the largest differences, recounted; none where there is nothing to compare."""

import pytest
from made_up import study_of

import analysis
from analysis.measures.proposals import FAMILIES, PROPOSE
from analysis.measures.specifications import COUNTS, counts


@pytest.fixture
def fruit(folder):
    """Three sources; A says pear most often of all, B plum, and C has one long paragraph."""
    texts = {
        "A": "The pear is ripe. A pear falls. Pear trees and pear wine. Rain on the pear",
        "B": "A plum is a plum. The plum, the plum and the plum. A pear and rain",
        "C": "Rain and rain and more rain came over the hills and the rivers while the growers of the valley slept",
    }
    study = study_of(folder, [(source, text, "2001-01-01") for source, text in texts.items() for _ in range(2)])
    (folder / "stopwords.txt").write_text("the\na\nis\nand\nof\non\nmore\n", encoding="utf-8")
    frame = "- {frame: FRUIT, title: t, definition: d, include: i, exclude: e, example: x, cues: [plum]}\n"
    (folder / "frames.yml").write_text(frame, encoding="utf-8")
    return analysis.load(study.folder)


def test_every_measure_can_be_proposed():
    assert set(PROPOSE) == set(COUNTS) == {measure for family in FAMILIES.values() for measure in family}


def test_the_largest_difference_is_proposed(fruit):
    words = analysis.proposed_findings(fruit, "words")
    assert words.loc[words["measure"] == "word", ["what", "target"]].values.tolist() == [
        ["rain", "C"], ["pear", "A"], ["plum", "B"]]  # fmt: skip
    frames = analysis.proposed_findings(fruit, "frames").set_index("measure")
    assert frames.loc["cue_rate", ["what", "target"]].tolist() == ["FRUIT", "B"]
    assert frames.loc["paragraph_length", "target"] == "C"
    assert frames.loc["cue_rate", "statement"].endswith("of the paragraphs of B than of the other sources.")


def test_what_is_proposed_holds_and_can_be_read_back(fruit):
    found = analysis.proposed_findings(fruit, "words")
    table = counts(fruit, found)
    rate = [table[f"{side}_count"] / table[f"{side}_size"] for side in ("target", "reference")]
    assert (rate[0] > rate[1]).all() and len(table) == 6
    found.to_csv(fruit.folder / "findings.csv", index=False)
    assert analysis.read_findings(fruit).equals(found)
    assert analysis.findings_of(fruit, "words")["declared"].all()
    assert not analysis.findings_of(fruit, "frames")["declared"].any(), "of these the study declares none"


def test_a_study_without_lexicons_has_nothing_of_them_to_propose(fruit):
    assert analysis.proposed_findings(fruit, "actors").empty and analysis.proposed_findings(fruit, "voices").empty


def test_a_word_as_frequent_as_another_does_not_lead(folder):
    study = study_of(folder, [("A", "pear plum pear plum"), ("B", "fig fig")])
    assert analysis.proposed_findings(study, "words").empty, "not without a list of function words"
    (folder / "stopwords.txt").write_text("the\n", encoding="utf-8")
    assert analysis.proposed_findings(analysis.load(folder), "words")["what"].tolist() == ["fig"]


def test_sides(folder):
    assert analysis.sides(study_of(folder, [("A", "x"), ("B", "x y"), ("B", "z")])) == ("B", "A", "A")
    three = analysis.sides(study_of(folder, [("A", "x y z"), ("B", "x"), ("C", "z")]))
    assert three == ("A", None, "the other sources")
    with pytest.raises(analysis.StudyError, match="all documents with a word are of one source, A"):
        analysis.sides(study_of(folder, [("A", "x"), ("A", "y"), ("B", "!!!")]))
    with pytest.raises(analysis.StudyError, match="no document has a word"):
        analysis.sides(study_of(folder, [("A", "!!!"), ("B", "!!!")]))
