"""Text to spans: every character of a file is given to one span, and every span that is not kept names its rule.

The rules of a page template are data (`cleaning.yml` in the study folder). A template applies to a file in which
its `when` pattern is found; its rules are tried in order, line by line, and the first that fits decides. What no
rule names is body text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import regex

from analysis.errors import Problem, StudyError

KEPT = ("title", "dateline", "section", "paragraph", "list item")
REMOVED = ("status", "photo", "caption", "residue")
BODY = ("paragraph", "list item")

LINE = regex.compile(r"[^\n\r]*(?:\r\n|\n|\r|\Z)")
LIST_MARK = regex.compile(r"\s*(?:[-•*–]|\d{1,2}[.)])\s+\S")
PATIENCE = 1  # seconds for one pattern on one line
HARD_WRAPPED = 120  # a file without any longer line is taken as wrapped by hand: only a blank line ends a paragraph


@dataclass(frozen=True)
class Rule:
    """One cleaning rule: the lines it takes, and the kind it gives them.

    `line` matches a single line. `start` matches the first line of a block, which runs to the line that matches
    `stop` (not taken) or to the end of the file. `head` restricts the rule to lines before the body.
    """

    name: str
    kind: str
    line: regex.Pattern | None = None
    start: regex.Pattern | None = None
    stop: regex.Pattern | None = None
    head: bool = False


@dataclass(frozen=True)
class Template:
    """The cleaning rules of one page template, for the files in which `when` is found."""

    name: str
    when: regex.Pattern
    rules: tuple[Rule, ...]


def split_spans(text: str, *, title: str = "", templates: tuple[Template, ...] = ()) -> pd.DataFrame:
    r"""Partition a file into spans: title, dateline, body, residue and so on.

    Parameters
    ----------
    text : str
        The file as decoded.
    title : str, optional
        The document's title: the first line that says it is the title, a repetition before the body is residue.
    templates : tuple of Template
        The page templates to recognise.

    Returns
    -------
    pandas.DataFrame
        One row per span, in order; the spans partition the text.

        - ``start``, ``end``: character offsets into `text`; white space after a block belongs to it
        - ``kind``: one of `KEPT` or `REMOVED`
        - ``rule``: the rule that took the span; empty where it is kept

    Examples
    --------
    >>> split_spans("A title\n\nA sentence.\n- an item", title="A title")["kind"].tolist()
    ['title', 'paragraph', 'list item']
    """
    rules = tuple(rule for template in templates if _applies(template, text) for rule in template.rules)
    wrapped = max(map(len, text.splitlines()), default=0) <= HARD_WRAPPED
    spans: list[tuple[int, str, str]] = []
    for start, kind, rule, after_blank in _classify(text, _plain(title), rules):
        previous_kind, previous_rule = spans[-1][1:] if spans else ("", "")
        if rule and (kind, rule) == (previous_kind, previous_rule):
            continue  # one block of residue
        if kind == "paragraph" and previous_kind in BODY and wrapped and not after_blank:
            continue  # the next line of a paragraph that is wrapped by hand
        spans.append((start if spans else 0, kind, rule))
    table = pd.DataFrame(spans, columns=["start", "kind", "rule"])
    table.insert(1, "end", [start for start, _, _ in spans[1:]] + [len(text)] * bool(spans))
    return table


def _classify(text: str, title: str, rules: tuple[Rule, ...]) -> Iterator[tuple[int, str, str, bool]]:
    """Yield (start, kind, rule, whether a blank line stands before) for each line that is not blank."""
    block: Rule | None = None
    titled, in_head, after_blank = False, True, True
    for match in LINE.finditer(text):
        line = match.group().replace("\ufeff", "").strip()
        if not line:
            after_blank = True
            continue
        possible = [rule for rule in rules if in_head or not rule.head]
        if block and _fits(block, block.stop, line):
            block = None
        block = block or next((r for r in possible if _fits(r, r.start, line)), None)
        rule = block or next((r for r in possible if _fits(r, r.line, line)), None)
        if not block and in_head and title and _plain(line) == title:
            kind, name = ("residue", "repeated title") if titled else ("title", "")
            titled = True
        elif rule:
            kind, name = rule.kind, "" if rule.kind in KEPT else rule.name
        else:
            kind, name = "list item" if LIST_MARK.match(line) else "paragraph", ""
            in_head = False
        yield match.start(), kind, name, after_blank
        after_blank = False


def _applies(template: Template, text: str) -> bool:
    """Whether a template's page is recognised."""
    try:
        return bool(template.when.search(text, timeout=PATIENCE))
    except TimeoutError:
        what = f"`when` of the template “{template.name}” takes over {PATIENCE} s on a file"
        raise StudyError(Problem("cleaning.yml", what, "Write a simpler pattern.")) from None


def _fits(rule: Rule, pattern: regex.Pattern | None, line: str) -> bool:
    """Whether one of the rule's patterns fits a line; a pattern that takes too long to tell is bad input."""
    try:
        return bool(pattern and pattern.fullmatch(line, timeout=PATIENCE))
    except TimeoutError:
        what = f"the rule “{rule.name}” takes over {PATIENCE} s on a line of {len(line):,} characters"
        remedy = "Write a pattern in which no repetition stands within another."
        raise StudyError(Problem("cleaning.yml", what, remedy)) from None


def _plain(line: str) -> str:
    """A line for comparison with a title: quotes straightened, white space single, case folded."""
    return " ".join(line.replace("’", "'").replace("‘", "'").split()).casefold()
