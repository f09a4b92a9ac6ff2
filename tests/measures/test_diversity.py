"""Diversity against published values, windows and samples taken one by one, and SciPy."""

import numpy as np
import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st
from made_up import study_of
from scipy.stats import bootstrap, hypergeom

import analysis
from analysis import StudyError
from analysis.measures.diversity import hdd, lexical_diversity, mattr, mtld

# the example of the Python package LexicalRichness, with the values of its documentation
EXAMPLE = """Measure of textual lexical diversity, computed as the mean length of sequential words in a text that
maintains a minimum threshold TTR score. Iterates over words until TTR scores falls below a threshold, then increase
factor counter by 1 and start over. McCarthy and Jarvis (2010, pg. 385) recommends a factor threshold in the range of
[0.660, 0.750]. (McCarthy 2005, McCarthy and Jarvis 2010)"""
WORDS = regex.findall("[a-z]+", EXAMPLE.lower())
TEXTS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=120)


def ratios(words, window):
    """The type-token ratio of each window, one by one."""
    return [len(set(words[i : i + window])) / window for i in range(len(words) - window + 1)]


def stretches(words):
    """McCarthy and Jarvis’s factors: cut off the shortest beginning that reaches 0.72, until none is left."""
    for end in range(1, len(words) + 1):
        if 100 * len(set(words[:end])) <= 72 * end:
            return 1 + stretches(words[end:])
    return (1 - len(set(words)) / len(words)) / 0.28 if words else 0


def row(table, group):
    return table.set_index("group").loc[group].to_dict()


def write(folder, text):
    """The made-up study with one text in its first source."""
    (folder / "01_pears.txt").write_text(f"Pears\n\n{text}\n", encoding="utf-8")
    return analysis.load(folder)


def test_published_values():
    assert (len(WORDS), len(set(WORDS))) == (57, 39)
    assert mattr(WORDS, window=25) == pytest.approx(0.8351515151515151, abs=1e-12)
    assert mtld(WORDS) == pytest.approx(46.79226361031519, abs=1e-9)
    assert hdd(WORDS) == pytest.approx(0.7468703323966486, abs=1e-12)


def test_published_values_of_a_text_of_ten_words():
    """LexicalRichness’s own test."""
    words = ["test", "text", "with", "some", "text", "numbers", "hyphenhere", "and", "text", "punctuations"]
    assert mtld(words) == pytest.approx(14.0)
    assert mattr(words, window=5) == pytest.approx(0.9)
    assert mattr(words, window=10) == pytest.approx(0.8)


def test_the_stretch_of_mccarthy_and_jarvis():
    """“of the people by the people” is one: 1.00, 1.00, 1.00, 1.00, .800, .667 (2010)."""
    assert mtld(["of", "the", "people", "by", "the", "people"] * 4) == pytest.approx(6.0)


def test_an_unfinished_stretch_counts_as_far_as_it_has_come():
    """A rest with the ratio .887 is .404 of a stretch; 340 words over 4.404 stretches give 77.203 (2010)."""
    sizes = [(54, 75), (54, 75), (54, 75), (44, 62), (47, 53)]  # types and tokens: four full, and a rest of 53 words
    words = [f"{n}-{i % types}" for n, (types, tokens) in enumerate(sizes) for i in range(tokens)]
    forwards = stretches(words)
    assert len(words) == 340
    assert forwards == pytest.approx(4.404, abs=5e-4)
    assert 340 / forwards == pytest.approx(77.203, abs=0.01)
    assert mtld(words) == pytest.approx((340 / forwards + 340 / stretches(words[::-1])) / 2)


def test_a_ratio_of_exactly_72_hundredths_ends_a_stretch():
    words = [*map(str, range(18)), *["0"] * 7]  # 18 types in 25 tokens
    assert mtld(words) == pytest.approx((25 + len(words) / stretches(words[::-1])) / 2)


@given(TEXTS, st.integers(1, 130))
def test_mattr_is_the_mean_over_all_windows(words, window):
    expected = np.mean(ratios(words, window)) if len(words) >= window else np.nan
    assert mattr(words, window=window) == pytest.approx(expected, nan_ok=True)


@given(TEXTS)
def test_mtld_by_cutting_stretches_off(words):
    assume(len(set(words)) < len(words))
    expected = (len(words) / stretches(words) + len(words) / stretches(words[::-1])) / 2
    assert mtld(words) == pytest.approx(expected)
    assert mtld(words) >= 2
    assert mtld(words[::-1]) == mtld(words)


@given(st.lists(st.integers(0, 25), min_size=42, max_size=90), st.randoms())
def test_hdd_is_hypergeometric(words, random):
    seen = [1 - hypergeom.pmf(0, len(words), words.count(w), 42) for w in set(words)]
    assert hdd(words) == pytest.approx(sum(seen) / 42)
    random.shuffle(shuffled := list(words))
    assert hdd(shuffled) == pytest.approx(hdd(words))


def test_hdd_of_42_words_is_their_type_token_ratio():
    assert hdd([*"abcdefg"] * 6) == pytest.approx(7 / 42)
    assert hdd(range(42)) == pytest.approx(1.0)
    assert np.isnan(hdd(range(41)))


def test_texts_without_repetition_and_without_words():
    words = ["only", "unique", "terms", "in", "this", "little", "string"]
    assert np.isnan(mtld(words))
    assert mattr(words, window=7) == 1
    assert np.isnan([mattr(words, window=8), mattr([]), mtld([]), hdd([])]).all()


