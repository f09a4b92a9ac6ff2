"""A study folder with a fault: each fault gives one problem that names file, row and remedy."""

import hashlib

import pytest
from made_up import HEADER, ROOT, ROWS, with_cell, write_rows

import analysis
from analysis import StudyError
from analysis.corpus import group_labels


def problems(folder):
    """The problems of a folder, as text."""
    with pytest.raises(StudyError) as caught:
        analysis.load(folder)
    return [str(p) for p in caught.value.problems]


def test_a_sound_folder_loads(folder):
    study = analysis.load(folder)
    assert study.documents["doc_id"].tolist() == ["01", "02", "03"]
    assert study.documents["year"].tolist() == ["2001", "2002–2003", "undated"]


BAD_CELLS = [
    (0, "file", "09_none.txt", "row 2: 09_none.txt: the file is missing"),
    (0, "file", "../01_pears.txt", "row 2: “../01_pears.txt” is not the name of a document in the folder"),
    (0, "sha256", "0" * 64, "row 2: 01_pears.txt is not the file that was recorded"),
    (1, "file", "01_pears.txt", "row 3: 01_pears.txt is listed twice (first in row 2)"),
    (1, "date_from", "2002-13-01", "row 3: date_from “2002-13-01” is not a date"),
    (1, "date_from", "30.12.2002", "row 3: date_from “30.12.2002” is not a date"),
    (1, "date_from", "20021230", "row 3: date_from “20021230” is not a date"),
    (1, "date_to", "2002-12-29", "row 3: date_from is after date_to"),
    (1, "date_to", "", "row 3: one of date_from and date_to is empty"),
    (0, "file", "a\0b.txt", "is not the name of a document in the folder"),
    (0, "file", "documents.csv", "is not the name of a document in the folder"),
    (0, "file", "!!!.txt", "is not the name of a document in the folder"),
    (2, "role", "background", "row 4: the role “background” is unknown"),
    (2, "role", "", "row 4: 03_rain.txt has no role"),
    (2, "source", "", "row 4: 03_rain.txt has no source"),
    (2, "source", "garden news", "row 4: the source “garden news” is elsewhere spelled “Garden News”"),
    (2, "source", "Garden News ", "row 4: source “Garden News ” has white space at an end"),
]


@pytest.mark.parametrize(("row", "column", "value", "message"), BAD_CELLS)
def test_bad_cell(folder, row, column, value, message):
    write_rows(folder, with_cell(row, column, value))
    found = [p for p in problems(folder) if message in p]
    assert len(found) == 1
    assert found[0].startswith("documents.csv, row")
    assert found[0].endswith(".")


def test_two_spellings_as_frequent_as_each_other_are_one_problem(folder):
    write_rows(folder, with_cell(0, "source", "GARDEN NEWS")[:2])
    (folder / "03_rain.txt").unlink()
    assert len(problems(folder)) == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\t\n", "the file is empty"),
        (b"\xef\xbb\xbf\n", "the file is empty"),
        ("Pears\n\nGrüße".encode("latin-1"), "it is not UTF-8 text: byte 0xfc at offset 9"),
    ],
)
def test_bad_file(folder, data, message):
    (folder / "01_pears.txt").write_bytes(data)
    assert [message in p and "documents.csv, row 2: 01_pears.txt" in p for p in problems(folder)] == [True]


def test_altered_file_names_the_hash_to_record(folder):
    rows = with_cell(0, "sha256", hashlib.sha256((folder / "01_pears.txt").read_bytes()).hexdigest())
    write_rows(folder, rows)
    assert len(analysis.load(folder).documents) == 3
    changed = (folder / "01_pears.txt").read_bytes() + b"More."
    (folder / "01_pears.txt").write_bytes(changed)
    assert hashlib.sha256(changed).hexdigest() in problems(folder)[0]


def test_unlisted_document(folder):
    (folder / "04_new.txt").write_text("New\n", encoding="utf-8")
    assert problems(folder) == ["04_new.txt: the document is not listed in documents.csv. Add a row for it."]


def test_two_files_with_one_number(folder):
    (folder / "01_other.txt").write_text("Other\n", encoding="utf-8")
    write_rows(folder, [*ROWS, ["01_other.txt", *ROWS[0][1:]]])
    assert "01_other.txt gets the same id, 01, as the file in row 2" in problems(folder)[0]


