"""Numbers as they are said."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.corpus.numbers import count, decimal, half_up, percent


@given(st.decimals(-(10**6), 10**6, places=5), st.integers(0, 4))
@example(Decimal("0.125"), 2)
@example(Decimal("1.005"), 2)  # which a float holds as a little less
def test_a_half_is_rounded_away_from_zero(value, digits):
    """As the decimal arithmetic of Python's library does it."""
    expected = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    assert half_up(float(value), digits) == float(expected)
    assert decimal(float(value), digits) == f"{expected:z,f}".replace("-", "−")


def test_what_is_no_finite_number_stays_so():
    assert (decimal(float("inf"), 2), decimal(float("-inf"), 2), decimal(float("nan"), 2)) == ("inf", "−inf", "nan")


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
