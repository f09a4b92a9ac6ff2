"""Corrected shares: against formulas written out by hand, and on corpora whose share is known, drawn thousands of times."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis import StudyError
from analysis.errors import OptionError
from analysis.measures.prevalence import corrected_share, corrected_shares

TIMES = 2000  # simulated corpora
FINDS, FALSE = 0.7, 0.2  # of the simulated coder: part of the units with the code that get it, and of those without


def one_row(*arguments, **options):
    return corrected_share(*arguments, **options).iloc[0]


def machine(draw, coded):
    """The coding by a coder that errs, and more often by giving the code than by missing it."""
    return draw.random(coded.shape) < np.where(coded == 1, FINDS, FALSE)


def many(predicted, coded, drawn, probability, documents):
    """The estimates of many corpora or samples, one per row of the arrays, by the function under test."""
    times, units = predicted.shape
    table = pd.DataFrame(
        {
            "predicted": predicted.ravel().astype(float),
            "coded": np.where(drawn, coded, np.nan).ravel(),
            "sampled_probability": np.broadcast_to(probability, predicted.shape).ravel(),
            "document": np.tile(documents, times),
            "sample": np.repeat(np.arange(times), units),
        }
    )
    return corrected_shares(table, by="sample")


def simple_samples(draw, times, units, size):
    """Which units are drawn: as many each time, without replacement."""
    return draw.random((times, units)).argsort(axis=1).argsort(axis=1) < size


def covers(table, truth, low, high, *, slack=0.0):
    """Whether 95 % intervals hold the truth so often, within three standard deviations of a binomial count of them."""
    share = ((table[low] <= truth) & (truth <= table[high])).mean()
    return abs(share - 0.95) < 3 * np.sqrt(0.95 * 0.05 / len(table)) + slack


def unbiased(estimates, truth):
    """Whether the mean of the estimates is the truth, within three of its standard errors."""
    return abs(estimates.mean() - truth) < 3 * estimates.std() / np.sqrt(len(estimates))


def test_by_hand():
    """Six units of four documents, three of them drawn with different probabilities."""
    predicted = [1, 0, 0.5, 1, 0, 0]
    coded = [1, None, 1, None, None, 0]
    row = one_row(predicted, coded, [0.5, 0.5, 0.25, 0.5, 0.25, 1], documents=list("aabccd"), confidence=0.9)
    # weights 2, 4 and 1 of the errors 0, 0.5 and 0; sum 7
    assert row["naive"] == pytest.approx(2.5 / 6)
    assert row["estimate"] == pytest.approx(2.5 / 6 + 2 / 7)
    assert row["coded_share"] == pytest.approx(6 / 7)
    assert row[["n", "coded", "expected", "documents", "documents_coded"]].tolist() == [6, 3, 3, 4, 3]
    assert row["contradicted"] == 0  # 0.5 is rounded up
    assert row[["low", "high", "coded_low", "coded_high", "corpus_low", "corpus_high"]].isna().all()


def test_the_weights_of_a_simple_sample_give_the_published_pseudo_outcomes():
    """Egami and others 2023: the mean of ŷ + (R / π)(y − ŷ)."""
    draw = np.random.default_rng(0)
    coded, drawn = (draw.random(200) < 0.3).astype(float), simple_samples(draw, 1, 200, 50)[0]
    predicted = draw.random(200)
    pseudo = predicted + drawn / 0.25 * (coded - predicted)
    row = one_row(predicted, np.where(drawn, coded, np.nan), 0.25, documents=range(200))
    assert row["estimate"] == pytest.approx(pseudo.mean())
    assert row["expected"] == row["coded"] == 50


def test_the_variance_is_that_of_prediction_powered_inference():
    """Each unit its own document. Of the coded units part of ŷ / N + e / n is chance, of the others ŷ / N."""
    draw = np.random.default_rng(1)
    coded = (draw.random(4000) < 0.3).astype(float)
    predicted, drawn = machine(draw, coded).astype(float), simple_samples(draw, 1, 4000, 400)[0]
    row = one_row(predicted, np.where(drawn, coded, np.nan), 0.1, documents=range(4000))
    error = coded - predicted
    assert row["estimate"] == pytest.approx(predicted.mean() + error[drawn].mean())
    of_drawn = 400 * np.var(predicted[drawn] / 4000 + error[drawn] / 400, ddof=1)
    of_others = 3600 * np.var(predicted[~drawn] / 4000, ddof=1)
    width = 2 * stats.t(399).ppf(0.975) * np.sqrt(of_drawn + of_others)
    assert row["high"] - row["low"] == pytest.approx(width, rel=0.005)
    # with the coded units apart from the N, as published, the two parts do not overlap; they are a tenth here
    apart = np.var(predicted[~drawn], ddof=1) / 3600 + np.var(error[drawn], ddof=1) / 400
    assert row["high"] - row["low"] == pytest.approx(2 * 1.96 * np.sqrt(apart), rel=0.06)


def test_the_interval_of_the_corpus_is_that_of_a_simple_random_sample():
    """(1 − n / N) s² / n of the errors, as in any book on sampling."""
    draw = np.random.default_rng(2)
    coded = (draw.random(300) < 0.4).astype(float)
    predicted, drawn = draw.random(300), simple_samples(draw, 1, 300, 60)[0]
    row = one_row(predicted, np.where(drawn, coded, np.nan), 0.2, documents=["a"] * 300)
    spread = np.var((coded - predicted)[drawn], ddof=1)
    reach = stats.t(59).ppf(0.975) * np.sqrt((1 - 0.2) * spread / 60)
    assert (row["corpus_low"], row["corpus_high"]) == pytest.approx((row["estimate"] - reach, row["estimate"] + reach))
    assert np.isnan(row["low"])  # one document says nothing about others


def test_documents_like_these():
    """Units of their own document each, drawn one by one: the naive share is off by what is known, the other is not."""
    draw, units, share = np.random.default_rng(3), 400, 0.2
    coded = (draw.random((TIMES, units)) < share).astype(float)
    predicted, probability = machine(draw, coded), draw.uniform(0.1, 0.5, units)
    table = many(predicted, coded, draw.random((TIMES, units)) < probability, probability, np.arange(units))
    assert unbiased(table["naive"], share * FINDS + (1 - share) * FALSE)  # .30
    assert unbiased(table["estimate"], share) and not unbiased(table["naive"], share)
    assert unbiased(table["coded_share"], share)
    assert covers(table, share, "low", "high") and covers(table, share, "coded_low", "coded_high")
    assert table["expected"].to_numpy() == pytest.approx(probability.sum())
    assert abs(table["coded"].mean() - probability.sum()) < 1


def test_a_good_coder_makes_the_interval_narrow_and_a_blind_one_wide():
    draw = np.random.default_rng(4)
    coded = (draw.random((50, 1000)) < 0.4).astype(float)
    drawn = simple_samples(draw, 50, 1000, 100)
    good, blind = np.abs(coded - (draw.random(coded.shape) < 0.03)), draw.random(coded.shape) < 0.4
    width = {}
    for name, predicted in {"good": good, "blind": blind}.items():
        table = many(predicted, coded, drawn, 0.1, np.arange(1000))
        width[name] = (table["high"] - table["low"]).mean() / (table["coded_high"] - table["coded_low"]).mean()
    # variances: .24 / 1000 + .03 / 100 of the good one, twice .24 / 100 of the blind one; of the codings alone .24 / 100
    assert width["good"] == pytest.approx(np.sqrt((0.24 / 1000 + 0.0291 / 100) / (0.24 / 100)), rel=0.05)
    assert width["blind"] == pytest.approx(np.sqrt((0.48 / 100) / (0.24 / 100)), rel=0.05)


def test_units_of_one_document_hang_together():
    """Documents that differ in the code and in how well the coder does: only whole documents tell how sure it is."""
    draw, documents, size = np.random.default_rng(5), 60, 10
    of_document = draw.beta(1, 3, (TIMES, documents, 1))  # a quarter on average
    coded = (draw.random((TIMES, documents, size)) < of_document).reshape(TIMES, -1).astype(float)
    hard = np.repeat(draw.random((TIMES, documents)) < 0.3, size, axis=1)
    predicted = np.where(hard, draw.random(coded.shape) < 0.5, machine(draw, coded))
    drawn = simple_samples(draw, TIMES, documents * size, 150)
    document = np.repeat(np.arange(documents), size)
    table = many(predicted, coded, drawn, 0.25, document)
    assert unbiased(table["estimate"], 0.25)
    assert unbiased(table["naive"], 0.3 * 0.5 + 0.7 * (0.25 * FINDS + 0.75 * FALSE))
    assert covers(table, 0.25, "low", "high") and covers(table, 0.25, "coded_low", "coded_high")
    assert set(table["documents"]) == {documents} and table["documents_coded"].between(45, documents).all()
    alone = many(predicted[:500], coded[:500], drawn[:500], 0.25, np.arange(documents * size))
    assert ((alone["low"] <= 0.25) & (alone["high"] >= 0.25)).mean() < 0.92  # were each unit a document
    assert not covers(table, 0.25, "corpus_low", "corpus_high")  # that is another question


@pytest.mark.parametrize("how", ["as many each time", "one by one", "in strata"])
def test_this_corpus(how):
    """One corpus, thousands of samples: its interval holds its own share so often as it says."""
    draw, units = np.random.default_rng(6), 600
    document = np.repeat(np.arange(12), 50)
    coded = (draw.random(units) < np.repeat(draw.uniform(0.05, 0.6, 12), 50)).astype(float)
    predicted, probability = np.broadcast_to(machine(draw, coded), (TIMES, units)), np.full(units, 1 / 6)
    if how == "as many each time":
        drawn = simple_samples(draw, TIMES, units, 100)
    elif how == "one by one":
        drawn = draw.random((TIMES, units)) < probability
    else:  # a tenth of the first half of the units, a quarter of the second
        probability = np.repeat([0.1, 0.25], 300)
        drawn = np.hstack([simple_samples(draw, TIMES, 300, 30), simple_samples(draw, TIMES, 300, 75)])
    table = many(predicted, np.broadcast_to(coded, (TIMES, units)), drawn, probability, document)
    assert unbiased(table["estimate"], coded.mean())
    slack = 0.01 if how == "in strata" else 0  # taken for one by one, which is a little less sure
    assert covers(table, coded.mean(), "corpus_low", "corpus_high", slack=slack)


def test_a_perfect_coder_needs_no_correction():
    draw = np.random.default_rng(7)
    coded = (draw.random(100) < 0.3).astype(float)
    drawn, documents = np.tile([True, True, False, False, False], 20), np.repeat(range(20), 5)
    row = one_row(coded, np.where(drawn, coded, np.nan), 0.4, documents=documents)
    assert row["estimate"] == row["naive"] == coded.mean()
    assert np.isnan(row["corpus_low"])  # a sample without an error does not say how rare errors are
    sums = coded.reshape(20, 5).sum(axis=1) - 5 * coded.mean()
    reach = stats.t(19).ppf(0.975) * np.sqrt(20 / 19 * (sums**2).sum()) / 100
    assert (row["low"], row["high"]) == pytest.approx((coded.mean() - reach, coded.mean() + reach))


def test_if_all_is_coded_the_coder_does_not_matter():
    """Documents of one size: the interval of the mean of their shares, by SciPy."""
    draw = np.random.default_rng(8)
    coded, predicted = (draw.random(40) < 0.3).astype(float), draw.random(40)
    row = one_row(predicted, coded, 1, documents=np.repeat(range(8), 5))
    assert row["estimate"] == pytest.approx(coded.mean()) and row["coded_share"] == pytest.approx(coded.mean())
    shares = coded.reshape(8, 5).mean(axis=1)
    expected = stats.ttest_1samp(shares, 0).confidence_interval(0.95)
    for low, high in (("low", "high"), ("coded_low", "coded_high")):
        assert (row[low], row[high]) == pytest.approx((expected.low, expected.high))
    assert row["corpus_low"] == row["corpus_high"] == row["estimate"]


@pytest.mark.parametrize("documents", [3, 4])
def test_three_documents_give_no_interval(documents):
    coded = np.where(np.arange(60) % 2, np.nan, np.arange(60) % 4 < 2)
    row = one_row(np.zeros(60), coded, 0.5, documents=np.arange(60) // 2 % documents)
    assert row[["low", "coded_low"]].isna().tolist() == [documents == 3] * 2
    # thirty coded units, of whichever documents, are enough for these very ones; twenty-nine are not
    assert row["coded"] == 30 and not np.isnan(row["corpus_low"])
    assert np.isnan(one_row(np.zeros(60), [*coded[:-2], np.nan, np.nan], 0.5, documents=range(60))["corpus_low"])


def test_documents_without_a_coded_unit_do_not_count_for_the_interval():
    coded = [1, 0, 1, 0, 1, 0] + [None] * 60
    row = one_row(np.tile([1, 0, 0], 22), coded, 0.1, documents=[*"aabbcc", *range(60)])
    assert row["documents"] == 63 and row["documents_coded"] == 3 and np.isnan(row["low"])


def test_what_never_varies_has_no_interval():
    """Ten readings without the code do not say that it does not exist."""
    coded = np.where(np.arange(40) % 4, np.nan, 0)
    row = one_row(np.arange(40) % 8 == 0, coded, 0.25, documents=range(40))
    assert row["coded_share"] == 0 and row[["coded_low", "coded_high"]].isna().all()
    assert row["estimate"] == pytest.approx(5 / 40 - 5 / 10) and row["contradicted"] == 5 and row["low"] < row["high"]
    row = one_row(np.zeros(40), coded, 0.25, documents=range(40))
    assert row["estimate"] == 0 and row[["low", "corpus_low", "coded_low"]].isna().all()


CODINGS = st.lists(
    st.tuples(st.sampled_from([0, 0.25, 1]), st.sampled_from([0, 1, None]), st.sampled_from([0.1, 0.5, 0.9]), st.sampled_from("abcdef")),
    min_size=2, max_size=40,
).filter(lambda units: any(unit[1] is not None for unit in units))  # fmt: skip


@given(CODINGS, st.randoms(use_true_random=False))
def test_what_must_not_change_it(units, order):
    """The order of the units, the unit of the probabilities' weights, and what is called given."""
    predicted, coded, probability, documents = zip(*units)
    row = one_row(predicted, coded, probability, documents=documents)
    assert row["low"] <= row["estimate"] <= row["high"] or np.isnan(row["low"])
    order.shuffle(units)
    other = list(zip(*units))
    again = one_row(*other[:3], documents=other[3])
    assert again.to_numpy() == pytest.approx(row.to_numpy(), nan_ok=True)
    turned = [None if c is None else 1 - c for c in coded]
    turned = one_row([1 - p for p in predicted], turned, probability, documents=documents)
    assert turned["estimate"] == pytest.approx(1 - row["estimate"])
    assert turned[["low", "corpus_low"]].to_numpy() == pytest.approx(
        1 - row[["high", "corpus_high"]].to_numpy(), nan_ok=True
    )


