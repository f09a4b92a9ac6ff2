"""The chapter on what can be called: complete, and from docstrings that say what a reader needs."""

import inspect
import unicodedata

import pytest
import regex
from made_up import ROOT

import analysis
from analysis.__main__ import parser
from analysis.site.commands import commands_page
from analysis.site.docstrings import SECTION, as_page

PAGES = sorted((ROOT / "book" / "api").glob("*.md"))
FUNCTIONS = [name for name in analysis.__all__ if inspect.isfunction(getattr(analysis, name))]
HEADING = regex.compile(r"(?m)^(\w[\w ]*)\n-{3,}$")
GLOSSARY = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")


def described():
    """The names on the pages, in order, repeated ones too."""
    return regex.findall(
        r"(?m)^\.\. auto\w+:: analysis\.(\w+)$", "\n".join(p.read_text(encoding="utf-8") for p in PAGES)
    )


def test_every_public_name_is_described_once():
    assert sorted(described()) == analysis.__all__


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_docstring_says_what_goes_in_and_what_comes_out(name):
    function, text = getattr(analysis, name), inspect.getdoc(getattr(analysis, name))
    sections = HEADING.findall(text)
    assert {"Parameters", "Returns", "Examples"} <= set(sections)
    order = ["Parameters", "Returns", "Raises", "See Also", "Notes", "References", "Examples"]
    assert sections == [section for section in order if section in sections]
    named = HEADING.split(text)[1 + 2 * sections.index("Parameters") + 1]
    given = regex.findall(r"\w+", " ".join(line.split(" :")[0] for line in named.split("\n") if line[:1].strip()))
    assert set(inspect.signature(function).parameters) <= set(given)
    assert ">>> " in text.split("Examples\n")[1]


@pytest.mark.parametrize("name", analysis.__all__)
def test_a_docstring_as_a_page_cites_by_author_and_lists_nothing(name):
    thing = getattr(analysis, name)
    lines = inspect.getdoc(thing).split("\n")
    cited = len(regex.findall(r"\[\d+\]_", "\n".join(lines)))
    as_page(None, "function", f"analysis.{name}", thing, None, lines)
    page = "\n".join(lines)
    assert not SECTION.search(page) and not regex.search(r"\[\d+\]_", page)
    assert page.count(":ref:") == cited


def test_names_become_links_and_all_else_code():
    lines = ["See `keyness_test`, `terms.frequency` and `minimum`; |a − b|. ``x | y``", ">>> {1} | {2}"]
    as_page(None, "function", "", analysis.keyness, None, lines)
    assert lines == [
        "See :py:obj:`keyness_test <analysis.keyness_test>`, :py:obj:`frequency <analysis.frequency>` and ``minimum``; "
        r"\|a − b\|. ``x | y``",
        ">>> {1} | {2}",
    ]


def test_every_command_and_option_is_on_the_page():
    page = commands_page()
    commands = parser()._subparsers._group_actions[0].choices
    assert regex.findall(r"(?m)^## (.+)$", page) == ["Options of most commands", *commands]
    for part, command in zip(page.split("\n## ")[1:], commands.values()):
        for action in (a for a in command._actions if a.dest != "help"):
            name = action.option_strings[-1] if action.option_strings else action.metavar
            common = f"`{name}" in page.split("\n## ")[0] and f"`{name}`" not in part
            assert f"`{name}" in part or common, name


@pytest.mark.built
def test_every_public_name_is_in_the_built_book():
    """Under its own anchor, and nowhere with a path of the machine on which the book was made."""
    built = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "_build" / "html" / "book" / "api").glob("*.html"))
    assert set(analysis.__all__) <= set(regex.findall(r'id="analysis\.(\w+)"', built))
    assert str(ROOT) not in built and "PosixPath" not in built


def test_the_glossary_is_in_order_and_names_no_folder():
    blocks = GLOSSARY.split("```{glossary}\n")[1].rsplit("```")[0].strip().split("\n\n")
    terms = [unicodedata.normalize("NFKD", block.split("\n")[0].casefold()) for block in blocks]
    assert len(terms) > 90
    assert terms == sorted(terms)
    assert all(regex.fullmatch(r"(?:\S.*\n)+  \S.*[.!)]", block) for block in blocks)
    assert "/" not in GLOSSARY.replace("p / q", "")
