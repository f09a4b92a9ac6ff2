"""Numbers as they are said: counts with their noun, shares as percentages, decimals; all rounded in one way."""

from __future__ import annotations

import math


def half_up(value: float, digits: int) -> float:
    """Return a number with so many digits after the point, a half rounded away from 0, as readers expect it.

    Examples
    --------
    >>> half_up(0.125, 2), half_up(-0.15, 1), half_up(1.005, 2)
    (0.13, -0.2, 1.01)
    """
    if not math.isfinite(value):
        return value
    return math.copysign(math.floor(round(abs(value) * 10**digits, 9) + 0.5) / 10**digits, value)


def decimal(value: float, digits: int, sign: str = "") -> str:
    """Return a number with so many digits after the point and a true minus; with the sign “+”, a plus, too.

    Examples
    --------
    >>> decimal(-1.5, 2), decimal(-0.0004, 2), decimal(0.25, 1, "+"), decimal(1234.5, 0)
    ('−1.50', '0.00', '+0.3', '1,235')
    """
    return f"{half_up(value, digits):{sign}z,.{digits}f}".replace("-", "−")


def percent(share: float) -> str:
    """Return a share as a whole percentage, never 0% or 100% unless exact.

    Examples
    --------
    >>> percent(0.5), percent(9 / 40), percent(0.001), percent(0.999), percent(1)
    ('50%', '23%', 'under 1%', 'over 99%', '100%')
    """
    if 0 < share < 0.01:
        return "under 1%"
    if 0.99 < share < 1:
        return "over 99%"
    return f"{half_up(100 * share, 0):.0f}%"


def count(n: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(0, "document"), count(1, "document"), count(1200, "word"), count(2, "body", "bodies")
    ('no documents', '1 document', '1,200 words', '2 bodies')
    """
    noun = noun if n == 1 else plural or noun + "s"
    return f"{n:,} {noun}" if n else f"no {noun}"
