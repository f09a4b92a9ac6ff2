"""What else a study folder declares: cleaning rules, actors, the codebook of frames, function words.

Each function returns what it read and the problems it met, so that all problems of a folder can be shown at once. A
file that is not there declares nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import regex

from analysis.corpus.about import read_about, read_commentary
from analysis.corpus.boilerplate import KEPT, REMOVED
from analysis.corpus.cleaning import Rule, Template
from analysis.corpus.english import regular_forms
from analysis.corpus.index import pattern_words
from analysis.corpus.readers import csv_records, read_text
from analysis.corpus.timeline import read_timeline
from analysis.corpus.tokens import term
from analysis.corpus.yaml_files import read_yaml
from analysis.errors import Problem, StudyError

CODE_FIELDS = ("title", "definition", "include", "exclude", "example")
CROSSWALK = ("policy_frame", "generic_frame")  # what other codebooks call it; may be left out
ACTOR_FIELDS = ("actor", "kind", "forms", "traps")
VERB_FIELDS = ("class", "verbs", "mutual")
TONE_FIELDS = ("category", "definition")
TONE_LISTS = {"patterns": "pattern", "small": "small", "traps": "trap"}  # the lists of a category, and what each holds
OUTLET_COLUMNS = ("outlet", "name", "country", "source")
TEMPLATE_FIELDS = {"template", "when", "rules"}
RULE_FIELDS = {"rule", "kind", "line", "from", "to", "where"}


def read_declared(folder: Path, readers: Mapping[str, Callable]) -> dict:
    """Return what each reader reads of a folder, by its name.

    Raises
    ------
    StudyError
        With every problem that all of them met.
    """
    declared = {name: read(folder) for name, read in readers.items()}
    if problems := [problem for _, found in declared.values() for problem in found]:
        raise StudyError(*problems)
    return {name: table for name, (table, _) in declared.items()}


def read_templates(folder: Path) -> tuple[tuple[Template, ...], list[Problem]]:
    """Read the cleaning rules, ``cleaning.yml``."""
    name, templates = "cleaning.yml", []
    entries, problems = _read_yaml_list(folder / name)
    for number, entry in enumerate(entries, start=1):
        try:
            templates.append(_template(entry))
        except (ValueError, regex.error) as error:
            what = f"template {number} cannot be used ({error})"
            problems.append(Problem(name, what, "Give it `template`, `when` and `rules`; see the notes at its top."))
    return tuple(templates), problems


def read_actors(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the actors, ``actors.yml``.

    Returns
    -------
    actors : pandas.DataFrame
        One row per alias: ``actor``; its ``kind``, such as ``state`` or ``place``; ``form`` (such as ``name`` or
        ``capital``; ``trap`` for a phrase in which the actor is not meant); and ``alias``, a search pattern.
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
        problems += _unknown_fields(name, entry["actor"], entry, ACTOR_FIELDS)
        lists = {**forms, "trap": entry.get("traps") or []}
        for form, aliases in lists.items():
            if not _is_list_of_words(aliases):
                what = f"“{form}” of {entry['actor']} is not a list of names"
                problems.append(
                    Problem(name, what, "Write it as [Name, Other name], in quotes where YAML asks for it.")
                )
                continue
            rows += [(entry["actor"], str(entry.get("kind", "")), form, alias) for alias in aliases]
    actors = pd.DataFrame(rows, columns=["actor", "kind", "form", "alias"])
    folded = actors[actors["form"] != "trap"].assign(alias=lambda t: t["alias"].str.casefold())
    for alias, claims in folded.groupby("alias")["actor"]:
        if claims.nunique() > 1:
            what = f"the alias “{alias}” is claimed by {' and by '.join(sorted(set(claims)))}"
            problems.append(Problem(name, what, "Leave it with one of them."))
    return actors, problems


def read_verbs(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the verbs of what actors do to each other, ``verbs.yml``.

    Returns
    -------
    verbs : pandas.DataFrame
        One row per form of a verb: ``class``; ``verb``, the base form; ``form``, a term; ``mutual``, whether it goes
        both ways, as `meet` does.
    problems : list of Problem
        Among them each form that two classes claim.
    """
    name = "verbs.yml"
    entries, problems = _read_yaml_list(folder / name)
    rows = []
    for number, entry in enumerate(entries, start=1):
        lists = {key: entry.get(key) or [] for key in ("verbs", "mutual")} if isinstance(entry, dict) else {}
        if not (lists and isinstance(entry.get("class"), str) and all(map(_is_list_of_words, lists.values()))):
            what = f"entry {number} is not a class of verbs"
            problems.append(Problem(name, what, "Give it `class`, and lists of words as `verbs` and `mutual`."))
            continue
        problems += _unknown_fields(name, entry["class"], entry, VERB_FIELDS)
        for key, verbs in lists.items():
            for base, *others in (verb.split() for verb in verbs):
                forms = dict.fromkeys(map(term, [*regular_forms(base), *others]))
                rows += [(entry["class"], base, form, key == "mutual") for form in forms]
    table = pd.DataFrame(rows, columns=["class", "verb", "form", "mutual"])
    for form, claims in table.groupby("form", sort=False)["class"]:
        if len(claims) > 1:
            what = f"“{form}” stands there twice, as {' and as '.join(dict.fromkeys(claims))}"
            problems.append(Problem(name, what, "Leave one."))
    return table, problems


