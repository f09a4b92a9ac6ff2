"""The chapter “How sure?” in words."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from made_up import study_of

from analysis.report.how_sure import rule_findings, same_years


def ways(*rows):
    """Some ways to compute findings: name, document left out, and the difference."""
    table = pd.DataFrame(rows, columns=["finding", "left_out", "difference"])
    return table.assign(years="shared", holds=table["difference"] > 0)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [("a", "", 1.0), ("a", "7", 0.5), ("a", "8", None), ("b", "", 1.0), ("b", "7", -1.0)],
            "2 findings compare groups whose documents are not all of the same years. Where only years count that both "
            "groups have, 1 of these holds in every way; that rests on documents 7 and 8.",
        ),
        (
            [("a", "", -1.0), ("a", "7", 1.0), ("a", "8", 1.0)],
            "1 finding compares groups .* none of these hold in every",
        ),
        ([("a", str(row), 1.0) for row in range(12)], "rests on 12 documents."),
        ([("a", "7", 1.0), ("b", "7", 1.0)], "all of these hold in every way"),
    ],
)
def test_findings_within_the_years_that_both_groups_have(rows, said):
    everything = pd.concat([ways(*rows), ways(("a", "9", -1.0)).assign(years="all")], ignore_index=True)
    assert re.search(said, same_years(everything))


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ({("ARMS", "Courier"): 0.3}, "hangs on a rule for ARMS, and for no other frame"),
        ({("ARMS", "Courier"): 0.1, ("PEACE", "Men in Town"): 0.0}, "hangs on no single rule"),
        ({("PEACE", "Men in Town"): 0.5}, "hangs on a rule for PEACE, and for no other frame"),
    ],
)
def test_a_rule_may_decide_which_source_leads(folder, without, said):
    """The name of a source may hold the word that stands between it and the frame."""
    rates = {("ARMS", "Men in Town"): 0.2, ("ARMS", "Courier"): 0.1, ("PEACE", "Men in Town"): 0.1}
    rates |= {("PEACE", "Courier"): 0.4}
    rows = [("r", "words", 9.0, 9.0)]
    rows += [("r", " in ".join(pair), rate, (rates | without)[pair]) for pair, rate in rates.items()]
    rules = pd.DataFrame(rows, columns=["rule", "number", "cleaned", "without"])
    study = study_of(folder, [("Men in Town", "Tanks."), ("Courier", "Talks.")])
    study = replace(study, frames=pd.DataFrame({"frame": ["ARMS", "PEACE"]}))
    found = rule_findings(study, rules.assign(change=rules["without"] - rules["cleaned"]))
    assert said in found["sure_direction"]
