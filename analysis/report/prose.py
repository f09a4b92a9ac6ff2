"""Numbers to sentences: wording that follows the number, and claims that hold or stop the build."""

from __future__ import annotations

import operator
import shlex
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

import pandas as pd
from IPython.display import HTML, display

from analysis.corpus import SEEDS, Study, default_folder
from analysis.corpus.numbers import count
from analysis.measures.specifications import ROBUST
from analysis.report.evidence import as_html, sentence_list

OF_FILES = "This only says which files the study has."  # how sure it is that one is empty
NAMED = 5  # items of a list that a sentence names
GLUED = "application/papermill.record/"  # before the type of what a cell keeps for other pages
RELATIONS = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


class ClaimError(AssertionError):
    """A sentence of the book that its numbers do not bear out."""


def claim(sentence: str, *conditions: tuple[object, str, object]) -> str:
    """Return a sentence if the conditions that make it true hold.

    Parameters
    ----------
    sentence : str
    *conditions : (value, relation, value)
        At least one; the relation is one of ``< <= == != >= >``.

    Raises
    ------
    ClaimError
        With the sentence and the condition that fails.

    Examples
    --------
    >>> claim("Two is more than one.", (2, ">", 1))
    'Two is more than one.'
    """
    if not conditions:
        raise ValueError(f"A claim needs the condition that makes it true: “{sentence}”")
    for left, relation, right in conditions:
        if not RELATIONS[relation](left, right):
            raise ClaimError(f"“{sentence}” does not hold: it needs {_short(left)} {relation} {_short(right)}")
    return sentence


def _short(value: object) -> str:
    """A value with no more digits than say how far it is from another."""
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3g}"


def firmness(finding: pd.Series) -> str:
    """Say in how many of the ways to compute it a finding holds, and which documents it needs.

    Parameters
    ----------
    finding : pandas.Series
        Its row of `measures.specifications.robustness`, of which ``holds``, ``defined`` and ``undefined_without`` are
        used.

    Examples
    --------
    >>> firmness(pd.Series({"holds": 59, "defined": 96, "undefined_without": "07"}))
    'It holds in 59 of 96 ways to compute it; without document 07 there is nothing to compare.'
    """
    said = f"It holds in {finding['holds']:,} of {count(int(finding['defined']), 'way')} to compute it"
    needed = finding["undefined_without"].split()
    if not needed:
        return f"{said}."
    return f"{said}; without document {' or '.join(needed)} there is nothing to compare."


def hedged(sentence: str, finding: pd.Series) -> str:
    """Return a sentence; if its finding holds in too few of the ways to compute it, the sentence says so at its end.

    Parameters
    ----------
    sentence : str
        With a full stop at its end.
    finding : pandas.Series
        Its row of `measures.specifications.robustness`, of which ``holds`` and ``defined`` are used. Too few are less
        than 90 %, or none at all.

    Raises
    ------
    ValueError
        The sentence does not end with a full stop, before which the rest could stand.

    Examples
    --------
    >>> hedged("Pears lead.", pd.Series({"holds": 59, "defined": 96}))
    'Pears lead, though this holds in only 59 of 96 ways to compute it.'
    """
    holds, ways = int(finding["holds"]), int(finding["defined"])
    if not sentence.endswith("."):
        raise ValueError(f"A sentence that may be hedged needs a full stop at its end: “{sentence}”")
    if ways and holds >= ROBUST * ways:
        return sentence
    few = f"only {holds:,}" if holds else "none"
    doubt = f"this holds in {few} of {count(ways, 'way')} to compute it" if ways else "there is no way to compute it"
    return f"{sentence[:-1]}, though {doubt}."


class Finding(NamedTuple):
    """A sentence of the book with what a reader may ask of it.

    Attributes
    ----------
    sentence : str
    sentence_ids : sequence of str or None
        The sentences of the documents from which it was counted; None where it is counted from no sentences.
    sure : str
        How sure it is, as a sentence of its own; the front page sets it behind the first finding of a chapter.
    """

    sentence: str
    sentence_ids: Sequence[str] | None = None
    sure: str = ""


def findings(study: Study, /, **found: Finding | str) -> HTML:
    """Show the findings of a chapter, and give each to the book under its name.

    Another page takes a sentence up with a glue role, by the chapter’s file and the name. If the first finding says how
    sure it is, it is the chapter’s `headline`, and goes under that name too; how sure it is, under `headline_sure`.

    Parameters
    ----------
    study : Study
    **found : Finding or str
        A string is a finding without more.
    """
    items = []
    for name, given in found.items():
        finding = Finding(given) if isinstance(given, str) else Finding(*given)
        glue(name, finding.sentence)
        if not items and finding.sure:
            glue("headline", finding.sentence)
            glue("headline_sure", finding.sure)
        ids = finding.sentence_ids
        items.append(f"<li>{as_html(finding.sentence)}{'' if ids is None else sentence_list(study, ids)}</li>")
    return HTML(f'<ul class="findings">\n{chr(10).join(items)}\n</ul>')


def glue(name: str, sentence: str) -> None:
    """Keep a sentence in the cell's outputs, for other pages to take up by its name.

    ``myst_nb.glue(name, sentence, display=False)`` does the same, but its import takes each notebook two seconds.
    """
    metadata = {"scrapbook": {"name": name, "mime_prefix": GLUED}}
    display({f"{GLUED}text/plain": repr(sentence)}, raw=True, metadata=metadata)


def how_many(part: int, whole: int) -> str:
    """Return a number of some things; in words if it is none of them, or all of several.

    Examples
    --------
    >>> how_many(0, 3), how_many(2, 3), how_many(3, 3), how_many(1, 1)
    ('none', '2', 'all', '1')
    """
    return "none" if not part else "all" if part == whole > 1 else f"{part:,}"


def listing(items: Iterable[object]) -> str:
    """Join items as in a sentence.

    Examples
    --------
    >>> listing(["a", "b", "c"]), listing(["a"]), listing([])
    ('a, b and c', 'a', 'none')
    """
    words = [str(item) for item in items]
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else "none"


def some(items: Iterable[object], *, most: int = NAMED, between: str = ", ") -> str:
    """Join items as in a sentence; of more than a few the first, and how many more there are.

    Examples
    --------
    >>> some("abc"), some("abcdefg"), some("abc", between="; "), some("abc", most=2, between="; ")
    ('a, b and c', 'a, b, c, d, e and 2 more', 'a; b; c', 'a; b; and 1 more')
    """
    words = [str(item) for item in items]
    if len(words) <= most:
        return listing(words) if between == ", " else between.join(words)
    return f"{between.join(words[:most])}{between.rstrip(', ')} and {len(words) - most:,} more"


def show_commands(*commands: str) -> HTML:
    """Show commands of the package, as they are typed in a shell where the folder of the study lies."""
    folder = default_folder()
    study = "" if folder.resolve() == SEEDS.resolve() else f" --study {shlex.quote(folder.resolve().name)}"
    named = [" ".join([f"{name}{study}", *rest]) for name, *rest in (command.split(" ", 1) for command in commands)]
    lines = "\n".join(f"python -m analysis {escape(command)}" for command in named)
    return HTML(f'<pre class="commands" tabindex="0" aria-label="Commands to try">{lines}</pre>')
