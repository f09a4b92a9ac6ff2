"""The whole book as PDF and as EPUB: nothing is lost or cut off, and what leads somewhere on the screen still does.

What must be in them is taken from the built pages, by another parser than the one that made them.
"""

import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import epub
import pdf
import pikepdf
import pytest
from bs4 import BeautifulSoup, Tag
from lxml import etree
from made_up import ROOT
from PIL import Image
from pypdf import PdfReader

pytestmark = pytest.mark.built

BUILD = ROOT / "_build"
HEADINGS = re.compile("^h[1-6]$")
XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
OPF = {"opf": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}
TOO_WIDE = """width => [...document.querySelectorAll('body *')]
  .filter(e => e.getClientRects().length && !e.closest('defs'))
  .filter(e => getComputedStyle(e).clipPath === 'none')
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.right > width + 1 || box.left < -1)
  .filter(([e, box]) => width > 800 || !e.closest('.wide'))
  .map(([e, box]) => `${e.outerHTML.slice(0, 120)} from ${box.left} to ${box.right}`)"""
CROWDED = """<figure class="result"><figcaption>{0} columns.</figcaption><div class="scroll" tabindex="0"><table>
<thead><tr>{1}</tr></thead><tbody>{2}</tbody></table></div></figure>"""
DRAWING = """<figure class="result"><svg viewBox="0 0 100 4000" role="img" aria-label="A tall one"><clipPath id="clip">
<rect width="50" height="4000"/></clipPath><rect width="100" height="4000" clip-path="url(#clip)"/></svg>
<figcaption>Tall.</figcaption></figure>"""
HIDDEN = """<div class="cell"><details class="admonition hide"><summary>Show the code</summary><pre>code</pre></details>
</div><details class="more"><summary>More</summary><p>Shown in print.</p></details>"""


# What must be there


class Page:
    """A page of the built book, as its reader sees it."""

    def __init__(self, site: Path, path: str) -> None:
        soup = BeautifulSoup((site / path).read_text("utf-8"), "html.parser")
        self.path, self.article = path, soup.find("article")
        self.searched = self.article.form is not None
        self.navigation = soup.find("nav", class_="bd-docs-nav") or soup.find("nav")
        self.sentences = [link["href"] for link in self.article.select("details.evidence a")]
        for tag in self.article.select(".headerlink, .download, details.hide, [hidden]"):
            tag.decompose()
        for details in self.article.select("details.evidence"):
            details.replace_with(in_print(details))

    def headings(self) -> list[tuple[int, str]]:
        """The level and the text of every heading."""
        return [(int(tag.name[1]), words(tag)) for tag in self.article.find_all(HEADINGS)]

    def blocks(self) -> list[str]:
        """The text of every row of a table, and of every paragraph and other block outside tables."""
        rows = [squeeze("".join(cell.get_text() for cell in row("td"))) for row in self.article.select("tbody tr")]
        rest = self.article.select("p, dt, dd, h1, h2, h3, pre, figcaption, thead tr, .sentence")
        blocks = [squeeze(tag.get_text()) for tag in rest if not (tag.find_parent("td") or tag.find("math"))]
        return [block for block in rows + blocks if block]

    def described(self) -> list[str]:
        """What is said of every figure."""
        graphics = self.article.select("svg[role=img]")
        return [tag["aria-label"] for tag in graphics] + [tag["alt"] for tag in self.article.select("img")]


def words(tag: Tag) -> str:
    """The text of a tag on one line."""
    return " ".join(tag.get_text().split())


