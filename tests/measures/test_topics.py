"""Topics of texts whose topics are known, shares that add up, and scores computed by hand."""

import os
import subprocess
import sys
from collections import Counter
from itertools import combinations
from math import log

import numpy as np
import pandas as pd
import pytest
from made_up import ROOT, planted_study, vocabulary, write_rows
from scipy.sparse import csr_array
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfTransformer

import analysis
from analysis import StudyError
from analysis.measures.topics import Topics, factorise, frex, npmi, unit_counts

WATER = "river lake sea boat harbour wave"
METAL = "iron steel furnace hammer forge anvil"


@pytest.fixture
def planted(folder):
    """Twelve documents, six on water and six on metal, words drawn at random."""
    for path in folder.glob("*.txt"):
        path.unlink()
    draw = np.random.default_rng(1)
    rows = []
    for number in range(12):
        words = draw.choice((WATER if number < 6 else METAL).split(), 30)
        name = f"{number:02}_x.txt"
        (folder / name).write_text(" ".join(words) + ".\n", encoding="utf-8")
        year = 2001 if number < 6 else 2002
        rows.append([name, "A", "", f"{year}-01-01", f"{year}-01-01", "ties", "en", ""])
    write_rows(folder, rows)
    return analysis.load(folder)


def sets_of_terms(model, above):
    return {frozenset(terms) for _, terms in model.terms[model.terms["weight"] > above].groupby("topic")["term"]}


def test_a_topic_without_a_paragraph_leads_nowhere(planted):
    """Its share is 0 in every document, so it is spread over none."""
    model = analysis.fit_topics(planted, topics=2)
    empty = model.shares.assign(share=model.shares["share"].where(model.shares["topic"] == 1, 0))
    table = analysis.topic_table(planted, model._replace(shares=empty)).set_index("topic")
    columns = ["effective_documents", "doc_id", "share_of_topic"]
    assert table.loc[2, columns].isna().all() and table.loc[1, columns].notna().all()
    assert not table.loc[2, "rediscovers"]


@pytest.mark.parametrize("unit", ["paragraph", "document"])
@pytest.mark.parametrize("method", ["nmf", "lda"])
def test_planted_topics_are_found(planted, method, unit):
    model = analysis.fit_topics(planted, topics=2, method=method, unit=unit)
    assert sets_of_terms(model, 0.01) == {frozenset(WATER.split()), frozenset(METAL.split())}
    by_year = analysis.mean_shares(planted, model.shares, by="year").pivot(
        index="topic", columns="group", values="share"
    )
    assert sorted(by_year["2001"]) == pytest.approx([0, 1], abs=0.05)
    assert (by_year["2001"] + by_year["2002"]).round(6).tolist() == [1, 1]


@pytest.mark.parametrize("method", ["nmf", "lda"])
def test_topics_within_documents_are_found_in_paragraphs(folder, method):
    """Every document is on all three."""
    subjects = [vocabulary(stem) for stem in ("wat", "met", "pap")]
    study = planted_study(folder, [(2001, subjects * 2) for _ in range(6)])
    model = analysis.fit_topics(study, topics=3, method=method)
    assert sets_of_terms(model, 0.01) == {frozenset(own) for own in subjects}
    assert analysis.document_shares(model)["share"].to_numpy() == pytest.approx(1 / 3, abs=0.05)
    assert not analysis.topic_table(study, model)["rediscovers"].any()


@pytest.mark.parametrize("method", ["nmf", "lda"])
@pytest.mark.parametrize("unit", ["paragraph", "document"])
def test_shares_add_up_and_terms_are_weights(seeds, method, unit):
    model = analysis.fit_topics(seeds, topics=5, method=method, unit=unit)
    keys = ["doc_id", "paragraph"] if unit == "paragraph" else ["doc_id"]
    assert list(model.shares) == [*keys, "topic", "share", "weight"]
    assert model.shares.groupby(keys)["share"].sum().to_numpy() == pytest.approx(1)
    weight = model.shares["weight"] / model.shares.groupby(keys)["weight"].transform("sum")
    assert weight.to_numpy() == pytest.approx(model.shares["share"].to_numpy())
    assert model.shares.groupby("topic")["weight"].sum().is_monotonic_decreasing
    assert model.terms.groupby("topic")["weight"].sum().to_numpy() == pytest.approx(1)
    assert model.terms.groupby("term")["exclusivity"].sum().to_numpy() == pytest.approx(1)
    assert (model.terms["rank"] == model.terms.groupby("topic")["weight"].rank("first", ascending=False)).all()
    assert not set(model.terms["term"]) & seeds.stop_words
    table = analysis.mean_shares(seeds, model.shares, by="year")
    assert table.groupby("group")["share"].sum().to_numpy() == pytest.approx(1)
    assert table.groupby("group")["documents"].first().to_dict() == {"2016": 1, "2017": 2, "2018": 2}


