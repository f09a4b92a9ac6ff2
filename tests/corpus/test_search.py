"""From patterns to places."""

import pandas as pd

import analysis


def test_a_place_is_told_by_the_span_it_stands_in(seeds):
    """Every sentence stands in the body; every span begins in itself; order and index of the places are kept."""
    assert set(analysis.spans_at(seeds, seeds.sentences)["kind"]) == {"paragraph", "list item"}
    shuffled = seeds.spans.sample(frac=1, random_state=1)
    found = analysis.spans_at(seeds, shuffled)
    assert found.index.equals(shuffled.index)
    assert found.equals(shuffled[["kind", "rule"]])


def test_uncleaned_places_are_told_by_the_cleaned_study(seeds):
    """The teaser holds “Minsk” as often as a plain count of its text says, in each of its copies."""
    lines = analysis.kwic(analysis.load(clean=False), "minsk")
    rule = analysis.spans_at(seeds, lines)["rule"]
    teaser = analysis.residue(seeds).query("rule == 'similar articles'")
    assert (rule == "similar articles").sum() == teaser["text"].str.count(r"\bMinsk\b").sum()


def test_of_overlapping_patterns_of_one_label_the_longest_counts(folder):
    study = analysis.load(folder)
    lexicon = pd.DataFrame({"label": ["a", "a", "b"], "pattern": ["pears", "not pears", "pears"]})
    hits = analysis.lexicon_hits(study, lexicon, label="label", pattern="pattern")
    found = hits.groupby("label")["pattern"].agg(list).to_dict()
    assert found == {"a": ["pears", "pears", "not pears"], "b": ["pears", "pears", "pears"]}


def test_nothing_found_is_an_empty_table_of_the_same_columns(folder):
    study = analysis.load(folder)
    lexicon = pd.DataFrame({"label": ["a"], "pattern": ["zeppelin"]})
    hits = analysis.lexicon_hits(study, lexicon, label="label", pattern="pattern")
    assert hits.empty
    assert {"label", "pattern", "doc_id", "sentence_id", "start", "end", "text"} <= set(hits.columns)
