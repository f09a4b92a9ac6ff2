"""The exports of press databases, Nexis and Factiva: many documents in one file, each within its record.

An export is read as lines, whatever kind of file it is. Of each record the headline and the body become the text of a
draft. The other lines of the record, from the page number to the subject codes, stay in the text, marked, so that
cleaning takes them away with an account.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import dropwhile, takewhile
from typing import NamedTuple

import regex

from analysis.corpus.cleaning import GOING_ON, RECORD_MARK
from analysis.intake.drafts import Draft, day, language_code


class Line(NamedTuple):
    """A line of an export; `title` if the file marks it as the headline of a document, then perhaps with an address."""

    text: str
    title: bool = False
    url: str = ""


class Record(NamedTuple):
    """A document of an export, taken apart; `fields` holds what its record says, by the name of a draft's field."""

    title: str
    fields: dict[str, str]
    head: list[str]
    body: list[str]
    tail: list[str]


NEXIS_END = regex.compile(r"End of Document")
NEXIS_COUNT = regex.compile(
    r"(?i)\d+ (of|von|de|van) \d+ (documents?|dokumente?n?)|dokument \d+ von \d+|document \d+ de \d+"
)
NEXIS_BODY = regex.compile(r"Body|Text")
NEXIS_LABEL = regex.compile(
    r"(?i)(section|rubrik|rubrique|length|länge|longueur|byline|autor|auteur|author|highlight|dateline)\s*:.*"
)
NEXIS_TAIL = regex.compile(  # the labels and headings below the body
    r"(?i)(load-date|date-chargement|language|sprache|langue|publication-type|type-publication|journal code|subject|"
    r"sujet|company|organization|ticker|industry|person|geographic|document-type|graphic|correction-date|distribution)\s*:.*"
    r"|(?-i:Graphic|Classification|Correction|Notes)"
)
NEXIS_CAPITALS = regex.compile(r"\p{Lu}[\p{Lu} -]{3,}:.*")  # any label of the older LexisNexis
NEXIS_LANGUAGE = regex.compile(r"(?i)(language|sprache|langue)\s*:\s*(.*)")
RIGHTS = regex.compile(
    r"(?i)(copyright|copy \d{4}|©|\(c\)|all rights reserved|alle rechte vorbehalten|tous droits réservés|"
    r"todos los derechos|все права защищены).*"
)
SPEECH_END = (".", "?", "!", "…", "”", '"', "»")
GRAPHIC_LINES = 12  # at most so many between the heading “Graphic” and the labels

FACTIVA_END = regex.compile(r"(AN\s*\|)?\s*\p{L}+\s+(?=[A-Za-z0-9]*\d{10})[A-Za-z0-9]{20,30}\s*\|?")
FACTIVA_FIELD = regex.compile(
    r"(ART|AN|BY|CLM|CO|CR|CT|CX|CY|DLN|ED|ET|GC|HD|IN|IPC|IPD|LA|LP|NGC|NS|PD|PG|PUB|RE|RF|RST|SC|SE|SN|TD|VOL|WC)\s*\|(.*)"
)
FACTIVA_WORDS = regex.compile(r"[\d.,\s]*\d\s*\p{L}+")
FACTIVA_COVER = regex.compile(r"(?i).*\bfactiva\b.*|page \d+.*")
FACTIVA_CODE = regex.compile(r"[\p{Lu}\d]{2,10}")
TIME = regex.compile(r"\d{1,2}:\d{2}")
LONGEST_HEAD = 8  # lines between the date of a Factiva document and its text


def split_export(lines: Iterable[Line], *, wrapped: bool = False) -> list[Draft]:
    """Split the export of a press database into documents.

    Parameters
    ----------
    lines : iterable of Line
        The file's lines, blank ones too.
    wrapped : bool
        Whether lines are wrapped by hand, so that only a blank line ends a paragraph. If not, that is still found of a
        body in which many lines begin in the middle of a sentence.

    Returns
    -------
    list of Draft
        One for each document; none if the file is no such export.

    Notes
    -----
    A document of Nexis Uni ends with the line “End of Document”, one of the older LexisNexis begins with “1 of 9
    DOCUMENTS”; the source stands in the line above the date. A document of Factiva ends with the word for “document”
    and its accession number; with indexing its lines have codes of two or three letters, without, the number of
    words, the date and the source follow the headline in this order.
    """
    plain = ((" ".join(line.text.split()), line) for line in lines)
    lines = [Line(text, line.title and text != "", line.url) for text, line in plain]
    for name, find in (("Nexis", _nexis), ("Factiva", _factiva)):
        if records := find(lines):
            return [_draft(record, f"record {n} of {name}", wrapped) for n, record in enumerate(records, start=1)]
    return []


