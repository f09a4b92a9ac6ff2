"""Concordance lines are slices of the file."""

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
