"""Published values, SciPy, and what must hold of any two counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency

from analysis.measures import contingency as c

PUBLISHED = [  # function, a, b, n, m, options, value, tolerance
    (c.log_likelihood, 10, 3, 10, 31767, {}, 167.23, 0.005),  # Dunning (1993), p. 72: cells 10, 0, 3, 31764
    (c.log_likelihood, 12000, 10000, 1e6, 1e6, {"cells": 2}, 182.0695, 5e-5),
    (c.log_likelihood, 12000, 10000, 1e6, 1e6, {}, 184.0917, 5e-5),
    (c.log_likelihood, 10, 5, 100, 200, {}, 7.329812, 5e-7),
    (c.log_likelihood, 10, 5, 100, 200, {"cells": 2}, 6.931472, 5e-7),
    (c.log_likelihood, 7, 2, 10, 9, {}, 4.534939, 5e-7),  # the test documents of quanteda, feature b
    (c.chi_squared, 7, 2, 10, 9, {}, 4.337160, 5e-7),
    (c.chi_squared, 7, 2, 10, 9, {"yates": True}, 2.632438, 5e-7),
    (c.williams_q, 7, 2, 10, 9, {}, 1.079533, 5e-7),
    (c.percent_difference, 206523, 178174, 959641, 1562358, {}, 88.7, 0.05),  # Gabrielatos & Marchi (2012)
    (c.odds_ratio, 16217, 735, 2796938, 2087946, {}, 16.6, 0.05),  # Pojanapunya & Todd (2018)
    (c.simple_maths, 35, 263, 112289776, 1559716979, {}, 1.1224, 5e-5),  # documentation of Sketch Engine
    (c.fisher_exact, 1, 3, 4, 4, {}, 0.486, 5e-4),  # Pedersen (1996)
    (c.chi_squared, 1, 3, 4, 4, {"yates": True}, 0.5, 1e-9),
]


@pytest.mark.parametrize(("function", "a", "b", "n", "m", "options", "value", "tolerance"), PUBLISHED)
def test_published_values(function, a, b, n, m, options, value, tolerance):
    assert float(function(a, b, n, m, **options)) == pytest.approx(value, abs=tolerance)


def test_williams_divides():
    """Not multiplies, as one well-known package does with χ²."""
    q = c.williams_q(7, 2, 10, 9)
    assert float(c.log_likelihood(7, 2, 10, 9) / q) == pytest.approx(4.200833, abs=5e-7)
    assert float(c.chi_squared(7, 2, 10, 9) / q) == pytest.approx(4.017626, abs=5e-7)


@pytest.mark.parametrize(
    ("prior", "total", "delta", "z2", "z4"),
    [(0.1, 2, 1.445290, 2.660596, 2.591439), (15, 300, 0.470004, None, 1.526904)],
)
def test_log_odds_with_a_prior(prior, total, delta, z2, z4):
    """The formula of Monroe, Colaresi & Quinn (2008), for 10 of 100 against 5 of 200."""
    found, z = c.log_odds(10, 5, 100, 200, prior=prior, total=total, variance=4)
    assert (float(found), float(z)) == (pytest.approx(delta, abs=5e-7), pytest.approx(z4, abs=5e-7))
    if z2:
        assert float(c.log_odds(10, 5, 100, 200, prior=prior, total=total)[1]) == pytest.approx(z2, abs=5e-7)


@pytest.mark.filterwarnings("error")
def test_of_a_word_that_is_all_there_is_the_log_odds_are_missing():
    assert np.isnan(c.log_odds([5], [7], 5, 7, prior=[12], total=12)).all()


TABLES = st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(1, 500), st.integers(1, 500)).map(
    lambda t: (t[0], t[1], t[0] + t[2], t[1] + t[3])
)


@given(TABLES.filter(lambda t: t[0] + t[1] > 0))
def test_the_tests_are_those_of_scipy(table):
    a, b, n, m = table
    cells = [[a, n - a], [b, m - b]]
    for value, options in (
        (c.log_likelihood(*table), {"lambda_": "log-likelihood", "correction": False}),
        (c.chi_squared(*table), {"correction": False}),
    ):
        assert float(value) == pytest.approx(chi2_contingency(cells, **options).statistic, rel=1e-9, abs=1e-9)


@given(TABLES)
def test_the_two_groups_may_change_places(table):
    a, b, n, m = table
    assert c.log_likelihood(a, b, n, m) == pytest.approx(c.log_likelihood(b, a, m, n))
    assert c.chi_squared(a, b, n, m) == pytest.approx(c.chi_squared(b, a, m, n))
    assert c.log_ratio(a, b, n, m) == pytest.approx(-c.log_ratio(b, a, m, n))
    assert float(c.williams_q(a, b, n, m)) >= 1


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=20))
def test_contributions_add_up_to_the_divergence(pairs):
    a, b = np.array(pairs).T
    if a.sum() and b.sum():
        parts = c.shannon_contributions(a, b, a.sum(), b.sum())
        assert (parts >= -1e-12).all()
        assert parts.sum() == pytest.approx(jensenshannon(a, b, base=2) ** 2, abs=1e-9)


def test_absent_terms():
    """In neither group, in one, in both: what is stated, not what division gives."""
    a, b = np.array([0, 4, 0]), np.array([0, 0, 4])
    assert c.log_likelihood(a, b, 100, 100)[0] == c.chi_squared(a, b, 100, 100)[0] == 0
    assert c.log_ratio(a, b, 100, 100).tolist() == [0, 3, -3]
    assert np.isnan(c.percent_difference(0, 0, 100, 100))
    assert c.percent_difference(4, 0, 100, 100) == np.inf
    assert c.odds_ratio(4, 0, 100, 100) == np.inf
