"""Collocations against published values, SciPy, and counts made by hand."""

from collections import Counter
from dataclasses import replace
from fnmatch import fnmatch
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from made_up import study_of
from scipy.stats import bootstrap, chi2_contingency
from scipy.stats.contingency import odds_ratio

import analysis
from analysis import StudyError
from analysis.corpus.index import build_index
from analysis.measures.association import association_measures
from analysis.measures.collocations import collocate_difference, collocates
from analysis.measures.pairs import collocation_network, ngram_associations

SYMMETRIC = ["expected", "g2", "pmi", "npmi", "t", "log_dice", "log_odds", "z"]

# Church & Hanks 1990, table 1: association ratio of words in the 1987 AP corpus, N = 15 million
CHURCH_HANKS = [
    (12, 111, 621, 11.3),  # honorary doctor
    (8, 1105, 44, 11.3),  # doctors dentists
    (30, 1105, 241, 10.7),  # doctors nurses
    (6, 275, 621, 9.0),  # examined doctor
]
# Dunning 1993, table 2: k(AB), k(A¬B), k(¬AB), k(¬A¬B), −2 log λ
DUNNING = [
    (110, 2442, 111, 29114, 270.72),  # the swiss
    (29, 13, 123, 31612, 263.90),  # can be
    (31, 23, 139, 31584, 256.84),  # previous year
    (10, 0, 3, 31764, 167.23),  # mineral water
]
# Manning & Schütze 1999, tables 5.6 and 5.14: bigrams that occur 20 times in 14,307,668 words; t and mutual information
MANNING_SCHUETZE = [
    (42, 20, 4.4721, 18.38),  # Ayatollah Ruhollah
    (77, 59, 4.4720, 15.94),  # videocassette recorder
    (14907, 9017, 2.3714, 1.09),  # first made
    (14734, 13478, 1.3685, 0.53),  # into them
    (15019, 15629, 0.8036, 0.29),  # time last
]


def made(seeds, documents, stop_words=()):
    """A study of given sentences: for each document its source, and its sentences as words joined by spaces."""
    doc_ids = [f"{row:02}" for row in range(len(documents))]
    texts = [text for _, sentences in documents for text in sentences]
    bounds = np.cumsum([0, *(len(sentences) for _, sentences in documents)])
    index = build_index(texts, np.zeros(len(texts), int), paragraph_bounds=bounds, document_bounds=bounds)
    table = pd.DataFrame({"doc_id": doc_ids, "source": [source for source, _ in documents]})
    table["tokens"] = np.diff(index.document_bounds)
    return replace(seeds, documents=table, index=index, stop_words=frozenset(stop_words))


def near_by_hand(documents, node, window):
    """Each token that is not of the node: (row of its document, word, whether the node is near); and the node's hits."""
    pattern, tokens, hits = node.split(), [], Counter()
    for row, (_, sentences) in enumerate(documents):
        for words in map(str.split, sentences):
            starts = [
                i
                for i in range(len(words) - len(pattern) + 1)
                if all(fnmatch(w, p) for w, p in zip(words[i : i + len(pattern)], pattern))
            ]
            hits[row] += len(starts)
            inside = {i + k for i in starts for k in range(len(pattern))}
            tokens += [
                (row, word, any(s - window <= i < s + len(pattern) + window for s in starts))
                for i, word in enumerate(words)
                if i not in inside
            ]
    return tokens, hits


words = st.sampled_from(["a", "b", "ab", "c", "d"])
texts = st.lists(words, min_size=1, max_size=9).map(" ".join)
some_documents = st.lists(st.tuples(st.sampled_from(["X", "Y"]), st.lists(texts, max_size=4)), min_size=1, max_size=4)
nodes = st.sampled_from(["a", "a b", "a*", "? a", "b b", "zeppelin", "*"])
windows = st.sampled_from([1, 2, 3, 10**20, "sentence"])


@st.composite
def two_by_two(draw):
    """joint, first, second and total of a possible table."""
    a, b, c, d = (draw(st.integers(0, 400)) for _ in range(4))
    return a, a + b, a + c, a + b + c + d


# ---------------------------------------------------------------------------------------------- published values


@pytest.mark.parametrize(("joint", "first", "second", "expected"), CHURCH_HANKS)
def test_pmi_of_church_and_hanks(joint, first, second, expected):
    assert association_measures(joint, first, second, 15_000_000)["pmi"][0] == pytest.approx(expected, abs=0.06)


