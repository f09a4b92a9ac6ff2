"""The main findings of a study, declared as contrasts: ``findings.csv``. `measures.specifications` computes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis.corpus import Study, group_labels
from analysis.corpus.index import pattern_words
from analysis.corpus.readers import csv_records
from analysis.corpus.tokens import tokenise
from analysis.errors import LISTED, OptionError, Problem, StudyError

COLUMNS = ("name", "statement", "measure", "what", "target", "reference", "by")
KNOWN: dict[str, Callable[[Study], pd.Series] | None] = {  # each measure, and what there is for it to measure
    "cue_rate": lambda study: study.frames["frame"],
    "coded_share": lambda study: pd.concat([study.frames["frame"], study.functions["function"]]),
    "tone": lambda study: study.tone["category"],
    "actor": lambda study: study.actors["actor"],
    "actor_share": lambda study: study.actors["actor"],
    "word": None,  # any pattern
    "most_frequent": None,  # any word
    "paragraph_length": lambda study: pd.Series([""]),
}


def read_findings(study: Study, path: str | Path | None = None) -> pd.DataFrame:
    """Read the main findings of a study: a CSV file with one row for each contrast that the study states.

    Parameters
    ----------
    study : Study
        With all documents, the context documents included.
    path : path, optional
        By default ``findings.csv`` in the folder of the study, which need not be there. With the columns ``name``;
        ``statement``, the finding in words; ``measure``, one of those below; ``what`` it measures; ``target`` and
        ``reference``, two groups, of which the finding says that the first has more, the second being all other
        documents where it is empty; ``by``, the grouping, where it is not the source.

    Returns
    -------
    pandas.DataFrame
        These columns.

    Raises
    ------
    StudyError
        With every row that names what there is not, every name that is missing or stands there twice, and every
        statement that is missing.

    Notes
    -----
    The measures, and what each takes as ``what``:

    - ``cue_rate``: part of the units, paragraphs or sentences, with a cue of a frame
    - ``coded_share``: part of the paragraphs to which readers gave a code
    - ``tone``: part of the units with a word of a category of tone
    - ``actor``: part of the units that name an actor
    - ``actor_share``: part of the mentions of actors of one kind, such as states, that are of an actor
    - ``word``: how often a search pattern stands per 10,000 words
    - ``most_frequent``: a word's count per 10,000 words. It is held against that of the most frequent other word of the
      same group, function words aside; so there is no ``reference``
    - ``paragraph_length``: words per paragraph; ``what`` is empty

    Examples
    --------
    >>> from analysis.corpus import SEEDS, load
    >>> table = read_findings(load(), SEEDS / "findings.csv")
    >>> bool(table["name"].is_unique)
    True
    """
    path = Path(path or study.folder / "findings.csv")
    records, problems = csv_records(path, COLUMNS, optional=True)
    rows, names = [], set()
    for number, record in records:
        row = {column: record[column].strip() for column in COLUMNS}
        row["by"] = row["by"] or "source"
        faults = _faults(study, row)
        if row["name"] in names:
            faults.append((f"the finding “{row['name']}” stands there twice", "Give each a name of its own."))
        names.add(row["name"])
        problems += [Problem(path.name, what, remedy, number) for what, remedy in faults]
        rows.append(row)
    if problems:
        raise StudyError(*problems)
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def _faults(study: Study, row: dict[str, str]) -> list[tuple[str, str]]:
    """What is wrong with a finding, and what to do about it."""
    faults = [(f"the finding has no {field}", "Write one.") for field in ("name", "statement") if not row[field]]
    if row["measure"] in KNOWN:
        faults += _faults_of_what(study, row["measure"], row["what"])
    else:
        faults.append((f"the measure “{row['measure']}” is unknown", f"Use one of: {', '.join(KNOWN)}."))
    try:
        groups = sorted(set(group_labels(study, row["by"])))
    except OptionError as error:
        return [*faults, *((f"by: {problem.what}", problem.remedy) for problem in error.problems)]
    for field in ("target", "reference") if row["reference"] else ("target",):
        if row[field] not in groups:
            faults.append((f"the {field} “{row[field]}” is no {row['by']} of the study", _one_of(groups)))
    if row["measure"] == "most_frequent" and row["reference"]:
        faults.append((f"{row['measure']} takes no reference", "Leave it empty."))
    elif row["target"] == row["reference"] in groups:
        faults.append((f"“{row['target']}” is compared with itself", "Give two groups."))
    return faults


def _faults_of_what(study: Study, measure: str, what: str) -> list[tuple[str, str]]:
    """What is wrong with what is to be measured."""
    known = KNOWN[measure]
    if known is not None:
        names = list(dict.fromkeys(known(study)))
        remedy = "Leave it empty." if names == [""] else _one_of(names)
        return [] if what in names else [(f"{measure} knows no “{what}”", remedy)]
    if measure == "most_frequent" and len(tokenise(what)) != 1:
        return [(f"“{what}” is not one word", "Give a single word.")]
    return [] if pattern_words(what) else [(f"“{what}” is not a search pattern", "Give one or more words.")]


def _one_of(names: list[str]) -> str:
    """The remedy that names some of those there are."""
    if not names:
        return "There are none in this study: declare some, or leave the finding out."
    return f"Choose one of: {', '.join(names[:LISTED])}{' …' if len(names) > LISTED else ''}."
