"""Sentences follow their numbers; a claim that does not hold stops the page."""

from html import unescape

import myst_nb
import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from analysis.report.prose import ClaimError, claim, findings, glue, hedged, listing, show_commands


def test_a_claim_that_holds_is_its_sentence():
    assert claim("Pears outnumber plums.", (3, ">", 2), (3, "!=", 2)) == "Pears outnumber plums."


@pytest.mark.parametrize(
    "condition", [(2, ">", 3), (np.int64(2), "==", 3), (3, "<", 3), (3, "!=", 3), (1, ">=", 2), (2, "<=", 1)]
)
def test_a_false_claim_names_sentence_and_condition(condition):
    left, relation, right = condition
    with pytest.raises(ClaimError) as caught:
        claim("Pears outnumber plums.", (1, "==", 1), condition)
    assert str(caught.value) == f"“Pears outnumber plums.” does not hold: it needs {left} {relation} {right}"


def test_a_claim_without_a_condition_is_not_a_claim():
    with pytest.raises(ValueError, match="needs the condition"):
        claim("Pears outnumber plums.")


@pytest.mark.parametrize(
    ("holds", "defined", "expected"),
    [
        (10, 10, "One. Two."),
        (27, 30, "One. Two."),
        (1999, 2222, "One. Two, though this holds in only 1,999 of 2,222 ways to compute it."),
        (8, 9, "One. Two, though this holds in only 8 of 9 ways to compute it."),
        (0, 1, "One. Two, though this holds in none of 1 way to compute it."),
        (0, 0, "One. Two, though there is no way to compute it."),
    ],
)
def test_a_finding_that_holds_in_fewer_than_nine_of_ten_ways_says_so_in_its_sentence(holds, defined, expected):
    assert hedged("One. Two.", pd.Series({"holds": holds, "defined": defined})) == expected


def test_a_sentence_without_a_full_stop_cannot_be_hedged():
    with pytest.raises(ValueError, match="needs a full stop at its end: “Is it so\\?”"):
        hedged("Is it so?", pd.Series({"holds": 1, "defined": 1}))


@pytest.mark.parametrize(
    ("items", "expected"),
    [([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", 3], "a, b and 3")],
)
def test_listing(items, expected):
    assert listing(items) == expected


def test_commands_name_the_study_unless_it_is_this_project_s_own(folder, monkeypatch):
    assert "python -m analysis kwic &quot;a b&quot;</pre>" in show_commands('kwic "a b"').data
    (folder / "my study").mkdir()
    monkeypatch.setenv("STUDY", str(folder / "my study"))
    shown = unescape(show_commands('kwic "a b"', "drift").data)
    assert "kwic --study 'my study' \"a b\"\npython -m analysis drift --study 'my study'</pre>" in shown


def test_findings_are_escaped_and_lead_to_their_sentences(seeds):
    page = findings(seeds, one="1 < 2 & so on", two=("Two.", ["000-1"])).data
    assert "<li>1 &lt; 2 &amp; so on</li>" in page
    assert 'href="documents/000.html#000-1"' in page


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """What a notebook's kernel is."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    "sentence", ["“Its” own: it's 3 % — 1/2.", "A long one. " * 40, "two\nlines \\ \u200f 'both\""]
)
def test_a_sentence_is_glued_as_myst_nb_does(shell, sentence):
    with capture_output() as shown:
        glue("name", sentence)
        myst_nb.glue("name", sentence, display=False)
    own, its = ((output.data, output.metadata) for output in shown.outputs)
    assert own == its
