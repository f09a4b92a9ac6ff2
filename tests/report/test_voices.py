"""The chapter Voices: its tables recounted, and its sentences at none, one and several."""

import pandas as pd
import pytest
from made_up import study_of

import analysis
from analysis.report import voices

ACTORS = """
- {actor: Freedonia, kind: state, forms: {name: [Freedonia]}}
- {actor: Sylvania, kind: state, forms: {name: [Sylvania]}}
- {actor: Duck Club, kind: club, forms: {name: [Duck Club]}}
"""
OUTLETS = "outlet,name,country,source\nDaily,The Daily,Freedonia,\nMoon,Moon,,\nA Post,A Post,Freedonia,A\n"
TONE = "- {category: hedge, definition: d, patterns: [perhaps]}\n- {category: loaded, definition: d, patterns: [vile], traps: [so vile]}\n"
CITING = "It is so (Daily, Moon, May 3, 2001). Sylvania paid (Daily, May 4, 2001). Nobody knew (A Post, May 5, 2001)"
QUOTING = "Firefly said “yes”. A “plan” is made. Freedonia said “no”"


def study_with(folder, texts, **files):
    """A study of these texts, and of these files."""
    study_of(folder, texts)
    endings = {"actors": "yml", "tone": "yml", "outlets": "csv", "quotations": "csv"}
    for name, text in files.items():
        (folder / f"{name}.{endings[name]}").write_text(text, encoding="utf-8")
    return analysis.load(folder)


def found(study):
    """What the chapter finds."""
    cited, quoted = analysis.citations(study), analysis.quotations(study)
    return voices.voices_findings(study, study, cited, quoted, analysis.read_quotations(study))


def sentence(given):
    return given if isinstance(given, str) else given.sentence


def test_a_bare_study_says_what_to_write(folder):
    study = study_with(folder, [("A", "Nothing"), ("B", "Nothing")])
    said = {name: sentence(one) for name, one in found(study).items()}
    assert list(said) == ["voices_who", "voices_quoted", "voices_tone", "voices_verdict"]
    assert said["voices_who"] == "No document cites an outlet and a day in parentheses."
    assert said["voices_quoted"] == "Nothing stands between quotation marks."
    assert "tone.yml" in said["voices_tone"] and "quotations.csv" in voices.judged(voices.held_against(study, read()))
    assert next(iter(found(study).values())).sure.startswith("Descriptive only")
    cited, quoted = analysis.citations(study), analysis.quotations(study)
    for table, columns in (
        (voices.outlets(cited), set(voices.OUTLETS)),
        (voices.unheard(study, cited), {"actor", "named", "items", "sentences"}),
        (voices.speakers(quoted), {"source", "quotations", "with_speaker", "words", "sentences"}),
        (voices.tone_lists(study), {"category", "definition", "patterns"}),
        (voices.tones(study), set(voices.TONE)),
        (voices.tones(study, by="document"), set(voices.TONE)),
        (voices.held_against(study, read()), set(voices.HELD)),
    ):
        assert table.empty and columns <= set(table)


def read(*rows):
    """What a reader has found."""
    return pd.DataFrame(rows, columns=["sentence_id", "quoted", "speaker", "speaks_for"], dtype=str)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([("A", CITING), ("B", "Nothing")], "In parentheses A cites 4 items; B cites none."),
        ([("A", CITING), ("B", "Nothing"), ("C", "Nothing")], "In parentheses A cites 4 items; B and C cite none."),
        (
            [("A", CITING), ("B", "It is (Daily, May 3, 2001)")],
            "In parentheses A cites 4 items and B cites 1 item.",
        ),
    ],
)
def test_who_cites(folder, texts, said):
    study = study_with(folder, texts)
    assert voices.who_cites(study, analysis.citations(study)) == said


def test_whose_outlets(folder):
    """Two items of the Daily, one of the Moon, whose country the list leaves open; the own article is left out."""
    study = study_with(folder, [("A", CITING), ("B", "Nothing")], outlets=OUTLETS)
    given = voices.whose_outlets(study, analysis.citations(study))
    assert given.sentence == (
        "Of 3 items not the source’s own, the country is known for 2: Freedonia 2; for 1 it is not established."
    )
    assert given.sentence_ids == ["00-1", "00-2"]
    own = analysis.citations(study).query("self")
    assert voices.whose_outlets(study, own).sentence == "No source cites any other than itself."
    moon = analysis.citations(study).query("outlet == 'Moon'")
    assert "is known for 0; for 1 it is not established." in voices.whose_outlets(study, moon).sentence
    bare = study_with(folder, [("A", CITING), ("B", "Nothing")])
    (folder / "outlets.csv").unlink(missing_ok=True)
    bare = analysis.load(folder)
    assert "outlets.csv" in voices.whose_outlets(bare, analysis.citations(bare)).sentence


def test_outlets_by_name_or_as_cited(folder):
    study = study_with(folder, [("A", f"{CITING}. More (Sun, May 6, 2001)"), ("B", "Nothing")], outlets=OUTLETS)
    table = voices.outlets(analysis.citations(study))
    assert table[["source", "name", "country", "own", "items", "first", "last", "sentences"]].to_numpy().tolist() == [
        ["A", "The Daily", "Freedonia", "", 2, "2001-05-03", "2001-05-04", "00-1 00-2"],
        ["A", "A Post", "Freedonia", "itself", 1, "2001-05-05", "2001-05-05", "00-3"],
        ["A", "Moon", "", "", 1, "2001-05-03", "2001-05-03", "00-1"],
        ["A", "Sun", "", "", 1, "2001-05-06", "2001-05-06", "00-4"],
    ]


