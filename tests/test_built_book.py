"""Checks of the built book in `_build/html`: what its files link to, and what a browser shows.

They need the book built (`make book`) and a browser, which is installed when there is none.
"""

import gzip
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import (
    HEIGHT,
    SCHEMES,
    WIDTHS,
    find_browser,
    find_chapters,
    find_documents,
    find_pages,
    install_browser,
    launch,
    serve,
)
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, Route, sync_playwright

pytestmark = pytest.mark.built

SITE = (Path(__file__).parents[1] / "_build" / "html").resolve()
DOCUMENTS = find_documents(SITE)
PAGES = find_pages(SITE)
CHAPTERS = find_chapters(SITE)
VISITS = [
    pytest.param(name, marks=pytest.mark.xdist_group(name), id=name) for name in PAGES
]  # one load for all its tests
VIEWS = list(product(WIDTHS, SCHEMES))
LIMIT, LIMITS = 300_000, {"explore": 1_000_000}  # bytes of a page and all it loads, compressed

FOREIGN = re.compile(r"\s*(https?:)?//", re.IGNORECASE)
STYLE_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)")
REFRESH_URL = re.compile(r"url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
RELS_NOT_LOADED = {"alternate", "author", "canonical", "help", "index", "license", "next", "prev", "search"}

FILE_PATH = re.compile(r"\S+[/\\]\S+|.*\.(png|jpe?g|gif|svg|webp|pdf)", re.IGNORECASE)
BROKEN_ON_PAGE = ("Traceback", "{glue", "[object Object]", "<IPython", "&lt;")
BROKEN_IN_ARTICLE = ("Error:",)
NOT_A_NUMBER = re.compile(r"\b(nan|NaN)\b")
# Long enough to be none of the words that the search leaves out.
SEARCHABLE = re.compile(r"\b[A-Z][a-z]{5,}\b")

WIDEST_JS = """() => {
  const edge = document.documentElement.clientWidth;
  const clipped = e => {
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
      if (getComputedStyle(p).overflowX !== 'visible') return true;
    return false;
  };
  return [...document.body.querySelectorAll('*')]
    .map(e => [e, e.getBoundingClientRect().right])
    .filter(([e, right]) => right > edge + 1 && !clipped(e))
    .sort((a, b) => b[1] - a[1])
    .slice(0, 5)
    .map(([e, right]) => `${e.cloneNode().outerHTML.slice(0, 120)} ends at ${Math.round(right)} px`);
}"""
HEAD_JS = """() => ({
  headings: [...document.querySelectorAll('h1')].filter(e => e.checkVisibility()).map(e => e.innerText),
  title: document.title.trim(),
  lang: document.documentElement.lang,
})"""
IMAGES_JS = "() => [...document.images].map(e => [e.getAttribute('src'), (e.alt || '').trim()])"
UNNAMED_GRAPHICS_JS = """() => [...document.querySelectorAll('svg[role="img"]')]
  .filter(e => !e.closest('[aria-hidden="true"]'))
  .filter(e => !e.getAttribute('aria-label')?.trim())
  .filter(e => !e.querySelector(':scope > title')?.textContent.trim())
  .map(e => `no name: ${e.outerHTML.slice(0, 120)}`)"""
UNCAPTIONED_FIGURES_JS = """() => [...document.querySelectorAll('main figure')]
  .filter(e => !e.querySelector('figcaption')?.textContent.trim())
  .map(e => `no caption: ${e.outerHTML.slice(0, 120)}`)"""
# The text of the elements, folded parts included, scripts and styles not.
TEXTS_JS = """selector => [...document.querySelectorAll(selector)].map(e => {
  const copy = e.cloneNode(true);
  copy.querySelectorAll('script, style, noscript, template').forEach(part => part.remove());
  return copy.textContent;
})"""
# Transitions are over; some never end, of parts that are not shown.
SETTLE_JS = """() => Promise.race([
  new Promise(done => setTimeout(done, 1000)),
  new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
    .then(() => Promise.allSettled(document.getAnimations().map(e => e.finished))),
]).then(() => null)"""
# What is folded is shown to nobody; the checker would take most of its time to find that out.
FOLD_JS = """() => {
  window.folded = [...document.querySelectorAll('details:not([open]) > :not(summary)')].map(e => [e.parentNode, e]);
  window.folded.forEach(([, e]) => e.remove());
}"""
UNFOLD_JS = "() => window.folded.forEach(([parent, e]) => parent.append(e))"
OPEN_JS = "() => document.querySelectorAll('details').forEach(e => { e.open = !e.open; })"
# What hangs on the width or the colours; the other rules are about the page itself, and are held in one view.
SEEN = ("color-contrast", "scrollable-region-focusable", "target-size", "landmark-unique", "link-in-text-block")
USABLE = "a[href], button, input, select, textarea, summary, [tabindex='0']"
# Everything that can be used and is shown, each with a number to know it by.
NUMBER_USABLE_JS = """selector => [...document.querySelectorAll(selector)]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && !e.closest('[inert], [aria-hidden="true"]'))
  .filter(e => e.getClientRects().length && e.tabIndex >= 0)
  .map((e, number) => { e.dataset.number = number; return e.cloneNode().outerHTML.slice(0, 120); })"""
# From now on, note what gets the focus, and whether one sees that it has it.
WATCH_FOCUS_JS = """() => {
  window.reached = {};
  document.activeElement.blur();
  addEventListener('focusin', ({target}) => {
    const style = getComputedStyle(target);
    window.reached[target.dataset.number] = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  });
}"""
SCROLLERS_JS = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.checkVisibility() && /auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1)
  .filter(e => e.clientWidth && e.tabIndex < 0 && !e.querySelector('a[href], button, summary'))
  .map(e => e.cloneNode().outerHTML.slice(0, 120))"""
PLACE_JS = "() => [scrollY, [...document.querySelectorAll('main details')].map(e => e.open)]"
MARKED_JS = """() => {
  const sentence = document.querySelector(':target'), header = document.querySelector('.bd-header-article');
  const colour = e => getComputedStyle(e).backgroundColor;
  return {
    text: sentence.innerText,
    below: sentence.getBoundingClientRect().top >= header.getBoundingClientRect().bottom,
    above: sentence.getBoundingClientRect().top < innerHeight,
    marked: colour(sentence) !== colour(document.querySelector('.sentence:not(:target, .also)')),
  };
}"""


class Visit(NamedTuple):
    """A page of the book, open in a browser, what went wrong since it was opened, and what it loaded."""

    page: Page
    problems: list[str]
    loaded: list[str]


@pytest.fixture(scope="module")
def site() -> Path:
    """The folder of the built book."""
    if not SITE.is_dir():
        pytest.fail("build the book first: make book")
    return SITE


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running browser. Where none can be had, CI fails and any other run skips."""
    try:
        find_browser() or install_browser()
    except RuntimeError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The address at which the book is served."""
    with serve(site) as served:
        yield served


@pytest.fixture(scope="module", params=VISITS)
def visit(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visit]:
    """A page of the book, loaded to the end."""
    opened = open_watched(browser, address)
    opened.page.goto(address + request.param, wait_until="networkidle")
    yield opened
    opened.page.context.close()


def open_watched(browser: Browser, home: str) -> Visit:
    """An empty page in a fresh context, which records problems and may load only what is under home."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": HEIGHT})
    page = context.new_page()
    problems: list[str] = []
    loaded: list[str] = []
    context.route(partial(_is_elsewhere, home), partial(_block, problems))
    page.on("console", partial(_note_console, problems))
    page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
    page.on("requestfailed", partial(_note_failure, problems))
    page.on("response", partial(_note_status, problems))
    page.on("requestfinished", lambda request: loaded.append(request.url))
    return Visit(page, problems, loaded)


