"""Spans partition a file, and each rule takes what it says."""

import shutil
import textwrap

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from made_up import HEADER, ROOT, write_rows

from analysis.corpus.boilerplate import KEPT, REMOVED
from analysis.corpus.cleaning import Rule, Template, split_spans

TEASER = Template(
    "page",
    regex.compile("(?m)^Posted:"),
    (
        Rule("posted", "dateline", line=regex.compile("Posted:.*"), head=True),
        Rule("more", "residue", start=regex.compile("More"), stop=regex.compile("End")),
        Rule("credit", "photo", line=regex.compile("Photo:.*")),
    ),
)
PAGE = "Title\n\nPosted: May\nPhoto: me\n\nOne body line.\nMore\n\nOther title\nPosted: June\nEnd\nLast body line.\n"


def kinds(text, **options):
    """Kind, rule and text of each span."""
    return [(span.kind, span.rule, text[span.start : span.end].strip()) for span in split_spans(text, **options)]


def test_a_page_is_told_apart():
    assert kinds(PAGE, title="Title", templates=(TEASER,)) == [
        ("title", "", "Title"),
        ("dateline", "", "Posted: May"),
        ("photo", "credit", "Photo: me"),
        ("paragraph", "", "One body line."),
        ("residue", "more", "More\n\nOther title\nPosted: June"),
        ("paragraph", "", "End\nLast body line."),
    ]


def test_a_template_does_nothing_to_other_pages():
    assert kinds("More\n\nText.", templates=(TEASER,)) == [
        ("paragraph", "", "More"),
        ("paragraph", "", "Text."),
    ]


def test_title_with_other_quotes_and_its_repetition():
    text = "Anna’s  day\nAnna's day\nIt rained."
    assert [k for k, _, _ in kinds(text, title="Anna's day")] == ["title", "residue", "paragraph"]


def test_lines_wrapped_by_hand_are_one_paragraph_and_long_lines_are_several():
    short = "The first line\nof a paragraph.\n\nAnother.\n- item\n  goes on\n- item"
    assert [t for _, _, t in kinds(short)] == [
        "The first line\nof a paragraph.",
        "Another.",
        "- item\n  goes on",
        "- item",
    ]
    long = "x" * 130 + ".\nA second paragraph."
    assert len(kinds(long)) == 2


LINES = st.sampled_from(
    ["Title", "Posted: May", "More", "End", "Photo: x", "- item", "Text.", "", " \xa0", "\ufeff", "ж\u2028é"]
)
PAGES = st.lists(LINES | st.text(max_size=20), max_size=20).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r", "\n\n"]).map(lambda end: end.join(lines))
)


@given(PAGES, st.sampled_from(["", "Title", "End"]))
def test_spans_partition_any_text(text, title):
    spans = split_spans(text, title=title, templates=(TEASER,))
    if text.replace("\ufeff", "").strip():
        assert "".join(text[span.start : span.end] for span in spans) == text
        assert all(span.start < span.end for span in spans)
    else:
        assert not spans
    assert {span.kind for span in spans} <= {*KEPT, *REMOVED}
    assert all((span.kind in REMOVED) == bool(span.rule) for span in spans)


def test_spans_partition_the_seeds(seeds):
    for doc_id, spans in seeds.spans.groupby("doc_id"):
        assert "".join(seeds.texts[doc_id][a:b] for a, b in zip(spans["start"], spans["end"])) == seeds.texts[doc_id]


def test_kept_and_removed_add_up_to_the_file(seeds):
    for doc_id, kept, removed in seeds.documents[["doc_id", "characters_kept", "characters_removed"]].itertuples(
        index=False
    ):
        assert kept + removed == len(seeds.texts[doc_id])


