"""Sentences end where a reader ends them, and stand where they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.cleaning import split_spans
from analysis.corpus.segments import split_paragraphs, split_sentences

HARD = [
    ["He left on Nov. 14 by train.", "Nobody saw it."],
    ["The U.S. envoy arrived.", "He stayed."],
    ["It was signed (President.az 1 and 2, President.gov.by, Belta.by, November 19).", "“[W]e are not indifferent” came later."],
    ["“[W]e are not indifferent” about “which country heads it,” he said.", "Then he left."],
]  # fmt: skip


def sentences(text, **options):
    paragraphs = split_paragraphs(text, split_spans(text), doc_id="1")
    return split_sentences(text, paragraphs, **options)


@pytest.mark.parametrize("expected", HARD)
def test_hard_sentences(expected):
    assert sentences(" ".join(expected))["text"].tolist() == expected


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u3000", "\u2028"])
def test_wide_spaces_are_spaces_to_the_segmenter(space):
    text = f"They chose plan B{space}. It failed."
    assert "".join(sentences(text)["text"]).replace(" ", "") == text.replace(" ", "")


def test_a_long_paragraph_gives_the_sentences_of_its_parts():
    """Far longer than the window in which the segmenter works."""
    parts = [f"Sentence {i} came from the U.S. on Nov. 14 (see EDM, December {i % 28 + 1})." for i in range(1000)]
    assert sentences(" ".join(parts))["text"].tolist() == parts


def test_numbers_run_through_the_document():
    table = sentences("One. Two.\n\nThree.")
    assert table["sentence_id"].tolist() == ["1-1", "1-2", "1-3"]
    assert table["paragraph"].tolist() == [1, 1, 2]


@given(st.text(max_size=300))
def test_sentences_hold_every_character_but_white_space(text):
    spans = split_spans(text)
    paragraphs = split_paragraphs(text, spans, doc_id="1")
    table = split_sentences(text, paragraphs)
    assert all(text[a:b] == t for a, b, t in zip(table["start"], table["end"], table["text"]))
    assert (table["end"].to_numpy()[:-1] <= table["start"].to_numpy()[1:]).all()
    covered = "".join("".join(table["text"]).split())
    assert covered == "".join("".join(text[a:b] for a, b in zip(paragraphs["start"], paragraphs["end"])).split())


def test_every_sentence_of_the_seeds_ends_like_one(seeds):
    assert seeds.sentences["text"].str.contains(r"(?:[.:!?]|[.!?][”’\")]|\))$").all()
    assert not seeds.sentences["text"].str.contains(r"[a-z]{2}\. [A-Z][a-z]").any()
