"""Topics of texts whose topics are known, and shares that add up."""

import numpy as np
import pytest
from made_up import write_rows

import analysis
from analysis import StudyError

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


def test_planted_topics_are_found(planted):
    model = analysis.fit_topics(planted, topics=2)
    found = {frozenset(terms) for _, terms in model.terms[model.terms["weight"] > 0.01].groupby("topic")["term"]}
    assert found == {frozenset(WATER.split()), frozenset(METAL.split())}
    by_year = analysis.mean_shares(planted, model.paragraphs, by="year").pivot(
        index="topic", columns="group", values="share"
    )
    assert sorted(by_year["2001"].round(6)) == [0, 1]
    assert (by_year["2001"] + by_year["2002"]).round(6).tolist() == [1, 1]


def test_shares_add_up_and_terms_are_weights(seeds):
    model = analysis.fit_topics(seeds, topics=5)
    assert model.paragraphs.groupby(["doc_id", "paragraph"])["share"].sum().to_numpy() == pytest.approx(1)
    assert model.terms.groupby("topic")["weight"].sum().to_numpy() == pytest.approx(1)
    assert not set(model.terms["term"]) & seeds.stop_words
    table = analysis.mean_shares(seeds, model.paragraphs, by="year")
    assert table.groupby("group")["share"].sum().to_numpy() == pytest.approx(1)
    assert ((table["lowest"] <= table["share"]) & (table["share"] <= table["highest"])).all()
    assert table.groupby("group")["documents"].first().to_dict() == {"2016": 1, "2017": 2, "2018": 2}


def test_the_same_seed_gives_the_same_topics(seeds):
    one, two = (analysis.fit_topics(seeds, topics=4, random_state=3) for _ in range(2))
    assert one.terms.equals(two.terms)
    assert one.paragraphs.equals(two.paragraphs)


def test_dominant_documents(planted):
    model = analysis.fit_topics(planted, topics=2)
    table = analysis.dominant_documents(model)
    assert table["share_of_topic"].between(1 / 6, 1 / 4).all()
    assert set(table["doc_id"].astype(int) < 6) == {True, False}


@pytest.mark.parametrize("topics", [0, -1, 100])
def test_more_topics_than_there_is_text_for(folder, topics):
    with pytest.raises(StudyError, match="topics"):
        analysis.fit_topics(analysis.load(folder), topics=topics)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range(seeds, seed):
    with pytest.raises(StudyError, match="is not a seed"):
        analysis.fit_topics(seeds, random_state=seed)
