"""The page Explore in a browser: it finds what the package finds, and a view can be sent on.

They need the book built (`make book`) and a browser. A study other than the book's own is put into the page on its way
to the browser.
"""

import gzip
from collections.abc import Iterator

import pytest
from built import SITE, find_barriers, open_watched
from playwright.sync_api import Browser, Page

import analysis

pytestmark = pytest.mark.built

EXPLORE = "book/explore.html"
SCRIPTS = """Straße STRASSE strasse ẞ. ΟΔΟΣ οδος οδοσ Οδός. İstanbul Istanbul istanbul ıstanbul ISTANBUL Is\u0327tanbul İş.
don’t don't donʼt Don‘t rock’n’roll. well‑known well-known WELL‐KNOWN well–known Well-Known’s. [W]e will [s]ee U.S. and
U.S U.S.A example.org 1,000 1,00,0 1.5 3rd A1. Vienna’s Brussels’ Vienna's VIENNA’S ’s s’s’s. so\u00adft soft a\u200db
ab. Əliyev əliyev ƏLİYEV. Лукашенко ЛУКАШЕНКО лукашенка’s. שלום\u200f שָׁלוֹם مرحبا مَرْحَبًا. नमस्ते नमस्ते हिन्दी. 白俄罗斯 日本語.
𝒜bc 𝒜BC 🍐 pear🍐tree. ﬁne fine ſtone stone K k Å å Å. café cafe\u0301 CAFÉ. ǅ ǆ Ǆ. ᾳ ᾼ αι. ŉ ʼn. A\u200f\u202eb c\x07d.
\ufeffbom ª º ² ½ x² _under_ under a_b. e\u0301\u200de\u0301."""
WORDS = [
    "the",
    "minsk",
    "strategic partner*",
    "military-technical cooperation",
    "military-*",
    "*-*",
    "20??",
    "Belarus’s",
]
SETTLED = "document.getElementById('explore-lines').ariaBusy === 'false'"
SAID = "document.getElementById('explore-status').textContent"
LINES_JS = """() => [...document.querySelectorAll("#explore-lines li")].map((li) =>
  [".place", ".left", "mark", ".right"].map((part) => li.querySelector(part).textContent))"""
# For each search the lines that are shown at first, and the message.
ALL_JS = """async (searches) => {
  const box = document.forms["explore-form"].elements.find, found = [];
  for (const search of searches) {
    box.value = search;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve));
    found.push([(%s)(), document.getElementById("explore-status").textContent]);
  }
  return found;
}""" % LINES_JS.replace("%", "%%")  # noqa: UP031


@pytest.fixture(scope="module")
def address(address) -> str:
    """The address of the page Explore, served."""
    return address + EXPLORE


@pytest.fixture
def page(browser, address) -> Iterator[Page]:
    """The page Explore, which must give no error."""
    opened = open_page(browser, address)
    yield opened
    assert opened.errors == []
    opened.context.close()


def open_page(browser: Browser, url: str, content: str = "", **options) -> Page:
    """The page Explore in a context of its own, once the first lines stand there."""
    opened = open_watched(browser, url.partition(EXPLORE)[0], **options)
    page, page.errors = opened.page, opened.problems
    if content:
        page.route(
            "**/explore.html", lambda route: route.fulfill(body=content, content_type="text/html; charset=utf-8")
        )
    page.goto(url)
    page.wait_for_function(SETTLED)
    return page


def open_study(browser: Browser, address: str, study: analysis.Study) -> Page:
    """The page Explore with the sentences of another study."""
    from keystrokes import made_up_page

    return open_page(browser, address, made_up_page((SITE / EXPLORE).read_text(encoding="utf-8"), study))


def choose(page: Page, find: str | None = None, **fields: str) -> str:
    """Choose in the form, and give the message once the lines are there."""
    for name, value in fields.items():
        page.select_option(f"[name={name}]", value)
    if find is not None:
        page.fill("[name=find]", find)
    page.wait_for_function(SETTLED)
    return page.inner_text("#explore-status")


def lines(page: Page) -> list[tuple[str, ...]]:
    """All lines: the id of the sentence, what stands left, the match, what stands right."""
    while page.is_visible("#explore-more"):
        page.click("#explore-more")
    return [shown(*line) for line in page.evaluate(LINES_JS)]


def shown(place: str, left: str, match: str, right: str) -> tuple[str, ...]:
    """A line of the page; what stands right begins with the match there."""
    return place, *(squeeze(text) for text in (left, match, right.removeprefix(match)))


def squeeze(text: str) -> str:
    return " ".join(text.split())


