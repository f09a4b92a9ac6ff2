"""Readability against published values, and texts that can be counted by hand."""

from itertools import product

import numpy as np
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from made_up import study_of

import analysis
from analysis import StudyError
from analysis.measures.readability import readability, syllables

# the abstract of Coleman & Liau 1975, a worked example in many places: 639 letters and digits, 119 words, 5 sentences,
# grade 14.5
ABSTRACT = (
    "Existing computer programs that measure readability are based largely upon subroutines which estimate number of "
    "syllables, usually by counting vowels. The shortcoming in estimating syllables is that it necessitates keypunching "
    "the prose into the computer. There is no need to estimate syllables since word length in letters is a better "
    "predictor of readability than word length in syllables. Therefore, a new readability formula was computed that has "
    "for its predictors letters per 100 words and sentences per 100 words. Both predictors can be counted by an optical "
    "scanning device, and thus the formula makes it economically feasible for an organization such as the U.S. Office of "
    "Education to calibrate the readability of all textbooks for the public school system."
)
# as English dictionaries divide them
SYLLABLES = {
    1: "2018 1,250 3.5 1990s 20th cat year names walked played guide queen loved homes a",
    2: "water apple apples acre café wanted boxes churches movement useful hopeless nicely beyond being nation special "
    "question orange safety horses agreed radish well-known",
    3: "banana gardener résumé oranges various usual radio settlement religious carrying employees",
    4: "material watermelon historical Azerbaijan co-director",
    5: "international university",
}


def row(table, group):
    return table.set_index("group").loc[group].to_dict()


def write(folder, text):
    """The made-up study with one text in its first source."""
    (folder / "01_pears.txt").write_text(f"Pears\n\n{text}\n", encoding="utf-8")
    return analysis.load(folder)


def test_coleman_and_liau_s_own_abstract(folder):
    found = row(readability(write(folder, ABSTRACT)), "Fruit Post")
    assert (found["letters"], found["words"], found["sentences"]) == (639, 119, 5)
    assert found["coleman_liau"] == pytest.approx(14.5, abs=0.05)


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 500))
def test_the_short_form_of_coleman_liau_is_the_two_steps_of_1975(letters, words, sentences):
    """Estimated cloze per cent, then grade: the short form rounds their product."""
    cloze = 141.8401 - 0.214590 * 100 * letters / words + 1.079812 * 100 * sentences / words
    short = 5.88 * letters / words - 29.6 * sentences / words - 15.8
    assert short == pytest.approx(-27.4004 * cloze / 100 + 23.06395, rel=0.01, abs=0.05)


def test_readability_of_a_text_that_can_be_counted_by_hand(folder):
    text = "The orchard’s pears are ripe. In 2001 we sold 1,250 well-known pears; gardeners’ plums followed."
    found = row(readability(write(folder, text)), "Fruit Post")
    letters = [3, 8, 5, 3, 4, 2, 4, 2, 4, 4, 9, 5, 9, 5, 8]
    words, long_words = 15, ["orchard’s", "well-known", "gardeners", "followed"]
    assert found == pytest.approx(
        {
            "documents": 1,
            "sentences": 2,
            "words": words,
            "letters": sum(letters),
            "long_words": len(long_words),
            "syllables": 20,
            "flesch": 206.835 - 1.015 * words / 2 - 84.6 * 20 / words,
            "flesch_kincaid": 0.39 * words / 2 + 11.8 * 20 / words - 15.59,
            "ari": 4.71 * sum(letters) / words + 0.5 * words / 2 - 21.43,
            "coleman_liau": 0.0588 * (100 * sum(letters) / words) - 0.296 * (100 * 2 / words) - 15.8,
            "lix": words / 2 + 100 * 4 / words,
            "rix": 4 / 2,
        }
    )


@pytest.mark.parametrize("by", ["source", "year"])
def test_counts_of_groups_are_sums_of_documents(seeds, by):
    counts = ["sentences", "words", "letters", "long_words"]
    documents = readability(seeds, by="document")
    assert documents["words"].tolist() == seeds.documents["tokens"].tolist()
    assert documents["sentences"].tolist() == seeds.documents["sentences"].tolist()
    expected = documents[counts].groupby(seeds.documents[by].astype(str)).sum()
    assert readability(seeds, by=by).set_index("group")[counts].equals(expected.rename_axis("group"))


