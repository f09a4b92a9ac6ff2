"""What the rules for English share: the names of months, forms of verbs, words that govern a name."""

from __future__ import annotations

MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
PREPOSITIONS = """
about above across after against among around at before behind below between beyond by despite during for from in
including inside into near of off on onto outside over per regarding since than through to toward towards under until
upon via with within without
""".split()  # noqa: SIM905
BE = "is are was were be been being".split()  # noqa: SIM905


def regular_forms(verb: str) -> list[str]:
    """Return the forms of a verb by rule: base, -s, -ed, -ing.

    Examples
    --------
    >>> regular_forms("deny"), regular_forms("accuse")
    (['deny', 'denies', 'denied', 'denying'], ['accuse', 'accuses', 'accused', 'accusing'])
    """
    stem = verb.removesuffix("e")
    ends_in_y = verb.endswith("y") and verb[-2:-1] not in "aeiou"
    ing = f"{verb if verb.endswith(('ee', 'oe', 'ye')) else stem}ing"
    if ends_in_y:
        return [verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", ing]
    return [verb, f"{verb}es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{verb}s", f"{stem}ed", ing]
