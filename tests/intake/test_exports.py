"""Exports of press databases are split into their documents; each record's lines are kept, marked, and cleaned away."""

import csv
import textwrap

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

import analysis
from analysis import StudyError
from analysis.intake.formats import read_drafts

BODIES = [
    ["The orchard’s pears are ripe, and the growers are glad of it.", "Graphic tales are told of the harvest."],
    [
        "It rained in the valley for three days.",
        "Language: that is what the miller minded.",
        "He said so on May 3, 2001.",
    ],
]
TEXTS = [["Pears are ripe; growers glad", *BODIES[0]], ["Rain in the valley", *BODIES[1][:1], *BODIES[1][2:]]]
EXPECTED = [
    ("Pears are ripe; growers glad", "2001-05-03", "The Fruit Post (Valley)", "en"),
    ("Rain in the valley", "2001-06-04", "Garden News", "fr"),
]

NEXIS = f"""Date and Time: Sunday, November 24, 2019 11:39:00 PM
Job Number: 1
Documents (2)
1. Pears are ripe;growers glad
Client/Matter: -None-
Search Terms: pears

Pears are ripe; growers glad
The Fruit Post (Valley)
May 3, 2001 Thursday 9:20 AM GMT

Copyright 2001 Fruit Media All Rights Reserved
Section:\u00a0NEWS; Pg. 4
Length:\u00a022 words
Byline:\u00a0Jane Doe
Body

{BODIES[0][0]}
{BODIES[0][1]}
Graphic

PHOTO: pears
Classification

Language:\u00a0ENGLISH
Subject:\u00a0PEARS (90%)
Load-Date:\u00a0May 4, 2001

End of Document

Rain in the valley
Garden News
4 juin 2001 lundi

Length:\u00a022 mots
Dateline:\u00a0VALLEY
Body

{BODIES[1][0]}
{BODIES[1][2]}
Classification

Language:\u00a0FRENCH; français
Load-Date:\u00a0June 5, 2001

End of Document
""".replace("FRENCH; français", "FRENCH")

CLASSIC = f"""Terms: pears
Time of Request: Friday, March 20, 2018


                               1 of 2 DOCUMENTS

                            The Fruit Post (Valley)

                             May 3, 2001, Thursday
                                 First Edition

Pears are ripe;
growers glad

BYLINE: Jane Doe

SECTION: NEWS; Pg. 4;
National Desk

LENGTH: 22 words

{BODIES[0][0]}

VALLEY: {BODIES[0][1]}

LOAD-DATE: May 4, 2001

LANGUAGE: ENGLISH

GRAPHIC: Photo, pears

                          Copyright 2001 Fruit Media
                              All Rights Reserved


                               2 of 2 DOCUMENTS

                                  Garden News

                                  4 juin 2001

Rain in the valley

LENGTH: 22 mots

{BODIES[1][0]}

{BODIES[1][2]}

SUJET: PLUIE (90%)

LANGUE: FRENCH

TYPE-PUBLICATION: Journal
"""

FACTIVA = f"""Factiva RTF Display Format

Pears are ripe; growers glad
Jane Doe
22 words
3 May 2001
15:32
The Fruit Post (Valley)
FRPOST
12
English
Copyright 2001 Fruit Media

{BODIES[0][0]}

{BODIES[0][1]}

Document FRPOST0020010503dx53000a1

Rain in the valley
1.022 mots
4 juin 2001
Garden News
GARDEN
Français
(c) 2001 Garden

{BODIES[1][0]}

{BODIES[1][2]}

Document garden0020010604dx6400001

Search Summary
Text
pears
Date
All Dates
Results Found
2
"""
CODED = [
    [("SE", "News"), ("HD", TEXTS[0][0]), ("BY", "Jane Doe"), ("WC", "22 words"), ("PD", "3 May 2001"), ("ET", "15:32"),
     ("SN", "The Fruit Post (Valley)"), ("SC", "FRPOST"), ("LA", "English"), ("CY", "(c) 2001"), ("LP", BODIES[0][0]),
     ("TD", BODIES[0][1]), ("NS", "gfood : Food | gcat : General News"), ("AN", "Document FRPOST0020010503dx53000a1")],
    [("HD", TEXTS[1][0]), ("WC", "22 mots"), ("PD", "4 juin 2001"), ("SN", "Garden News"), ("SC", "GARDEN"),
     ("LA", "Français"), ("LP", "\n".join(TEXTS[1][1:])), ("AN", "Document garden0020010604dx6400001")],
]  # fmt: skip