def test_the_factors_are_those_of_scikit_learn(seeds):
    counts, _ = unit_counts(seeds, unit="paragraph", minimum=2)
    of_unit, of_term = factorise(counts, 3)
    weights, model = TfidfTransformer().fit_transform(counts), NMF(3, init="nndsvda", random_state=0, max_iter=2000)
    assert of_unit @ of_term == pytest.approx(model.fit_transform(weights) @ model.components_)
    assert (np.diff(of_unit.sum(axis=0)) <= 0).all() and of_term.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("random_state", range(4))
def test_lda_does_not_stay_with_a_bad_start(folder, random_state):
    """Of single starts every third ends with two subjects in one topic here."""
    draw = np.random.default_rng(2)
    subjects = [vocabulary(stem, 25) for stem in ("wat", "met", "pap")]
    documents = [(2001, [subjects[n] for n in draw.integers(0, 3, 8)]) for _ in range(15)]
    study = planted_study(folder, documents, words=60)
    model = analysis.fit_topics(study, topics=3, method="lda", random_state=random_state)
    about = [{term[:3] for term in own["term"][:10]} for _, own in model.terms.groupby("topic")]
    assert sorted(map(tuple, about)) == [("met",), ("pap",), ("wat",)]


def test_the_weights_of_lda_are_words(seeds):
    model = analysis.fit_topics(seeds, topics=3, method="lda", unit="document")
    counts, _ = unit_counts(seeds, unit="document", minimum=2)
    assert model.shares.groupby("doc_id")["weight"].sum().to_numpy() == pytest.approx(counts.sum(axis=1))


def test_terms_of_enough_units_without_stop_words_and_numbers(seeds):
    index = seeds.index
    for unit, rows in (("paragraph", index.paragraphs), ("document", index.documents)):
        counts, terms = unit_counts(seeds, unit=unit, minimum=3)
        every = Counter(zip(rows.tolist(), index.terms[index.ids].tolist()))
        units = Counter(term for _, term in every)
        kept = [t for t in sorted(units) if units[t] >= 3 and t not in seeds.stop_words and any(c.isalpha() for c in t)]
        assert terms.tolist() == kept
        places = zip(*counts.nonzero())
        assert {(u, terms[t]): counts[u, t] for u, t in places} == {k: n for k, n in every.items() if k[1] in set(kept)}


def test_counting_leaves_the_index_as_it_is(seeds):
    before = seeds.index.ids.copy()
    analysis.fit_topics(seeds, unit="document")
    assert (seeds.index.ids == before).all()


def test_frex_of_a_matrix_computed_by_hand():
    """Standing: the part of the four terms with as large a value or a smaller one."""
    exclusivity, values = frex(np.array([[0.6, 0.3, 0.1, 0], [0.2, 0.2, 0.2, 0.4]]))
    assert exclusivity == pytest.approx(np.array([[3 / 4, 3 / 5, 1 / 3, 0], [1 / 4, 2 / 5, 2 / 3, 1]]))
    second = [2 / (1 / 0.25 + 1 / 0.75), 2 / (1 / 0.5 + 1 / 0.75), 0.75, 1]
    assert values == pytest.approx(np.array([[1, 0.75, 0.5, 0.25], second]))


