"""Speakers: what the documents quote, and who is said to have said it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import regex

from analysis.corpus import Study, document_rows
from analysis.corpus.english import BE, MONTHS, PREPOSITIONS, regular_forms
from analysis.corpus.quotes import quoted_spans
from analysis.corpus.readers import csv_records
from analysis.corpus.search import actor_hits, row_at, sentence_ids
from analysis.corpus.tokens import tokenise
from analysis.errors import Problem, StudyError

COLUMNS = ("sentence_id", "quoted", "speaker", "speaks_for")  # of quotations.csv
REPORTING = """
accuse acknowledge add admit affirm allege announce answer argue ask assert assure boast brand call caution claim
comment complain conclude condemn confirm contend counter criticise criticize cry declare demand denounce deny
describe dismiss emphasise emphasize exclaim explain hint imply inform insist joke label lament maintain mention name
note observe opine pledge point praise predict proclaim promise pronounce recall recount reiterate reject remark
remind repeat reply report respond reveal shout signal speak state stress suggest term testify urge voice vow warn
wonder write
""".split()  # noqa: SIM905
NOUNS = """
answer boast brand call caution claim comment counter cry demand hint joke label name note pledge point praise promise
remark reply report shout signal state stress term urge voice vow
""".split()  # noqa: SIM905 - their bare forms mostly stand for nouns
IRREGULAR = "said say says told tell tells wrote spoke thought thinks admitted quipped calls".split()  # noqa: SIM905
PAST = {form for verb in REPORTING for form in regular_forms(verb) if form.endswith("ed")}
PRESENT = {form for verb in REPORTING if verb not in NOUNS for form in regular_forms(verb)[:2]}
GERUNDS = {regular_forms(verb)[3] for verb in REPORTING} | {"saying", "telling"}
VERBS = "|".join(sorted({*PAST, *PRESENT, *GERUNDS, *IRREGULAR}))
VERB = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}’'-])(?:{VERBS}|(?i:according to|{'|'.join(GERUNDS)}))(?![\p{{L}}\p{{N}}’'-])"
)
FUNCTION_WORDS = """
a after all although an and as at before but by despite during except for from he her his how however i if in indeed it
its just no not now of on or she since so some speaking such that the their then there these they this those to under
until we what when where while who why with yet you
""".split()  # noqa: SIM905 - they stand in a capital at the head of a sentence
ENDED = r"(?<![.-])(?:(?<!')|(?<=s')(?=\s\p{Lu}))"  # a straight mark closes a quotation, but in “Farmers' Union”
CAPITAL = rf"(?!(?:{'|'.join(MONTHS)})\b)\p{{Lu}}[\p{{L}}\p{{N}}.’'-]*{ENDED}"
OFFICE = rf"(?<=[’']s|s[’'])(?:\s+(?!(?:{VERBS})\b)(?:of\s+)?\p{{Ll}}+){{1,3}}"  # as in “Ruritania’s foreign ministry”
GROUP = r"\s+(?:media|officials|authorities|sources|diplomats|experts|analysts|lawmakers|officers|politicians)\b"
NAME = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}]){CAPITAL}(?:\s+(?:(?:of|for|the|de|von|van|bin|al)\s+)*{CAPITAL})*(?:{OFFICE}|{GROUP})?"
)
DETERMINER = r"(?i:the|a|an|one|another|some|many|most|several|two|three|his|her|its|their)"
NO_HEAD = rf"(?:{VERBS}|{'|'.join(BE)}|has|have|had|it|he|she|they|who|which|what|that)\b"
COMMON = (
    rf"{DETERMINER}\s+(?:\p{{Lu}}[\p{{L}}’'-]*\s+){{0,2}}(?:(?!{NO_HEAD})\p{{Ll}}[\p{{L}}-]*(?:[’']s)?\s+){{0,3}}?"
    rf"(?!{NO_HEAD})\p{{Ll}}[\p{{L}}-]*"
)
BELONGING = r"(?:\s+(?:of|for|from|at)(?:\s+the)?(?:\s+\p{L}[\p{L}’'-]*){1,3})?"
BEFORE_VERB = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}])({COMMON}{BELONGING})(?:\s+(?:\p{{Ll}}+ly|has|have|had|also|later|then))?\s*$"
)
AFTER_VERB = regex.compile(rf"\s+({COMMON})")
PRONOUN = regex.compile(r"(?<![\p{L}\p{N}])(?:[Hh]e|[Ss]he|[Tt]hey)(?![\p{L}\p{N}’'])")
GOVERNED = regex.compile(rf"\b(?:{'|'.join(PREPOSITIONS)})\s+(?:the\s+|a\s+|an\s+|his\s+|her\s+|its\s+)?$")
AGENT = regex.compile(r"(?i)\baccording to (?:the )?$")
NEXT = regex.compile(r"[^“„«\".;:!?]*")
BLANK = "\u2060"  # stands for what is quoted
LONGEST = 100  # characters of a speaker without a name
NEAR = 60  # characters from a quotation to the verb that follows it, at most, other quotations aside


class Reading(NamedTuple):
    """A sentence as its author speaks in it. Offsets count from `begin`; `earlier` is the first name before it."""

    begin: int
    plain: str
    verbs: list[regex.Match]
    names: list[tuple[int, int]]
    pronouns: list[regex.Match]
    earlier: list[tuple[int, int]]


def quotations(study: Study) -> pd.DataFrame:
    """Find what stands between quotation marks, and who is said to have said it.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per quotation, in reading order; of quotations within each other the outermost.

        - ``doc_id``, ``start``, ``end``: what stands between the marks, as character offsets into the file
        - ``text``: verbatim; ``words``: how many it has
        - ``speaker``: who says it, verbatim; empty if nobody is said to
        - ``verb``: the verb that says so; empty if there is none
        - ``actor``: the actor of the study that is named in the speaker’s name; empty if none is
        - ``source``: of the document
        - ``sentence_id``: where the quotation begins

    Notes
    -----
    English only. A quotation is said by somebody if a reporting verb stands before it in its sentence, or soon after
    it. The speaker is the last name before the verb that no preposition governs, or a common noun right before it, “the
    spokesman”; after a quotation what stands beside the verb. “He”, “she” and “they” stand for the first name of their
    sentence, or else of the one before; so does what a verb in -ing goes with. A name is a run of words in capitals,
    with the group or office that follows: “Ruritania’s foreign ministry”.

    A quotation without such a verb has no speaker: a term, a title, a word that is kept at a distance. What would make
    it wrong: a verb that reports something else in the same sentence; “was called … by”; a name in an apposition, which
    is taken for the head; a pronoun for somebody who is not the first to be named; a quotation that runs over
    sentences, of which only the first is read.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = quotations(load())
    >>> bool((table["start"] < table["end"]).all())
    True
    """
    rows = range(len(study.paragraphs))
    spans = [(row, *span) for row, found in zip(rows, quoted_spans(study, rows)) for span in _outermost(found)]
    table = pd.DataFrame(spans, columns=["paragraph", "start", "end"])
    table["doc_id"] = study.paragraphs["doc_id"].astype(str).to_numpy()[table["paragraph"]]
    document = document_rows(study, table["doc_id"])
    sentence = row_at(study, study.sentences, document, table["start"].to_numpy(np.int64))
    said = []
    for row, own in table.groupby(sentence):  # in reading order, as the quotations are
        quoted = own[["start", "end"]].to_numpy().tolist()
        reading = _read(study, row, int(own["paragraph"].iloc[0]), quoted)
        said += [_speaker(reading, *span) for span in quoted]
    texts = [study.texts[d][a:b] for d, a, b in zip(table["doc_id"], table["start"], table["end"])]
    table = table.assign(
        text=texts,
        words=[len(tokenise(text)) for text in texts],
        speaker=[study.texts[d][a:b] for d, (a, b, _) in zip(table["doc_id"], said)],
        verb=[verb for *_, verb in said],
        actor=_actors(study, document, said),
        source=study.documents["source"].to_numpy()[document],
        sentence_id=sentence_ids(study.sentences.iloc[sentence]).to_numpy(),
    )
    return table[["doc_id", "start", "end", "text", "words", "speaker", "verb", "actor", "source", "sentence_id"]]


def read_quotations(study: Study, path: str | Path | None = None) -> pd.DataFrame:
    """Read quotations that a reader has found: a CSV file with one row for each.

    Parameters
    ----------
    study : Study
        Whose documents were read, all of them.
    path : path, optional
        By default ``quotations.csv`` in the folder of the study, which need not be there. With the columns
        ``sentence_id``, of the sentence in which the quotation begins; ``quoted``, what stands between the marks,
        verbatim; ``speaker``, who says it, empty if nobody is said to; ``speaks_for``, for whom, if that is known.

    Returns
    -------
    pandas.DataFrame
        These columns.

    Raises
    ------
    StudyError
        With every row whose sentence there is not, whose words do not begin in it, or that has for whom is spoken and
        no speaker.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> list(read_quotations(load()))
    ['sentence_id', 'quoted', 'speaker', 'speaks_for']
    """
    optional, path = path is None, Path(path or study.folder / "quotations.csv")
    records, problems = csv_records(path, COLUMNS, optional=optional)
    places = study.sentences.set_index(sentence_ids(study.sentences))[["doc_id", "start", "end"]]
    rows = []
    for row, record in records:
        sentence, quoted, speaker, whom = (record[column].strip() for column in COLUMNS)
        doc_id, start, end = places.loc[sentence] if sentence in places.index else ("", 0, 0)
        at = study.texts[doc_id].find(quoted, start) if doc_id else 0
        for wrong, what, remedy in (
            (
                not doc_id,
                f"there is no sentence “{sentence}”",
                "Look at the document’s page, where each has its number.",
            ),
            (not quoted, "nothing is quoted", "Copy what stands between the quotation marks."),
            (
                doc_id and not start <= at < end,
                f"“{quoted}” does not begin in {sentence}",
                "Copy it as it stands there.",
            ),
            (
                whom and not speaker,
                f"“{whom}” is spoken for, and nobody speaks",
                "Name the speaker, or leave both empty.",
            ),
        ):
            if wrong:
                problems.append(Problem(path.name, what, remedy, row))
        rows.append((sentence, quoted, speaker, whom))
    if problems:
        raise StudyError(*problems)
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def speaker_validity(study: Study, read: pd.DataFrame) -> pd.DataFrame:
    """Hold the quotations that `quotations` finds, and their speakers, against those of a reader.

    Parameters
    ----------
    study : Study
    read : pandas.DataFrame
        From `read_quotations`. Rows of other documents are left out.

    Returns
    -------
    pandas.DataFrame
        One row per quotation of either side, by document and sentence.

        - ``sentence_id``, ``quoted``
        - ``found_by``: ``both``, ``reader`` or ``rules``
        - ``reader``, ``rules``: the speaker according to each; empty if nobody is said to speak
        - ``agree``: whether both found it, and one speaker’s name stands within the other’s, or neither has one
        - ``source``: of the document

    Notes
    -----
    One reader is no standard. Where the rules were mended with the same documents in view, this flatters them.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> set(speaker_validity(study, read_quotations(study))["found_by"]) <= {"both", "reader", "rules"}
    True
    """
    found = quotations(study).rename(columns={"text": "quoted", "speaker": "rules"})
    read = read.rename(columns={"speaker": "reader"})
    read = read[read["sentence_id"].isin(set(sentence_ids(study.sentences)))]
    keys = ["sentence_id", "quoted", "time"]  # the same words may be quoted more than once in a sentence
    found, read = (side.assign(time=side.groupby(keys[:2]).cumcount()) for side in (found, read))
    table = read[[*keys, "reader"]].merge(found[[*keys, "rules"]], on=keys, how="outer", indicator="found_by")
    table["found_by"] = table["found_by"].astype(str).replace({"left_only": "reader", "right_only": "rules"})
    table[["reader", "rules"]] = table[["reader", "rules"]].fillna("")
    names = zip(table["reader"].str.casefold(), table["rules"].str.casefold())
    alike = [one == other or bool(one and other) and (one in other or other in one) for one, other in names]
    row = pd.Index(sentence_ids(study.sentences)).get_indexer(table["sentence_id"])
    documents = document_rows(study, study.sentences["doc_id"].iloc[row])
    table = table.assign(
        agree=np.array(alike, bool) & (table["found_by"] == "both"),
        source=study.documents["source"].to_numpy()[documents],
        row=row,
    ).sort_values(["row", "time", "quoted"], kind="stable", ignore_index=True)
    return table[["sentence_id", "quoted", "found_by", "reader", "rules", "agree", "source"]]


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans that lie in no other one, in order."""
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _read(study: Study, row: int, paragraph: int, quoted: list[tuple[int, int]]) -> Reading:
    """What the author says in a sentence: its text with what is quoted left blank, and the names and verbs in it.

    A quotation that ends its sentence may have its speaker in the next one, whose beginning is read, too.
    """
    sentence, before = study.sentences.iloc[row], study.sentences.iloc[max(row - 1, 0)]
    text, begin, end = study.texts[str(sentence["doc_id"])], int(sentence["start"]), int(sentence["end"])
    pieces, done = [], begin
    for first, last in quoted:
        pieces += [text[done:first], BLANK * (last - first)]
        done = last
    beyond = text[end : min(end + NEAR, int(study.paragraphs["end"].iloc[paragraph]))] if done >= end - 2 else ""
    plain = "".join([*pieces, text[done:end], NEXT.match(beyond).group()])
    verbs, pronouns = (list(pattern.finditer(plain)) for pattern in (VERB, PRONOUN))
    earlier = []
    if pronouns and row and before["doc_id"] == sentence["doc_id"]:
        shift = int(before["start"]) - begin
        names = _subjects(study, text[int(before["start"]) : int(before["end"])])
        earlier = [(a + shift, b + shift) for a, b in names[:1]]
    return Reading(begin, plain, verbs, _subjects(study, plain), pronouns, earlier)


