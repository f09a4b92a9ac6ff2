"""The peers of the benchmark count what this package counts."""

import re

import pytest
import regex
from contenders import FOLDS, UNICODE_WORD, WORD
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.corpus.tokens import term, tokenise

PLAIN = "aBéЖԱ1٣２.,'’ʼ‐‑-[]_*– \n\u00ad\u200b"
MARKS = "\u0301\u0302"
FINDERS = [re.compile(WORD).findall, regex.compile(UNICODE_WORD).findall]


@pytest.mark.parametrize("find", FINDERS, ids=["re", "Unicode"])
@given(text=st.text(st.sampled_from(PLAIN + MARKS), max_size=40))
@example(text="“[W]e are” well-known—see U.S. media (example.org): 1,000,000.5 of 3rd, Vienna’s, a]b [b] c,d 1, 2")
@example(text="1\u0301,2 1\u00ad,2 a\u00ad\u0301[b 1\u0301[b a--b a-[b a,b 1,,2 ʼa ʼʼ 'n")
def test_words_are_those_of_the_package(find, text):
    assert find(text) == tokenise(text)


@given(st.text(st.sampled_from(PLAIN + "sS"), max_size=20))
@example("Vienna’s Brussels’ ʼs's x’s’s It‐s")
def test_terms_are_those_of_the_package(text):
    for word in tokenise(text):
        folded = word.lower()
        for pattern, meant in FOLDS.items():
            folded = re.sub(pattern, meant, folded)
        assert folded == term(word)
