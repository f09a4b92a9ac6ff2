"""Citations, against the list that a reader wrote down; and forms that are none."""

import pytest
from made_up import study_of, write_rows

import analysis
from analysis import StudyError

# Read in document 002, paragraph by paragraph; the others cite nothing in parentheses
CITED = [
    ("EDM", "2018-12-06"), ("President.az", "2018-11-19"), ("President.az", "2018-11-19"),
    ("President.gov.by", "2018-11-19"), ("Belta.by", "2018-11-19"), ("1new.az", "2018-11-20"),
    ("Azertag.az", "2016-04-03"), ("42.tut.by", "2018-11-23"), ("EDM", "2017-12-12"), ("EDM", "2018-06-19"),
    ("Trend", "2018-11-17"), ("President.gov.by", "2018-11-12"), ("President.az", "2018-11-14"),
    ("Azertag.az", "2018-12-07"), ("EDM", "2018-10-01"), ("1news.az", "2018-12-08"), ("Frontnews.eu", "2018-12-06"),
    ("Eurasianet.org", "2018-11-09"), ("Eurasianet.org", "2018-11-21"), ("Ekhokavkaza.com", "2018-11-09"),
    ("Kommersant.ru", "2018-11-04"), ("EDM", "2018-06-19"), ("Kommersant", "2018-11-11"), ("EDM", "2018-12-10"),
    ("Moskovsky Komsomolets", "2018-12-06"), ("Azerbaijan-news.az", "2018-12-04"),
]  # fmt: skip
FORMS = {
    "Pears fell (Fruit Post, May 3).": [("Fruit Post", "2003-05-03")],
    "Pears fell (see Fruit Post, December 31; The Rain of Kent, Jan. 2, 2001).": [
        ("Fruit Post", "2002-12-31"), ("The Rain of Kent", "2001-01-02")],
    "Pears fell (Fruit.example 1, 2 May).": [("Fruit.example", "2003-05-02")],
    "Pears fell (A 1 and 2, B, May 3, 4, 1999).": [
        ("A", "1999-05-03"), ("A", "1999-05-04"), ("A", "1999-05-03"), ("A", "1999-05-04"), ("B", "1999-05-03"), ("B", "1999-05-04")],
    "Pears fell (now ripe), twice (May 3), once (held on May 3), or (CSTO, NATO), (Fruit, ripe, May 3), (May 3, 2001).": [],
    "Pears fell (Fruit Post, February 30).": [("Fruit Post", "")],
    "Pears fell (Fruit Post, May 3\u00b2), (Fruit Post, May 3, 20\u00b2\u00b3).": [],
}  # fmt: skip


def test_the_citations_of_the_seeds_are_those_that_were_read(seeds):
    table = analysis.citations(seeds)
    assert list(zip(table["outlet"], table["date"])) == CITED
    assert set(table["doc_id"]) == {"002"}
    spelled = [seeds.texts[d][a:b] for d, a, b in zip(table["doc_id"], table["start"], table["end"])]
    assert spelled == table["outlet"].tolist()
    assert (table["self"] == (table["outlet"] == "EDM")).all()
    assert (table["name"] != "").all()
    text = seeds.sentences.set_index("sentence_id")["text"]
    assert all(outlet in text[s] for outlet, s in zip(table["outlet"], table["sentence_id"]))


@pytest.mark.parametrize("text", FORMS)
def test_forms_of_citations(folder, text):
    study_of(folder, [("S", "")])
    (folder / "00.txt").write_text(text, encoding="utf-8")
    write_rows(folder, [["00.txt", "S", "", "2003-06-01", "2003-06-05", "ties", "en", ""]])
    table = analysis.citations(analysis.load(folder))
    assert list(zip(table["outlet"], table["date"])) == FORMS[text]
    assert (table["country"] == "").all() and not table["self"].any()


def test_a_document_without_a_date_gives_no_year(folder):
    table = analysis.citations(study_of(folder, [("S", "Pears fell (Fruit Post, May 3; Fruit Post, May 3, 2001)")]))
    assert table["date"].tolist() == ["", "2001-05-03"]


def test_a_list_of_outlets_that_is_wrong(folder):
    (folder / "outlets.csv").write_text("outlet,name,country,source\na,A,,\na,B,,\n", encoding="utf-8")
    with pytest.raises(StudyError, match="the outlet “a” stands there twice"):
        analysis.load(folder)
    (folder / "outlets.csv").write_text("outlet,name\na,A\n", encoding="utf-8")
    with pytest.raises(StudyError, match="there is no column “country”"):
        analysis.load(folder)