def test_coherence_of_counts_computed_by_hand():
    """Paragraphs “a b”, “a b b”, “a” and “c”, and an empty one."""
    counts = csr_array([[1.0, 1, 0], [1, 2, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0]])
    together = log(0.5 / (0.75 * 0.5)) / -log(0.5)
    assert npmi(counts, np.array([0, 1])) == pytest.approx(together)
    assert npmi(counts, np.array([0, 1, 2])) == pytest.approx((together - 1 - 1) / 3)
    assert npmi(counts[:2], np.array([0, 1])) == 0  # both in every unit
    assert npmi(counts[[0, 3]], np.array([0, 1])) == pytest.approx(1)  # only together
    assert np.isnan(npmi(counts, np.array([0])))


def test_the_table_against_the_shares_and_the_text(seeds):
    model = analysis.fit_topics(seeds, topics=3)
    table = analysis.topic_table(seeds, model).set_index("topic")
    words = {}
    for row, term in zip(seeds.index.paragraphs.tolist(), seeds.index.terms[seeds.index.ids].tolist()):
        words.setdefault(row, set()).add(term)
    units = [own for own in words.values() if own & set(unit_counts(seeds, unit="paragraph", minimum=1)[1])]
    wide = model.shares.pivot(index=["doc_id", "paragraph"], columns="topic", values="share")
    for topic, own in model.terms.groupby("topic"):
        values = []
        for one, other in combinations(own["term"][:10], 2):
            p, q, both = (np.mean([need <= unit for unit in units]) for need in ({one}, {other}, {one, other}))
            values.append(log(both / (p * q)) / -log(both) if both else -1)
        row = table.loc[topic]
        assert row["coherence"] == pytest.approx(np.mean(values))
        assert row["exclusivity"] == pytest.approx(own["exclusivity"][:10].mean())
        assert row["terms"] == ", ".join(own["term"][:6])
        assert row["frex_terms"].split(", ")[0] in set(own.loc[own["frex"] == own["frex"].max(), "term"])
        assert row["share"] == pytest.approx(wide[topic].mean())
        assert row["units_led"] == (wide.idxmax(axis=1) == topic).sum() and row["units"] == len(wide)
        parts = wide[topic].groupby("doc_id").sum() / wide[topic].sum()
        assert row["effective_documents"] == pytest.approx(np.exp(-sum(p * log(p) for p in parts if p)))
        assert (row["doc_id"], row["share_of_topic"]) == (parts.idxmax(), pytest.approx(parts.max()))
        assert row["share_of_units"] == pytest.approx((wide.index.get_level_values(0) == row["doc_id"]).mean())
        assert row["rediscovers"] == (parts.max() > 0.5)


def test_topics_that_rediscover_the_articles_are_named(folder):
    """Four documents, each on a subject of its own; and then four that share two."""
    subjects = [vocabulary(stem) for stem in ("wat", "met", "pap", "gol")]
    study = planted_study(folder, [(2001, [own] * 4) for own in subjects])
    model = analysis.fit_topics(study, topics=4)
    table = analysis.topic_table(study, model)
    assert table["rediscovers"].all() and sorted(table["doc_id"]) == ["000", "001", "002", "003"]
    assert table["effective_documents"].to_numpy() == pytest.approx(1, abs=0.01)
    assert table["share_of_units"].tolist() == [0.25] * 4
    agreement = analysis.document_agreement(model).iloc[0]
    assert agreement.to_dict() == {
        "adjusted_mutual_information": pytest.approx(1),
        "topics": 4,
        "documents": 4,
        "units": 16,
    }
    shared = planted_study(folder, [(2001, subjects[:2] * 2) for _ in range(4)])
    model = analysis.fit_topics(shared, topics=2)
    assert not analysis.topic_table(shared, model)["rediscovers"].any()
    assert analysis.document_agreement(model)["adjusted_mutual_information"].item() < 0.05


def test_one_document_rediscovers_nothing_and_one_unit_each_says_nothing(folder, planted):
    model = analysis.fit_topics(planted, topics=2)
    assert np.isnan(analysis.document_agreement(model)["adjusted_mutual_information"].item())
    table = analysis.topic_table(planted, model)
    assert table["effective_documents"].to_numpy() == pytest.approx(6, abs=0.1) and not table["rediscovers"].any()
    alone = planted_study(folder, [(2001, [vocabulary("wat"), vocabulary("met")] * 3)])
    model = analysis.fit_topics(alone, topics=2)
    table = analysis.topic_table(alone, model)
    assert table["share_of_topic"].tolist() == [1, 1] and not table["rediscovers"].any()
    assert np.isnan(analysis.document_agreement(model)["adjusted_mutual_information"].item())


