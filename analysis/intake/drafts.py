"""A document as a file gives it, before it stands in a study; and how files write days and languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import regex

FIELDS = ("text", "title", "date", "source", "url", "language")
ISO_DAY = regex.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
EAST_ASIAN_DAY = regex.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
MONTH_FIRST = regex.compile(r"(?P<month>\p{L}{3,})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})\b")
DAY_FIRST = regex.compile(
    r"(?:\p{L}[-\p{L}]*,? )?(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)? "
    r"(?:de |d’|d')?(?P<month>\p{L}{3,})\.? (?:de )?(?P<year>\d{4})\b"
)
MONTH_LANGUAGES = ["en", "fr", "de", "es", "it", "pt", "nl", "ru", "uk", "be", "pl", "tr", "az", "hy", "cs", "lt", "lv"]
INTERFACES = ("en", "fr", "de", "es", "it", "pt", "nl", "ru", "uk", "pl", "tr", "zh", "ja")


@dataclass(frozen=True)
class Draft:
    """A document as a file gives it.

    `evidence` says, for each field that is filled, where it was found; `place` says where in the file the document
    stands, if the file holds several.
    """

    text: str
    title: str = ""
    date: str = ""
    source: str = ""
    url: str = ""
    language: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    place: str = ""


def day(text: str) -> str:
    """Return the day with which a text begins, as YYYY-MM-DD; empty if it begins with none or with a doubtful one.

    Examples
    --------
    >>> [day(text) for text in ["2001-05-03T10:00", "May 3, 2001 Thursday", "3 mai 2001", "2001年5月3日", "03/05/2001"]]
    ['2001-05-03', '2001-05-03', '2001-05-03', '2001-05-03', '']
    """
    text = " ".join(text.split())
    if found := ISO_DAY.match(text):
        return _calendar_day(found.group())
    if found := EAST_ASIAN_DAY.match(text):
        return _calendar_day("{}-{:0>2}-{:0>2}".format(*found.groups()))
    if found := MONTH_FIRST.match(text) or DAY_FIRST.match(text):
        return _named_day(found["day"], found["month"], found["year"])
    return ""


def language_code(name: str) -> str:
    """Return the ISO 639 code of a language given by its code or by its name; empty if it is none.

    Examples
    --------
    >>> [language_code(name) for name in ["en-GB", "ENGLISH", "Französisch", "anglais", "Quenya?"]]
    ['en', 'en', 'fr', 'en', '']
    """
    name = name.split(";")[0].strip().casefold()
    return _languages().get(name) or _languages().get(regex.split("[-_]", name)[0], "")


@cache
def _languages() -> dict[str, str]:
    """The code of each language by its code and by its names, as the Unicode CLDR has them."""
    from babel import Locale

    codes: dict[str, str] = {}
    for interface in INTERFACES:
        for code, name in Locale(interface).languages.items():
            codes.setdefault(name.casefold(), code)
    return codes | {code: code for code in Locale("en").languages if code.isalpha() and len(code) <= 3}


def _calendar_day(text: str) -> str:
    """The day if the calendar has it."""
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


@cache
def _named_day(number: str, month: str, year: str) -> str:
    """The day of a month given by its name, in any language."""
    import dateparser

    settings = {"STRICT_PARSING": True, "DATE_ORDER": "DMY", "PARSERS": ["absolute-time"]}
    found = dateparser.parse(f"{number} {month} {year}", languages=MONTH_LANGUAGES, settings=settings)
    return found.date().isoformat() if found else ""