def show(page: Page, width: int, scheme: str) -> None:
    """Show a page at a width and in a colour scheme."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
    page.evaluate(SETTLE_JS)


def _is_elsewhere(home: str, url: str) -> bool:
    return not url.startswith((home, "data:", "blob:"))


def _block(problems: list[str], route: Route) -> None:
    problems.append(f"asks for another host: {route.request.url}")
    route.abort()


def _note_console(problems: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        problems.append(f"console: {message.text}")


def _note_failure(problems: list[str], request: Request) -> None:
    problems.append(f"request failed: {request.url} ({request.failure})")


def _note_status(problems: list[str], response: Response) -> None:
    if response.status >= 400:
        problems.append(f"status {response.status}: {response.url}")


@cache
def parse(path: Path) -> BeautifulSoup:
    """The parsed HTML file."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@cache
def find_anchors(path: Path) -> frozenset[str]:
    """Every id and name in the HTML file that a fragment can lead to."""
    tags = parse(path).find_all(True)
    return frozenset(str(tag[key]) for tag in tags for key in ("id", "name") if tag.has_attr(key))


def list_addresses(tag: Tag) -> Iterator[str]:
    """Every address that the tag links to or loads."""
    for key in ("href", "xlink:href", "src", "poster"):
        if tag.has_attr(key):
            yield str(tag[key])
    if tag.name == "object" and tag.has_attr("data"):
        yield str(tag["data"])
    if tag.has_attr("srcset"):
        yield from (part.split()[0] for part in str(tag["srcset"]).split(",") if part.strip())
    if tag.has_attr("style"):
        yield from STYLE_URL.findall(str(tag["style"]))
    if tag.name == "meta" and str(tag.get("http-equiv", "")).lower() == "refresh":
        yield from REFRESH_URL.findall(str(tag.get("content", "")))


