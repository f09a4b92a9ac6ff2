"""Voices: whom a source cites."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
import regex

from analysis.corpus import Study, document_rows
from analysis.corpus.english import MONTHS
from analysis.corpus.search import row_at, sentence_ids

MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?\\.?" for name in MONTHS)
PARENTHESIS = regex.compile(r"\(([^()]*)\)")
CLAUSE = regex.compile(r"[^;]+")
FIELD = regex.compile(r"[^,]+")
OUTLET = regex.compile(r"(?:see\s+)?(?P<name>[\p{Lu}\p{N}][\p{L}\p{N}.’'&-]*(?:\s+(?:of|the|[\p{Lu}][\p{L}.’'&-]*))*)"
                       r"(?:\s+(?P<items>\p{N}{1,2}(?:\s*(?:and|&)\s*\p{N}{1,2})*))?")  # fmt: skip
DAY = regex.compile(rf"(?:(?P<month>{MONTH})\s+)?(?P<day>\d{{1,2}})|(?P<day>\d{{1,2}})\s+(?P<month>{MONTH})")
YEAR = regex.compile(r"(?:1[89]|20)\d\d")


class Item(NamedTuple):
    """A cited item: where its outlet is named, and its date."""

    start: int
    end: int
    outlet: str
    date: str


def citations(study: Study) -> pd.DataFrame:
    """Find the items that documents cite in parentheses, as in “(Daily Courier 1 and 2, example.org, November 19)”.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per cited item, in reading order.

        - ``doc_id``, ``start``, ``end``: where the outlet is named, as character offsets into the file
        - ``outlet``: as it is named there; one row for each item that is cited, as two for “Daily Courier 1 and 2”
        - ``name``, ``country``: those of the list of outlets; empty for one that it does not have
        - ``date``: of the cited item, YYYY-MM-DD; empty where neither the item nor the document gives a year
        - ``self``: whether the source cites itself
        - ``source``: of the document
        - ``sentence_id``: where the citation stands

    Notes
    -----
    A parenthesis, or a part of one up to a semicolon, is a citation if it names one or more outlets and then a day:
    “(now retired)”, “(May 3)” and “(held on May 3)” are none. An outlet is a name in capitals or an address, and months
    are in English.
    A day without a year is the last such day that is not after the document. What is cited in running text, as “the
    media noted”, is not found.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = citations(load())
    >>> bool((table["start"] < table["end"]).all())
    True
    """
    rows = []
    latest = dict(zip(study.documents["doc_id"], study.documents["date_to"]))
    for doc_id, begin, end in study.paragraphs[["doc_id", "start", "end"]].itertuples(index=False):
        text = study.texts[doc_id]
        for found in PARENTHESIS.finditer(text, begin, end):
            clauses = CLAUSE.finditer(text, *found.span(1))
            rows += [(doc_id, *item) for clause in clauses for item in _items(clause, text, latest[doc_id])]
    table = pd.DataFrame(rows, columns=["doc_id", *Item._fields])
    documents = study.documents.iloc[document_rows(study, table["doc_id"])].reset_index(drop=True)
    known = study.outlets.set_index("outlet").reindex(table["outlet"]).fillna("").reset_index(drop=True)
    sentence = row_at(study, study.sentences, document_rows(study, table["doc_id"]), table["start"].to_numpy(np.int64))
    table = table.assign(
        name=known["name"],
        country=known["country"],
        source=documents["source"],
        sentence_id=sentence_ids(study.sentences.iloc[sentence]).to_numpy(),
    )
    table["self"] = (known["source"] == documents["source"]).to_numpy(bool)
    columns = ["doc_id", "start", "end", "outlet", "name", "country", "date", "self", "source", "sentence_id"]
    return table[columns]


def _items(clause: regex.Match, text: str, latest: str) -> Iterator[Item]:
    """The items of a clause, if it is a citation: names of outlets, then days, then perhaps a year."""
    fields = [_trimmed(field) for field in FIELD.finditer(text, *clause.span())]
    outlets = [OUTLET.fullmatch(text, *span) for span in fields]
    days = [DAY.fullmatch(text, *span) for span in fields]
    first = next((n for n, day in enumerate(days) if day and day["month"]), 0)
    years = [n for n in range(first + 1, len(fields)) if YEAR.fullmatch(text, *fields[n])]
    last = years[0] if years else len(fields)
    if not (first and all(outlets[:first]) and all(days[first:last]) and last >= len(fields) - 1):
        return
    year, month, dates = text[slice(*fields[last])] if years else "", 0, []
    for day in days[first:last]:
        month = _month(day["month"]) if day["month"] else month
        dates.append(_date(year, month, int(day["day"]), latest))
    for outlet in outlets[:first]:
        for _ in regex.findall(r"\p{N}+", outlet["items"] or "1"):
            for day in dates:
                yield Item(*outlet.span("name"), outlet["name"], day)


def _trimmed(field: regex.Match) -> tuple[int, int]:
    """The span of a field without the white space around it."""
    whole = field.group()
    return field.start() + len(whole) - len(whole.lstrip()), field.end() - len(whole) + len(whole.rstrip())


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, start=1) if month.startswith(name[:3]))


def _date(year: str, month: int, day: int, latest: str) -> str:
    """A day; without a year the last such day up to the latest; empty if there is none."""
    if not (year or latest):
        return ""
    number = int(year) if year else int(latest[:4]) - (f"{month:02}-{day:02}" > latest[5:])
    try:
        return date(number, month, day).isoformat()
    except ValueError:
        return ""
