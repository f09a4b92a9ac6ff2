"""What each column of a downloaded table says: `dictionary.yml`, and the groups that columns are named after."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import regex
import yaml

from analysis.corpus import Study

PATH = Path(__file__).with_name("dictionary.yml")
NUMBERED = regex.compile(r"(?:\d[\d\W]*)+")  # topics, years and other periods


def column_groups(study: Study) -> frozenset[str]:
    """Return what the columns of a study's tables may be named after, from its sources to the codes of its codebook."""
    named = {
        "documents": ["source", "doc_id", "year"],
        "spans": ["kind", "rule"],
        "actors": ["actor", "form"],
        "frames": ["frame"],
        "functions": ["function"],
        "tone": ["category"],
    }
    found = (getattr(study, table)[column] for table, columns in named.items() for column in columns)
    return frozenset(str(name) for names in [*found, study.rules, ["body"]] for name in names)


def describe(table: str, column: str, groups: Collection[str]) -> str | None:
    """Return what a column of a table says, or None if the dictionary does not have it.

    Examples
    --------
    >>> describe("any-table", "doc_id", [])
    'The document’s id in the study.'
    >>> describe("frequency-by-source", "Daily Courier", ["Daily Courier"])
    'How often the term occurs in Daily Courier.'
    >>> describe("frequency-by-source", "Fruit Post", ["Daily Courier"])
    """
    tables, columns = _dictionary()
    own = [entries for names, entries in tables if any(fnmatchcase(table, name) for name in names)]
    for entries in [*own, columns]:
        if column in entries:
            return entries[column]
        for pattern, text in entries.items():
            begin, star, end = pattern.partition("*")
            group = column.removeprefix(begin).removesuffix(end)
            if star and f"{begin}{group}{end}" == column and (group in groups or NUMBERED.fullmatch(group)):
                return text.format(group=group)
    return None


@cache
def _dictionary() -> tuple[list[tuple[list[str], Mapping[str, str]]], Mapping[str, str]]:
    """The entries of single tables, with the patterns of their names, and those of all tables."""
    read = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    tables = [(regex.split(r",\s*", names), entries) for names, entries in read["tables"].items()]
    return tables, read["columns"]