def expected(study: analysis.Study, pattern: str, **options) -> list[tuple[str, ...]]:
    """The lines of the package."""
    table = analysis.kwic(study, pattern, **options)
    return [(i, *map(squeeze, rest)) for i, *rest in table[["sentence_id", "left", "match", "right"]].to_numpy()]


def ids(page: Page) -> list[str]:
    return [line[0] for line in lines(page)]


@pytest.mark.parametrize("sort", ["", "left", "right"])
@pytest.mark.parametrize("word", WORDS)
def test_a_search_gives_the_lines_of_kwic(page, seeds, word, sort):
    said = choose(page, word, sort=sort)
    found, wanted = lines(page), expected(seeds, word, sort=sort or "text")
    assert found == wanted
    assert said.startswith(f"{len(wanted)} hit")


def test_every_word_of_the_study_gives_the_lines_of_kwic(page, seeds):
    words = [str(word) for word in seeds.index.terms]
    for word, (found, said) in zip(words, page.evaluate(ALL_JS, words)):
        wanted = expected(seeds, word)
        assert [shown(*line) for line in found] == wanted[:100], word
        assert said.startswith(f"{len(wanted):,} hit"), word


def test_every_word_of_many_scripts_gives_the_lines_of_kwic(browser, address, folder):
    (folder / "01_pears.txt").write_text(f"Pears\n\n{SCRIPTS}\n", encoding="utf-8")
    study = analysis.load(folder)
    page = open_study(browser, address, study)
    words = list(
        dict.fromkeys([*map(str, study.index.terms), *(w for t in study.sentences["text"] for w in t.split())])
    )
    words = [word for word in words if analysis.tokenise(word)]
    for word, (found, _) in zip(words, page.evaluate(ALL_JS, words)):
        assert [visible(line) for line in expected(study, word)] == [shown(*line) for line in found], word
    assert len(words) > 100
    page.context.close()


def visible(line: tuple[str, ...]) -> tuple[str, ...]:
    """A line with its hidden characters by their number, as pages show them."""
    from analysis.report.evidence import CONTROLS

    return tuple(CONTROLS.sub(lambda m: f"U+{ord(m.group()):04X}", text) for text in line)


@pytest.mark.parametrize(
    "pattern", [r"\b[A-Z]{4}\b", r"[“”]", r"(?i)weapons?", r"\d+ percent", r"\w+ŭ\w*", r"[\w-]+ed by", "zzz", "x*"]
)
def test_a_regular_expression_gives_the_lines_of_kwic(page, seeds, pattern):
    choose(page, pattern, what="regex")
    assert lines(page) == expected(seeds, pattern, regex=True)


@pytest.mark.parametrize("sort", ["left", "right"])
def test_what_an_expression_finds_is_sorted_by_whole_words(page, seeds, sort):
    choose(page, r"\b[Mm]ilitary\b(?!-)", what="regex", sort=sort)
    assert lines(page) == expected(seeds, r"\b[Mm]ilitary\b(?!-)", regex=True, sort=sort)


def test_a_broken_expression_says_so_and_leaves_the_lines(page):
    choose(page, "weapons?", what="regex")
    before = lines(page)
    assert "no regular expression (Unterminated group)" in choose(page, "weapons?(")
    assert lines(page) == before
    assert page.get_attribute("[name=find]", "aria-invalid") == "true"
    choose(page, "weapons?")
    assert page.get_attribute("[name=find]", "aria-invalid") == "false"


def test_an_expression_without_end_does_not_stop_the_page(page, seeds):
    choose(page, "weapons?", what="regex")
    before = lines(page)
    page.fill("[name=find]", r"(?:\w|\w\w|[\w\s-])*[#!]{3}")
    page.wait_for_function(f"{SAID}.includes('takes too long')")
    assert lines(page) == before
    choose(page, "Minsk")
    assert lines(page) == expected(seeds, "Minsk", regex=True)


def test_an_actor_gives_the_places_of_its_mentions(page, seeds):
    hits = analysis.mentions(seeds)
    for actor, own in hits.groupby("actor"):
        choose(page, what=f"actor:{actor}")
        found = [(place, match) for place, _, match, _ in lines(page)]
        assert found == list(zip(own["sentence_id"], own["text"].map(squeeze))), actor


def test_a_frame_gives_the_places_of_its_cues(page, seeds):
    hits = analysis.cue_hits(seeds)
    for frame, own in hits.groupby("frame"):
        choose(page, what=f"frame:{frame}", sort="right")
        assert sorted((place, match) for place, _, match, _ in lines(page)) == sorted(
            zip(own["sentence_id"], own["text"].map(squeeze))
        ), frame


