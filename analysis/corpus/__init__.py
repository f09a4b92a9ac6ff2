"""Files to tables: a study folder in, one `Study` out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus.about import About
from analysis.corpus.boilerplate import BODY, KEPT, REPEATED, plain_line
from analysis.corpus.cleaning import COPIES, Span, Template, rule_names, split_spans
from analysis.corpus.duplicates import NO_COPY, near_duplicates
from analysis.corpus.index import Index, build_index, take_documents, take_rows
from analysis.corpus.lexicons import LEXICONS, read_declared, read_templates
from analysis.corpus.segments import Paragraph, Sentence, split_paragraphs, split_sentences
from analysis.corpus.study import read_documents, study_folder
from analysis.errors import unknown

COUNTS = ("paragraphs", "sentences", "tokens", "characters_kept", "characters_removed")
MONTH = len("YYYY-MM")
TABLES = ("documents", "spans", "paragraphs")
SEEDS = Path(__file__).parents[2] / "seeds"
CHOSEN = "STUDY"  # the environment variable that names another study as the one to read by default


@dataclass(frozen=True)
class Study:
    """A study folder as tables. All offsets are character offsets into a document's file as decoded.

    Attributes
    ----------
    folder : Path
        Where it was read from.
    about : About
        Its title, subject, authors and description; see `analysis.corpus.about`.
    documents : pandas.DataFrame
        One row per document: ``doc_id``, ``source``, ``title``, ``date_from``, ``date_to``, ``year``, ``role``,
        the counts ``paragraphs``, ``sentences``, ``tokens``, ``characters_kept``, ``characters_removed``, and
        the other columns of ``documents.csv``; in ``duplicate_of`` the document that counts in its place, as
        recorded or found.
    texts : mapping of str
        Each document's file, by ``doc_id``, verbatim; also of documents that were not selected.
    spans : pandas.DataFrame
        The partition of each file: ``doc_id``; ``start`` and ``end``; ``kind``, such as a paragraph or residue;
        ``rule``, the one that took it away, empty where it was kept.
    paragraphs : pandas.DataFrame
        The body, in reading order: ``doc_id``; ``paragraph``, its number in the document, from 1; ``kind``, a paragraph
        or a list item; ``start``, ``end``.
    sentences : pandas.DataFrame
        Likewise: ``sentence_id``, ``doc_id``; ``sentence`` and ``paragraph``, numbers in the document; ``start``,
        ``end``; ``text``, verbatim. They are got from `find_sentences` when first asked for.
    index : Index
        The body's tokens, as arrays.
    duplicates : pandas.DataFrame
        The pairs of documents that share most of their text: ``doc_id`` and ``other_id``; ``containment`` and
        ``jaccard``, the part of their runs of five words that is shared, of the shorter one’s and of both; ``shared``
        and ``shorter``, the numbers behind; ``counted``, the one that counts; ``recorded``, whether the study says so.
    actors : pandas.DataFrame
        The lexicon of actors: ``actor``, ``kind``, ``form`` of the name, and ``alias``.
    frames, functions : pandas.DataFrame
        The codebook, its two axes: the code in the first column, and what is said of it; frames with their ``cues``.
    outlets : pandas.DataFrame
        The outlets that documents cite: ``outlet``, ``name``, ``country``, and the ``source`` of the study that it is.
    verbs : pandas.DataFrame
        What actors do to each other: ``form``, the forms of verbs, with their ``class``; ``verb``, the base form; and
        ``mutual``, whether it goes both ways.
    tone : pandas.DataFrame
        The words of tone: ``category``, ``definition``, ``form`` and ``pattern``.
    stop_words : frozenset of str
        The function words that a list of content words leaves out.
    timeline : pandas.DataFrame
        What happened when: ``name``, ``date_from``, ``date_to``, ``evidence``.
    commentary : pandas.DataFrame
        Prose for the chapters: ``chapter``, ``place``, ``text``.
    rules : tuple of str
        The names of the cleaning rules, those of page templates first.
    """

    folder: Path
    about: About
    documents: pd.DataFrame
    texts: Mapping[str, str]
    spans: pd.DataFrame
    paragraphs: pd.DataFrame
    find_sentences: Callable[[], pd.DataFrame]
    index: Index
    duplicates: pd.DataFrame
    actors: pd.DataFrame
    frames: pd.DataFrame
    functions: pd.DataFrame
    outlets: pd.DataFrame
    verbs: pd.DataFrame
    tone: pd.DataFrame
    stop_words: frozenset[str]
    timeline: pd.DataFrame
    commentary: pd.DataFrame
    rules: tuple[str, ...]

    @cached_property
    def sentences(self) -> pd.DataFrame:
        return self.find_sentences()


def default_folder() -> Path:
    """Return the folder that the environment variable ``STUDY`` names, or else that of this project's own study."""
    return Path(os.environ.get(CHOSEN) or SEEDS)