def test_the_seeds_are_read_as_a_reader_reads_them(seeds):
    """Bodies by hand: from the first words of the article to its last."""
    ends = {
        "000": ("While declaring friendship", "has nothing to offer."),
        "001": ("The escalation in Karabakh has", "all its allies at once."),
        "002": ("Azerbaijani President Ilham Aliyev traveled", "occupation of Azerbaijani territories."),
        "003": ("Within formal integration platforms", "members divided over various matters."),
        "004": ("Last week, a trend has developed", "likely to persist in future."),
    }
    for doc_id, (first, last) in ends.items():
        own = seeds.paragraphs[seeds.paragraphs["doc_id"] == doc_id]
        text = seeds.texts[doc_id]
        assert own["start"].min() == text.index(first)
        assert own["end"].max() == text.index(last) + len(last)
    assert len(seeds.paragraphs) == 37
    assert len(seeds.sentences) == 117


def test_title_and_date_stand_where_they_are_declared(seeds):
    for doc_id, title in seeds.documents[["doc_id", "title"]].itertuples(index=False):
        span = seeds.spans[(seeds.spans["doc_id"] == doc_id) & (seeds.spans["kind"] == "title")].iloc[0]
        assert seeds.texts[doc_id][span["start"] : span["end"]].strip() == title


def test_the_teaser_is_removed_whole_from_the_three_files_that_hold_it(seeds):
    import analysis

    residue = analysis.residue(seeds)
    teaser = residue[residue["text"].str.contains("Catholic.by")]
    assert teaser["doc_id"].tolist() == ["000", "001", "004"]
    assert teaser["text"].str.strip().nunique() == 1
    assert all(
        seeds.texts[d][a:b] == t for d, a, b, t in residue[["doc_id", "start", "end", "text"]].itertuples(index=False)
    )
    assert not seeds.sentences["text"].str.contains("Catholic|Similar articles|newsletter|Photo:|Category status").any()


BLOCK = "Our other articles are many, and this line about them stands on every page of the site.\nSo does this one, dated May."
ARTICLES = [
    "The harvest was late this year, and the growers had to wait until the end of October for their pears. By then the first frost had come.",
    "Nobody expected the river to rise so fast, and the mill had to be closed for eleven days in spring. The miller said so himself.",
    "A new road was opened between the two towns, after a quarrel over its course that had lasted for years. It is nine miles long and has one bridge.",
]


def bodies(folder, texts, **options):
    """The body of each document of a study with these texts."""
    import analysis

    for path in folder.glob("*.txt"):
        path.unlink()
    rows = []
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
        rows.append([f"{number}.txt", "S", "", "", "", "ties", "en", ""])
    write_rows(folder, rows)
    study = analysis.load(folder, **options)
    return study.sentences.groupby("doc_id")["text"].agg(" ".join).tolist()


def test_a_block_that_stands_in_several_documents_is_residue(folder):
    assert bodies(folder, [f"{article}\n\n{BLOCK}\n" for article in ARTICLES]) == ARTICLES
    kept = bodies(folder, [f"{article}\n\n{BLOCK}\n" for article in ARTICLES], without=["repeated block"])
    assert all("dated May" in body for body in kept)


def test_a_short_repeated_line_is_no_block(folder):
    texts = [f"{article}\n\nBy our own writer.\n" for article in ARTICLES]
    assert all(body.endswith("By our own writer.") for body in bodies(folder, texts))


def test_copies_of_one_article_do_not_delete_each_other(folder):
    assert bodies(folder, [ARTICLES[0], ARTICLES[0], ARTICLES[1]]) == ARTICLES[:2]


@pytest.mark.parametrize("recorded", ["0", ""])
def test_a_copy_does_not_keep_the_block_in_the_original(folder, recorded):
    import analysis

    bodies(folder, [f"{article}\n\n{BLOCK}\n" for article in [*ARTICLES, ARTICLES[0]]])
    rows = [[f"{n}.txt", "S", "", "", "", "ties", "en", "", recorded if n == 3 else ""] for n in range(4)]
    write_rows(folder, rows, [*HEADER, "duplicate_of"])
    study = analysis.load(folder)
    assert study.sentences.groupby("doc_id")["text"].agg(" ".join).tolist() == ARTICLES


