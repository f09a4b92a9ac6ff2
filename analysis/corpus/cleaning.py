"""Text to spans: every character of a file is given to one span, and every span that is not kept names its rule.

The rules of a page template are data (`cleaning.yml` in the study folder). A template applies to a file in which
its `when` pattern is found; its rules are tried in order, line by line, and the first that fits decides. After them
come rules that need no template: phrases of links and credits, blocks that stand in other documents too, and menus.
What no rule names is body text.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import NamedTuple

import regex

from analysis.corpus.boilerplate import BODY, KEPT, RUNS, Line, plain_line, take_boilerplate
from analysis.errors import Problem, StudyError

LINE = regex.compile(r"[^\n\r]*(?:\r\n|\n|\r|\Z)")
LIST_MARK = regex.compile(r"\s*(?:[-•*–]|\d{1,2}[.)])\s+\S")
PATIENCE = 1  # seconds for one pattern on one line
HARD_WRAPPED = 120  # characters: a body without any longer line is taken as wrapped by hand
GOING_ON = 0.25  # of the lines: and one in which so many begin in the middle of a sentence


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


RECORD_MARK = "¦ "  # before each line that a press database puts around an article
PHOTO_CREDIT = r"(?i)(photo|image|picture|foto|фото|лусанкар)( credit| by)?: .{1,79}[^.!?]"
LINK_PHRASE = (
    r"(?i)(read|see|learn|show|load|view) (more|all|also)|most read|back to top|skip to content|"
    r"(similar|related|recommended|latest|popular|more) (articles|posts|stories|news)|tweet|print|e-?mail( this)?|"
    r"share( this)?( (article|story|page|post))?|"
    r"(share|follow( us)?) on (facebook|twitter|x|linkedin|vk|telegram|whatsapp|instagram|reddit|youtube)|"
    r"home( ?page)?|about( us)?|contact( us)?|search|menu|log ?in|sign in|register|site ?map|privacy( policy)?|"
    r"advertisement|cookies?|cookie policy|terms( of (use|service)| and conditions)?|"
    r"facebook|twitter|instagram|youtube|telegram|whatsapp|rss|"
    r"subscribe( to us| to our newsletter| now)?|sign up( for [\w ]{1,40})?|(our )?newsletter|"
    r"comments?( \(\d+\))?|leave a (comment|reply)|(©|copyright (©|\(c\)|\d{4})).{0,80}|all rights reserved\.?|"
    r"читать (далее|также|ещё|еще)|поделиться( в [\w ]{1,20})?|подписаться( на [\w ]{1,40})?|комментарии|реклама|"
    r"все права защищены\.?|похожие (статьи|материалы|новости)|по теме|"
    r"чытаць далей|падзяліцца|каментары|глядзіце таксама|ətraflı( oxu)?|paylaş|oxşar xəbərlər|şərhlər|abunə ol|"
    r"կարդալ ավելին|կարդացեք նաև|կիսվել|մեկնաբանություններ|բաժանորդագրվել|"
    r"главная|о нас|контакты|поиск|войти|архив|галоўная|кантакты|ana səhifə|haqqımızda|əlaqə|axtarış|"
    r"impressum|datenschutz|kontakt|startseite|suche|anmelden|accueil|contactez-nous|mentions légales|"
    r"mehr lesen|weiterlesen|lesen sie auch|teilen|kommentare( \(\d+\))?|lire (la suite|aussi)|partager|commentaires"
)
ANYWHERE = (  # rules for single lines that need no template: they fit whole lines on sites never seen
    Rule("database record", "residue", regex.compile(f"{RECORD_MARK}.*")),
    Rule("photo credit", "photo", regex.compile(PHOTO_CREDIT)),
    Rule("link phrase", "residue", regex.compile(LINK_PHRASE)),
)
TITLES, COPIES = "repeated title", "duplicate"  # rules for a second title, and for the body of a copy


class Span(NamedTuple):
    """A part of a file, from one character offset up to another; `rule` is empty where it is kept."""

    start: int
    end: int
    kind: str
    rule: str


def split_spans(
    text: str,
    *,
    title: str = "",
    templates: tuple[Template, ...] = (),
    repeated: Set[str] = frozenset(),
    without: Set[str] = frozenset(),
) -> list[Span]:
    r"""Partition a file into spans: title, dateline, body, residue and so on.

    Parameters
    ----------
    text : str
        The file as decoded.
    title : str, optional
        The document's title: the first line that equals it is the title, a repetition before the body is residue.
    templates : tuple of Template
        The page templates to recognise.
    repeated : set of str
        Lines that stand in other documents too, as `plain_line` gives them.
    without : set of str
        The names of rules to leave out.

    Returns
    -------
    list of Span
        In order; they partition the text. White space after a block belongs to it.

    Examples
    --------
    >>> [span.kind for span in split_spans("A title\n\nA sentence.\n- an item", title="A title")]
    ['title', 'paragraph', 'list item']
    """
    rules = [rule for template in templates if _applies(template, text) for rule in template.rules]
    rules = [rule for rule in (*rules, *ANYWHERE) if rule.name not in without]
    lines = list(_classify(text, plain_line(title), rules, repeats=TITLES not in without))
    wrapped = _is_wrapped([line for line in lines if line.kind in BODY])
    lines = take_boilerplate(lines, repeated=repeated, wrapped=wrapped, without=without)
    spans: list[tuple[int, str, str]] = []
    for line in lines:
        previous_kind, previous_rule = spans[-1][1:] if spans else ("", "")
        if line.rule and (line.kind, line.rule) == (previous_kind, previous_rule):
            continue  # one block of residue
        if line.kind == "paragraph" and previous_kind in BODY and wrapped and not line.after_blank:
            continue  # the next line of a paragraph that is wrapped by hand
        spans.append((line.start if spans else 0, line.kind, line.rule))
    ends = [*(start for start, _, _ in spans[1:]), len(text)]
    return [Span(start, end, kind, rule) for (start, kind, rule), end in zip(spans, ends)]


def rule_names(templates: tuple[Template, ...]) -> list[str]:
    """Return the names of all rules, those of templates first."""
    rules = [rule.name for template in templates for rule in template.rules]
    return list(dict.fromkeys([*rules, *(rule.name for rule in ANYWHERE), *RUNS, TITLES, COPIES]))


def _classify(text: str, title: str, rules: list[Rule], *, repeats: bool) -> Iterator[Line]:
    """What each line is, by the title and by the rules for single lines and blocks."""
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
        is_title = not block and title and plain_line(line.lstrip("#")) == title
        if is_title and (not titled or (in_head and repeats)):
            kind, name = ("residue", TITLES) if titled else ("title", "")
            titled = in_head = True  # what stands above the title is no body
        elif rule:
            kind, name = rule.kind, "" if rule.kind in KEPT else rule.name
        else:
            kind, name = "list item" if LIST_MARK.match(line) else "paragraph", ""
            in_head = False
        yield Line(match.start(), kind, name, after_blank, line)
        after_blank = False


def _is_wrapped(body: list[Line]) -> bool:
    """Whether the body is wrapped by hand, so that only a blank line ends a paragraph."""
    longest = max((len(line.text) for line in body if "://" not in line.text), default=0)
    going_on = sum(not line.after_blank and line.text[0].islower() for line in body)
    return longest <= HARD_WRAPPED or going_on >= GOING_ON * len(body)


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