def test_each_group_is_corrected_by_its_own():
    draw = np.random.default_rng(9)
    coded = np.where(draw.random(90) < 0.5, draw.random(90) < 0.4, np.nan)
    units = pd.DataFrame({"predicted": draw.random(90), "coded": coded, "sampled_probability": 0.5})
    units = units.assign(
        document=np.arange(90) // 5, source=np.repeat(["B", "A", "C"], 30), year=np.arange(90) // 10 % 2
    )
    units.loc[units["source"] == "C", "coded"] = np.nan
    table = corrected_shares(units, by=["source", "year"]).set_index(["source", "year"])
    assert list(table.index) == [(source, year) for source in "ABC" for year in (0, 1)]
    for group, row in table.iterrows():
        own = units[(units["source"] == group[0]) & (units["year"] == group[1])]
        if group[0] == "C":
            assert row[["naive", "n", "coded"]].tolist() == [own["predicted"].mean(), len(own), 0]
            assert np.isnan(row["estimate"])
            continue
        alone = one_row(own["predicted"], own["coded"], 0.5, documents=own["document"])
        assert row[alone.index].to_numpy(float) == pytest.approx(alone.to_numpy(float), nan_ok=True)
    by_source = corrected_shares(units, by="source")
    assert by_source["n"].tolist() == [30] * 3 and by_source["coded"].sum() == units["coded"].notna().sum()