def test_one_word_over_and_over():
    assert mtld(["a"] * 100) == 2
    assert mattr(["a"] * 100, window=50) == pytest.approx(1 / 50)
    assert hdd(["a"] * 100) == pytest.approx(1 / 42)


@pytest.mark.parametrize("window", [0, -1, 2.5])
def test_windows_that_are_none(seeds, window):
    with pytest.raises(StudyError, match=f"window: {window} is not a number of words. Give 1 or more."):
        mattr(WORDS, window=window)
    with pytest.raises(StudyError, match="is not a number of words"):
        lexical_diversity(seeds, window=window)


@pytest.mark.parametrize("by", ["document", "source", "year"])
def test_groups_of_a_study(seeds, by):
    """Windows and stretches of each document by itself; samples from all of them."""
    texts = [seeds.index.terms[seeds.index.ids[seeds.index.documents == d]].tolist() for d in range(5)]
    labels = seeds.documents["doc_id" if by == "document" else by].astype(str)
    table = lexical_diversity(seeds, by=by, window=40)
    assert table["group"].tolist() == sorted(set(labels))
    for group in set(labels):
        of_group = [text for text, label in zip(texts, labels) if label == group]
        words = sum(of_group, [])
        windows = sum((ratios(text, 40) for text in of_group), [])
        forwards, backwards = (sum(stretches(text[::step]) for text in of_group) for step in (1, -1))
        assert row(table, group) == pytest.approx(
            {
                "tokens": len(words),
                "types": len(set(words)),
                "ttr": len(set(words)) / len(words),
                "windows": len(windows),
                "mattr": np.mean(windows),
                "mtld": len(words) * (1 / forwards + 1 / backwards) / 2,
                "hdd": sum(1 - hypergeom.pmf(0, len(words), words.count(w), 42) for w in set(words)) / 42,
            }
        )


def test_a_group_of_one_document_is_that_text(seeds):
    found = row(lexical_diversity(seeds, by="document"), "002")
    words = seeds.index.terms[seeds.index.ids[seeds.index.documents == 2]].tolist()
    assert [found[m] for m in ("mattr", "mtld", "hdd")] == pytest.approx([mattr(words), mtld(words), hdd(words)])


def test_short_documents_have_counts_and_no_windows(folder):
    table = lexical_diversity(analysis.load(folder), window=9)
    # “The orchard’s pears are ripe. Pears sell well.”; “Plums are not pears. Plums keep. A plum-tree is small.” and
    # “It rained in the valley.”
    assert row(table, "Fruit Post") == pytest.approx(
        {"tokens": 8, "types": 7, "ttr": 7 / 8, "windows": 0, "mattr": np.nan, "hdd": np.nan,
         "mtld": 8 / ((1 / 8) / 0.28)}, nan_ok=True,
    )  # fmt: skip
    assert row(table, "Garden News") == pytest.approx(
        {"tokens": 15, "types": 14, "ttr": 14 / 15, "windows": 2, "mattr": (8 / 9 + 9 / 9) / 2, "hdd": np.nan,
         "mtld": 15 / ((1 / 10) / 0.28)}, nan_ok=True,
    )  # fmt: skip


def test_a_group_without_a_word_is_listed_without_measures(folder):
    study = write(folder, "!!!")
    diverse = row(lexical_diversity(study), "Fruit Post")
    assert (diverse["tokens"], diverse["types"], diverse["windows"]) == (0, 0, 0)
    assert np.isnan([diverse[m] for m in ("ttr", "mattr", "mtld", "hdd")]).all()


def test_an_unknown_grouping_is_an_error(seeds):
    with pytest.raises(StudyError, match="there is no “colour”. Choose one of"):
        lexical_diversity(seeds, by="colour")


def test_the_intervals_are_those_of_scipy(folder):
    """Documents that read the same both ways, so that the stretches of one way are those of the other."""
    draw, texts = np.random.default_rng(0), []
    for size in (40, 60, 80, 100, 120):
        half = [f"w{number}" for number in draw.integers(0, 30, size)]
        texts.append([*half, *half[::-1]])
    study = study_of(folder, [*(("A", " ".join(words)) for words in texts), ("A", "…")])
    table = lexical_diversity(study, interval=True, resamples=20_000, confidence=0.9)
    tokens = np.array([len(words) for words in texts])
    windows = tokens - 49
    sums = {
        "mattr": (np.array([mattr(words) for words in texts]) * windows, windows),
        "mtld": (tokens, tokens / [mtld(words) for words in texts]),
    }
    for name, columns in sums.items():
        expected = bootstrap(
            columns, lambda a, b, axis: a.sum(axis) / b.sum(axis), paired=True, method="percentile",
            confidence_level=0.9, n_resamples=20_000, random_state=0,
        ).confidence_interval  # fmt: skip
        found = table.loc[0, [f"{name}_low", f"{name}_high"]].tolist()
        assert found == pytest.approx(list(expected), rel=0.01)
        assert found[0] <= table.loc[0, name] <= found[1]


def test_groups_too_small_for_an_interval(seeds, folder):
    table = lexical_diversity(seeds, by="source", interval=True, resamples=99)
    sizes = seeds.documents["source"].value_counts()
    assert (table["mattr_low"].isna() == (table["group"].map(sizes) < 4)).all()
    short = study_of(folder, [("A", f"one two {number}") for number in range(5)])
    assert lexical_diversity(short, interval=True, resamples=9).filter(regex="_(low|high)").isna().all(axis=None)
    with pytest.raises(StudyError, match="cannot be"):
        lexical_diversity(seeds, interval=True, resamples=0)
