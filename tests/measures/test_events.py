"""Who does what to whom: made-up sentences whose events were written down before they were looked for."""

import pytest
from made_up import ROOT, study_of

import analysis
from analysis import StudyError
from analysis.corpus.english import regular_forms

ACTORS = """
- actor: Freedonia
  kind: state
  forms: {name: [Freedonia], adjective: [Freedonian, Freedonians], capital: [Fredville], leader: [Firefly]}
- actor: Sylvania
  kind: state
  forms: {name: [Sylvania], adjective: [Sylvanian], capital: [Sylville], leader: [Trentino]}
- actor: Ruritania
  kind: state
  forms: {name: [Ruritania], adjective: [Ruritanian], capital: [Strelsau], leader: [Rassendyll]}
  traps: [Strelsau Group]
- actor: Blue Valley
  kind: place
  forms: {name: [Blue Valley]}
"""
F, S, R = "Freedonia", "Sylvania", "Ruritania"
SAID, DONE = "verbal cooperation", "material cooperation"
AGAINST, WAR = "verbal conflict", "material conflict"
SENTENCES = {
    # the order of words
    "Freedonia supplied ten aeroplanes to Sylvania": {(F, DONE, S)},
    "President Firefly thanked the Sylvanian people": {(F, SAID, S)},
    "Fredville accused Sylville of lying": {(F, AGAINST, S)},
    "Freedonian media praised Sylvania": {(F, SAID, S)},
    "Freedonia’s foreign minister rejected the claims of Sylvania": {(F, AGAINST, S)},
    "Freedonia occupied the Blue Valley": set(),
    "Freedonia praised the Strelsau Group": set(),
    "Freedonia praised itself": set(),
    # turned round
    "Trentino was received by President Firefly": {(F, SAID, S)},
    "The ambassador of Sylvania to Ruritania was received by Firefly": set(),  # the ambassador is no named actor
    "Sylvania was attacked at dawn by Freedonia and Ruritania": {(F, WAR, S), (R, WAR, S)},
    "Guns bought by Freedonia from Sylvania rust": set(),  # nothing was named before
    "Sylvania was attacked near Fredville": set(),
    "Sylvanian tanks purchased by Freedonia rust": {(F, DONE, S)},
    # what a preposition governs acts on nobody
    "After talks in Sylvania, Freedonia invaded Ruritania": {(F, WAR, R)},
    "Freedonia acted as a cushion for Sylvania by lending money to Ruritania": {(F, DONE, R)},
    "In Strelsau, Sylvania condemned Freedonia": {(S, AGAINST, F)},
    # several at once
    "Freedonia and Sylvania rejected the claims of Ruritania": {(F, AGAINST, R), (S, AGAINST, R)},
    "Freedonia invited Sylvania and Ruritania": {(F, SAID, S), (F, SAID, R)},
    "Freedonia and Sylvania cooperated closely": {(F, DONE, S), (S, DONE, F)},
    "Firefly met Trentino": {(F, SAID, S), (S, SAID, F)},
    "Firefly thanked Trentino, and Rassendyll accused Firefly": {(F, SAID, S), (R, AGAINST, F)},
    # how far a sentence reaches
    "Freedonia praised peace; Sylvania slept": set(),
    "Freedonia bombs. Sylvania sleeps": set(),
    "Freedonia is a partner of Sylvania": set(),
}


@pytest.fixture
def found(folder):
    """What is found in a text."""

    def events(text):
        study_of(folder, [("A", text)])
        (folder / "actors.yml").write_text(ACTORS, encoding="utf-8")
        (folder / "verbs.yml").write_bytes((ROOT / "seeds" / "verbs.yml").read_bytes())
        return analysis.events(analysis.load(folder))

    return events


@pytest.mark.parametrize(("text", "expected"), SENTENCES.items())
def test_sentences(found, text, expected):
    assert set(found(text)[["actor", "class", "target"]].itertuples(index=False, name=None)) == expected


def test_what_is_denied_and_what_is_foreseen(found):
    table = found(
        "Freedonia did not attack Sylvania. Freedonia will attack Sylvania. Freedonia attacked Sylvania. "
        "Freedonia hopes to attack Sylvania. Close to Fredville, Freedonia attacked Sylvania"
    )
    assert table["negated"].tolist() == [True, False, False, False, False]
    assert table["modal"].tolist() == [False, True, False, True, False]
    assert table["passive"].any() == False  # noqa: E712