PHRASES = ["Read more", "SHARE THIS ARTICLE", "Share on Facebook", "© 2016 The Site. All rights reserved.", "Comments (12)",
           "Subscribe to our newsletter", "Photo: Agency/A. Person", "Читать далее", "Фото: агентство"]  # fmt: skip
SENTENCES = ["Share prices fell.", "Read more books, she said.", "Comments were few.", "He prints.", "Share on power",
             "Copyright law has changed, and the pirates noticed.", "Image: how the valley wants to be seen."]  # fmt: skip


@pytest.mark.parametrize("line", PHRASES)
def test_phrases_of_links_and_credits_go_wherever_they_stand(line):
    assert kinds(f"{ARTICLES[0]}\n\n{line}\n")[1][1] in ("link phrase", "photo credit")


@pytest.mark.parametrize("line", SENTENCES)
def test_sentences_that_begin_like_a_phrase_stay(line):
    assert [rule for _, rule, _ in kinds(f"{ARTICLES[0]}\n\n{line}\n")] == ["", ""]


LONG = " ".join(["The growers of the valley, who had waited for their pears until October, were glad at last."] * 2)
MARGIN = "A year of storms in the north\nWhy the mill was sold\nTen pears to try this autumn"


def test_short_lines_around_the_running_text_are_residue_where_a_link_is_among_them():
    links = f"Read more\n\n{MARGIN}\n"
    found = [rule for _, rule, _ in kinds(f"{links}\n{LONG}\n\n{LONG}\n\n{links}", title="T")]
    assert found == ["link phrase", "margin", "", "", "link phrase", "margin"]


LISTS = {
    "a list that a colon introduces": f"They signed:\n\n{MARGIN}\n\nRead more\n",
    "a chronology": "1993: relations are opened\n2006: the first loan\n2018: a visit\n",
    "direct speech": "„Nobody knew.“\n„And the oil?“\n„There will be oil.“\n\nRead more\n",
    "notes": "The mill was sold in June[1]\nThe river rose in July[2]\nIt fell in May[3]\n\nRead more\n",
    "four lines of verse": "The pears are red\nThe plums are blue\nThe mill is dead\nAnd so are you\n",
}


@pytest.mark.parametrize("lines", LISTS.values(), ids=LISTS)
def test_what_may_be_the_article_stays(lines):
    assert {rule for _, rule, _ in kinds(f"{LONG}\n\n{LONG}\n\n{lines}")} <= {"", "link phrase"}


def test_eight_short_lines_are_a_margin_without_a_link():
    lines = "\n".join(f"Headline {number} of the week" for number in range(8))
    assert [rule for _, rule, _ in kinds(f"{LONG}\n\n{LONG}\n\n{lines}\n")] == ["", "", "margin"]
    assert not any(rule for _, rule, _ in kinds(f"{LONG}\n\n{LONG}\n\n{lines[:-24]}\n"))


def test_the_title_below_a_menu_is_the_title():
    page = f"Our team\nOur orchard\n\nTitle\n\nPosted: May\n\n{ARTICLES[0]}\n\nTitle\n"
    found = [(kind, text) for kind, _, text in kinds(page, title="Title", templates=(TEASER,))]
    assert found[2:4] == [("title", "Title"), ("dateline", "Posted: May")]
    assert found[-1] == ("paragraph", "Title")


ADDRESS = "See also https://example.org/" + "a" * 130
RECORD = "¦ Subject: " + "PEARS (90%); " * 20


@pytest.mark.parametrize("around", ["", ADDRESS, RECORD])
@pytest.mark.parametrize("width", [40, 60, 100])
def test_a_wrapped_text_is_one_whatever_stands_around_it(width, around):
    wrapped = "\n\n".join([textwrap.fill(LONG, width)] * 3)
    found = kinds(f"{wrapped}\n\n{around}\n")
    assert [kind for kind, rule, text in found if text[:3] == "The"] == ["paragraph"] * 3
    assert "margin" not in {rule for _, rule, _ in found}


