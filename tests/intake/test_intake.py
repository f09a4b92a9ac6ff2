"""A folder of files becomes a study; what a file does not say stays empty; what cannot be read is named."""

import csv
import json
import random
import zipfile

import pandas as pd
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from made_up import ROOT
from matplotlib.figure import Figure

import analysis
from analysis import StudyError
from analysis.intake.formats import READERS, TABLES, read_drafts

BODY = ["The orchard’s pears are ripe, and the growers are glad of it.", "They sell well in the valley this year."]
BOMB = (
    "a: &a [x, x]\n"
    + "\n".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefghij", "bcdefghijk"))
    + "\ntitle: *k"
)
PAGE = """<html lang="en"><head><title>Pears are ripe</title><meta property="og:site_name" content="Fruit Post">
<meta property="article:published_time" content="2001-05-01T08:00:00Z"><link rel="canonical" href="https://example.org/p"></head>
<body><nav><a href="/">Home</a><a href="/x">About</a></nav><article><h1>Pears are ripe</h1><p>{}</p></article>
<footer>© 2026 Fruit Post</footer></body></html>"""


def write_html(path):
    path.write_text(PAGE.format("</p><p>".join(BODY * 3)), encoding="utf-8")


def write_docx(path):
    document = Document()
    document.core_properties.title = "Pears are ripe"
    for text in BODY:
        document.add_paragraph(text)
    document.save(path)


def write_pdf(path):
    figure = Figure()
    for line, text in enumerate(BODY):
        figure.text(0.05, 0.9 - 0.1 * line, text, fontsize=6)
    figure.savefig(path, format="pdf")


def write_text(path):
    path.write_text("Pears are ripe\n\n" + "\n\n".join(BODY) + "\n", encoding="utf-8")


WRITERS = {"a.html": write_html, "a.docx": write_docx, "a.pdf": write_pdf, "a.txt": write_text, "a.md": write_text}


@pytest.mark.parametrize(("name", "write"), WRITERS.items())
def test_each_kind_of_file_gives_its_text(tmp_path, name, write):
    write(tmp_path / name)
    (draft,) = read_drafts(tmp_path / name)
    assert all(sentence in " ".join(draft.text.split()) for sentence in BODY)
    assert "About" not in draft.text
    if name != "a.pdf":
        assert draft.title == "Pears are ripe"
        assert draft.evidence["title"]


def drawn(path, places, **properties):
    """A PDF with lines at some places of its page, in the order in which they are given."""
    figure = Figure()
    for text, x, y in places:
        figure.text(x, y, text, fontsize=6)
    figure.savefig(path, format="pdf", metadata=properties)
    return read_drafts(path)[0]


def test_a_wider_step_between_the_lines_of_a_pdf_parts_paragraphs(tmp_path):
    lines = [("A pear.", 0.9), ("One is ripe", 0.85), ("and sweet.", 0.82), ("The other", 0.77), ("is not.", 0.74)]
    draft = drawn(tmp_path / "a.pdf", [(text, 0.1, y) for text, y in lines])
    assert draft.text.split("\n\n") == ["A pear.", "One is ripe\nand sweet.", "The other\nis not."]


def test_the_columns_of_a_pdf_are_one_text_and_a_header_drawn_last_is_apart(tmp_path):
    columns = [("one", 0.1, 0.8), ("two", 0.1, 0.77), ("three", 0.5, 0.8), ("four", 0.5, 0.77), ("Page 1", 0.1, 0.9)]
    assert drawn(tmp_path / "a.pdf", columns).text == "one\ntwo\nthree\nfour\n\nPage 1"


@pytest.mark.parametrize(
    ("title", "taken"), [("Pears", "Pears"), ("(anonymous)", ""), ("Untitled", ""), ("a.docx", "")]
)
def test_what_a_program_writes_for_no_title_is_none(tmp_path, title, taken):
    assert drawn(tmp_path / "a.pdf", [("A pear.", 0.1, 0.9)], Title=title).title == taken


def test_a_page_gives_what_it_states(tmp_path):
    write_html(tmp_path / "a.html")
    (draft,) = read_drafts(tmp_path / "a.html")
    assert (draft.date, draft.source, draft.url) == ("2001-05-01", "Fruit Post", "https://example.org/p")
    assert draft.language == "en"
    assert set(draft.evidence) >= {"title", "date", "source", "url"}


