"""A share as a percentage."""

import pytest

from analysis.corpus.numbers import percent


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
