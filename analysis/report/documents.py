"""The chapter Documents: what was kept of each file, what was removed, and what the removed parts would change."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Study, load, residue
from analysis.corpus.boilerplate import BODY
from analysis.corpus.cleaning import COPIES
from analysis.corpus.duplicates import COPY, SHINGLE
from analysis.corpus.numbers import count, percent
from analysis.corpus.search import once_each, spans_at
from analysis.measures.concordance import kwic
from analysis.measures.frames import cue_hits
from analysis.report.prose import Finding, claim, listing, some

RARE = 5  # occurrences in the body, fewer than which a word is no example
DRAWN = 12  # documents in the figure
WIDE = 8  # documents, or parts of files, that a table shows as columns
OPENING = 6  # words quoted of a stretch


def whole_files(study: Study) -> Study:
    """Return the same study with all of each file as body text, copies of documents included."""
    return load(study.folder, clean=False, without=(COPIES,))


def placed(study: Study, found: pd.DataFrame) -> pd.DataFrame:
    """Return places in the whole files with the part of the file in which each stands, and whether it was removed.

    Returns
    -------
    pandas.DataFrame
        The columns of `found`; ``part``, which is “body”, or what else was kept, such as “title”, or the rule that
        removed it; ``removed``.
    """
    spans = spans_at(study, found)
    removed = spans["rule"] != ""
    return found.assign(part=spans["rule"].where(removed, spans["kind"].replace(list(BODY), "body")), removed=removed)


def word_gains(study: Study, whole: Study) -> pd.DataFrame:
    """Return the content words that stand in the removed parts.

    Returns
    -------
    pandas.DataFrame
        ``term``; ``body`` and ``removed``, how often it stands in the text that is counted and in the removed parts.
        By falling ``removed``.
    """
    index = whole.index
    doc_ids = whole.documents["doc_id"].to_numpy()[index.documents]
    words = pd.DataFrame({"term": index.terms[index.ids], "doc_id": doc_ids, "start": index.starts})
    words = placed(study, words[~words["term"].isin(study.stop_words)])
    table = words.assign(body=words["part"] == "body").groupby("term", as_index=False)[["body", "removed"]].sum()
    table = table[table["removed"] > 0].astype({"body": int, "removed": int})
    return table.sort_values(["removed", "term"], ascending=[False, True], ignore_index=True)


def telling_word(gains: pd.DataFrame) -> str:
    """Return the word whose count the removed parts would raise most in proportion, of those that are not rare."""
    usual = gains[gains["body"] >= RARE]
    return usual.loc[(usual["removed"] / usual["body"]).idxmax(), "term"] if len(usual) else ""


def by_part(study: Study, whole: Study, term: str) -> pd.DataFrame:
    """Return how often a word stands in each part of the files that have it.

    Returns
    -------
    pandas.DataFrame
        ``doc_id``; ``body``; a column for each other part, those first in which it stands most often; ``sentences``,
        the ids of those of the body. Without a row if there is no term.
    """
    if not term:
        return pd.DataFrame(columns=["doc_id", "body", "sentences"])
    found = placed(study, kwic(whole, term))
    table = pd.crosstab(found["doc_id"], found["part"])
    others = table.drop(columns="body", errors="ignore").sum().sort_values(ascending=False, kind="stable").index
    order = [doc_id for doc_id in study.documents["doc_id"] if doc_id in table.index]
    table = table.reindex(index=order, columns=["body", *others], fill_value=0)
    sentences = kwic(study, term).groupby("doc_id")["sentence_id"].agg(once_each)
    table["sentences"] = sentences.reindex(order, fill_value="").to_numpy()
    return table.reset_index(names="doc_id").rename_axis(columns=None)


def frame_gains(study: Study, whole: Study) -> pd.DataFrame:
    """Return in how many documents cues of each frame stand, and in how many more they would with the removed parts.

    Returns
    -------
    pandas.DataFrame
        ``frame``; ``title``; ``documents``, which hold a cue in their body; ``more``, which hold one in a removed part
        alone; ``more_ids``; ``sentences``, the ids of those with a cue. By falling ``more``. Without a row if the study
        has no frames.
    """
    columns = ["frame", "title", "documents", "more", "more_ids", "sentences"]
    if study.frames.empty:
        return pd.DataFrame(columns=columns)
    found, in_body = placed(study, cue_hits(whole)), cue_hits(study)
    rows = []
    for frame, title in study.frames[["frame", "title"]].itertuples(index=False):
        own, sentences = (hits[hits["frame"] == frame] for hits in (found, in_body))
        holding = set(own.loc[own["part"] == "body", "doc_id"])
        more = [doc_id for doc_id in own.loc[own["removed"], "doc_id"].unique() if doc_id not in holding]
        rows.append(
            (frame, title, len(holding), len(more), ", ".join(more), " ".join(sentences["sentence_id"].unique()))
        )
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("more", ascending=False, kind="stable", ignore_index=True)


def frames_caption(frames: pd.DataFrame) -> str:
    """Return what to see in the table of `frame_gains`."""
    if frames.empty:
        return "Documents with a cue of each frame. The study has no frames: a file frames.yml would list them."
    return "Documents with a cue of each frame in their body, and those that hold one in a removed part alone."


def removed_by_rule(study: Study) -> pd.DataFrame:
    """Return how much each rule removed.

    Returns
    -------
    pandas.DataFrame
        ``rule``; ``characters``; ``documents``, from how many; a column for each document, with the characters
        removed from it. By falling ``characters``.
    """
    removed, doc_ids = residue(study), study.documents["doc_id"]
    removed = removed.assign(length=removed["end"] - removed["start"])
    table = removed.groupby(["rule", "doc_id"])["length"].sum().unstack(fill_value=0)
    table = table.reindex(columns=doc_ids, fill_value=0).astype(int)
    table.insert(0, "characters", table.sum(axis=1))
    table.insert(1, "documents", (table[doc_ids] > 0).sum(axis=1))
    return table.sort_values("characters", ascending=False, kind="stable").reset_index().rename_axis(columns=None)


def part_labels(table: pd.DataFrame) -> dict[str, str]:
    """Return the headings of the table of `by_part`, with as many parts of files as there is room for."""
    parts = table.columns.drop(["doc_id", "sentences"])[:WIDE]
    return {"doc_id": "Document", **{part: part[:1].upper() + part[1:] for part in parts}, "sentences": "Evidence"}


def rule_labels(table: pd.DataFrame) -> dict[str, str]:
    """Return the headings of the table of `removed_by_rule`, with the documents if there is room for all of them."""
    first = {"rule": "Rule", "characters": "Characters", "documents": "Documents"}
    doc_ids = table.columns.drop(list(first))
    return first | {doc_id: doc_id for doc_id in doc_ids if len(doc_ids) <= WIDE}


def most_cut(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the documents that are drawn, in their order: all, or of many those that lose most for their length."""
    if len(documents) <= DRAWN:
        return documents
    loss = _loss(documents)
    rows = loss[loss > 0].sort_values(ascending=False, kind="stable").index[:DRAWN]
    return documents.loc[rows.sort_values()] if len(rows) else documents.head(DRAWN)