def test_unknown_column_names_the_likely_one(folder):
    header = ["sourc" if c == "source" else c for c in HEADER]
    write_rows(folder, ROWS, header)
    found = problems(folder)
    assert any("there is no column “source”" in p for p in found)
    assert any("unknown column “sourc”. Did you mean “source”?" in p for p in found)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("actors.yml", "- actor: A\n  forms: {name: [Ann]}\n- actor: B\n  forms: {name: [ann]}\n", "the alias “ann” is claimed by A and by B"),
        ("actors.yml", "- actor: A\n", "entry 1 is not an actor"),
        ("actors.yml", "- actor: A\n  forms: {name: [Ann]}\n  trap: [Ann Street]\n", "A has the unknown field trap. Correct its name, or remove it; there are actor, kind, forms, traps"),
        ("verbs.yml", "- class: talk\n  verb: [say]\n  mutual: [meet]\n", "talk has the unknown field verb"),
        ("frames.yml", "- {frame: F, title: t, definition: d, include: i, exclude: e, example: x, cues: [c], cue: [d]}\n", "frame 1 has the unknown field cue"),
        ("verbs.yml", "- class: talk\n  verbs: say\n", "entry 1 is not a class of verbs"),
        ("verbs.yml", "- verbs: [say]\n", "entry 1 is not a class of verbs"),
        ("verbs.yml", "- class: talk\n  verbs: [call]\n- class: war\n  mutual: [called]\n", "“called” stands there twice, as talk and as war"),
        ("tone.yml", "- category: hedge\n  patterns: []\n", "category 1 has no definition, patterns. Give it category and definition, and lists of words as patterns, small, traps"),
        ("tone.yml", "- may\n", "category 1 has no fields"),
        ("tone.yml", "- {category: hedge, definition: d, patterns: [x], trap: [y]}\n", "category 1 has the unknown field trap"),
        ("tone.yml", "- {category: [h], definition: d, patterns: may, traps: ['--']}\n", "category 1 is not usable in category, patterns, traps"),
        ("tone.yml", "- {category: hedge, definition: d, patterns: [x]}\n- {category: hedge, definition: d, patterns: [y]}\n", "the category hedge stands there twice"),
        ("tone.yml", "- {category: a, definition: d, patterns: [May be]}\n- {category: b, definition: d, patterns: [x], small: [may be]}\n", "the pattern “may be” stands there twice, under a and under b"),
        ("tone.yml", "- {category: a, definition: d, patterns: [x], traps: [X]}\n", "the pattern “x” stands there twice, under a."),
        ("actors.yml", "- actor: A\n  forms: {name: Ann}\n", "“name” of A is not a list of names"),
        ("actors.yml", "- actor: [A\n", "it is not YAML"),
        ("actors.yml", "actor: A\n", "it is not a list"),
        ("frames.yml", "- frame: F\n  title: T\n", "frame 1 has no definition, include, exclude, example, cues"),
        ("actors.yml", "- actor: A\n  forms: {name: [x], name: [y]}\n", "the key name stands there twice"),
        ("actors.yml", "- actor: A\n  forms: {name: ['--']}\n", "“name” of A is not a list of names"),
        ("actors.yml", "- {[a]: b}\n", "a key is not a word"),
        ("actors.yml", "- " + "[" * 5000, "it is nested too deeply"),
        ("frames.yml", "- {frame: [F], title: t, definition: d, include: i, exclude: e, example: x, cues: [c]}\n", "a field of frame 1 is not text"),
        ("frames.yml", "- {frame: F, title: t, definition: d, include: i, exclude: e, example: x, cues: c}\n", "the cues of F are not a list"),
        ("frames.yml", "5\n", "it is not a list"),
        ("cleaning.yml", "- 5\n", "it needs the fields template, when and rules"),
        ("cleaning.yml", "- template: T\n  when: [x]\n  rules: []\n", "is not a pattern"),
        ("cleaning.yml", "- template: T\n  when: 'x'\n  rules: [{kind: residue, line: x}]\n", "a rule has no name"),
        ("cleaning.yml", "- template: T\n  when: 'x'\n  rules: [{rule: r, kind: residue, lien: x}]\n", "unknown field lien"),
        ("cleaning.yml", "- template: T\n  when: 'x'\n  rules: [{rule: r, kind: residue, line: x, to: y}]\n", "rule “r” needs either"),
        ("cleaning.yml", "- template: T\n  when: '('\n  rules: []\n", "template 1 cannot be used"),
        ("cleaning.yml", "- template: T\n  when: 'x'\n  rules: [{rule: r, kind: junk, line: x}]\n", "unknown kind “junk”"),
        ("cleaning.yml", "- template: T\n  when: 'x'\n  rules: [{rule: r, kind: residue}]\n", "rule “r” needs either `line`, or `from`"),
    ],
)  # fmt: skip
def test_bad_lexicon(folder, name, text, message):
    (folder / name).write_text(text, encoding="utf-8")
    found = problems(folder)
    assert len(found) == 1
    assert found[0].startswith(name)
    assert message in found[0]


