"""Write the built book as an EPUB 3: one file that e-readers open."""

from __future__ import annotations

import io
import os
import posixpath
import uuid
import zipfile
from collections.abc import Iterator
from functools import partial
from html import escape
from itertools import groupby
from mimetypes import guess_type
from pathlib import Path
from textwrap import wrap
from time import gmtime, strftime
from urllib.parse import quote

from chapters import ABOUT, Chapter, Edition, as_xml, read_chapters, read_edition, relink
from lxml import html

STYLE = Path(__file__).with_name("print.css")
OLDEST = 315532800  # 1980, the first second that a zip file can tell
STACKED = 4  # columns from which on a table is set row by row where the screen is narrow
CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
ACCESS = {
    "accessMode": ("textual", "visual"),
    "accessModeSufficient": ("textual",),
    "accessibilityFeature": ("alternativeText", "displayTransformability", "readingOrder", "structuralNavigation")
    + ("tableOfContents",),
    "accessibilityHazard": ("none",),
    "accessibilitySummary": (
        "Figures have a description in words, and the numbers behind them stand in tables with headings.",
    ),
}


def write_epub(build: Path) -> Path:
    """Write the book that stands in a build folder as an e-book, into the folder."""
    edition, chapters = read_edition(build / "html"), read_chapters(build / "html")
    for chapter in chapters:
        relink(chapter, partial(address, chapter.path))
        for table in chapter.body.iter("table"):
            label_cells(table)
    files = {
        "cover.png": cover(edition),
        "print.css": STYLE.read_bytes(),
        "title.xhtml": title_page(edition).encode(),
        "contents.xhtml": contents(edition, chapters).encode(),
        **{as_file(chapter.path): chapter_page(edition, chapter).encode() for chapter in chapters},
        **dict(pictures(build / "html", chapters)),
    }
    target = build / "book.epub"
    pack(target, {"META-INF/container.xml": CONTAINER.encode(), "book.opf": package(edition, files).encode(), **files})
    return target


def as_file(path: str) -> str:
    """The name that a page of the site has in the e-book."""
    return f"{path.removesuffix('.html')}.xhtml"


def address(start: str, path: str, name: str) -> str:
    """The link from a page to a place on it or on another."""
    file = posixpath.relpath(as_file(path), posixpath.dirname(start) or ".")
    return fragment(name) if path == start and name else quote(file) + fragment(name)


def fragment(name: str) -> str:
    """The end of a link to a place on a page."""
    return f"#{quote(name)}" if name else ""


def pictures(site: Path, chapters: list[Chapter]) -> Iterator[tuple[str, bytes]]:
    """The picture files that the chapters show, by their path in the site and in the e-book."""
    for chapter in chapters:
        for source in chapter.body.xpath(".//img/@src[not(starts-with(., 'data:'))]"):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(chapter.path), source))
            yield path, (site / path).read_bytes()


def label_cells(table: html.HtmlElement) -> None:
    """Tell each cell of a wide table what its column is called, for where the table is set row by row."""
    names = [" ".join(head.text_content().split()) for head in table.xpath("./thead/tr/th")]
    rows = table.xpath("./tbody/tr")
    if len(names) >= STACKED and all(len(row) == len(names) for row in rows):
        table.set("class", f"{table.get('class', '')} stacked".strip())
        for row in rows:
            for name, cell in zip(names, row):
                cell.set("data-label", name)


def page(edition: Edition, title: str, path: str, body: str) -> str:
    """A page of the e-book."""
    root = posixpath.relpath(".", posixpath.dirname(path) or ".")
    return f"""<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{edition.language}" \
xml:lang="{edition.language}">
<head><title>{escape(title)}</title><link rel="stylesheet" type="text/css" href="{root}/print.css"/></head>
<body>
{body}
</body>
</html>
"""


def chapter_page(edition: Edition, chapter: Chapter) -> str:
    """A chapter as a page of the e-book."""
    return page(edition, chapter.title, chapter.path, as_xml(chapter.body))