def write_rtf(path, text):
    """Rich Text with what the format has in store: escapes, fields, pictures, tables."""
    coded = "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text).replace("\n", "\\par\n")
    link = r'{\field{\*\fldinst{HYPERLINK "https://example.org"}}{\fldrslt{\ul }}}'
    head = r"{\rtf1\ansi\ansicpg1252\binfsxn4{\fonttbl{\f0\fcharset0 A;}}{\pict\pngblip 89504e47{}}\bin4 a}{b"
    path.write_text(f"{head}{link}{coded}}}", encoding="ascii")


def write_nexis_docx(path, text=NEXIS):
    """Word, with headlines of the first outline level, and a table on the cover."""
    document = Document()
    document.add_table(1, 2).rows[0].cells[0].text = "Content Type"
    for line in text.split("\n"):
        paragraph = document.add_paragraph()
        paragraph.add_run(line if line != "End of Document" else "\n" + line)
        if line in (TEXTS[0][0], TEXTS[1][0]):
            level = OxmlElement("w:outlineLvl")
            level.set(qn("w:val"), "0")
            paragraph._p.get_or_add_pPr().append(level)
    document.save(path)


def write_docx(path, text):
    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(path)


def write_coded_docx(path):
    document = Document()
    for record in CODED:
        table = document.add_table(0, 2)
        for code, value in record:
            row = table.add_row()
            row.cells[0].text, row.cells[1].text = code, value
    document.save(path)


def write_coded_html(path):
    def cell(value):
        return "".join(f'<p class="articleParagraph enarticleParagraph">{v}</p>' for v in value.split("\n"))

    articles = "".join(
        '<div class="article enArticle"><table>'
        + "".join(
            f'<tr><td class="index"><b>{code}</b>&nbsp;</td><td>{cell(value) if code in ("LP", "TD") else value}</td></tr>\n'
            for code, value in record
        )
        + "</table></div>"
        for record in CODED
    )
    path.write_text(f"<html><head><title>Factiva</title></head><body>{articles}</body></html>", encoding="utf-8")


def write_factiva_html(path):
    parts = []
    for headline, record in zip([TEXTS[0][0], TEXTS[1][0]], FACTIVA.split("\nSearch")[0].split("\nDocument")):
        rows = [line for line in record.split("\n") if line]
        head = rows[rows.index(headline) + 1 :]
        parts.append(
            f"""<div class="article enArticle">\n<p>\n<div id="hd">\n  <span class='enHeadline'>{headline}</span>\n</div>"""
        )
        cut = next(n for n, line in enumerate(head) if line in (BODIES[0][0], BODIES[1][0]))
        parts += [f"<div>{line}\n\t</div>" for line in head[:cut]] + ["</p>"]
        parts += [f'<p class="articleParagraph enarticleParagraph">\n {line}\n</p>' for line in head[cut:]]
        parts.append(
            f"<p>Document {'FRPOST0020010503dx53000a1' if len(parts) < 20 else 'garden0020010604dx6400001'}</p></div>"
        )
    path.write_text("".join(parts) + "<p>Search Summary</p>", encoding="utf-8")


def write_classic_html(path):
    blocks = [block for block in CLASSIC.split("\n\n") if block.strip()]
    divisions = "".join(
        f"<div class=c5><p class=c6><span>{b.strip().replace(chr(10), '<br>')}</span></p></div>\n" for b in blocks
    )
    path.write_text(f'<html><body><a name="DOC_ID_0_0"></a>{divisions}</body></html>', encoding="utf-8")


WRITERS = {
    "nexis.docx": write_nexis_docx,
    "nexis.rtf": lambda path: write_rtf(path, NEXIS),
    "classic.txt": lambda path: path.write_text(CLASSIC, encoding="utf-8"),
    "classic.html": write_classic_html,
    "factiva.rtf": lambda path: write_rtf(path, FACTIVA),
    "factiva.docx": lambda path: write_docx(path, FACTIVA),
    "factiva.html": write_factiva_html,
    "coded.rtf": lambda path: write_rtf(path, "\n".join(f"{code}|{v}|" for record in CODED for code, v in record)),
    "coded.docx": write_coded_docx,
    "coded.html": write_coded_html,
}


