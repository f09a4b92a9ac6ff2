"""What stands between quotation marks, in texts put together from pieces."""

from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.quotes import quotations_in

PIECES = st.lists(st.tuples(st.text("ab .,(", min_size=1), st.sampled_from(["", "“”", '""', "«»", "„“", "‘’"])))


@given(PIECES)
def test_quotations_are_the_pieces_that_were_quoted(pieces):
    """Pieces without marks of their own, some put between marks, with a word between any two."""
    pieces = [(f"x{piece}x", marks) for piece, marks in pieces]
    text = " don’t ".join(f"{marks[:1]}{piece}{marks[1:]}" for piece, marks in pieces)
    assert [text[a:b] for a, b in quotations_in(text)] == [piece for piece, marks in pieces if marks]


@given(st.text('ab ’‘“”„«»"9', max_size=40), st.sampled_from(["", "“", '"', "a"]))
def test_quotations_lie_within_each_other_or_apart(text, after):
    spans = quotations_in(text, after=after)
    assert all(0 <= a <= b <= len(text) for a, b in spans)
    assert not [1 for a, b in spans for c, d in spans if a < c <= b < d]
    marks = [text[a - 1] for a, b in spans]
    assert all(text.count(mark) >= marks.count(mark) for mark in marks)


def test_a_mark_that_was_never_closed_is_forgotten():
    inner = "“a”" * 20
    assert len(quotations_in("“" * 1_000 + inner)) == 20
    assert quotations_in("“" + "‘" * 3 + "a”") == [(1, 5)]
    assert (quotations_in("“" + "«" * 7 + "a”"), quotations_in("“" + "«" * 8 + "a”")) == ([(1, 9)], [])