def squeeze(text: str) -> str:
    """Text without spaces, in which line breaks do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def in_print(details: Tag) -> str:
    """How a list of sentences must read in print."""
    out, before = words(details.summary) + ":", None
    for item in details("li"):
        if item.a is None:
            out += " " + words(item)
            continue
        document, number = words(item.a).rsplit("-", 1)
        same = document == before
        out += ("," if same else ";" if before else "") + " " + (number if same else f"{document}-{number}")
        before = document
    return out


@cache
def pages(site: Path) -> tuple[Page, ...]:
    """The pages of a built book, in the order of the navigation beside them."""
    index = (site / "index.html").read_text("utf-8")
    first = re.search(r"url=([^\"]+)", index)[1]
    links = Page(site, first).navigation("a")
    paths = [normpath(join(dirname(first), unquote(link["href"]))) if link["href"] != "#" else first for link in links]
    found = [Page(site, path) for path in dict.fromkeys([first, *paths])]
    return tuple(page for page in found if not page.searched)


def expected_outline(site: Path, *, deepest: int = 6) -> list[tuple[int, str]]:
    """Depth and text of every entry of a table of contents of the book: parts, chapters, sections to some level."""
    captions = {}
    first = pages(site)[0]
    for caption in first.navigation.select("p.caption"):
        captions[normpath(join(dirname(first.path), unquote(caption.find_next("a")["href"])))] = words(caption)
    outline, inside = [], 0
    for page in pages(site):
        if page.path in captions:
            outline.append((0, captions[page.path]))
            inside = 1
        outline += [(level - 1 + inside, text) for level, text in page.headings() if level <= deepest]
    return outline


# Made once


@pytest.fixture(scope="module", params=["book", "made up"])
def build(request, tmp_path_factory, browser) -> Path:
    """A build folder with the two files made: that of the book, and that of a few pages which are hard to print."""
    if request.param == "book":
        assert (BUILD / "html" / "index.html").exists(), "build the book first: make book"
        folder = BUILD
    else:
        folder = made_up(tmp_path_factory.mktemp("build"))
    pdf.print_book(folder, browser)
    epub.write_epub(folder)
    return folder


@pytest.fixture
def printed(build) -> Iterator[pikepdf.Pdf]:
    """The PDF."""
    with pikepdf.open(build / "book.pdf") as opened:
        yield opened


@pytest.fixture
def ebook(build) -> Iterator[zipfile.ZipFile]:
    """The EPUB."""
    with zipfile.ZipFile(build / "book.epub") as opened:
        yield opened


def made_up(folder: Path) -> Path:
    """A built book with tables and figures larger than a sheet, the same ids on each page, and letters of all kinds."""
    evidence = "".join(f'<li><a href="texts/д1.html#д1-{n}">д1-{n}</a> Words.</li>' for n in (1, 2))
    tables = "".join(crowded(columns, rows) for columns, rows in ((3, 4), (14, 12), (20, 12), (34, 60)))
    bodies = {
        "a.html": '<p><a href="b.html#same">B</a> <a href="gone.html">gone</a> <a href="https://example.org/">web</a></p>',
        "b.html": f'<details class="evidence"><summary>3 sentences</summary><ol>{evidence}<li>and 1 more</li></ol>'
        f"</details>{tables}{DRAWING}{DRAWING.replace('clip', 'cut')}<button>Press</button><p hidden>Unseen</p>",
        "texts/д1.html": '<p><span class="sentence" id="д1-1">Один.</span> <span class="sentence" id="д1-2">Two &amp; "three".</span></p>',
    }
    titles = ["Front", 'B “quoted” "plain" &lt;/style&gt; \\', "Документ"]
    following = [*list(bodies)[1:], None]
    (folder / "html" / "texts").mkdir(parents=True)
    (folder / "html" / "_images").mkdir()
    Image.new("RGB", (20, 20)).save(folder / "html" / "_images" / "dot.png")
    (folder / "html" / "index.html").write_text('<meta http-equiv="Refresh" content="0; url=a.html"/>')
    for (path, body), title, after in zip(bodies.items(), titles, following):
        to = "../" if "/" in path else ""
        ahead = f'<link rel="next" href="{to}{after}"/>' if after else ""
        (folder / "html" / path).write_text(
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/>{ahead}</head><body>'
            f'<nav><a href="{to}a.html">Front</a><p class="caption">Part &amp; one</p><a href="{to}b.html">B</a>'
            f'<p class="caption">Texts</p><a href="{to}texts/%D0%B41.html">Д</a></nav>'
            f'<article><section id="same"><h1>{title}</h1>{body}</section></article></body></html>',
            encoding="utf-8",
        )
    return folder


def crowded(columns: int, rows: int) -> str:
    """A table of many columns."""
    head = "".join(f'<th scope="col">Column{n}</th>' for n in range(columns))
    cells = ("".join(f'<td class="number">cell{row}.{n}</td>' for n in range(columns)) for row in range(rows))
    return CROWDED.format(columns, head, "".join(f"<tr>{row}</tr>" for row in cells))


# The PDF


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Every element of the structure below a node."""
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def bookmarks(items: list[pikepdf.OutlineItem], depth: int = 0) -> Iterator[tuple[int, str, str]]:
    """Depth, text and destination of every bookmark."""
    for item in items:
        yield depth, item.title, item.destination
        yield from bookmarks(item.children, depth + 1)