def test_one_long_line_does_not_unwrap_a_text():
    wrapped = "\n\n".join([textwrap.fill(" ".join(ARTICLES), 50)] * 3)
    assert len(kinds(f"{wrapped}\n\n{LONG}\n")) == 4


def test_short_lines_within_the_text_or_without_one_stay():
    assert not any(rule for _, rule, _ in kinds(f"{LONG}\n\n{MARGIN}\n\n{LONG}\n"))
    assert not any(rule for _, rule, _ in kinds(f"{MARGIN}\n"))
    assert not any(rule for _, rule, _ in kinds(f"{LONG}\n\n- pears and plums\n- apples\n- quinces\n"))


def test_a_menu_is_residue_and_a_list_is_not():
    menu = "Home\nOur team\nOur orchard\nThe valley\n"
    found = [rule for _, rule, _ in kinds(f"{menu}\n{LONG}\n\n{menu}", title="T")]
    assert found == ["link phrase", "margin", "", "link phrase", "margin"]
    assert [kind for kind, _, _ in kinds("- Home\n- About us\n- Our team\n- Contact\n")] == ["list item"] * 4


def test_a_rule_that_there_is_not_cannot_be_left_out(folder):
    import analysis

    with pytest.raises(analysis.StudyError, match="there is no “colour”"):
        analysis.load(folder, without=["colour"])


def test_the_seeds_lose_their_teaser_without_a_template_too(tmp_path):
    """As if the site had never been seen: the teaser goes because it stands in several files, the newsletter by its words."""
    import analysis

    for path in (ROOT / "seeds").iterdir():
        if path.is_file() and path.name != "cleaning.yml":
            shutil.copy(path, tmp_path)
    text = analysis.load(tmp_path).sentences["text"]
    assert not text.str.contains("Catholic|Similar articles|Subscribe|Photo:").any()
    assert text.str.contains("has nothing to offer").any()


def test_each_rule_can_be_left_out_by_itself(seeds):
    """Without a rule its spans are gone, and no other rule of the seeds takes what it took."""
    import analysis

    for rule in sorted(set(seeds.spans["rule"]) - {""}):
        spans = analysis.load(without=[rule]).spans
        assert rule not in set(spans["rule"])
        for doc_id, own in spans.groupby("doc_id"):
            assert own["end"].max() == len(seeds.texts[doc_id])


ARTICLE = """The Daily Courier, founded in 1904

A strike

By Ann Example
TESSMOUTH, 4 May 2021

A week without cranes costs the town a million, says Director Vane, who went along Harbour Company Street.

Read more: The strike of 1988
The dockers have a right to be heard.

What our readers say
Nonsense!

The Daily Courier, 1 Quay Street
"""


def test_the_examples_of_the_chapter_do_what_it_says(tmp_path):
    """Bring your own: a cleaning template, an actor and a frame, as they stand there."""
    import analysis

    page = (ROOT / "book" / "your_own.md").read_text(encoding="utf-8")
    examples = regex.findall("```yaml\n(.*?)```", page, regex.DOTALL)
    for name, example in zip(["cleaning.yml", "actors.yml", "frames.yml"], examples, strict=True):
        (tmp_path / name).write_text(example, encoding="utf-8")
    (tmp_path / "01.txt").write_text(ARTICLE, encoding="utf-8")
    write_rows(tmp_path, [["01.txt", "Daily Courier", "A strike", "", "", "ties", "en", ""]])
    study = analysis.load(tmp_path)
    assert list(study.sentences["text"]) == [
        "A week without cranes costs the town a million, says Director Vane, who went along Harbour Company Street.",
        "The dockers have a right to be heard.",
    ]
    assert list(analysis.residue(study)["rule"]) == ["masthead", "byline", "teaser", "comments", "masthead"]
    assert list(analysis.mentions(study)["form"]) == ["leader"]
    assert list(analysis.cue_hits(study)["text"]) == ["costs"]
