"""Tables as a reader gets them: on the page with a caption, and as a CSV file that the page itself carries.

The page of a notebook is all there is when it is read in JupyterLab, so a link holds the file that it saves. When the
book is built, `analysis.site.downloads` takes the files out again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from hashlib import sha256
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import quote, unquote

import pandas as pd
import regex
from IPython.display import HTML

from analysis.corpus import Study
from analysis.corpus.numbers import decimal
from analysis.report.evidence import as_html, document_link, sentence_list

HEADINGS = {"doc_id": "Document", "sentences": "Evidence"}
MISSING = "–"  # a value that there is not
SHORT, LONG = 24, 60  # characters
CSV, SVG = "text/csv", "image/svg+xml"
TYPES = {"boolean": "boolean", "integer": "integer", "floating": "number", "mixed-integer-float": "number"}
FILE_NAME = regex.compile(r"[a-z0-9][a-z0-9._-]*")  # the same file on every system, and what a data package allows
PLAIN = " /:;,=()!*?@$~"  # what may stand in a link as it is
LINK = regex.compile(
    r'<a id="[^"]*" download="([^"]+)" data-about="([^"]*)" data-types="([^"]*)" '
    r'href="data:[^,"]+,([^"]*)">[^<]*</a>'
)


class Download(NamedTuple):
    """A file that a page offers: its name, what is to be seen in it, the types of its columns, and its text."""

    file: str
    about: str
    types: tuple[str, ...]
    text: str


def show_table(
    table: pd.DataFrame,
    *,
    caption: str,
    name: str,
    labels: Mapping[str, str] | None = None,
    study: Study | None = None,
    rows: int | None = None,
    anchor: str | None = None,
) -> HTML:
    """Show a table with its caption and a link that saves all of it as CSV.

    Parameters
    ----------
    table : pandas.DataFrame
        The index is not shown. A column ``sentences`` of ids, separated by spaces, opens the sentences themselves.
        Of a table without rows, only the caption is shown.
    caption : str
        What to see in it.
    name : str
        The name of the CSV file, without the ending; no other table of the book has it.
    labels : mapping, optional
        Headings of the columns to be shown, in this order; all columns by default. The CSV has all of them.
    study : Study, optional
        Where the sentences are, for a column ``sentences``.
    rows : int, optional
        How many rows to show.
    anchor : str, optional
        The column by which a row can be linked to; see `row_id`.
    """
    shown = f"The first {rows} of {len(table):,} rows. " if rows and rows < len(table) else ""
    body = _table(table, caption, name, labels, study, rows, anchor) if len(table) else '<p class="empty">none</p>'
    return HTML(
        f'<figure class="result"><figcaption>{escape(caption)}</figcaption>\n{body}\n'
        f'<p class="download">{shown}{csv_link(table, name, caption)}</p></figure>'
    )


def row_id(table: str, value: object) -> str:
    """Return the anchor of a row in the table of this name."""
    return f"{table}-{quote(str(value)).replace('%', '.')}"


def file_name(text: str) -> str:
    """Return a name for a file after a text in any script; what has no letter of English in it is told by its hash.

    Examples
    --------
    >>> file_name("Places of port*"), file_name("λιμάνι"), file_name("порт")
    ('places-of-port', 'eb435cae', '8ecbc700')
    """
    plain = regex.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
    told = "" if text.isascii() else sha256(text.encode("utf-8")).hexdigest()[:8]
    return "-".join(filter(None, [plain, told]))


def csv_link(table: pd.DataFrame, name: str, caption: str) -> str:
    """Return a link that saves a table as CSV: comma, CRLF, UTF-8, an empty cell where a value is missing.

    Fractions have eight digits: the last of those that a processor gives, and in iterated arithmetic some more, are its
    own, and the book is the same on all.
    """
    if not len(table.columns):
        return ""
    types = tuple(_type(column) for _, column in table.items())
    text = table.to_csv(index=False, lineterminator="\r\n", float_format=_eight_digits)
    return file_link(Download(f"{name}.csv", caption, types, text), CSV)


def _eight_digits(x: float) -> str:
    """A number as a CSV file has it; a whole one has all its digits."""
    return repr(float(x) if math.isinf(x) or x.is_integer() else float(f"{x:.8g}"))


def file_link(download: Download, mediatype: str) -> str:
    """Return a link that saves a file. The file is part of the link, so that it works without a server.

    Raises
    ------
    ValueError
        The name has other signs than lower-case letters of English, digits, full stops, underscores and hyphens.
    """
    file, about, types, text = download
    if not FILE_NAME.fullmatch(file):
        raise ValueError(f"“{file}” is no name for a file: use a to z, 0 to 9, “.”, “_” and “-”")
    ending = file.rpartition(".")[2].upper()
    return (
        f'<a id="{file}" download="{file}" data-about="{escape(about)}" data-types="{" ".join(types)}" '
        f'href="data:{mediatype};charset=utf-8,{quote(text, safe=PLAIN)}">{ending}</a>'
    )


def read_link(link: regex.Match) -> Download:
    """Return the file in a link that `LINK` has found."""
    file, about, types, data = link.groups()
    return Download(file, unescape(about), tuple(types.split()), unquote(data))


def _type(column: pd.Series) -> str:
    """The type of a column, as Table Schema names it."""
    values = column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else column
    return TYPES.get(pd.api.types.infer_dtype(values, skipna=True), "string")


def _table(
    table: pd.DataFrame,
    caption: str,
    name: str,
    labels: Mapping[str, str] | None,
    study: Study | None,
    rows: int | None,
    anchor: str | None,
) -> str:
    """The rows of a table as HTML."""
    labels = labels or {column: _label(str(column)) for column in table.columns}
    style = {column: _style(table[column]) for column in labels}
    digits = {column: _digits(table[column]) for column in labels}
    heads = "".join(f'<th scope="col"{style[c]}>{escape(label)}</th>' for c, label in labels.items())
    lines = []
    for record in table.head(rows or len(table)).to_dict("records"):
        cells = "".join(f"<td{style[c]}>{_cell(c, record[c], digits[c], study)}</td>" for c in labels)
        place = f' id="{row_id(name, record[anchor])}"' if anchor else ""
        lines.append(f"<tr{place}>{cells}</tr>")
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{chr(10).join(lines)}\n</tbody></table></div>"
    )


def _label(column: str) -> str:
    """A column's name as a heading."""
    return HEADINGS.get(column) or column[:1].upper() + column[1:].replace("_", " ")