def test_countries_that_are_named_and_not_cited(folder):
    """Sylvania is named six times where A cites, Freedonia five times; the club is no country, and B does not cite."""
    text = CITING + ". Sylvania lost" * 5 + ". Freedonia won" * 5 + ". The Duck Club met" * 9
    texts = [("A", text), ("B", "Sylvania won")]
    study = study_with(folder, texts, outlets=OUTLETS, actors=ACTORS)
    table = voices.unheard(study, analysis.citations(study))
    assert table[["actor", "named", "items"]].to_numpy().tolist() == [["Sylvania", 6, 0], ["Freedonia", 5, 2]]
    cited = analysis.citations(study)
    given = voices.missing_countries(table, cited)
    assert (
        given.sentence == "A names Sylvania in 6 sentences. Of the 2 items whose country is known, none is from there."
    )
    assert len(given.sentence_ids) == 6
    unknown, several = cited.assign(country=["", *cited["country"][1:]]), [cited, cited.assign(source="B")]
    assert "Of the 1 item whose" in voices.missing_countries(table, unknown).sentence
    assert voices.missing_countries(table.assign(items=0), pd.concat(several)).sentence.startswith(
        "The sources that cite name Sylvania in 6 sentences and Freedonia in 5 sentences. Of the 4 items"
    )
    assert "an outlet is cited" in voices.missing_countries(table.assign(items=1), cited).sentence
    assert "voices_unheard" in found(study)


def test_who_is_quoted_by_the_rules_or_by_a_reader(folder):
    study = study_with(folder, [("A", QUOTING), ("B", "Nothing")], actors=ACTORS)
    quoted = analysis.quotations(study)
    rules = voices.who_is_quoted(study, quoted, read())
    assert rules.sentence == (
        "Of 3 stretches between quotation marks the rules give 2 a speaker, all in A. Named most often as speakers: Freedonia 1 "
        "and others 1."
    )
    assert rules.sentence_ids == ["00-1", "00-3"]
    own = read(("00-1", "yes", "Firefly", "Freedonia"), ("00-2", "plan", "", ""), ("99-1", "elsewhere", "X", "Y"))
    assert voices.who_is_quoted(study, quoted, own).sentence == (
        "Of 2 stretches between quotation marks the reading gives 1 a speaker, in A. They speak most often for: Freedonia 1."
    )
    silent = read(("00-2", "plan", "", ""))
    assert voices.who_is_quoted(study, quoted, silent).sentence == (
        "Of 1 stretch between quotation marks the reading gives none a speaker."
    )
    both = study_with(folder, [("A", QUOTING), ("B", QUOTING)])
    said = voices.who_is_quoted(both, analysis.quotations(both), read()).sentence
    assert said == "Of 6 stretches between quotation marks the rules give 4 a speaker: 2 in A and 2 in B."
    table = voices.speakers(analysis.quotations(both))
    assert table[["source", "quotations", "with_speaker", "words"]].to_numpy().tolist() == [
        ["A", 3, 2, 3],
        ["B", 3, 2, 3],
    ]
    assert table["sentences"].tolist() == ["00-1 00-2 00-3", "01-1 01-2 01-3"]


def test_the_rules_are_judged_by_a_reader(folder):
    study = study_with(folder, [("A", QUOTING)])
    right = [("00-1", "yes", "Firefly", ""), ("00-2", "plan", "", ""), ("00-3", "no", "Freedonia", "")]

    def said(*rows):
        return voices.judged(voices.held_against(study, read(*rows)))

    assert said(*right) == (
        "Of 3 quotations of the reading the rules find 3, and no others. On the speaker, or on there being none, they agree "
        "with it in 3 of 3."
    )
    assert said(right[0]).startswith(
        "Of 1 quotation of the reading the rules find 1, and 2 that the reading does not have."
    )
    wrong = said(("00-1", "yes", "Trentino", ""), *right[1:], ("00-3", "Freedonia", "", ""))
    assert wrong.startswith("Of 4 quotations of the reading the rules find 3, and no others.") and wrong.endswith(
        "2 of 3."
    )
    none = said(("00-3", "Freedonia", "", ""))
    assert none == "Of 1 quotation of the reading the rules find none, and 3 that the reading does not have."


def test_tone_in_words(folder):
    texts = [("A", "Perhaps. No. No. No"), ("B", "Perhaps. Perhaps. It is vile. No")]
    study = study_with(folder, texts, tone=TONE)
    assert voices.tone_range(voices.tones(study)) == (
        "By source, the part of the sentences with a word of each list: hedge, 25% (1 of 4) in A to 50% (2 of 4) in B; "
        "loaded, 0% (0 of 4) in A to 25% (1 of 4) in B."
    )
    long = study_with(folder, [texts[0], ("B", f"Perhaps. Perhaps{' and so on' * 20}. It is vile")], tone=TONE)
    assert voices.tone_range(voices.tones(long)).endswith(
        f"Per 10,000 words, another source has most: hedge, {1e4 / 4:.1f} in A against {2e4 / 65:.1f} in B."
    )
    one = voices.tones(study).query("group == 'B'")
    assert (
        voices.tone_range(one)
        == "The part of the source’s sentences with a word of each list: hedge, 50% (2 of 4) in B; "
        "loaded, 25% (1 of 4) in B."
    )
    assert voices.tone_lists(study)[["category", "patterns"]].to_numpy().tolist() == [["hedge", 1], ["loaded", 1]]


def test_long_lists_break_off(folder):
    texts = [(name, "It is (Daily, May 3, 2001)") for name in "ABCDEFG"]
    study = study_with(folder, texts)
    said = voices.who_cites(study, analysis.citations(study))
    assert said.endswith("E cites 1 item and 2 more.")
