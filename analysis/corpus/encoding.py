"""Text whose encoding was broken once, such as ``Ã¼`` for ``ü``: read as it was meant, with the way back."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np
import regex

SUSPECT = regex.compile(r"[^\x00-\x7f\s]{2}|[ÂÃ]\u00a0")  # what was one character has become two or more beyond ASCII
SPACE = regex.compile(r"\s")
LONGEST_WORD = 200  # characters


def repair(text: str) -> tuple[str, np.ndarray, np.ndarray]:
    """Return a text as it was meant.

    Parameters
    ----------
    text : str

    Returns
    -------
    meant : str
        The text with every broken run of characters replaced by what ftfy takes it for [1]_. A capital letter at the
        end of a word in capitals, before a quotation mark or another sign, may be what it is, as Ã in Portuguese: it
        is replaced only if something else in the text is broken beyond doubt.
    starts, ends : numpy.ndarray of int, one per character of `meant`
        Where in `text` the character stands. All characters of a replaced run stand where the whole run does.

    References
    ----------
    .. [1] Speer, R. (2019). ftfy: fixes text for you. Zenodo.

    Examples
    --------
    >>> meant, starts, ends = repair("in Ãœber-city")
    >>> meant, int(starts[3]), int(ends[3])
    ('in Über-city', 3, 5)
    """
    replacements = [
        (begin + first, begin + last, new)
        for begin, end in _suspect_runs(text)
        for first, last, new in _replacements(text[begin:end], _mended(text[begin:end]))
    ]
    if all(_may_be_meant(text, first, last) for first, last, _ in replacements):
        replacements = []
    pieces, starts, ends, done = [], [], [], 0
    for first, last, new in [*replacements, (len(text), len(text), "")]:
        pieces += [text[done:first], new]
        starts += [np.arange(done, first), np.full(len(new), first)]
        ends += [np.arange(done + 1, first + 1), np.full(len(new), last)]
        done = last
    return "".join(pieces), np.concatenate(starts), np.concatenate(ends)


def _suspect_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where the runs of characters that are no white space and may be broken begin and end."""
    end = 0
    for found in SUSPECT.finditer(text):
        if found.end() > end:
            before = text[end : found.start()]
            begin = found.start() - (len(before.rsplit(None, 1)[-1]) if before and not before[-1].isspace() else 0)
            after = SPACE.search(text, found.end())
            end = after.start() if after else len(text)
            yield begin, end


def _may_be_meant(text: str, first: int, last: int) -> bool:
    """Whether a run is the last letter of a word, of the case of the one before it, and perhaps a sign."""
    before, run, after = text[max(first - 1, 0) : first], text[first:last], text[last : last + 1]
    return (
        len(run) <= 2
        and run[0].isalpha()
        and before.isalpha()
        and not (run[1:].isalpha() or after.isalpha())
        and before.isupper() == run[0].isupper()
    )


@lru_cache(maxsize=1 << 16)
def _mended(word: str) -> str:
    """A run of characters as it was meant."""
    from ftfy import fix_encoding

    return fix_encoding(word)


def _replacements(broken: str, meant: str) -> list[tuple[int, int, str]]:
    """What to replace by what: as little as possible in a word, the whole of a run too long to be one."""
    if broken == meant:
        return []
    if len(broken) > LONGEST_WORD:
        return [(0, len(broken), meant)]
    steps = SequenceMatcher(None, broken, meant, autojunk=False).get_opcodes()
    if any(kind == "insert" for kind, *_ in steps):
        return [(0, len(broken), meant)]
    return [(a, b, meant[c:d]) for kind, a, b, c, d in steps if kind != "equal"]