def load(folder: str | Path | None = None, *, clean: bool = True, without: Collection[str] = ()) -> Study:
    """Read a study folder.

    Parameters
    ----------
    folder : path
        Where ``documents.csv`` and the documents are; by default that of `default_folder`.
    clean : bool
        False takes each file whole as body text: for showing what cleaning changes.
    without : collection of str
        The names of cleaning rules to leave out: for showing what a rule changes.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        With every problem of the folder; or a rule to leave out that there is not.

    Examples
    --------
    >>> study = load()
    >>> len(study.documents) == study.sentences["doc_id"].nunique()
    True
    """
    folder = study_folder(folder or default_folder())
    lexicons = read_declared(folder, {"documents": read_documents, "templates": read_templates, **LEXICONS})
    documents, templates = lexicons.pop("documents"), lexicons.pop("templates")
    texts = dict(zip(documents["doc_id"], documents.pop("text")))
    rules = tuple(rule_names(templates))
    for rule in without:
        if rule not in rules:
            raise unknown("without", rule, rules)
    take_apart = partial(_take_apart, documents, texts, templates, clean)
    tables = whole = take_apart(without, {})
    if (tables[0]["rule"] == REPEATED).any():  # what two documents share may be an article and not a page
        whole = take_apart({*without, REPEATED}, {})
    count_all = COPIES in without
    chosen = documents.assign(duplicate_of=NO_COPY) if count_all else documents
    duplicates, copies = near_duplicates(whole[-1], chosen)
    duplicates["recorded"] = duplicates["recorded"].astype(bool) & (not count_all)
    if copies:
        tables = take_apart(without, copies)
    documents["duplicate_of"] = [copies.get(doc_id, "") for doc_id in documents["doc_id"]]
    documents = _count(documents, *tables)
    spans, paragraphs, sentences, tokens = tables
    return Study(
        folder=folder,
        documents=documents,
        texts=texts,
        spans=spans,
        paragraphs=paragraphs,
        find_sentences=partial(pd.DataFrame, sentences),
        index=tokens,
        duplicates=duplicates,
        **lexicons,
        rules=rules,
    )


