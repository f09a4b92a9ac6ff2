"""Power: false alarms at the nominal rate, more power with more documents, and effects of the planted size."""

import numpy as np
import pandas as pd
import pytest
from made_up import some_words, study_of
from scipy.sparse import csr_array
from scipy.spatial.distance import jensenshannon
from scipy.stats import binomtest

import analysis
from analysis import StudyError
from analysis.measures.power import Model, _apart, _documents, _pairs


@pytest.fixture(scope="module")
def model():
    draw = np.random.default_rng(0)
    a, b = draw.dirichlet(np.ones(80), 2)
    return Model(a, b, 200.0, np.array([80, 120]), 7)


def test_false_alarms_at_the_nominal_rate(model):
    row = analysis.drift_power(model, effects=[0], documents=[30], simulations=400, permutations=199).iloc[0]
    assert row["power"] == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 400))
    interval = binomtest(round(400 * row["power"]), 400).proportion_ci(method="wilson")
    assert row[["low", "high"]].tolist() == pytest.approx([interval.low, interval.high])


def test_power_rises_with_documents_and_with_the_effect(model):
    table = analysis.drift_power(model, effects=[0.005, 0.02], documents=[5, 20], simulations=100, permutations=99)
    power = table.pivot(index="effect", columns="documents", values="power")
    assert power.loc[0.005, 5] < power.loc[0.005, 20] and power.loc[0.005, 5] < power.loc[0.02, 5]
    assert power.loc[0.02, 20] > 0.9


@pytest.mark.parametrize("effect", [0, 0.01, 0.1])
def test_an_effect_is_as_large_as_it_is_said(model, effect):
    assert jensenshannon(*_apart(model, effect), base=2) ** 2 == pytest.approx(effect, abs=1e-5)


def test_an_effect_beyond_the_periods_themselves(model):
    with pytest.raises(StudyError, match="an effect of 1 bits is not between 0 and"):
        analysis.drift_power(model, effects=[1], documents=[5])
    with pytest.raises(StudyError, match=r"documents=\[0\]"):
        analysis.drift_power(model, effects=[0], documents=[0])


def test_made_up_documents_vary_as_their_distribution_says(model):
    """The variance of a Dirichlet-multinomial count is n p (1 − p) (n + c) / (1 + c)."""
    made = _documents(model.a, 50.0, np.full(20_000, 100), np.random.default_rng(1)).toarray()
    expected = 100 * model.a * (1 - model.a) * (100 + 50) / (1 + 50)
    common = model.a > 0.01
    assert made.mean(axis=1)[common] == pytest.approx(100 * model.a[common], rel=0.05)
    assert made.var(axis=1)[common] == pytest.approx(expected[common], rel=0.1)


def test_the_number_needed_has_the_power(model):
    number = analysis.documents_needed(model, 0.01, simulations=100, permutations=99)
    given = {"effects": [0.01], "simulations": 100, "permutations": 99, "random_state": 5}
    assert analysis.drift_power(model, documents=[2 * number], **given)["power"][0] >= 0.8
    assert analysis.drift_power(model, documents=[max(number // 3, 1)], **given)["power"][0] < 0.8
    assert analysis.documents_needed(model, 0.0, simulations=20, permutations=19) is None


def test_the_model_of_a_study(folder):
    """Documents drawn with a known concentration: the model finds about the same."""
    draw = np.random.default_rng(0)
    shares, rows = draw.dirichlet(np.ones(40)), []
    for number in range(40):
        own = draw.dirichlet(60 * shares + 1e-9)
        words = dict(zip((f"w{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(40)), own))
        rows.append(("A", some_words(draw, words, 150), f"{2001 + number % 2}-01-01"))
    study = study_of(folder, rows)
    model = analysis.drift_model(study, "2001", "2002")
    assert 40 < model.concentration < 90 and set(model.tokens) == {150}
    assert model.a.sum() == pytest.approx(1) and len(model.a) == len(study.index.terms)


def test_periods_of_one_document(folder):
    study = study_of(folder, [("A", "pear fig", "2001-01-01"), ("A", "plum fig", "2002-01-01")])
    with pytest.raises(StudyError, match="no year has two documents"):
        analysis.drift_model(study, "2001", "2002")
    with pytest.raises(StudyError, match="2009"):
        analysis.drift_model(study, "2001", "2009")


def test_counts_are_whole():
    made = _documents(np.array([0.5, 0.5]), 3.0, np.array([4, 7]), np.random.default_rng(0))
    assert isinstance(made, csr_array) and made.sum(axis=0).tolist() == [4, 7]


def test_of_many_pairs_some_are_drawn_and_none_across_periods():
    labels = pd.Series(["2001"] * 40 + ["2002"] * 20 + ["2003", None])
    pairs = _pairs(labels, np.random.default_rng(0))
    assert len(pairs) == 200 and (np.sort(pairs, axis=1)[:, -2:] == [0, 1]).all() and (pairs >= 0).sum() == 400
    periods = labels.to_numpy()[np.argwhere(pairs >= 0)[:, 1].reshape(-1, 2)]
    assert (periods[:, 0] == periods[:, 1]).all() and set(periods[:, 0]) == {"2001", "2002"}
    few = _pairs(pd.Series(["x", "x", "x", "y"]), np.random.default_rng(0))
    assert [np.flatnonzero(row >= 0).tolist() for row in few] == [[0, 1], [0, 2], [1, 2]]