def test_an_actor_is_sorted_as_the_package_sorts(page, seeds):
    places = analysis.mentions(seeds).query("actor == 'Russia'")
    for sort in ("left", "right"):
        choose(page, what="actor:Russia", sort=sort)
        assert ids(page) == analysis.concordance(seeds, places, sort=sort)["sentence_id"].tolist()


def test_filters_leave_out_other_documents(page, seeds):
    for column in ("source", "year"):
        for value in seeds.documents[column].unique():
            choose(page, "minsk", **{"source": "", "year": "", column: value})
            assert lines(page) == expected(analysis.select(seeds, **{column: value}), "minsk")


def test_a_document_with_a_vague_date_or_none_is_found(browser, address, folder):
    page = open_study(browser, address, analysis.load(folder))
    choose(page, year="2002–2003")
    assert ids(page) == ["02-1", "02-2", "02-3"]
    choose(page, year="undated")
    assert ids(page) == ["03-1"]
    page.context.close()


def test_nothing_typed_shows_every_sentence_in_full(page, seeds):
    assert choose(page, "").startswith(f"{len(seeds.sentences)} sentences of ")
    assert [(i, right) for i, _, _, right in lines(page)] == [
        (i, squeeze(text)) for i, text in seeds.sentences[["sentence_id", "text"]].to_numpy()
    ]
    assert choose(page, "zzzz") == "Nothing found."
    assert choose(page, "…").startswith("There is no word")


def test_the_address_gives_the_same_view_elsewhere(browser, page, seeds):
    source = seeds.documents["source"].iloc[0]
    choose(page, "minsk", source=source, year="2016", sort="right")
    page.wait_for_url("**find=minsk*")
    view = page.url
    other = open_page(browser, view)
    assert (
        lines(other)
        == lines(page)
        == expected(analysis.select(analysis.select(seeds, source=source), year="2016"), "minsk", sort="right")
    )
    assert [other.input_value(f"[name={n}]") for n in ("find", "source", "year", "sort")] == [
        "minsk",
        source,
        "2016",
        "right",
    ]
    choose(other, what="actor:Russia")
    other.wait_for_url("**what=actor*")
    assert "find" not in other.url
    third = open_page(browser, other.url)
    assert lines(third) == lines(other)
    assert third.is_disabled("[name=find]")
    other.context.close()
    third.context.close()


def test_back_brings_the_view_back(page):
    choose(page, "baku", sort="left")
    before = lines(page)
    page.click("#explore-lines li:nth-child(3) a")
    page.wait_for_url("**/documents/**")
    assert page.locator(".sentence:target").count() == 1
    page.go_back()
    page.wait_for_function(SETTLED)
    assert lines(page) == before
    assert page.input_value("[name=find]") == "baku"


def test_a_changed_address_changes_the_view(page):
    page.evaluate("() => { location.hash = '#find=minsk&year=1066&what=nothing&sort=left'; }")
    page.wait_for_function("document.querySelector('[name=find]').value === 'minsk'")
    assert [page.input_value(f"[name={n}]") for n in ("what", "year", "sort")] == ["", "", "left"]


def test_the_page_works_as_a_file(browser, seeds):
    page = open_page(browser, f"{(SITE / EXPLORE).as_uri()}#find=minsk&sort=left")
    assert lines(page) == expected(seeds, "minsk", sort="left")
    choose(page, r"\bMinsk\b", what="regex", sort="")
    assert lines(page) == expected(seeds, r"\bMinsk\b", regex=True)
    page.wait_for_url("**what=regex**")
    page.click("#explore-lines li a")
    page.wait_for_url("**/documents/**")
    assert page.errors == []
    page.context.close()


def test_without_scripts_the_table_stands_there(browser, address, seeds):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    assert page.locator("#explore-sentences tbody tr:visible").count() == len(seeds.sentences)
    assert not page.is_visible("#explore-form")
    page.context.close()


def test_only_this_page_loads_the_script():
    pages = [path for path in SITE.rglob("*.html") if "explore.js" in path.read_text(encoding="utf-8")]
    assert [path.relative_to(SITE).as_posix() for path in pages] == [EXPLORE]