def page_of(printed: pikepdf.Pdf, destination: pikepdf.Object) -> int:
    """The number of the page on which a destination lies."""
    found = destination if isinstance(destination, pikepdf.Array) else printed.Root.Dests[destination]
    return pikepdf.Page(found[0]).index + 1


@cache
def texts(build: Path) -> list[str]:
    """The text of each page of the PDF without its spaces, headers and page numbers."""
    title = squeeze(pdf.read_edition(build / "html").title)
    heads = [*(squeeze(page.headings()[0][1]) for page in pages(build / "html")), ""]
    found = []
    for number, page in enumerate(PdfReader(build / "book.pdf").pages, start=1):
        text = squeeze(page.extract_text())
        around = (f"{start}{head}{number}" for head in heads for start in (title, ""))
        found.append(text.removeprefix(next(filter(text.startswith, around), "")))
    return found


def test_the_bookmarks_are_the_headings_in_order(build, printed):
    with printed.open_outline() as outline:
        found = list(bookmarks(outline.root))
    assert [entry[:2] for entry in found] == [(0, "Contents"), *expected_outline(build / "html")]
    numbers = [page_of(printed, destination) for _, _, destination in found]
    assert numbers == sorted(numbers)


def test_each_chapter_begins_a_page_and_the_contents_say_which(build, printed):
    with printed.open_outline() as outline:
        found = [
            (title, page_of(printed, destination))
            for depth, title, destination in bookmarks(outline.root)
            if depth <= 1
        ]
    chapters = [page.headings()[0][1] for page in pages(build / "html")]
    left = iter(found)
    begins = [next(number for title, number in left if title == chapter) for chapter in chapters]
    captions = [squeeze(caption.get_text()) for caption in pages(build / "html")[0].navigation.select("p.caption")]
    contents = "".join(texts(build)[found[0][1] - 1 : begins[0] - 1])
    assert len(begins) == len(chapters) == len(set(begins))
    for chapter, number in zip(map(squeeze, chapters), begins):
        assert texts(build)[number - 1].startswith((chapter, *(caption + chapter for caption in captions)))
        assert f"{chapter}{number}" in contents


def test_the_pdf_says_what_it_is(build, printed):
    edition = pdf.read_edition(build / "html")
    assert printed.Root.MarkInfo.Marked
    assert str(printed.Root.Lang) == edition.language
    assert str(printed.docinfo["/Title"]) == edition.title
    assert str(printed.docinfo["/Author"]) == edition.author
    assert printed.Root.ViewerPreferences.DisplayDocTitle
    assert "/CreationDate" not in printed.docinfo
    fonts = [item for item in printed.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item]
    assert fonts
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts), "a font is not embedded"


def test_figures_and_tables_are_tagged(build, printed):
    found = list(elements(printed.Root.StructTreeRoot))
    kinds = Counter(str(element.S) for element in found)
    alts = [str(element.get("/Alt", "")) for element in found if element.S == "/Figure"]
    assert Counter(alts) == Counter(text for page in pages(build / "html") for text in page.described())
    assert kinds["/Table"] == sum(len(page.article("table")) for page in pages(build / "html")) > 0
    assert kinds["/H1"] and kinds["/H2"]
    heads = [element for element in found if element.S == "/TH"]
    assert heads
    assert all("/Scope" in str(head.A.unparse()) for head in heads)


