"""Files as analysts have them to drafts of documents: text, and what the file itself says of title, date and source.

Nothing is guessed. What a file does not say stays empty, and each thing that it says comes with where it says so.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import regex

from analysis.corpus.readers import decode, read_bytes
from analysis.errors import Problem, StudyError
from analysis.intake.drafts import FIELDS, Draft, day, language_code
from analysis.intake.exports import Line, split_export
from analysis.intake.tables import TABLES, table_drafts

if TYPE_CHECKING:
    from markdown_it.token import Token
    from pypdf import PageObject

LONGEST_TITLE = 200  # characters
LARGEST_UNPACKED = 100_000_000  # bytes that a packed file may hold
LARGEST_RATIO = 200  # unpacked to packed: more is a bomb
EXPORT_PAGE = regex.compile(rb"articleParagraph|DOC_ID_\d")  # in a web page that a press database wrote
BLOCKS = {"p", "div", "tr", "table", "h1", "h2", "h3", "li", "body"}
TEXT_BLOCKS, TEXT_PARTS = {"inline", "fence", "code_block"}, {"text", "text_special", "code_inline"}  # of Markdown
SPACE = regex.compile(r"\s+")
FILE_NAME = regex.compile(r"(?i)^microsoft word - |\.(docx?|rtf|odt|indd|qxd|txt|pdf)$")
NO_TITLE = {"untitled", "(anonymous)", "anonymous", "unspecified"}  # what programs write into PDFs that are given none
SAME_LINE, WIDER = 2, 1.3  # points; a step between lines of a PDF, against the usual one, that parts paragraphs
RAW_BYTES = regex.compile(rb"[\x80-\xff]")
BINARY = regex.compile(rb"(?<!\\)\\bin(?:(\d{1,9})|[a-z]+\d*) ?")  # of raw bytes, or of paper bins
FIELD_CODE = regex.compile(rb"(?<!\\)\\fldinst\b")  # what a link or page number is made of; not text


def read_drafts(path: Path, *, columns: Mapping[str, str] | None = None) -> list[Draft]:
    r"""Read the document, or the documents, of a file.

    Parameters
    ----------
    path : Path
        A ``.txt``, ``.md``, ``.html``, ``.pdf``, ``.docx`` or ``.rtf`` file with one document, or an export of Nexis
        or Factiva with many; a ``.csv``, ``.jsonl`` or ``.parquet`` table with one document a row.
    columns : mapping, optional
        For a table: which of its columns holds each of the fields ``text``, ``title``, ``date``, ``source``, ``url``
        and ``language``, where the names differ.

    Returns
    -------
    list of Draft
        Each with ``text``, ``title``, ``date``, ``source``, ``url`` and ``language``, empty where the file does not
        say; ``evidence``, where it says so; and ``place``, where in the file it stands. A story that Media Cloud lists
        has no text.

    Raises
    ------
    StudyError
        An ending that is not known, a file that cannot be read as what its ending says, or no text in it.

    Notes
    -----
    Nothing is guessed: no date from a file name, no source from the text. A PDF in columns or a page full of boxes may
    come out in the wrong order, so look at the text.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "note.txt")
    ...     _ = path.write_text("A title\n\nA sentence.\n", encoding="utf-8")
    ...     [draft.title for draft in read_drafts(path)]
    ['A title']
    """
    ending = path.suffix.lower()
    data = read_bytes(path)
    if ending in TABLES:
        drafts = table_drafts(data, path.name, columns or {})
    elif ending in READERS:
        drafts = READERS[ending](data, path.name)
        if not any(draft.text.strip() for draft in drafts):
            raise StudyError(Problem(path.name, "there is no text in it", "Give a file with text (a scan has none)."))
    else:
        what, remedy = f"files ending in “{ending}” cannot be read", f"Use one of: {', '.join([*READERS, *TABLES])}."
        raise StudyError(Problem(path.name, what, remedy))
    return [replace(draft, **{name: _whole(getattr(draft, name)) for name in FIELDS}) for draft in drafts]


def _whole(text: str) -> str:
    """Text in which each pair of surrogates is its character, and one without its partner the mark for none."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _plain(data: bytes, name: str) -> list[Draft]:
    """A text file: one document as it stands, unless it is an export."""
    text = decode(data, name)
    return split_export(map(Line, text.splitlines()), wrapped=True) or [_titled(text)]


