"""Print the built book as one PDF: tagged, with bookmarks, headers and page numbers.

All chapters are put on one page, which Chromium prints. A table that is too wide for a sheet gets smaller type and, if
that is not enough, a sheet on its side.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from html import escape
from io import BytesIO
from pathlib import Path
from time import gmtime, strftime
from urllib.parse import quote

from browser import find_browser, install_browser, launch
from chapters import ABOUT, Chapter, Edition, as_xml, read_chapters, read_edition, relink
from lxml import etree
from pikepdf import Dictionary, Name, ObjectStreamMode, OutlineItem, Page, Pdf
from playwright.sync_api import Browser, sync_playwright

STYLES = [Path(__file__).with_name(name) for name in ("print.css", "pdf.css")]
WIDTHS = {"upright": 642, "wide": 971}  # of the type area in pixels, as pdf.css has it: 170 and 257 mm
PRINT = {"prefer_css_page_size": True, "print_background": True, "tagged": True, "outline": True}
ID_LISTS = ("aria-labelledby", "aria-describedby", "headers", "for")
FIT = """widths => {
  for (const svg of document.querySelectorAll('svg[viewBox]')) svg.style.width = svg.viewBox.baseVal.width + 'px';
  const fits = (table, width) => {
    table.parentElement.style.width = width + 'px';
    const wide = table.offsetWidth;
    table.parentElement.style.width = '';
    return wide <= width;
  };
  for (const table of document.querySelectorAll('table')) {
    const sheet = table.parentElement;
    for (const classes of [[], ['small'], ['wide'], ['wide', 'small'], ['wide', 'small', 'broken']]) {
      sheet.classList.remove('wide', 'small', 'broken');
      sheet.classList.add(...classes);
      if (fits(table, classes.includes('wide') ? widths.wide : widths.upright)) break;
    }
  }
}"""
NUMBER_PAGES = """pages => {
  for (const entry of document.querySelectorAll('nav.contents a'))
    entry.querySelector('.page').textContent = pages[entry.hash.slice(1)];
}"""


def write_pdf(build: Path) -> Path:
    """Print the book that stands in a build folder, into the folder."""
    _ = find_browser() or install_browser()
    with sync_playwright() as playwright:
        return print_book(build, launch(playwright))


def print_book(build: Path, browser: Browser) -> Path:
    """Print it with a browser that runs, first to learn on which page everything stands."""
    edition, chapters = read_edition(build / "html"), read_chapters(build / "html")
    sheet, target = build / "book.xhtml", build / "book.pdf"
    sheet.write_text(one_page(edition, chapters), encoding="utf-8")
    page = browser.new_page(viewport={"width": WIDTHS["upright"], "height": 1000})
    page.emulate_media(media="print", color_scheme="light")
    page.goto(sheet.as_uri())
    page.evaluate(FIT, WIDTHS)
    page.evaluate(NUMBER_PAGES, page_numbers(page.pdf(**PRINT)))
    printed = page.pdf(**PRINT)
    headings = page.locator("h1, h2, h3, h4, h5, h6").all_text_contents()
    page.close()
    finish(printed, target, edition, headings)
    return target


def page_numbers(printed: bytes) -> dict[str, int]:
    """On which page of a PDF each id stands that something links to."""
    with Pdf.open(BytesIO(printed)) as pdf:
        return {name[1:]: Page(place[0]).index + 1 for name, place in pdf.Root.Dests.items()}


def finish(printed: bytes, path: Path, edition: Edition, headings: Iterable[str]) -> None:
    """Say who wrote the book, mend the bookmarks, leave out when it was printed, and pack the file.

    Chromium forgets the space where a heading goes on in another line.
    """
    titles = {"".join(heading.split()): heading for heading in headings}
    with Pdf.open(BytesIO(printed)) as pdf:
        with pdf.open_outline() as outline:
            for bookmark in bookmarks(outline.root):
                bookmark.title = titles["".join(bookmark.title.split())]
        for name in list(pdf.docinfo):
            del pdf.docinfo[name]
        pdf.docinfo.update({"/Title": edition.title, "/Author": edition.author, "/Subject": edition.rights})
        if moment := os.environ.get("SOURCE_DATE_EPOCH"):
            pdf.docinfo["/CreationDate"] = strftime("D:%Y%m%d%H%M%SZ", gmtime(int(moment)))
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.PageMode = Name.UseOutlines
        pdf.save(path, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True)


def bookmarks(items: Iterable[OutlineItem]) -> Iterator[OutlineItem]:
    """Every bookmark, in the order of the pages."""
    for item in items:
        yield item
        yield from bookmarks(item.children)


def one_page(edition: Edition, chapters: list[Chapter]) -> str:
    """The whole book as one page."""
    title = escape(edition.title)
    style = "\n".join([*(path.read_text(encoding="utf-8") for path in STYLES), *sheets(edition, chapters)])
    about = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in (edition.rights, *ABOUT))
    contents = "".join(contents_of(chapters))
    bodies = "\n".join(in_one_book(chapters))
    return f"""<html xmlns="http://www.w3.org/1999/xhtml" lang="{edition.language}">