def _speaker(reading: Reading, start: int, end: int) -> tuple[int, int, str]:
    """Where the speaker of a quotation is named, and the verb; nowhere and no verb if nobody is said to speak."""
    start, end = start - reading.begin, end - reading.begin
    before = [verb for verb in reading.verbs if verb.end() <= start]
    after = [verb for verb in reading.verbs if verb.start() >= end]
    if not before and not (after and len(reading.plain[end : after[0].start()].replace(BLANK, "")) <= NEAR):
        return 0, 0, ""
    verb = before[-1] if before else after[0]
    first = 0 if before else end
    left = [span for span in reading.names if first <= span[0] and span[1] <= verb.start()]
    right = [span for span in reading.names if span[0] >= max(verb.end(), 0 if before else end)]
    pronouns = [pronoun for pronoun in reading.pronouns if first <= pronoun.start() < verb.start()]
    common = BEFORE_VERB.search(reading.plain, max(first, verb.start() - LONGEST), verb.start())
    inverted = AFTER_VERB.match(reading.plain, verb.end())
    word = verb.group().casefold()
    if word == "according to":
        found = right[:1]
    elif word in GERUNDS and not reading.plain[: verb.start()].endswith("as "):
        found = left[:1] or [span for span in reading.names if span[0] >= end][:1]
    elif common and not (left and left[-1][1] > common.start(1)) and not _is_governed(reading.plain, common.start(1)):
        found = [common.span(1)]
    elif pronouns and not (left and left[-1][0] > pronouns[-1].start()):
        found = [span for span in reading.names if span[1] <= pronouns[-1].start()][:1] or reading.earlier
    elif left or before:
        found = left[-1:]
    else:
        found = [inverted.span(1)] if inverted and not (right and right[0][0] < inverted.end(1)) else right[:1]
    begin, stop = found[0] if found else (0, 0)
    return reading.begin + begin, reading.begin + stop, verb.group()