def test_letters_are_those_of_the_file(seeds):
    index = seeds.index
    for d, doc_id in enumerate(seeds.documents["doc_id"]):
        tokens = np.flatnonzero(index.documents == d)
        spelled = [seeds.texts[doc_id][index.starts[t] : index.ends[t]] for t in tokens]
        found = row(readability(seeds, by="document"), doc_id)
        letters = [len(regex.findall(r"[\p{L}\p{N}]", word)) for word in spelled]
        assert (found["letters"], found["long_words"]) == (sum(letters), sum(n > 6 for n in letters))


def test_an_unknown_grouping_is_an_error(seeds):
    with pytest.raises(StudyError, match="there is no “colour”. Choose one of"):
        readability(seeds, by="colour")


def test_a_group_without_a_word_has_no_index(folder):
    found = readability(study_of(folder, [("A", "!!!")]))
    assert not found[["words", "letters", "sentences", "syllables"]].any(axis=None)
    assert found[["flesch", "flesch_kincaid", "ari", "coleman_liau", "lix", "rix"]].isna().all(axis=None)


@pytest.mark.parametrize("number, words", [(n, word) for n, words in SYLLABLES.items() for word in words.split()])
def test_syllables_are_those_of_dictionaries(number, words):
    assert syllables(words) == number


@given(st.text(max_size=30))
def test_any_word_has_a_syllable(word):
    assert 1 <= syllables(word) <= max(len(word) * 4, 1)


@pytest.mark.parametrize(
    "text, published",
    [
        ("The cat sat on the mat.", 116),
        ("This sentence, taken as a reading passage unto itself, is being used to prove a point.", 69),
        ("Go. Run. Eat.", 121),
    ],
)
def test_published_reading_ease(folder, text, published):
    """Worked examples of the encyclopaedia, where 121.22 is said to be the highest there can be."""
    assert round(row(readability(write(folder, text)), "Fruit Post")["flesch"]) == published


def test_the_lowest_grade_there_can_be(folder):
    found = row(readability(write(folder, "Go. Run. Eat.")), "Fruit Post")
    assert found["flesch_kincaid"] == pytest.approx(-3.40)


def test_syllables_are_counted_in_english_only(folder):
    study = study_of(folder, [("A", "Some words"), ("A", "Einige Worte"), ("B", "More words")])
    study.documents["language"] = ["", "de", "en_GB"]
    table = readability(study).set_index("group")
    assert table["syllables"].isna().tolist() == table["flesch"].isna().tolist() == [True, False]
    assert table.loc["B", "syllables"] == 2
    assert table["lix"].notna().all()


def test_stems_have_no_syllables(seeds):
    merged = analysis.merge_terms(seeds, stem="english")
    assert readability(merged)[["syllables", "flesch", "flesch_kincaid"]].isna().all(axis=None)


def test_an_interval_holds_what_documents_drawn_again_give(folder):
    """Four documents, two ways to write: by hand, RIX of all 4 ** 4 draws, of which percentiles are taken."""
    texts = ["Pears ripen."] * 2 + ["Gardeners harvest plentifully."] * 2
    study = study_of(folder, [("A", text) for text in texts])
    found = row(readability(study, interval=True), "A")
    every = [np.mean([[0, 3][one > 1] for one in draw]) for draw in product(range(4), repeat=4)]
    assert found["rix"] == 1.5 and found["documents"] == 4
    assert [found["rix_low"], found["rix_high"]] == pytest.approx(np.quantile(every, [0.025, 0.975]))
    few = readability(study_of(folder, [("A", text) for text in texts[:3]]), interval=True)
    assert few.filter(regex="_(low|high)$").shape[1] == 12 and few.filter(regex="_(low|high)$").isna().all(axis=None)


def test_where_an_index_is_missing_so_is_its_interval(folder):
    study = study_of(folder, [("A", "Pears ripen.")] * 4)
    merged = analysis.merge_terms(study, aliases={"pears": "fruit"})
    found = readability(merged, interval=True)
    assert found[["flesch", "flesch_low", "flesch_high"]].isna().all(axis=None) and found["lix_low"].notna().all()
