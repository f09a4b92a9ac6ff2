"""Tone: places against counts by plain regular expressions, quotation marks against texts put together from pieces."""

from fnmatch import fnmatch

import numpy as np
import pandas as pd
import pytest
import regex
from made_up import ROOT, study_of
from scipy.stats import bootstrap

import analysis
from analysis import StudyError, make_index, open_index
from analysis.corpus.index import pattern_words
from analysis.measures.tone import tone, tone_hits

TONE = """
- category: hedge
  definition: d
  patterns: [might, perhaps, not always, ripe*]
  small: [may]
  traps: [the might, ripening]
- {category: booster, definition: d, patterns: [always, clearly]}
- {category: loaded, definition: d, patterns: [rotten, '*-rotten']}
- {category: forecast, definition: d, patterns: [zeppelin]}
"""
# The same in regular expressions, for texts of the words below
PLAIN = {
    "hedge": r"(?i:(?<!the )\bmight\b|\bperhaps\b|\bnot always\b|\bripe(?!ning)\w*)|\bmay\b",
    "booster": r"(?i:(?<!\bnot )\balways\b|\bclearly\b)",
    "loaded": r"(?i:\b(?:half-)?rotten\b)",
    "forecast": r"zeppelin",
}
WORDS = "pear plum the might perhaps not always ripe ripest ripening may May clearly rotten half-rotten".split()  # noqa: SIM905
QUOTED = [
    ("He said “a rotten pear” and left", [True]),
    ("He said “ripe” and a rotten pear “fell”", [False]),
    ("“The ‘rotten’ pear, a rotten one” is rotten", [True, True, False]),
    ("“A ‘ripe” rotten pear’s “rotten”", [False, True]),
    ("He said “a rotten pear", [False]),
    ("He said a rotten” pear “is rotten”", [False, True]),
    ("Don’t eat Brussels’ rotten pears: the growers’ rotten plums aren’t", [False, False]),
    ("The ‘rotten’ pears of the growers’ rotten trees", [True, False]),
    ("“Brussels’ rotten pears aren’t ‘rotten’” but rotten", [True, True, False]),
    ("The ‘90s gave rotten pears to the growers’ wives", [False]),
    ('He said "a rotten pear" of rotten "pears', [True, False]),
    ("“Pears fell. They are rotten. All of them.” They are rotten", [True, False]),
    ("He said „rotten“ and «rotten» and “rotten\" of a rotten pear", [True, True, True, False]),
    ("He said “a\n\nrotten pear” fell", [False]),
    ("“A rotten pear.\n\n“A rotten plum,” he said of the rotten", [True, True, False]),
    ("“A rotten pear.\n\nA rotten plum,” he said", [False, False]),
    ("‘A rotten pear.\n\n‘A rotten plum’ he said", [False, True]),
]  # fmt: skip
# English sentences of no document, and what they hold under the lists of this project
SENTENCES = [
    ("The parties could not agree in May 2017, or on 3 May.", []),
    ("May rain may fall.", [("hedge", "may")]),
    ("It will likely rain, and is likely to snow.", [("forecast", "will"), ("hedge", "likely"), ("forecast", "is likely to")]),
    ("The will of the people and its political will would have been known.", []),
    ("Prices were expected to fall, and are now expected to rise.", [("forecast", "are now expected to")]),
    ("It would seem that it is clear; they made it clear.", [("hedge", "would seem"), ("booster", "it is clear")]),
    ("They always lose, not always fairly and seldom by much.", [("booster", "always"), ("hedge", "not always")]),
    ("According to press reports the visa-free regime ended with the regime.", [("hedge", "According to press reports"), ("loaded", "regime")]),
    ("The chair occupies an important place in the Northern-occupied town.", [("loaded", "Northern-occupied")]),
    ("Rather than wait, they left in general disarray, which is rather odd.", [("hedge", "in general"), ("hedge", "rather")]),
    ("The military might of the so-called union may wane by the earliest possible day, or as soon as possible.", [("loaded", "so-called"), ("hedge", "may")]),
    ("It remains to be seen whether the change of course is, of course, final.", [("forecast", "remains to be seen"), ("booster", "of course")]),
]  # fmt: skip


def toned(folder, documents, tone=TONE):
    """A study of these (source, text) pairs with words of tone."""
    study_of(folder, documents)
    (folder / "tone.yml").write_text(tone, encoding="utf-8")
    return analysis.load(folder)


def row(table, category, group):
    """One row as a dict."""
    return table[(table["category"] == category) & (table["group"] == group)].iloc[0].to_dict()