def kept_caption(documents: pd.DataFrame, drawn: pd.DataFrame) -> str:
    """Return what to see in the figure of what was kept of some of the documents."""
    loss = _loss(documents)
    some = f" of {len(drawn)} of the {len(documents):,} documents" if len(drawn) < len(documents) else ""
    if not loss.any():
        return f"Characters kept{some}. Nothing was removed from the files."
    which = ", those that lose most for their length" if some else ""
    most = documents.loc[loss.idxmax(), "doc_id"]
    return f"Characters kept and removed{some}{which}. {most} loses most for its length."


def kept_alt(drawn: pd.DataFrame) -> str:
    """Return in words what the figure of what was kept shows."""
    said = [
        f"{doc_id} keeps {kept:,} and loses {removed:,}"
        for doc_id, kept, removed in zip(drawn["doc_id"], drawn["characters_kept"], drawn["characters_removed"])
    ]
    return f"Bars for each document, kept characters beside removed ones: {listing(said)}."


def dated(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the documents with ``date``: a day, or a range with only what changes in its second part."""
    return documents.assign(date=list(map(_day_or_range, documents["date_from"], documents["date_to"])))


def documents_findings(study: Study, gains: pd.DataFrame, frames: pd.DataFrame) -> dict[str, Finding | str]:
    """Return what the chapter finds, with the tables of `word_gains` and `frame_gains`."""
    found = {"documents_size": Finding(_size(study), None, _account(study)), "documents_removed": _removed(study)}
    if study.documents["characters_removed"].any():
        found["documents_repeated"] = _repeated(residue(study))
        found["documents_word"] = word_sentence(study, gains)
        if len(frames):
            found["documents_frame"] = frame_sentence(frames)
    return found | {"documents_copies": _copies(study)}


def word_sentence(study: Study, gains: pd.DataFrame) -> Finding:
    """Return how far the removed parts would raise the count of the word that they would raise most."""
    term = telling_word(gains)
    if not term:
        return Finding(f"No content word that is counted {RARE} times or more stands in the removed parts, too.", None)
    body, removed = gains.set_index("term").loc[term, ["body", "removed"]]
    sentence = (
        f"“{term}” stands {count(body, 'time')} in the text that is counted and {count(removed, 'time')} in the "
        f"removed parts: with them its count would be {percent(removed / body)} higher."
    )
    return Finding(sentence, kwic(study, term)["sentence_id"].unique())


def frame_sentence(frames: pd.DataFrame) -> Finding:
    """Return of how many frames the removed parts hold cues that the text does not, and of which one most."""
    gaining = frames[frames["more"] > 0]
    if gaining.empty:
        return Finding("With the removed parts, cues of no frame would stand in more documents.", None)
    first = gaining.iloc[0]
    before, more = int(first["documents"]), int(first["more"])
    sentence = (
        f"With the removed parts, cues of {len(gaining)} of {count(len(frames), 'frame')} would stand in more "
        f"documents. Those of “{first['title']}” would stand in {count(before + more, 'document')}, of which {more} "
        f"{_plural(more, 'has', 'have')} them from a removed part alone."
    )
    return Finding(sentence, first["sentences"].split())


def _size(study: Study) -> str:
    """How much there is, and how much of it is about the subject."""
    documents = study.documents
    sizes = documents[["paragraphs", "sentences", "tokens"]].sum()
    counted = [count(n, noun) for n, noun in zip(sizes, ("paragraph", "sentence", "word"))]
    context = int((documents["role"] == "context").sum())
    about = len(documents) - context
    roles = (
        f"{count(about, 'document')} {_plural(about, 'is', 'are')} about {study.about.subject}, "
        f"and {context} {_plural(context, 'gives', 'give')} context."
        if context
        else f"All are about {study.about.subject}."
    )
    return (
        f"The study has {count(len(documents), 'document')} from {count(documents['source'].nunique(), 'source')}: "
        f"{listing(counted)}. {roles}"
    )


def _account(study: Study) -> str:
    """That nothing is lost: what was kept and what was removed add up to the files."""
    files = sum(map(len, study.texts.values()))
    parts = int(study.documents[["characters_kept", "characters_removed"]].sum().sum())
    return claim("Every character of the files is in the kept text or in a removed part.", (parts, "==", files))


def _removed(study: Study) -> str:
    """How much of the files was removed."""
    removed, kept = (study.documents[f"characters_{part}"].sum() for part in ("removed", "kept"))
    if not removed:
        return "Nothing was removed from the files."
    share = percent(removed / (removed + kept))
    return f"Of all characters in the files, {share} were removed, each by a rule that has a name."


def _repeated(removed: pd.DataFrame) -> str:
    """The longest removed stretch that stands in more than one document."""
    holders = removed.assign(text=removed["text"].str.strip()).groupby("text", sort=False)["doc_id"].unique()
    holders = holders[holders.str.len() > 1]
    if holders.empty:
        return "No removed stretch stands in more than one document."
    text = max(holders.index, key=len)
    words = text.split()
    opening = f"reads “{' '.join(words)}”" if len(words) <= OPENING else f"begins “{' '.join(words[:OPENING])} …”"
    return (
        f"The longest removed stretch that stands in more than one document has {count(len(text), 'character')} and "
        f"{opening}. It stands letter for letter in {count(len(holders[text]), 'document')}: {some(holders[text])}."
    )


def _copies(study: Study) -> str:
    """Which documents are copies of others."""
    copies = study.documents.loc[study.documents["duplicate_of"] != "", "doc_id"]
    if len(copies):
        copied = _plural(len(copies), "1 copy of another document does", f"{len(copies)} copies of other documents do")
        return f"{copied} not count: {some(copies)}."
    pairs, alike = len(study.duplicates), f"share {percent(COPY)} or more of their runs of {SHINGLE} words"
    if pairs:
        return f"The documents of {count(pairs, 'pair')} {alike}, and all of them count, as documents.csv says."
    return f"No two documents {alike}, so every document counts."


def _loss(documents: pd.DataFrame) -> pd.Series:
    """The part of each document’s characters that was removed."""
    sizes = documents["characters_kept"] + documents["characters_removed"]
    return documents["characters_removed"] / sizes.clip(lower=1)


def _plural(n: int, one: str, several: str) -> str:
    return one if n == 1 else several


def _day_or_range(start: str, end: str) -> str:
    """A day, a range of days, or that it is not known."""
    if not start or start == end:
        return start or "not known"
    return f"{start} to {end[-2:] if start[:7] == end[:7] else end}"
