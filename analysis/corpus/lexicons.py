"""What else a study folder declares: cleaning rules, actors, the codebook of frames, function words.

Each function returns what it read and the problems it met, so that all problems of a folder can be shown at once. A
file that is not there declares nothing.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import regex
import yaml

from analysis.corpus.cleaning import KEPT, REMOVED, Rule, Template
from analysis.corpus.readers import read_text
from analysis.errors import Problem, StudyError

FRAME_FIELDS = ("frame", "title", "definition", "include", "exclude", "cues")
RULE_FIELDS = {"rule", "kind", "line", "from", "to", "where"}


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