def test_a_markdown_file_gives_its_words_without_the_marks(tmp_path):
    (tmp_path / "a.md").write_text(
        "---\ntitle: No pears\nsource: no\ndate: 2001-05-01\nlang: en-GB\n---\n# Pears\n\nThe *ripe* **pears**, 3 \\* 4 "
        "[sell](https://example.org)\nwell.\n\n- one\n- two\n\n> `quoted`\n\n| a | b |\n|---|---|\n| c | d |\n",
        encoding="utf-8",
    )
    (draft,) = read_drafts(tmp_path / "a.md")
    assert draft.text.split("\n\n") == [
        "Pears", "The ripe pears, 3 * 4 sell well.", "one", "two", "quoted", "a", "b", "c", "d\n",
    ]  # fmt: skip
    assert (draft.title, draft.date, draft.language) == ("No pears", "2001-05-01", "en")
    assert draft.source == "no"
    assert set(draft.evidence.values()) == {"front matter of the file"}


@pytest.mark.parametrize("head", ["- a\n- b", "a: [", "2001", "title:", "date: 0000-99-99", "title: [a]", BOMB])
def test_front_matter_that_says_nothing(tmp_path, head):
    (tmp_path / "a.md").write_text(f"---\n{head}\n---\nPears sell well.\n", encoding="utf-8")
    (draft,) = read_drafts(tmp_path / "a.md")
    assert draft.text == "Pears sell well.\n" and not draft.evidence


def test_a_page_without_a_date_gets_none(tmp_path):
    """The year of the copyright line is no date of the article."""
    page = PAGE.format("</p><p>".join(BODY * 3)).replace(
        '<meta property="article:published_time" content="2001-05-01T08:00:00Z">', ""
    )
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (draft,) = read_drafts(tmp_path / "a.html")
    assert draft.date == ""
    assert "date" not in draft.evidence


ROWS = [
    {"headline": "One, two", "day": "2001-05-01T10:00", "body": BODY[0]},
    {"headline": "“Q”", "day": "May", "body": BODY[1]},
]
TABLE_WRITERS = {
    "t.csv": lambda path: pd.DataFrame(ROWS).to_csv(path, index=False),
    "t.jsonl": lambda path: path.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8"),
    "t.parquet": lambda path: pd.DataFrame(ROWS).to_parquet(path),
}


@pytest.mark.parametrize(("name", "write"), TABLE_WRITERS.items())
def test_each_kind_of_table_gives_a_document_a_row(tmp_path, name, write):
    write(tmp_path / name)
    drafts = read_drafts(tmp_path / name, columns={"text": "body", "title": "headline", "date": "day"})
    assert [(d.text, d.title, d.date) for d in drafts] == [(BODY[0], "One, two", "2001-05-01"), (BODY[1], "“Q”", "")]
    assert drafts[0].evidence["date"] == f"column day of {name}"
    with pytest.raises(StudyError, match="--columns text=NAME"):
        read_drafts(tmp_path / name)
    with pytest.raises(StudyError, match="there is no “none”"):
        read_drafts(tmp_path / name, columns={"text": "none"})


def test_a_new_study_holds_what_the_files_say_and_nothing_else(tmp_path):
    for name, write in WRITERS.items():
        write(tmp_path / name)
    left = analysis.new_study(tmp_path / "study", [tmp_path / name for name in WRITERS])
    with (tmp_path / "study" / "documents.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"][:4] for row in rows] == ["001_", "002_", "003_", "004_", "005_"]
    assert [row["source"] for row in rows] == ["Fruit Post", "", "", "", ""]
    assert [row["date_from"] for row in rows] == ["2001-05-01", "", "", "", ""]
    assert {row["role"] for row in rows} == {""}
    assert rows[0]["date_evidence"] == "metadata of the page"
    assert [line.partition(": ")[2] for line in left] == ["role"] + ["source, date_from, role"] * 4
    (tmp_path / "other").mkdir()
    assert (tmp_path / "study").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_new_study_loads_once_it_is_filled_in(tmp_path):
    write_text(tmp_path / "a.txt")
    analysis.new_study(tmp_path / "study", [tmp_path / "a.txt"])
    with pytest.raises(StudyError) as caught:
        analysis.load(tmp_path / "study")
    assert {p.row for p in caught.value.problems} == {2}
    table = tmp_path / "study" / "documents.csv"
    text = table.read_text(encoding="utf-8").replace(",Pears are ripe,,,,", ",Pears are ripe,,,ties,")
    table.write_text(text.replace("ripe.txt,,", "ripe.txt,Fruit Post,"), encoding="utf-8")
    study = analysis.load(tmp_path / "study")
    assert study.spans["kind"].tolist() == ["title", "paragraph", "paragraph"]


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 60_000_000)


