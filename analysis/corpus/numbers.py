"""A share as a percentage, rounded in one way wherever one is said."""

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
