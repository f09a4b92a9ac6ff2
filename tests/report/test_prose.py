"""Sentences follow their numbers; a claim that does not hold stops the page."""

import numpy as np
import pytest

from analysis.report.prose import ClaimError, claim, count, findings, listing, percent


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


@pytest.mark.parametrize(("n", "expected"), [(0, "no boxes"), (1, "1 box"), (2, "2 boxes"), (1234, "1,234 boxes")])
def test_count(n, expected):
    assert count(n, "box", "boxes") == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0, "0%"),
        (0.004, "under 1%"),
        (0.01, "1%"),
        (0.5, "50%"),
        (0.99, "99%"),
        (0.997, "over 99%"),
        (1, "100%"),
    ],
)
def test_percent(share, expected):
    assert percent(share) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", 3], "a, b and 3")],
)
def test_listing(items, expected):
    assert listing(items) == expected


def test_findings_are_escaped_and_lead_to_their_sentences(seeds):
    page = findings(seeds, one="1 < 2 & so on", two=("Two.", ["000-1"])).data
    assert "<li>1 &lt; 2 &amp; so on</li>" in page
    assert 'href="documents/000.html#000-1"' in page
