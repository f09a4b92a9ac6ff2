"""An index on disk to a `Study`: every measure takes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.corpus import Study
from analysis.corpus.arrow_files import Columns, read_columns, read_file
from analysis.corpus.cleaning import Span
from analysis.corpus.index import Index
from analysis.corpus.lexicons import LEXICONS, read_declared
from analysis.corpus.parts import documents_table, read_documents
from analysis.corpus.places import read_places
from analysis.corpus.sentences import read_sentences
from analysis.corpus.store import VERSION
from analysis.corpus.study import study_folder
from analysis.errors import Problem, StudyError


def open_index(folder: str | Path, *, lexicons: str | Path | None = None) -> Study:
    r"""Open an index that `make_index` has made, as a study: every measure takes it.

    Parameters
    ----------
    folder : path
        That of the index.
    lexicons : path, optional
        The folder whose actors, frames and stop words are to be used; that of the index by default.

    Returns
    -------
    Study
        Its arrays and texts are read from the disk when they are used. It differs from that of a study folder in that
        nothing was cleaned, so `spans` is empty; that copies were not looked for; that `sentences` lacks
        ``sentence_id`` and ``text``, and `documents` the number of sentences.

    Raises
    ------
    StudyError
        There is no finished index, or a lexicon has a problem; later, if sentences or places are asked for the first
        time and the folder cannot be written.

    Notes
    -----
    Sentences are found once, when a measure first asks for them, as n-grams and phrases do, and the places of words
    are written out once, when first looked at; both are kept in the folder of the index.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from analysis import make_index
    >>> with TemporaryDirectory() as folder:
    ...     shard = Path(folder, "shard.jsonl")
    ...     _ = shard.write_text('{"id": "1", "source": "A", "text": "One text."}\n', encoding="utf-8")
    ...     _ = make_index(shard, Path(folder, "index"))
    ...     open_index(Path(folder, "index")).index.terms.tolist()
    ['one', 'text']
    """
    folder = Path(folder)
    if not (folder / "index.json").exists():
        begun = (folder / "plan.json").exists()
        what = "the index is not finished" if begun else "there is no index here"
        raise StudyError(Problem(str(folder), what, "Make it with `index`, which goes on where it stopped."))
    try:
        if json.loads((folder / "index.json").read_text(encoding="utf-8")).get("version") != VERSION:
            raise ValueError("it was made by another version of this package")
        return _open(folder, read_declared(folder if lexicons is None else study_folder(lexicons), LEXICONS))
    except (OSError, ValueError, AttributeError, KeyError, pa.ArrowException) as error:
        if isinstance(error, StudyError):
            raise
        remedy = "Remove the folder, and make the index again."
        raise StudyError(Problem(str(folder), f"the index cannot be read ({error})", remedy)) from None


def _open(folder: Path, lexicons: dict) -> Study:
    """The study of an index that is whole."""
    documents, texts = read_documents(folder), Texts(documents_table(folder))
    ids, paragraphs = (read_columns(folder / f"{name}.arrow") for name in ("ids", "paragraphs"))
    terms = read_file(folder / "terms.arrow").column("term").to_numpy(zero_copy_only=False)
    document_bounds = np.append(0, np.cumsum(documents["tokens"].to_numpy()))
    index = Index(
        terms,
        ids["id"],
        document_bounds,
        np.append(paragraphs["first_token"], document_bounds[-1]),
        partial(read_places, folder),
        partial(_sentence_bounds, folder, document_bounds[-1]),
    )
    documents["paragraphs"] = np.bincount(paragraphs["within"], minlength=len(documents))
    number, doc_id = _number_within(paragraphs["within"]), pd.Index(documents["doc_id"])
    return Study(
        folder=folder,
        documents=documents,
        texts=texts,
        spans=pd.DataFrame(columns=["doc_id", *Span._fields]),
        paragraphs=_table(doc_id, paragraphs["within"], paragraphs, paragraph=number, kind="paragraph"),
        find_sentences=partial(_sentence_table, folder, doc_id, paragraphs["within"], number),
        index=index,
        duplicates=pd.DataFrame(columns=["doc_id", "other_id"]),
        **lexicons,
        rules=(),
    )


def _sentence_bounds(folder: Path, tokens: int) -> np.ndarray:
    """The first token of each sentence; and at last all tokens."""
    return np.append(read_sentences(folder)["first_token"], tokens)


def _sentence_table(folder: Path, doc_id: pd.Index, documents: np.ndarray, numbers: np.ndarray) -> pd.DataFrame:
    """The sentences; given are the document of each paragraph, and its number there."""
    sentences = read_sentences(folder)
    document, number = documents[sentences["within"]], numbers[sentences["within"]]
    return _table(doc_id, document, sentences, paragraph=number, sentence=_number_within(document))


def _number_within(rows: np.ndarray) -> np.ndarray:
    """1, 2, 3 … for the rows of a table that belong to the same row of the table above."""
    place = np.arange(len(rows))
    return (place - np.searchsorted(rows, rows) + 1).astype(np.int32)


def _table(doc_id: pd.Index, rows: np.ndarray, places: Columns, **columns: object) -> pd.DataFrame:
    """The table of paragraphs or sentences."""
    of = pd.Categorical.from_codes(rows, categories=doc_id)
    return pd.DataFrame({"doc_id": of, **columns, "start": places["start"], "end": places["end"]})


class Texts(Mapping):
    """The texts of an index by ``doc_id``, read from the disk when asked for; the last one is held."""

    def __init__(self, documents: pa.Table) -> None:
        self.rows = pd.Index(documents.column("doc_id").to_pandas())
        self.chunks = documents.column("text").chunks
        self.bounds = np.cumsum([0, *map(len, self.chunks)])
        self.last = ("", "")

    def __getitem__(self, doc_id: str) -> str:
        if self.last[0] == doc_id:  # a search asks for many places of one text
            return self.last[1]
        row = self.rows.get_loc(doc_id)
        chunk = np.searchsorted(self.bounds, row, side="right") - 1
        self.last = doc_id, self.chunks[chunk][row - self.bounds[chunk]].as_py()
        return self.last[1]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)
