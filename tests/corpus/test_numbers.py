"""Numbers as they are said."""

import pytest

from analysis.corpus.numbers import count, percent


@pytest.mark.parametrize(("n", "expected"), [(0, "no boxes"), (1, "1 box"), (2, "2 boxes"), (1234, "1,234 boxes")])
def test_count(n, expected):
    assert count(n, "box", "boxes") == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0, "0%"),
        (0.004, "under 1%"),
        (0.01, "1%"),
        (0.225, "23%"),
        (0.5, "50%"),
        (0.99, "99%"),
        (0.997, "over 99%"),
        (1, "100%"),
    ],
)
def test_percent(share, expected):
    assert percent(share) == expected