def _draft(record: Record, place: str, wrapped: bool) -> Draft:
    """A record as a draft: the headline, the body, and the marked lines of the record around it."""
    filled = [line for line in record.body if line]
    going_on = sum(line[0].islower() for line in filled) >= GOING_ON * max(len(filled), 1)
    body = "\n".join(record.body).strip("\n") if wrapped or going_on else "\n\n".join(filled)
    head, tail = ("\n".join(RECORD_MARK + line for line in lines if line) for lines in (record.head, record.tail))
    text = "\n\n".join(filter(None, [record.title, head, body, tail])) + "\n"
    said = {"title": record.title, **record.fields}
    values = {**said, "date": day(said["date"]), "language": language_code(said["language"])}
    found = {"title": "headline of the record", "url": "link of the headline"}
    evidence = {name: found.get(name, f"“{said[name]}” in the record") for name, value in values.items() if value}
    return Draft(text, **values, evidence=evidence, place=place)


def _nexis(lines: list[Line]) -> list[Record]:
    """The records of Nexis Uni and of the older LexisNexis; none if most have no date, so that it is something else."""
    if not any(NEXIS_END.fullmatch(line.text) or NEXIS_COUNT.fullmatch(line.text) for line in lines):
        return []
    records: list[Record] = []
    current: list[Line] = []
    counted = False
    for line in [*lines, Line("End of Document")]:
        starts = NEXIS_COUNT.fullmatch(line.text)
        if starts or NEXIS_END.fullmatch(line.text):
            records += _nexis_record(current, counted)
            current, counted = [], bool(starts)
        else:
            current.append(line)
    dated = sum(record.fields["date"] != "" for record in records)
    return records if 2 * dated > len(records) else []


def _nexis_record(lines: list[Line], counted: bool) -> Iterator[Record]:
    """The record in these lines, if they are not a cover or a list of documents."""
    text = [line.text for line in lines]
    headline = max((n for n, line in enumerate(lines) if line.title), default=None)
    start = headline or 0
    word = next((n for n in range(start, len(text)) if NEXIS_BODY.fullmatch(text[n])), None)
    if not any(text) or (word is None and headline is None and not counted):
        return
    date = _nexis_date(text, start, len(text) if word is None else word)
    source = max((n for n in range(start, date or 0) if text[n] and n != headline), default=None)
    title = [headline] if headline is not None else _nexis_title(text, date, source)
    head = max(filter(None, [date, *title]), default=start)
    body = word + 1 if word is not None else _end_of_labels(text, head + 1, counted)
    tail = _start_of_capitals(text, body) if counted else _start_of_tail(text, body)
    fields = {
        "date": text[date] if date is not None else "",
        "source": text[source] if source is not None else "",
        "language": next((found[2] for found in map(NEXIS_LANGUAGE.fullmatch, text[tail:]) if found), ""),
        "url": lines[headline].url if headline is not None else "",
    }
    first = min((n for n in [*title, source, date] if n is not None), default=start)
    above = [text[n] for n in range(first, body) if n not in title]
    yield Record(" ".join(text[n] for n in title), fields, above, text[body:tail], text[tail:])


def _nexis_date(text: list[str], start: int, stop: int) -> int | None:
    """The row of the date: the last before the labels of the head, for a cover may have dates, too."""
    dated = [n for n in range(start, stop) if day(text[n])]
    labelled = (n for n in range(start, stop) if NEXIS_LABEL.fullmatch(text[n]) or RIGHTS.fullmatch(text[n]))
    first_label = next((n for n in labelled if dated and n > dated[0]), stop)
    return max((n for n in dated if n < first_label), default=None)


def _nexis_title(text: list[str], date: int | None, source: int | None) -> list[int]:
    """The rows of a headline that nothing marks: the lines above the source, else those below the date and a blank."""
    above = [n for n in range(source or 0) if not RIGHTS.fullmatch(text[n])]
    last = next((n for n in reversed(above) if text[n]), None)
    if last is not None:
        return sorted(takewhile(lambda n: text[n] and n in above, range(last, -1, -1)))
    after_date = dropwhile(lambda n: text[n], range((date or 0) + 1, len(text)))
    below = dropwhile(lambda n: not text[n] or RIGHTS.fullmatch(text[n]), after_date)
    return list(takewhile(lambda n: text[n] and not NEXIS_LABEL.fullmatch(text[n]), below))