def test_g2_of_dunning():
    a, b, c, d, expected = np.array(DUNNING).T
    assert association_measures(a, a + b, a + c, a + b + c + d)["g2"].to_numpy() == pytest.approx(expected, abs=0.005)


def test_t_and_pmi_of_manning_and_schuetze():
    first, second, t, pmi = np.array(MANNING_SCHUETZE).T
    table = association_measures(20, first, second, 14_307_668)
    assert table["t"].to_numpy() == pytest.approx(t, abs=1.5e-4)  # they round on the way
    assert table["pmi"].to_numpy() == pytest.approx(pmi, abs=0.005)


def test_delta_p_of_gries():
    """Gries 2013, “of course” in the spoken BNC: 0.032 from “of” to “course”, 0.697 back."""
    row = association_measures(5610, 5610 + 168_938, 5610 + 2257, 10_409_868).loc[0]
    assert [row["delta_p_forward"], row["delta_p_backward"]] == pytest.approx([0.032, 0.697], abs=5e-4)


def test_log_dice_is_the_formula_of_rychly():
    """Rychlý 2008: 14 if the words never stand apart; one point is twice as often; the total does not matter."""
    table = association_measures([8, 8, 4, 4], [8, 12, 8, 8], [8, 20, 8, 8], [100, 100, 100, 10**9])
    assert table["log_dice"].tolist() == [14, 13, 13, 13]


def test_log_odds_of_a_bigram(seeds):
    """The example text of quanteda.textstats for its λ; 1.810109 and 1.307986 are recomputed from its formula."""
    study = made(seeds, [("X", ["capital other capital gains other capital word2 other gains capital"])])
    row = ngram_associations(study, minimum=1).set_index(["first", "second"]).loc[("other", "capital")]
    assert row[["count", "count_first", "count_second", "pairs"]].tolist() == [2, 3, 3, 9]
    assert row[["log_odds", "z"]].tolist() == pytest.approx([1.810109, 1.307986], abs=1e-6)


# ---------------------------------------------------------------------------------------------- SciPy, invariants


@given(two_by_two())
def test_scipy_agrees(numbers):
    joint, first, second, total = numbers
    assume(0 < first < total and 0 < second < total)
    cells = np.array([[joint, first - joint], [second - joint, total - first - second + joint]])
    row = association_measures(*numbers).loc[0]
    expected = chi2_contingency(cells, correction=False, lambda_="log-likelihood")
    assert row["g2"] == pytest.approx(expected.statistic, abs=1e-8)
    assert row["expected"] == pytest.approx(expected.expected_freq[0, 0])
    doubled = odds_ratio(2 * cells + 1, kind="sample")  # the same ratio as with a half in each cell, in whole numbers
    low, high = np.log(doubled.confidence_interval(0.95))
    assert row["log_odds"] == pytest.approx(np.log(doubled.statistic), abs=1e-12)
    assert row["z"] == pytest.approx(np.log(doubled.statistic) / ((high - low) / 2 / 1.959963985 * 2**0.5), abs=1e-7)


@given(two_by_two())
def test_ranges_and_symmetry(numbers):
    joint, first, second, total = numbers
    row = association_measures(joint, first, second, total).loc[0]
    mirrored = association_measures(joint, second, first, total).loc[0]
    assert row[SYMMETRIC].tolist() == pytest.approx(mirrored[SYMMETRIC].tolist(), nan_ok=True)
    assert row["delta_p_forward"] == pytest.approx(mirrored["delta_p_backward"], nan_ok=True)
    assert row["g2"] >= 0
    if joint:
        assert row["pmi"] == pytest.approx(np.log2(joint / row["expected"]))
        assert row["t"] == pytest.approx((joint - row["expected"]) / joint**0.5)
        assert row["log_dice"] <= 14
        assert abs(row["npmi"]) <= 1 + 1e-12
    for name, given_count in (("delta_p_forward", first), ("delta_p_backward", second)):
        assert np.isnan(row[name]) == (given_count in (0, total))
        assert np.isnan(row[name]) or abs(row[name]) <= 1
    assert np.isfinite(row[["log_odds", "z"]].tolist()).all()