def test_counts_are_those_of_regular_expressions(folder):
    draw = np.random.default_rng(0)
    texts = [
        " ".join(f"Pear {' '.join(draw.choice(WORDS, 8))} fell." for _ in range(draw.integers(1, 12)))
        for _ in range(40)
    ]
    documents = [(draw.choice(["A", "B", "C"]), text) for text in texts]
    study = toned(folder, documents)
    hits = tone_hits(study)
    for category, pattern in PLAIN.items():
        own = hits[hits["category"] == category]
        found = [regex.findall(pattern, text) for text in texts]
        assert own["text"].tolist() == [word for words in found for word in words]
        assert own["doc_id"].tolist() == [f"{n:02}" for n, words in enumerate(found) for _ in words]
        for group in "ABC":
            expected = [len(words) for words, (source, _) in zip(found, documents) if source == group]
            of_sentences = [
                bool(regex.search(pattern, sentence))
                for source, text in documents
                if source == group
                for sentence in regex.split(r"(?<=\.) ", text)
            ]
            tokens = sum(10 * text.count(".") for source, text in documents if source == group)
            cells = row(tone(study), category, group)
            assert cells["count"] == sum(expected)
            assert cells["tokens"] == tokens
            assert cells["per_10k"] == pytest.approx(1e4 * sum(expected) / tokens)
            assert cells["documents_with"] == np.count_nonzero(expected)
            assert cells["documents"] == len(expected)
            assert (cells["sentences_with"], cells["sentences_total"]) == (sum(of_sentences), len(of_sentences))
            assert cells["sentence_share"] == pytest.approx(np.mean(of_sentences))
            assert cells["quoted"] == 0


def test_a_table_that_can_be_counted_by_hand(folder):
    documents = [("A", "Pears might be “clearly rotten”. Plums might, perhaps. All fell"), ("B", "None fell")]
    table = tone(toned(folder, documents))
    assert row(table, "hedge", "A") == {
        "category": "hedge", "group": "A", "count": 3, "per_10k": 1e4 * 3 / 10, "quoted": 0, "sentences_with": 2,
        "sentences_total": 3, "sentence_share": 2 / 3, "documents_with": 1, "documents": 1, "tokens": 10,
        "sentences": "00-1 00-2",
    }  # fmt: skip
    assert row(table, "loaded", "A")["quoted"] == 1
    assert table["category"].tolist() == [c for c in ("hedge", "booster", "loaded", "forecast") for _ in "AB"]
    zeros = table[(table["group"] == "B") | (table["category"] == "forecast")]
    assert (zeros[["count", "per_10k", "quoted", "sentences_with", "sentence_share", "documents_with"]] == 0).all(
        axis=None
    )
    assert (zeros["sentences"] == "").all()


def test_a_group_without_a_word_has_no_rate(folder):
    table = tone(toned(folder, [("A", "Perhaps"), ("B", "…")]), interval=True, resamples=9)
    assert row(table, "hedge", "A")["per_10k"] == 1e4
    assert np.isnan(row(table, "hedge", "B")["per_10k"])
    nothing = tone(toned(folder, [("A", "Pears"), ("B", "…")]), interval=True, resamples=9)
    assert (nothing["count"] == 0).all() and nothing["low"].isna().all()


@pytest.mark.parametrize(("text", "expected"), QUOTED)
def test_what_stands_between_quotation_marks(folder, text, expected):
    hits = tone_hits(toned(folder, [("A", text)])).query("pattern == 'rotten'")
    assert hits["quoted"].tolist() == expected
    assert hits["quoted"].dtype == bool


def test_the_interval_is_that_of_scipy(folder):
    draw = np.random.default_rng(0)
    counts = {source: draw.integers([0, 3], [8, 30], (size, 2)) for source, size in (("A", 12), ("B", 9), ("C", 3))}
    documents = [(source, " ".join(["perhaps"] * a + ["plum"] * n)) for source, rows in counts.items() for a, n in rows]
    study = toned(folder, [*documents, ("A", "…")])
    table = tone(study, interval=True, resamples=20_000, confidence=0.9)
    for source in "AB":
        rows = counts[source]
        expected = bootstrap(
            (rows[:, 0], rows.sum(axis=1)), lambda a, n, axis: 1e4 * a.sum(axis) / n.sum(axis), paired=True,
            method="percentile", confidence_level=0.9, n_resamples=20_000, random_state=0,
        ).confidence_interval  # fmt: skip
        found = row(table, "hedge", source)
        assert (found["low"], found["high"]) == pytest.approx(tuple(expected), rel=0.02)
        assert found["low"] < found["per_10k"] < found["high"]
        assert (row(table, "loaded", source)["low"], row(table, "loaded", source)["high"]) == (0, 0)
    assert table.loc[table["group"] == "C", ["low", "high"]].isna().all(axis=None)
    pd.testing.assert_frame_equal(table.drop(columns=["low", "high"]), tone(study))
    assert tone(study, by="document", interval=True)["low"].isna().all()