def is_loaded(tag: Tag) -> bool:
    """Whether the browser fetches the addresses of the tag without being asked."""
    if tag.name == "link":
        return not set(tag.get_attribute_list("rel")) <= RELS_NOT_LOADED
    return tag.name not in {"a", "area"}


def explain_broken(document: Path, url: str) -> str | None:
    """Why the address in the document leads nowhere inside the book; None when it is good or external."""
    parts = urlsplit(url.strip())
    if parts.scheme or parts.netloc:
        return None
    target = (document.parent / unquote(parts.path)).resolve() if parts.path else document
    if not target.is_relative_to(SITE):
        return f"{url}: leaves the book"
    if not target.is_file():
        return f"{url}: no such file"
    fragment = unquote(parts.fragment)
    if fragment and target.suffix == ".html" and fragment not in find_anchors(target):
        return f"{url}: no such id in the page"
    return None


def find_signs(texts: list[str], signs: tuple[str, ...]) -> list[str]:
    """The surroundings of each sign in the texts."""
    pattern = re.compile("|".join(re.escape(sign) for sign in signs))
    found = ((text, match) for text in texts for match in pattern.finditer(text))
    return [text[max(0, match.start() - 40) : match.end() + 80] for text, match in found]


def choose_word() -> str:
    """The most frequent long capitalised word in the paragraphs of the first chapter that has one."""
    for name in CHAPTERS:
        text = " ".join(tag.get_text() for tag in parse(SITE / name).select("article p"))
        words = Counter(SEARCHABLE.findall(text))
        if words:
            return words.most_common(1)[0][0]
    pytest.fail("no chapter has a word to search for")


def test_the_book_is_built(site: Path) -> None:
    """There are pages: without this, a run over no page would pass."""
    assert PAGES, f"no page in {site.name}: make book"
    assert (site / "index.html").is_file()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    """Every address inside the book names a file, and every fragment an id in it."""
    document = SITE / name
    urls = {url for tag in parse(document).find_all(True) for url in list_addresses(tag)}
    assert [reason for url in sorted(urls) if (reason := explain_broken(document, url))] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_loaded_from_another_host(name: str) -> None:
    """No tag makes the browser fetch from another host; links to follow may lead anywhere."""
    loaded = [tag for tag in parse(SITE / name).find_all(True) if is_loaded(tag)]
    assert [url for tag in loaded for url in list_addresses(tag) if FOREIGN.match(url)] == []


def test_styles_name_files_that_exist(site: Path) -> None:
    """What a style sheet loads is there."""
    for sheet in (site / "_static").rglob("*.css"):
        urls = [url for url in STYLE_URL.findall(sheet.read_text("utf-8")) if not url.startswith("data:")]
        assert [url for url in urls if not (sheet.parent / url).is_file()] == []