def test_marks_on_the_scale_of_npmi():
    """Bouma 2009: 1 never apart, 0 independent, −1 never together."""
    table = association_measures([5, 4, 0], [5, 20, 30], [5, 20, 40], 100)
    assert table["npmi"].tolist() == pytest.approx([1, 0, -1])
    assert table["g2"].tolist()[1] == pytest.approx(0, abs=1e-12)


def test_what_cannot_be_told_is_missing_or_infinite():
    never = association_measures(0, 3, 4, 10).loc[0]
    assert never[["pmi", "npmi", "t", "log_dice"]].tolist() == [-np.inf, -1, -np.inf, -np.inf]
    absent = association_measures(0, 0, 4, 10).loc[0]
    assert absent[["expected", "g2", "delta_p_backward"]].tolist() == [0, 0, 0]
    assert absent[["pmi", "npmi", "t", "delta_p_forward"]].isna().all()
    always = association_measures(7, 7, 7, 7).loc[0]
    assert always[["g2", "pmi", "npmi", "log_dice"]].tolist() == [0, 0, 0, 14]
    assert always[["delta_p_forward", "delta_p_backward"]].isna().all()
    assert association_measures([], [], [], 0).empty


@pytest.mark.parametrize("numbers", [(3, 2, 5, 10), (3, 5, 2, 10), (1, 6, 6, 10), (-1, 2, 2, 10), (1, np.nan, 2, 10)])
def test_counts_of_no_table(numbers):
    with pytest.raises(StudyError, match="Give counts of one table"):
        association_measures(*numbers)


# ---------------------------------------------------------------------------------------------- collocates


@given(some_documents, nodes, windows)
def test_collocates_are_those_counted_by_hand(seeds, documents, node, window):
    table = collocates(made(seeds, documents), node, window=window, minimum=1).set_index("term")
    tokens, hits = near_by_hand(documents, node, 10**9 if window == "sentence" else window)
    near = [(row, word) for row, word, is_near in tokens if is_near]
    count, term_count = Counter(word for _, word in near), Counter(word for _, word, _ in tokens)
    spread = Counter(word for _, word in set(near))
    assert table["count"].to_dict() == count
    assert table["documents"].to_dict() == spread
    assert table["term_count"].to_dict() == {word: term_count[word] for word in count}
    for word, row in table.iterrows():
        assert (row["node_count"], row["near_tokens"], row["tokens"]) == (hits.total(), len(near), len(tokens))
        assert row["expected"] == pytest.approx(len(near) * term_count[word] / len(tokens))
        assert row["log_dice"] == pytest.approx(14 + np.log2(2 * count[word] / (hits.total() + term_count[word])))
        assert row["log_dice"] < 15
        if len(tokens) > len(near):
            elsewhere = (term_count[word] - count[word]) / (len(tokens) - len(near))
            assert row["delta_p_from_node"] == pytest.approx(count[word] / len(near) - elsewhere)
        if len(tokens) > term_count[word]:
            others = (len(near) - count[word]) / (len(tokens) - term_count[word])
            assert row["delta_p_to_node"] == pytest.approx(count[word] / term_count[word] - others)


def test_a_window_ends_with_the_sentence_and_counts_a_token_once(seeds):
    study = made(seeds, [("X", ["plum pear fig pear plum kiwi", "lime", "pear"])])
    table = collocates(study, "pear", window=1, minimum=1).set_index("term")
    assert table["count"].to_dict() == {"plum": 2, "fig": 1}  # the fig stands near two pears
    assert set(table["near_tokens"]) == {3}
    assert set(table["tokens"]) == {5}
    assert set(table["node_count"]) == {3}
    whole = collocates(study, "pear", window="sentence", minimum=1)
    assert dict(zip(whole["term"], whole["count"])) == {"plum": 2, "fig": 1, "kiwi": 1}


def test_the_words_of_a_phrase_are_collocates_only_outside_it(seeds):
    study = made(seeds, [("X", ["ripe pear and ripe fig", "ripe pear"])])
    table = collocates(study, "ripe pear", window="sentence", minimum=1).set_index("term")
    assert table["count"].to_dict() == {"and": 1, "ripe": 1, "fig": 1}
    assert table.loc["ripe", ["term_count", "node_count"]].tolist() == [1, 2]


def test_attracted_words_come_first(seeds):
    table = collocates(seeds, "the", window=2, minimum=1)
    attracted = table["count"] >= table["expected"]
    assert attracted.is_monotonic_decreasing
    assert attracted.any()
    assert not attracted.all()
    assert table.loc[attracted, "g2"].is_monotonic_decreasing
    assert table.loc[~attracted, "g2"].is_monotonic_increasing