def test_a_column_of_numbers_can_group(folder):
    study = toned(folder, [("A", "Perhaps")] * 4)
    study.documents["size"] = [1, 1, 1, 1]
    table = tone(study, by="size", interval=True, resamples=9)
    assert row(table, "hedge", "1")["low"] == 1e4


def test_wrong_options(folder, seeds):
    with pytest.raises(StudyError, match=r"tone\.yml: the study lists no words of tone"):
        tone(analysis.load(folder))
    with pytest.raises(StudyError, match="there is no “colour”. Choose one of"):
        tone(seeds, by="colour")
    with pytest.raises(StudyError, match="cannot be"):
        tone(seeds, interval=True, resamples=0)


def test_of_equally_long_patterns_a_trap_counts_before_the_first_that_is_listed(folder):
    lists = """
    - {category: a, definition: d, patterns: [pear*], traps: [pearl]}
    - {category: b, definition: d, patterns: ['*ears', plum*], traps: ['plums fell']}
    """
    hits = tone_hits(toned(folder, [("A", "Pears, pearl, bears, plums fell, plums")], lists))
    assert list(zip(hits["category"], hits["text"])) == [("a", "Pears"), ("b", "bears"), ("b", "plums")]


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """The sentences of no document, under the lists of this project."""
    folder = tmp_path_factory.mktemp("listed")
    return tone_hits(
        toned(folder, [("A", sentence) for sentence, _ in SENTENCES], (ROOT / "seeds" / "tone.yml").read_text("utf-8"))
    )


@pytest.mark.parametrize("number", range(len(SENTENCES)), ids=lambda n: SENTENCES[n][0])
def test_the_lists_of_this_project_on_english_sentences(listed, number):
    hits = listed[listed["doc_id"] == f"{number:02}"]
    assert list(zip(hits["category"], hits["text"])) == SENTENCES[number][1]


def test_each_trap_of_this_project_catches_a_pattern(seeds):
    lists = seeds.tone.assign(words=[pattern_words(p) for p in seeds.tone["pattern"]])
    patterns = lists.loc[lists["form"] != "trap", "words"].tolist()

    def fits(trap, words):
        runs = [trap[n : n + len(words)] for n in range(len(trap) - len(words) + 1)]
        return any(all(fnmatch(a.replace("*", ""), b) or fnmatch(b, a) for a, b in zip(run, words)) for run in runs)

    idle = [trap for trap in lists.loc[lists["form"] == "trap", "words"] if not any(fits(trap, p) for p in patterns)]
    assert idle == []


def test_hits_of_the_seeds_are_where_they_say(seeds):
    hits = tone_hits(seeds)
    assert [seeds.texts[d][a:b] for d, a, b in zip(hits["doc_id"], hits["start"], hits["end"])] == hits["text"].tolist()
    sentences = seeds.sentences.set_index("sentence_id")["text"]
    assert all(text in sentences[s] for text, s in zip(hits["text"], hits["sentence_id"]))
    assert hits.sort_values(["doc_id", "start"]).index.tolist() == list(range(len(hits)))
    assert tone(seeds)["count"].sum() == len(hits) == len(hits.drop_duplicates(["doc_id", "start"]))


def test_an_index_of_a_study_gives_the_tables_of_the_study(seeds, tmp_path):
    bodies = [
        "\n".join(seeds.texts[d][a:b] for a, b in own[["start", "end"]].itertuples(index=False))
        for d, own in seeds.paragraphs.groupby("doc_id")
    ]
    table = seeds.documents[["doc_id", "source", "role"]].assign(text=bodies, date=seeds.documents["date_from"])
    table.to_parquet(tmp_path / "study.parquet")
    make_index([tmp_path / "study.parquet"], tmp_path / "index")
    study = open_index(tmp_path / "index", lexicons=ROOT / "seeds")
    for measure in (
        lambda s: tone_hits(s).drop(columns=["start", "end"]),
        lambda s: tone(s, interval=True),
        lambda s: tone(analysis.select(s, role="ties"), by="document"),
    ):
        pd.testing.assert_frame_equal(measure(study), measure(seeds), check_dtype=False, check_categorical=False)
