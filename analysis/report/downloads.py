"""Tables as a reader gets them: on the page with a caption, and as a CSV file that the page itself carries."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

import pandas as pd
from IPython.display import HTML

from analysis.corpus import Study
from analysis.report.evidence import as_html, document_link, sentence_list

HEADINGS = {"doc_id": "Document", "sentences": "Evidence"}
SHORT, LONG = 24, 60  # characters


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
    caption : str
        What to see in it.
    name : str
        The name of the CSV file, without the ending.
    labels : mapping, optional
        Headings of the columns to be shown, in this order; all columns by default. The CSV has all of them.
    study : Study, optional
        Where the sentences are, for a column ``sentences``.
    rows : int, optional
        How many rows to show.
    anchor : str, optional
        The column by which a row can be linked to; see `row_id`.
    """
    labels = labels or {column: _label(str(column)) for column in table.columns}
    style = {column: _style(table[column]) for column in labels}
    digits = {column: _digits(table[column]) for column in labels}
    heads = "".join(f'<th scope="col"{style[c]}>{escape(label)}</th>' for c, label in labels.items())
    lines = []
    for record in table.head(rows or len(table)).to_dict("records"):
        cells = "".join(f"<td{style[c]}>{_cell(c, record[c], digits[c], study)}</td>" for c in labels)
        place = f' id="{row_id(name, record[anchor])}"' if anchor else ""
        lines.append(f"<tr{place}>{cells}</tr>")
    shown = f"The first {rows} of {len(table):,} rows. " if rows and rows < len(table) else ""
    return HTML(
        f'<figure class="result"><figcaption>{escape(caption)}</figcaption>\n'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{chr(10).join(lines)}\n</tbody></table></div>\n"
        f'<p class="download">{shown}{csv_link(table, name)}</p></figure>'
    )


def row_id(table: str, value: object) -> str:
    """Return the anchor of a row in the table of this name."""
    return f"{table}-{quote(str(value)).replace('%', '.')}"


def csv_link(table: pd.DataFrame, name: str) -> str:
    """Return a link that saves a table as CSV. The table is part of the link, so that it works without a server."""
    data = quote(table.to_csv(index=False, lineterminator="\r\n"))
    return f'<a download="{escape(name)}.csv" href="data:text/csv;charset=utf-8,{data}">{escape(name)}.csv</a>'


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
    """How many digits after the point show the numbers of a column: two, or more where all of them are small."""
    largest = column.abs().max() if pd.api.types.is_float_dtype(column) else 1
    return 4 if largest < 0.01 else 3 if largest < 0.1 else 2


def _cell(column: str, value: object, digits: int, study: Study | None) -> str:
    """A cell as HTML."""
    if column == "sentences" and study is not None and isinstance(value, str):
        return sentence_list(study, value.split())
    if column == "doc_id":
        return document_link(str(value))
    if isinstance(value, float):
        return f"{value:.{digits}f}" if abs(value) < 10 else f"{value:.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    return as_html(str(value))