def table(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize(("name", "write"), WRITERS.items())
def test_an_export_is_split_into_its_documents(tmp_path, name, write):
    write(tmp_path / name)
    drafts = read_drafts(tmp_path / name)
    assert [(d.title, d.date, d.source, d.language) for d in drafts] == EXPECTED
    assert [d.place.split(" of ")[0] for d in drafts] == ["record 1", "record 2"]
    assert all(set(d.evidence) >= {"title", "date", "source", "language"} for d in drafts)


@pytest.mark.parametrize(("name", "write"), WRITERS.items())
def test_only_the_article_is_counted_and_the_rest_is_on_record(tmp_path, name, write):
    write(tmp_path / name)
    analysis.new_study(tmp_path / "study", [tmp_path / name])
    path = tmp_path / "study" / "documents.csv"
    rows = table(path)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"role": "ties"} for row in rows)
    study = analysis.load(tmp_path / "study")
    kept = study.sentences.groupby("doc_id")["text"].agg(lambda s: " ".join(s).replace("VALLEY: ", ""))
    assert [" ".join(text.split()) for text in kept] == [" ".join(body[1:]) for body in TEXTS]
    removed = study.spans[study.spans["rule"] != ""]
    assert set(removed["rule"]) == {"database record"}
    record = "".join(study.texts["001"][a:b] for d, a, b in removed[["doc_id", "start", "end"]].values if d == "001")
    assert all(word in record for word in ("The Fruit Post (Valley)", "Jane Doe", "22 words"))


def test_a_cover_or_a_truncated_export_loses_no_document(tmp_path):
    """A bibliography has an end line of its own; the last record may have none."""
    text = "Bibliography\n1. Pears are ripe\nEnd of Document\n\n" + NEXIS.rsplit("End of Document", 1)[0]
    write_rtf(tmp_path / "a.rtf", text)
    assert [d.title for d in read_drafts(tmp_path / "a.rtf")] == [TEXTS[0][0], TEXTS[1][0]]


def test_a_text_that_only_speaks_of_an_export_is_a_document(tmp_path):
    for text in ("They wrote: End of Document\n", "Title\n\nPage 1 of 2 documents\n\n22 words\n3 May 2001\nText.\n"):
        (tmp_path / "a.txt").write_text(text, encoding="utf-8")
        (draft,) = read_drafts(tmp_path / "a.txt")
        assert draft.text == text


