"""Topics by period: planted births, deaths, splits and merges, a planted change, and none."""

import numpy as np
import pytest
from made_up import planted_study, vocabulary
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control

import analysis
from analysis import StudyError
from analysis.measures.windows import _mean_profiles

WATER, METAL, PAPER, GOLD = (vocabulary(stem) for stem in ("wat", "met", "pap", "gol"))
FIRST, SECOND = WATER[::2], WATER[1::2]  # the two halves of a subject


def lives(folder, periods, **options):
    """Each period has six documents, each with two paragraphs on each of its subjects."""
    documents = [(year, subjects * 2) for year, subjects in periods.items() for _ in range(6)]
    return analysis.windowed_topics(planted_study(folder, documents, words=40), resamples=99, **options)


def subjects_of(found):
    """What each topic of each period is about: the beginning of its words."""
    return {(r.period, r.topic): r.terms[:3] for r in found.topics.itertuples()}


@pytest.fixture
def history(folder):
    """Paper ends and gold begins; water falls apart and comes together."""
    periods = {
        2001: [WATER, METAL, PAPER],
        2002: [WATER, METAL, GOLD],
        2003: [FIRST, SECOND, METAL],
        2004: [WATER, METAL, GOLD],
    }
    return lives(folder, periods, topics=3, similarity=0.4)


def kinds(found, period):
    about = subjects_of(found)
    rows = found.links[found.links["period"] == period]
    return sorted(
        (about.get((r.period, r.topic), ""), about.get((r.next_period, r.next_topic), ""), r.kind)
        for r in rows.itertuples()
    )


def test_births_deaths_splits_and_merges_are_those_planted(history):
    assert kinds(history, "2001") == [
        ("", "gol", "birth"),
        ("met", "met", "continues"),
        ("pap", "", "death"),
        ("wat", "wat", "continues"),
    ]
    assert kinds(history, "2002") == [
        ("gol", "", "death"),
        ("met", "met", "continues"),
        ("wat", "wat", "splits"),
        ("wat", "wat", "splits"),
    ]
    assert kinds(history, "2003") == [
        ("", "gol", "birth"),
        ("met", "met", "continues"),
        ("wat", "wat", "merges"),
        ("wat", "wat", "merges"),
    ]


def test_threads_are_chains_of_links(history):
    about = subjects_of(history)
    topics = history.topics.set_index(["period", "topic"])["thread"]
    metal = {thread for place, thread in topics.items() if about[place] == "met"}
    assert len(metal) == 1
    assert topics.groupby("period").nunique().tolist() == [3, 3, 3, 3]
    assert sorted(set(topics)) == list(range(1, topics.max() + 1))
    for r in history.links.dropna().itertuples():
        same = topics[r.period, r.topic] == topics[r.next_period, r.next_topic]
        assert same == r.same_thread and r.similarity >= 0.4
    assert history.links.groupby("period")["same_thread"].sum().tolist() == [2, 2, 2]
    one_sided = history.links[history.links[["topic", "next_topic"]].isna().any(axis=1)]
    assert set(one_sided["kind"]) == {"birth", "death"} and (one_sided["similarity"] < 0.4).all()
    golden = {thread for place, thread in topics.items() if about[place] == "gol"}
    assert len(golden) == 2  # what comes back after a period is another thread


def test_the_tables_say_what_they_rest_on(history):
    assert history.topics.groupby("period")["share"].sum().to_numpy() == pytest.approx(1)
    assert history.topics["share"].to_numpy() == pytest.approx(1 / 3, abs=0.05)
    assert (history.topics["units"] == 36).all() and (history.topics["documents"] == 6).all()
    changes = history.changes
    shares = changes.groupby("period")[["share", "next_share"]].sum()
    assert shares.to_numpy() == pytest.approx(1)
    assert (changes["change"] == changes["next_share"] - changes["share"]).all()
    assert (changes[["units", "next_units"]] == 36).all(axis=None)
    both = changes["p"].notna()
    threads = history.topics.groupby("period")["thread"].agg(set)
    for r in changes.assign(tested=both).itertuples():
        assert r.thread in threads[r.period] | threads[r.next_period]
        assert np.isfinite([r.low, r.high, r.q]).tolist() == [r.tested] * 3
        assert r.tested == (r.thread in threads[r.period] & threads[r.next_period])
    assert changes.loc[both, "q"].tolist() == false_discovery_control(changes.loc[both, "p"]).tolist()


def test_the_profile_of_a_thread_is_the_mean_of_its_topics():
    """However long the thread is: what is projected on a longer one is not less."""
    profiles = csr_array([[1.0, 0, 0], [0, 0, 1]]), csr_array([[0.5, 0.5, 0], [0, 1, 0]])
    means = _mean_profiles(profiles, [np.array([0, 1]), np.array([0, 2])])
    assert means.toarray().tolist() == [[0.75, 0.25, 0], [0, 0, 1], [0, 1, 0]]


def test_the_threshold_decides_what_is_similar(folder):
    """Half of the words in common: the cosine is about 0.7."""
    periods = {2001: [WATER, METAL], 2002: [FIRST, METAL]}
    assert "death" not in set(lives(folder, periods, topics=2).links["kind"])
    strict = lives(folder, periods, topics=2, similarity=0.95).links
    assert sorted(strict["kind"]) == ["birth", "continues", "death"]


