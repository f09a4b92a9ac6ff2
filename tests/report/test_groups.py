"""Groups side by side: what a figure has room for, which form a table takes, and what a test shows in words."""

import numpy as np
import pandas as pd
import pytest
from made_up import study_of

from analysis.errors import StudyError
from analysis.report import groups


def rates(names, codes=("X", "Y"), share=0.5, **columns):
    """Shares of each code in each group."""
    rows = [(code, name, share, 1, 2, "") for code in codes for name in names]
    return pd.DataFrame(rows, columns=["code", "group", "share", "with_it", "units", "sentences"]).assign(**columns)


def test_a_few_groups_have_columns_and_many_have_rows():
    own = {"row": "code", "share": "share", "with_it": "with_it", "of": "units"}
    few = groups.side_by_side(rates("AB"), **own)
    assert list(few.labels.values()) == ["Code", "A", "Count", "B", "Count", "Evidence"]
    assert few.table["B (count)"].tolist() == ["1 of 2", "1 of 2"] and len(few.table) == 2
    many = groups.side_by_side(rates("ABCDE"), **own)
    assert (
        list(many.labels.values()) == ["Code", "Source", "Share", "Count", "of", "Evidence"] and len(many.table) == 10
    )
    assert groups.side_by_side(rates("ABCDE"), by="year", **own).labels["group"] == "Year"
    sure = groups.side_by_side(rates("AB", low=[0.1, np.nan] * 2, high=0.9), **own)
    assert list(sure.labels.values()) == ["Code", "Source", "Share", "Low", "High", "Count", "of", "Evidence"]
    unsure = groups.side_by_side(rates("AB", low=np.nan, high=np.nan), **own)
    assert list(unsure.labels.values()) == list(few.labels.values())
    none = groups.side_by_side(rates("AB").head(0), **own)
    assert none.table.empty and list(none.labels.values()) == ["Code", "Evidence"]
    assert set(none.labels) == set(none.table)


def test_a_figure_shows_the_largest_sources_and_the_highest_rows(folder):
    study = study_of(folder, [(f"S{n}", "word " * (n + 1)) for n in range(8)])
    table = rates([f"S{n}" for n in range(8)], codes=[f"C{n:02}" for n in range(20)])
    table["share"] = table["code"].str[1:].astype(int) / 20
    single = table.assign(group=table["group"].str.replace("S", "0"))
    shown = groups.drawn(study, table, single, row="code", share="share")
    assert sorted(set(shown.bars["group"])) == [f"S{n}" for n in range(2, 8)] == groups.leading_groups(study)
    assert sorted(set(shown.bars["code"])) == [f"C{n:02}" for n in range(8, 20)]
    assert set(shown.marks["doc_id"]) == {f"0{n}" for n in range(2, 8)}
    assert "Of 8 sources the 6 with the most words are shown. Of 20 rows the 12" in shown.note


def test_a_figure_has_room_for_some_years_only(folder):
    years = [*range(2000, 2010), 2000, 2009]
    study = study_of(folder, [("A", "word", f"{year}-01-01") for year in years])
    table = pd.DataFrame({"group": [str(year) for year in range(2000, 2010)], "share": 0.5})
    shown = groups.of_leading(study, table, by="year")
    assert set(shown["group"]) >= {"2000", "2009"} and len(shown) == groups.IN_FIGURE


def test_many_documents_have_no_marks(folder):
    study = study_of(folder, [("A", "word")] * (groups.MARKED + 1))
    single = rates([f"{n:02}" for n in range(groups.MARKED + 1)])
    shown = groups.drawn(study, rates("A"), single, row="code", share="share")
    assert shown.marks.empty and {"group", "doc_id", "share"} <= set(shown.marks)
    assert shown.note == "There are too many documents for a mark each."


def reach_of(folder, sources, shares, **words):
    """What is said of a test of as many documents as there are sources."""
    study = study_of(folder, [(source, "word") for source in sources])
    rows = [(code, f"{n:02}", int(share[n]), 1) for code, share in shares.items() for n in range(len(sources))]
    single = pd.DataFrame(rows, columns=["code", "group", "with_it", "units"])
    test = groups.side_test(study, single, row="code", with_it="with_it", of="units")
    return groups.reach(study, test, "code", "codes", **words)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (
            {"X": "10101010", "Y": "01010101"},
            "None of 2 codes differs between A and B by more than chance would let it; whole",
        ),
        ({"X": "11110000", "Y": "01010101"}, "None of 2 codes differs"),  # p is 2 of 70, q twice that
        ({"X": "11110000"}, "1 of 1 code differs between A and B by more than chance would let it, at most one in"),
        ({"X": "11110000", "Y": "00001111"}, "2 of 2 codes differ between A and B by more than chance would let them,"),
    ],
)
def test_a_test_in_words(folder, shares, said):
    assert reach_of(folder, "AAAABBBB", shares).startswith(said)


def test_why_there_is_no_test(folder):
    few = reach_of(folder, "AAAABBC", {"X": "1111000"}, lead="By hand, ")
    assert few == (
        "By hand, A and the other sources cannot be compared by a test: it needs four documents on each side. So no p-value "
        "is given, and no interval."
    )
    fewer = reach_of(folder, "AAB", {"X": "110"})
    assert "on each side. The smallest p-value that so few could give is 0.33. So no p-value is given" in fewer
    with pytest.raises(StudyError, match="all documents with a word are of one source"):
        reach_of(folder, "AA", {"X": "11"})
    assert reach_of(folder, "AAAABBBB", {}) == "There is no code to compare."
    assert reach_of(folder, "AAAABBBB", {"X": "10101010"}, lead="By hand, ").startswith(
        "By hand, none of 1 code differs"
    )


def test_rows_with_a_p_value_come_by_their_q():
    test = pd.DataFrame({"code": list("XYZ"), "p": [0.2, np.nan, 0.1], "q": [0.2, np.nan, 0.2]})
    assert groups.significant(test)["code"].tolist() == ["Z", "X"]


def test_no_share_above_0_in_words():
    bars = rates("AB", codes="X").assign(share=[0.0, 0.25])
    assert groups.highest_of_each(bars, row="code") == "A has none above 0. The highest bar of B is X, 25%."
