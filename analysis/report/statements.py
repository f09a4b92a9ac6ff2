"""The findings of a study as sentences: each with its counts, its firmness, and the sentences behind it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.corpus import Study, group_labels, select
from analysis.corpus.codings import read_codings
from analysis.corpus.index import find
from analysis.corpus.numbers import count, percent
from analysis.corpus.search import actor_hits, lexicon_hits, sentence_ids, tone_places
from analysis.measures.frames import cue_validity
from analysis.measures.inference import TEST_MINIMUM, balance
from analysis.measures.proposals import findings_of
from analysis.measures.specifications import ROBUST, chances, counts, robustness, specifications
from analysis.report.prose import ClaimError, Finding, claim, firmness, hedged

PARTS = ("actor", "actor_share", "cue_rate", "coded_share", "tone")  # measures that are parts of a whole
TOO_FEW = "Descriptive only: there are too few documents for a test."
UNITS = {  # what is counted, for the counts behind a statement
    "word": "words",
    "most_frequent": "words",
    "actor": "sentences",
    "actor_share": "mentions",
    "cue_rate": "paragraphs",
    "coded_share": "paragraphs",
    "tone": "sentences",
}


def statements(study: Study, chapter: str) -> dict[str, Finding]:
    """Return the findings of a chapter, each under its name, with their counts and the sentences behind them.

    Parameters
    ----------
    study : Study
        With all documents, the context documents included.
    chapter : str
        One of `measures.proposals.FAMILIES`.

    Raises
    ------
    ClaimError
        With every statement that the counts do not bear out.
    """
    found = findings_of(study, chapter)
    robust = robustness(specifications(study.folder, found)).set_index("finding")
    subject = select(study, role="ties")
    small = bool((balance(subject)["documents"] < TEST_MINIMUM).any())
    p = chances(study, found[found["declared"] & (not small)])
    stated, false = {}, []
    for row in found.merge(counts(study, found), on="name", validate="one_to_one").to_dict("records"):
        firm = robust.loc[row["name"]]
        try:
            sentence = hedged(_borne_out(row, firm["base"]), firm)
        except ClaimError as error:
            false.append(str(error))
            continue
        tested = TOO_FEW if small else _tested(row, p.get(row["name"]), len(found))
        firm_enough = firmness(firm) if firm["share"] >= ROBUST else ""
        sure = " ".join(filter(None, [tested, firm_enough, _cues_found(study, row)]))
        stated[row["name"]] = Finding(sentence, evidence(study, row) or None, sure)
    if false:
        raise ClaimError("\n".join(false))
    return stated


def _tested(row: dict, p: float | None, findings: int) -> str:
    """What a test of the finding says, or why there is none."""
    if not row["declared"]:
        return "Not tested: it was chosen for being the largest of its kind."
    if row["measure"] == "most_frequent":
        return f"Not tested: it compares words of {row['target']} alone."
    if pd.isna(p):
        return TOO_FEW
    return f"By whole documents p = {p:.3f}, one of {count(findings, 'finding')} of its chapter."


def _cues_found(study: Study, row: dict[str, str]) -> str:
    """How many of the paragraphs to which readers gave a frame have a cue of it, in either group."""
    if row["measure"] != "cue_rate" or (codings := read_codings(study)).empty:
        return ""
    table = (
        cue_validity(select(study, role="ties"), codings, by=row["by"])
        .query("frame == @row['what']")
        .set_index("group")
    )
    target = table.index == row["target"]
    reference = table.index == row["reference"] if row["reference"] else ~target
    (both, coded), (other, of_other) = (table.loc[side, ["both", "coded"]].sum() for side in (target, reference))
    if not coded + of_other:
        return ""
    sides = f"in {row['target']}, {other:,} of {of_other:,} in {row['reference'] or 'the others'}"
    return f"Of the paragraphs to which the readings give the frame, cues find {both:,} of {coded:,} {sides}."


def evidence(study: Study, finding: dict[str, str]) -> list[str]:
    """Return the ids of the sentences from which a finding was counted, in reading order.

    Parameters
    ----------
    study : Study
    finding : mapping
        With the fields of a row of `corpus.findings.read_findings`.
    """
    subject = select(study, role="ties")
    labels = group_labels(subject, finding["by"])
    if finding["reference"]:
        labels = labels[labels.isin([finding["target"], finding["reference"]])]
    if finding["measure"] == "most_frequent":
        labels = labels[labels == finding["target"]]
    members = subject.documents["doc_id"][labels.index]
    hits = EVIDENCE[finding["measure"]](study, finding["what"])
    return hits.loc[hits["doc_id"].isin(members), "sentence_id"].unique().tolist()


def _borne_out(row: dict, difference: float) -> str:
    """A statement with its counts, if they bear it out."""
    try:
        return claim(_with_counts(row), (difference, ">", 0))
    except ClaimError as error:
        said = f"findings.csv, the finding “{row['name']}”: {error}. Correct what it states, or leave it out."
        raise ClaimError(said) from None


def _with_counts(row: dict) -> str:
    """A statement with the counts it rests on."""
    first, second = ((row[f"{side}_count"], row[f"{side}_size"]) for side in ("target", "reference"))
    single = _by_document(row)
    if row["measure"] == "paragraph_length":
        lengths = " against ".join(f"{words / paragraphs:.0f}" for words, paragraphs in (first, second))
        return f"{row['statement'].removesuffix('.')}: {lengths} words on average{single}."
    unit = UNITS[row["measure"]]
    against = f"{second[0]:g}" if second[0] else "none"
    whose = "the next" if row["measure"] == "most_frequent" else f"{second[1]:,.0f}"
    return (
        f"{row['statement'].removesuffix('.')}: {first[0]:g} of {first[1]:,.0f} {unit}, against {against} of "
        f"{whose}{single}."
    )


def _by_document(row: dict) -> str:
    """How far the single documents of the two sides lie apart; nothing where each side is one."""
    ends = [[row[f"{side}_{end}"] for end in ("lowest", "highest")] for side in ("target", "reference")]
    if any(pd.isna(low) for low, _ in ends) or all(low == high for low, high in ends):
        return ""
    written = percent if row["measure"] in PARTS else "{:,.0f}".format
    sides = (" to ".join(dict.fromkeys(map(written, side))) for side in ends)
    return f"; in single documents {' against '.join(sides)}{'' if row['measure'] != 'word' else ' per 10,000 words'}"


def _coded(study: Study, code: str) -> pd.DataFrame:
    codings = read_codings(study)
    return codings[codings["code"] == code].sort_values(["doc_id", "start"], kind="stable")


def _cues(study: Study, frame: str) -> pd.DataFrame:
    own = study.frames[study.frames["frame"] == frame][["frame", "cues"]].explode("cues", ignore_index=True)
    return lexicon_hits(study, own, label="frame", pattern="cues")


def _words(study: Study, pattern: str) -> pd.DataFrame:
    places = study.sentences.iloc[study.index.sentences[find(study.index, pattern)]]
    return places[["doc_id"]].assign(sentence_id=sentence_ids(places))


def _named(study: Study, actor: str) -> pd.DataFrame:
    hits = actor_hits(study)
    return hits[hits["actor"] == actor]


def _toned(study: Study, category: str) -> pd.DataFrame:
    hits = tone_places(study)
    return hits[hits["category"] == category]


def _none(study: Study, what: str) -> pd.DataFrame:
    return pd.DataFrame(columns=["doc_id", "sentence_id"], dtype=str)


EVIDENCE: dict[str, Callable[[Study, str], pd.DataFrame]] = {
    "word": _words,
    "most_frequent": _words,
    "actor": _named,
    "actor_share": _named,
    "cue_rate": _cues,
    "coded_share": _coded,
    "tone": _toned,
    "paragraph_length": _none,
}
