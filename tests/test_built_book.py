"""Checks of the built book in `_build/html`: what its files link to, and what a browser shows.

They need the book built (`make book`) and a browser, which is installed when there is none.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import (
    HEIGHT,
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
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, Route, sync_playwright

pytestmark = pytest.mark.built

SITE = (Path(__file__).parents[1] / "_build" / "html").resolve()
DOCUMENTS = find_documents(SITE)
PAGES = find_pages(SITE)
CHAPTERS = find_chapters(SITE)
VISITS = list(product(PAGES, WIDTHS))
WIDE_VISITS = list(product(PAGES, WIDTHS[:1]))

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

# What sphinx-book-theme violates outside the article: axe rule -> why.
KNOWN_THEME_ISSUES = {
    "region": "the logo above the sidebar's navigation lies in no landmark",
    "summary-name": "the arrows that unfold chapters in the sidebar have no text",
}

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
IN_ARTICLE_JS = "selector => Boolean(document.querySelector(selector)?.closest('article'))"


class Visit(NamedTuple):
    """A page of the book, open in a browser, and what went wrong since it was opened."""

    page: Page
    problems: list[str]


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


@pytest.fixture(scope="module", params=VISITS, ids=lambda param: f"{param[0]}-{param[1]}")
def visit(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visit]:
    """A page of the book at one width, loaded to the end."""
    name, width = request.param
    opened = open_watched(browser, address, width)
    opened.page.goto(address + name, wait_until="networkidle")
    yield opened
    opened.page.context.close()


def open_watched(browser: Browser, home: str, width: int) -> Visit:
    """An empty page in a fresh context, which records problems and may load only what is under home."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHT})
    page = context.new_page()
    problems: list[str] = []
    context.route(partial(_is_elsewhere, home), partial(_block, problems))
    page.on("console", partial(_note_console, problems))
    page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
    page.on("requestfailed", partial(_note_failure, problems))
    page.on("response", partial(_note_status, problems))
    return Visit(page, problems)


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


def test_page_loads_without_problem(visit: Visit) -> None:
    """No console error, uncaught exception, failed request or request to another host."""
    assert visit.problems == []


def test_page_does_not_scroll_sideways(visit: Visit) -> None:
    """The page is no wider than the window."""
    scroll, client = visit.page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert scroll <= client + 1, f"{scroll} px in a window of {client} px: {visit.page.evaluate(WIDEST_JS)}"


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


def test_tab_reaches_a_link(visit: Visit) -> None:
    """The first press of Tab moves the focus to something that can be used."""
    visit.page.keyboard.press("Tab")
    focused = visit.page.evaluate("() => document.activeElement.cloneNode().outerHTML")
    usable = visit.page.evaluate("() => document.activeElement.matches('a[href], button, input, summary')")
    assert usable, f"the focus is on {focused}"


@pytest.mark.parametrize("visit", WIDE_VISITS, indirect=True, ids=PAGES)
def test_page_is_accessible(visit: Visit) -> None:
    """axe finds no violation: none in the article, and outside it only those known of the theme."""
    # Preloading is for style sheets of other hosts; it would ask for files that do not exist.
    found = Axe().run(visit.page, options={"resultTypes": ["violations"], "preload": False})
    nodes = [(rule["id"], node) for rule in found.response["violations"] for node in rule["nodes"]]
    assert [
        f"{rule}: {node['html'][:160]}"
        for rule, node in nodes
        if rule not in KNOWN_THEME_ISSUES or visit.page.evaluate(IN_ARTICLE_JS, node["target"][0])
    ] == []


@pytest.mark.parametrize("name", ["index.html", *CHAPTERS[-1:]])
def test_page_opens_as_a_file(name: str, site: Path, browser: Browser) -> None:
    """A page opened from the disk shows its heading and asks for nothing but files."""
    page, problems = open_watched(browser, "file:", WIDTHS[0])
    page.goto((site / name).as_uri())
    page.locator("h1:visible").wait_for()
    page.wait_for_function("() => document.readyState === 'complete'")
    assert problems == []
    page.context.close()


def test_search_finds_a_word_of_the_book(browser: Browser, address: str) -> None:
    """The search page lists a result for a word that is in the book."""
    word = choose_word()
    page, problems = open_watched(browser, address, WIDTHS[0])
    page.goto(f"{address}search.html?q={word}")
    page.locator("#search-results li a").first.wait_for(timeout=10_000)
    assert problems == []
    page.context.close()