def test_page_loads_and_fits_in_every_view(visit: Visit) -> None:
    """At no width and in no scheme there is an error, a failed or foreign request, or a page wider than the window."""
    for width, scheme in VIEWS:
        show(visit.page, width, scheme)
        scroll, client = visit.page.evaluate(
            "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert scroll <= client + 1, f"{scroll} px in a window of {client} px: {visit.page.evaluate(WIDEST_JS)}"
    assert visit.problems == []


def test_page_is_light(visit: Visit, site: Path, address: str) -> None:
    """The page and all it loads, compressed, are below the limit."""
    names = {urlsplit(url.removeprefix(address)).path for url in visit.loaded if url.startswith(address)}
    sizes = {name: len(gzip.compress((site / name).read_bytes())) for name in names}
    stem = Path(urlsplit(visit.page.url).path).stem
    assert sizes
    assert sum(sizes.values()) < LIMITS.get(stem, LIMIT), sorted(sizes.items(), key=lambda item: -item[1])[:5]


def test_page_has_heading_title_and_language(visit: Visit) -> None:
    """One h1 is shown, and the title and the language are set."""
    head = visit.page.evaluate(HEAD_JS)
    assert len(head["headings"]) == 1, f"h1: {head['headings']}"
    assert head["title"], "no title"
    assert head["lang"], "no language"


def test_images_are_described(visit: Visit) -> None:
    """Images have a text that is not a file name, graphics a name, figures a caption."""
    images = visit.page.evaluate(IMAGES_JS)
    bad = [f"alt of {src} is {alt!r}" for src, alt in images if not alt or FILE_PATH.fullmatch(alt)]
    bad += visit.page.evaluate(UNNAMED_GRAPHICS_JS)
    bad += visit.page.evaluate(UNCAPTIONED_FIGURES_JS)
    assert bad == []


def test_text_has_no_sign_of_a_broken_build(visit: Visit) -> None:
    """No error output, unfilled value or unrendered markup is on the page."""
    found = find_signs(visit.page.evaluate(TEXTS_JS, "body"), BROKEN_ON_PAGE)
    found += find_signs(visit.page.evaluate(TEXTS_JS, "article"), BROKEN_IN_ARTICLE)
    cells = visit.page.evaluate(TEXTS_JS, "article :is(td, th)")
    found += [f"table cell: {cell.strip()}" for cell in cells if NOT_A_NUMBER.search(cell)]
    assert found == []


def test_page_is_accessible_in_every_view(visit: Visit) -> None:
    """axe finds no violation at any width in any scheme."""
    visit.page.evaluate(FOLD_JS)
    for number, (width, scheme) in enumerate(VIEWS):
        show(visit.page, width, scheme)
        assert find_barriers(visit.page, SEEN if number else ()) == [], f"{width} px, {scheme}"
    visit.page.evaluate(UNFOLD_JS)


def test_page_is_accessible_with_everything_open(visit: Visit) -> None:
    """axe finds no violation in the code and the lists of sentences that a click opens."""
    show(visit.page, WIDTHS[-1], SCHEMES[1])
    visit.page.evaluate(OPEN_JS)
    visit.page.evaluate(SETTLE_JS)
    assert find_barriers(visit.page) == []
    visit.page.evaluate(OPEN_JS)


@pytest.mark.parametrize("width", [WIDTHS[0], WIDTHS[-1]])
def test_keys_alone_reach_everything(visit: Visit, width: int) -> None:
    """Tab leads to everything that can be used, and one sees where the focus is; what scrolls sideways can be focused."""
    page = visit.page
    show(page, width, SCHEMES[0])
    usable = page.evaluate(NUMBER_USABLE_JS, USABLE)
    page.evaluate(WATCH_FOCUS_JS)
    for _ in range(len(usable) + 2):
        page.keyboard.press("Tab")
    reached = page.evaluate("() => window.reached")
    assert usable
    assert [what for number, what in enumerate(usable) if str(number) not in reached] == [], "not reached"
    assert [what for number, what in enumerate(usable) if not reached[str(number)]] == [], "reached, but not seen"
    assert page.evaluate(SCROLLERS_JS) == [], "scrolls, but not by keys"


@cache
def axe() -> Axe:
    """The accessibility checker, read once."""
    return Axe()


def find_barriers(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong with the page as it is shown, by all rules or by some."""
    # Preloading is for style sheets of other hosts; it would ask for files that do not exist.
    options = {"resultTypes": ["violations"], "preload": False} | ({"runOnly": list(rules)} if rules else {})
    found = axe().run(page, options=options).response
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_as_a_file(name: str, site: Path, browser: Browser) -> None:
    """A page opened from the disk shows its heading and asks for nothing but files."""
    page, problems, _ = open_watched(browser, "file:")
    page.goto((site / name).as_uri())
    page.locator("h1:visible").wait_for()
    page.wait_for_function("() => document.readyState === 'complete'")
    assert problems == []
    page.context.close()


@pytest.mark.parametrize("place", ["http", "file"])
def test_search_finds_a_word_of_the_book(place: str, site: Path, browser: Browser, address: str) -> None:
    """The search page lists a result for a word that is in the book, on a server and on the disk."""
    home = address if place == "http" else f"{site.as_uri()}/"
    page, problems, _ = open_watched(browser, home)
    page.goto(f"{home}search.html?q={choose_word()}")
    page.locator("#search-results li a").first.wait_for(timeout=10_000)
    assert problems == []
    page.context.close()


@pytest.mark.parametrize("place", ["http", "file"])
@pytest.mark.parametrize(("width", "scheme"), [(WIDTHS[0], SCHEMES[0]), (WIDTHS[-1], SCHEMES[1])])
def test_evidence_opens_at_the_sentence_and_one_key_leads_back(
    place: str, width: int, scheme: str, site: Path, browser: Browser, address: str
) -> None:
    """A link in a list of sentences leads to its sentence, marked and in view; Escape leads back to the very place."""
    home = address if place == "http" else f"{site.as_uri()}/"
    page, problems, _ = open_watched(browser, home)
    chapter = next(name for name in CHAPTERS if len(parse(SITE / name).select("details.evidence a[href]")) > 3)
    page.goto(home + chapter)
    show(page, width, scheme)
    link = open_evidence(page)
    told, place_before = link.locator("xpath=..").inner_text(), page.evaluate(PLACE_JS)
    target = link.get_attribute("href")
    link.press("Enter")
    button = page.get_by_role("button", name="Back to where you were")
    button.wait_for()
    mark = page.evaluate(MARKED_JS)
    assert page.url.endswith(target.rpartition("/")[2])
    assert told.split(None, 1)[1] in mark.pop("text")
    assert all(mark.values()), mark
    assert find_barriers(page) == []
    page.locator(".sentence a.number").last.click()  # looking around on the page does not lose the way
    page.keyboard.press("Escape")
    page.wait_for_url(f"{home}{chapter}")
    page.wait_for_function("place => JSON.stringify((" + PLACE_JS + ")()) === JSON.stringify(place)", arg=place_before)
    assert page.evaluate("() => document.activeElement.getAttribute('href')") == target
    assert problems == []
    page.context.close()


def open_evidence(page: Page) -> Locator:
    """Open the first and the last list of sentences on the page, and give the last link of the last one."""
    lists = page.locator("details.evidence:has(a[href])")
    for number in (0, -1):
        lists.nth(number).locator("summary").press("Enter")
    link = lists.last.locator("a[href]").last
    link.scroll_into_view_if_needed()
    return link


def test_every_page_says_what_it_is_and_what_it_was_made_from(site: Path) -> None:
    """Descriptions are there and differ; a page that is shared has a title; the stamp is the same on all."""
    heads = {name: parse(site / name) for name in PAGES}
    descriptions = {name: page.find("meta", {"name": "description"})["content"] for name, page in heads.items()}
    assert len(set(descriptions.values())) == len(PAGES), descriptions
    assert all(20 < len(text) <= 160 for text in descriptions.values()), descriptions
    assert all(page.find("meta", property="og:title")["content"] for page in heads.values())
    stamps = {page.select_one(".stamp code")["title"] for page in heads.values()}
    assert len(stamps) == 1
    assert re.fullmatch(r"SHA-256 [0-9a-f]{64}", stamps.pop())


def test_the_front_page_says_how_to_cite_the_book(browser: Browser, address: str) -> None:
    """There is a citation and a BibTeX entry, and a button beside each copies it."""
    page, problems, _ = open_watched(browser, address)
    page.goto(address)
    page.wait_for_url("**/*.html")
    blocks = page.locator("#cite-this-book .highlight")
    assert blocks.count() == blocks.locator("button.copybtn").count() == 2
    assert blocks.last.locator("pre").inner_text().startswith("@misc{")
    assert problems == []
    page.context.close()
