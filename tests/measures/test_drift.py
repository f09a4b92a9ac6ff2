"""Drift: verdicts on corpora whose truth is planted, and on the few documents that allow none."""

import numpy as np
import pandas as pd
import pytest
from made_up import some_words, study_of
from scipy.spatial.distance import jensenshannon

import analysis
from analysis import StudyError
from analysis.measures.inference import DRIFT_MINIMUM

WATER = dict.fromkeys(["river", "lake", "sea", "boat", "wave", "harbour", "tide", "reef"], 0.125)
MIXED = {
    **dict.fromkeys(["river", "lake", "sea", "boat"], 0.05),
    **dict.fromkeys(["iron", "steel", "forge", "anvil"], 0.2),
}


def corpus(folder, plan, *, seed=0, length=60):
    """Documents by (source, year, words, number), of random words."""
    draw = np.random.default_rng(seed)
    rows = [
        (source, some_words(draw, words, length), f"{year}-0{1 + n % 9}-01")
        for source, year, words, number in plan
        for n in range(number)
    ]
    return study_of(folder, rows)


def pooled(study, year):
    """The counts of all words of a year, by hand."""
    texts = [study.texts[d] for d in study.documents.query("year == @year")["doc_id"]]
    return pd.Series(" ".join(texts).replace(".", " ").split()).value_counts()


def test_no_drift_and_drift(folder):
    still = analysis.drift(corpus(folder, [("A", 2001, WATER, 30), ("A", 2002, WATER, 30)]))
    assert still["slice"].tolist() == ["all documents"] and still["p"][0] > 0.05
    assert "No farther apart than chance." in still["verdict"][0]
    study = corpus(folder, [("A", 2001, WATER, 30), ("A", 2002, MIXED, 30)])
    moved = analysis.drift(study).iloc[0]
    assert moved["p"] == moved["p_floor"] == 0.001 and moved["excess"] > 0.2
    assert "Farther apart than chance." in moved["verdict"] and "sources" not in moved["verdict"]
    both = pd.concat([pooled(study, year) for year in ("2001", "2002")], axis=1).fillna(0).to_numpy()
    assert moved["divergence"] == pytest.approx(jensenshannon(*both.T, base=2) ** 2)
    assert moved[["documents_a", "documents_b", "documents", "tokens"]].tolist() == [30, 30, 60, 3600]


def test_a_change_of_sources_is_flagged(folder):
    """Each source writes as ever; of the second year more is from the one."""
    plan = [("A", 2001, WATER, 40), ("B", 2001, MIXED, 30), ("A", 2002, WATER, 30), ("B", 2002, MIXED, 90)]
    table = analysis.drift(corpus(folder, plan)).set_index("slice")
    assert table.loc["all documents", "p"] < 0.01
    assert "not shown among documents of the same sources" in table.loc["all documents", "verdict"]
    assert (table.loc[["same sources", "only A", "only B"], "p"] > 0.05).all()
    assert abs(table.loc["same sources", "excess"]) < 0.01 < table.loc["all documents", "excess"]


def test_drift_within_sources_is_found_behind_their_mix(folder):
    plan = [("A", 2001, WATER, 30), ("B", 2001, MIXED, 30), ("A", 2002, MIXED, 30), ("B", 2002, WATER, 30)]
    table = analysis.drift(corpus(folder, plan)).set_index("slice")
    assert table.loc["all documents", "p"] > 0.05 and table.loc["only A", "p"] == 0.001


def test_a_source_for_each_period(folder):
    table = analysis.drift(corpus(folder, [("A", 2001, WATER, 30), ("B", 2002, MIXED, 30)]))
    assert table["slice"].tolist() == ["all documents", "same sources"]
    assert "time and source cannot be told apart" in table["verdict"][0]
    same = table.iloc[1]
    assert same["excess"] == 0 and same["p_floor"] == 1 and np.isnan(same["p"])


