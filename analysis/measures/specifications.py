"""Specifications: each main finding under every combination of the choices that could have been made otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study, group_labels, load
from analysis.corpus.codings import read_codings
from analysis.corpus.findings import KNOWN
from analysis.corpus.merging import actor_words, merge_terms
from analysis.errors import Problem, unknown
from analysis.measures.countings import COUNTS, Counted, Reading
from analysis.measures.differences import group_test, rates_apart
from analysis.measures.inference import LEVEL
from analysis.measures.periods import period_labels

CHOICES = {
    "cleaning": ("on", "off"),
    "context": ("out", "in"),
    "years": ("all", "shared"),
    "unit": ("paragraph", "sentence"),
    "stop_list": ("off", "on"),
    "aliases": ("off", "on"),
}
BASES = {  # the choices that can touch a measure, and what this project chooses
    "cue_rate": {"cleaning": "on", "context": "out", "years": "all", "unit": "paragraph"},
    "coded_share": {"context": "out", "years": "all"},  # readers have read the paragraphs as cleaned
    "tone": {"cleaning": "on", "context": "out", "years": "all", "unit": "sentence"},
    "actor": {"cleaning": "on", "context": "out", "years": "all", "unit": "sentence", "aliases": "on"},
    "actor_share": {"cleaning": "on", "context": "out", "years": "all", "aliases": "on"},
    "word": {"cleaning": "on", "context": "out", "years": "all", "stop_list": "off", "aliases": "off"},
    "most_frequent": {"cleaning": "on", "context": "out", "aliases": "off"},
    "paragraph_length": {"cleaning": "on", "context": "out", "years": "all"},
}
SIDES = ("target", "reference")
SELECTING = ("context", "years")  # choices of documents
PER_10K = ("word", "most_frequent")  # measures whose counts come as occurrences per 10,000 words
RESAMPLES = 999  # of whole documents; and relabellings of them, if they are too many for all
ROBUST = 0.9  # a finding that holds in a smaller share of its specifications says so
ROUNDING = 1e-9  # a difference no larger is none


def specifications(folder: str | Path, findings: pd.DataFrame) -> pd.DataFrame:
    """Compute each finding under every combination of the choices that can touch it: a specification curve.

    Parameters
    ----------
    folder : path
        The study folder.
    findings : pandas.DataFrame
        From `analysis.corpus.findings.read_findings`, which says what the measures are.

    Returns
    -------
    pandas.DataFrame
        One row per finding and specification, the findings in their order. A choice that is none for the finding is
        empty.

        - ``finding``: its name
        - ``cleaning``: ``on``, or ``off``, which takes the files whole
        - ``context``: context documents are left ``out`` or counted ``in``
        - ``years``: documents of ``all`` years count, or only those of years that the two groups share
        - ``unit``: ``paragraph`` or ``sentence``
        - ``stop_list``: words are counted per 10,000 words: of all, ``off``; of content words, ``on``
        - ``aliases``: a name of an actor counts for the actor, ``on``; or only as itself, ``off``
        - ``left_out``: the ``doc_id`` of the one document that is left out, or empty
        - ``target``, ``reference``: the two values; missing where a group has nothing left to count in
        - ``difference``: the first less the second; missing where one is, and the specification then is not defined
        - ``holds``: whether it is above 0
        - ``base``: whether this is how the book computes it

    Raises
    ------
    StudyError
        As `load`; or findings of a measure that there is not.

    Notes
    -----
    The question is whether a finding hangs on decisions that could as well have been made otherwise [1]_. The choices
    are multiplied, each only if it can touch the finding. Which choices may touch a measure is fixed: the stop list is
    none for a cue rate, nor the unit for a rate per word; the most frequent content word is not looked for without the
    stop list; readers have read paragraphs as they were cleaned. Of these, a choice in the way to count is one only if
    with it a count of some document becomes another. Context documents are a choice where the groups have some, and
    years where the groups share some and not all. Two groups share a year in which each has a document with words in it
    that is no context, and whose dates tell its year.

    One document is left out at a time, of those that are counted in the groups. No specification stands there twice:
    where no context document is of a shared year, context is out among the shared years; a copy, of which nothing
    counts, is not left out, nor is the only context document, without which context is out, nor the only document of a
    year that is not shared. A document that is left out of the counts stays for the cleaning, which knows the lines
    that documents share and which copy counts; and the years stay shared.

    What would make it wrong: specifications are not independent, so the share in which a finding holds is no
    probability, and a finding that holds in all of them may still be one of these documents only. No other choices are
    varied, such as the words of a codebook. A specification that hardly anybody would choose, such as to count a page’s
    menu, weighs as much as any.

    References
    ----------
    .. [1] Simonsohn, U., Simmons, J. P. & Nelson, L. D. (2020). Specification curve analysis. Nature Human Behaviour,
       4(11), 1208–1214.

    Examples
    --------
    >>> from analysis.corpus.findings import read_findings
    >>> study = load()
    >>> table = specifications(study.folder, read_findings(study))
    >>> bool((table.groupby("finding")["base"].sum() == 1).all())
    True
    """
    for measure in findings["measure"]:
        if measure not in KNOWN:
            raise unknown("measure", measure, KNOWN)
    columns = ["finding", *CHOICES, "left_out", "target", "reference", "difference", "holds", "base"]
    if findings.empty:
        return pd.DataFrame(columns=columns)
    readings = {side: _reading(folder, clean=side == "on", findings=findings) for side in CHOICES["cleaning"]}
    tables = [part for finding in findings.itertuples(index=False) for part in _ways(finding, readings)]
    return pd.concat(tables, ignore_index=True)[columns]


def counts(study: Study, findings: pd.DataFrame) -> pd.DataFrame:
    """Return the counts on which each finding rests, as the book computes it.

    Parameters
    ----------
    study : Study
    findings : pandas.DataFrame
        From `analysis.corpus.findings.read_findings`.

    Returns
    -------
    pandas.DataFrame
        One row per finding, in their order: ``name``; ``target_count`` of ``target_size``, and ``reference_count`` of
        ``reference_size``: paragraphs, sentences, mentions or words with what is measured, of all in the group. For
        `paragraph_length` words, and paragraphs; for `most_frequent` the second is the most frequent other word.
        ``target_lowest`` to ``target_highest``, and ``reference_lowest`` to ``reference_highest``: the rates of single
        documents, in the unit of the difference in `specifications`; missing for `most_frequent`.
    """
    rows = []
    for finding, counted, groups in _as_in_the_book(study, findings):
        scale = 1e4 if finding.measure in PER_10K else 1
        target, reference = ((counted.hits[own].sum() / scale, counted.sizes[own].sum()) for own in groups)
        single = [end for own in groups for end in _ends(counted.hits[own], counted.sizes[own])]
        if counted.others is not None:
            reference = ((counted.others @ groups[0].astype(np.int64)).max(initial=0), target[1])
            single = [np.nan] * 4
        rows.append((finding.name, *target, *reference, *single))
    of_sides = [f"{side}_{what}" for side in SIDES for what in ("count", "size")]
    of_single = [f"{side}_{end}" for side in SIDES for end in ("lowest", "highest")]
    return pd.DataFrame(rows, columns=["name", *of_sides, *of_single])


def _ends(hits: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    """The lowest rate of a document, and the highest."""
    rates = hits[sizes > 0] / sizes[sizes > 0]
    return (rates.min(), rates.max()) if len(rates) else (np.nan, np.nan)


def false_findings(study: Study, findings: pd.DataFrame) -> list[Problem]:
    """Return a problem for each finding that does not hold as the book computes it."""
    table, problems = counts(study, findings), []
    rates = [table[f"{side}_count"] / table[f"{side}_size"].where(table[f"{side}_size"] > 0) for side in SIDES]
    for name, statement, target, reference in zip(findings["name"], findings["statement"], *rates):
        if not target - reference > ROUNDING:
            what = f"the finding “{name}”, “{statement}”, does not hold: it needs {target:.4g} > {reference:.4g}"
            problems.append(Problem("findings.csv", what, "Correct what it states, or leave it out."))
    return problems


def chances(study: Study, findings: pd.DataFrame) -> pd.Series:
    """Return the p-value of each finding, as the book computes it.

    Parameters
    ----------
    study : Study
    findings : pandas.DataFrame
        From `analysis.corpus.findings.read_findings`: chosen before the counts were known.

    Returns
    -------
    pandas.Series
        Under the name of each finding: in what part of the ways to deal the groups out to whole documents the two rates
        lie as far apart, in either direction. Missing where a group has too few documents for `differences.group_test`,
        and for `most_frequent`, which compares words of one group.
    """
    return pd.Series(
        {
            finding.name: np.nan if counted.others is not None else _by_chance(counted, *groups)
            for finding, counted, groups in _as_in_the_book(study, findings)
        },
        dtype=float,
    )


def _by_chance(counted: Counted, target: np.ndarray, reference: np.ndarray) -> float:
    """In what part of the ways to label whole documents two rates are as far apart; missing below the gate."""
    members, drawn = {"target": target, "reference": reference}, {"resamples": RESAMPLES, "confidence": 1 - LEVEL}
    hits = csr_array(counted.hits[None, :])
    return group_test(hits, counted.sizes, members, statistic=rates_apart, random_state=0, **drawn)["p"].iloc[0]


def _as_in_the_book(
    study: Study, findings: pd.DataFrame
) -> Iterator[tuple[tuple, Counted, tuple[np.ndarray, np.ndarray]]]:
    """Each finding, what is counted for it without any choice made otherwise, and its two groups of documents."""
    reading = Reading(study, study, read_codings(study) if (findings["measure"] == "coded_share").any() else None)
    for finding in findings.itertuples(index=False):
        counted = COUNTS[finding.measure](reading, finding.what, BASES[finding.measure])
        yield finding, counted, _groups(finding, study, BASES[finding.measure])


def _reading(folder: str | Path, *, clean: bool, findings: pd.DataFrame) -> Reading:
    study = load(folder, clean=clean)
    coded = clean and (findings["measure"] == "coded_share").any()
    codings = read_codings(study) if coded else None
    return Reading(study, merge_terms(study, aliases=actor_words(study)), codings)


def _ways(finding: tuple, readings: dict[str, Reading]) -> Iterator[pd.DataFrame]:
    """The specifications of a finding, a table for each combination of choices but that of a document to leave out."""
    base, counted, met = BASES[finding.measure], _countings(finding, readings), set()
    varied = [choice for place, choice in enumerate(_counting(base)) if _matters(place, counted)]
    varied += [choice for choice in SELECTING if choice in base and _selects(choice, finding, readings["on"].study)]
    for sides in product(*(CHOICES[choice] if choice in varied else [base[choice]] for choice in base)):
        chosen = dict(zip(base, sides))
        study, so = readings[chosen.get("cleaning", "on")].study, tuple(chosen[choice] for choice in _counting(base))
        target, reference = _groups(finding, study, chosen)
        if (way := (so, target.tobytes(), reference.tobytes())) in met:
            continue
        met.add(way)
        left, own = _to_leave_out(finding, study, target | reference, varied), counted[so]
        first = _rates(own, target, left)
        second = _rates(own, reference, left) if own.others is None else _highest(own, target, left)
        table = pd.DataFrame({"left_out": ["", *study.documents["doc_id"].iloc[left]], "target": first})
        yield table.assign(
            finding=finding.name,
            **{choice: chosen[choice] if choice in varied else "" for choice in CHOICES},
            reference=second,
            difference=first - second,
            holds=first - second > ROUNDING,
            base=(chosen == base) & (table["left_out"] == ""),
        )


def _counting(base: dict[str, str]) -> list[str]:
    """The choices in the way to count."""
    return [choice for choice in base if choice not in SELECTING]


def _countings(finding: tuple, readings: dict[str, Reading]) -> dict[tuple[str, ...], Counted]:
    """What is counted for a finding under every combination of the choices in the way to count."""
    base, counted = BASES[finding.measure], {}
    for sides in product(*(CHOICES[choice] for choice in _counting(base))):
        way = base | dict(zip(_counting(base), sides))
        counted[sides] = COUNTS[finding.measure](readings[way.get("cleaning", "on")], finding.what, way)
    return counted


def _groups(finding: tuple, study: Study, chosen: dict[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """Which documents count in the target and in the reference."""
    counts = (chosen["context"] == "in") | ~_is_context(study)
    if chosen.get("years") == "shared":
        counts = counts & _in_shared_year(finding, study)
    target, reference = _sides(finding, study)
    return target & counts, reference & counts


def _sides(finding: tuple, study: Study) -> tuple[np.ndarray, np.ndarray]:
    """Which documents are of the target and of the reference."""
    labels = group_labels(study, finding.by)
    target = labels == finding.target
    others = ~target & (finding.measure != "most_frequent")
    return target.to_numpy(), (labels == finding.reference if finding.reference else others).to_numpy()


def _is_context(study: Study) -> np.ndarray:
    return (study.documents["role"] == "context").to_numpy()


def _in_shared_year(finding: tuple, study: Study) -> np.ndarray:
    """Which documents are of a year in which both groups have one that is no context."""
    years, about = period_labels(study, "year"), ~_is_context(study) & (study.documents["tokens"] > 0).to_numpy()
    of_sides = [set(years[side & about].dropna()) for side in _sides(finding, study)]
    return years.isin(set.intersection(*of_sides)).to_numpy()


def _to_leave_out(finding: tuple, study: Study, counted: np.ndarray, varied: list[str]) -> np.ndarray:
    """The rows of the documents without which a specification is another one than those that are there already."""
    counted = counted & (study.documents["tokens"] > 0).to_numpy()
    goes = {"context": _is_context(study), "years": ~_in_shared_year(finding, study)}  # by the other side of a choice
    alone = [counted & goes[choice] for choice in goes if choice in varied and (counted & goes[choice]).sum() == 1]
    return np.flatnonzero(counted & ~np.any([*alone, np.zeros(len(counted), bool)], axis=0))


def _selects(choice: str, finding: tuple, study: Study) -> bool:
    """Whether a choice of documents can touch a finding."""
    of_groups, context = np.logical_or(*_sides(finding, study)), _is_context(study)
    if choice == "context":
        return bool(context[of_groups].any())
    return len(set(_in_shared_year(finding, study)[of_groups & ~context])) == 2


def _matters(place: int, counted: dict[tuple[str, ...], Counted]) -> bool:
    """Whether two ways to count that differ in the choice at one place, and in no other, ever differ in a count."""
    alike: dict[tuple[str, ...], list[Counted]] = {}
    for sides, one in counted.items():
        alike.setdefault(sides[:place] + sides[place + 1 :], []).append(one)
    return any(not _same_counts(*pair) for pair in alike.values())


def _same_counts(one: Counted, other: Counted) -> bool:
    if not (np.array_equal(one.hits, other.hits) and np.array_equal(one.sizes, other.sizes)):
        return False
    if one.others is None:
        return True
    return one.others.shape == other.others.shape and not (one.others != other.others).nnz


def _rates(counted: Counted, group: np.ndarray, left: np.ndarray) -> np.ndarray:
    """The rate in a group, and then without each of some documents."""
    hits, sizes = (_sums(own, group, left) for own in counted[:2])
    return np.divide(hits, sizes, out=np.full(len(hits), np.nan), where=sizes > 0)


def _sums(own: np.ndarray, group: np.ndarray, left: np.ndarray) -> np.ndarray:
    whole = own[group].sum()
    return np.append(whole, whole - np.where(group[left], own[left], 0))


def _highest(counted: Counted, group: np.ndarray, left: np.ndarray) -> np.ndarray:
    """The highest rate that any of the others has in a group, likewise."""
    whole = counted.others @ group.astype(np.int64)
    without = (whole - counted.others[:, [row]].toarray().ravel() for row in left)
    hits = np.array([sums.max(initial=0) for sums in (whole, *without)])
    sizes = _sums(counted.sizes, group, left)
    return np.divide(1e4 * hits, sizes, out=np.full(len(hits), np.nan), where=sizes > 0)


def robustness(specifications: pd.DataFrame) -> pd.DataFrame:
    """Say in what share of its specifications each finding holds, and what turns it.

    Parameters
    ----------
    specifications : pandas.DataFrame
        From `specifications`.

    Returns
    -------
    pandas.DataFrame
        One row per finding, in their order.

        - ``finding``
        - ``specifications``: how many there are
        - ``defined``: in how many both groups have something to count in
        - ``holds``: in how many of these the finding holds
        - ``share``: the part of the defined ones in which it holds, 0 to 1; missing where none is defined
        - ``base``: the difference as the book computes it; missing where that is not defined
        - ``least``, ``median``, ``largest``: of the differences
        - ``turned_by``: the choice between whose sides its share differs most, with the counts, such as ``aliases: off
          9 of 9, on 2 of 9``; of equal ones the first, and empty where no choice makes a difference
        - ``turned_without``: the ids of the documents that turn it when one of them is left out and nothing else is
          changed, separated by spaces
        - ``undefined_without``: the ids of those without which nothing is left to compare

    Notes
    -----
    A specification without a value does not count against a finding, nor for it. A finding that needs one document,
    named in ``undefined_without``, is a finding on that document, whatever the share is.

    Examples
    --------
    >>> from analysis.corpus import SEEDS
    >>> from analysis.corpus.findings import read_findings
    >>> table = robustness(specifications(SEEDS, read_findings(load(SEEDS), SEEDS / "findings.csv")))
    >>> bool((table["holds"] <= table["defined"]).all() and (table["defined"] <= table["specifications"]).all())
    True
    """
    rows = [{"finding": name, **_summary(own)} for name, own in specifications.groupby("finding", sort=False)]
    columns = ["finding", "specifications", "defined", "holds", "share", "base", "least", "median", "largest"]
    return pd.DataFrame(rows, columns=[*columns, "turned_by", "turned_without", "undefined_without"])


def _summary(own: pd.DataFrame) -> dict[str, object]:
    """What there is to say of one finding."""
    defined, base = own[own["difference"].notna()], own[own["base"]].iloc[0]
    alone = own[(own[list(CHOICES)] == base[list(CHOICES)]).all(axis=1) & (own["left_out"] != "")]
    undefined = alone["difference"].isna()
    return {
        "specifications": len(own),
        "defined": len(defined),
        "holds": int(own["holds"].sum()),
        "share": defined["holds"].mean(),
        "base": base["difference"],
        "least": defined["difference"].min(),
        "median": defined["difference"].median(),
        "largest": defined["difference"].max(),
        "turned_by": _turned_by(defined),
        "turned_without": " ".join(alone["left_out"][~undefined & (alone["holds"] != base["holds"])]),
        "undefined_without": " ".join(alone["left_out"][undefined]),
    }


def _turned_by(defined: pd.DataFrame) -> str:
    """The choice between whose sides the share differs most, in words."""
    widest, words = 0.0, ""
    for choice, sides in CHOICES.items():
        ways = [(side, defined["holds"][defined[choice] == side]) for side in sides]
        ways = [(side, holds) for side, holds in ways if len(holds)]
        gap = abs(ways[0][1].mean() - ways[-1][1].mean()) if ways else 0
        if gap > widest:
            counts = ", ".join(f"{side} {holds.sum()} of {len(holds)}" for side, holds in ways)
            widest, words = gap, f"{choice.replace('_', ' ')}: {counts}"
    return words
