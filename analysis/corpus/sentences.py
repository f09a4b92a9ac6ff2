"""The sentences of an index: found when a measure first asks for them, and kept beside its tokens."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from uuid import uuid4

import numpy as np
import pyarrow as pa
from tqdm import tqdm

from analysis.corpus.arrow_files import Columns, join_files, read_columns, read_or_make, write_file
from analysis.corpus.index import first_tokens
from analysis.corpus.jobs import in_threads
from analysis.corpus.parts import documents_table
from analysis.corpus.places import read_places
from analysis.corpus.segments import sentence_bounds


def read_sentences(folder: Path) -> Columns:
    """Return the sentences of an index, mapped from the disk; if nobody has asked for them yet, they are found.

    Returns
    -------
    dict of str to numpy.ndarray, one value per sentence
        ``first_token``; ``within``, the row of its paragraph; ``start`` and ``end``, characters of its document's text.

    Raises
    ------
    StudyError
        They have to be found, and the folder cannot be written; or their file is damaged.
    """
    return read_or_make(folder / "sentences.arrow", "sentences", partial(_find_sentences, folder))


def _find_sentences(folder: Path, whole: Path) -> None:
    """Find the sentences, some documents at a time; what was found before this was broken off is kept."""
    documents, paragraphs = documents_table(folder), read_columns(folder / "paragraphs.arrow")
    starts, begun = read_places(folder)["start"], whole.parent
    token_bounds = np.append(0, np.cumsum(documents.column("tokens").to_numpy()))
    edges = np.unique(np.cumsum([0, *map(len, documents.column("text").chunks)]))
    paragraph_edges = np.searchsorted(paragraphs["within"], edges)

    def write_piece(number: int) -> int:
        piece, size = begun / f"{number:06}.arrow", int(edges[number + 1] - edges[number])
        if not piece.exists():
            own = slice(*paragraph_edges[number : number + 2])
            within, begins, ends = (paragraphs[name][own] for name in ("within", "start", "end"))
            texts = documents.slice(edges[number], size)
            paragraph, start, end = _sentences(texts, within - edges[number], begins, ends)
            first = first_tokens(starts, token_bounds, within[paragraph], start)
            found = {
                "first_token": first,
                "within": (paragraph + own.start).astype(np.int32),
                "start": start,
                "end": end,
            }
            half = begun / uuid4().hex
            write_file(pa.table(found), half)
            half.rename(piece)
        return size

    with tqdm(total=len(documents), unit=" documents", desc="sentences", disable=None) as bar:
        for size in in_threads(write_piece, range(len(edges) - 1)):
            bar.update(size)
    join_files([begun / f"{number:06}.arrow" for number in range(len(edges) - 1)], whole)


def _sentences(
    documents: pa.Table, within: np.ndarray, begins: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The row of the paragraph, the start and the end of each sentence, in order; each language by its own rules."""
    texts = documents.column("text").to_pylist()
    languages = np.array([one or "en" for one in documents.column("language").to_pylist()], object)[within]
    lines = [texts[row][a:b] for row, a, b in zip(within.tolist(), begins.tolist(), ends.tolist())]
    found = [np.zeros((3, 0), np.int64)]
    for language in dict.fromkeys(languages):
        rows = np.flatnonzero(languages == language)
        paragraph, first, last = sentence_bounds([lines[row] for row in rows], language=language)
        found.append(np.stack([rows[paragraph], first, last]))
    together = np.concatenate(found, axis=1)
    paragraph, first, last = together[:, np.argsort(together[0], kind="stable")]
    return paragraph, (begins[paragraph] + first).astype(np.int32), (begins[paragraph] + last).astype(np.int32)
