"""Shares of two groups of documents: by hand, by SciPy, and by all relabellings tried in the test."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from made_up import study_of
from scipy.stats import false_discovery_control

import analysis
from analysis import StudyError

OWN = {"row": "code", "count": "with_it", "size": "units"}


def single(counts, sizes):
    """A table of documents 00, 01 …: for each code their counts, of so many units."""
    rows = [(code, f"{n:02}", c, sizes[n]) for code, own in counts.items() for n, c in enumerate(own)]
    return pd.DataFrame(rows, columns=["code", "group", "with_it", "units"])


@pytest.fixture
def eight(folder):
    """Four documents of A, four of B and one of C."""
    return study_of(folder, [(source, f"Text {n}") for n, source in enumerate("AAAABBBBC")])


COUNTS = {"X": [3, 2, 4, 2, 0, 1, 0, 1, 5], "Y": [1, 0, 2, 1, 2, 1, 0, 2, 0], "Z": [0] * 9}
SIZES = [4, 3, 5, 4, 5, 4, 3, 6, 5]


def test_counts_shares_and_p_values_by_hand(eight):
    table = analysis.share_differences(eight, single(COUNTS, SIZES), target="A", reference="B", **OWN).set_index("code")
    assert table.loc["X", ["count_target", "size_target", "count_reference", "size_reference"]].tolist() == [
        11,
        16,
        2,
        18,
    ]
    assert table.loc["X", "difference"] == pytest.approx(11 / 16 - 2 / 18)
    for code, own in COUNTS.items():
        counts, sizes = np.array(own[:8]), np.array(SIZES[:8])

        def apart(chosen, counts=counts, sizes=sizes):
            of = np.isin(range(8), chosen)
            return abs(counts[of].sum() / sizes[of].sum() - counts[~of].sum() / sizes[~of].sum())

        tried = [apart(chosen) for chosen in combinations(range(8), 4)]
        assert table.loc[code, "p"] == pytest.approx(np.mean(np.array(tried) >= apart(range(4)) - 1e-9))
    assert table["relabellings"].tolist() == [70] * 3
    assert table["q"].to_numpy() == pytest.approx(false_discovery_control(table["p"]))
    assert (table["low"] <= table["difference"]).all() and (table["difference"] <= table["high"]).all()


def test_all_others_are_the_reference_by_default(eight):
    row = analysis.share_differences(eight, single(COUNTS, SIZES), target="A", **OWN).iloc[0]
    assert (row["count_reference"], row["size_reference"]) == (7, 23)


def test_few_documents_get_no_p_and_no_interval_but_the_smallest_p_there_could_be(eight):
    table = analysis.share_differences(eight, single(COUNTS, SIZES), target="C", reference="A", **OWN)
    assert table[["low", "high", "p", "q"]].isna().all(axis=None)
    assert (table["p_floor"] == 1 / 5).all() and (table["relabellings"] == 5).all()


def test_a_document_without_a_unit_counts_for_nothing(eight):
    sizes = [0, *SIZES[1:]]
    table = analysis.share_differences(
        eight, single({"X": [0, *COUNTS["X"][1:]]}, sizes), target="A", reference="B", **OWN
    )
    assert table["p"].isna().all() and table["size_target"].tolist() == [12]
    nothing = single({"X": [0] * 4 + COUNTS["X"][4:]}, [0] * 4 + SIZES[4:])
    row = analysis.share_differences(eight, nothing, target="A", reference="B", **OWN).iloc[0]
    assert np.isnan(row["share_target"]) and np.isnan(row["difference"])


def test_unknown_groups_and_no_other_group(eight, folder):
    with pytest.raises(StudyError, match="D"):
        analysis.share_differences(eight, single(COUNTS, SIZES), target="D", **OWN)
    alone = study_of(folder, [("A", "One"), ("A", "Two")])
    with pytest.raises(StudyError, match="nothing to compare"):
        analysis.share_differences(alone, single({"X": [1, 0]}, [1, 1]), target="A", **OWN)
