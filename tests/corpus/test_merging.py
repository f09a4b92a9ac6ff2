"""Terms that count as others: the counts add up, and the text stays."""

import re

import numpy as np
import pytest

import analysis
from analysis import StudyError

# Porter, M. F. (2001), Snowball: the sample vocabulary of the English stemmer, in its documentation
STEMS = {
    "consigned": "consign", "consignment": "consign", "consistency": "consist", "consisting": "consist",
    "consolation": "consol", "knightly": "knight", "knives": "knive", "knots": "knot", "knocking": "knock",
}  # fmt: skip


def counts(study):
    return analysis.frequency(study, by="document").groupby("term")["count"].sum()


def test_aliases_add_up_and_the_text_stays(seeds):
    merged = analysis.merge_terms(seeds, aliases={"Baku’s": "AZERBAIJAN", "Minsk": "belarus", "zebra": "horse"})
    before, after = counts(seeds), counts(merged)
    assert after["azerbaijan"] == before["azerbaijan"] + before["baku"]
    assert after["belarus"] == before["belarus"] + before["minsk"]
    assert not {"baku", "minsk", "zebra", "horse"} & set(after.index) and after.sum() == before.sum()
    others = before.index.difference(["azerbaijan", "baku", "belarus", "minsk"])
    assert after[others].equals(before[others])
    lines = analysis.kwic(merged, "azerbaijan")
    assert {re.sub("[’']s$", "", match) for match in lines["match"]} == {"Azerbaijan", "Baku"}
    assert len(lines) == after["azerbaijan"]


def test_stems_are_those_of_the_published_sample(folder):
    (folder / "01_pears.txt").write_text(" ".join(STEMS), encoding="utf-8")
    study = analysis.merge_terms(analysis.load(folder), stem="english")
    found = analysis.frequency(study, by="document").query("group == '01'").set_index("term")["count"]
    assert found.to_dict() == {stem: list(STEMS.values()).count(stem) for stem in STEMS.values()}


def test_a_vocabulary_that_is_mapped_stays_sorted_and_whole(seeds):
    index = analysis.merge_terms(seeds, stem="english").index
    assert index.terms.tolist() == sorted(set(index.terms))
    assert index.ids.dtype == np.int32 and len(index.ids) == len(seeds.index.ids)
    assert set(index.ids) == set(range(len(index.terms)))


def test_a_search_is_mapped_too(seeds):
    merged = analysis.merge_terms(seeds, aliases={"Baku": "azerbaijan"}, stem="english")
    for pattern in ("partner", "relations", "Military weapons", "strategic partnership"):
        assert len(analysis.kwic(merged, pattern)) >= len(analysis.kwic(seeds, pattern))
    assert analysis.kwic(merged, "partners").equals(analysis.kwic(merged, "partner"))
    assert len(analysis.kwic(merged, "Baku")) == len(analysis.kwic(seeds, ["baku", "azerbaijan"]))
    part = analysis.select(merged, role="ties")
    assert len(analysis.kwic(part, "partners")) == len(analysis.kwic(part, "partner")) > 0
    assert {"onli", "howev"} <= merged.stop_words


def test_words_that_are_merged_twice_are_searched_as_both_say(seeds):
    once = analysis.merge_terms(seeds, aliases={"baku": "partners"}, stem="english")
    twice = analysis.merge_terms(analysis.merge_terms(seeds, aliases={"baku": "partners"}), stem="english")
    assert len(analysis.kwic(twice, "Baku")) == len(analysis.kwic(once, "Baku")) > len(analysis.kwic(seeds, "Baku"))
    assert np.array_equal(once.index.ids, twice.index.ids)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"aliases": {"Nagorno Karabakh": "karabakh"}}, "“Nagorno Karabakh” is not one word"),
        ({"aliases": {"karabakh": "Nagorno Karabakh"}}, "“Nagorno Karabakh” is not one word"),
        ({"aliases": {"baku": ""}}, "“” is not one word"),
        ({"aliases": {"Baku": "azerbaijan", "baku’s": "turkey"}}, "is to count as two"),
        ({"aliases": {"baku": "azerbaijan", "azerbaijan": "azeri"}}, "“azerbaijan” is to count as another word"),
        ({"stem": "klingon"}, "there is no “klingon”. Choose one of: .*english"),
    ],
)
def test_what_cannot_be_mapped_is_said(seeds, options, said):
    with pytest.raises(StudyError, match=said):
        analysis.merge_terms(seeds, **options)


def test_a_list_of_aliases(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("term,counts_as\nazeri,azerbaijani\n", encoding="utf-8")
    assert analysis.read_aliases(path) == {"azeri": "azerbaijani"}
    path.write_text("term,counts_as\nloaf,Bread\n“Loaf”,bread\n", encoding="utf-8")
    assert analysis.read_aliases(path) == {"loaf": "bread"}
    path.write_text("term,counts_as\na,b\nA,c\nd,e f\n", encoding="utf-8")
    with pytest.raises(StudyError) as error:
        analysis.read_aliases(path)
    assert str(error.value).splitlines() == [
        "a.csv, row 3: “A” is to count as “b” and as “c”. Leave one of them out.",
        "a.csv, row 4: “e f” is not one word. Give single words.",
    ]