def test_the_gate(folder):
    few = DRIFT_MINIMUM - 1
    table = analysis.drift(corpus(folder, [("A", 2001, WATER, 30), ("A", 2002, MIXED, few)]))
    assert np.isnan(table["p"][0]) and np.isnan(table["q"][0])
    assert table["verdict"][0].startswith("Descriptive only: a test needs 30 documents in each group, and 2002 has 29.")
    assert table["excess"][0] > 0.2 and table["p_floor"][0] == 0.001


def test_the_seeds_allow_no_test(seeds):
    """Five documents, of years 1, 2 and 2: 30 ways, of which those that exchange the later years are the same."""
    table = analysis.drift(seeds)
    assert table["p"].isna().all() and table["verdict"].str.startswith("Descriptive only").all()
    every = table.query("slice == 'all documents'").set_index("contrast")
    assert every.loc["all", ["relabellings", "documents"]].tolist() == [30, 5]
    assert every.loc["all", "p_floor"] == pytest.approx(2 / 30)
    assert every.index.tolist() == ["2016 – 2017", "2016 – 2018", "2017 – 2018", "all"]


def test_dates_that_tell_no_year_are_left_out(folder):
    study = study_of(
        folder,
        [
            ("A", "pear", "2001-05-01"),
            ("A", "plum", "2002-05-01"),
            ("A", "fig", "2001-12-30/2002-01-02"),
            ("A", "date"),
        ],
    )
    table = analysis.drift(study)
    assert table["documents"][0] == 2 and "2 whose group cannot be told are left out." in table["verdict"][0]
    months = analysis.drift(study, by="month")
    assert months["contrast"][0] == "2001-05 – 2002-05"


def test_many_groups_are_compared_one_by_one(folder):
    study = study_of(folder, [("A", "pear plum", f"{year}-01-01") for year in range(2001, 2009)])
    names = analysis.drift(study)["contrast"].tolist()
    assert names == [f"{y} – {y + 1}" for y in range(2001, 2008)] + ["2001 – 2008", "all"]


def test_matched_sizes(folder):
    """A year of two documents and one of one: the mean over both ways to take one of the two."""
    study = study_of(
        folder, [("A", "pear pear fig", "2001-01-01"), ("A", "plum fig", "2001-02-01"), ("A", "pear", "2002-01-01")]
    )
    row = analysis.drift(study).iloc[0]
    counts = {"pear": (2, 0, 1), "fig": (1, 1, 0), "plum": (0, 1, 0)}
    one, two, three = np.array(list(counts.values()), float).T
    expected = np.mean([jensenshannon(own, three, base=2) ** 2 for own in (one, two)])
    assert row["matched"] == pytest.approx(expected) and row["matched_documents"] == 1


