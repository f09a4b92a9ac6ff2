"""Resampling by documents: against every way counted in plain Python, and on data whose truth is known."""

import itertools
from math import comb

import numpy as np
import pytest
from made_up import study_of
from scipy.sparse import csr_array
from scipy.stats import mannwhitneyu, rankdata

import analysis
from analysis import StudyError
from analysis.measures.contingency import log_likelihood, log_ratio
from analysis.measures.resampling import bootstrap_interval, permutation_p, rank_sums, relabel

COUNTS = np.array([[5, 4, 6, 5, 0, 1, 0, 1], [2, 3, 2, 2, 3, 2, 2, 3], [0, 0, 9, 0, 0, 0, 0, 0]])
TOKENS = np.array([100, 90, 110, 100, 95, 105, 100, 100.0])
TARGET = np.array([True] * 4 + [False] * 4)


def by_hand(row, chosen):
    """The log ratio of a term if these documents are the target."""
    chosen = list(chosen)
    rest = [d for d in range(len(row)) if d not in chosen]
    return float(log_ratio(row[chosen].sum(), row[rest].sum(), TOKENS[chosen].sum(), TOKENS[rest].sum()))


def test_all_relabellings_are_tried():
    ways = relabel(TARGET, permutations=10, random_state=0)
    assert ways.exact and len(ways.labels) == comb(8, 4) and ways.p_floor == 2 / 70
    p = permutation_p(csr_array(COUNTS), target=TARGET, tokens=TOKENS, difference=log_ratio, ways=ways)
    for row, found in zip(COUNTS, p):
        observed = abs(by_hand(row, range(4)))
        every = [abs(by_hand(row, chosen)) for chosen in itertools.combinations(range(8), 4)]
        assert found == np.mean([value >= observed - 1e-9 for value in every])
    assert p[0] == ways.p_floor


def test_drawn_relabellings_come_close_to_all_and_are_never_zero():
    counts, target = np.tile(COUNTS, 2), np.tile(TARGET, 2)
    ways = relabel(target, permutations=999, random_state=1)
    assert not ways.exact and (ways.labels.sum(axis=1) == 8).all() and ways.p_floor == 1 / 1000
    given = {"target": target, "tokens": np.tile(TOKENS, 2), "difference": log_ratio}
    p = permutation_p(csr_array(counts), **given, ways=ways)
    assert p[0] == ways.p_floor
    again = permutation_p(csr_array(counts), **given, ways=relabel(target, permutations=4999, random_state=2))
    assert p[1] == pytest.approx(again[1], abs=0.06)


def test_the_interval_is_that_of_all_resamples():
    """Four documents a group: 256 ways to draw each, all pairs of them."""
    low, high = bootstrap_interval(
        csr_array(COUNTS), groups=[TARGET, ~TARGET], tokens=TOKENS, statistic=log_ratio, resamples=20_000,
        confidence=0.9, random_state=0,
    )  # fmt: skip
    draws = np.array(list(itertools.product(range(4), repeat=4)))
    for row, a, b in zip(COUNTS[:2], low, high):
        first, second = row[draws].sum(1), row[4 + draws].sum(1)
        n, m = TOKENS[draws].sum(1), TOKENS[4 + draws].sum(1)
        every = log_ratio(first[:, None], second[None, :], n[:, None], m[None, :])
        assert (a, b) == pytest.approx(tuple(np.quantile(every, [0.05, 0.95])), abs=0.05)


def test_rank_sums_are_those_of_kilgarriff_and_of_scipy():
    """Kilgarriff 2001, on words of two corpora in five documents each; then random rates with ties and absences."""
    published = csr_array([[12, 15, 18, 24, 88, 3, 3, 13, 27, 33]])
    assert rank_sums(published, target=np.arange(10) < 5) == [31]
    draw = np.random.default_rng(0)
    rates, target = draw.integers(0, 5, (200, 9)) / 7, np.arange(9) % 3 > 0
    expected = [rankdata(row)[target].sum() for row in rates]
    assert rank_sums(csr_array(rates), target=target) == pytest.approx(expected)
    u = [mannwhitneyu(row[target], row[~target]).statistic for row in rates]
    assert rank_sums(csr_array(rates), target=target) - 6 * 7 / 2 == pytest.approx(u)


def test_without_a_difference_few_p_values_are_small():
    """Words of a document come in bursts; labels are chance. At 10 % the false alarms are 10 % or fewer."""
    draw = np.random.default_rng(0)
    rates = draw.gamma(0.5, 4, (400, 12))
    counts = csr_array(draw.poisson(rates).astype(float))
    target = np.array([True] * 6 + [False] * 6)
    ways = relabel(target, permutations=99, random_state=0)
    p = permutation_p(counts, target=target, tokens=np.full(12, 500.0), difference=log_ratio, ways=ways)
    assert (p <= 0.1).mean() < 0.1 + 3 * np.sqrt(0.1 * 0.9 / 400)
    a, b = counts[:, :6].sum(axis=1), counts[:, 6:].sum(axis=1)
    assert (log_likelihood(a, b, 3000, 3000) > 2.71).mean() > 0.3  # what words taken one by one call real at 10 %


def words(*counts):
    return [word for word, times in zip(("pear", "plum", "rain"), counts) for _ in range(times)]


def test_the_table_joins_the_counts_with_the_test(folder):
    documents = [("A", words(5, 5, 1)), ("A", words(6, 4, 0)), ("A", words(4, 6, 1)), ("A", words(5, 6, 0))]
    documents += [("B", words(1, 5, 1)), ("B", words(0, 6, 1)), ("B", words(1, 4, 0)), ("B", words(0, 5, 0))]
    table = analysis.keyness_test(
        study_of(folder, [(source, " ".join(own)) for source, own in documents]), target="A"
    ).set_index("term")
    assert list(table.index) == ["pear", "plum"]
    assert table.loc["pear", ["count_target", "count_reference", "relabellings"]].tolist() == [20, 2, 70]
    assert table.loc["pear", "p"] == table.loc["pear", "p_floor"] == pytest.approx(2 / 70)
    assert table.loc["pear", "superiority"] == 1  # at the higher rate in each of the four by four pairs
    assert table.loc["pear", "low"] > 1 > table.loc["plum", "high"]
    assert (table["low"] <= table["log_ratio"]).all() and (table["log_ratio"] <= table["high"]).all()
    assert (table["q"] >= table["p"]).all()


def test_three_documents_give_no_p_value(folder):
    documents = [("A", words(5, 5, 1))] * 3 + [("B", words(1, 5, 1))] * 5
    table = analysis.keyness_test(study_of(folder, [(source, " ".join(own)) for source, own in documents]), target="A")
    assert table[["low", "high", "p", "q"]].isna().all(axis=None)
    assert (table["p_floor"] == 1 / comb(8, 3)).all()


def test_the_seeds_are_too_few(seeds):
    table = analysis.keyness_test(seeds, target="Belarus in Focus")
    assert table["p"].isna().all() and (table["p_floor"] == 1 / 5).all()


@pytest.mark.parametrize("option", [{"minimum": 0}, {"resamples": 0}, {"confidence": 1}])
def test_numbers_that_make_no_sense_are_errors(seeds, option):
    with pytest.raises(StudyError, match="cannot be"):
        analysis.keyness_test(seeds, target="Belarus in Focus", **option)