def test_the_keyboard_is_enough(page):
    page.keyboard.press("/")
    page.keyboard.type("minsk/baku")
    assert page.input_value("[name=find]") == "minsk/baku"
    page.keyboard.press("Escape")
    assert page.input_value("[name=find]") == ""
    page.keyboard.type("baku")
    reached = []
    while not reached or reached[-1] != "Copy 000-4 with its source":
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "() => document.activeElement.ariaLabel || document.activeElement.name || document.activeElement.textContent"
            )
        )
        assert len(reached) < 20, reached
    assert reached[:6] == ["source", "year", "sort", "link", "clear", "000-4"]
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.textContent === 'Copied'")
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.name") == "find"


def test_the_theme_keeps_its_own_search(page):
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog[open] input")
    page.keyboard.type("a/b")
    assert page.input_value("dialog[open] input") == "a/b"
    page.keyboard.press("Escape")
    assert page.input_value("[name=find]") == ""


@pytest.mark.parametrize("clipboard", [True, False])
@pytest.mark.parametrize("as_file", [True, False])
def test_a_citation_is_copied(browser, address, seeds, clipboard, as_file):
    page = open_page(browser, (SITE / EXPLORE).as_uri() if as_file else address)
    if not clipboard:
        page.evaluate("() => Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    choose(page, "prioritises")
    page.click("#explore-lines button")
    page.wait_for_function("document.querySelector('#explore-lines button').textContent === 'Copied'")
    page.fill("[name=find]", "")
    page.focus("[name=find]")
    page.keyboard.press("Control+v")
    said, record = page.input_value("[name=find]"), seeds.documents.set_index("doc_id").loc["000"]
    text = seeds.sentences.set_index("sentence_id").loc["000-4", "text"]
    place = "" if as_file else f" {address.rpartition('/')[0]}/documents/000.html#000-4"
    assert said == (
        f"“{squeeze(text)}” {record['source']}, “{record['title']}”, date {record['date_from']}, sentence 000-4. {record['url']}{place}"
    )
    page.context.close()


def test_matches_stand_in_one_column(page):
    choose(page, "minsk")
    edges = page.evaluate(
        "() => [...document.querySelectorAll('#explore-lines mark')].map(e => e.getBoundingClientRect().left)"
    )
    assert len(edges) > 10 and max(edges) - min(edges) < 1


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_shows_whole_lines(browser, address, width):
    page = open_page(browser, f"{address}#find=minsk", viewport={"width": width, "height": 700})
    sizes = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert sizes[0] <= sizes[1]
    for part in page.locator("#explore-lines .text").all()[:10]:
        assert part.evaluate("e => e.scrollWidth <= e.clientWidth")
    small = page.evaluate("""() => [...document.querySelectorAll(".explore :is(select, input, button), .lines button")]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)""")
    assert small == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["", "find=minsk&sort=left", "what=regex&find=("])
def test_the_article_is_accessible(browser, address, scheme, view):
    page = open_page(browser, f"{address}#{view}", color_scheme=scheme)
    assert find_barriers(page, part="article") == []
    page.context.close()


def test_hostile_text_is_shown_as_text(browser, address, folder):
    (folder / "01_pears.txt").write_text(
        "Pears\n\nA <b onclick=x>pear</b> & \u202eraep\u202c <script>alert(1)</script>.\n"
    )
    page = open_study(browser, address, analysis.load(folder))
    choose(page, "pear")
    assert lines(page) == [("01-1", "A <b onclick=x>", "pear", "</b> & U+202EraepU+202C <script>alert(1)</script>.")]
    assert page.locator("#explore-lines b").count() == 0
    assert page.errors == []
    page.context.close()


def test_a_study_without_actors_and_frames_can_be_searched(browser, address, folder):
    page = open_study(browser, address, analysis.load(folder))
    assert page.locator("[name=what] option").all_inner_texts() == ["words", "a regular expression"]
    choose(page, "plum*")
    assert lines(page) == expected(analysis.load(folder), "plum*")
    page.context.close()


def test_five_thousand_sentences_are_searched_at_every_key(browser, tmp_path, capsys):
    """The times are printed, not judged: a shared machine is no stopwatch. The weight is judged."""
    from keystrokes import made_up_page, measure, searches, vocabulary, write_study

    write_study(tmp_path)
    study = analysis.load(tmp_path)
    assert len(study.sentences) >= 5000
    content = made_up_page((SITE / EXPLORE).read_text(encoding="utf-8"), study)
    assert len(gzip.compress(content.encode())) < 1_000_000
    typed = searches(vocabulary())[:3]
    ready, times = measure(browser, content, typed, slower=1)
    assert [len(own) for own in times.values()] == [2 * sum(len(keys) for _, _, keys in typed)]
    with capsys.disabled():
        print(f"\n5,000 sentences: ready after {ready:.0f} ms, the slowest key {max(times['words']):.0f} ms")
