"""The one style sheet: rules that a page can use stay, others go, and so do icons that nothing shows."""

import base64
import io

import pytest
from made_up import ROOT

from analysis.site.styles import can_match, prune, rules, split, vocabulary

SHEET = """
/* a comment with { braces } */
@import "other.css";
.used, .unused > a { color: red; }
.unused { color: blue }
a:not(.unused):hover { color: green }
@media (min-width: 1px) { .unused { top: 0 } .used::before { content: "}" } }
@media print { .unused { top: 0 } }
@keyframes turn { from { top: 0 } to { top: 1px } }
p { background: url(data:image/png;base64,AA==) }
"""


def test_rules_that_no_page_can_use_go():
    assert prune(SHEET, {"used"}).splitlines() == [
        ".used{color: red;}",
        "a:not(.unused):hover{color: green}",
        '@media (min-width: 1px){.used::before{content: "}"}}',
        "@keyframes turn{from { top: 0 } to { top: 1px }}",
        "p{background: url(data:image/png;base64,AA==)}",
    ]


def test_a_sheet_without_anything_unused_keeps_every_rule():
    sheet = (ROOT / "book" / "_static" / "book.css").read_text(encoding="utf-8")
    words = vocabulary([], [sheet])
    assert len(list(rules(prune(sheet, words)))) == len(list(rules(sheet)))


@pytest.mark.parametrize(
    ("selector", "words", "expected"),
    [
        ("p", set(), True),
        (".a .b", {"a"}, False),
        (".a.b#c", {"a", "b", "c"}, True),
        (":is(.a, .b) p", set(), True),
        ("[class~='x.y']", set(), True),
        (r".w\:1", {"w:1"}, True),
    ],
)
def test_a_selector_can_match_if_all_it_needs_is_there(selector, words, expected):
    assert can_match(selector, words) == expected


def test_commas_within_parentheses_separate_nothing():
    assert split(":is(.a, .b) p, q") == [":is(.a, .b) p", "q"]


def test_words_of_scripts_count_since_they_may_become_classes():
    words = vocabulary(["<p class=\"a b\" id='c&amp;d'>prose</p>"], ['e.classList.add("show-it")'])
    assert {"a", "b", "c&d", "show-it"} <= words
    assert "prose" not in words


@pytest.mark.built
def test_every_icon_that_the_style_sheet_shows_is_in_its_font():
    import regex
    from fontTools.ttLib import TTFont

    sheet = (ROOT / "_build" / "html" / "_static" / "pages.css").read_text(encoding="utf-8")
    (data,) = regex.findall(r"data:font/woff;base64,([^\"]+)", sheet)
    glyphs = TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap()
    shown = {int(code, 16) for code in regex.findall(r"\\([ef][0-9a-f]{3})\b", sheet)}
    assert shown
    assert shown <= set(glyphs)
    assert len(glyphs) < 60