def title_page(edition: Edition) -> str:
    """The page with the title, the licence, and what is different from the browsable book."""
    about = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in (edition.rights, *ABOUT))
    names = f'<h1 class="title">{escape(edition.title)}</h1><p class="author">{escape(edition.author)}</p>'
    return page(edition, edition.title, "", f'<section epub:type="titlepage">{names}</section>{about}')


def contents(edition: Edition, chapters: list[Chapter]) -> str:
    """The table of contents, with the parts, chapters and sections."""
    entries = ""
    for part, inside in groupby(chapters, key=lambda chapter: chapter.part):
        items = "".join(entry(chapter) for chapter in inside)
        entries += f"<li><span>{escape(part)}</span><ol>{items}</ol></li>" if part else items
    return page(edition, "Contents", "", f'<nav epub:type="toc"><h1>Contents</h1><ol>{entries}</ol></nav>')


def entry(chapter: Chapter) -> str:
    """A chapter in the table of contents."""
    file = quote(as_file(chapter.path))
    sections = "".join(
        f'<li><a href="{file}{fragment(name)}">{escape(heading)}</a></li>' for name, heading in chapter.sections
    )
    return f'<li><a href="{file}">{escape(chapter.title)}</a>{f"<ol>{sections}</ol>" if sections else ""}</li>'


def package(edition: Edition, files: dict[str, bytes]) -> str:
    """The list of all files, their order, and what the book says of itself."""
    name = uuid.uuid5(uuid.NAMESPACE_URL, "".join(f"{path}{data!r}" for path, data in files.items()))
    items, spine = "", ""
    for number, (path, data) in enumerate(files.items()):
        kind = "application/xhtml+xml" if path.endswith(".xhtml") else guess_type(path)[0]
        marks = {"cover.png": "cover-image", "contents.xhtml": "nav"}.get(path, "svg" if b"<svg" in data else "")
        properties = f' properties="{marks}"' if marks and kind != "image/svg+xml" else ""
        items += f'<item id="item{number}" href="{quote(path)}" media-type="{kind}"{properties}/>\n'
        if kind == "application/xhtml+xml":
            spine += f'<itemref idref="item{number}"/>\n'
    access = "".join(
        f'<meta property="schema:{key}">{escape(value)}</meta>\n' for key, values in ACCESS.items() for value in values
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="name" xml:lang="{edition.language}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="name">urn:uuid:{name}</dc:identifier>
<dc:title>{escape(edition.title)}</dc:title>
<dc:creator>{escape(edition.author)}</dc:creator>
<dc:language>{edition.language}</dc:language>
<dc:rights>{escape(edition.rights)}</dc:rights>
<meta property="dcterms:modified">{strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(moment()))}</meta>
{access}</metadata>
<manifest>
{items}</manifest>
<spine>
{spine}</spine>
</package>
"""


def moment() -> int:
    """When the book counts as made: what SOURCE_DATE_EPOCH says, else always the same."""
    return max(OLDEST, int(os.environ.get("SOURCE_DATE_EPOCH", OLDEST)))


def pack(target: Path, files: dict[str, bytes]) -> None:
    """Write the files into one, the type of the whole first and as it stands."""
    when = gmtime(moment())[:6]
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", when), "application/epub+zip")
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path, when), data, zipfile.ZIP_DEFLATED)


def cover(edition: Edition) -> bytes:
    """The cover: title and author on a plain ground, as PNG."""
    from matplotlib import font_manager
    from PIL import Image, ImageDraw, ImageFont

    face = font_manager.findfont("DejaVu Sans")  # comes with matplotlib, so it is the same everywhere
    image = Image.new("RGB", (1200, 1800), "#14384f")
    draw = ImageDraw.Draw(image)
    lines = "\n".join(wrap(edition.title, 22))
    draw.multiline_text((110, 360), lines, fill="white", font=ImageFont.truetype(face, 76), spacing=30)
    draw.text((110, 1560), edition.author, fill="#cfe3ee", font=ImageFont.truetype(face, 44))
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()