def _end_of_labels(text: list[str], start: int, blocks: bool) -> int:
    """The row at which the body begins in a record that does not say so: after the labelled lines of its head."""
    for n in range(start, len(text)):
        goes_on = blocks and text[n - 1]
        if text[n] and not goes_on and not NEXIS_LABEL.fullmatch(text[n]) and not RIGHTS.fullmatch(text[n]):
            return n
    return len(text)


def _start_of_tail(text: list[str], body: int) -> int:
    """The row at which the labels begin that end a record of Nexis Uni, with the heading “Graphic” and its lines."""
    start = len(text)
    for n in range(len(text) - 1, body - 1, -1):
        if NEXIS_TAIL.fullmatch(text[n]):
            start = n
        elif text[n]:
            break
    graphic = [
        n for n in range(max(body, start - GRAPHIC_LINES), start) if text[n] in ("Graphic", "Correction", "Notes")
    ]
    return min([start, *graphic])


def _start_of_capitals(text: list[str], body: int) -> int:
    """The row at which the labels in capitals begin that end a record, the copyright line among them."""
    start = end = len(text)
    for n in range(len(text) - 1, body - 1, -1):
        if text[n] and not text[n - 1]:  # the first line of a block
            known = NEXIS_CAPITALS.fullmatch(text[n]) and NEXIS_TAIL.fullmatch(text[n])
            last = next(text[m] for m in range(end - 1, n - 1, -1) if text[m])
            label = NEXIS_CAPITALS.fullmatch(text[n]) and not last.endswith(SPEECH_END)  # not “CITY: Words.”
            if known or (end in (start, len(text)) and (label or RIGHTS.fullmatch(text[n]))):
                start = n
            end = n
    return start


def _factiva(lines: list[Line]) -> list[Record]:
    """The records of Factiva; what follows the last accession number is a summary of the search."""
    records: list[Record] = []
    current: list[Line] = []
    for line in lines:
        current.append(line)
        if FACTIVA_END.fullmatch(line.text):
            coded = any(found[1] == "HD" for found in (FACTIVA_FIELD.fullmatch(li.text) for li in current) if found)
            records.append(_coded_record([li.text for li in current]) if coded else _plain_record(current))
            current = []
    return records


def _plain_record(lines: list[Line]) -> Record:
    """A record without codes: headline, number of words, date, source and so on, one to a line."""
    text = [line.text for line in lines]
    filled = [n for n in range(len(text)) if text[n] and not FACTIVA_COVER.fullmatch(text[n])]
    follows = dict(zip(filled, filled[1:]))
    words = next((n for n in filled[:-1] if FACTIVA_WORDS.fullmatch(text[n]) and day(text[follows[n]])), None)
    if words is None:  # all of it is text: nothing says where the article begins
        return Record("", {"date": "", "source": "", "language": ""}, [], text[:-1], text[-1:])
    date, above = follows[words], [n for n in filled if n < words]
    title = next((n for n in above if lines[n].title), min(above, default=words))
    head = [n for n in filled if n > date][:LONGEST_HEAD]
    source = next((n for n in head if not TIME.fullmatch(text[n])), date)
    language = next((n for n in head if n > source and language_code(text[n])), None)
    rights = [n for n in head if RIGHTS.fullmatch(text[n])]
    codes = [n for n in head if n > source and FACTIVA_CODE.fullmatch(text[n])]
    body = 1 + (rights or [n for n in (language, *codes, source) if n is not None])[-1 if rights else 0]
    fields = {
        "date": text[date],
        "source": text[source],
        "language": text[language] if language is not None else "",
    }
    before = [text[n] for n in filled if n < body and n != title]
    return Record(text[title], fields, before, text[body:-1], text[-1:])


def _coded_record(text: list[str]) -> Record:
    """A record whose lines begin with a code; a line without one goes on with the field before it."""
    fields: list[tuple[str, list[str]]] = []
    for line in filter(None, text):
        found = FACTIVA_FIELD.fullmatch(line)
        if found:
            fields.append((found[1], []))
        if fields:
            fields[-1][1].append((found[2] if found else line).strip("| "))
    codes = [code for code, _ in fields]
    said = {code: " ".join(filter(None, values)) for code, values in reversed(fields)}
    first = min((codes.index(code) for code in ("LP", "TD") if code in codes), default=len(fields))
    body = [value for code, values in fields if code in ("LP", "TD") for value in values]
    others = [(n, f"{code} {said[code]}") for n, code in enumerate(codes) if code not in ("HD", "LP", "TD")]
    named = {"date": said.get("PD", ""), "source": said.get("SN", ""), "language": said.get("LA", "")}
    head, tail = [line for n, line in others if n < first], [line for n, line in others if n > first]
    return Record(said["HD"], named, head, body, tail)
