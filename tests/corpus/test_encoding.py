"""Broken encodings are mended where they stand, and every character leads back to the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis
from analysis.corpus.encoding import repair

MEANT = ["Brussels’s “policy”", "Минск решил", "naïve café", "Über–alles", "Straße"]
SOUND = ["naïve café", "São Paulo", "Минск решил", "Եվրոպա", "“Brussels’s”—‘x’…", "Łukašenka – Əliyev", "ÀÉÎ"]


@pytest.mark.parametrize("meant", MEANT)
def test_utf8_read_as_latin_is_read_as_it_was_meant(meant):
    broken = meant.encode("utf-8").decode("latin-1")
    mended, starts, ends = repair(f"before {broken} after")
    assert mended == f"before {meant} after"
    assert len(starts) == len(ends) == len(mended)
    assert starts[-5:].tolist() == [len(broken) + 8 + i for i in range(5)]


@pytest.mark.parametrize("text", SOUND)
def test_sound_text_stays(text):
    mended, starts, ends = repair(text)
    assert mended == text
    assert starts.tolist() == list(range(len(text)))
    assert ends.tolist() == list(range(1, len(text) + 1))


@given(st.text())
def test_every_character_stands_somewhere_and_in_order(text):
    mended, starts, ends = repair(text)
    assert len(mended) == len(starts) == len(ends)
    assert (starts < ends).all()
    assert (starts[1:] >= starts[:-1]).all()
    assert not len(ends) or (starts[0] == 0 and ends[-1] == len(text))


def test_a_broken_word_counts_as_meant_and_is_quoted_as_it_stands(folder):
    text = "Pears\n\nâ€œBrusselsâ€™ policyâ€\x9d and Brussels.\n"
    (folder / "01_pears.txt").write_text(text, encoding="utf-8")
    study = analysis.load(folder)
    lines = analysis.kwic(study, "brussels")
    assert [text[a:b] for a, b in zip(lines["start"], lines["end"])] == lines["match"].tolist()
    assert lines["match"].tolist() == ["Brussels", "Brussels"]
    assert any("its encoding was broken once" in note for note in analysis.notes(study))


def test_a_letter_whose_second_half_is_a_space_is_mended():
    assert repair("voilÃ\xa0 la ville, dÃ©jÃ\xa0 vu")[0] == "voilà la ville, déjà vu"
    assert repair("CAFÉ\xa0! « Où\xa0?\xa0»")[0] == "CAFÉ\xa0! « Où\xa0?\xa0»"


@pytest.mark.parametrize("sign", "\u201d\u201c\u2013\u2014\xbb\xab\xb0!")
@pytest.mark.parametrize("word", ["AMANH\xc3", "ROM\xc2", "\u201cIRM\xc3", "CAF\xc9", "Spa\xdf"])
def test_a_capital_before_a_sign_is_what_it_is_unless_the_text_is_broken_elsewhere(word, sign):
    text = f"{word}{sign} e"
    assert repair(text)[0] == text
    broken = f"CAF\xc3\u2030 e caf\xc3\xa9, {word}"
    assert repair(broken)[0] == f"CAF\xc9 e caf\xe9, {word}"
    assert repair("caf\xc3\xa9")[0] == "caf\xe9"