def _markdown(data: bytes, name: str) -> list[Draft]:
    """A Markdown file: its words without the marks, and what its front matter says of it."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.front_matter import front_matter_plugin

    tokens = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).parse(decode(data, name))
    blocks = (_block_text(token).strip() for token in tokens if token.type in TEXT_BLOCKS)
    draft = _titled("\n\n".join(filter(None, blocks)) + "\n")
    front = next((_front_matter(token.content) for token in tokens if token.type == "front_matter"), {})
    evidence = {**draft.evidence, **dict.fromkeys(front, "front matter of the file")}
    return [replace(draft, **front, evidence=evidence)]


def _block_text(token: Token) -> str:
    """The text of a paragraph, a heading, a cell or a block of code."""
    if token.children is None:
        return token.content
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(breaks.get(part.type, part.content if part.type in TEXT_PARTS else "") for part in token.children)


def _front_matter(text: str) -> dict[str, str]:
    """The title, date, source, address and language that stand at the head of a Markdown file."""
    import yaml

    try:
        found = yaml.load(text, yaml.BaseLoader)  # every value as it is written
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    stated = {str(key).casefold(): " ".join(value.split()) for key, value in pairs if isinstance(value, str)}
    values = {name: stated.get(name, "") for name in ("title", "source", "url")}
    values["date"] = day(stated.get("date", ""))
    values["language"] = language_code(stated.get("lang", stated.get("language", "")))
    return {name: value for name, value in values.items() if value}


def _titled(text: str) -> Draft:
    """A text whose first line is the title if it is short and stands by itself."""
    first, _, rest = text.lstrip("\ufeff\r\n ").partition("\n")
    title = first.strip().lstrip("# ")
    if title and len(title) <= LONGEST_TITLE and rest[:1] in ("\n", "\r") and title[-1] not in ".,;:":
        return Draft(text, title=title, evidence={"title": "first line of the file"})
    return Draft(text)


def _html(data: bytes, name: str) -> list[Draft]:
    """A web page: an export, or its main text and metadata as trafilatura finds them."""
    if EXPORT_PAGE.search(data) and (drafts := split_export(_page_lines(data))):
        return drafts
    import trafilatura

    page = trafilatura.load_html(data)
    stated = "" if page is None else page.get("lang", "")
    found = trafilatura.bare_extraction(
        data,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"extensive_search": False, "original_date": True},  # stated dates only, no guesses
    )
    if found is None:
        raise StudyError(Problem(name, "no article is found in the page", "Save its text as .txt."))
    values = {
        "title": found.title or "",
        "date": day(found.date or ""),
        "source": found.sitename or "",
        "url": found.url or "",
        "language": language_code(found.language or stated),
    }
    evidence = {key: "metadata of the page" for key, value in values.items() if value}
    if values["source"] and values["source"] == found.hostname:
        evidence["source"] = "host in the address of the page"
    paragraphs = [line for line in (found.text or "").split("\n") if line.strip()]
    head = [values["title"]] if values["title"] and values["title"] not in paragraphs[:1] else []
    return [Draft("\n\n".join([*head, *paragraphs]) + "\n", **values, evidence=evidence)]


def _page_lines(data: bytes) -> Iterator[Line]:
    """The lines of a web page, a blank one after each block; a cell of class `index` ends in a bar."""
    from lxml import etree, html

    try:
        root = html.document_fromstring(data, parser=html.HTMLParser(encoding=_encoding(data)))
    except etree.ParserError:  # nothing but comments
        return
    pieces: list[str] = []
    headline = index = False
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if node.tag in ("style", "script", "head"):
            continue
        cell = node.tag == "td" and node.get("class") == "index"
        if node.tag in BLOCKS and not index:
            if (text := "".join(pieces)).strip():
                yield from (Line(line, headline) for line in text.split("\n"))
                yield Line("")
                headline = False
            pieces = []
        if event == "start":
            index |= cell
            headline |= (node.get("class") or "").endswith("Headline")
            pieces.append(("\n" if node.tag == "br" and not index else "") + SPACE.sub(" ", node.text or ""))
        else:
            pieces.append(("|" if cell else "") + SPACE.sub(" ", node.tail or ""))
            index &= not cell


def _encoding(data: bytes) -> str | None:
    """UTF-8 if that is what it can be, else what the page says."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _pdf(data: bytes, name: str) -> list[Draft]:
    """A PDF: the text of its pages, in the order in which it is drawn."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong is said once, by the error below
    try:
        reader = PdfReader(io.BytesIO(data))
        text = "\n\n".join(map(_paged, reader.pages))
        title = _stated_title((reader.metadata or {}).get("/Title"))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        what = f"it cannot be read as PDF ({type(error).__name__})"
        raise StudyError(Problem(name, what, "Save its text as .txt.")) from None
    return [Draft(text, title=title, evidence={"title": "metadata of the file"} if title else {})]


def _paged(page: PageObject) -> str:
    """The text of a page, with an empty line where more room is left between two lines than is usual there.

    A step upwards, as to the next column, says nothing, unless it is to above all that was drawn before: a header.
    """
    heights: list[float] = []

    def note(text: str, matrix: list[float], of_text: list[float], font: object, size: float) -> None:
        height = of_text[4] * matrix[1] + of_text[5] * matrix[3] + matrix[5]
        if text.strip() and not (heights and abs(heights[-1] - height) < SAME_LINE):
            heights.append(height)

    text = page.extract_text(visitor_text=note)
    lines = [line for line in text.split("\n") if line.strip()]
    steps = [above - below for above, below in pairwise(heights)]
    downward = Counter(round(step) for step in steps if step > 0)
    if len(lines) != len(heights) or not downward:
        return text
    usual, _ = min(downward.items(), key=lambda item: (-item[1], item[0]))
    highest = accumulate(heights, max)
    ends = [
        "\n\n" if step > WIDER * usual or step < above - top else "\n"
        for step, above, top in zip(steps, heights, highest)
    ]
    return "".join(line + end for line, end in zip(lines, [*ends, ""]))


def _stated_title(title: object) -> str:
    """A title from a file's properties, unless the program that wrote it put the name of a file or of nothing there."""
    title = " ".join(str(title or "").split())
    return "" if FILE_NAME.search(title) or title.casefold() in NO_TITLE else title


