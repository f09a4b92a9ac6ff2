"""The arrays and the pattern find the same tokens, in any text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.corpus.tokens import TOKEN, token_bounds

HARD = st.sampled_from("aBéßЖԱ中𝐀1٣２.,'’ʼ‐‑-[]_*– \n\r\t\u0301\u0302\u00ad\u200b\ufeff🙂\ud800")


def bounds(text):
    """What `token_bounds` finds, in characters."""
    data = text.encode("utf-8", "surrogatepass")
    return [
        tuple(len(data[:place].decode("utf-8", "surrogatepass")) for place in pair) for pair in zip(*token_bounds(data))
    ]


@given(st.text(HARD, max_size=40) | st.text(max_size=60))
@example("a\u0301[b] \u0301a-\u0301b 1,000,a \u00adx\u00ady e\u00ad\u0301z\n[W]e don’t")
def test_any_text(text):
    assert bounds(text) == [match.span() for match in TOKEN.finditer(text)]


def test_the_seeds(seeds):
    for text in seeds.texts.values():
        assert bounds(text) == [match.span() for match in TOKEN.finditer(text)]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_it_makes_no_difference_in_which_pieces_a_text_is_read(seeds, monkeypatch, size):
    monkeypatch.setattr("analysis.corpus.tokens.PIECE", size)
    text = "\n\u0301a\n" + seeds.texts["002"] + "\n\u00ada"
    assert bounds(text) == [match.span() for match in TOKEN.finditer(text)]


@pytest.mark.parametrize("text", ["", "\n", "a", "-", "\u00ad", "a\n\u00ad"])
def test_hardly_any_text(text):
    assert bounds(text) == [match.span() for match in TOKEN.finditer(text)]