def test_the_minimum_only_leaves_rows_out(seeds):
    whole, some = (collocates(seeds, "the", minimum=minimum) for minimum in (1, 4))
    pd.testing.assert_frame_equal(whole[whole["count"] >= 4].reset_index(drop=True), some)


def test_counts_of_the_node_are_those_of_kwic(seeds):
    for node in ("minsk", "strategic partner*", "south caucasus"):
        assert set(collocates(seeds, node, minimum=1)["node_count"]) == {len(analysis.kwic(seeds, node))}


def test_an_absent_node_and_a_node_alone_give_no_row(seeds):
    table = collocates(seeds, "zeppelin")
    assert table.empty
    assert list(table.columns)[:6] == ["term", "count", "expected", "node_count", "term_count", "documents"]
    assert collocates(made(seeds, [("X", ["pear", "pear"])]), "pear", minimum=1).empty
    assert collocates(made(seeds, [("X", [])]), "pear", minimum=1).empty


def test_one_document_is_told_by_its_number(seeds):
    table = collocates(made(seeds, [("X", ["a ripe pear"] * 5), ("Y", ["a fig"])]), "pear")
    assert table.set_index("term")["documents"].to_dict() == {"ripe": 1, "a": 1}


@pytest.mark.parametrize(
    ("node", "options", "message"),
    [
        ("", {}, "“” holds no word"),
        ("…", {}, "node: “…” holds no word"),
        ("pear", {"window": 0}, "window: there is no “0”. Give 1 or more words, or “sentence”"),
        ("pear", {"window": "paragraph"}, "window: there is no “paragraph”"),
        ("pear", {"window": 2.5}, "window: there is no “2.5”"),
        ("pear", {"minimum": 0}, "minimum: 0 is below 1"),
    ],
)
def test_bad_options_of_collocates(seeds, node, options, message):
    with pytest.raises(StudyError, match=message):
        collocates(seeds, node, **options)


# ---------------------------------------------------------------------------------------------- n-grams


@given(some_documents, st.integers(0, 4))
def test_pairs_are_those_counted_by_hand(seeds, documents, skip):
    table = ngram_associations(made(seeds, documents), skip=skip, minimum=1).set_index(["first", "second"])
    pairs = [
        (words[i], words[j], row)
        for row, (_, sentences) in enumerate(documents)
        for words in map(str.split, sentences)
        for i, j in combinations(range(len(words)), 2)
        if j - i <= skip + 1
    ]
    assert table["count"].to_dict() == Counter(pair[:2] for pair in pairs)
    assert table["documents"].to_dict() == Counter(pair[:2] for pair in set(pairs))
    first, second = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    assert table["count_first"].tolist() == [first[a] for a, _ in table.index]
    assert table["count_second"].tolist() == [second[b] for _, b in table.index]
    assert set(table["pairs"]) <= {len(pairs)}
    expected = [first[a] * second[b] / len(pairs) for a, b in table.index]
    assert table["expected"].tolist() == pytest.approx(expected)


def test_bigrams_are_those_of_frequency(seeds):
    table = ngram_associations(seeds, minimum=2)
    counts = analysis.frequency(seeds, by="document", ngram=2).groupby("term")["count"].sum()
    counts = counts[counts >= 2]
    assert dict(zip(table["first"] + " " + table["second"], table["count"])) == counts.to_dict()


def test_no_pair_gives_no_row(seeds):
    for sentences in ([], ["pear", "fig"]):
        table = ngram_associations(made(seeds, [("X", sentences)]), skip=4, minimum=1)
        assert table.empty
        assert list(table.columns)[:3] == ["first", "second", "count"]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"skip": -1}, "there is no “-1”. Choose one of: 0, 1, 2, 3, 4"), ({"skip": 5}, "skip"), ({"minimum": 0}, "below 1")],
)  # fmt: skip
def test_bad_options_of_pairs(seeds, options, message):
    with pytest.raises(StudyError, match=message):
        ngram_associations(seeds, **options)


# ---------------------------------------------------------------------------------------------- two groups


