"""The study folder: what the analyst declares about her documents, read and checked.

Every function that reads a table returns what it found and the problems it met, so that all problems of a folder
can be shown at once.
"""

from __future__ import annotations

import difflib
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import regex
import yaml

from analysis.corpus.cleaning import KEPT, REMOVED, Rule, Template
from analysis.corpus.readers import decode, fingerprint, read_bytes, read_text
from analysis.errors import Problem, StudyError

ROLES = ("ties", "context")
REQUIRED = ("file", "source", "title", "date_from", "date_to", "role")
OPTIONAL = ("publisher", "date_evidence", "url", "language", "sha256", "note")
FRAME_FIELDS = ("frame", "title", "definition", "include", "exclude", "cues")
RULE_FIELDS = {"rule", "kind", "line", "from", "to", "where"}


def read_documents(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read ``documents.csv`` and check each row against the files.

    Returns
    -------
    documents : pandas.DataFrame
        One row per document, ordered by ``doc_id`` (the file's leading number, else its name without the
        ending), with the columns of the file and ``year``, the year or years of the document's date.
    problems : list of Problem
    """
    name = "documents.csv"
    try:
        table = _read_csv(folder / name)
    except StudyError as error:
        return pd.DataFrame(columns=["doc_id", *REQUIRED, *OPTIONAL, "year", "text"]), list(error.problems)
    problems = _check_header(table, name)
    if problems:
        return pd.DataFrame(columns=["doc_id", *REQUIRED, *OPTIONAL, "year", "text"]), problems
    for column in OPTIONAL:
        if column not in table:
            table[column] = ""
    rows = []
    for row, record in enumerate(table.to_dict("records"), start=2):
        text, found = _check_row(record, folder, row)
        problems += found
        rows.append({"doc_id": _doc_id(record["file"]), **record, "year": _year(record), "text": text})
    documents = pd.DataFrame(rows, columns=["doc_id", *table.columns, "year", "text"])
    problems += _check_together(documents, folder)
    return documents.sort_values("doc_id", ignore_index=True), problems


def read_templates(folder: Path) -> tuple[tuple[Template, ...], list[Problem]]:
    """Read the cleaning rules, ``cleaning.yml``; a folder without one has none."""
    name, problems, templates = "cleaning.yml", [], []
    entries, problems = _read_yaml_list(folder / name)
    for number, entry in enumerate(entries, start=1):
        try:
            templates.append(_template(entry))
        except (KeyError, TypeError, ValueError, regex.error) as error:
            what = f"template {number} cannot be used ({_reason(error)})"
            problems.append(Problem(name, what, "Give it `template`, `when` and `rules`; see the notes at its top."))
    return tuple(templates), problems


def read_actors(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the actors, ``actors.yml``.

    Returns
    -------
    actors : pandas.DataFrame
        One row per alias: ``actor``, ``form`` (such as ``name`` or ``capital``; ``trap`` for a phrase in which the
        actor is not meant) and ``alias``, a search pattern.
    problems : list of Problem
        Among them each alias that two actors claim.
    """
    name = "actors.yml"
    entries, problems = _read_yaml_list(folder / name)
    rows = []
    for number, entry in enumerate(entries, start=1):
        forms = entry.get("forms") if isinstance(entry, dict) else None
        if not (isinstance(forms, dict) and isinstance(entry.get("actor"), str)):
            problems.append(Problem(name, f"entry {number} is not an actor", "Give it `actor` and `forms`."))
            continue
        lists = {**forms, "trap": entry.get("traps") or []}
        for form, aliases in lists.items():
            if not (isinstance(aliases, list) and all(isinstance(a, str) and a.strip() for a in aliases)):
                what = f"“{form}” of {entry['actor']} is not a list of names"
                problems.append(
                    Problem(name, what, "Write it as [Name, Other name], in quotes where YAML asks for it.")
                )
                continue
            rows += [(entry["actor"], form, alias) for alias in aliases]
    actors = pd.DataFrame(rows, columns=["actor", "form", "alias"])
    folded = actors[actors["form"] != "trap"].assign(alias=lambda t: t["alias"].str.casefold())
    for alias, claims in folded.groupby("alias")["actor"]:
        if claims.nunique() > 1:
            what = f"the alias “{alias}” is claimed by {' and by '.join(sorted(set(claims)))}"
            problems.append(Problem(name, what, "Leave it with one of them."))
    return actors, problems


def read_frames(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the codebook, ``frames.yml``: one row per frame, with its definition and its list of cues."""
    name = "frames.yml"
    entries, problems = _read_yaml_list(folder / name)
    rows = []
    for number, entry in enumerate(entries, start=1):
        missing = [f for f in FRAME_FIELDS if not (isinstance(entry, dict) and entry.get(f))]
        if missing:
            problems.append(Problem(name, f"frame {number} has no {', '.join(missing)}", "Write it into the codebook."))
        elif not (isinstance(entry["cues"], list) and all(isinstance(c, str) for c in entry["cues"])):
            problems.append(
                Problem(name, f"the cues of {entry['frame']} are not a list of words", "Write [word, two words].")
            )
        else:
            rows.append({field: entry[field] for field in FRAME_FIELDS})
    frames = pd.DataFrame(rows, columns=list(FRAME_FIELDS))
    for frame in frames["frame"][frames["frame"].duplicated()]:
        problems.append(Problem(name, f"the frame {frame} stands there twice", "Join the two."))
    return frames, problems


def read_stop_words(folder: Path) -> tuple[frozenset[str], list[Problem]]:
    """Read the function words, ``stopwords.txt``: one to a line; a folder without one has none."""
    path = folder / "stopwords.txt"
    if not path.exists():
        return frozenset(), []
    try:
        lines = read_text(path).splitlines()
    except StudyError as error:
        return frozenset(), list(error.problems)
    return frozenset(w.strip().casefold() for w in lines if w.strip() and not w.startswith("#")), []


def _read_csv(path: Path) -> pd.DataFrame:
    """Every cell as text, white space at its ends kept for the checks."""
    from io import StringIO

    text = decode(read_bytes(path), path.name).removeprefix("\ufeff")
    try:
        return pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise StudyError(Problem(path.name, f"it is not a table ({reason})", "Save it as CSV with commas.")) from None


def _check_header(table: pd.DataFrame, name: str) -> list[Problem]:
    """Missing and unknown columns."""
    known = (*REQUIRED, *OPTIONAL)
    problems = [
        Problem(name, f"there is no column “{column}”", "Add it.", row=1) for column in REQUIRED if column not in table
    ]
    for column in table.columns:
        if column not in known:
            near = difflib.get_close_matches(str(column), known, 1)
            remedy = f"Did you mean “{near[0]}”?" if near else f"Known columns: {', '.join(known)}."
            problems.append(Problem(name, f"unknown column “{column}”", remedy, row=1))
    return problems


def _check_row(record: dict[str, str], folder: Path, row: int) -> tuple[str, list[Problem]]:
    """The document's text, and what is wrong with its row or file."""
    name, file = "documents.csv", record["file"]
    problems = [
        Problem(name, f"{column} “{value}” has white space at an end", "Remove it.", row)
        for column, value in record.items()
        if column in ("file", "source", "role", "date_from", "date_to") and value != value.strip()
    ]
    if not record["source"].strip():
        problems.append(Problem(name, f"{file} has no source", "Say who published it.", row))
    if record["role"] not in ROLES:
        what, remedy = f"the role “{record['role']}” is unknown", f"Use one of: {', '.join(ROLES)}."
        problems.append(Problem(name, what, remedy, row))
    problems += _check_dates(record, row)
    if not file or Path(file).name != file:
        what = f"“{file}” is not the name of a file in the folder"
        return "", [*problems, Problem(name, what, "Give the bare file name.", row)]
    try:
        data = read_bytes(folder / file)
        text = decode(data, file)
    except StudyError as error:
        located = [Problem(name, f"{p.file}: {p.what}", p.remedy, row) for p in error.problems]
        return "", [*problems, *located]
    if record["sha256"] and record["sha256"].strip().lower() != fingerprint(data):
        what = f"{file} is not the file that was recorded (its SHA-256 differs)"
        remedy = f"Restore the file, or, if the change is meant, record sha256 {fingerprint(data)}."
        problems.append(Problem(name, what, remedy, row))
    return text, problems


def _check_dates(record: dict[str, str], row: int) -> list[Problem]:
    """Each date is a day of the calendar or empty, both or neither, and in order."""
    problems, days = [], []
    for column in ("date_from", "date_to"):
        value = record[column].strip()
        try:
            days.append(_day(value) if value else None)
        except ValueError:
            what = f"{column} “{value}” is not a date"
            problems.append(Problem("documents.csv", what, "Write YYYY-MM-DD, or leave it empty.", row))
    if not problems and (days[0] is None) != (days[1] is None):
        what = "one of date_from and date_to is empty"
        problems.append(Problem("documents.csv", what, "Give the day in both, a range, or leave both empty.", row))
    elif not problems and None not in days and days[0] > days[1]:
        problems.append(Problem("documents.csv", "date_from is after date_to", "Exchange them.", row))
    return problems


def _day(value: str) -> date:
    """A calendar day written YYYY-MM-DD, and no other way."""
    day = date.fromisoformat(value)
    if day.isoformat() != value:
        raise ValueError(value)
    return day


def _check_together(documents: pd.DataFrame, folder: Path) -> list[Problem]:
    """What can be seen only across rows: files listed twice or not at all, ids and sources that clash."""
    name, problems = "documents.csv", []
    rows = range(2, len(documents) + 2)
    first_file: dict[str, int] = {}
    first_id: dict[str, int] = {}
    for row, file, doc_id in zip(rows, documents["file"], documents["doc_id"]):
        if file in first_file:
            what = f"{file} is listed twice (first in row {first_file[file]})"
            problems.append(Problem(name, what, "Remove one of the rows.", row))
        elif doc_id in first_id:
            what = f"{file} has the same leading number, {doc_id}, as the file in row {first_id[doc_id]}"
            problems.append(Problem(name, what, "Give each file a number of its own.", row))
        first_file.setdefault(file, row)
        first_id.setdefault(doc_id, row)
    for path in sorted(folder.glob("*.txt")):
        if path.name not in first_file and path.name != "stopwords.txt":
            problems.append(Problem(path.name, "the document is not listed in documents.csv", "Add a row for it."))
    spellings = Counter(documents["source"])
    for source in spellings:
        twin = max((s for s in spellings if _letters(s) == _letters(source)), key=spellings.get)
        if source.strip() and twin != source:
            row = rows[documents["source"].tolist().index(source)]
            what = f"the source “{source}” is elsewhere spelled “{twin}”"
            problems.append(Problem(name, what, "Use one spelling.", row))
    return problems


def _letters(name: str) -> str:
    """A name's letters and digits, case-folded: what two spellings of one name share."""
    return regex.sub(r"[^\p{L}\p{N}]", "", name).casefold()


def _doc_id(file: str) -> str:
    """The file's leading number, or its name without the ending, as an id fit for a web address."""
    number = regex.match(r"\d+", file)
    return number.group() if number else regex.sub(r"[^\p{L}\p{N}_]+", "-", Path(file).stem).strip("-")


def _year(record: dict[str, str]) -> str:
    """The year of a document, `2016–2017` where its date may lie in either, or `undated`."""
    years = sorted({record[column].strip()[:4] for column in ("date_from", "date_to")} - {""})
    return "–".join(years) or "undated"


def _read_yaml_list(path: Path) -> tuple[list, list[Problem]]:
    """The entries of a YAML file that is a list; none where there is no such file."""
    if not path.exists():
        return [], []
    try:
        entries = yaml.safe_load(read_text(path))
    except StudyError as error:
        return [], list(error.problems)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        what = f"it is not YAML ({getattr(error, 'problem', None) or 'unreadable'}, {where})"
        return [], [Problem(path.name, what, "Mend the line.")]
    if not isinstance(entries, list):
        return [], [Problem(path.name, "it is not a list", "Begin each entry with a dash.")]
    return entries, []


def _template(entry: dict) -> Template:
    """One template of cleaning.yml, its patterns compiled."""
    return Template(str(entry["template"]), regex.compile(entry["when"]), tuple(_rule(r) for r in entry["rules"]))


def _rule(entry: dict) -> Rule:
    """One rule of cleaning.yml, its patterns compiled."""
    if unknown := set(entry) - RULE_FIELDS:
        raise ValueError(f"unknown field {', '.join(sorted(unknown))}")
    if ("line" in entry) == ("from" in entry):
        raise ValueError(f"rule “{entry['rule']}” needs either `line` or `from`")
    if entry["kind"] not in (*KEPT, *REMOVED):
        raise ValueError(f"rule “{entry['rule']}” has the unknown kind “{entry['kind']}”")
    if entry.get("where", "head") != "head":
        raise ValueError(f"rule “{entry['rule']}”: `where` can only be `head`")
    patterns = {key: regex.compile(entry[key]) if key in entry else None for key in ("line", "from", "to")}
    return Rule(entry["rule"], entry["kind"], patterns["line"], patterns["from"], patterns["to"], head="where" in entry)


def _reason(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error)
