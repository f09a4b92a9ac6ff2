"""Sensitivity: which numbers change when one cleaning rule is turned off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis.corpus import Study, load


def rule_sensitivity(folder: str | Path, numbers: Callable[[Study], pd.Series]) -> pd.DataFrame:
    """Compute numbers from a study as it is cleaned, and again without each of its cleaning rules.

    Parameters
    ----------
    folder : path
        The study folder.
    numbers : callable
        Takes a Study and returns the numbers, each under its name. A name that is not there counts as 0; a number
        that is missing stays so.

    Returns
    -------
    pandas.DataFrame
        One row per rule, rules of page templates first, and number.

        - ``rule``: what was turned off
        - ``number``: its name
        - ``cleaned``: with all rules
        - ``without``: without this one
        - ``change``: the difference

    Raises
    ------
    StudyError
        As `load`.

    Notes
    -----
    The question is whether a finding hangs on a single decision about what belongs to an article. A rule may change
    nothing because another takes the same lines: then the finding hangs on neither alone, though it may on both.

    Examples
    --------
    >>> from analysis.corpus import default_folder
    >>> table = rule_sensitivity(default_folder(), lambda study: pd.Series({"words": study.documents["tokens"].sum()}))
    >>> bool((table["change"] >= 0).all())
    True
    """
    study = load(folder)
    cleaned = numbers(study)
    tables = []
    for rule in study.rules:
        without = numbers(load(folder, without=[rule]))
        names = cleaned.index.union(without.index, sort=False)
        both = {"cleaned": cleaned.reindex(names, fill_value=0), "without": without.reindex(names, fill_value=0)}
        table = pd.DataFrame(both).rename_axis("number").reset_index()
        tables.append(table.assign(rule=rule, change=table["without"] - table["cleaned"]))
    return pd.concat(tables, ignore_index=True)[["rule", "number", "cleaned", "without", "change"]]