@given(some_documents, st.sampled_from(["a", "a b", "a*", "? a", "b b"]), windows)
def test_differences_are_those_counted_by_hand(seeds, documents, node, window):
    documents = [*documents, ("X", ["d c a b d b b"]), ("Y", ["c c a b c b b"])]  # each node has a neighbour in both
    sources = [source for source, _ in documents]
    tokens, hits = near_by_hand(documents, node, 10**9 if window == "sentence" else window)
    near = {side: [(r, w) for r, w, is_near in tokens if is_near and sources[r] == side] for side in "XY"}
    table = collocate_difference(made(seeds, documents), node, target="X", reference="Y", window=window)
    table = table.set_index("term")
    assert set(table.index) == {word for side in "XY" for _, word in near[side]}
    for name, side in (("target", "X"), ("reference", "Y")):
        count = Counter(word for _, word in near[side])
        spread = Counter(word for _, word in set(near[side]))
        whole = Counter(word for row, word, _ in tokens if sources[row] == side)
        assert table[f"count_{name}"].tolist() == [count[word] for word in table.index]
        assert table[f"documents_{name}"].tolist() == [spread[word] for word in table.index]
        assert table[f"term_count_{name}"].tolist() == [whole[word] for word in table.index]
        assert set(table[f"near_tokens_{name}"]) == {len(near[side])}
        assert set(table[f"node_{name}"]) == {sum(hits[row] for row, s in enumerate(sources) if s == side)}
    a, b = (table[f"count_{name}"].where(lambda c: c > 0, 0.5) for name in ("target", "reference"))
    assert table["log_ratio"].tolist() == pytest.approx(np.log2((a / len(near["X"])) / (b / len(near["Y"]))).tolist())
    assert table["log_ratio"].is_monotonic_decreasing


def test_rates_near_the_node(seeds):
    """Two of four tokens against one of four; and none of four, taken as half a token, against two of four."""
    study = made(seeds, [("X", ["big pear big", "red pear tin"]), ("Y", ["big pear fig", "fig pear tin"])])
    table = collocate_difference(study, "pear", target="X").set_index("term")
    assert table["log_ratio"].to_dict() == pytest.approx({"big": 1, "red": 1, "tin": 0, "fig": -2})
    assert table.loc["big", ["per_1k_target", "per_1k_reference"]].tolist() == [500, 250]
    mirrored = collocate_difference(study, "pear", target="Y").set_index("term").loc[table.index]
    assert mirrored["log_ratio"].tolist() == pytest.approx((-table["log_ratio"]).tolist())
    assert mirrored["count_target"].equals(table["count_reference"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "none"}, "Choose one of: X, Y"),
        ({"target": "X", "reference": "none"}, "Choose one of: X, Y"),
        ({"target": "X", "reference": "X"}, "X against itself”. Choose one of: Y"),
        ({"target": "X", "by": "colour"}, "there is no “colour”"),
        ({"target": "X", "node": "kiwi"}, "the reference: no word stands near “kiwi” in its documents"),
        ({"target": "Y", "node": "kiwi"}, "Y: no word stands near “kiwi” in its documents"),
        ({"target": "X", "node": "zeppelin"}, "X: no word stands near “zeppelin”"),
        ({"target": "X", "node": "…"}, "holds no word"),
        ({"target": "X", "window": -1}, "there is no “-1”"),
    ],
)
def test_bad_options_of_the_difference(seeds, options, message):
    study = made(seeds, [("X", ["big pear", "big kiwi"]), ("Y", ["big pear", "kiwi"])])
    with pytest.raises(StudyError, match=message):
        collocate_difference(study, **{"node": "pear", **options})


def test_one_source_has_nothing_to_be_compared_with(seeds):
    with pytest.raises(StudyError, match="nothing to compare “X” with"):
        collocate_difference(made(seeds, [("X", ["big pear"])]), "pear", target="X")


# ---------------------------------------------------------------------------------------------- network