def test_leading_units_of_equal_share_by_weight_and_then_in_reading_order():
    rows = [("b", 1, 1.0, 2.0), ("b", 2, 0.5, 9.0), ("a", 1, 1.0, 3.0), ("a", 2, 1.0, 2.0)]
    shares = pd.DataFrame(
        [
            (doc_id, paragraph, topic, share if topic == 1 else 1 - share, weight)
            for doc_id, paragraph, share, weight in rows
            for topic in (1, 2)
        ],
        columns=["doc_id", "paragraph", "topic", "share", "weight"],
    )
    table = analysis.leading_units(Topics(pd.DataFrame(), shares, "paragraph"), n=3)
    assert list(table) == ["topic", "rank", "doc_id", "paragraph", "share", "weight"]
    first = table[table["topic"] == 1]
    assert first[["rank", "doc_id", "paragraph"]].to_numpy().tolist() == [[1, "a", 1], [2, "b", 1], [3, "a", 2]]
    assert table.loc[table["topic"] == 2, "doc_id"].iloc[0] == "b" and len(table) == 6
    with pytest.raises(StudyError, match="n: 0 cannot be"):
        analysis.leading_units(Topics(pd.DataFrame(), shares, "paragraph"), n=0)


def test_shares_of_documents(seeds):
    model = analysis.fit_topics(seeds, topics=3)
    table = analysis.document_shares(model)
    assert table.groupby("doc_id")["share"].sum().to_numpy() == pytest.approx(1)
    for doc_id, topic, share, units in table.itertuples(index=False):
        own = model.shares[(model.shares["doc_id"] == doc_id) & (model.shares["topic"] == topic)]
        assert (share, units) == (pytest.approx(own["share"].mean()), len(own))
    whole = analysis.document_shares(analysis.fit_topics(seeds, topics=3, unit="document"))
    assert (whole["units"] == 1).all()


@pytest.mark.parametrize("method", ["nmf", "lda"])
def test_the_same_seed_gives_the_same_topics(seeds, method):
    one, two = (analysis.fit_topics(seeds, topics=4, method=method, random_state=3) for _ in range(2))
    assert one.terms.equals(two.terms)
    assert one.shares.equals(two.shares)


SCRIPT = """
import hashlib, analysis
study = analysis.load()
made = [*(analysis.fit_topics(study, method=m, unit=u)[:2] for m in ("nmf", "lda") for u in ("paragraph", "document"))]
tables = [table for pair in made for table in pair]
tables += [analysis.choose_topics(study, topics=[2, 4]), *analysis.windowed_topics(study, topics=2)]
print(hashlib.sha256("".join(table.to_csv() for table in tables).encode()).hexdigest())
"""


def test_the_number_of_threads_does_not_matter():
    printed = set()
    for threads in ("1", "2"):
        names = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads)
        given = {"env": {**os.environ, **names, "PYTHONPATH": str(ROOT)}, "capture_output": True, "text": True}
        printed.add(subprocess.run([sys.executable, "-c", SCRIPT], check=True, **given).stdout)
    assert len(printed) == 1 and len(printed.pop().strip()) == 64


@pytest.mark.parametrize("topics", [0, -1, 100])
def test_more_topics_than_there_is_text_for(folder, topics):
    with pytest.raises(StudyError, match="topics"):
        analysis.fit_topics(analysis.load(folder), topics=topics)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range(seeds, seed):
    with pytest.raises(StudyError, match="is not a seed"):
        analysis.fit_topics(seeds, random_state=seed)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"topics": 2.5}, "topics: 2.5 is not a number of topics. Give 1 or more"),
        ({"method": "lsa"}, "there is no “lsa”. Choose one of: nmf, lda"),
        ({"unit": "sentence"}, "there is no “sentence”. Choose one of: paragraph, document"),
        ({"minimum": 0}, "minimum: 0 cannot be"),
    ],
)
def test_options_that_make_no_sense(seeds, options, message):
    with pytest.raises(StudyError, match=message):
        analysis.fit_topics(seeds, **options)