def test_no_text_is_lost_in_the_pdf(build):
    text = "".join(texts(build))
    blocks = [block for page in pages(build / "html") for block in page.blocks()]
    assert len(blocks) > 50
    assert [block for block in blocks if block not in text] == []
    for gone in ("Showthecode", "Press", "Unseen"):
        assert gone not in text


def test_nothing_is_wider_than_its_sheet(build, browser):
    page = browser.new_page(viewport={"width": pdf.WIDTHS["upright"], "height": 1000})
    page.emulate_media(media="print")
    page.goto((build / "book.xhtml").as_uri())
    page.evaluate(pdf.FIT, pdf.WIDTHS)
    for width in pdf.WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 1000})
        assert page.evaluate(TOO_WIDE, width) == []
    page.close()


def test_the_links_of_the_pdf_lead_somewhere(build, printed):
    links = [link for page in printed.pages for link in page.get("/Annots", []) if link.Subtype == "/Link"]
    inside = [str(link.Dest) for link in links if "/Dest" in link]
    outside = [str(link.A.URI) for link in links if "/Dest" not in link]
    assert {name for name in inside if name not in printed.Root.Dests} == set()
    assert [url for url in outside if not url.startswith(("http://", "https://", "mailto:"))] == []
    sentences = {unquote(urlsplit(link).fragment) for page in pages(build / "html") for link in page.sentences}
    assert sentences
    assert sentences <= {unquote(name).rpartition(".")[2] for name in inside}


def test_each_id_stands_once(build):
    ids = Counter(etree.parse(build / "book.xhtml").xpath("//@id"))
    assert [name for name, number in ids.items() if number > 1] == []


def test_printed_again_the_files_are_the_same(tmp_path, browser):
    folder = made_up(tmp_path)
    files = [[pdf.print_book(folder, browser).read_bytes(), epub.write_epub(folder).read_bytes()] for _ in range(2)]
    assert files[0] == files[1]


# The EPUB


def xhtml(ebook: zipfile.ZipFile) -> dict[str, etree._Element]:
    """The pages of the e-book, by their path; a page that is no XML is an error."""
    return {name: etree.fromstring(ebook.read(name)) for name in ebook.namelist() if name.endswith(".xhtml")}


def package(ebook: zipfile.ZipFile) -> etree._Element:
    """The list of files and what the book says of itself."""
    container = etree.fromstring(ebook.read("META-INF/container.xml"))
    return etree.fromstring(ebook.read(container.xpath("string(//*[@full-path]/@full-path)")))


def test_the_epub_lists_its_files(build, ebook):
    first = ebook.infolist()[0]
    assert (first.filename, first.compress_type, ebook.read(first)) == ("mimetype", 0, b"application/epub+zip")
    root = package(ebook)
    items = root.findall("opf:manifest/opf:item", OPF)
    listed = {unquote(item.get("href")): item for item in items}
    assert len(listed) == len(items)
    assert set(listed) == set(ebook.namelist()) - {"mimetype", "META-INF/container.xml", "book.opf"}
    for name, item in listed.items():
        properties = (item.get("properties") or "").split()
        assert item.get("media-type"), name
        assert ("svg" in properties) == (name.endswith(".xhtml") and b"<svg" in ebook.read(name)), name
    assert [name for name, item in listed.items() if item.get("properties") == "cover-image"] == ["cover.png"]
    order = [ref.get("idref") for ref in root.findall("opf:spine/opf:itemref", OPF)]
    names = {item.get("id"): name for name, item in listed.items()}
    chapters = [page.path.replace(".html", ".xhtml") for page in pages(build / "html")]
    assert [names[name] for name in order][-len(chapters) :] == chapters
    assert {names[name] for name in order} == set(xhtml(ebook))


