"""The chapter How sure?: the findings computed in every other way, and the numbers without each cleaning rule."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import pandas as pd
from IPython.display import HTML

from analysis.corpus import Study, residue, select
from analysis.corpus.cleaning import COPIES
from analysis.corpus.numbers import count, decimal, percent
from analysis.corpus.tokens import tokenise
from analysis.measures.frames import cue_rates
from analysis.measures.proposals import FAMILIES, findings_of
from analysis.measures.sensitivity import rule_sensitivity
from analysis.measures.specifications import ROBUST, robustness, specifications
from analysis.report.downloads import file_name
from analysis.report.evidence import as_html
from analysis.report.plots import show_specifications
from analysis.report.prose import NAMED, Finding, how_many, listing, some
from analysis.report.statements import PARTS

WORDS = "words"  # the number of words of the body, among the numbers that a rule may change
DIFFERENCE_IN = dict.fromkeys(PARTS, "part") | dict.fromkeys(["word", "most_frequent"], "per 10,000 words")
DIFFERENCE_IN |= {"paragraph_length": "words"}  # the unit of the difference, by measure


class Tried(NamedTuple):
    """The findings of a study: every way to compute them, and in how many each holds, the weakest first."""

    ways: pd.DataFrame
    findings: pd.DataFrame


def tried_findings(study: Study) -> Tried:
    """Return the findings of all chapters, declared or proposed, in every way to compute them."""
    found = pd.concat([findings_of(study, chapter) for chapter in FAMILIES], ignore_index=True)
    ways = specifications(study.folder, found)
    table = robustness(ways).merge(found.rename(columns={"name": "finding"}), on="finding")
    table["difference_in"] = table["measure"].map(DIFFERENCE_IN)
    return Tried(ways, table.sort_values("share", kind="stable", ignore_index=True))


def sure_findings(study: Study, tried: Tried, rules: pd.DataFrame) -> dict[str, Finding | str]:
    """Return what the chapter finds: which findings hold however they are computed, and what they hang on."""
    return {
        "sure_firm": Finding(firm(tried.findings), sure=fragile(tried.findings)),
        "sure_fragile": fragile(tried.findings),
        "sure_alone": alone(tried.findings),
        **({"sure_years": same_years(tried.ways)} if (tried.ways["years"] == "shared").any() else {}),
        "sure_proposed": proposed(tried.findings),
    } | rule_findings(study, rules)


def firm(findings: pd.DataFrame) -> str:
    """Return in a sentence how many findings hold in nearly all ways."""
    if findings.empty:
        return "The study has no finding that could be computed in another way."
    holding = int((findings["share"] >= ROBUST).sum())
    least, most = int(findings["defined"].min()), int(findings["defined"].max())
    ways = count(least, "way") if least == most else f"{least:,} to {most:,} ways"
    hold, each = "holds" if holding == 1 else "hold", "" if len(findings) == 1 else "each "
    return (
        f"Of {count(len(findings), 'main finding')}, {each}computed in {ways}, "
        f"{how_many(holding, len(findings))} {hold} in at least {percent(ROBUST)} of them."
    )


def fragile(findings: pd.DataFrame) -> str:
    """Return in a sentence which findings hold in fewer ways."""
    weak = findings[~(findings["share"] >= ROBUST)]
    if weak.empty:
        return "None is less firm." if len(findings) else ""
    each = (f"{row.statement.removesuffix('.')} ({row.holds:,} of {row.defined:,} ways)" for row in weak.itertuples())
    return f"Less firm: {'; '.join(each)}."


def alone(findings: pd.DataFrame) -> str:
    """Return in a sentence which findings need one document."""
    need = findings[findings["undefined_without"].ne("") | findings["turned_without"].ne("")]
    if need.empty:
        return "No finding hangs on a single document."
    documents = (need["undefined_without"] + " " + need["turned_without"]).str.split().str.join(" or ").value_counts()
    each = some([f"{n:,} without {doc_ids}" for doc_ids, n in documents.items()])
    all_, falls = count(len(findings), "finding"), "falls" if len(need) == 1 else "fall"
    return (
        f"{len(need)} of {all_} {falls} if a single document is left out: there is nothing to "
        f"compare, or the finding does not hold. That is {each}."
    )


def same_years(ways: pd.DataFrame) -> str:
    """Return in a sentence which findings hold among documents of the years that both groups have."""
    shared = ways[ways["years"] == "shared"]
    holds = shared.dropna(subset=["difference"]).groupby("finding")["holds"].all()
    compared, held, documents = shared["finding"].nunique(), int(holds.sum()), sorted(set(shared["left_out"]) - {""})
    rest = f"documents {listing(documents)}" if len(documents) <= NAMED else count(len(documents), "document")
    return (
        f"{count(compared, 'finding')} {'compares' if compared == 1 else 'compare'} groups whose documents are not all "
        f"of the same years. Where only years count that both groups have, {how_many(held, compared)} of these "
        f"{'holds' if held == 1 else 'hold'} in every way; that rests on {rest}."
    )


def proposed(findings: pd.DataFrame) -> str:
    """Return in a sentence how many findings were declared, and what it means that the others were not."""
    chosen = int((~findings["declared"].astype(bool)).sum())
    if not chosen:
        return (
            "All findings were declared by the study, and none was picked by the book. A finding that is declared "
            "after reading says what is to be seen in these documents, and predicts nothing. What else a chapter says, "
            "such as who is named most often, was not declared and is not tried here."
        )
    were, largest = ("was", "difference of its") if chosen == 1 else ("were", "differences of their")
    return (
        f"{count(chosen, 'finding')} of {len(findings)} {were} not declared but proposed, as the largest {largest} "
        "kind. What is chosen for being large would be smaller in other documents."
    )


def rule_table(study: Study) -> pd.DataFrame:
    """Return `measures.sensitivity.rule_sensitivity` of the words of the body and the cue rates of all sources."""
    return rule_sensitivity(study.folder, _numbers)


def _numbers(study: Study) -> pd.Series:
    words = pd.Series({WORDS: float(study.documents["tokens"].sum())})
    if study.frames.empty:
        return words
    rates = cue_rates(select(study, role="ties"))
    names = map(_rate_name, rates["frame"], rates["group"])
    return pd.concat([words, pd.Series(rates["cue_rate"].to_numpy(), index=[*names])])


def _rate_name(frame: str, source: str) -> str:
    return f"{frame} in {source}"


def of_words(rules: pd.DataFrame) -> pd.DataFrame:
    """Return for each rule how many words of the body come back without it, the most first."""
    words = rules[rules["number"] == WORDS]
    return words.sort_values(["change", "rule"], ascending=[False, True], ignore_index=True)


def rule_findings(study: Study, rules: pd.DataFrame) -> dict[str, str]:
    """Return in sentences what the numbers hang on when a cleaning rule is turned off alone."""
    words, rates = of_words(rules), rules[rules["number"] != WORDS]
    found = {"sure_words": _let_in(words)}
    if rates["change"].notna().any():
        found["sure_rates"] = _widest(rates)
        found["sure_direction"] = _direction(study, rates)
    return found | {"sure_backed": _backed(study, words)}


def _widest(rates: pd.DataFrame) -> str:
    widest = rates.loc[rates["change"].abs().idxmax()]
    if widest["change"] == 0:
        return "No cue rate changes without any one rule."
    points, sides = 100 * abs(widest["change"]), [percent(widest[side]) for side in ("cleaned", "without")]
    return (
        f"The largest change of a cue rate by any one rule is {points:.1f} percentage points: {widest['number']}, from "
        f"{sides[0]} to {sides[1]} without the rule “{widest['rule']}”."
    )


def _let_in(words: pd.DataFrame) -> str:
    changing = int((words["change"] != 0).sum())
    if not changing:
        return f"Of {count(len(words), 'rule')}, none changes the number of words when it is turned off alone."
    most, verb = words.iloc[0], "changes" if changing == 1 else "change"
    return (
        f"Of {count(len(words), 'rule')}, {changing} {verb} the number of words when turned off alone. The most that "
        f"any lets in is {count(int(most['change']), 'word')}; the body has {most['cleaned']:,.0f}."
    )


def _direction(study: Study, rates: pd.DataFrame) -> str:
    """For which frames a rule decides which source has the highest cue rate."""
    both = product(study.frames["frame"], study.documents["source"].unique())
    parts = pd.DataFrame([(_rate_name(*pair), *pair) for pair in both], columns=["number", "frame", "source"])
    rates, leading = rates.merge(parts, on="number"), {}
    for side in ("cleaned", "without"):
        wide = rates.pivot(index=["frame", "rule"], columns="source", values=side)
        leading[side] = wide.ge(wide.max(axis=1), axis=0)
    turned = (leading["cleaned"] != leading["without"]).any(axis=1)
    frames = list(dict.fromkeys(turned[turned].index.get_level_values("frame")))
    if not frames:
        return "Which source has the highest cue rate of a frame hangs on no single rule."
    return f"Which source has the highest cue rate hangs on a rule for {listing(frames)}, and for no other frame."


def _backed(study: Study, words: pd.DataFrame) -> str:
    """Which rules took something that another rule would have taken too."""
    took = set(_taken(study).index)
    if not took and not words["change"].any():
        return "No rule took anything from these files, so there is nothing to let in."
    idle = [rule for rule in words.loc[words["change"] == 0, "rule"] if rule in took]
    if not idle:
        return "Every rule that took something lets words in when it is turned off."
    removed = residue(study)
    wordless = not all(map(tokenise, removed.loc[removed["rule"].isin(idle), "text"]))
    return (
        f"{count(len(idle), 'rule')} that took something can be turned off and no word comes back: "
        f"{listing(f'“{rule}”' for rule in idle)}. Another rule then takes the same lines"
        f"{', or they hold no words' if wordless else ''}."
    )


def _taken(study: Study) -> pd.Series:
    """How many parts each rule took: a copy is taken by the rule for copies, whatever it is a copy of."""
    return residue(study)["rule"].str.replace(f"^{COPIES} of .*", COPIES, regex=True).value_counts()


def rules_account(study: Study, rules: pd.DataFrame) -> pd.DataFrame:
    """Return for each rule what it took, what comes back without it, and the cue rate that moves most.

    Returns
    -------
    pandas.DataFrame
        ``rule``; ``parts_taken``; ``words_let_in``; ``rate``, the name of the cue rate that moves most, or “none”; its
        value ``cleaned`` and ``without`` the rule, missing where none moves.
    """
    words, rates = of_words(rules), rules[rules["number"] != WORDS].dropna(subset=["change"])
    taken = _taken(study)
    moved = rates[rates["change"] != 0]
    moved = moved.loc[moved["change"].abs().groupby(moved["rule"]).idxmax()].set_index("rule")
    account = words[["rule"]].assign(words_let_in=words["change"].astype(int))
    account.insert(1, "parts_taken", account["rule"].map(taken).fillna(0).astype(int))
    account["rate"] = account["rule"].map(moved["number"]).fillna("none")
    for side in ("cleaned", "without"):
        account[side] = account["rule"].map(moved[side])
    return account


def curve(tried: Tried, row: pd.Series) -> HTML:
    """Draw the specification curve of a finding."""
    turned = f" Turned by {row['turned_by']}." if row["turned_by"] else ""
    return show_specifications(
        tried.ways[tried.ways["finding"] == row["finding"]],
        axis="difference",
        alt=f"{row['statement']} {count(int(row['defined']), 'difference')} in order, from {decimal(row['least'], 2)} "
        f"to {decimal(row['largest'], 2)}; {row['holds']:,} above 0. In the book: {decimal(row['base'], 2)}.{turned}",
        caption=f"{row['statement']} Each mark on top is one way to compute it; the marks below it say which.",
        name=file_name(f"curve-{row['finding']}"),
    )


def curves(tried: Tried, first: int, last: int | None = None) -> HTML | None:
    """Draw the specification curves of some findings, each to be opened by itself."""
    rows = tried.findings.iloc[first:last]
    parts = [
        f"<details class='curve'><summary>{as_html(row['statement'])} ({row['holds']:,} of {row['defined']:,})"
        f"</summary>{curve(tried, row).data}</details>"
        for _, row in rows.iterrows()
    ]
    return HTML("".join(parts)) if parts else None