def test_a_planted_change_is_found_and_its_size(folder):
    """Water goes from about 2 to about 6 of 10 paragraphs; paper stays at 2, and metal has the rest."""
    counts = {2001: [1, 2, 3, 1, 2, 3, 2], 2002: [5, 6, 7, 5, 6, 7, 6]}
    documents = [
        (year, [WATER] * n + [PAPER] * 2 + [METAL] * (8 - n)) for year, numbers in counts.items() for n in numbers
    ]
    found = analysis.windowed_topics(planted_study(folder, documents, words=40), topics=3)
    assert set(found.links["kind"]) == {"continues"}
    changes = found.changes.set_index(found.changes["terms"].str[:3])
    assert changes["share"].to_dict() == pytest.approx({"wat": 0.2, "met": 0.6, "pap": 0.2}, abs=0.01)
    assert changes["next_share"].to_dict() == pytest.approx({"wat": 0.6, "met": 0.2, "pap": 0.2}, abs=0.01)
    assert changes["p_floor"].iloc[0] == 2 / 3432
    water, metal, paper = (changes.loc[name] for name in ("wat", "met", "pap"))
    assert water["p"] == metal["p"] == water["p_floor"] and max(water["q"], metal["q"]) < 0.01 < paper["q"]
    draw = np.random.default_rng(1)
    before, after = (draw.choice(numbers, (2000, 7)).mean(axis=1) / 10 for numbers in counts.values())
    low, high = np.quantile(after - before, [0.025, 0.975])
    assert (water["low"], water["high"]) == pytest.approx((low, high), abs=0.02)


def test_without_a_change_few_are_called_one(folder):
    """Forty periods of five documents, whose subjects are drawn by the document and not by the period."""
    draw = np.random.default_rng(0)
    documents = []
    for number in range(200):
        subjects = draw.choice(3, 8, p=draw.dirichlet([1, 1, 1]))
        documents.append((1900 + number // 5, [(WATER, METAL, PAPER)[n] for n in subjects]))
    found = analysis.windowed_topics(planted_study(folder, documents, words=40), topics=3, resamples=99)
    p = found.changes["p"].dropna()
    assert len(p) > 100
    assert (p <= 0.1).mean() < 0.1 + 3 * np.sqrt(0.1 * 0.9 / (len(p) * 2 / 3))  # two of three shares are free
    assert (found.changes["q"] <= 0.1).sum() <= 1


def test_few_documents_give_no_test(folder):
    study = planted_study(folder, [(year, [WATER, METAL] * 2) for year in (2001, 2002) for _ in range(3)])
    changes = analysis.windowed_topics(study, topics=2).changes
    assert changes[["low", "high", "p", "q"]].isna().all(axis=None)
    assert changes["share"].notna().all() and (changes["documents"] == 3).all() and (changes["p_floor"] == 0.1).all()


def test_the_order_is_that_of_time_and_the_undated_are_left_out(folder):
    documents = [(year, [WATER, METAL] * 2) for year in (2002, None, 2001) for _ in range(4)]
    found = analysis.windowed_topics(planted_study(folder, documents), topics=2)
    assert found.topics["period"].unique().tolist() == ["2001", "2002"]
    assert (found.topics["documents"] == 4).all()


@pytest.mark.parametrize("unit", ["paragraph", "document"])
def test_the_same_seed_gives_the_same_tables(folder, unit):
    documents = [(year, [WATER] * n + [METAL] * (5 - n)) for year in (2001, 2002) for n in (1, 2, 3, 4) * 3]
    study = planted_study(folder, documents)
    options = {"topics": 2, "unit": unit, "resamples": 50, "minimum": 1}
    one, two = (analysis.windowed_topics(study, **options) for _ in range(2))
    assert all(a.equals(b) for a, b in zip(one, two))
    other = analysis.windowed_topics(study, **options, random_state=1)
    assert not one.changes["low"].equals(other.changes["low"])


def test_every_period_that_is_too_small_is_named(folder):
    documents = [(2001, [WATER, METAL, PAPER]), (2002, [WATER]), (2003, [WATER, METAL, PAPER]), (2004, [METAL])]
    with pytest.raises(StudyError) as raised:
        analysis.windowed_topics(planted_study(folder, documents), topics=2, minimum=1)
    assert [problem.file for problem in raised.value.problems] == ["2002", "2004"]
    assert "1 units with a term and" in str(raised.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "weather"}, "there is no “weather”"),
        ({"by": "role"}, "role: there are 1 periods"),
        ({"topics": 0}, "0 is not a number of topics"),
        ({"similarity": 0}, "similarity: 0 cannot be"),
        ({"similarity": 1.1}, "similarity: 1.1 cannot be"),
        ({"resamples": 0}, "resamples=0"),
        ({"random_state": -1}, "-1 is not a seed"),
        ({"unit": "word"}, "there is no “word”"),
        ({"topics": 200}, "Ask for fewer topics, or group by longer periods"),
    ],
)
def test_options_that_make_no_sense(folder, options, message):
    documents = [(year, [WATER, METAL]) for year in (2001, 2002) for _ in range(2)]
    with pytest.raises(StudyError, match=message):
        analysis.windowed_topics(planted_study(folder, documents), **options)
