"""Take the chapters out of the built book, as they can stand on paper and in an e-book.

What a reader can only do on a screen is taken away: to unfold code, to download a table, to open the sentences behind
a number. Their ids stay, each a link to its place in the document.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree, html
from lxml.html.builder import CLASS, DIV, A

SCREEN_ONLY = ("headerlink", "download", "hide", "toctree-wrapper", "d-print-none")
CONTROLS = "self::button or self::input or self::select or self::form or self::dialog or self::script or self::template"
LINKS = ("href", "xlink:href")
SVG_NAMES = {  # the HTML parser writes all names in lower case, XML does not
    name.lower(): name
    for name in (
        *("viewBox", "preserveAspectRatio", "clipPath", "clipPathUnits", "linearGradient", "radialGradient"),
        *("gradientUnits", "gradientTransform", "patternUnits", "patternContentUnits", "patternTransform"),
        *("markerWidth", "markerHeight", "markerUnits", "refX", "refY", "maskUnits", "maskContentUnits"),
        *("textPath", "textLength", "lengthAdjust", "pathLength", "startOffset", "spreadMethod", "foreignObject"),
    )
}
ABOUT = (
    "The code behind each figure and table is left out here. It stands in the notebook of the chapter, and in the "
    "browsable book above each result; there every table can also be downloaded.",
    "A number such as 17-3 stands for a sentence, the third of document 17. It leads to its place in the document, "
    "which this book holds in full. Of further sentences of the same document only the last part is given.",
)


class Edition(NamedTuple):
    """What the title page says."""

    title: str
    author: str
    language: str
    licence: str

    @property
    def rights(self) -> str:
        """What may be done with the book."""
        own = f"The text, figures and tables are under {self.licence}. " if self.licence else ""
        return f"{own}The documents, and the sentences quoted from them, remain their publishers’."


class Chapter(NamedTuple):
    """A page of the book."""

    path: str  # relative to the folder of the site
    part: str  # the caption under which the contents list it, or nothing
    body: html.HtmlElement

    @property
    def title(self) -> str:
        """The text of its main heading."""
        return text(next(self.body.iter("h1")))

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The id and the heading of each of its sections."""
        headings = self.body.xpath(".//section[@id]/h2")
        return [(heading.getparent().get("id"), text(heading)) for heading in headings]


def read_edition(site: Path) -> Edition:
    """What a built book is called, as its first page says."""
    root = parse(site / first_page(site))
    said = {meta.get("name"): meta.get("content") for meta in root.xpath("//meta[@name]")}
    title = said.get("application-name") or text(root.find(".//h1"))
    return Edition(title, said.get("author", ""), root.get("lang", "en"), said.get("rights", ""))


def read_chapters(site: Path) -> list[Chapter]:
    """The chapters of a built book in their order, each with the caption of its part."""
    chapters, part = [], ""
    path = first_page(site)
    captions = dict(parts(path, parse(site / path)))
    while path:
        page = parse(site / path)
        part, article = captions.get(path, part), page.find(".//article")
        if article.find(".//form") is None:  # a page to search in says nothing on paper
            chapters.append(Chapter(path, part, for_paper(article)))
        path = next((place(path, link)[0] for link in page.xpath("//head/link[@rel='next']/@href")), None)
    for chapter in chapters:
        drop_dead_links(chapter, chapters)
    return chapters


def parse(path: Path) -> html.HtmlElement:
    """The root of an HTML file."""
    return html.parse(str(path), html.HTMLParser(encoding="utf-8", remove_comments=True)).getroot()


def first_page(site: Path) -> str:
    """The page at which the book begins: the index, or where it sends the reader."""
    refresh = re.search(r"http-equiv=\"refresh\"[^>]*url=([^\"]+)", (site / "index.html").read_text("utf-8"), re.I)
    return place("index.html", refresh[1])[0] if refresh else "index.html"


