"""Files as analysts have them to drafts of documents: text, and what the file itself says of title, date and source.

Nothing is guessed. What a file does not say stays empty, and each thing that it says comes with where it says so.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import regex

from analysis.corpus.readers import decode, read_bytes
from analysis.errors import Problem, StudyError, unknown

FIELDS = ("text", "title", "date", "source", "url", "language")
LONGEST_TITLE = 200  # characters
LARGEST_UNPACKED = 100_000_000  # bytes that a packed file may hold
LARGEST_RATIO = 200  # unpacked to packed: more is a bomb
DAY = regex.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Draft:
    """A document as a file gives it; `evidence` says, for each field that is filled, where it was found."""

    text: str
    title: str = ""
    date: str = ""
    source: str = ""
    url: str = ""
    language: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)


def read_drafts(path: Path, *, columns: Mapping[str, str] | None = None) -> list[Draft]:
    """Read the document, or the documents, of a file.

    Parameters
    ----------
    path : Path
        A ``.txt``, ``.md``, ``.html``, ``.pdf`` or ``.docx`` file with one document, or a ``.csv``, ``.jsonl`` or
        ``.parquet`` table with one document a row.
    columns : mapping, optional
        For a table: which of its columns holds each of `FIELDS`, where the names differ.

    Returns
    -------
    list of Draft

    Raises
    ------
    StudyError
        An ending that is not known, a file that cannot be read as what its ending says, or no text in it.
    """
    ending = path.suffix.lower()
    data = read_bytes(path)
    if ending in TABLES:
        return _table_drafts(TABLES[ending](data, path.name), path.name, columns or {})
    if ending not in READERS:
        raise StudyError(
            Problem(
                path.name,
                f"files ending in “{ending}” cannot be read",
                f"Use one of: {', '.join([*READERS, *TABLES])}.",
            )
        )
    draft = READERS[ending](data, path.name)
    if not draft.text.strip():
        raise StudyError(Problem(path.name, "there is no text in it", "Give a file with text (a scan has none)."))
    return [draft]


def _plain(data: bytes, name: str) -> Draft:
    """A text file: its first line is the title if it is short and stands by itself."""
    text = decode(data, name)
    first, _, rest = text.lstrip("\ufeff\r\n ").partition("\n")
    title = first.strip().lstrip("# ")
    if title and len(title) <= LONGEST_TITLE and rest[:1] in ("\n", "\r") and title[-1] not in ".,;:":
        return Draft(text, title=title, evidence={"title": "first line of the file"})
    return Draft(text)


def _html(data: bytes, name: str) -> Draft:
    """A web page: its main text and metadata as trafilatura finds them."""
    import trafilatura

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
        "date": found.date if DAY.fullmatch(found.date or "") else "",
        "source": found.sitename or "",
        "url": found.url or "",
        "language": found.language or "",
    }
    evidence = {key: "metadata of the page" for key, value in values.items() if value}
    paragraphs = [line for line in (found.text or "").split("\n") if line.strip()]
    head = [values["title"]] if values["title"] and values["title"] not in paragraphs[:1] else []
    return Draft("\n\n".join([*head, *paragraphs]) + "\n", **values, evidence=evidence)


def _pdf(data: bytes, name: str) -> Draft:
    """A PDF: the text of its pages, in the order in which it is drawn."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        text = "\n\n".join(page.extract_text() for page in reader.pages)
        title = str((reader.metadata or {}).get("/Title") or "").strip()
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        what = f"it cannot be read as PDF ({type(error).__name__})"
        raise StudyError(Problem(name, what, "Save its text as .txt.")) from None
    return Draft(text, title=title, evidence={"title": "metadata of the file"} if title else {})


def _docx(data: bytes, name: str) -> Draft:
    """A Word document: its paragraphs."""
    from docx import Document

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > min(LARGEST_UNPACKED, LARGEST_RATIO * max(len(data), 10_000)):
                raise StudyError(Problem(name, f"it unpacks to {unpacked:,} bytes", "Save its text as .txt."))
        document = Document(io.BytesIO(data))
        text = "\n\n".join(p.text for p in document.paragraphs if p.text.strip())
        title = (document.core_properties.title or "").strip()
    except StudyError:
        raise
    except Exception as error:  # python-docx lets the errors of several parsers through
        what = f"it cannot be read as a Word document ({type(error).__name__})"
        raise StudyError(Problem(name, what, "Save its text as .txt.")) from None
    return Draft(text, title=title, evidence={"title": "properties of the file"} if title else {})


def _csv_rows(data: bytes, name: str) -> list[dict]:
    csv.field_size_limit(2**31 - 1)
    try:
        return list(csv.DictReader(io.StringIO(decode(data, name).removeprefix("\ufeff")), strict=True, restkey=""))
    except csv.Error as error:
        raise StudyError(Problem(name, f"it is not a table ({error})", "Save it as CSV with commas.")) from None


def _jsonl_rows(data: bytes, name: str) -> list[dict]:
    rows = []
    for number, line in enumerate(decode(data, name).removeprefix("\ufeff").split("\n"), start=1):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict):
                raise StudyError(Problem(name, "the line is no JSON object", "Write one document a line.", number))
            rows.append(row)
    return rows


def _parquet_rows(data: bytes, name: str) -> list[dict]:
    import pyarrow
    import pyarrow.parquet

    try:
        return pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        what = f"it cannot be read as Parquet ({type(error).__name__})"
        raise StudyError(Problem(name, what, "Save it again, or as CSV.")) from None


def _table_drafts(rows: list[dict], name: str, columns: Mapping[str, str]) -> list[Draft]:
    """One draft a row; every row must have text."""
    present = list(rows[0]) if rows else []
    for wanted, column in columns.items():
        if wanted not in FIELDS:
            raise unknown("columns", wanted, FIELDS)
        if column not in present:
            raise unknown(f"the column for {wanted} in {name}", column, present)
    of = {wanted: columns.get(wanted, wanted) for wanted in FIELDS}
    if of["text"] not in present:
        what = f"there is no column “{of['text']}”; it has {', '.join(map(str, present)) or 'no row'}"
        raise StudyError(Problem(name, what, "Say which column holds the text: --columns text=NAME."))
    drafts = []
    for number, row in enumerate(rows, start=2):
        values = {wanted: "" if row.get(column) is None else str(row[column]) for wanted, column in of.items()}
        if not values["text"].strip():
            raise StudyError(Problem(name, "the row has no text", "Remove it, or give its text.", number))
        day = DAY.match(values["date"])
        values["date"] = day.group() if day else ""
        evidence = {k: f"column {of[k]} of {name}" for k, v in values.items() if v and k != "text"}
        drafts.append(Draft(**values, evidence=evidence))
    return drafts


READERS: dict[str, Callable[[bytes, str], Draft]] = {
    ".txt": _plain, ".md": _plain, ".html": _html, ".htm": _html, ".pdf": _pdf, ".docx": _docx,
}  # fmt: skip
TABLES: dict[str, Callable[[bytes, str], list[dict]]] = {
    ".csv": _csv_rows, ".jsonl": _jsonl_rows, ".parquet": _parquet_rows,
}  # fmt: skip
