"""What reaches the reader's page: documents as text and nothing else, tables, figures, downloads."""

from html import unescape
from urllib.parse import unquote
from xml.etree import ElementTree

import pandas as pd
import pytest
import regex
from bs4 import BeautifulSoup
from made_up import ROWS, study_of, write_rows

import analysis
from analysis.report.downloads import csv_link, show_table
from analysis.report.evidence import add_sentences, document_page, sentence_list
from analysis.report.front import otherwise_read, picture
from analysis.report.plots import show_kept, show_pairs, show_rates

HOSTILE = "A <script>alert(1)</script> stands. ```\n\n```{include} secret.txt\n```\n\n{glue}`x` <b>&amp;</b> $x$ “q”. \u202enrut\u2066 \x07bell \u200fmark.\n"


def test_every_character_of_a_file_is_on_its_page(seeds):
    for doc_id, text in seeds.texts.items():
        page = BeautifulSoup(document_page(seeds, doc_id), "html.parser")
        document = page.find(class_="document")
        for mark in document.select(".rule, a.number"):
            mark.extract()
        assert "".join(document.get_text().split()) == "".join(text.split())


def test_every_sentence_has_its_anchor(seeds):
    for doc_id in seeds.documents["doc_id"]:
        page = BeautifulSoup(document_page(seeds, doc_id), "html.parser")
        own = seeds.sentences[seeds.sentences["doc_id"] == doc_id]
        assert [s["id"] for s in page.select(".sentence")] == own["sentence_id"].tolist()


def test_a_hostile_document_shows_as_text(folder):
    (folder / "01_pears.txt").write_text(HOSTILE, encoding="utf-8")
    rows = [list(r) for r in ROWS]
    rows[0][2] = "{glue}`x` <i>*title\u202e*</i>\n```{raw} html"
    write_rows(folder, rows)
    page = document_page(analysis.load(folder), "01")
    heading, _, body = page.partition("\n\n```{raw} html\n")
    assert regex.sub(r"\\(.)", r"\1", heading) == "# 01 · {glue}`x` <i>*titleU+202E*</i> ```{raw} html"
    assert not regex.search(r"(?<!\\)[`{<*]", heading)
    assert body.count("```") == 1
    assert not BeautifulSoup(body, "html.parser").find_all(["script", "b"])
    assert not regex.search(r"[\p{Bidi_Control}\x07]", page)
    assert [c.text for c in BeautifulSoup(body, "html.parser").select(".control")] == [
        "U+202E",
        "U+2066",
        "U+0007",
        "U+200F",
    ]
    assert "<script>alert(1)</script>" in unescape(body)


def test_a_list_of_sentences_links_each_to_its_place(seeds):
    page = BeautifulSoup(sentence_list(seeds, ["000-1", "002-17"]), "html.parser")
    assert [a["href"] for a in page.find_all("a")] == [
        "documents/000.html#000-1",
        "documents/002.html#002-17",
    ]
    assert page.summary.text == "2 sentences"
    assert seeds.sentences.set_index("sentence_id").loc["002-17", "text"] in page.text
    assert sentence_list(seeds, []) == "none"


def test_sentences_of_a_term_are_those_of_the_concordance(seeds):
    table = add_sentences(seeds, pd.DataFrame({"term": ["minsk", "south caucasus", "zeppelin"]}))
    for term, ids in table[["term", "sentences"]].itertuples(index=False):
        assert ids.split() == list(dict.fromkeys(analysis.kwic(seeds, term)["sentence_id"]))