def parts(path: str, page: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """The path of the first page of each part, and the part's caption, as a page's navigation has them."""
    for caption in page.xpath("//nav//p[contains(@class, 'caption')]"):
        yield place(path, caption.xpath("following::a[1]/@href")[0])[0], text(caption)


def text(element: html.HtmlElement) -> str:
    """The text of an element on one line."""
    return " ".join(element.text_content().split())


def for_paper(article: html.HtmlElement) -> html.HtmlElement:
    """An article without what works on a screen only, ready to be written as XML."""
    of_screen = " or ".join(f"contains(concat(' ', @class, ' '), ' {name} ')" for name in SCREEN_ONLY)
    drop(article, f".//*[@hidden or {of_screen} or {CONTROLS}]")
    for details in article.xpath(".//details[@class='evidence']"):
        details.getparent().replace(details, sentence_numbers(details))
    for details in article.xpath(".//details"):
        for element, tag, name in ((details, "div", "opened"), (details.find("summary"), "p", "summary")):
            element.tag = tag
            element.set("class", name)
    drop(article, ".//div[contains(@class, 'cell')][not(normalize-space() or .//svg or .//img)]")
    for figure in article.xpath(".//figure[.//table][figcaption]"):
        figure.tag, caption = "div", figure.find("figcaption")
        caption.tag = "caption"
        figure.find(".//table").insert(0, caption)
    for region in article.xpath(".//*[@tabindex]"):  # on paper nothing scrolls
        for name in ("tabindex", "role", "aria-label"):
            region.attrib.pop(name, None)
    for svg in article.iter("svg"):
        restore_names(svg)
    return article


def drop(article: html.HtmlElement, path: str) -> None:
    """Take elements away, but not the text behind them."""
    for element in article.xpath(path):
        if element.getparent() is not None:
            element.drop_tree()


def sentence_numbers(details: html.HtmlElement) -> html.HtmlElement:
    """What stands for a list of sentences: how many, and their numbers, as in “3 sentences: 002-5, 7; 003-1”."""
    numbers = DIV(CLASS("evidence"), f"{text(details.find('summary'))}: ")
    last = None
    for item in details.iter("li"):
        for link in item.iter("a"):
            document, _, number = text(link).rpartition("-")
            if last is not None:
                numbers[-1].tail = ", " if document == last else "; "
            numbers.append(A(number if document == last else text(link), href=link.get("href")))
            last = document
        if item.find("a") is None:
            numbers[-1].tail = f" {text(item)}"
    numbers.tail = details.tail
    return numbers


def restore_names(svg: html.HtmlElement) -> None:
    """Write the names in a drawing as XML has them."""
    svg.set("xmlns", "http://www.w3.org/2000/svg")
    for element in svg.iter(etree.Element):
        element.tag = SVG_NAMES.get(element.tag, element.tag)
        for name in SVG_NAMES.keys() & element.attrib.keys():
            element.set(SVG_NAMES[name], element.attrib.pop(name))


def place(path: str, address: str) -> tuple[str, str] | None:
    """The page of the site to which an address on a page leads, and the fragment; nothing if it leads elsewhere."""
    url = urlsplit(address)
    if url.scheme or url.netloc:
        return None
    page = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(url.path))) if url.path else path
    return page, unquote(url.fragment)


def targets(chapter: Chapter) -> Iterator[tuple[str, str]]:
    """Every place in a chapter that a link can lead to, as path and fragment."""
    yield chapter.path, ""
    yield from ((chapter.path, name) for name in chapter.body.xpath(".//@id"))


def links(chapter: Chapter) -> Iterator[tuple[html.HtmlElement, str, tuple[str, str] | None]]:
    """Every link of a chapter: its element, its attribute, and its path and fragment if it stays in the book."""
    for element in chapter.body.iter(etree.Element):
        for name in LINKS:
            if name in element.attrib:
                yield element, name, place(chapter.path, element.get(name))


def drop_dead_links(chapter: Chapter, chapters: list[Chapter]) -> None:
    """Leave links to the web and to places in the chapters; of all others leave the text."""
    known = {target for other in chapters for target in targets(other)}
    for element, name, target in links(chapter):
        if target not in known and not element.get(name).startswith(("http://", "https://", "mailto:")):
            del element.attrib[name]


def relink(chapter: Chapter, address: Callable[[str, str], str]) -> None:
    """Give the links inside the book another address, from the path and the fragment that they lead to."""
    for element, name, target in links(chapter):
        if target:
            element.set(name, address(*target))


def as_xml(element: html.HtmlElement) -> str:
    """An element in the XML form of HTML."""
    return etree.tostring(element, encoding="unicode", with_tail=False)
