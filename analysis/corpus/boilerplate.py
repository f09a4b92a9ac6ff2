"""Lines that are not the article on sites never seen: blocks that stand in other documents too, and margins.

These rules look at runs of lines. They keep a text rather than lose it: what is long, or ends like a sentence, stays.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import partial
from itertools import groupby
from typing import NamedTuple

import regex

KEPT = ("title", "dateline", "section", "paragraph", "list item")
REMOVED = ("status", "photo", "caption", "residue")
BODY = ("paragraph", "list item")

REPEATED_CHARACTERS = 100  # in a run of lines that stand in other documents too
LARGEST_REPEATED_SHARE = 0.5  # of a body; if more of it is repeated, the document is a copy and nothing is taken
MARGIN_WORDS = 10  # at most so many in a line of the margins, which does not end like a sentence
MARGIN_LINES, LONG_MARGIN = 3, 8  # at least so many in a row, where another rule took one of them and where none did
TEXT_WORDS = 12  # at least so many in a line of running text, which ends like a sentence
SENTENCE_END = regex.compile(r"[.!?…։。:;,”“’\"'»)\]]$")
REPEATED, MARGIN = RUNS = ("repeated block", "margin")


class Line(NamedTuple):
    """A line that is not blank, and what it was found to be."""

    start: int
    kind: str
    rule: str
    after_blank: bool
    text: str


def take_boilerplate(lines: list[Line], *, repeated: Set[str], wrapped: bool, without: Set[str]) -> list[Line]:
    """Make residue of the lines of the body that these rules name.

    Parameters
    ----------
    lines : list of Line
        A document's lines, as the other rules left them.
    repeated : set of str
        Lines that stand in other documents too, as `plain_line` gives them.
    wrapped : bool
        Whether the text is wrapped by hand: a line of a paragraph then looks like a heading.
    without : set of str
        The names of rules to leave out.

    Notes
    -----
    The margins are what stands before the first line of running text and after the last. Lines of a few words there are
    a menu or links to other articles, as block sizes tell [1]_; but a list at the end of an article looks the same. So
    a short run goes only where another rule found a link or a credit in it, and none goes that a colon introduces.

    References
    ----------
    .. [1] Kohlschütter, C., Fankhauser, P. & Nejdl, W. (2010). Boilerplate detection using shallow text features.
       Proceedings of WSDM, 441–450.
    """
    if REPEATED not in without and _share(lines, repeated) <= LARGEST_REPEATED_SHARE:
        lines = _take_runs(lines, REPEATED, partial(_is_repeated, repeated), _is_long)
    text = [n for n, line in enumerate(lines) if _is_running_text(line)]
    if MARGIN not in without and text and not wrapped:
        first, last = text[0], text[-1]
        before, after = (
            _take_runs(part, MARGIN, _is_short_or_taken, _is_margin) for part in (lines[: first + 1], lines[last:])
        )
        lines = [*before[:-1], *lines[first : last + 1], *after[1:]]
    return lines


def plain_line(line: str) -> str:
    """Return a line for comparison: quotes straightened, white space single, case folded."""
    return " ".join(line.replace("’", "'").replace("‘", "'").split()).casefold()


def _take_runs(
    lines: list[Line], rule: str, fits: Callable[[Line], bool], enough: Callable[[list[Line], str], bool]
) -> list[Line]:
    """Make residue of what is body in each run of lines that all fit, where there is enough of it."""
    result: list[Line] = []
    for fitting, group in groupby(lines, fits):
        run, above = list(group), result[-1].text if result else ""
        taken = [line if line.rule else line._replace(kind="residue", rule=rule) for line in run]
        result += taken if fitting and enough(run, above) else run
    return result


def _share(lines: list[Line], repeated: Set[str]) -> float:
    """The part of the body that stands in other documents too: most of it, if the document is a copy of another."""
    body = [line.text for line in lines if line.kind in BODY]
    shared = sum(len(text) for text in body if plain_line(text) in repeated)
    return shared / max(sum(map(len, body)), 1)


def _is_repeated(repeated: Set[str], line: Line) -> bool:
    """Whether a line of the body stands in other documents too."""
    return line.kind in BODY and plain_line(line.text) in repeated


def _is_long(run: list[Line], above: str) -> bool:
    """Whether a run of repeated lines is too long to be chance."""
    return sum(len(line.text) for line in run) >= REPEATED_CHARACTERS


def _is_short_or_taken(line: Line) -> bool:
    """Whether a line has a few words and does not end like a sentence; what is taken already breaks no run."""
    short = len(line.text.split()) <= MARGIN_WORDS and not SENTENCE_END.search(line.text)
    return line.rule != "" or (line.kind == "paragraph" and short)


def _is_margin(run: list[Line], above: str) -> bool:
    """Whether a run of short lines has enough of them that no other rule took, and no colon above it."""
    free = sum(not line.rule for line in run)
    return free >= (LONG_MARGIN if free == len(run) else MARGIN_LINES) and not above.endswith(":")


def _is_running_text(line: Line) -> bool:
    """Whether a line of the body has many words and ends like a sentence."""
    return line.kind in BODY and len(line.text.split()) >= TEXT_WORDS and bool(SENTENCE_END.search(line.text))