def test_the_sentences_of_a_row_are_those_of_its_documents(seeds):
    minsk = analysis.kwic(seeds, "minsk")
    by_document = add_sentences(seeds, pd.DataFrame({"doc_id": ["000", "002"], "term": "minsk"}))
    for doc_id, ids in by_document[["doc_id", "sentences"]].itertuples(index=False):
        assert ids.split() == list(dict.fromkeys(minsk.loc[minsk["doc_id"] == doc_id, "sentence_id"])) != []
    of_2018 = seeds.documents["year"] == "2018"
    in_2018 = minsk["doc_id"].isin(seeds.documents.loc[of_2018, "doc_id"])
    table = add_sentences(seeds, pd.DataFrame({"term": ["minsk"]}), within=of_2018)
    assert table["sentences"].item().split() == list(dict.fromkeys(minsk.loc[in_2018, "sentence_id"]))


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ([1.0, 4.5], ["1.0", "4.5"]),
        ([1.0, 12.0], ["1", "12"]),
        ([1.0, 0.0], ["1.00", "0.00"]),
        ([0.25, 14.0], ["0.25", "14.0"]),
        ([0.25, 2521.0], ["0.25", "2,521"]),
    ],
)
def test_a_column_of_numbers_has_the_digits_that_it_needs(numbers, shown):
    page = show_table(pd.DataFrame({"n": numbers}), caption="Numbers.", name="t")
    assert [cell.text for cell in BeautifulSoup(page.data, "html.parser").find_all("td")] == shown


def test_a_download_is_the_whole_table():
    table = pd.DataFrame({"name": ["a,b", "“q”", "#&?%"], "n": [1, 2, 3]})
    link = BeautifulSoup(csv_link(table, "file", "What to see."), "html.parser").a
    data = unquote(link["href"].removeprefix("data:text/csv;charset=utf-8,"))
    assert link["download"] == "file.csv"
    assert data == table.to_csv(index=False, lineterminator="\r\n")


def test_a_shown_table_escapes_and_counts_its_rows():
    table = pd.DataFrame({"name": ["<b>", "c", "d"], "n": [1, 20000, 3]})
    page = BeautifulSoup(show_table(table, caption="A <caption>", name="t", rows=2).data, "html.parser")
    assert page.figcaption.text == "A <caption>"
    assert [[c.text for c in r.find_all("td")] for r in page.tbody.find_all("tr")] == [
        ["<b>", "1"],
        ["c", "20,000"],
    ]
    assert "The first 2 of 3 rows." in page.text


RATES = pd.DataFrame({"frame": ["F", "F"], "group": ["A", "B"], "share": [0.5, 0.25]})
FIGURES = {
    "kept": lambda study, text: show_kept(study.documents, **text),
    "pairs": lambda study, text: show_pairs(
        pd.DataFrame({"term": ["x", "y"], "a": [1.0, 2.0], "b": [2.0, 0.0]}), label="term", values={"a": "A", "b": "B"},
        axis="rate", **text),
    "rates": lambda study, text: show_rates(RATES, RATES.assign(doc_id=["1", "2"]), row="frame", axis="share", **text),
}  # fmt: skip


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_a_figure_is_named_described_and_drawn_the_same_each_time(seeds, draw):
    text = {"alt": "Bars & “more”", "caption": "What to see.", "name": "a-name"}
    page = draw(seeds, text).data
    assert page == draw(seeds, text).data
    svg = ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == text["alt"]
    ids = [e.get("id") for e in svg.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert all(i.startswith("a-name-") for i in ids)
    used = set(regex.findall(r'(?:url\(|href=")#([^")]+)', page))
    assert used <= set(ids)
    figure = BeautifulSoup(page, "html.parser").find("figure")
    assert figure["id"] == "a-name"
    assert figure.figcaption.text.startswith("What to see.")
    assert figure.find("a", download="a-name-figure.csv")


def test_a_source_of_copies_only_is_in_no_bar(folder):
    text = " ".join(f"word{number}" for number in range(60))
    study_of(folder, [("Post", text), ("Star", "Other words."), ("Mail", text)])
    frame = "- {frame: ONE, title: First, definition: d, include: i, exclude: e, example: x, cues: [word7]}\n"
    (folder / "frames.yml").write_text(frame, encoding="utf-8")
    study = analysis.load(folder)
    shown = picture(study, analysis.sides(study)).data
    assert "First: Post 100% and Star 0%." in shown


def test_frames_in_which_another_source_leads_by_the_readings():
    rates = pd.DataFrame({"Post": [0.2, 0.2, 0.1], "Star": [0.3, 0.1, 0.1]}, index=["One", "Two", "Three"])
    assert otherwise_read(rates, rates[["Star", "Post"]]) == otherwise_read(rates, rates.head(0)) == ""
    assert otherwise_read(rates, 1 - rates).endswith("another source leads in: One and Two.")
    assert otherwise_read(rates, (1 - rates)[["Post"]]) == "", "nobody has read the other source"
