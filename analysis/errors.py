"""The one error a user of this package meets: what is wrong with her input, where, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

LISTED, MANY = 30, 5_000  # values that an error names, and among how many it looks for the nearest


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the input.

    Parameters
    ----------
    file : str
        The file's name within the study folder.
    what : str
        What is wrong, as a clause without a full stop.
    remedy : str
        What to do about it, as a sentence.
    row : int, optional
        The row as a spreadsheet numbers it: the header is row 1.
    """

    file: str
    what: str
    remedy: str
    row: int | None = None

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}, row {self.row}"
        return f"{place}: {self.what}. {self.remedy}"


class StudyError(ValueError):
    """Bad input. `problems` holds every problem found, not just the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))

    def __reduce__(self) -> tuple:
        return type(self), self.problems  # it may have to come back from another process


class OptionError(StudyError):
    """A call that asks for what does not exist; the study itself may be sound."""


def unknown(option: str, value: object, known: Iterable[object]) -> OptionError:
    """The error for an option that has no such value: `known` lists those it has, the nearest if there are many."""
    names = list(map(str, known))
    shown = names if len(names) <= LISTED else difflib.get_close_matches(str(value), names[:MANY], LISTED, 0)
    more = f" … and {len(names) - len(shown):,} more" if len(names) > len(shown) else ""
    return OptionError(Problem(option, f"there is no “{value}”", f"Choose one of: {', '.join(shown)}{more}."))
