"""Numbers as they are said: counts with their noun, and shares as percentages, rounded in one way."""

from __future__ import annotations

import math


def percent(share: float) -> str:
    """Return a share as a whole percentage, a half rounded up, never 0% or 100% unless exact.

    Examples
    --------
    >>> percent(0.5), percent(9 / 40), percent(0.001), percent(0.999), percent(1)
    ('50%', '23%', 'under 1%', 'over 99%', '100%')
    """
    if 0 < share < 0.01:
        return "under 1%"
    if 0.99 < share < 1:
        return "over 99%"
    return f"{math.floor(round(100 * share, 9) + 0.5)}%"


def count(n: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(0, "document"), count(1, "document"), count(1200, "word"), count(2, "body", "bodies")
    ('no documents', '1 document', '1,200 words', '2 bodies')
    """
    noun = noun if n == 1 else plural or noun + "s"
    return f"{n:,} {noun}" if n else f"no {noun}"