def _subjects(study: Study, text: str) -> list[tuple[int, int]]:
    """The names that no preposition governs, without function words in capitals at their head."""
    found = []
    for name in NAME.finditer(text):
        start = name.start()
        for word in regex.finditer(r"\S+\s*", name.group()):
            if word.group().strip().casefold() not in study.stop_words.union(FUNCTION_WORDS):
                break
            start = name.start() + word.end()
        if start < name.end() and not _is_governed(text, start):
            found.append((start, name.end()))
    return found


def _is_governed(text: str, start: int) -> bool:
    """Whether a preposition governs the name that begins here."""
    before = text[max(start - 20, 0) : start]
    return bool(GOVERNED.search(before)) and not AGENT.search(before)


def _actors(study: Study, document: np.ndarray, said: list[tuple[int, int, str]]) -> list[str]:
    """The actor that is named within each speaker’s name, the last if there are several."""
    if study.actors.empty:
        return [""] * len(said)
    hits = actor_hits(study).assign(row=lambda t: document_rows(study, t["doc_id"]))
    of_document = {row: own[["start", "end", "actor"]].to_numpy().tolist() for row, own in hits.groupby("row")}
    found = [
        [actor for start, end, actor in of_document.get(row, []) if begin <= start and end <= stop]
        for row, (begin, stop, _) in zip(document.tolist(), said)
    ]
    return [actors[-1] if actors else "" for actors in found]
