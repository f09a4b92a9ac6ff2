"""From a number to the sentences it was counted from, and the page on which each document stands in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from html import escape

import numpy as np
import pandas as pd
import regex

from analysis.corpus import Study
from analysis.corpus.boilerplate import BODY, KEPT
from analysis.corpus.index import find
from analysis.corpus.numbers import count

LONGEST_LIST = 60
CONTROLS = regex.compile(r"[\p{Cc}\p{Bidi_Control}\ufeff]")


def as_html(text: str) -> str:
    """Return text as HTML that shows it and does nothing else, on one line.

    Characters that steer a terminal or the direction of writing are shown by their number. A backtick could end the
    block in which the HTML stands in a page, and is written as an entity.
    """
    plain = escape(" ".join(text.split())).replace("`", "&#96;")
    return CONTROLS.sub(lambda match: f'<code class="control">U+{ord(match.group()):04X}</code>', plain)


def add_sentences(
    study: Study, table: pd.DataFrame, *, columns: Sequence[str] = ("term",), within: pd.Series | None = None
) -> pd.DataFrame:
    """Return a table with the sentences behind each row: ``sentences``, the ids of those in which its terms stand.

    Of a row with a ``doc_id``, only those of that document.

    Parameters
    ----------
    study : Study
        The documents that were counted.
    table : pandas.DataFrame
    columns : sequence of str
        The columns with the terms or search patterns. Of several, all have to stand in the sentence.
    within : pandas.Series of bool, one value per document
        Whose sentences are meant; those of all documents by default.
    """
    doc_ids = study.documents["doc_id"] if within is None else study.documents.loc[within, "doc_id"]
    of, ids = (study.sentences[name].to_numpy() for name in ("doc_id", "sentence_id"))
    meant = [{one} for one in table["doc_id"]] if "doc_id" in table else [set(doc_ids)] * len(table)

    def rows(term: str) -> np.ndarray:
        return study.index.sentences[find(study.index, term)]

    found = [reduce(np.intersect1d, map(rows, terms)) for terms in table[list(columns)].to_numpy()]
    kept = ([n for n in np.unique(sentences) if of[n] in documents] for sentences, documents in zip(found, meant))
    return table.assign(sentences=[" ".join(ids[sentences]) for sentences in kept])


def document_link(doc_id: str, *, folder: str = "documents") -> str:
    """Return a link to a document's page, as HTML."""
    return f'<a href="{folder}/{escape(doc_id)}.html">{escape(doc_id)}</a>'


def sentence_link(sentence_id: str, *, folder: str = "documents") -> str:
    """Return a link to a sentence in its document’s page, as HTML."""
    doc_id = sentence_id.rpartition("-")[0]
    return f'<a href="{folder}/{escape(doc_id)}.html#{escape(sentence_id)}">{escape(sentence_id)}</a>'


def sentence_list(study: Study, sentence_ids: Iterable[str], *, folder: str = "documents") -> str:
    """Return sentences as HTML that opens on a click: how many, then each verbatim with a link to its place."""
    ids = list(sentence_ids)
    if not ids:
        return "none"
    text = study.sentences.set_index("sentence_id")["text"]
    items = "".join(f"<li>{sentence_link(i, folder=folder)} {as_html(text[i])}</li>" for i in ids[:LONGEST_LIST])
    more = f"<li>and {len(ids) - LONGEST_LIST} more</li>" if len(ids) > LONGEST_LIST else ""
    return f'<details class="evidence"><summary>{count(len(ids), "sentence")}</summary><ol>{items}{more}</ol></details>'


def document_page(study: Study, doc_id: str) -> str:
    """Return the page of one document in Markdown: where it comes from, and its file in full.

    Every sentence has its id as an anchor. What cleaning removed stands in its place, marked with the rule.
    """
    record = study.documents.set_index("doc_id").loc[doc_id]
    body = f"{_provenance(record)}\n{_text(study, doc_id)}"
    return f"# {doc_id} · {_markdown(record['title'] or record['file'])}\n\n```{{raw}} html\n{body}\n```\n"


def dates_of(record: Mapping[str, str]) -> str:
    """Return the day of a document, or the days between which it was written, as its row of documents.csv has them."""
    return " to ".join(dict.fromkeys([record["date_from"], record["date_to"]])) or "not known"


def _provenance(record: pd.Series) -> str:
    """The document's row of documents.csv, as a list of terms."""
    date = dates_of(record)
    address = as_html(record["url"])
    entries = {
        "Source": as_html(record["source"]),
        "Publisher": as_html(record["publisher"]),
        "Date": f"{as_html(date)} ({as_html(record['date_evidence'])})" if record["date_evidence"] else as_html(date),
        "Address": f'<a href="{address}">{address}</a>'
        if record["url"].startswith(("http://", "https://"))
        else address,
        "Role": as_html(record["role"]),
        "Copy of": document_link(record["duplicate_of"], folder=".") if record["duplicate_of"] else "",
        "Note": as_html(record["note"]),
        "Size": f"{', '.join(count(int(record[f'{one}s']), one) for one in ('paragraph', 'sentence'))}, "
        f"{count(int(record['tokens']), 'word')}; "
        f"{record['characters_kept']:,} characters kept, {record['characters_removed']:,} removed",
        "File": f"{as_html(record['file'])}<br><span class='hash'>SHA-256 {as_html(record['sha256'])}</span>",
    }
    rows = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in entries.items() if text)
    return f'<dl class="provenance">{rows}</dl>'


def _text(study: Study, doc_id: str) -> str:
    """The file, span by span."""
    text = study.texts[doc_id]
    sentences = study.sentences[study.sentences["doc_id"] == doc_id]
    parts = []
    for start, end, kind, rule in study.spans.loc[
        study.spans["doc_id"] == doc_id, ["start", "end", "kind", "rule"]
    ].itertuples(index=False):
        if kind in BODY:
            inside = sentences[(sentences["start"] >= start) & (sentences["end"] <= end)]
            parts.append(
                f"<p>{' '.join(map(_sentence, inside['sentence_id'], inside['sentence'], inside['text']))}</p>"
            )
        elif kind in KEPT:
            parts.append(f'<p class="kept"><span class="rule">{kind}</span> {as_html(text[start:end].strip())}</p>')
        else:
            lines = "<br>".join(as_html(line) for line in text[start:end].splitlines() if line.strip())
            parts.append(f'<p class="removed"><span class="rule">removed: {as_html(rule)}</span> {lines}</p>')
    return f'<div class="document">\n{chr(10).join(parts)}\n</div>'


def _sentence(sentence_id: str, number: int, text: str) -> str:
    """A sentence with its number, which is also the link to it."""
    mark = f'<a class="number" href="#{sentence_id}" aria-label="Sentence {number}">{number}</a>'
    return f'<span class="sentence" id="{sentence_id}">{mark}{as_html(text)}</span>'


def _markdown(text: str) -> str:
    """Text as Markdown that means nothing but itself."""
    plain = CONTROLS.sub(lambda match: f"U+{ord(match.group()):04X}", " ".join(text.split()))
    return regex.sub(r"([!-/:-@\[-`{-~])", r"\\\1", plain)
