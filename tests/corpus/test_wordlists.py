"""A frequency list is read as this package counts, or refused with the row that is wrong."""

import pytest

import analysis
from analysis import StudyError


def test_spellings_of_one_term_are_added_up(tmp_path):
    (tmp_path / "l.csv").write_text("\ufeffrank,term,count\n1,The,10\n2,the,5\n3,Vienna’s,2\n", encoding="utf-8")
    assert analysis.read_counts(tmp_path / "l.csv").to_dict() == {"the": 15, "vienna": 2}


def test_a_row_is_taken_apart_as_a_text_is(tmp_path):
    (tmp_path / "l.csv").write_text("term,count\nU.S.,5\n“Security  Council”,4\n—,9\nU.S,1\n", encoding="utf-8")
    assert analysis.read_counts(tmp_path / "l.csv").to_dict() == {"security council": 4, "u.s": 6}


FAULTS = {
    "term,count\na,1\nb,-1\nc,x\nd,\n": ["row 3", "row 4", "row 5"],
    "word,count\na,1\n": ["there is no column “term”"],
    "term,count\na,1,2\n": ["row 2: the row has 3 cells"],
    "term;count\na;1\n": ["separated by semicolons"],
    "term,count\na,0\n": ["it counts no word"],
    "term,count\na,9000000000000000000\nb,9000000000000000000\n": ["more than can be counted"],
    f"term,count\na,{'9' * 5000}\n": ["or too large"],
    "": ["the file is empty"],
}


@pytest.mark.parametrize(("text", "said"), FAULTS.items())
def test_what_is_wrong_is_said(tmp_path, text, said):
    (tmp_path / "l.csv").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        analysis.read_counts(tmp_path / "l.csv")
    assert len(caught.value.problems) == len(said)
    assert all(part in str(problem) for part, problem in zip(said, caught.value.problems))