def read(tmp_path, text, name="a.txt"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_drafts(tmp_path / name)


LOOKALIKES = [
    "The archive opens\nBy Jane Doe\n\nText.\n\n2 of 5 documents\n\nThe second concerns oil.\n\nIt ends there.\n",
    "The archive opens\n\nText is here.\n\nText\n\nMore of it.\n\nEnd of Document\n",
    "Report on sources\n\nOne.\n\nBody\n\nTwo.\n\nEnd of Document\n",
    "Title\n\nIt came as FRPOST0020010503dx53000a1\n",
]


@pytest.mark.parametrize("text", LOOKALIKES)
def test_a_text_with_lines_like_those_of_an_export_is_kept_whole(tmp_path, text):
    assert [draft.text for draft in read(tmp_path, text)] == [text]


def test_a_record_that_does_not_say_its_date_or_length_is_kept(tmp_path):
    for line, other in (("3 May 2001\n", "May 2001\n"), ("22 words\n", "")):
        drafts = read(tmp_path, FACTIVA.replace(line, other, 1))
        assert len(drafts) == 2
        assert BODIES[0][0] in drafts[0].text and "Jane Doe" in drafts[0].text
        assert (drafts[0].date, drafts[1].date) == ("", "2001-06-04")


@pytest.mark.parametrize("blank", ["\n", "\n\n"])
def test_blank_lines_between_all_lines_change_nothing(tmp_path, blank):
    lines = NEXIS[NEXIS.index("Pears are ripe; g") :].replace("\n\n", "\n").replace("\n", blank)
    assert [(d.title, d.date, d.source, d.language) for d in read(tmp_path, lines)] == EXPECTED
    factiva = FACTIVA.replace("\n\n", "\n").replace("\n", blank)
    assert [(d.title, d.date, d.source, d.language) for d in read(tmp_path, factiva)] == EXPECTED


BODY_LINES = [
    "Classification",
    "Language: a question that divides them",
    "Graphic tales",
    "Subject: pears",
    "Notes on a river",
]


@pytest.mark.parametrize("line", BODY_LINES)
def test_a_line_of_the_body_like_a_label_does_not_end_it(tmp_path, line):
    text = NEXIS.replace(BODIES[0][0], f"{BODIES[0][0]}\n{line}\nThe documents were read.")
    draft = read(tmp_path, text)[0]
    assert f"\n{line}\n" in draft.text and "\nThe documents were read.\n" in draft.text
    assert (draft.language, draft.source) == ("en", EXPECTED[0][2])


def test_direct_speech_at_the_end_is_the_article(tmp_path):
    speech = 'MILLER: "We will sell them all!"\n\nGROWER: “And we will buy them!”\n\nLOAD-DATE: May 4, 2001'
    draft = read(tmp_path, CLASSIC.replace("LOAD-DATE: May 4, 2001", speech))[0]
    assert '\nMILLER: "We will' in draft.text and "\nGROWER: “And" in draft.text
    assert "\n¦ LOAD-DATE" in draft.text


def test_a_body_wrapped_by_hand_in_word_keeps_its_sentences(tmp_path):
    wrapped = textwrap.fill(" ".join(BODIES[0] * 5), 70)
    write_nexis_docx(tmp_path / "a.docx", NEXIS.replace("\n".join(BODIES[0]), f"{wrapped}\n\n{wrapped}"))
    draft = read_drafts(tmp_path / "a.docx")[0]
    assert f"{wrapped}\n\n{wrapped}" in draft.text


def test_a_date_in_the_highlight_is_not_the_date(tmp_path):
    text = NEXIS.replace("Byline:", "Highlight:\u00a0x\n2 May 1999 was the day on which all began\nByline:")
    assert [(d.date, d.source) for d in read(tmp_path, text)] == [(e[1], e[2]) for e in EXPECTED]


def test_rich_text_is_read_as_its_reader_sees_it(tmp_path):
    write_rtf(tmp_path / "a.rtf", "Título\n“Груша” 🙂 and 1 2")
    (draft,) = read_drafts(tmp_path / "a.rtf")
    assert draft.text.split("\n\n") == ["Título", "“Груша” 🙂 and 1 2"]


@pytest.mark.parametrize(
    "data",
    [
        b"no rtf",
        rb"{\rtf1 \u9999999 ?}",
        b"{\\rtf1 " + b"{" * 100_000,
        rb"{\rtf1 \u}",
        rb"{\rtf1 x \bin" + b"9" * 5000 + b" y}",
        rb"{\rtf1",
    ],
)
def test_broken_rich_text_is_an_error(tmp_path, data):
    (tmp_path / "a.rtf").write_bytes(data)
    with pytest.raises(StudyError, match=r"a\.rtf: "):
        read_drafts(tmp_path / "a.rtf")


def test_a_path_that_looks_like_a_control_word_stays(tmp_path):
    (tmp_path / "a.rtf").write_bytes(rb"{\rtf1\binfsxn4 See C:\\bin\\x and \\fldinst here}")
    assert read_drafts(tmp_path / "a.rtf")[0].text == r"See C:\bin\x and \fldinst here"


def test_many_links_do_not_take_long(tmp_path):
    """A reader that looks for each link to the end of the line would take minutes."""
    (tmp_path / "a.rtf").write_bytes(b"{\\rtf1 x " + b'{\\field{\\*\\fldinst{HYPERLINK "' * 20_000)
    assert [d.text for d in read_drafts(tmp_path / "a.rtf")] == ["x "]


def test_stories_at_one_script_and_of_other_sites_are_not_mixed_up(tmp_path):
    stories = STORIES.split("\n")[0] + "\n" + "".join(
        f"{n},2026-05-07,en,f.example,f.example,2001-0{n}-01,Editorial,https://f.example/story.php?id={n}\n" for n in (1, 2, 3)
    ) + "9,2026-05-07,en,h.example,h.example,2009-09-09,Leader,https://h.example/10\n"  # fmt: skip
    (tmp_path / "mc.csv").write_text(stories, encoding="utf-8")
    rows = "title,text,url\nA,One.,https://f.example/story.php?id=1\nB,Two.,https://f.example/story.php?id=2\n"
    (tmp_path / "t.csv").write_text(rows + "Leader,Three.,https://other.example/l\n", encoding="utf-8")
    analysis.new_study(tmp_path / "study", [tmp_path / "mc.csv", tmp_path / "t.csv"])
    found = [row["date_from"] for row in table(tmp_path / "study" / "documents.csv")]
    assert found == ["2001-01-01", "2001-02-01", ""]
    assert len(table(tmp_path / "study" / "stories_without_text.csv")) == 2


STORIES = """id,indexed_date,language,media_name,media_url,publish_date,title,url
1,2026-05-07 15:40:11.593717+00:00,en,fruitpost.example,fruitpost.example,2001-05-03,Pears are ripe,https://example.org/p?page=1
2,2026-05-07 15:40:11,fr,garden.example,garden.example,undateable,Rain,https://example.org/r
3,2026-05-07 15:40:11,en,garden.example,garden.example,2001-06-04,"Frost, again",http://www.example.org/f/
"""
PAGE = """<html><head><title>A page</title><link rel="canonical" href="{}"></head>
<body><article><h1>A page</h1><p>{}</p></article></body></html>"""


def test_media_cloud_lends_what_it_says_to_the_pages(tmp_path):
    (tmp_path / "mc.csv").write_text(STORIES, encoding="utf-8")
    paragraphs = "</p><p>".join(BODIES[0] * 4)
    (tmp_path / "a.html").write_text(PAGE.format("https://www.example.org/p/", paragraphs), encoding="utf-8")
    (tmp_path / "b.txt").write_text(f"Frost, again\n\n{BODIES[1][0]}\n", encoding="utf-8")
    left = analysis.new_study(tmp_path / "study", [tmp_path / n for n in ("mc.csv", "a.html", "b.txt")])
    rows = table(tmp_path / "study" / "documents.csv")
    assert [(r["source"], r["date_from"], r["language"]) for r in rows] == [
        ("example.org", "2001-05-03", "en"), ("garden.example", "2001-06-04", "en")]  # fmt: skip
    assert rows[0]["date_evidence"] == "column publish_date of mc.csv, row 2"
    assert "the text of 1 story:" in left[-1]
    unused = table(tmp_path / "study" / "stories_without_text.csv")
    assert [(r["place"], r["title"], r["date"]) for r in unused] == [("row 3", "Rain", "")]


def test_a_second_story_of_the_same_title_is_not_lost(tmp_path):
    """The page has its story by its address; the other has no page."""
    head, one = STORIES.split("\n")[:2]
    two = one.replace("1,2026", "9,2026").replace("/p?page=1", "/other")
    (tmp_path / "mc.csv").write_text(f"{head}\n{one}\n{two}\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text("text,title,url\nPears.,Pears are ripe,https://example.org/p\n", encoding="utf-8")
    analysis.new_study(tmp_path / "study", [tmp_path / "mc.csv", tmp_path / "t.csv"])
    assert [row["place"] for row in table(tmp_path / "study" / "stories_without_text.csv")] == ["row 3"]


def test_media_cloud_alone_is_no_study(tmp_path):
    (tmp_path / "mc.csv").write_text(STORIES, encoding="utf-8")
    with pytest.raises(StudyError, match=r"mc\.csv: it lists 3 stories and has the text of none\. Save the pages"):
        analysis.new_study(tmp_path / "study", [tmp_path / "mc.csv"])
    assert not (tmp_path / "study").exists()


def test_dates_that_differ_are_both_on_record(tmp_path):
    (tmp_path / "mc.csv").write_text(STORIES, encoding="utf-8")
    (tmp_path / "t.csv").write_text("text,date,url\nPears.,2001-05-02,https://example.org/p\n", encoding="utf-8")
    analysis.new_study(tmp_path / "study", [tmp_path / "mc.csv", tmp_path / "t.csv"])
    (row,) = table(tmp_path / "study" / "documents.csv")
    assert row["date_from"] == "2001-05-02"
    assert row["date_evidence"] == "column date of t.csv; 2001-05-03 in column publish_date of mc.csv"
