"""The chapter Topics on studies of any size: what it says, and that its tables are those of the model."""

import pandas as pd
import pytest
from made_up import planted_study, study_of, vocabulary

import analysis
from analysis.report import topics

A, B, C = (vocabulary(stem) for stem in ("ap", "br", "ch"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Twelve documents in two years, each of three vocabularies."""
    documents = [(2001 + n // 6, [A, B, C][n % 3 :] + [A, B, C][: n % 3]) for n in range(12)]
    study = planted_study(tmp_path_factory.mktemp("planted"), documents, words=40)
    return study, topics.chosen_model(study)


def test_planted_topics_are_stable_and_no_article(planted):
    study, chosen = planted
    found = topics.topics_findings(study, chosen)
    assert len(chosen.topics) == 3
    assert found["topics_stable"].sentence.startswith("Of the numbers from 2 to 8, 3 gives the most stable topics: ")
    assert found["topics_articles"] == "None of the 3 topics rediscovers an article."


def test_the_shares_of_a_group_are_the_means_of_its_paragraphs(planted):
    study, chosen = planted
    table = topics.shares_by(study, chosen, by="year")
    year = study.documents.set_index("doc_id")["year"].astype(str)
    by_hand = chosen.model.shares.groupby(["topic", chosen.model.shares["doc_id"].map(year)])["share"].mean()
    assert table["share"].tolist() == pytest.approx(by_hand.tolist())
    assert topics.sizes(table).startswith("(2001: 18 paragraphs in 6 documents; 2002: 18 paragraphs in 6 documents).")


def test_one_and_several_that_rediscover_an_article():
    table = pd.DataFrame({"topic": [1, 2, 3], "share_of_topic": [0.9, 0.6, 0.3], "doc_id": ["a", "b", "c"]})
    one = topics.rediscovered(table.assign(rediscovers=[True, False, False]))
    assert (
        one == "Of 3 topics, 1 rediscovers an article, as more than half of its weight is in one: topic 1 (90% in a)."
    )
    both = topics.rediscovered(table.assign(rediscovers=[True, True, False]))
    assert (
        both.startswith("Of 3 topics, 2 rediscover an article, as more than half of the weight of each is in one")
        and "and topic 2 (60% in b)" in both
    )


def test_a_study_too_small_for_topics_says_so_and_has_empty_tables(folder):
    study = study_of(folder, [("A", "Pears are ripe", "2001-01-01"), ("B", "Plums keep", "2002-01-01")])
    chosen = topics.chosen_model(study)
    assert "too few, or too short" in topics.topics_findings(study, chosen)["topics_stable"].sentence
    shares = topics.shares_by(study, chosen, by="year")
    tables = [chosen.topics, shares, topics.by_column(shares, chosen.model), topics.within_source(study, chosen)[1]]
    tables += [topics.clearest(study, chosen), topics.by_document(study, chosen), topics.compared_numbers(chosen)]
    tables += [topics.document_marks(study, chosen, by="year")]
    assert all(table.empty for table in tables)
    assert topics.sizes(shares) == "(none)." and topics.peaks(shares) == ""
    assert topics.number_taken(chosen) == "No number was tried."


def test_the_source_with_the_most_years(folder):
    rows = [("A", "x", "2001-01-01"), ("A", "x y", "2001-02-01"), ("A", "z", ""), ("A", "z x", "")]
    rows += [("B", "y", "2001-01-01")]
    study = study_of(folder, [*rows, ("B", "z z", "2002-01-01")])
    assert topics.steady_source(study) == "B"
    assert analysis.select(study, source="B").documents["year"].nunique() == 2