def _take_apart(
    documents: pd.DataFrame,
    texts: dict[str, str],
    templates: tuple[Template, ...],
    clean: bool,
    without: Collection[str],
    copies: dict[str, str],
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, Index]:
    """The spans, paragraphs, sentences and tokens of all documents; the body of a copy is residue."""
    repeated = _repeated_lines(text for doc_id, text in texts.items() if doc_id not in copies)
    spans, paragraphs, sentences = [], [], []
    for doc_id, title, language in documents[["doc_id", "title", "language"]].itertuples(index=False):
        text = texts[doc_id]
        if clean:
            parts = split_spans(text, title=title, templates=templates, repeated=repeated, without=frozenset(without))
        else:
            parts = split_spans(text, without=set(rule_names(())))
        if doc_id in copies:
            rule = f"{COPIES} of {copies[doc_id]}"
            parts = [p._replace(kind="residue", rule=rule) if p.kind in BODY else p for p in parts]
        inside = split_paragraphs(text, parts)
        spans += [(doc_id, *part) for part in parts]
        paragraphs += [(doc_id, *paragraph) for paragraph in inside]
        sentences += [
            (f"{doc_id}-{sentence.sentence}", doc_id, *sentence)
            for sentence in split_sentences(text, inside, language=language or "en")
        ]
    tables = [
        pd.DataFrame(rows, columns=[*first, *kind._fields])
        for rows, first, kind in (
            (spans, ["doc_id"], Span),
            (paragraphs, ["doc_id"], Paragraph),
            (sentences, ["sentence_id", "doc_id"], Sentence),
        )
    ]
    return *tables, _index(documents["doc_id"], *tables[1:])


def _index(doc_ids: pd.Series, paragraphs: pd.DataFrame, sentences: pd.DataFrame) -> Index:
    """The tokens of all sentences."""
    keys = ["doc_id", "paragraph"]
    row = pd.MultiIndex.from_frame(paragraphs[keys]).get_indexer(pd.MultiIndex.from_frame(sentences[keys]))
    document = pd.Index(doc_ids).get_indexer(sentences["doc_id"])
    return build_index(
        sentences["text"],
        sentences["start"].to_numpy(),
        paragraph_bounds=np.searchsorted(row, np.arange(len(paragraphs) + 1)),
        document_bounds=np.searchsorted(document, np.arange(len(doc_ids) + 1)),
    )


def _repeated_lines(texts: Iterable[str]) -> set[str]:
    """The lines that stand in more than one text, as `plain_line` gives them."""
    lines = Counter(line for text in texts for line in set(map(plain_line, text.splitlines())))
    return {line for line, documents in lines.items() if documents > 1 and line}


def select(study: Study, **wanted: str) -> Study:
    """Return the study with only the documents whose columns have the wanted values.

    Parameters
    ----------
    study : Study
    **wanted : str
        A column of the documents table and its value, such as ``role="ties"``.

    Returns
    -------
    Study
        With the rows of these documents only. The texts stay, and so do the lexicons.

    Raises
    ------
    StudyError
        No such column, or no document with that value.

    Examples
    --------
    >>> study = load()
    >>> set(select(study, role="ties").documents["role"])
    {'ties'}
    """
    keep = np.ones(len(study.documents), bool)
    for column, value in wanted.items():
        values = group_labels(study, column)
        if value not in set(values):
            raise unknown(column, value, sorted(set(values)))
        keep &= (values == value).to_numpy()
    kept_ids = study.documents["doc_id"][keep]
    rows = {name: getattr(study, name)["doc_id"].isin(kept_ids) for name in TABLES}
    tables = {name: _only(getattr(study, name)[rows[name]], kept_ids) for name in TABLES}
    bounds = partial(_sentence_bounds_of, study, kept_ids)
    pairs = study.duplicates[study.duplicates[["doc_id", "other_id"]].isin(set(kept_ids)).all(axis=1)]
    return replace(
        study,
        **tables,
        find_sentences=partial(_sentences_of, study, kept_ids),
        index=take_documents(study.index, keep, rows["paragraphs"].to_numpy(), bounds),
        duplicates=pairs.reset_index(drop=True),
    )


def _sentences_of(study: Study, doc_ids: pd.Series) -> pd.DataFrame:
    """The sentences of some documents."""
    return _only(study.sentences[study.sentences["doc_id"].isin(doc_ids)], doc_ids)


def _sentence_bounds_of(study: Study, doc_ids: pd.Series) -> np.ndarray:
    """The bounds of these sentences in the index of these documents."""
    return take_rows(study.index.sentence_bounds, study.sentences["doc_id"].isin(doc_ids).to_numpy())


