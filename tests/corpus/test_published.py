"""Figures of other studies: read as they stand, and every fault with its row."""

import pytest

import analysis
from analysis import StudyError

HEAD = "study,what,texts,measure,lowest,highest\n"


def write(folder, *rows):
    (folder / "published.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return analysis.load(folder)


def test_a_study_without_the_file_has_none(folder):
    table = analysis.read_published(analysis.load(folder))
    assert table.empty and table.columns.tolist() == HEAD.strip().split(",")


def test_numbers_are_numbers(folder):
    row = analysis.read_published(write(folder, "Doe 1999,two readers,pears,alpha, 0.5,0.75")).iloc[0]
    assert row.tolist() == ["Doe 1999", "two readers", "pears", "alpha", 0.5, 0.75]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",two readers,pears,alpha,0.5,0.6", "the column “study” is empty"),
        ("Doe,two readers,pears,,0.5,0.6", "the column “measure” is empty"),
        ("Doe,two readers,pears,alpha,high,0.6", "“high” to “0.6” is no range"),
        ("Doe,two readers,pears,alpha,0.7,0.6", "“0.7” to “0.6” is no range"),
        ("Doe,two readers,pears,alpha,0.5,60", "“0.5” to “60” is no range"),
        ("Doe,two readers,pears,alpha,nan,nan", "“nan” to “nan” is no range"),
        ("Doe,two readers,pears,alpha,0.5", "the row has 5 cells"),
    ],
)
def test_faults_are_told_with_their_row(folder, row, said):
    study = write(folder, "Doe,two readers,pears,alpha,0.5,0.6", row)
    with pytest.raises(StudyError, match=f"published.csv, row 3: {said}"):
        analysis.read_published(study)
