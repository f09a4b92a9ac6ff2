"""The chapter Drift, its second part: what a test would do with more documents like these."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus import Study
from analysis.corpus.numbers import count, percent
from analysis.measures.inference import DRIFT_MINIMUM, LEVEL
from analysis.measures.periods import grouped
from analysis.measures.power import WANTED, documents_needed, drift_model, drift_power
from analysis.report.drift import of_all, years_of
from analysis.report.prose import listing

SIZES = (5, 10, 30, 60)  # documents in each period, in made-up corpora
CORPORA, DRAWS = 100, 60_000_000  # made-up corpora for each size, and numbers drawn for them all, at most
NAMED_PAIRS = 5  # of documents, more of which are not named
NO_POWER = pd.DataFrame(columns=["effect", "documents", "power", "low", "high", "simulations", "planted"])


class Power(NamedTuple):
    """What a test would do in larger studies.

    Attributes
    ----------
    table : pandas.DataFrame
        The alarms, from `measures.power.drift_power`, and which drift was ``planted``.
    effect : float
        That drift, in bits.
    needed, tried : int
        How many documents find it, and in how many corpora each number was tried.
    pairs : int
        Of documents of one year, from which it is known how unlike they are.
    """

    table: pd.DataFrame
    effect: float
    needed: int | None
    tried: int
    pairs: int


def power_of(study: Study, table: pd.DataFrame) -> Power:
    """Return what the test would do with more documents like these; nothing where no year has two documents."""
    years = years_of(study)
    if table.empty or years.value_counts().max() < 2:
        return Power(NO_POWER, 0.0, None, 0, 0)
    first, last = sorted(years.dropna().unique())[:: max(years.nunique() - 1, 1)][:2]
    row = of_all(table).loc[f"{first} – {last}"]
    model, total = drift_model(study, first, last), int(row["documents"])
    effect = max(float(row["excess"]) * (total - 1) / max(total - 2, 1), 0.0)
    corpora = int(np.clip(DRAWS // (2 * sum(SIZES) * len(model.a)), 20, CORPORA))
    planted = {0.0: "no drift"} | ({effect / 2: "half of it", effect: f"drift of {effect:.3f} bits"} if effect else {})
    alarms = drift_power(model, effects=[0], documents=SIZES, simulations=corpora)
    drifts = [one for one in planted if one]
    found = [alarms]
    if drifts:
        found.append(drift_power(model, effects=drifts, documents=SIZES, simulations=max(corpora // 2, 20)))
    curves = pd.concat(found, ignore_index=True)
    tried = max(corpora // 3, 20)
    needed = documents_needed(model, effect, simulations=tried) if effect else None
    return Power(curves.assign(planted=curves["effect"].map(planted)), effect, needed, tried, model.pairs)


def alarms_finding(power: Power) -> str:
    """Return in a sentence how often the test gave a false alarm."""
    false = power.table[power.table["effect"] == 0]
    if false.empty:
        return (
            "No documents were made up: that takes two years, and two documents of one of them, to see how unlike the "
            "documents of a year are."
        )
    corpora = int(false["simulations"].sum())
    rate = (false["power"] * false["simulations"]).sum() / corpora
    error = 2 * np.sqrt(LEVEL * (1 - LEVEL) / corpora)
    verdict = "within" if abs(rate - LEVEL) < error else "outside"
    least, most = (percent(end) for end in (false["power"].min(), false["power"].max()))
    return (
        f"In {corpora:,} made-up corpora in which nothing drifts, the test gave alarm in {rate:.1%}; {LEVEL:.0%} is "
        f"{verdict} the error of the simulation. Among those of one size it is {least} to {most}."
    )


def needed_finding(study: Study, power: Power) -> str:
    """Return in a sentence how many documents it would take to find a drift of the size that the excess suggests."""
    from scipy.stats import binomtest

    if power.table.empty:
        return "What it would take cannot be said."
    if not power.effect:
        return (
            "The first year and the last are no farther apart than chance puts them, so there is no drift to look for."
        )
    needed = "more documents than can be tried here" if power.needed is None else f"about {power.needed:,} documents"
    sizes = years_of(study).value_counts().sort_index()
    low, high = binomtest(round(WANTED * power.tried), power.tried).proportion_ci(method="wilson")
    shown = "" if sizes.iloc[[0, -1]].min() >= DRIFT_MINIMUM else " and which so few documents cannot show"
    return (
        f"If {sizes.index[0]} and {sizes.index[-1]} were truly {power.effect:.3f} bits apart, which would "
        f"give the excess found here{shown}, {needed} from each year would let the test find it four times in five. "
        f"Each size was tried in {power.tried} made-up corpora, so that four in five may be {percent(low)} to "
        f"{percent(high)}. This book tests from {DRIFT_MINIMUM} on, a line that it draws itself. There are "
        f"{sizes.iloc[0]} and {sizes.iloc[-1]}."
    )


def unlike_finding(study: Study, power: Power) -> str:
    """Return in a sentence on how much the model of made-up documents rests."""
    if not power.pairs:
        return "No two documents of one year were compared."
    known = f"How unlike two documents of one year are is known from {count(power.pairs, 'pair')} of documents"
    if power.pairs > NAMED_PAIRS:
        return f"{known}."
    (_, years, _), doc_ids = grouped(study, "year", None), study.documents["doc_id"]
    pairs = [pair for _, own in doc_ids.groupby(years) for pair in combinations(own, 2)]
    return f"{known}: {'; '.join(' and '.join(pair) for pair in pairs)}."


def alarms_said(power: Power) -> str:
    """Return the curves in words."""
    return " ".join(
        f"{name}: {listing(f'{percent(share)} with {n:.0f}' for n, share in own[['documents', 'power']].to_numpy())}."
        for name, own in power.table.groupby("planted", sort=False)
    )
