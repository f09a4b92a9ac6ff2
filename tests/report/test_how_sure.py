"""The chapter “How sure?” in words."""

import re

import pandas as pd
import pytest

from analysis.report.how_sure import same_years


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