@given(some_documents, st.integers(1, 3), st.sampled_from(SYMMETRIC[1:]))
def test_edges_are_those_counted_by_hand(seeds, documents, minimum, measure):
    study = made(seeds, documents, stop_words=["d"])
    table = collocation_network(study, minimum=minimum, measure=measure, edges=100)
    sets = [(row, set(text.split()) - {"d"}) for row, (_, texts) in enumerate(documents) for text in texts]
    single = Counter(word for _, words in sets for word in words)
    pairs = [(*pair, row) for row, words in sets for pair in combinations(sorted(words), 2)]
    count, spread = Counter(pair[:2] for pair in pairs), Counter(pair[:2] for pair in set(pairs))
    attracted = {p for p, n in count.items() if n >= minimum and n * len(sets) > single[p[0]] * single[p[1]]}
    assert set(zip(table["term"], table["other"])) == attracted
    assert len(table) == len(attracted)
    assert table["weight"].is_monotonic_decreasing
    for row in table.to_dict("records"):
        pair = row["term"], row["other"]
        assert (row["count"], row["documents"], row["sentences"]) == (count[pair], spread[pair], len(sets))
        assert (row["count_term"], row["count_other"]) == (single[pair[0]], single[pair[1]])
        by_itself = association_measures(row["count"], row["count_term"], row["count_other"], len(sets))
        assert row["weight"] == pytest.approx(by_itself[measure][0])


def test_a_network_of_the_strongest_pairs(seeds):
    whole = collocation_network(seeds, edges=10**6)
    pd.testing.assert_frame_equal(collocation_network(seeds, edges=5), whole.head(5))
    words = {*whole["term"], *whole["other"]}
    assert not words & seeds.stop_words
    assert all(any(map(str.isalpha, word)) for word in words)
    assert (whole["term"] < whole["other"]).all()


def test_no_pair_is_no_edge(seeds):
    for sentences in ([], ["pear"], ["pear fig"]):
        table = collocation_network(made(seeds, [("X", sentences)]), minimum=1)
        assert table.empty
        assert list(table.columns)[:4] == ["term", "other", "count", "weight"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"measure": "delta_p_forward"}, "there is no “delta_p_forward”. Choose one of: g2, pmi, npmi, t, log_dice"),
        ({"minimum": 0}, "minimum: 0 is below 1"),
        ({"edges": 0}, "edges: 0 is below 1"),
    ],
)
def test_bad_options_of_the_network(seeds, options, message):
    with pytest.raises(StudyError, match=message):
        collocation_network(seeds, **options)


def near_king(draw, documents):
    """Documents with sentences of `king` and one word each, and without it; how often “crown” stands in either."""
    counts = draw.integers(1, 9, (documents, 4))
    sentences = ("king crown", "king fool", "castle crown", "castle fool")
    return [". ".join(sum(([s] * n for s, n in zip(sentences, row)), [])) for row in counts], counts


def test_the_interval_of_a_collocate_is_that_of_scipy(folder):
    texts, counts = near_king(np.random.default_rng(0), 6)
    study = study_of(folder, [("A", text) for text in [*texts, "…"]])
    table = collocates(study, "king", window=1, interval=True, resamples=20_000, confidence=0.9).set_index("term")

    def delta_p(near_crown, near_fool, crown, fool, axis):
        a, b, c, rest = (cell.sum(axis) for cell in (near_crown, near_fool, crown, fool))
        return a / (a + b) - c / (2 * c + 2 * rest)  # each sentence without the king has a castle, too

    expected = bootstrap(
        tuple(counts.T), delta_p, paired=True, method="percentile", confidence_level=0.9, n_resamples=20_000,
        random_state=0,
    ).confidence_interval  # fmt: skip
    found = table.loc["crown"]
    assert (found["low"], found["high"]) == pytest.approx(tuple(expected), abs=0.003)
    assert found["low"] <= found["delta_p_from_node"] <= found["high"]


def test_the_interval_of_a_difference_is_that_of_scipy(folder):
    draw = np.random.default_rng(1)
    (ours, first), (theirs, second) = near_king(draw, 5), near_king(draw, 4)
    documents = [*(("A", text) for text in ours), *(("B", text) for text in [*theirs, "castle fool"])]
    drawn = {"interval": True, "resamples": 20_000, "confidence": 0.9}
    table = collocate_difference(study_of(folder, documents), "king", target="A", window=1, **drawn)

    def rates(rows, draw):
        chosen = draw.integers(0, len(rows), (20_000, len(rows)))
        crown, fool = rows[chosen, 0].sum(1), rows[chosen, 1].sum(1)
        return crown, crown + fool

    (a, n), (b, m) = rates(first, draw), rates(second, draw)
    expected = np.quantile(np.log2(a / n / (b / m)), [0.05, 0.95])
    found = table.set_index("term").loc["crown"]
    assert [found["low"], found["high"]] == pytest.approx(expected.tolist(), abs=0.03)