def _only(table: pd.DataFrame, doc_ids: pd.Series) -> pd.DataFrame:
    """The rows of a table that were chosen, numbered anew; categories are in the order of the documents."""
    table = table.reset_index(drop=True)
    if isinstance(table["doc_id"].dtype, pd.CategoricalDtype):
        table["doc_id"] = table["doc_id"].cat.set_categories(doc_ids)
    return table


def document_rows(study: Study, doc_ids: pd.Series) -> np.ndarray:
    """Return the row of `study.documents` of each id."""
    if isinstance(doc_ids.dtype, pd.CategoricalDtype):  # those of an index, in the order of the documents
        return doc_ids.cat.codes.to_numpy()
    return pd.Index(study.documents["doc_id"]).get_indexer(doc_ids)


def group_labels(study: Study, by: str) -> pd.Series:
    """Return the group of each document: a column of `study.documents`, ``month``, or ``document`` for each by itself.

    Raises
    ------
    StudyError
        There is no such column.
    """
    column = "doc_id" if by == "document" else by
    if column == "month" and column not in study.documents:
        first, last = (study.documents[side].str[:MONTH] for side in ("date_from", "date_to"))
        return first.where(first == last, first + "–" + last).where(first != "", "undated")
    if column not in study.documents or column in COUNTS:
        others = study.documents.columns.drop(["doc_id", *COUNTS], errors="ignore")
        raise unknown("by", by, ["document", "month", *others])
    return study.documents[column].astype(str)


def group_numbers(study: Study, by: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the groups, sorted, and for each document the number of its group."""
    number, groups = pd.factorize(group_labels(study, by).to_numpy(object), sort=True)
    return groups, number


def group_matrix(study: Study, by: str) -> tuple[np.ndarray, csr_array]:
    """Return the groups, sorted, and for each document 1 in the column of its group, for `counting.count_terms`."""
    groups, column = group_numbers(study, by)
    ones = np.ones(len(column), np.int64)
    return groups, csr_array((ones, column, np.arange(len(column) + 1)), shape=(len(column), len(groups)))


def residue(study: Study) -> pd.DataFrame:
    """Return what cleaning removed, with its place in the file and the rule that took it.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per removed span, in reading order.

        - ``doc_id``; ``start`` and ``end``, character offsets into the file
        - ``rule``: its name; ``kind``: what the rule takes it for
        - ``text``: verbatim

    Examples
    --------
    >>> study = load()
    >>> len(residue(study)) <= len(study.spans)
    True
    """
    removed = study.spans[~study.spans["kind"].isin(KEPT)].reset_index(drop=True)
    text = [study.texts[d][a:b] for d, a, b in zip(removed["doc_id"], removed["start"], removed["end"])]
    return removed.assign(text=text)[["doc_id", "start", "end", "rule", "kind", "text"]]


def _count(
    documents: pd.DataFrame, spans: pd.DataFrame, paragraphs: pd.DataFrame, sentences: pd.DataFrame, index: Index
) -> pd.DataFrame:
    """The documents table with its counts, in the order in which it is read."""
    length = (spans["end"] - spans["start"]).groupby([spans["doc_id"], spans["kind"].isin(KEPT)]).sum()
    length = length.unstack(fill_value=0).reindex(columns=[True, False], fill_value=0)
    doc_id = documents["doc_id"]
    counts = {
        "paragraphs": doc_id.map(paragraphs["doc_id"].value_counts()).fillna(0).astype(int),
        "sentences": doc_id.map(sentences["doc_id"].value_counts()).fillna(0).astype(int),
        "tokens": np.diff(index.document_bounds),
        "characters_kept": doc_id.map(length[True]),
        "characters_removed": doc_id.map(length[False]),
    }
    first = ["doc_id", "source", "title", "date_from", "date_to", "year", "role"]
    others = [c for c in documents.columns if c not in first]
    return pd.concat([documents[first], pd.DataFrame(counts), documents[others]], axis=1)
