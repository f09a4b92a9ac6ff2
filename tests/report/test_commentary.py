"""The prose of a study on the page: ids are links, patterns are concordances, markup of its own does nothing."""

import analysis
from analysis.report.commentary import commentary
from analysis.report.downloads import LINK


def page(folder, text):
    (folder / "commentary").mkdir(exist_ok=True)
    (folder / "commentary" / "words.md").write_text(f"# reading\n{text}\n", encoding="utf-8")
    return commentary(analysis.load(folder), "words", "reading").data


def test_a_study_that_says_nothing_shows_nothing(folder):
    assert commentary(analysis.load(folder), "words", "reading") is None


def test_an_id_is_a_link_to_its_sentence(folder):
    html = page(folder, "Read **this** (02-1).")
    assert '(<a href="documents/02.html#02-1">02-1</a>)' in html and "<strong>this</strong>" in html


def test_markup_of_its_own_does_nothing(folder):
    html = page(folder, "<script>alert(1)</script> & <b>01-1</b>")
    assert "<script" not in html and "<b>" not in html and "&lt;script&gt;" in html and "&amp;" in html


def test_search_patterns_become_the_places_where_they_stand(folder):
    html = page(folder, "See:\n\n```concordance\npear*\n\nrain\n```\n\nThere.")
    places = analysis.kwic(analysis.select(analysis.load(folder), role="ties"), ["pear*", "rain"])
    assert html.count("<tr>") == 1 + len(places) == 4
    assert "Every place of “pear*” or “rain” in documents about the subject." in html
    assert "```" not in html and html.index("See:") < html.index("<table") < html.index("There.")


def test_places_of_words_in_any_script_have_files_of_their_own(folder):
    greek, russian = (page(folder, f"```concordance\n{word}\n```") for word in ("λιμάνι", "порт"))
    assert LINK.search(greek)[1] != LINK.search(russian)[1]