SOUND = {"predicted": [1, 0.5, 0], "coded": [1, 0, None], "sampled_probability": 0.5, "documents": ["a", "b", "c"]}
FAULTS = {
    "predicted: 1 of 3 are not between 0 and 1, the first in unit 1. Give 0, 1 or a probability": {"predicted": [1, 1.5, 0]},
    "predicted: 1 of 3 are not between 0 and 1, the first in unit 2": {"predicted": [1, 0, np.nan]},
    "predicted: not all of them are numbers. Give numbers": {"predicted": [1, 0, "much"]},
    "coded: 2 of 3 are not between 0 and 1, the first in unit 0. Give 0 or 1; NaN if not coded": {"coded": [-1, 2, None]},
    "coded: there are 2 of them for 3 predictions. Give one for each unit": {"coded": [1, 0]},
    "documents: there are 4 of them for 3": {"documents": list("abcd")},
    "documents: 1 of 3 are missing, the first in unit 1. Name the document": {"documents": ["a", None, "c"]},
    "sampled_probability: 3 of 3 are not above 0 and up to 1": {"sampled_probability": 0},
    "sampled_probability: 1 of 3 are not above 0 and up to 1, the first in unit 1": {"sampled_probability": [0.1, 1.2, 1]},
    "sampled_probability: 1 of 3 are not above 0 and up to 1, the first in unit 2": {"sampled_probability": [0.1, 1, np.nan]},
    "sampled_probability: there are 2 of them for 3": {"sampled_probability": [0.1, 1]},
    "coded: 1 of 3 are missing where all were to be coded, the first in unit 2. Code them": {"sampled_probability": 1},
    "coded: 3 of 3 are missing, the first in unit 0. Have a sample read": {"coded": [None, np.nan, pd.NA]},
    "there is no unit": {"predicted": [], "coded": [], "documents": []},
    "confidence=1 cannot be": {"confidence": 1},
}  # fmt: skip


@pytest.mark.parametrize("said", FAULTS)
def test_what_is_wrong_is_said(said):
    options = SOUND | FAULTS[said]
    with pytest.raises(OptionError) as error:
        corrected_share(**options)
    assert said in str(error.value)


def test_what_is_wrong_with_groups_is_said():
    units = pd.DataFrame({**SOUND, "source": ["A", None, "B"]}).rename(columns={"documents": "document"})
    with pytest.raises(StudyError, match="unit 1 has no source. Say to which group"):
        corrected_shares(units, by="source")
    with pytest.raises(StudyError, match="there is no “year”. Choose one of: predicted"):
        corrected_shares(units, by=["source", "year"])
    with pytest.raises(StudyError, match="there is no “coded”"):
        corrected_shares(units.drop(columns="coded"), by="document")
    with pytest.raises(StudyError, match="no unit is coded|are missing, the first in unit 0"):
        corrected_shares(units.assign(coded=np.nan), by="document")
