"""Keyness against published values and SciPy."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from made_up import study_of
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency

import analysis
from analysis import StudyError
from analysis.measures.contingency import log_likelihood
from analysis.measures.keyness import MEASURES, keyness, keyness_pairs, keyness_test
from analysis.measures.readability import readability

PUBLISHED = [
    # a, b, n, m, G²
    (10, 0, 13, 31764, 167.23),  # Dunning 1993, p. 72: cells 10, 0, 3, 31764
    (12000, 10000, 1_000_000, 1_000_000, 184.0917),  # four-cell value of a textbook contrast
    (10, 5, 100, 200, 7.329812),
    (7, 2, 10, 9, 4.534939),  # quanteda’s test documents, feature b, without its correction
]


@pytest.mark.parametrize(("a", "b", "n", "m", "expected"), PUBLISHED)
def test_published_values(a, b, n, m, expected):
    assert analysis.log_likelihood(a, b, n, m) == pytest.approx(expected, rel=5e-5)


@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 500), st.integers(0, 500))
def test_scipy_agrees(n, m, a, b):
    assume(a <= n and b <= m and 0 < a + b < n + m)
    expected = chi2_contingency([[a, n - a], [b, m - b]], correction=False, lambda_="log-likelihood").statistic
    assert analysis.log_likelihood(a, b, n, m) == pytest.approx(expected, abs=1e-8)


def test_equal_rates_give_zero_and_absent_terms_too():
    assert analysis.log_likelihood([10, 0, 100], [20, 0, 200], 100, 200) == pytest.approx([0, 0, 0], abs=1e-12)


@pytest.mark.parametrize(("a", "b", "expected"), [(10, 5, 2.0), (5, 10, 0.0), (0, 1, 0.0), (1, 0, 2.0)])
def test_log_ratio(a, b, expected):
    """Rates per 100 and 200 tokens; a count of 0 is one half."""
    assert analysis.log_ratio(a, b, 100, 200) == pytest.approx(expected)


def test_the_table_holds_the_counts_of_frequency(seeds):
    table = analysis.keyness(seeds, target="Belarus in Focus").set_index("term")
    counts = analysis.frequency(seeds, by="source").pivot(index="term", columns="group", values="count").fillna(0)
    assert table["count_target"].sort_index().tolist() == counts["Belarus in Focus"].sort_index().tolist()
    assert table["count_reference"].sort_index().tolist() == counts["Eurasia Daily Monitor"].sort_index().tolist()
    sizes = seeds.documents.groupby("source")["tokens"].sum()
    assert set(table["tokens_target"]) == {sizes["Belarus in Focus"]}
    expected = analysis.log_likelihood(
        table["count_target"],
        table["count_reference"],
        sizes["Belarus in Focus"],
        sizes["Eurasia Daily Monitor"],
    )
    assert np.array_equal(table["g2"], expected)


def test_target_and_reference_exchanged_mirror_each_other(seeds):
    sources = ["Belarus in Focus", "Eurasia Daily Monitor"]
    one = analysis.keyness(seeds, target=sources[0], reference=sources[1]).set_index("term")
    other = analysis.keyness(seeds, target=sources[1], reference=sources[0]).set_index("term").loc[one.index]
    assert other["g2"].to_numpy() == pytest.approx(one["g2"].to_numpy())
    assert other["log_ratio"].to_numpy() == pytest.approx(-one["log_ratio"].to_numpy())
    assert (other["documents_target"] == one["documents_reference"]).all()


def test_the_reference_is_everything_else_unless_named(folder):
    study = analysis.load(folder)
    table = analysis.keyness(study, target="01", by="document").set_index("term")
    assert table.loc["pears", ["count_target", "count_reference"]].tolist() == [2, 1]
    table = analysis.keyness(study, target="01", reference="03", by="document").set_index("term")
    assert table.loc["pears", "count_reference"] == 0
    assert "plums" not in table.index


@pytest.mark.parametrize(
    "options", [{"target": "none"}, {"target": "Belarus in Focus", "reference": "none"},
                {"target": "Belarus in Focus", "reference": "Belarus in Focus"}],
)  # fmt: skip
def test_groups_that_cannot_be_compared(seeds, options):
    with pytest.raises(StudyError, match="Choose one of"):
        analysis.keyness(seeds, **options)


def test_a_single_source_has_nothing_to_be_compared_with(seeds):
    alone = analysis.select(seeds, source="Belarus in Focus")
    with pytest.raises(StudyError, match="nothing to compare “Belarus in Focus” with"):
        analysis.keyness(alone, target="Belarus in Focus")


def test_a_source_without_a_word_is_an_error_and_not_an_infinity(folder):
    (folder / "01_pears.txt").write_text("Pears\n\n!!!\n", encoding="utf-8")
    for target in ("Fruit Post", "Garden News"):
        with pytest.raises(StudyError, match="no word is left of its documents"):
            analysis.keyness(analysis.load(folder), target=target)


def test_every_measure_is_that_of_its_function(seeds):
    table = analysis.keyness(seeds, target="Belarus in Focus", measures=list(MEASURES))
    row = table.set_index("term").loc["minsk"]
    counts = [row[c] for c in ("count_target", "count_reference", "tokens_target", "tokens_reference")]
    assert row["g2_two_cell"] == log_likelihood(*counts, cells=2)
    assert row["percent_difference"] == pytest.approx(100 * (row["per_10k_target"] / row["per_10k_reference"] - 1))
    assert table["jsd"].sum() < 1
    assert list(table["g2"]) == sorted(table["g2"], reverse=True)


def test_all_pairs_of_groups(seeds):
    table = analysis.keyness_pairs(seeds, by="year")
    assert list(dict.fromkeys(zip(table["target"], table["reference"]))) == [
        ("2016", "2017"), ("2016", "2018"), ("2017", "2018")]  # fmt: skip
    one = analysis.keyness(seeds, target="2016", reference="2018", by="year")
    own = table.query("target == '2016' and reference == '2018'").drop(columns=["target", "reference"])
    assert own.reset_index(drop=True).equals(one)


def test_a_reference_list_takes_the_place_of_a_group(seeds):
    counts = pd.Series({"the": 60_000, "minsk": 2, "zebra": 5})
    table = analysis.keyness(seeds, target="Belarus in Focus", reference_list=counts).set_index("term")
    assert table.loc["zebra", ["count_target", "count_reference"]].tolist() == [0, 5]
    assert set(table["tokens_reference"]) == {60_007}
    assert table["documents_reference"].isna().all()
    with pytest.raises(StudyError, match="a group or a list, not both"):
        analysis.keyness(seeds, target="Belarus in Focus", reference="Eurasia Daily Monitor", reference_list=counts)


def test_an_unknown_measure_names_the_known(seeds):
    with pytest.raises(StudyError, match="there is no “chi”. Choose one of: g2"):
        analysis.keyness(seeds, target="Belarus in Focus", measures=["chi"])


def test_an_error_among_many_groups_names_the_nearest(folder):
    study = study_of(folder, [(f"Source {n}", "pear plum") for n in range(100)])
    with pytest.raises(StudyError) as error:
        analysis.keyness(study, target="Sauce 17")
    assert "Source 17" in str(error.value) and "and 70 more" in str(error.value) and len(str(error.value)) < 700


def test_a_reference_list_is_read_as_the_words_are(seeds):
    """Merged words are compared with merged ones."""
    merged = analysis.merge_terms(seeds, stem="english")
    counts = pd.Series({"relations": 30, "relation": 12, "zebras": 5})
    table = analysis.keyness(merged, target="Belarus in Focus", reference_list=counts).set_index("term")
    assert table.loc["relat", "count_reference"] == 42 and "relations" not in table.index


def test_contributions_of_bigrams_sum_to_their_divergence(seeds):
    table = analysis.keyness(seeds, target="Belarus in Focus", ngram=2, measures=["jsd"])
    a, b = table["count_target"], table["count_reference"]
    assert table["jsd"].sum() == pytest.approx(jensenshannon(a / a.sum(), b / b.sum(), base=2) ** 2)


def test_bigrams_are_held_against_a_list_of_bigrams(folder):
    """As many of them, and as often: there is no difference. The words of the list are read as terms."""
    study = study_of(folder, [("A", "Alpha beta. " * 50), ("B", "Gamma")])
    row = analysis.keyness(study, target="A", ngram=2, reference_list=pd.Series({"Alpha Beta": 50})).iloc[0]
    assert (row["term"], row["count_target"], row["count_reference"]) == ("alpha beta", 50, 50)
    assert row["log_ratio"] == row["g2"] == 0


def test_the_smallest_p_stands_first(folder):
    study = study_of(folder, [("A", "pear pear pear pear fig"), ("B", "plum plum plum plum fig")])
    table = keyness(study, target="A", measures=["fisher"])
    assert table["fisher"].is_monotonic_increasing and table["term"].iloc[-1] == "fig"


def test_a_list_counts_terms_of_as_many_words(folder):
    """Of the list, “fig” and “pear” are words and stand 10 times; the pair is none, and is not among the tokens."""
    study = study_of(folder, [("A", "pear fig pear"), ("B", "plum")])
    listed = pd.Series({"fig": 4, "“Pear”": 6, "security  council": 90, "…": 7})
    table = keyness(study, target="A", reference_list=listed).set_index("term")
    assert set(table.index) == {"pear", "fig"}
    assert table["count_reference"].to_dict() == {"pear": 6, "fig": 4} and (table["tokens_reference"] == 10).all()
    pairs = keyness(study, target="A", ngram=2, reference_list=listed).set_index("term")
    assert set(pairs.index) == {"pear fig", "fig pear", "security council"}


@pytest.mark.parametrize("counts", [[0.9, 1.9], [-5, 3], [float("nan"), 2]])
def test_a_list_of_what_are_no_counts_is_refused(folder, counts):
    study = study_of(folder, [("A", "pear"), ("B", "plum")])
    with pytest.raises(StudyError, match="no whole number"):
        keyness(study, target="A", reference_list=pd.Series(counts, index=["pear", "plum"]))


def test_a_group_without_a_word_is_in_no_pair(folder):
    study = study_of(folder, [("A", "pear"), ("B", "plum"), ("C", "...")])
    assert set(keyness_pairs(study)[["target", "reference"]].itertuples(index=False, name=None)) == {("A", "B")}
    with pytest.raises(StudyError, match="one group with a word"):
        keyness_pairs(study_of(folder, [("A", "pear"), ("C", "...")]))


def test_a_term_that_one_side_lacks_is_half_an_occurrence_in_every_draw(folder):
    study = study_of(folder, [("A", "pear plum")] * 4 + [("B", "plum fig fig")] * 4)
    pear = keyness_test(study, target="A", minimum=1).set_index("term").loc["pear"]
    assert pear["low"] == pear["high"] == pear["log_ratio"] == pytest.approx(np.log2((4 / 8) / (0.5 / 12)))


@pytest.mark.parametrize(
    "wrong", [{"random_state": -1}, {"random_state": 0.5}, {"resamples": 9.5}, {"resamples": 0}, {"confidence": 1}]
)
def test_draws_that_cannot_be_are_refused(folder, wrong):
    study = study_of(folder, [("A", "pear")] * 4 + [("B", "plum")] * 4)
    with_interval = (partial(measure, interval=True) for measure in (analysis.frequency, readability))
    for measure in (partial(keyness_test, target="A"), *with_interval):
        with pytest.raises(StudyError, match="Give"):
            measure(study, **wrong)


def test_no_measure_is_no_comparison(folder):
    with pytest.raises(StudyError, match="measures: there is none"):
        keyness(study_of(folder, [("A", "pear"), ("B", "plum")]), target="A", measures=[])
