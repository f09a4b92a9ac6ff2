"""Checks of the built book in `_build/html`: what its files link to, and what a browser shows.

They need the book built (`make book`) and a browser, which is installed when there is none.
"""

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browser import SCHEMES, WIDTHS
from bs4 import Tag
from built import CHAPTERS, DOCUMENTS, PAGES, SITE, VIEWS, Visit, find_barriers, open_watched, parse, show
from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.built

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


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if re.search(r"book/0\d_", name)])
def test_a_chapter_leads_to_the_terms_of_the_glossary(name: str) -> None:
    assert parse(SITE / name).select_one('article a[href*="glossary.html#term-"]')


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
    visit.page.wait_for_load_state("networkidle")
    for width, scheme in VIEWS:
        show(visit.page, width, scheme)
        scroll, client = visit.page.evaluate(
            "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert scroll <= client + 1, f"{scroll} px in a window of {client} px: {visit.page.evaluate(WIDEST_JS)}"
    assert visit.problems == []


def test_page_is_light(visit: Visit, site: Path, address: str) -> None:
    """The page and all it loads, compressed, are below the limit."""
    visit.page.wait_for_load_state("networkidle")
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
    page.locator("#search-results li a").first.wait_for()
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