def test_scalars_of_a_lexicon_are_text(folder):
    """YAML would read NO as false and a day as a date."""
    (folder / "actors.yml").write_text("- actor: NO\n  forms: {name: [2016-02-30, NO, 5]}\n", encoding="utf-8")
    assert analysis.load(folder).actors["alias"].tolist() == ["2016-02-30", "NO", "5"]


def test_a_lexicon_of_comments_declares_nothing(folder):
    (folder / "actors.yml").write_text("# to be written\n", encoding="utf-8")
    assert analysis.load(folder).actors.empty


def test_rows_are_counted_as_a_spreadsheet_counts_them(folder):
    table = folder / "documents.csv"
    head, first, *rest = table.read_text(encoding="utf-8").splitlines()
    broken = first.replace("2001-05-01", "yesterday").replace("Pears", '"Pears\nand more"')
    table.write_text("\n".join([head, "", "", broken, *rest]), encoding="utf-8")
    assert {p.partition(":")[0] for p in problems(folder)} == {"documents.csv, row 4"}


@pytest.mark.parametrize("change", ["{},extra", "{},", "short"])
def test_rows_with_more_or_fewer_cells(folder, change):
    table = folder / "documents.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    lines[1] = change.format(lines[1])
    table.write_text("\n".join(lines), encoding="utf-8")
    assert problems(folder)[0].startswith("documents.csv, row 2: the row has ")


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators_are_named(folder, mark, name):
    table = folder / "documents.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",", mark), encoding="utf-8")
    assert problems(folder) == [
        f"documents.csv, row 1: its columns are separated by {name}. Save it as CSV with commas."
    ]


def test_a_column_that_stands_twice(folder):
    write_rows(folder, [[*r, "x"] for r in ROWS], [*HEADER, "title"])
    assert "the column “title” stands there 2 times" in problems(folder)[0]


def test_a_pattern_that_takes_too_long_is_a_problem_of_the_rule(folder):
    (folder / "cleaning.yml").write_text(
        "- {template: T, when: a, rules: [{rule: slow, kind: residue, line: '(?:a|aa)+b$'}]}\n", encoding="utf-8"
    )
    (folder / "01_pears.txt").write_text("a" * 80, encoding="utf-8")
    with pytest.raises(StudyError, match="the rule “slow” takes over"):
        analysis.load(folder)


def test_numbers_order_the_documents(folder):
    (folder / "10_x.txt").write_text("Ten.", encoding="utf-8")
    (folder / "9_x.txt").write_text("Nine.", encoding="utf-8")
    write_rows(folder, [["10_x.txt", *ROWS[0][1:]], ["9_x.txt", *ROWS[0][1:]], *ROWS])
    assert analysis.load(folder).documents["doc_id"].tolist() == ["01", "02", "03", "9", "10"]


def test_function_words_are_read_as_terms(folder):
    (folder / "stopwords.txt").write_text("\ufeffThe\n  # a remark\ndon’t\n\n", encoding="utf-8")
    assert analysis.load(folder).stop_words == {"the", "don't"}


def test_all_problems_are_listed_at_once(folder):
    rows = with_cell(0, "role", "x")
    rows[1][HEADER.index("date_from")] = "yesterday"
    write_rows(folder, rows)
    (folder / "03_rain.txt").unlink()
    (folder / "actors.yml").write_text("- actor: A\n", encoding="utf-8")
    assert len(problems(folder)) == 4


@pytest.mark.parametrize("content", [None, "", "\n", '"unclosed'])
def test_no_usable_table(folder, content):
    path = folder / "documents.csv"
    path.unlink() if content is None else path.write_text(content)
    assert problems(folder)[0].startswith("documents.csv")


def test_missing_folder(tmp_path):
    assert "there is no such folder" in problems(tmp_path / "none")[0]


def test_byte_order_mark_of_a_spreadsheet_is_no_fault(folder):
    path = folder / "documents.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(analysis.load(folder).documents) == 3


def test_seeds_are_recorded_with_their_hash(seeds):
    for file, recorded in zip(seeds.documents["file"], seeds.documents["sha256"]):
        assert hashlib.sha256((ROOT / "seeds" / file).read_bytes()).hexdigest() == recorded


def test_notes_tell_what_is_worth_a_look(folder):
    remarks = "\n".join(analysis.notes(analysis.load(folder)))
    assert "03: no date is given" in remarks
    assert f"study.yml: there is none; the book is called “{folder.name}”" in remarks
    assert "one source" not in remarks
    assert hashlib.sha256((folder / "01_pears.txt").read_bytes()).hexdigest() in remarks


def test_months(folder):
    """A document whose date may lie in two months is in neither, and is called by both."""
    study = analysis.load(folder)
    assert group_labels(study, "month").tolist() == ["2001-05", "2002-12–2003-01", "undated"]
    assert analysis.select(study, month="2001-05").documents["doc_id"].tolist() == ["01"]
