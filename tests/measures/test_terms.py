"""Frequencies."""

import math

import numpy as np
import pandas as pd
import pytest
from made_up import study_of
from scipy.stats import bootstrap, rankdata
from sklearn.feature_extraction.text import TfidfTransformer

import analysis
from analysis import StudyError


def cell(table, term, group):
    """One row as a dict."""
    return table[(table["term"] == term) & (table["group"] == group)].iloc[0].to_dict()


def test_counts_of_a_study_that_can_be_counted_by_hand(folder):
    table = analysis.frequency(analysis.load(folder), by="source")
    # “The orchard’s pears are ripe. Pears sell well.” and “Plums are not pears. Plums keep. A plum-tree is small. It rained …”
    assert cell(table, "pears", "Fruit Post") == {
        "term": "pears", "group": "Fruit Post", "count": 2, "per_10k": 1e4 * 2 / 8, "documents": 1, "tokens": 8,
        "rank": 1, "tf_idf": pytest.approx(2 * math.log(3 / 2)),
    }  # fmt: skip
    assert cell(table, "pears", "Garden News")["count"] == 1
    assert cell(table, "plums", "Garden News")["tokens"] == 15
    assert cell(table, "orchard", "Fruit Post")["count"] == 1
    assert "title" not in set(table["term"])


@pytest.mark.parametrize("ngram", [1, 2, 3])
def test_groups_partition_the_documents(seeds, ngram):
    by = {
        g: analysis.frequency(seeds, by=g, ngram=ngram).groupby("term")["count"].sum()
        for g in ("source", "year", "document")
    }
    assert by["source"].equals(by["document"])
    assert by["year"].equals(by["document"])


def test_unigrams_sum_to_the_tokens(seeds):
    table = analysis.frequency(seeds, by="document")
    assert table.groupby("group")["count"].sum().tolist() == seeds.documents["tokens"].tolist()
    assert (table["documents"] == 1).all()


def test_order_is_by_group_then_falling_count_then_term(seeds):
    table = analysis.frequency(seeds, by="year")
    keys = list(zip(table["group"], -table["count"], table["term"]))
    assert keys == sorted(keys)


def test_possessives_and_case_are_one_term(seeds):
    count = analysis.frequency(seeds, by="document").query("term == 'belarus' and group == '002'")["count"].item()
    body = seeds.texts["002"][seeds.texts["002"].index("Azerbaijani President Ilham") :]
    import re

    assert count == len(re.findall(r"(?<![\w-])Belarus(?![\w-])", body))


def test_a_date_that_may_lie_in_two_years_is_a_group_of_its_own(folder):
    groups = set(analysis.frequency(analysis.load(folder), by="year")["group"])
    assert groups == {"2001", "2002–2003", "undated"}


@pytest.mark.parametrize("options", [{"ngram": 0}, {"ngram": 6}, {"by": "colour"}])
def test_unknown_options_are_errors(seeds, options):
    with pytest.raises(StudyError, match="Choose one of"):
        analysis.frequency(seeds, **options)


def test_ngrams_longer_than_every_sentence_give_an_empty_table(folder):
    for path, text in (
        ("01_pears.txt", "Pears.\n"),
        ("02_plums.txt", "Plums.\n"),
        ("03_rain.txt", "It rained.\n"),
    ):
        (folder / path).write_text(text, encoding="utf-8")
    table = analysis.frequency(analysis.load(folder), ngram=3)
    assert table.empty
    assert list(table.columns) == ["term", "group", "count", "per_10k", "documents", "tokens", "rank", "tf_idf"]


def test_tf_idf_is_that_of_scikit_learn(seeds):
    table = analysis.frequency(seeds, by="document").pivot(index="group", columns="term", values=["count", "tf_idf"])
    counts = table["count"].fillna(0)
    smooth = TfidfTransformer(norm=None, smooth_idf=False).fit_transform(counts.to_numpy()).toarray()
    assert table["tf_idf"].fillna(0).to_numpy() == pytest.approx(
        smooth - counts.to_numpy()
    )  # it adds 1 to the logarithm


def test_the_rank_is_that_of_the_count(seeds):
    table = analysis.frequency(seeds, by="year")
    expected = table.groupby("group")["count"].transform(lambda counts: rankdata(-counts, method="min"))
    assert table["rank"].tolist() == expected.tolist()


def test_the_interval_of_a_rate_is_that_of_scipy(folder):
    """Five documents a group, drawn again as SciPy does; a sixth without a word is no observation."""
    draw = np.random.default_rng(0)
    counts = {source: draw.integers(1, 9, (5, 2)) for source in ("A", "B")}
    documents = [(source, "pear " * a + "plum " * b) for source, rows in counts.items() for a, b in rows]
    table = analysis.frequency(
        study_of(folder, [*documents, ("A", "…")]), interval=True, resamples=20_000, confidence=0.9
    )
    for source, rows in counts.items():
        expected = bootstrap(
            (rows[:, 0], rows.sum(axis=1)), lambda a, n, axis: 1e4 * a.sum(axis) / n.sum(axis), paired=True,
            method="percentile", confidence_level=0.9, n_resamples=20_000, random_state=0,
        ).confidence_interval  # fmt: skip
        found = cell(table, "pear", source)
        assert (found["low"], found["high"]) == pytest.approx(tuple(expected), rel=0.02)
        assert found["low"] <= found["per_10k"] <= found["high"]


def test_three_documents_have_no_interval(seeds):
    table = analysis.frequency(seeds, interval=True, resamples=99)
    documents = seeds.documents["source"].value_counts()
    assert documents.min() < 4
    assert (table["low"].isna() == (table["group"].map(documents) < 4)).all()
    own = table.columns.drop(["low", "high"])
    pd.testing.assert_frame_equal(table[own], analysis.frequency(seeds))
    with pytest.raises(StudyError, match="cannot be"):
        analysis.frequency(seeds, interval=True, confidence=95)


def test_an_empty_document_makes_no_term_rarer(folder):
    study = study_of(folder, [("A", "Pears"), ("A", "Pears. Plums"), ("B", "!!!")])
    table = analysis.frequency(study).set_index("term")
    assert table["tf_idf"].to_dict() == pytest.approx({"pears": 0, "plums": np.log(2)})
