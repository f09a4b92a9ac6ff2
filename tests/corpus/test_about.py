"""What a study says of itself: fields, prose and their places; every fault is named."""

import pytest
from made_up import DOCUMENTS

import analysis
from analysis import StudyError


def write_prose(folder, chapter, text):
    (folder / "commentary").mkdir(exist_ok=True)
    (folder / "commentary" / f"{chapter}.md").write_text(text, encoding="utf-8")


def test_a_study_without_a_word_about_itself_is_called_after_its_folder(folder):
    study = analysis.load(folder)
    assert study.about == (folder.name, "the subject", "", "", "")
    assert study.folder == folder and study.commentary.empty


def test_what_is_said_is_taken_and_the_rest_is_as_before(folder):
    (folder / "study.yml").write_text("title: Pears & plums\nsubject: fruit\n", encoding="utf-8")
    assert analysis.load(folder).about[:3] == ("Pears & plums", "fruit", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- title", "study.yml: it is not a list of fields"),
        (
            "titel: x",
            "study.yml: the field “titel” is unknown. Known fields: title, subject, authors, description, licence.",
        ),
        ("title: [x]", "study.yml: “title” is not a text"),
        ("title: ''", "study.yml: “title” is not a text"),
        ("title: x\ntitle: y", "study.yml: it is not YAML (the key title stands there twice"),
    ],
)
def test_a_fault_in_what_is_said_is_named(folder, text, message):
    (folder / "study.yml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        analysis.load(folder)
    assert message in str(caught.value)


def test_prose_goes_to_its_chapter_and_place(folder):
    write_prose(folder, "words", "# opening\n\nFruit *matters*.\n\n# limits\nToo few pears.\n")
    rows = analysis.load(folder).commentary
    assert rows.to_numpy().tolist() == [["words", "opening", "Fruit *matters*."], ["words", "limits", "Too few pears."]]


@pytest.mark.parametrize(
    ("chapter", "text", "message"),
    [
        ("pears", "# opening\nx", "commentary/pears.md: there is no chapter “pears”. Name the file after one of: index, "),
        ("words", "x\n# opening\ny", "commentary/words.md: text stands before the first heading. Begin with “# opening”."),
        ("words", "# end\nx", "commentary/words.md: the heading “end” is no place for text, or stands there twice."),
        ("words", "# opening\nx\n# opening\ny", "the heading “opening” is no place for text, or stands there twice"),
    ],
)  # fmt: skip
def test_prose_without_a_place_is_an_error(folder, chapter, text, message):
    write_prose(folder, chapter, text)
    with pytest.raises(StudyError) as caught:
        analysis.load(folder)
    assert message in str(caught.value)


def test_ids_and_quotations_are_held_against_the_documents(folder):
    assert "Pears sell well." in DOCUMENTS["01_pears.txt"]
    write_prose(folder, "words", "# reading\nIt says “pears sell” (01-2), “pears sell” (01-1, 01-2) and (2001-2).\n")
    analysis.check_commentary(analysis.load(folder))
    write_prose(folder, "words", '# reading\nIt says "plums sell" (01-2) and more (01-7).\n')
    with pytest.raises(StudyError) as caught:
        analysis.check_commentary(analysis.load(folder))
    assert [(p.file, p.what) for p in caught.value.problems] == [
        ("commentary/words.md, reading", "there is no sentence 01-7"),
        ("commentary/words.md, reading", "“plums sell” does not stand in 01-2"),
    ]


def test_the_environment_names_the_study_to_read(folder, monkeypatch):
    monkeypatch.setenv("STUDY", str(folder))
    assert analysis.load().folder == folder
    monkeypatch.delenv("STUDY")
    assert analysis.load().folder.name == "seeds"
