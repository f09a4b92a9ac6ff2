"""Dispersion against published values, pairs of parts taken one by one, and SciPy."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from made_up import study_of, write_rows
from scipy.stats import entropy

import analysis
from analysis import StudyError
from analysis.measures.dispersion import dispersion, dispersion_measures

MEASURES = ["juilland_d", "d2", "s", "dp", "dp_norm", "da", "kld"]
FIVE = [9, 10, 10, 10, 11]
TENTHS = [8143, 8058, 8271, 8125, 7959, 7941, 8146, 8001, 8003, 7930]
PUBLISHED = [
    # counts, sizes, measure, value, half a unit of the last digit given
    # Gries 2008, the made-up corpus of five parts: words a and b
    ([1, 2, 3, 4, 5], FIVE, "juilland_d", 0.785150, 5e-7),
    ([1, 2, 3, 4, 5], FIVE, "s", 0.949816, 5e-7),
    ([1, 2, 3, 4, 5], FIVE, "dp", 0.18, 1e-12),
    ([1, 2, 3, 4, 5], FIVE, "dp_norm", 0.219512, 5e-7),
    ([1, 2, 3, 4, 5], FIVE, "kld", 0.136972, 5e-7),
    ([1, 2, 3, 4, 5], FIVE, "da", 0.697450, 5e-7),
    ([2, 2, 2, 2, 2], FIVE, "juilland_d", 0.968, 5e-4),
    ([2, 2, 2, 2, 2], FIVE, "s", 0.999, 5e-4),
    ([2, 2, 2, 2, 2], FIVE, "dp", 0.02, 1e-12),
    ([2, 2, 2, 2, 2], FIVE, "dp_norm", 0.024, 5e-4),
    ([2, 2, 2, 2, 2], FIVE, "kld", 0.003, 5e-4),
    # Carroll 1970
    ([2, 1, 1, 1, 0], [1] * 5, "d2", 0.8277, 5e-5),
    ([0, 4, 3, 2, 1], [1] * 5, "juilland_d", 0.6464, 5e-5),
    # Lijffijt & Gries 2012
    ([2, 1, 0], [1] * 3, "dp_norm", 0.5, 1e-12),
    # Lyne 1985, ALLEMAND in ten parts, as the R package tlda gives it
    ([2, 0, 1, 1, 3, 0, 3, 0, 0, 0], TENTHS, "juilland_d", 0.60388, 5e-6),
    ([2, 0, 1, 1, 3, 0, 3, 0, 0, 0], TENTHS, "d2", 0.652144, 5e-7),
    ([2, 0, 1, 1, 3, 0, 3, 0, 0, 0], TENTHS, "s", 0.476365, 5e-7),
    ([2, 0, 1, 1, 3, 0, 3, 0, 0, 0], TENTHS, "da", 0.308164, 5e-7),
    ([2, 0, 1, 1, 3, 0, 3, 0, 0, 0], TENTHS, "dp", 0.499070, 1e-6),
]
SIZES = st.lists(st.integers(1, 200), min_size=2, max_size=12)


def measures(counts, sizes):
    """The measures of one term as a dict."""
    return dispersion_measures([counts], sizes).iloc[0].to_dict()


def by_definition(v, sizes):
    """Each measure as its authors write it down: every part, every pair of parts."""
    v, sizes = np.array(v, float), np.array(sizes, float)
    n, f, s, p = len(v), v.sum(), sizes / sizes.sum(), v / sizes
    pairs = [abs(a - b) for a, b in combinations(p, 2)]
    return {
        "juilland_d": 1 - np.std(p) / np.mean(p) / np.sqrt(n - 1),
        "d2": entropy(p, base=2) / np.log2(n),
        "s": sum(np.sqrt(a * b) for a, b in zip(s, v)) ** 2 / f,
        "dp": sum(abs(a / f - b) for a, b in zip(v, s)) / 2,
        "dp_norm": sum(abs(a / f - b) for a, b in zip(v, s)) / 2 / (1 - min(s)),
        "da": 1 - np.mean(pairs) / (2 * np.mean(p)),
        "kld": entropy(v / f, s, base=2),
    }


@pytest.mark.parametrize(("counts", "sizes", "measure", "expected", "tolerance"), PUBLISHED)
def test_published_values(counts, sizes, measure, expected, tolerance):
    assert measures(counts, sizes)[measure] == pytest.approx(expected, abs=tolerance)


def test_tlda_gives_the_divergence_turned_round():
    """1 / (1 + KLD), so that 1 is even: 0.466508 for ALLEMAND."""
    kld = measures([2, 0, 1, 1, 3, 0, 3, 0, 0, 0], TENTHS)["kld"]
    assert 1 / (1 + kld) == pytest.approx(0.466508, abs=5e-7)


@given(SIZES, st.data())
def test_definitions_agree(sizes, data):
    counts = data.draw(st.lists(st.integers(0, 30), min_size=len(sizes), max_size=len(sizes)))
    assume(any(counts))
    found = measures(counts, sizes)
    assert {m: found[m] for m in MEASURES} == pytest.approx(by_definition(counts, sizes), abs=1e-9)
    assert (found["count"], found["parts"], found["range"]) == (sum(counts), len(counts), np.count_nonzero(counts))


@given(SIZES, st.data())
def test_ranges_hold_and_neither_order_nor_scale_matters(sizes, data):
    counts = data.draw(st.lists(st.integers(0, 30), min_size=len(sizes), max_size=len(sizes)))
    assume(any(counts))
    found = measures(counts, sizes)
    smallest = min(sizes) / sum(sizes)
    assert all(0 <= found[m] <= 1 for m in MEASURES if m != "kld")
    assert 0 <= found["kld"] <= np.log2(1 / smallest) + 1e-9
    assert found["s"] >= smallest - 1e-12
    assert found["dp"] <= 1 - smallest + 1e-12
    order = data.draw(st.permutations(range(len(sizes))))
    assert measures([counts[i] for i in order], [sizes[i] for i in order]) == pytest.approx(found, abs=1e-9)
    for scale in (7, 1 / sum(sizes)):
        other = measures([3 * c for c in counts], [scale * s for s in sizes])
        assert [other[m] for m in MEASURES] == pytest.approx([found[m] for m in MEASURES], abs=1e-9)


@given(SIZES)
def test_a_term_spread_as_the_words_are_is_even(sizes):
    assert [measures(sizes, sizes)[m] for m in MEASURES] == pytest.approx([1, 1, 1, 0, 0, 1, 0], abs=1e-9)


@given(SIZES, st.integers(1, 30), st.data())
def test_a_term_in_one_part_only(sizes, count, data):
    part = data.draw(st.integers(0, len(sizes) - 1))
    share, smallest = sizes[part] / sum(sizes), min(sizes) / sum(sizes)
    found = measures([count * (i == part) for i in range(len(sizes))], sizes)
    expected = [0, 0, share, 1 - share, (1 - share) / (1 - smallest), 0, np.log2(1 / share)]
    assert [found[m] for m in MEASURES] == pytest.approx(expected, abs=1e-9)
    assert found["range"] == 1


@pytest.mark.parametrize("counts", [[2, 1, 1, 0], [0, 4, 3, 2]])
def test_with_equal_parts_their_size_does_not_matter(counts):
    assert measures(counts, [1] * 4) == pytest.approx(measures(counts, [1234] * 4))


def test_an_absent_term_has_no_dispersion():
    found = measures([0, 0, 0], [10, 20, 30])
    assert (found["count"], found["parts"], found["range"]) == (0, 3, 0)
    assert all(np.isnan(found[m]) for m in MEASURES)


def test_one_part_has_nothing_to_be_uneven_over():
    found = measures([4], [10])
    assert (found["s"], found["dp"], found["kld"], found["parts"], found["range"]) == (1, 0, 0, 1, 1)
    assert all(np.isnan(found[m]) for m in ("juilland_d", "d2", "dp_norm", "da"))


def test_parts_of_size_0_are_left_out():
    assert measures([1, 0, 2, 0], [10, 0, 20, 30]) == measures([1, 2, 0], [10, 20, 30])
    assert dispersion_measures([[0, 0]], [0, 0])["parts"].tolist() == [0]


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int32, float])
def test_counts_of_any_kind_of_number(kind):
    counts = np.full((1, 300), 1, kind)
    assert dispersion_measures(counts, np.ones(300))["count"].tolist() == [300]


def test_no_terms_give_an_empty_table():
    table = dispersion_measures(np.zeros((0, 2)), [1, 2])
    assert table.empty
    assert list(table.columns) == ["count", "parts", "range", *MEASURES]


@pytest.mark.parametrize(
    ("counts", "sizes", "message"),
    [
        ([[1, 2]], [1, 2, 3], "do not fit"),
        ([[1, 2]], [[1, 2]], "do not fit"),
        ([[-1, 2]], [1, 2], "negative or missing"),
        ([[1, 2]], [1, np.nan], "negative or missing"),
        ([[1, 2]], [0, 2], "a part of size 0"),
    ],
)
def test_counts_that_are_none(counts, sizes, message):
    with pytest.raises(StudyError, match=message):
        dispersion_measures(counts, sizes)


@pytest.mark.parametrize("by", ["document", "source", "year"])
def test_the_table_of_a_study_has_the_counts_of_frequency(seeds, by):
    counts = analysis.frequency(seeds, by=by).pivot(index="term", columns="group", values="count").fillna(0)
    sizes = analysis.balance(seeds, by=by).set_index("group")["tokens"]
    table = dispersion(seeds, by=by)
    assert list(table.columns) == ["term", "count", "parts", "range", *MEASURES]
    keys = list(zip(-table["count"], table["term"]))
    assert keys == sorted(keys)
    assert set(table["parts"]) == {len(sizes)}
    for term, *found in table.iloc[:: len(table) // 40][["term", *MEASURES]].itertuples(index=False):
        expected = by_definition(counts.loc[term], sizes[counts.columns])
        assert dict(zip(MEASURES, found)) == pytest.approx(expected, abs=1e-9), term
    assert table.set_index("term")["count"].sort_index().tolist() == counts.sum(axis=1).tolist()


def test_a_document_without_a_word_is_no_part(folder):
    (folder / "03_rain.txt").write_text("Rain\n\n!!!\n", encoding="utf-8")
    table = dispersion(analysis.load(folder)).set_index("term")
    # “The orchard’s pears are ripe. Pears sell well.” and “Plums are not pears. Plums keep. A plum-tree is small.”
    assert set(table["parts"]) == {2}
    assert table.loc["pears", ["count", "range"]].tolist() == [3, 2]
    assert table.loc["pears", "dp"] == pytest.approx(abs(2 / 3 - 8 / 18))
    assert table.loc["plums", "s"] == pytest.approx(10 / 18)


def test_an_unknown_grouping_is_an_error(seeds):
    with pytest.raises(StudyError, match="there is no “colour”. Choose one of"):
        dispersion(seeds, by="colour")


def test_the_interval_is_that_of_all_draws(folder):
    """Four documents: 256 ways to draw them, a document that is drawn twice being two parts."""
    counts = np.array([[1, 0, 4, 2], [3, 9, 2, 5]])
    documents = [("A", "pear " * a + "plum " * b) for a, b in counts.T]
    study = study_of(folder, [*documents, ("A", "…")])
    table = dispersion(study, interval=True, resamples=20_000, confidence=0.9).set_index("term")
    draws = [np.array(draw) for draw in product(range(4), repeat=4)]
    every = [dispersion_measures(counts[:, draw], counts[:, draw].sum(0))["dp"] for draw in draws]
    for term, values in zip(("pear", "plum"), np.array(every).T):
        expected = np.nanquantile(values, [0.05, 0.95])
        assert table.loc[term, ["low", "high"]].tolist() == pytest.approx(expected.tolist(), abs=0.01)


def test_where_there_is_no_interval(seeds, folder):
    three = study_of(folder, [("A", "pear plum"), ("A", "pear"), ("A", "plum pear")])
    assert dispersion(three, interval=True, resamples=9)[["low", "high"]].isna().all(axis=None)
    with pytest.raises(StudyError, match="Take documents as the parts"):
        dispersion(seeds, by="source", interval=True)
    with pytest.raises(StudyError, match="cannot be"):
        dispersion(seeds, interval=True, resamples=0)


def test_the_interval_of_a_word_that_is_half_of_every_document(tmp_path):
    """Whichever are drawn, it is spread as all words are. The ids come in another order as text than as numbers."""
    names = [f"{number}.txt" for number in range(1, 13)]
    for name, length in zip(names, [5, 9, 2, 7, 3, 8, 4, 6, 9, 3, 7, 5]):
        (tmp_path / name).write_text(f"{'Plum pear ' * length}.\n", encoding="utf-8")
    write_rows(tmp_path, [[name, "A", "", "", "", "ties", "en", ""] for name in names])
    table = dispersion(analysis.load(tmp_path), interval=True)
    assert table[["dp", "low", "high"]].to_numpy() == pytest.approx(np.zeros((2, 3)), abs=1e-12)