def test_topics_drift_too(folder):
    study = corpus(folder, [("A", 2001, WATER, 30), ("A", 2002, MIXED, 30)])
    model = analysis.fit_topics(study, topics=2)
    row = analysis.drift(study, shares=model.shares).iloc[0]
    assert row["p"] == 0.001
    by_year = model.shares.assign(year=model.shares["doc_id"].astype(int) // 30)
    shares = by_year.groupby(["topic", "year"])["share"].sum().unstack().to_numpy()
    assert row["divergence"] == pytest.approx(jensenshannon(*shares.T, base=2) ** 2)


def test_before_and_after(folder):
    days = ["2001-01-10", "2001-02-10", "2001-03-09/2001-03-11", "2001-04-10", "2001-05-10/2001-05-12"]
    study = study_of(folder, [("A", f"pear {'plum' * (n > 2)}", day) for n, day in enumerate(days)])
    rows = ["name,date_from,date_to,evidence", "flood,2001-03-10,2001-03-10,", "storm,2002-01-01,2002-01-01,"]
    (folder / "timeline.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    study = analysis.load(folder)
    table = analysis.before_and_after(study)
    assert table["contrast"].tolist() == ["flood"], "nothing comes after the storm"
    assert table.loc[0, ["documents_a", "documents_b"]].tolist() == [2, 2]
    assert "1 whose group cannot be told is left out." in table["verdict"][0]
    near = analysis.before_and_after(study, days=35)
    assert near.loc[0, ["documents_a", "documents_b"]].tolist() == [1, 1]


def test_without_a_timeline(folder):
    with pytest.raises(StudyError, match="the study has no timeline"):
        analysis.before_and_after(analysis.load(folder))


def test_leave_one_out(folder):
    """Each row is what a study without the document gives."""
    rows = [("A", "pear fig", "2001-01-01"), ("A", "plum", "2001-02-01"), ("A", "pear plum", "2002-01-01")]
    rows.append(("A", "plum plum fig", "2002-02-01"))
    table = analysis.leave_one_out(study_of(folder, rows)).set_index("left_out")
    assert table["contrast"].unique().tolist() == ["2001 – 2002"]
    whole = analysis.drift(study_of(folder, rows))
    for number in range(4):
        alone = analysis.drift(study_of(folder, [row for n, row in enumerate(rows) if n != number]))
        found = table.loc[f"{number:02}"]
        assert found[["divergence", "excess"]].tolist() == pytest.approx(
            whole[["divergence", "excess"]].iloc[0].tolist()
        )
        without = found[["divergence_without", "excess_without"]].tolist()
        assert without == pytest.approx(alone[["divergence", "excess"]].iloc[0].tolist())
        assert found["change"] == pytest.approx(alone["excess"][0] - whole["excess"][0])
    table = analysis.leave_one_out(study_of(folder, rows[1:])).set_index("left_out")
    assert np.isnan(table.loc["00", "change"]), "the only one of its year"


def test_nothing_to_compare(folder):
    one = study_of(folder, [("A", "pear", "2001-01-01"), ("A", "plum", "2001-02-01")])
    with pytest.raises(StudyError, match="one year are of 1 group"):
        analysis.drift(one)
    undated = study_of(folder, [("A", "pear"), ("B", "plum")])
    with pytest.raises(StudyError, match="one year are of no groups"):
        analysis.drift(undated)
    with pytest.raises(StudyError, match="nowhere"):
        analysis.drift(undated, by="nowhere")
    assert analysis.drift(undated, by="source")["slice"].tolist() == ["all documents"]


def test_mean_shares_with_bands(folder):
    study = corpus(folder, [("A", 2001, WATER, 5), ("A", 2002, MIXED, 3)])
    model = analysis.fit_topics(study, topics=2)
    table = analysis.mean_shares(study, model.shares)
    first, second = (table[table["group"] == year] for year in ("2001", "2002"))
    assert ((first["low"] <= first["share"]) & (first["share"] <= first["high"])).all()
    assert second[["low", "high"]].isna().all(axis=None), "three documents are too few"
    by_document = model.shares.groupby(["topic", "doc_id"])["share"].mean().unstack()
    draw = np.random.default_rng(5).integers(0, 5, (20_000, 5))
    for topic, low, high in first[["topic", "low", "high"]].to_numpy():
        means = by_document.loc[topic].to_numpy()[:5][draw].mean(axis=1)
        assert [low, high] == pytest.approx(np.quantile(means, [0.025, 0.975]), abs=0.02)


@pytest.mark.parametrize("order", [1, 2])
def test_contributions_add_up_to_the_divergence(folder, order):
    study = corpus(folder, [("A", 2001, WATER, 3), ("A", 2002, MIXED, 2)])
    table = analysis.contributions(study, "2001", "2002", order=order)
    row = analysis.drift(study, order=order).iloc[0]
    assert table["adds"].sum() == pytest.approx(row["divergence"])
    first, second = (pooled(study, year) for year in ("2001", "2002"))
    word = table.set_index("term").loc["river"]
    assert word["share_a"] == first["river"] / first.sum() and word["share_b"] == second["river"] / second.sum()
    holding = sum("steel" in study.texts[d] for d in study.documents.query("year == '2002'")["doc_id"])
    assert table.set_index("term").loc["steel", ["documents_a", "documents_b"]].tolist() == [0, holding]
    assert table["adds"].is_monotonic_decreasing


def test_topics_contribute_too(folder):
    study = corpus(folder, [("A", 2001, WATER, 3), ("A", 2002, MIXED, 3)])
    model = analysis.fit_topics(study, topics=2)
    table = analysis.contributions(study, "2001", "2002", shares=model.shares)
    assert set(table["topic"]) == {1, 2}
    assert table["adds"].sum() == pytest.approx(analysis.drift(study, shares=model.shares)["divergence"][0])
    with pytest.raises(StudyError, match="2009"):
        analysis.contributions(study, "2001", "2009")
    with pytest.raises(StudyError, match="order"):
        analysis.contributions(study, "2001", "2002", order=3)


def test_a_test_that_was_not_made_is_no_finding(folder):
    """Within the sources too few documents can exchange their years, so nothing is said of them."""
    plan = [("A", 2001, WATER, 40), ("A", 2002, MIXED, 20), ("B", 2002, WATER, 20)]
    table = analysis.drift(corpus(folder, plan)).set_index("slice")
    assert np.isnan(table.loc["same sources", "p"])
    assert "too few documents can tell" in table.loc["all documents", "verdict"]


def test_two_documents_of_a_source_that_has_both_years(folder):
    rows = [("A", "pear", "2001-01-01"), ("A", "plum", "2002-01-01"), ("B", "fig", "2003-01-01")]
    table = analysis.drift(study_of(folder, rows)).query("slice == 'all documents'").set_index("contrast")
    assert "cannot be told apart" not in table.loc["2001 – 2002", "verdict"]
    assert "cannot be told apart" in table.loc["2001 – 2003", "verdict"]


def test_the_verdict_goes_by_q(folder):
    """Six years without drift: some p are small by chance, and the verdicts do not follow them."""
    table = analysis.drift(corpus(folder, [("A", year, WATER, 30) for year in range(2001, 2007)], seed=3, length=30))
    assert len(table) == 16 and ((table["p"] <= 0.05) & (table["q"] > 0.05)).any()
    farther = table["verdict"].str.contains("Farther apart")
    assert (farther == (table["q"] <= 0.05)).all()


def test_a_year_of_copies_only(folder):
    text = " ".join(f"word{n} other{n}" for n in range(60))
    study = study_of(folder, [("A", text, "2001-01-01"), ("A", text, "2002-01-01")])
    assert study.documents["duplicate_of"].ne("").any()
    with pytest.raises(StudyError, match="words and one year are of 1 group"):
        analysis.drift(study)


@pytest.mark.parametrize(
    "options", [{"permutations": -1}, {"permutations": 18}, {"permutations": 10**12}, {"random_state": -1}]
)
def test_numbers_that_make_no_sense(seeds, options):
    for measure in (analysis.drift, analysis.before_and_after, analysis.leave_one_out, analysis.change_points):
        with pytest.raises(StudyError, match="cannot be drawn|is not a seed"):
            measure(seeds, **options)


@pytest.mark.parametrize("days", [-5, 99_999_999])
def test_days_that_cannot_be(seeds, days):
    with pytest.raises(StudyError, match="days"):
        analysis.before_and_after(seeds, days=days)
    assert len(analysis.before_and_after(seeds, days=36_500)) == len(analysis.before_and_after(seeds))


def test_shares_that_are_not_there_count_as_none(seeds):
    model = analysis.fit_topics(seeds, topics=3)
    whole = analysis.mean_shares(seeds, model.shares, by="role")
    zero = model.shares.query("share > 0")
    assert len(zero) < len(model.shares)
    pd.testing.assert_frame_equal(analysis.mean_shares(seeds, zero, by="role"), whole)
    with pytest.raises(StudyError, match="there are none"):
        analysis.mean_shares(seeds, model.shares.iloc[:0])
