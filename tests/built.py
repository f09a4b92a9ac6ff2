"""The built book in `_build/html`, open in a browser that is watched, and what the accessibility checker says of it."""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from axe_playwright_python.base import AXE_SCRIPT
from browser import HEIGHT, SCHEMES, WIDTHS, find_chapters, find_documents, find_pages
from bs4 import BeautifulSoup
from made_up import ROOT
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, Route

SITE = (ROOT / "_build" / "html").resolve()
DOCUMENTS = find_documents(SITE)
PAGES = find_pages(SITE)
CHAPTERS = find_chapters(SITE)
VIEWS = [(width, scheme) for scheme in SCHEMES for width in WIDTHS]  # to change the colours takes a while

# Transitions are at their end; and the theme, which waits a moment after the page has changed, has let keys reach the
# code and the tables that now scroll.
SETTLE_JS = """() => Promise.race([
  new Promise(done => setTimeout(done, 5000)),
  new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
    .then(() => document.getAnimations().filter(e => isFinite(e.effect.getComputedTiming().endTime)).forEach(e => e.finish()))
    .then(() => new Promise(done => (function look() {
      const scrolls = [...document.querySelectorAll('pre, .pst-scrollable-table-container')];
      if (scrolls.some(e => e.tabIndex < 0 && e.scrollWidth > e.clientWidth)) setTimeout(look, 20);
      else done();
    })())),
]).then(() => null)"""


class Visit(NamedTuple):
    """A page of the book, open in a browser, what went wrong since it was opened, and what it loaded."""

    page: Page
    problems: list[str]
    loaded: list[str]


def open_watched(browser: Browser, home: str, **options: object) -> Visit:
    """An empty page in a fresh context, which records problems and may load only what is under home."""
    context = browser.new_context(**{"viewport": {"width": WIDTHS[0], "height": HEIGHT}, **options})
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
    if request.failure == "net::ERR_ABORTED" and "favicon" in request.url:  # the reader went on before it was there
        return
    problems.append(f"request failed: {request.url} ({request.failure})")


def _note_status(problems: list[str], response: Response) -> None:
    if response.status >= 400:
        problems.append(f"status {response.status}: {response.url}")


def find_barriers(
    page: Page, part: str | None = None, *, only: Sequence[str] = (), but: Sequence[str] = ()
) -> list[str]:
    """What axe finds wrong with the page as it is shown, or with parts of it, by all rules, `only` some, or `but` some."""
    # Preloading is for style sheets of other hosts; it would ask for files that do not exist.
    options = {"resultTypes": ["violations"], "preload": False}
    options["rules"] = {rule: {"enabled": False} for rule in but}
    if only:
        options["runOnly"] = list(only)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("([part, options]) => axe.run(part ?? document, options)", [part, options])
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


@cache
def parse(path: Path) -> BeautifulSoup:
    """The parsed HTML file."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")
