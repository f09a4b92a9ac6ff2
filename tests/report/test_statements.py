"""The findings of a study as sentences: counts recounted here, evidence by hand, and a false one stops the build."""

import pytest
from made_up import write_rows

import analysis
from analysis.report.prose import ClaimError
from analysis.report.statements import statements

HEADER = "name,statement,measure,what,target,reference,by\n"
TEXTS = {
    "01.txt": "Pears and pears.\n\nA pear in the rain.\n",
    "02.txt": "Plums in the rain. A pear.\n",
    "03.txt": "Plums.\n\nPlums in the sun.\n",
    "04.txt": "Pears, pears, pears.\n",
}
ROWS = [
    ["01.txt", "Post", "", "2001-01-01", "2001-01-01", "ties", "en", ""],
    ["02.txt", "News", "", "2001-01-01", "2001-01-01", "ties", "en", ""],
    ["03.txt", "News", "", "2001-01-01", "2001-01-01", "ties", "en", ""],
    ["04.txt", "News", "", "2001-01-01", "2001-01-01", "context", "en", ""],
]


@pytest.fixture
def orchard(tmp_path):
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    write_rows(tmp_path, ROWS)
    return tmp_path


def stated(folder, *rows):
    (folder / "findings.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return statements(analysis.load(folder), "words")


def test_a_statement_comes_with_its_counts_its_firmness_and_its_sentences(orchard):
    found = stated(orchard, "pears,Post has more pears.,word,pear*,Post,News,")["pears"]
    assert found.sentence.startswith("Post has more pears: 3 of 8 words, against 1 of 11")
    assert found.sentence_ids == ["01-1", "01-2", "02-2"], "not those of the context document"
    assert found.sure.startswith("It holds in ") and "Descriptive only" in found.sure


def test_an_empty_reference_is_all_others(orchard):
    found = stated(orchard, "plums,News has more plums.,word,plum*,News,,")["plums"]
    assert found.sentence.startswith("News has more plums: 3 of 11 words, against none of 8")


def test_a_statement_that_is_false_stops_the_build(orchard):
    with pytest.raises(ClaimError, match="“News has more pears: 1 of 11 words, against 3 of 8.” does not hold"):
        stated(orchard, "pears,News has more pears.,word,pear*,News,Post,")


def test_the_most_frequent_word_is_held_against_the_next(orchard):
    found = stated(orchard, "top,Most of all News speaks of plums.,most_frequent,plums,News,,")["top"]
    assert found.sentence.startswith("Most of all News speaks of plums: 3 of 11 words, against 2 of the next")
    assert found.sentence_ids == ["02-1", "03-1", "03-2"]