def test_a_verb_has_its_place(found, folder):
    table = found("Sylvania slept. Trentino was received by Firefly")
    text = (folder / "00.txt").read_text(encoding="utf-8")
    row = table.iloc[0]
    assert text[row["start"] : row["end"]] == row["verb"] == "received"
    assert (row["sentence_id"], row["passive"], row["source"]) == ("00-2", True, "A")


def test_counts_add_up(folder):
    study_of(
        folder, [("A", "Freedonia attacked Sylvania. Freedonia did not attack Sylvania"), ("B", "Firefly met Trentino")]
    )
    (folder / "actors.yml").write_text(ACTORS, encoding="utf-8")
    (folder / "verbs.yml").write_bytes((ROOT / "seeds" / "verbs.yml").read_bytes())
    table = analysis.event_counts(analysis.load(folder))
    columns = ["actor", "target", "class", "group", "count", "denied", "foreseen", "documents", "sentences"]
    assert table[columns].to_numpy().tolist() == [
        [F, S, WAR, "A", 2, 1, 0, 1, "00-1 00-2"],
        [F, S, SAID, "B", 1, 0, 0, 1, "01-1"],
        [S, F, SAID, "B", 1, 0, 0, 1, "01-1"],
    ]


def test_validity_is_counted_by_hand(folder):
    study_of(folder, [("A", "Freedonia attacked Sylvania. Firefly met Trentino. Freedonia thanked Sylvania")])
    (folder / "actors.yml").write_text(ACTORS, encoding="utf-8")
    (folder / "verbs.yml").write_bytes((ROOT / "seeds" / "verbs.yml").read_bytes())
    study = analysis.load(folder)
    rows = ["sentence_id,actor,class,target,words", f"00-1,{F},{WAR},{S},attacked", f"00-1,{S},{WAR},{F},attacked"]
    rows += [f"00-2,{F},{SAID},{S},met", f"00-3,{F},{DONE},{S},thanked"]
    (folder / "events.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    table = analysis.event_validity(study, analysis.read_events(study, folder / "events.csv")).set_index("class")
    counts = table[["coded", "found", "both"]].to_numpy().tolist()
    assert dict(zip(table.index, counts)) == {
        SAID: [1, 3, 1], DONE: [1, 0, 0], AGAINST: [0, 0, 0], WAR: [2, 1, 1], "all classes": [4, 4, 2], "pairs": [4, 4, 3],
    }  # fmt: skip
    assert table.loc["all classes", ["precision", "recall", "f1"]].tolist() == [0.5, 0.5, 0.5]
    assert table.loc[DONE, ["precision", "recall", "f1"]].isna().tolist() == [True, False, False]
    assert table.loc[AGAINST, ["precision", "recall", "f1"]].isna().all()


def test_events_that_cannot_be_read(folder):
    study_of(folder, [("A", "Freedonia attacked Sylvania")])
    (folder / "actors.yml").write_text(ACTORS, encoding="utf-8")
    (folder / "verbs.yml").write_bytes((ROOT / "seeds" / "verbs.yml").read_bytes())
    study = analysis.load(folder)
    (folder / "events.csv").write_text(
        f"sentence_id,actor,class,target,words\n00-9,{F},kindness,Narnia,x\n", encoding="utf-8"
    )
    with pytest.raises(StudyError) as error:
        analysis.read_events(study, folder / "events.csv")
    assert [(p.row, p.what) for p in error.value.problems] == [
        (2, "there is no sentence “00-9”"), (2, "there is no class “kindness”"), (2, "there is no target “Narnia”"),
    ]  # fmt: skip


def test_without_a_lexicon(folder):
    with pytest.raises(StudyError, match="the study lists no actors"):
        analysis.events(analysis.load(folder))
    (folder / "actors.yml").write_text(ACTORS, encoding="utf-8")
    with pytest.raises(StudyError, match="the study lists no verbs"):
        analysis.events(analysis.load(folder))


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("accuse", "accuses accused accusing"), ("deny", "denies denied denying"), ("obey", "obeys obeyed obeying"),
        ("tax", "taxes taxed taxing"), ("attach", "attaches attached attaching"), ("veto", "vetoes vetoed vetoing"),
        ("free", "frees freed freeing"), ("help", "helps helped helping"),
    ],
)  # fmt: skip
def test_regular_forms(verb, forms):
    assert regular_forms(verb) == [verb, *forms.split()]