HOSTILE = {
    "bomb.docx": bomb,
    "plain.docx": lambda path: path.write_bytes(b"no zip"),
    "cut.pdf": lambda path: path.write_bytes(b"%PDF-1.7\n1 0 obj <<"),
    "no.pdf": lambda path: path.write_bytes(b"\x00" * 100),
    "empty.html": lambda path: path.write_bytes(b""),
    "deep.html": lambda path: path.write_bytes(b"<div>" * 20_000),
    "latin.txt": lambda path: path.write_bytes("Grüße".encode("latin-1")),
    "no.parquet": lambda path: path.write_bytes(b"PAR1"),
    "no.jsonl": lambda path: path.write_text("[1]\n"),
    "deep.jsonl": lambda path: path.write_text("[" * 100_000),
    "empty.csv": lambda path: path.write_text("text\n"),
    "blank.csv": lambda path: path.write_text("text,title\n,x\n"),
    "uneven.csv": lambda path: path.write_text("text,title\na,b,c\n"),
    "what.xyz": lambda path: path.write_text("x"),
    "none.txt": lambda path: None,
}


@pytest.mark.parametrize(("name", "write"), HOSTILE.items())
def test_what_cannot_be_read_is_named_and_nothing_is_written(tmp_path, name, write):
    write_text(tmp_path / "good.txt")
    write(tmp_path / name)
    with pytest.raises(StudyError) as caught:
        analysis.new_study(tmp_path / "study", [tmp_path / "good.txt", tmp_path / name])
    assert [p.file for p in caught.value.problems] in ([name], ["text"])
    assert not (tmp_path / "study").exists()


def test_the_columns_of_a_table_are_those_of_all_rows(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "One."}\n{"text": "Two.", "when": "2018-05-03"}\n{"when": ""}\n{}\n')
    with pytest.raises(StudyError) as error:
        read_drafts(tmp_path / "a.jsonl", columns={"date": "when"})
    assert [problem.row for problem in error.value.problems] == [3, 4]
    (tmp_path / "a.jsonl").write_text('{"text": "One."}\n{"text": "Two.", "when": "2018-05-03"}\n')
    assert [draft.date for draft in read_drafts(tmp_path / "a.jsonl", columns={"date": "when"})] == ["", "2018-05-03"]


@pytest.mark.parametrize(("name", "text", "row"), [("a.jsonl", '\n{"text": ""}\n', 2), ("a.csv", "text,x\n\n,y\n", 3)])
def test_an_error_names_the_row_as_the_file_has_it(tmp_path, name, text, row):
    (tmp_path / name).write_text(text)
    with pytest.raises(StudyError, match=f"{name}, row {row}: the row has no text"):
        read_drafts(tmp_path / name)


def test_a_folder_in_use_is_left_alone(folder, tmp_path):
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    with pytest.raises(StudyError, match="something there already"):
        analysis.new_study(folder, [ROOT / "README.md"])
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


@given(st.binary(max_size=400), st.sampled_from([*READERS, *TABLES]), st.integers(0, 2**32))
def test_any_bytes_end_in_a_document_or_an_error(data, ending, seed):
    """Arbitrary bytes, and good files with a few bytes changed."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / f"a{ending}"
        writer = WRITERS.get(path.name) if ending in (".docx", ".html") and seed % 2 else None
        if writer:
            writer(path)
            spoiled, draw = bytearray(path.read_bytes()), random.Random(seed)
            for _ in range(draw.randint(1, 30)):
                spoiled[draw.randrange(len(spoiled))] = draw.randrange(256)
            data = bytes(spoiled)
        path.write_bytes(data)
        try:
            assert all(draft.text.strip() for draft in read_drafts(path))
        except StudyError as error:
            assert all(str(p).endswith(".") for p in error.problems)


def test_the_bytes_of_a_text_file_are_kept(tmp_path):
    data = "Title\r\n\r\nBody “quoted”.\r\n".encode()
    (tmp_path / "a.txt").write_bytes(data)
    analysis.new_study(tmp_path / "study", [tmp_path / "a.txt"])
    (made,) = (tmp_path / "study").glob("001_*.txt")
    assert made.read_bytes() == data


def test_no_file_is_no_study(tmp_path):
    with pytest.raises(StudyError, match="no document is given"):
        analysis.new_study(tmp_path / "study", [])