def _docx(data: bytes, name: str) -> list[Draft]:
    """A Word document: an export, or its paragraphs and the rows of its tables."""
    from docx import Document

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > min(LARGEST_UNPACKED, LARGEST_RATIO * max(len(data), 10_000)):
                raise StudyError(Problem(name, f"it unpacks to {unpacked:,} bytes", "Save its text as .txt."))
        document = Document(io.BytesIO(data))
        lines = list(_document_lines(document))
        headings = [p.text.strip() for p in document.paragraphs if p.style is not None and p.style.name == "Title"]
        title = next(filter(None, headings), "") or _stated_title(document.core_properties.title)
    except StudyError:
        raise
    except Exception as error:  # python-docx lets the errors of several parsers through
        what = f"it cannot be read as a Word document ({type(error).__name__})"
        raise StudyError(Problem(name, what, "Save its text as .txt.")) from None
    text = "\n\n".join(line.text for line in lines if line.text.strip())
    where = "heading of the file" if title in headings else "properties of the file"
    plain = Draft(text, title=title, evidence={"title": where} if title else {})
    return split_export(lines) or [plain]


def _document_lines(document: object) -> Iterator[Line]:
    """The lines of a Word document; bars between the cells of a row; a heading of the first level is a title."""
    from docx.table import Table

    for part in document.iter_inner_content():
        if isinstance(part, Table):
            for row in part.rows:
                yield from map(Line, " | ".join(cell.text for cell in row.cells).split("\n"))
        elif part._p.xpath('./w:pPr/w:outlineLvl[@w:val="0"]'):
            yield Line(part.text.strip().replace("\n", " "), True, next((h.url for h in part.hyperlinks), ""))
        else:
            yield from map(Line, part.text.split("\n"))


def _rtf(data: bytes, name: str) -> list[Draft]:
    """A file in Rich Text Format: an export, or its paragraphs."""
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise StudyError(Problem(name, "it is not in Rich Text Format", "Save its text as .txt."))
    if len(data) > LARGEST_UNPACKED:
        raise StudyError(Problem(name, f"it has {len(data):,} bytes", "Save its text as .txt."))
    try:
        ascii_only = RAW_BYTES.sub(lambda match: b"\\'%02x" % match.group()[0], _without_binary(data))
        text = rtf_to_text(FIELD_CODE.sub(rb"\\*\\ignored", ascii_only).decode("ascii"), errors="replace")
    except (ValueError, TypeError, LookupError) as error:
        what = f"it cannot be read as Rich Text Format ({type(error).__name__})"
        raise StudyError(Problem(name, what, "Save its text as .txt.")) from None
    lines = text.split("\n")
    return split_export(map(Line, lines)) or [_titled("\n\n".join(line for line in lines if line.strip()))]


def _without_binary(data: bytes) -> bytes:
    """Rich Text without the raw bytes of pictures, and without the words that only begin like their mark."""
    pieces, done = [], 0
    for match in BINARY.finditer(data):
        if match.start() >= done:
            pieces.append(data[done : match.start()])
            done = match.end() + int(match[1] or 0)
    if done > len(data):
        raise ValueError("the raw bytes go beyond the end of the file")
    return b"".join([*pieces, data[done:]])


READERS: dict[str, Callable[[bytes, str], list[Draft]]] = {
    ".txt": _plain, ".md": _markdown, ".html": _html, ".htm": _html, ".pdf": _pdf, ".docx": _docx, ".rtf": _rtf,
}  # fmt: skip
