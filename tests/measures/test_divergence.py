"""Divergences: against SciPy, against every relabelling by hand, and on groups whose distance is known."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array
from scipy.spatial.distance import jensenshannon

from analysis import StudyError
from analysis.measures.divergence import contrast, divergences

COUNTS = np.array([[5, 4, 6, 0, 1, 0], [2, 3, 2, 3, 2, 2], [0, 0, 9, 0, 0, 0], [1, 0, 0, 4, 4, 5]])
TWO = np.array([0, 0, 0, 1, 1, 1])
matrices = arrays(int, st.tuples(st.integers(1, 6), st.just(6)), elements=st.integers(0, 9))
labellings = arrays(int, (3, 6), elements=st.integers(-1, 2))


def by_hand(counts, labels, order):
    """The definition, with loops."""
    groups = range(max(labels.max(), 0) + 1)
    sums = [counts[:, labels == group].sum(axis=1) for group in groups]
    if any(own.sum() == 0 for own in sums):
        return np.nan
    shares = [own / own.sum() for own in sums]
    mean = np.mean(shares, axis=0)
    if order == 1:
        entropy = lambda p: -sum(x * np.log2(x) for x in p if x > 0)  # noqa: E731
        return entropy(mean) - np.mean([entropy(p) for p in shares])
    purity = np.mean([(p**2).sum() for p in shares])
    return (purity - (mean**2).sum()) / (purity * (1 - 1 / len(shares))) if len(shares) > 1 else np.nan


@given(matrices, labellings, st.sampled_from([1, 2]))
def test_the_definition(counts, labels, order):
    found = divergences(csr_array(counts), labels, order=order)
    groups = labels.max() + 1
    for row, value in zip(labels, found):
        if row.max() + 1 == groups and groups > 1:
            assert value == pytest.approx(by_hand(counts, row, order), nan_ok=True, abs=1e-12)


def test_two_groups_are_as_far_apart_as_scipy_says():
    p, q = COUNTS[:, TWO == 0].sum(1), COUNTS[:, TWO == 1].sum(1)
    assert divergences(csr_array(COUNTS), TWO[None])[0] == pytest.approx(jensenshannon(p, q, base=2) ** 2)


def test_fractions_may_be_counted_too():
    shares = np.array([[0.2, 0.7], [0.8, 0.3]])
    expected = jensenshannon(shares[:, 0], shares[:, 1], base=2) ** 2
    assert divergences(csr_array(shares), np.array([[0, 1]]))[0] == pytest.approx(expected)


@pytest.mark.parametrize("groups", [2, 3, 5])
def test_the_range(groups):
    """Groups that share nothing are log₂ K bits apart, or 1; equal groups are not apart."""
    nothing, alike = csr_array(np.eye(groups)), csr_array(np.ones((4, groups)))
    labels = np.arange(groups)[None]
    assert divergences(nothing, labels)[0] == pytest.approx(np.log2(groups))
    assert divergences(nothing, labels, order=2)[0] == pytest.approx(1)
    assert divergences(alike, labels)[0] == pytest.approx(0, abs=1e-15)
    assert divergences(alike, labels, order=2)[0] == pytest.approx(0, abs=1e-15)


def test_every_relabelling_is_tried():
    found = contrast(csr_array(COUNTS), TWO)
    every = []
    for chosen in itertools.combinations(range(6), 3):
        labels = np.array([0 if document in chosen else 1 for document in range(6)])
        every.append(by_hand(COUNTS, labels, 1))
    observed = by_hand(COUNTS, TWO, 1)
    assert found.divergence == pytest.approx(observed) and found.null_mean == pytest.approx(np.mean(every))
    assert found.p == np.mean([value >= observed - 1e-9 for value in every])
    assert (found.p_floor, found.relabellings) == (2 / 20, 20)


def test_three_groups():
    """5! / (1! 2! 2!) ways, of which those that exchange the two groups of two are the same: 2 / 30."""
    found = contrast(csr_array(COUNTS[:, :5]), np.array([0, 1, 1, 2, 2]))
    assert found.relabellings == 30 and found.p_floor == pytest.approx(2 / 30)


def test_within_strata():
    """Only documents of one stratum exchange their labels: 2 × 1 × 2 ways for a pair, one alone, and a pair."""
    strata = np.array(["x", "x", "y", "z", "z"])
    labels = np.array([0, 1, 0, 0, 1])
    found = contrast(csr_array(COUNTS[:, :5]), labels, strata=strata)
    ways = [labels[[a, 1 - a, 2, 3 + b, 4 - b]] for a in (0, 1) for b in (0, 1)]
    every = [by_hand(COUNTS[:, :5], way, 1) for way in ways]
    assert found.relabellings == 4 and found.null_mean == pytest.approx(np.mean(every)) and found.p_floor == 1 / 4
    assert found.p == np.mean([value >= every[0] - 1e-9 for value in every])


def test_strata_that_explain_all():
    """Where each group is a stratum, nothing can be exchanged, and nothing is left of the difference."""
    found = contrast(csr_array(COUNTS), TWO, strata=TWO)
    assert (found.p, found.p_floor, found.relabellings) == (1, 1, 1)
    assert found.divergence - found.null_mean == 0


def test_an_empty_group_has_no_divergence():
    assert np.isnan(divergences(csr_array([[1, 0], [2, 0]]), np.array([[0, 1]]))[0])
    assert np.isnan(contrast(csr_array([[1, 0, 1], [2, 0, 1]]), np.array([0, 1, 0])).divergence)


def test_drawn_relabellings_are_never_zero_and_the_same_again():
    counts, groups = csr_array(np.tile(COUNTS, 4)), np.tile(TWO, 4)
    one, two = (contrast(counts, groups, permutations=99, random_state=3) for _ in range(2))
    assert one == two and one.p >= one.p_floor == 1 / 100


def test_an_unknown_order():
    with pytest.raises(StudyError, match="order"):
        divergences(csr_array(COUNTS), TWO[None], order=3)


def test_false_alarms_come_at_the_nominal_rate():
    """400 corpora without any difference: 5 % of them give alarm, within four standard errors."""
    draw, alarms = np.random.default_rng(0), 0
    shares = draw.dirichlet(np.full(50, 0.5))
    for _ in range(400):
        own = draw.dirichlet(40 * shares + 1e-9, 16)
        counts = csr_array(draw.multinomial(120, own).T)
        alarms += (
            contrast(counts, np.repeat([0, 1], 8), permutations=199, random_state=int(draw.integers(1e9))).p <= 0.05
        )
    assert alarms / 400 == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 400))


def test_a_change_of_strata_is_no_change_within_them():
    """Two sources with words of their own, of which the second period has more of the one: alarm for all documents,
    and no more than the nominal rate among documents of the same source.
    """
    draw, pooled, same = np.random.default_rng(1), 0, 0
    shares = draw.dirichlet(np.full(50, 0.5), 2)
    for _ in range(200):
        groups = np.repeat([0, 1], 20)
        source = np.concatenate([np.repeat([0, 1], [15, 5]), np.repeat([0, 1], [5, 15])])
        counts = csr_array(np.stack([draw.multinomial(120, draw.dirichlet(40 * shares[s] + 1e-9)) for s in source], 1))
        given = {"permutations": 199, "random_state": int(draw.integers(1e9))}
        pooled += contrast(counts, groups, **given).p <= 0.05
        same += contrast(counts, groups, strata=source, **given).p <= 0.05
    assert pooled == 200
    assert same / 200 == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 200))
