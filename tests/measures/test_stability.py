"""How many topics: planted ones are chosen, and agreement is that of sets counted in plain Python."""

from itertools import permutations

import numpy as np
import pytest
from made_up import planted_study, study_of, vocabulary
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfTransformer

import analysis
from analysis import StudyError
from analysis.measures.stability import agreement_of_terms
from analysis.measures.topics import unit_counts


def average_jaccard(one, other):
    """Of two lists, as sets of their first terms."""
    one, other = ([t for t in terms if t >= 0] for terms in (one, other))
    values = []
    for d in range(1, 11):
        a, b = set(one[:d]), set(other[:d])
        values.append(len(a & b) / max(len(a | b), 1))
    return np.mean(values)


def test_agreement_of_ranked_lists_computed_by_hand():
    """album, music, best, award, win against sport, best, win, medal, award: 0, 0, 1/5, 1/7 and 3/7."""
    one, other = np.array([[1, 2, 3, 4, 5]]), np.array([[6, 3, 5, 7, 4]])
    assert agreement_of_terms(one, other) == pytest.approx((1 / 5 + 1 / 7 + 3 / 7) / 5)
    assert agreement_of_terms(one, one) == 1


def test_agreement_is_the_best_of_all_matchings():
    draw = np.random.default_rng(0)
    for _ in range(20):
        one, other = (np.array([draw.permutation(15)[:10] for _ in range(4)]) for _ in range(2))
        one[0, 7:] = -1  # a topic of few terms
        every = [
            np.mean([average_jaccard(a, other[b]) for a, b in zip(one, order)]) for order in permutations(range(4))
        ]
        assert agreement_of_terms(one, other) == pytest.approx(max(every))


def test_absent_terms_do_not_agree():
    nothing = np.full((2, 10), -1)
    assert agreement_of_terms(nothing, nothing) == 0


@pytest.mark.parametrize(("method", "planted", "runs"), [("nmf", 3, 10), ("nmf", 5, 10), ("lda", 3, 2)])
def test_the_planted_number_is_chosen(folder, method, planted, runs):
    """Documents on several of the subjects each, so that no topic is a document."""
    subjects = [vocabulary(stem, 20) for stem in ("wat", "met", "pap", "gol", "sil")[:planted]]
    draw = np.random.default_rng(2)
    documents = [(2001, [subjects[n] for n in draw.integers(0, planted, 8)]) for _ in range(15)]
    study = planted_study(folder, documents)
    numbers = list(range(2, 8 if method == "nmf" else 5))
    table = analysis.choose_topics(study, topics=numbers, runs=runs, method=method)
    assert table["topics"].tolist() == numbers and (table["runs"] == runs).all()
    assert (table["documents"] == 12).all() and (table["rediscovering"][: planted - 1] == 0).all()
    assert table.loc[table["chosen"], "topics"].tolist() == [planted]
    assert ((table["lowest"] <= table["stability"]) & (table["stability"] <= table["highest"])).all()


def test_few_documents_are_left_out_in_every_way_once(seeds):
    table = analysis.choose_topics(seeds, topics=[3, 2, 3])
    assert table[["topics", "runs", "documents"]].to_numpy().tolist() == [[2, 5, 4], [3, 5, 4]]
    assert table["chosen"].sum() == 1
    one = analysis.choose_topics(seeds, topics=[3], random_state=5).iloc[0]
    two = analysis.topic_table(seeds, analysis.fit_topics(seeds, topics=3, random_state=5))
    assert one["coherence"] == pytest.approx(two["coherence"].mean())
    assert one["exclusivity"] == pytest.approx(two["exclusivity"].mean())
    assert one["rediscovering"] == two["rediscovers"].sum()


def agreements(study, number):
    """Made again with scikit-learn: the model of all paragraphs against those without each document."""
    counts, _ = unit_counts(study, unit="paragraph", minimum=2)

    def tops(rows):
        model = NMF(number, init="nndsvda", random_state=0, max_iter=2000)
        weights = model.fit_transform(TfidfTransformer().fit_transform(counts[rows]))
        assert weights.any(axis=0).all()
        first = np.argsort(-model.components_, axis=1, kind="stable")[:, :10]
        return np.where(np.take_along_axis(model.components_, first, axis=1) > 0, first, -1)

    whole = tops(np.arange(counts.shape[0]))
    for doc_id in study.documents["doc_id"]:
        other = tops(np.flatnonzero(study.paragraphs["doc_id"] != doc_id))
        pairs = np.array([[average_jaccard(a, b) for b in other] for a in whole])
        yield max(pairs[np.arange(number), list(order)].mean() for order in permutations(range(number)))


def test_the_runs_are_models_of_the_documents_that_are_left_and_the_rule_is_that_stated(seeds):
    agree = {number: list(agreements(seeds, number)) for number in range(2, 8)}
    table = analysis.choose_topics(seeds, topics=agree).set_index("topics")
    for number, values in agree.items():
        row = table.loc[number, ["stability", "lowest", "highest"]].tolist()
        assert row == pytest.approx([np.mean(values), min(values), max(values)])
    best = max(agree, key=lambda number: np.mean(agree[number]))
    least = np.mean(agree[best]) - np.std(agree[best], ddof=1) / np.sqrt(5)
    near = [number for number in agree if np.mean(agree[number]) >= least]
    assert table.index[table["chosen"]].tolist() == [max(near, key=lambda number: table.loc[number, "coherence"])]
    assert len(near) < len(agree) and table["coherence"].idxmax() not in near  # the rule has something to do here


def test_topics_that_rediscover_documents_are_counted_and_do_not_come_back(folder):
    subjects = [vocabulary(stem) for stem in ("wat", "met", "pap", "gol", "sil")]
    study = planted_study(folder, [(2001, [own] * 4) for own in subjects])
    table = analysis.choose_topics(study, topics=[4, 5]).set_index("topics")
    assert table.loc[5, "rediscovering"] == 5 and table.loc[5, "highest"] < 0.9


def test_the_same_seed_draws_the_same_documents(seeds):
    options = {"topics": [2, 3], "runs": 3, "unit": "document"}
    one, two = (analysis.choose_topics(seeds, **options, random_state=1) for _ in range(2))
    assert one.equals(two) and (one["runs"] == 3).all()
    assert not one["stability"].equals(analysis.choose_topics(seeds, **options, random_state=2)["stability"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"topics": [1, 2]}, "1 is not a number of topics. Give 2 or more"),
        ({"topics": []}, "0 is not a number of topics"),
        ({"runs": 0}, "runs=0, part=0.8 cannot be"),
        ({"part": 1.0}, "part=1.0 cannot be"),
        ({"method": "lsa"}, "there is no “lsa”"),
        ({"unit": "word"}, "there is no “word”"),
        ({"topics": [5], "unit": "document"}, "there are 4 units with a term"),
    ],
)
def test_options_that_make_no_sense(seeds, options, message):
    with pytest.raises(StudyError, match=message):
        analysis.choose_topics(seeds, **options)


def test_one_document_cannot_be_left_out(folder):
    study = study_of(folder, [("A", "river lake river boat")])
    with pytest.raises(StudyError, match="1 document has words, and none can be left out"):
        analysis.choose_topics(study, minimum=1)