def _style(column: pd.Series) -> str:
    """The class of a column's cells: numbers to the right, short words unbroken, long text with room."""
    if pd.api.types.is_numeric_dtype(column):
        return ' class="number"'
    longest = column.astype(str).str.len().max()
    return ' class="short"' if longest <= SHORT else ' class="long"' if longest > LONG else ""


def _digits(column: pd.Series) -> int:
    """How many digits after the point show the numbers of a column: two, more where all are small, none if whole."""
    if not pd.api.types.is_float_dtype(column):
        return 0
    largest = column.abs().max()
    if largest > 1 and (column.dropna() * 2 % 1 == 0).all():  # counts, of which some may be halves
        return int((column.dropna() % 1).any())
    return 4 if largest < 0.01 else 3 if largest < 0.1 else 2


def _cell(column: str, value: object, digits: int, study: Study | None) -> str:
    """A cell as HTML."""
    if column == "sentences" and study is not None and isinstance(value, str):
        return sentence_list(study, value.split())
    if column == "doc_id":
        return document_link(str(value))
    if pd.isna(value):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float):
        shown = decimal(value, digits if abs(value) < 10 else min(digits, 1) if abs(value) < 1000 else 0)
        if value and not shown.strip("0."):
            shown = f"{value:.1g}".replace("-", "−")
        return shown
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    return as_html(str(value))
