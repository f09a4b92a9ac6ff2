"""The page Explore as written: every sentence once, as text and nothing else, with what a script needs to know."""

import pytest
import regex
from bs4 import BeautifulSoup
from made_up import HEADER, ROWS, write_rows

import analysis
from analysis.report.explore import explore_page

HOSTILE = (
    "A <script>alert(1)</script> stands. ```\n\n```{include} secret.txt\n```\n\n{glue}`x` <b>&amp;</b> {0} $x$ “q”. "
    "\u202enrut\u2066 \x07bell \u200fmark.\n"
)
ACTORS = '- {actor: "Ann: <i>of</i> `Pears`", kind: state, forms: {name: [Pears, Orchard]}, traps: [Pears sell]}\n'
FRAMES = "- {frame: RIPE, title: 'Ripe & \"ready\"', definition: d, include: i, exclude: e, example: x, cues: [ripe, not pears]}\n"


def table_of(page):
    """The table, the rows of sentences, and the form."""
    html = BeautifulSoup(regex.search(r"(?s)```\{raw\} html\n(.*)\n```\n$", page).group(1), "html.parser")
    return html.table, html.select("tbody tr"), html.form


def marked(row, kind):
    """What an attribute of a row marks: the number of the choice and the words."""
    text = row.find_all("td")[3].get_text().encode("utf-16-le")
    places = regex.findall(r"(\d+):(\d+)-(\d+)", row.get(f"data-{kind}", ""))
    return [(int(n), text[2 * int(a) : 2 * int(b)].decode("utf-16-le")) for n, a, b in places]


def test_every_sentence_is_a_row_and_leads_to_its_place(seeds):
    _, rows, _ = table_of(explore_page(seeds))
    sources = seeds.documents.set_index("doc_id")["source"]
    assert [row.a.get_text() for row in rows] == seeds.sentences["sentence_id"].tolist()
    for row, one in zip(rows, seeds.sentences.to_dict("records")):
        _, source, _, text = (cell.get_text() for cell in row.find_all("td"))
        assert row.a["href"] == f"documents/{one['doc_id']}.html#{one['sentence_id']}"
        assert (source, text) == (sources[one["doc_id"]], " ".join(one["text"].split()))
        assert row["data-paragraph"] == str(one["paragraph"])


def test_actors_and_frames_are_marked_where_they_stand(seeds):
    _, rows, form = table_of(explore_page(seeds))
    for kind, hits, name in (
        ("actor", analysis.mentions(seeds), "actor"),
        ("frame", analysis.cue_hits(seeds), "frame"),
    ):
        choices = [o["value"].partition(":")[2] for o in form.select(f"option[value^='{kind}:']")]
        found = [(row.a.get_text(), choices[n], words) for row in rows for n, words in marked(row, f"{kind}s")]
        expected = [
            (i, label, " ".join(text.split())) for i, label, text in hits[["sentence_id", name, "text"]].to_numpy()
        ]
        assert found == expected
        assert len(expected) > 50


def test_a_study_without_actors_and_frames_has_no_such_choice(folder):
    page = explore_page(analysis.load(folder))
    _, rows, form = table_of(page)
    assert [o.get_text() for o in form.select("[name=what] option")] == ["words", "a regular expression"]
    assert not [row for row in rows if row.has_attr("data-actors") or row.has_attr("data-frames")]
    assert "actor" not in page.lower() and "frame" not in page.lower()


def test_dates_over_two_years_and_no_date_are_choices(folder):
    table, _, form = table_of(explore_page(analysis.load(folder)))
    assert [o.get_text() for o in form.select("[name=year] option")] == ["all", "2001", "2002–2003", "undated"]
    assert [o.get_text() for o in form.select("[name=source] option")] == ["all", "Fruit Post", "Garden News"]
    assert [body["data-year"] for body in table.select("tbody")] == ["2001", "2002–2003", "undated"]
    dates = [row.find_all("td")[2].get_text() for body in table.select("tbody") for row in body.select("tr")[:1]]
    assert dates == ["2001-05-01", "2002-12-30 to 2003-01-02", "not known"]


def test_what_a_citation_needs_stands_with_the_document(folder):
    rows = [[*row, url] for row, url in zip(ROWS, ['https://example.org/?a=1&b="2"', "javascript:alert(1)", ""])]
    write_rows(folder, rows, [*HEADER, "url"])
    table, _, _ = table_of(explore_page(analysis.load(folder)))
    assert [body["data-title"] for body in table.select("tbody")] == ["Pears", "Plums", "Rain"]
    assert [body.get("data-address") for body in table.select("tbody")] == [
        'https://example.org/?a=1&b="2"',
        None,
        None,
    ]


def test_a_document_of_which_nothing_is_left_has_no_row(folder):
    (folder / "04_copy.txt").write_text((folder / "02_plums.txt").read_text())
    copy = ["04_copy.txt", "Copy Shop", "Plums", "1999-01-01", "1999-01-01", "ties", "en", "", "02"]
    write_rows(folder, [*([*row, ""] for row in ROWS), copy], [*HEADER, "duplicate_of"])
    table, rows, form = table_of(explore_page(analysis.load(folder)))
    assert len(table.select("tbody")) == 3
    assert "Copy Shop" not in form.get_text() and "1999" not in form.get_text()


def test_hostile_text_shows_as_text(folder):
    (folder / "01_pears.txt").write_text(HOSTILE, encoding="utf-8")
    (folder / "actors.yml").write_text(ACTORS, encoding="utf-8")
    (folder / "frames.yml").write_text(FRAMES, encoding="utf-8")
    rows = [list(r) for r in ROWS]
    rows[0][1] = 'Post "<i>"\u202e`'
    rows[0][2] = '{glue}`x` "><script>alert(2)</script>\u202e\n```{raw} html'
    write_rows(folder, rows)
    study = analysis.load(folder)
    page = explore_page(study)
    assert page.count("```") == 2
    assert not regex.search(r"[\p{Bidi_Control}\x07]", page)
    table, found, form = table_of(page)
    assert not table.find_all(["script", "b", "i"]) and not form.find_all(["script", "i"])
    assert [row.find_all("td")[1].get_text() for row in found[:1]] == [
        form.select("[name=source] option")[2].get_text()
    ]
    assert form.select("option[value^='actor:']")[0]["value"] == "actor:Ann: <i>of</i> `Pears`"
    assert table.tbody["data-title"] == '{glue}`x` "><script>alert(2)</script>U+202E ```{raw} html'
    assert {c.text for c in table.select("code.control")} == {"U+202E", "U+2066", "U+0007", "U+200F"}


@pytest.mark.parametrize(("text", "words"), [
    ("It is 🍐🍐 and  ripe\nnow, not\npears.", ["ripe", "not pears"]),
    ("𝒜 \u200fis\x07 ripe.", ["ripe"]),
])  # fmt: skip
def test_places_are_counted_as_scripts_count(folder, text, words):
    (folder / "01_pears.txt").write_text(f"Pears\n\n{text}\n", encoding="utf-8")
    (folder / "frames.yml").write_text(FRAMES, encoding="utf-8")
    _, rows, _ = table_of(explore_page(analysis.load(folder)))
    row = rows[0]
    for code in row.select("code.control"):
        code.replace_with(chr(int(code.get_text()[2:], 16)))
    assert marked(row, "frames") == [(0, one) for one in words]


def test_the_page_is_the_same_each_time(seeds):
    assert explore_page(seeds) == explore_page(seeds)
