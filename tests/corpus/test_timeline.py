"""The timeline of a study: in order of time, and what is wrong with it."""

import pytest

import analysis
from analysis import StudyError


def written(folder, *rows):
    (folder / "timeline.csv").write_text("\n".join(["name,date_from,date_to,evidence", *rows]) + "\n", encoding="utf-8")
    return folder


def test_by_date(folder):
    study = analysis.load(written(folder, "later,2002-01-01,2002-01-02,01-1", "sooner,2001-01-01,2001-01-01,"))
    assert study.timeline.to_numpy().tolist() == [
        ["sooner", "2001-01-01", "2001-01-01", ""],
        ["later", "2002-01-01", "2002-01-02", "01-1"],
    ]


def test_without_one(folder):
    assert analysis.load(folder).timeline.empty


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",2001-01-01,2001-01-01,", "timeline.csv, row 3: the entry has no name"),
        ("a,2001-01-01,2001-01-01,", "row 3: “a” stands there twice"),
        ("b,,,", "row 3: the entry has no date"),
        ("b,2001-13-01,2001-13-01,", "row 3: date_from “2001-13-01” is not a date"),
        ("b,2001-01-02,2001-01-01,", "row 3: date_from is after date_to"),
        ("b,2001-01-02,,", "row 3: one of date_from and date_to is empty"),
        ("b,2001-01-02", "row 3: the row has 2 cells and the header 4"),
    ],
)
def test_what_is_wrong_with_a_row(folder, row, said):
    with pytest.raises(StudyError, match=said):
        analysis.load(written(folder, "a,2001-01-01,2001-01-01,", row))


def test_a_missing_column(folder):
    (folder / "timeline.csv").write_text("name,date_from\nx,2001-01-01\n", encoding="utf-8")
    with pytest.raises(StudyError, match="there is no column “date_to”"):
        analysis.load(folder)


def test_the_evidence_of_the_seeds_names_sentences(seeds):
    import regex

    known = set(seeds.sentences["sentence_id"])
    named = [set(regex.findall(r"\d{3}-\d+", evidence)) for evidence in seeds.timeline["evidence"]]
    assert all(named) and set().union(*named) <= known