def test_the_epub_says_what_it_is(build, ebook):
    edition, root = epub.read_edition(build / "html"), package(ebook)
    assert root.findtext("opf:metadata/dc:title", namespaces=OPF) == edition.title
    assert root.findtext("opf:metadata/dc:creator", namespaces=OPF) == edition.author
    assert root.findtext("opf:metadata/dc:language", namespaces=OPF) == edition.language
    assert root.findtext("opf:metadata/dc:rights", namespaces=OPF)
    assert root.findtext("opf:metadata/dc:identifier", namespaces=OPF).startswith("urn:uuid:")
    properties = {meta.get("property") for meta in root.findall("opf:metadata/opf:meta", OPF)}
    access = [
        "accessMode",
        "accessModeSufficient",
        "accessibilityFeature",
        "accessibilityHazard",
        "accessibilitySummary",
    ]
    assert properties == {"dcterms:modified", *(f"schema:{name}" for name in access)}
    assert ebook.read("cover.png").startswith(b"\x89PNG")


def test_the_contents_of_the_epub_are_the_headings_in_order(build, ebook):
    nav = xhtml(ebook)["contents.xhtml"].find(f".//{XHTML}nav[@{OPS}type='toc']")
    entries = nav.iter(f"{XHTML}a", f"{XHTML}span")
    found = [(len(list(entry.iterancestors(f"{XHTML}ol"))) - 1, entry.text) for entry in entries]
    assert found == expected_outline(build / "html", deepest=2)


def test_the_pages_of_the_epub_are_whole(ebook):
    """Strict XML, no script, nothing from another host, all that is shown described, and links that lead somewhere."""
    found = xhtml(ebook)
    ids = {name: page.xpath("//@id") for name, page in found.items()}
    for name, page in found.items():
        tags = {etree.QName(element).localname for element in page.iter(etree.Element)}
        assert not tags & {"script", "iframe", "object", "embed", "form", "button", "input", "details"}, name
        assert page.xpath("//@*[starts-with(name(), 'on')]") == [], name
        assert len(page.findall(f".//{XHTML}h1")) == 1, name
        assert page.get("lang") and page.findtext(f"{XHTML}head/{XHTML}title"), name
        assert len(ids[name]) == len(set(ids[name])), name
        assert all(image.get("alt") for image in page.iter(f"{XHTML}img")), name
        assert all(image.get("aria-label") for image in page.iter("{http://www.w3.org/2000/svg}svg")), name
        links = page.xpath("//*[local-name() = 'a']/@*[local-name() = 'href']")
        loaded = page.xpath("//@src | //*[local-name() != 'a']/@*[local-name() = 'href']")
        assert [url for url in loaded if urlsplit(url).scheme not in ("", "data")] == [], name
        for url in map(urlsplit, [*links, *loaded]):
            if not url.scheme:
                target = normpath(join(dirname(name), unquote(url.path))) if url.path else name
                assert target in ebook.namelist(), f"{name}: {url.path}"
                assert not url.fragment or unquote(url.fragment) in ids[target], f"{name}: {url.geturl()}"


def test_no_text_is_lost_in_the_epub(build, ebook):
    text = {name: squeeze("".join(page.itertext())) for name, page in xhtml(ebook).items()}
    for page in pages(build / "html"):
        found = text[page.path.replace(".html", ".xhtml")]
        assert [block for block in page.blocks() if block not in found] == []
    sentences = [urlsplit(link) for page in pages(build / "html") for link in page.sentences]
    links = b"".join(ebook.read(name) for name in ebook.namelist() if name.endswith(".xhtml")).decode()
    assert {url.fragment for url in sentences} <= {unquote(name) for name in re.findall(r'href="[^"]*#([^"]+)"', links)}
    for gone in ("Showthecode", "Press", "Unseen"):
        assert gone not in "".join(text.values())


def test_the_epub_does_not_scroll_sideways(ebook, browser, tmp_path):
    ebook.extractall(tmp_path)
    page = browser.new_page(viewport={"width": 390, "height": 800})
    for name in xhtml(ebook):
        page.goto((tmp_path / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    page.close()
