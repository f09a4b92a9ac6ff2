"""Spans partition a file, and each rule takes what it says."""

import regex
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.cleaning import KEPT, REMOVED, Rule, Template, split_spans

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
    spans = split_spans(text, **options)
    return [(kind, rule, text[a:b].strip()) for a, b, kind, rule in spans.itertuples(index=False)]


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
        assert "".join(text[a:b] for a, b in zip(spans["start"], spans["end"])) == text
        assert (spans["start"] < spans["end"]).all()
    else:
        assert spans.empty
    assert set(spans["kind"]) <= {*KEPT, *REMOVED}
    assert (spans["kind"].isin(REMOVED) == (spans["rule"] != "")).all()


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
