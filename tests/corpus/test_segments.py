"""Sentences end where a reader ends them, and stand where they say."""

from pathlib import Path

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.corpus.cleaning import split_spans
from analysis.corpus.segments import split_paragraphs, split_sentences
from analysis.corpus.tokens import tokenise

HARD = [
    ["He left on Nov. 14 by train.", "Nobody saw it."],
    ["The U.S. envoy arrived.", "He stayed."],
    ["It was signed (President.az 1 and 2, President.gov.by, Belta.by, November 19).", "“[W]e are not indifferent” came later."],
    ["“[W]e are not indifferent” about “which country heads it,” he said.", "Then he left."],
]  # fmt: skip
SCRIPTS = {
    "ru": [
        ["Встреча прошла 14 нояб. 2018 г. в Вене.", "Министр А. Г. Петров сказал, т.е. заявил, что согласен."],
        ["Экспорт вырос на 5,5 млн. долл. США.", "См. стр. 5.", "Он родился там."],
        ["Путь преградил полк.", "Он молчал.", "Поезд ушёл в 10 час. 30 мин. ночи."],
        ["«Мы рады!» — сказал он.", "Завод им. Попова на ул. Садовой стоит.", "Проф. Иванов уехал."],
    ],
    "be": [
        ["Сустрэча адбылася 14 ліст. 2018 г. у Вене.", "Міністр А. Р. Каваль сказаў, г. зн. заявіў, што згодны."],
        ["Праф. Новік жыў на вул. Зялёнай.", "Потым паехаў."],
    ],
    "az": [
        ["Görüş 14 noy. 2018-ci ildə keçirildi.", "Nazir İ. Məmmədov dedi ki, razıdır.", "Sonra getdi."],
        ["Xəritəyə bax.", "Orada var.", "Yazıçı M.Ə. Quliyev küçəsi buradadır."],
        ["Bu, məs. belədir.", "Prof. Quliyev bildirdi."],
    ],
    "hy": [
        ["Հանդիպումը տեղի ունեցավ 2018 թ. նոյեմբերի 14-ին։", "Նախարար Ա. Պետրոսյանը համաձայն է։", "Ի՞նչ է սա։"],
    ],
    "en": [
        ["It left the U.S.", "The end came.", "Was it 5?", "10 came.", "See Vol. 15, no. 177."],
        ["It was vitamin C.", "Then came spring."],
        ["“Is it so?” he asked.", "Mr. A. Smith met Gen. Jones.", "He said so."],
    ],
}  # fmt: skip


def sentences(text, **options):
    return split_sentences(text, split_paragraphs(text, split_spans(text)), **options)


def texts(*args, **options):
    return [sentence.text for sentence in sentences(*args, **options)]


@pytest.mark.parametrize("expected", HARD)
def test_hard_sentences(expected):
    assert texts(" ".join(expected)) == expected


@pytest.mark.parametrize(("language", "expected"), [(k, e) for k, examples in SCRIPTS.items() for e in examples])
def test_sentences_of_the_languages_of_the_region(language, expected):
    assert texts(" ".join(expected), language=language) == expected


@pytest.mark.parametrize("expected", [["He is here.", "She is a prof."], ["У каго?", "На вул."], ["Of a sec."]])
def test_a_paragraph_that_ends_in_an_abbreviation_ends_there(expected):
    assert texts(" ".join(expected)) == expected


def test_text_without_capitals_still_has_sentences():
    expected = ["it rained there.", "nobody wanted to go outside.", "why should they?", "it stopped."]
    assert texts(" ".join(expected)) == expected


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u3000", "\u2028"])
def test_wide_spaces_are_spaces_to_the_segmenter(space):
    text = f"They chose plan B{space}. It failed."
    assert "".join(texts(text)).replace(" ", "") == text.replace(" ", "")


def test_a_long_paragraph_gives_the_sentences_of_its_parts():
    """Far longer than the window in which the segmenter works."""
    parts = [f"Sentence {i} came from the U.S. on Nov. 14 (see EDM, December {i % 28 + 1})." for i in range(1000)]
    assert texts(" ".join(parts)) == parts


def test_a_long_paragraph_without_an_end_is_cut_between_words():
    text = "lorem ipsum dolor " * 2000
    assert [t for s in texts(text) for t in tokenise(s)] == tokenise(text)
    assert len(texts(text)) > 1
    assert texts("a" * 30_000) == ["a" * 30_000]


def test_numbers_run_through_the_document():
    assert [(s.sentence, s.paragraph) for s in sentences("One. Two.\n\nThree.")] == [(1, 1), (2, 1), (3, 2)]


@given(st.text(max_size=300))
def test_sentences_hold_every_character_but_white_space(text):
    paragraphs = split_paragraphs(text, split_spans(text))
    found = split_sentences(text, paragraphs)
    assert all(text[s.start : s.end] == s.text for s in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:]))
    covered = "".join("".join(s.text for s in found).split())
    assert covered == "".join("".join(text[p.start : p.end] for p in paragraphs).split())


@given(
    st.lists(st.sampled_from([*"aBжЖ1.?!…, -’“”()[]։。\u0301", "U.S.", "Mr.", "г.", "e.g."]), max_size=40).map("".join)
)
@example("։U.S.ж")
def test_no_sentence_ends_within_a_token(text):
    """So it makes no difference whether a text is cut into tokens by the sentence or as a whole."""
    for language in ("en", "ru", "hy"):
        found = sentences(text, language=language)
        assert [t for s in found for t in tokenise(s.text)] == tokenise(text)


def test_a_plain_rule_ends_the_sentences_of_the_seeds_at_the_same_places(seeds):
    """A mark, perhaps a quotation mark, white space, a capital: too plain for other texts, and right for each of these."""
    for doc_id, start, end in seeds.paragraphs[["doc_id", "start", "end"]].itertuples(index=False):
        found = seeds.sentences[(seeds.sentences["doc_id"] == doc_id) & seeds.sentences["start"].between(start, end)]
        text = seeds.texts[doc_id][start:end]
        assert found["text"].tolist() == regex.split(r"(?<=[.?!][”’\")]?)\s+(?=[“(]?\[?\p{Lu})", text)


def test_every_sentence_of_the_seeds_is_as_it_was_read(seeds):
    lines = (Path(__file__).parent / "sentences.tsv").read_text(encoding="utf-8").splitlines()
    read = [tuple(line.split("\t")) for line in lines if not line.startswith("#")]
    table = seeds.sentences[["doc_id", "paragraph", "text"]].astype(str)
    assert list(table.itertuples(index=False, name=None)) == read
