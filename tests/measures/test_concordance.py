"""Concordance lines are slices of the file."""

import re

import pytest

import analysis
from analysis import StudyError


@pytest.mark.parametrize("pattern", ["minsk", "strategic partner*", "the", "csto", "military-technical cooperation"])
@pytest.mark.parametrize("window", [0, 1, 8, 500, 10**20])
def test_every_line_stands_in_its_file(seeds, pattern, window):
    lines = analysis.kwic(seeds, pattern, window=window)
    assert len(lines)
    for line in lines.to_dict("records"):
        text = seeds.texts[line["doc_id"]]
        assert text[line["start"] : line["end"]] == line["match"]
        assert text[: line["start"]].endswith(line["left"])
        assert text[line["end"] :].startswith(line["right"])
        sentence = seeds.sentences.set_index("sentence_id").loc[line["sentence_id"]]
        assert sentence["start"] <= line["start"] < line["end"] <= sentence["end"]


@pytest.mark.parametrize("term", ["belarus", "minsk", "csto", "and", "november"])
def test_there_are_as_many_lines_as_the_frequency_says(seeds, term):
    counts = analysis.frequency(seeds, by="document").query("term == @term").set_index("group")["count"]
    assert analysis.kwic(seeds, term)["doc_id"].value_counts().sort_index().to_dict() == counts.sort_index().to_dict()


def test_the_window_counts_words_and_ends_with_the_paragraph(folder):
    study = analysis.load(folder)
    line = analysis.kwic(study, "orchard", window=2).iloc[0]
    assert (line["left"], line["match"], line["right"]) == ("The ", "orchard’s", " pears are")
    line = analysis.kwic(study, "keep", window=9).iloc[0]
    assert (line["left"], line["right"]) == ("Plums are not pears. Plums ", ".")


def test_a_word_that_is_absent_gives_no_line(seeds):
    lines = analysis.kwic(seeds, "zeppelin")
    assert lines.empty
    assert list(lines.columns)[:7] == ["doc_id", "sentence", "start", "end", "left", "match", "right"]


@pytest.mark.parametrize(("pattern", "window"), [("", 5), ("…", 5), ("minsk", -1)])
def test_bad_options(seeds, pattern, window):
    with pytest.raises(StudyError):
        analysis.kwic(seeds, pattern, window=window)


def test_several_patterns_are_found_together_in_reading_order(seeds):
    both = analysis.kwic(seeds, ["minsk", "baku", "minsk"])
    assert len(both) == len(analysis.kwic(seeds, "minsk")) + len(analysis.kwic(seeds, "baku"))
    assert list(both["doc_id"]) == sorted(both["doc_id"])
    assert (both.groupby("doc_id")["start"].diff().dropna() > 0).all()


@pytest.mark.parametrize("pattern", [r"\b[A-Z]{4}\b", r"[“”]", r"(?i)weapons?", r"\d+ percent"])
def test_a_regular_expression_fits_the_text_as_spelled(seeds, pattern):
    lines = analysis.kwic(seeds, pattern, regex=True, window=3)
    expected = [m.group() for text in seeds.sentences["text"] for m in re.finditer(pattern, text)]
    assert lines["match"].tolist() == expected
    for line in lines.to_dict("records"):
        text = seeds.texts[line["doc_id"]]
        assert text[line["start"] : line["end"]] == line["match"]
        assert text[: line["start"]].replace("\n", " ").endswith(line["left"])
        assert len(analysis.tokenise(line["left"])) <= 4 and len(analysis.tokenise(line["right"])) <= 4


def test_lines_are_sorted_by_the_words_beside_them(seeds):
    right = analysis.kwic(seeds, "minsk", sort="right")
    nearest = [analysis.tokenise(text)[0].casefold() for text in right["right"] if analysis.tokenise(text)]
    assert [word.removesuffix("’s") for word in nearest] == sorted(word.removesuffix("’s") for word in nearest)
    left = analysis.kwic(seeds, "minsk", sort="left")
    assert set(left["start"]) == set(right["start"])
    nearest = [(analysis.tokenise(text) or [""])[-1].casefold().removesuffix("’s") for text in left["left"]]
    assert nearest == sorted(nearest)


def test_any_places_have_a_context(seeds):
    places = analysis.mentions(seeds)
    lines = analysis.concordance(seeds, places, window=2)
    assert lines["match"].tolist() == [text.replace("\n", " ") for text in places["text"]]
    assert lines["sentence_id"].tolist() == places["sentence_id"].tolist()


@pytest.mark.parametrize(
    ("options", "said"),
    [({"sort": "up"}, "Choose one of: text"), ({"pattern": "(", "regex": True}, "no regular expression"),
     ({"pattern": r"(?:\w|\w\w|[\w\s-])*[#!]{3}", "regex": True}, "takes over")],
)  # fmt: skip
def test_options_that_cannot_be(seeds, options, said):
    with pytest.raises(StudyError, match=said):
        analysis.kwic(seeds, **{"pattern": "minsk", **options})


def test_places_in_documents_that_were_not_selected_are_an_error(seeds):
    ties = analysis.select(seeds, role="ties")
    with pytest.raises(StudyError, match="some are in documents that were not selected, such as 004"):
        analysis.concordance(ties, analysis.mentions(seeds))


def test_an_expression_that_fits_where_there_is_no_word(folder):
    (folder / "01_pears.txt").write_text("Pears\n\n!!! --- ???\n", encoding="utf-8")
    study = analysis.select(analysis.load(folder), document="01")
    assert analysis.kwic(study, "[!?]+", regex=True)["match"].tolist() == ["!!!", "???"]
