"""Who is quoted: made-up sentences, the speakers of their quotations written down before they were looked for."""

import pytest
from made_up import study_of

import analysis
from analysis import StudyError

ACTORS = "- actor: Freedonia\n  forms: {name: [Freedonia], adjective: [Freedonian], leader: [Firefly]}\n  traps: [Freedonia Street]\n"
SENTENCES = [
    # before the quotation
    ("Rufus Firefly said: “We are ready”", ["Rufus Firefly"]),
    ("President Firefly called the plan “a great step”", ["President Firefly"]),
    ("On Monday, Firefly told reporters that the talks were “useful”", ["Firefly"]),
    ("After the visit to Sylvania, Firefly described the talks as “frank”", ["Firefly"]),
    ("Freedonia’s foreign ministry denounced and called the claim “baseless”", ["Freedonia’s foreign ministry"]),
    ("Freedonia’s head of state alleged that the law was “made abroad”", ["Freedonia’s head of state"]),
    ("Freedonian media noted “a lack of will”", ["Freedonian media"]),
    ("According to Gloria Teasdale, the loan was “a gift”", ["Gloria Teasdale"]),
    ("The bank, according to Gloria Teasdale, is “sound”", ["Gloria Teasdale"]),
    ("Firefly said the loan was “a gift” and that Freedonia was “rich”", ["Firefly", "Firefly"]),
    ("Firefly said “yes”; Trentino said “no”", ["Firefly", "Trentino"]),
    # after it
    (
        "“We sold it,” said Farmers' Union chairman Bob Reed. “No,” the Workers' Party said",
        ["Farmers' Union", "Workers' Party"],
    ),
    ("“We are ready,” said Rufus Firefly", ["Rufus Firefly"]),
    ("“We are ready,” Firefly declared", ["Firefly"]),
    ("“We,” Firefly added, “are ready”", ["Firefly", "Firefly"]),
    ('"We are ready," Firefly said', ["Firefly"]),
    # a pronoun
    ("Firefly spoke first. He said “yes”", ["Firefly"]),
    ("Firefly praised the bridge, and he added that it was “long”", ["Firefly"]),
    ("Gloria Teasdale left. “Never again,” she said", ["Gloria Teasdale"]),
    ("The mediator, Judge Vandermere, came. “Too late,” she said", ["Judge Vandermere"]),
    ("It rained. He said “yes”", [""]),
    # nobody
    ("The so-called “Duck War” began in May", [""]),
    ("Freedonia is a “partner” of Sylvania", [""]),
    ("The ‘peacemaker’ status of Freedonia", [""]),
    ("The claims of Freedonia concern “the valley”", [""]),
]


@pytest.mark.parametrize(("text", "speakers"), SENTENCES)
def test_sentences(folder, text, speakers):
    assert analysis.quotations(study_of(folder, [("A", text)]))["speaker"].tolist() == speakers


def test_the_columns(folder):
    study_of(folder, [("A", "It rained. Firefly said that “Sylvania’s ‘plan’ is bad”, on Freedonia Street")])
    (folder / "actors.yml").write_text(ACTORS, encoding="utf-8")
    row = analysis.quotations(analysis.load(folder)).iloc[0]
    text = (folder / "00.txt").read_text(encoding="utf-8")
    assert text[row["start"] : row["end"]] == row["text"] == "Sylvania’s ‘plan’ is bad"
    found = row[["words", "speaker", "verb", "actor", "source", "sentence_id"]].tolist()
    assert found == [4, "Firefly", "said", "Freedonia", "A", "00-2"]


def test_without_quotations_and_without_actors(folder):
    assert analysis.quotations(study_of(folder, [("A", "Nothing is quoted here")])).empty
    assert analysis.quotations(study_of(folder, [("A", "Firefly said “yes”")]))["actor"].tolist() == [""]


def test_the_quotations_of_the_seeds_are_those_of_a_reader(seeds):
    """All of them, and the speakers but one: of “a ceasefire violation” a noun reports, no verb."""
    read = analysis.read_quotations(seeds)
    found = analysis.quotations(seeds)
    assert found[["sentence_id", "text"]].to_numpy().tolist() == read[["sentence_id", "quoted"]].to_numpy().tolist()
    wrong = [not (name in own if name else not own) for name, own in zip(read["speaker"], found["speaker"])]
    assert read["quoted"][wrong].tolist() == ["a ceasefire violation"]
    held = analysis.speaker_validity(seeds, read)
    assert (held["found_by"] == "both").all()
    assert held.loc[~held["agree"], "quoted"].tolist() == ["a ceasefire violation"]


HEAD = "sentence_id,quoted,speaker,speaks_for\n"
TEXT = "Firefly said “yes” and “no”. It rained. Trentino said “no” and again “no”"


def read_of(folder, *rows):
    """A study of one document, and what a reader has found in it."""
    study = study_of(folder, [("A", TEXT)])
    (folder / "quotations.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return study, analysis.read_quotations(study)


def test_a_study_without_a_reading_has_none(folder):
    table = analysis.read_quotations(analysis.load(folder))
    assert table.empty and table.columns.tolist() == HEAD.strip().split(",")


def test_the_rules_against_a_reader(folder):
    """One that only the reader has, one that only the rules have, one with another speaker."""
    rows = ("00-1,yes,Rufus Firefly,Freedonia", "00-2,rained,,", "00-3,no,Firefly,", "00-3,no,trentino,")
    study, read = read_of(folder, *rows)
    assert read.iloc[0].tolist() == ["00-1", "yes", "Rufus Firefly", "Freedonia"]
    held = analysis.speaker_validity(study, read)
    assert held[["sentence_id", "quoted", "found_by", "reader", "rules", "agree"]].to_numpy().tolist() == [
        ["00-1", "no", "rules", "", "Firefly", False],
        ["00-1", "yes", "both", "Rufus Firefly", "Firefly", True],
        ["00-2", "rained", "reader", "", "", False],
        ["00-3", "no", "both", "Firefly", "Trentino", False],
        ["00-3", "no", "both", "trentino", "Trentino", True],
    ]
    assert set(held["source"]) == {"A"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("00-9,yes,Firefly,", "there is no sentence “00-9”"),
        ("00-1,,Firefly,", "nothing is quoted"),
        ("00-2,yes,Firefly,", "“yes” does not begin in 00-2"),
        ("00-2,no,Firefly,", "“no” does not begin in 00-2"),
        ("00-1,Yes,Firefly,", "“Yes” does not begin in 00-1"),
        ("00-1,yes,,Freedonia", "“Freedonia” is spoken for, and nobody speaks"),
    ],
)
def test_faults_of_a_reading_are_told_with_their_row(folder, row, said):
    with pytest.raises(StudyError, match=f"quotations.csv, row 3: {said}"):
        read_of(folder, "00-1,yes,Firefly,", row)