def test_a_word_of_one_document_may_be_absent_from_a_draw(folder):
    """Then its rate is 0 near the node and elsewhere, and so is their difference."""
    texts, _ = near_king(np.random.default_rng(0), 5)
    study = study_of(folder, [("A", f"{texts[0]}. king jester. king jester"), *(("A", text) for text in texts[1:])])
    table = collocates(study, "king", minimum=1, interval=True).set_index("term")
    assert table.loc["jester", "low"] == 0 < table.loc["jester", "high"]


def test_few_documents_with_the_node_have_no_interval(folder):
    texts, _ = near_king(np.random.default_rng(0), 3)
    study = study_of(folder, [*(("A", text) for text in texts), *(("B", "castle fool") for _ in range(5))])
    assert collocates(study, "king", interval=True)[["low", "high"]].isna().all(axis=None)
    study = study_of(folder, [*(("A", text) for text in texts), *(("B", text + ". king") for text in texts * 2)])
    table = collocate_difference(study, "king", target="A", interval=True)
    assert table[["low", "high"]].isna().all(axis=None)
    with pytest.raises(StudyError, match="cannot be"):
        collocates(study, "king", interval=True, confidence=1)


def test_the_interval_of_a_pair_is_that_of_scipy(seeds):
    """Sentences of two words: each is one pair, so the table of a pair is that of the sentences."""
    counts = np.random.default_rng(2).integers(1, 9, (6, 4))
    sentences = ("crown king", "crown fool", "castle king", "castle fool")
    study = made(seeds, [("X", sum(([s] * n for s, n in zip(sentences, row)), [])) for row in counts])
    drawn = {"interval": True, "resamples": 20_000, "confidence": 0.9}

    def of_draws(statistic):
        return bootstrap(
            tuple(counts.T), statistic, paired=True, method="percentile", confidence_level=0.9, n_resamples=20_000,
            random_state=0,
        ).confidence_interval  # fmt: skip

    def delta_p(crown_king, crown_fool, castle_king, castle_fool, axis):
        a, b, c, d = (cell.sum(axis) for cell in (crown_king, crown_fool, castle_king, castle_fool))
        return a / (a + b) - c / (c + d)

    def log_odds(crown_king, crown_fool, castle_king, castle_fool, axis):
        a, b, c, d = (cell.sum(axis) + 0.5 for cell in (crown_king, crown_fool, castle_king, castle_fool))
        return np.log(a * d / (b * c))

    pair = ngram_associations(study, minimum=1, **drawn).set_index(["first", "second"]).loc[("crown", "king")]
    assert (pair["low"], pair["high"]) == pytest.approx(tuple(of_draws(delta_p)), abs=0.005)
    edges = collocation_network(study, minimum=1, **drawn).set_index(["term", "other"])
    direct = ("crown", "king") in edges.index  # else it shares fewer sentences than expected, and “castle” shares more
    edge = edges.loc[("crown" if direct else "castle", "king")]
    low, high = of_draws(log_odds)
    assert (edge["low"], edge["high"]) == pytest.approx((low, high) if direct else (-high, -low), abs=0.02)
    assert edge["low"] <= edge["log_odds"] <= edge["high"]


def test_the_interval_of_pairs_changes_nothing_else(seeds):
    for table_of in (ngram_associations, collocation_network):
        plain, with_interval = table_of(seeds), table_of(seeds, interval=True)
        pd.testing.assert_frame_equal(with_interval[plain.columns], plain)
        given = with_interval["low"].notna()
        assert given.any() and (with_interval["low"] <= with_interval["high"])[given].all()


@pytest.mark.parametrize("table_of", [ngram_associations, collocation_network])
def test_a_pair_of_words_in_few_documents_has_no_interval(seeds, table_of):
    """Four documents hold figs, and three pears: draws without a word say nothing of it."""
    documents = [("X", ["ripe pear", "sour fig", "lime"])] * 3 + [("X", ["sour fig", "lime"])]
    table = table_of(made(seeds, documents), minimum=1, interval=True)
    first = table.iloc[:, 0]
    few, enough = first.isin(["ripe", "pear"]), first.isin(["sour", "fig"])
    assert table.loc[few, ["low", "high"]].isna().all(axis=None) and few.any()
    assert table.loc[enough, ["low", "high"]].notna().all(axis=None) and enough.any()
    with pytest.raises(StudyError, match="cannot be"):
        table_of(seeds, interval=True, resamples=0)