<head><meta charset="utf-8"/><title>{title}</title><style>{escape(style, quote=False)}</style></head>
<body>
<header><p class="title">{title}</p><p class="author">{escape(edition.author)}</p></header>
<div class="imprint">{about}</div>
<nav class="contents"><h1>Contents</h1><ul>{contents}</ul></nav>
{bodies}
</body></html>
"""


def sheets(edition: Edition, chapters: list[Chapter]) -> Iterator[str]:
    """The rules that give each chapter sheets of its own, upright and on their side, with its title at the head."""
    for number, chapter in enumerate(chapters):
        heads = "".join(
            f"@top-{side} {{ content: {css_string(title)} }}"
            for side, title in (("left", edition.title), ("right", chapter.title))
            if title != edition.title or side == "left"
        )
        yield f"@page chapter{number} {{ {heads} }} @page wide{number} {{ size: A4 landscape; {heads} }}"
        yield f".chapter{number} {{ page: chapter{number} }} .chapter{number} .wide {{ page: wide{number} }}"


def css_string(text: str) -> str:
    """A text as a string of CSS."""
    return '"' + re.sub(r'["\\<>&\n]', lambda match: f"\\{ord(match.group()):x} ", text) + '"'


def contents_of(chapters: list[Chapter]) -> Iterator[str]:
    """The entries of the table of contents, the page numbers still to be filled in."""
    part = ""
    for chapter in chapters:
        if chapter.part != part:
            part = chapter.part
            yield f'<li class="part">{escape(part)}</li>'
        yield f"<li>{entry(anchor(chapter.path), chapter.title)}</li>"
        for name, heading in chapter.sections:
            yield f'<li class="section">{entry(anchor(chapter.path, name), heading)}</li>'


def entry(name: str, heading: str) -> str:
    """A line of the table of contents."""
    return f'<a href="#{quote(name)}"><span class="name">{escape(heading)}</span> <span class="page">000</span></a>'


def anchor(path: str, name: str = "") -> str:
    """The id, in the whole book, of a page or of a place on it."""
    return f"{path.removesuffix('.html')}.{name}" if name else path.removesuffix(".html")


def in_one_book(chapters: list[Chapter]) -> Iterator[str]:
    """The chapters one after another: each id is made its own in the whole book, each heading put below its part's."""
    part = ""
    for number, chapter in enumerate(chapters):
        relink(chapter, lambda path, name: f"#{quote(anchor(path, name))}")
        rename_ids(chapter)
        for image in chapter.body.iter("img"):
            image.set("src", f"html/{posixpath.dirname(chapter.path)}/{image.get('src')}")
        for figure in chapter.body.iter("figure"):  # whose drawing is the figure that carries the description
            figure.tag = "div"
            for caption in figure.iter("figcaption"):
                caption.tag = "p"
                caption.set("class", "caption")
        if chapter.part:
            for heading in chapter.body.xpath(".//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5]"):
                heading.tag = f"h{int(heading.tag[1]) + 1}"
        opening = f'<h1 class="part">{escape(chapter.part)}</h1>' if chapter.part != part else ""
        part = chapter.part
        name = escape(anchor(chapter.path))
        yield f'<div class="chapter chapter{number}" id="{name}">{opening}{as_xml(chapter.body)}</div>'


def rename_ids(chapter: Chapter) -> None:
    """Put the name of the page before each id on it, and wherever an id is referred to but by a link."""

    def renamed(names: str) -> str:
        return " ".join(anchor(chapter.path, name) for name in names.split())

    for element in chapter.body.iter(etree.Element):
        for key, value in element.attrib.items():
            if key == "id" or key in ID_LISTS:
                element.set(key, renamed(value))
            elif "url(#" in value:
                element.set(key, re.sub(r"url\(#([^)]+)\)", lambda match: f"url(#{renamed(match[1])})", value))