def read_frames(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the codebook of frames, ``frames.yml``: one row per frame, with its definition and its list of cues."""
    frames, problems = _read_codes(folder / "frames.yml", "frame", ("frame", *CODE_FIELDS, "cues"))
    kept = np.array([_is_list_of_words(cues) for cues in frames["cues"]], bool)
    for frame in frames["frame"][~kept]:
        problems.append(
            Problem("frames.yml", f"the cues of {frame} are not a list of words", "Write [word, two words].")
        )
    return frames[np.array(kept, bool)].reset_index(drop=True), problems


def read_functions(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the second axis of the codebook, ``functions.yml``: one row per function, with its definition."""
    return _read_codes(folder / "functions.yml", "function", ("function", *CODE_FIELDS))


def _read_codes(path: Path, kind: str, fields: tuple[str, ...]) -> tuple[pd.DataFrame, list[Problem]]:
    """The codes of a file, one row each, with these fields."""
    entries, problems = _read_yaml_list(path)
    rows = []
    for number, entry in enumerate(entries, start=1):
        missing = [f for f in fields if not (isinstance(entry, dict) and entry.get(f))]
        if missing:
            what = f"{kind} {number} has no {', '.join(missing)}"
            problems.append(Problem(path.name, what, "Write it into the codebook."))
        elif not all(isinstance(entry.get(f, ""), str) for f in (*fields, *CROSSWALK) if f != "cues"):
            problems.append(Problem(path.name, f"a field of {kind} {number} is not text", "Put it into quotes."))
        else:
            problems += _unknown_fields(path.name, f"{kind} {number}", entry, (*fields, *CROSSWALK))
            rows.append({field: entry.get(field, "") for field in (*fields, *CROSSWALK)})
    codes = pd.DataFrame(rows, columns=[*fields, *CROSSWALK])
    for code in codes[kind][codes[kind].duplicated()]:
        problems.append(Problem(path.name, f"the {kind} {code} stands there twice", "Join the two."))
    return codes, problems


def read_outlets(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the outlets that documents cite, ``outlets.csv``: how they are cited, their name and country, and whose."""
    path = folder / "outlets.csv"
    nothing = pd.DataFrame(columns=list(OUTLET_COLUMNS))
    if not path.exists():
        return nothing, []
    try:
        records, problems = csv_records(path, OUTLET_COLUMNS)
    except StudyError as error:
        return nothing, list(error.problems)
    rows = [[record[column].strip() for column in OUTLET_COLUMNS] for _, record in records]
    table = pd.DataFrame(rows, columns=list(OUTLET_COLUMNS))
    for outlet in table["outlet"][table["outlet"].duplicated()]:
        problems.append(Problem(path.name, f"the outlet “{outlet}” stands there twice", "Leave one."))
    return table, problems


def read_tone(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the words of tone, ``tone.yml``: hedges, boosters and the like.

    Returns
    -------
    tone : pandas.DataFrame
        One row per pattern: ``category``; its ``definition``; ``form`` (``pattern``; ``small`` for one that counts only
        in small letters; ``trap`` for a phrase whose words count for nothing); and ``pattern``, a search pattern.
    problems : list of Problem
        Among them each pattern that stands there twice.
    """
    name, categories = "tone.yml", []
    entries, problems = _read_yaml_list(folder / name)
    remedy = f"Give it {' and '.join(TONE_FIELDS)}, and lists of words as {', '.join(TONE_LISTS)}."
    for number, entry in enumerate(entries, start=1):
        if what := _tone_fault(entry):
            problems.append(Problem(name, f"category {number} {what}", remedy))
        elif entry["category"] in (other["category"] for other in categories):
            problems.append(Problem(name, f"the category {entry['category']} stands there twice", "Join the two."))
        else:
            problems += _unknown_fields(name, f"category {number}", entry, (*TONE_FIELDS, *TONE_LISTS))
            categories.append(entry)
    rows = [
        (*(entry[field] for field in TONE_FIELDS), form, pattern)
        for entry in categories
        for key, form in TONE_LISTS.items()
        for pattern in entry.get(key) or []
    ]
    table = pd.DataFrame(rows, columns=[*TONE_FIELDS, "form", "pattern"])
    for words, claims in table.groupby([" ".join(pattern_words(p)) for p in table["pattern"]], sort=False):
        if len(claims) > 1:
            what = f"the pattern “{words}” stands there twice, under {' and under '.join(claims['category'].unique())}"
            problems.append(Problem(name, what, "Leave one."))
    return table, problems


def _tone_fault(entry: object) -> str:
    """What is wrong with a category of tone.yml, if anything is."""
    if not isinstance(entry, dict):
        return "has no fields"
    if missing := [field for field in (*TONE_FIELDS, "patterns") if not entry.get(field)]:
        return f"has no {', '.join(missing)}"
    faults = [field for field in TONE_FIELDS if not isinstance(entry[field], str)]
    faults += [key for key in TONE_LISTS if not _is_list_of_words(entry.get(key) or [])]
    return f"is not usable in {', '.join(faults)}" if faults else ""


def read_stop_words(folder: Path) -> tuple[frozenset[str], list[Problem]]:
    """Read the function words, ``stopwords.txt``: one to a line; a folder without one has none."""
    path = folder / "stopwords.txt"
    if not path.exists():
        return frozenset(), []
    try:
        lines = read_text(path).splitlines()
    except StudyError as error:
        return frozenset(), list(error.problems)
    words = (line.strip("\ufeff \t") for line in lines)
    return frozenset(term(word) for word in words if word and not word.startswith("#")), []


LEXICONS = {
    "about": read_about,
    "actors": read_actors,
    "commentary": read_commentary,
    "frames": read_frames,
    "functions": read_functions,
    "outlets": read_outlets,
    "stop_words": read_stop_words,
    "timeline": read_timeline,
    "tone": read_tone,
    "verbs": read_verbs,
}


def _read_yaml_list(path: Path) -> tuple[list, list[Problem]]:
    """The entries of a YAML file that is a list; none where there is no such file."""
    entries, problems = read_yaml(path)
    if not isinstance(entries or [], list):
        return [], [Problem(path.name, "it is not a list", "Begin each entry with a dash.")]
    return entries or [], problems


def _unknown_fields(name: str, whose: str, entry: Mapping, known: Sequence[str]) -> list[Problem]:
    """A problem for each field of an entry that nothing reads, such as one that is misspelt."""
    remedy = f"Correct its name, or remove it; there are {', '.join(known)}."
    return [Problem(name, f"{whose} has the unknown field {field}", remedy) for field in entry if field not in known]


def _is_list_of_words(value: object) -> bool:
    """Whether it is a list of search patterns, each with a word in it."""
    return isinstance(value, list) and all(isinstance(item, str) and pattern_words(item) for item in value)


def _template(entry: object) -> Template:
    """One template of cleaning.yml, its patterns compiled."""
    if not isinstance(entry, dict) or set(entry) != TEMPLATE_FIELDS or not isinstance(entry["rules"], list):
        raise ValueError("it needs the fields template, when and rules, and no others")
    return Template(entry["template"], _pattern(entry["when"]), tuple(map(_rule, entry["rules"])))


def _rule(entry: object) -> Rule:
    """One rule of cleaning.yml, its patterns compiled."""
    if not isinstance(entry, dict) or not isinstance(entry.get("rule"), str) or not entry["rule"]:
        raise ValueError("a rule has no name")
    name = entry["rule"]
    if unknown := set(entry) - RULE_FIELDS:
        raise ValueError(f"rule “{name}” has the unknown field {', '.join(sorted(unknown))}")
    if ("line" in entry) == ("from" in entry) or ("to" in entry and "from" not in entry):
        raise ValueError(f"rule “{name}” needs either `line`, or `from` with or without `to`")
    if entry.get("kind") not in (*KEPT, *REMOVED):
        raise ValueError(f"rule “{name}” has the unknown kind “{entry.get('kind')}”")
    if entry.get("where", "head") != "head":
        raise ValueError(f"rule “{name}”: `where` can only be `head`")
    patterns = [_pattern(entry[key]) if key in entry else None for key in ("line", "from", "to")]
    return Rule(name, entry["kind"], *patterns, head="where" in entry)


def _pattern(text: object) -> regex.Pattern:
    """A regular expression, compiled."""
    if not isinstance(text, str):
        raise ValueError(f"{text} is not a pattern")
    return regex.compile(text)
