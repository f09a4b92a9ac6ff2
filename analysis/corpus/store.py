"""An index on disk: made from shards, part by part, and opened as a `Study` without being read into memory.

The folder of an index holds Arrow files, which are mapped and not loaded:

- ``terms.arrow``: the vocabulary, sorted
- ``tokens.arrow``: for each token its term, and where it begins and ends in its document's text
- ``sentences.arrow``, ``paragraphs.arrow``: for each its first token, its paragraph or document, and its place there
- ``parts/*/*.documents.arrow``: the documents, with their texts
- ``plan.json``: the parts, in order; ``index.json``: what is in it. Without the latter it is unfinished
"""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from tqdm import tqdm

from analysis.corpus import Study
from analysis.corpus.cleaning import Span
from analysis.corpus.index import Index, find_tokens, sorted_terms
from analysis.corpus.jobs import run_jobs
from analysis.corpus.lexicons import LEXICONS, read_declared
from analysis.corpus.records import NAMES
from analysis.corpus.scanning import as_bytes, scan_lines
from analysis.corpus.segments import sentence_bounds
from analysis.corpus.shards import SHOWN, Job, find_shards, plan_jobs, read_batches
from analysis.corpus.study import study_folder
from analysis.errors import Problem, StudyError

VERSION = 1  # of the files' layout
PAGE = 4096  # bytes
TABLES = {"paragraph": "document", "sentence": "paragraph"}  # and what each stands in
REACH = np.int64(1) << 32  # more than any place in a text
LISTS = {
    "ids": pa.int32(), "starts": pa.int32(), "ends": pa.int32(), "document_bounds": pa.int64(),
    "paragraph_first": pa.int64(), "paragraph_document": pa.int32(), "paragraph_start": pa.int32(),
    "paragraph_end": pa.int32(), "sentence_first": pa.int64(), "sentence_paragraph": pa.int32(),
    "sentence_start": pa.int32(), "sentence_end": pa.int32(),
}  # fmt: skip


def make_index(
    paths: str | Path | Iterable[str | Path], folder: str | Path, *, scheduler: str = "", processes: int = 0
) -> pd.DataFrame:
    r"""Make an index of a corpus in shards.

    Parameters
    ----------
    paths : path or iterable of path
        Files that end in ``.parquet`` or ``.jsonl``, or folders of them. Each row or line is a document: ``id``,
        ``source`` and ``text``; ``date`` as a day, a month or a year, if it is known; ``title``, ``role``, ``language``
        and any other plain column. The text counts as it stands: nothing is cleaned, no copies are looked for, and each
        line that is not empty is a paragraph.
    folder : path
        Where the index is to be. If making it was broken off, or a shard had to be corrected, the same call goes on
        with what is left to do.
    scheduler : str
        The address of a Dask scheduler, to have the work done by a cluster.
    processes : int
        How many processes of this machine to use without one; 0 for one per core. In a program of your own, these need
        the call to stand under ``if __name__ == "__main__":``.

    Returns
    -------
    pandas.DataFrame
        One row per source: ``source``, ``documents``, ``tokens``.

    Raises
    ------
    StudyError
        With file and row of every document that cannot be used; two documents of one id; or a folder that holds
        something else, or cannot be written.

    Notes
    -----
    Every job takes about 16 MB of text, writes its part into a folder of its own and renames that when it is whole: a
    part is there or it is not, and doing it twice does no harm. At the end the vocabularies are united and the parts
    are written behind one another. A few batches of text and the vocabulary are in memory at a time, whatever the size
    of the corpus. `date_from` and `date_to` may stand in the place of ``date``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     shard = Path(folder, "shard.jsonl")
    ...     _ = shard.write_text('{"id": "1", "source": "A", "text": "One text."}\n', encoding="utf-8")
    ...     make_index(shard, Path(folder, "index"), processes=1).to_numpy().tolist()
    [['A', 1, 2]]
    """
    folder = Path(folder).resolve()
    jobs = {_key(job): job for job in plan_jobs(find_shards(paths))}
    try:
        _agree(folder, list(jobs))
    except OSError as error:
        raise StudyError(
            Problem(str(folder), f"it cannot be written ({error.strerror})", "Give another one.")
        ) from None
    if not (folder / "index.json").exists():
        todo = [(key, job) for key, job in jobs.items() if not (folder / "parts" / key).exists()]
        problems = []
        with tqdm(total=sum(job.size for job in jobs.values()), unit="B", unit_scale=True, disable=None) as bar:
            bar.update(bar.total - sum(job.size for _, job in todo))
            for size, found in run_jobs(partial(_make_part, folder), todo, scheduler=scheduler, processes=processes):
                problems += found
                bar.update(size)
        if problems:
            raise StudyError(*sorted(problems, key=lambda p: (p.file, p.row or 0)))
        _unite(folder)
    documents = _documents(folder)
    return documents.groupby("source").agg(documents=("doc_id", "size"), tokens=("tokens", "sum")).reset_index()


def _key(job: Job) -> str:
    """A name for a part that is another one if a file of it changes."""
    files = {piece.path: Path(piece.path).stat() for piece in job.pieces}
    state = [VERSION, job.pieces, [(path, stat.st_size, stat.st_mtime_ns) for path, stat in files.items()]]
    return sha256(json.dumps(state).encode()).hexdigest()[:16]


def _agree(folder: Path, keys: list[str]) -> None:
    """Write down the parts, in order; parts of files that have changed go. A finished index stays as it is."""
    plan, place = json.dumps(keys, indent=1), folder / "plan.json"
    begun = place.exists()
    if begun and place.read_text(encoding="utf-8") == plan:
        return
    if (folder / "index.json").exists() or (not begun and folder.exists() and any(folder.iterdir())):
        what = "it holds something else than an index of these files as they are now"
        raise StudyError(Problem(str(folder), what, "Give another folder, or remove this one."))
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    for part in (folder / "parts").iterdir():
        if part.name not in keys:
            shutil.rmtree(part)
    place.write_text(plan, encoding="utf-8")


def _make_part(folder: Path, named: tuple[str, Job]) -> tuple[int, list[Problem]]:
    """Index the documents of a job into a folder of its own; return the job's size, and what is wrong with it."""
    key, job = named
    part, begun = folder / "parts" / key, folder / "begun" / uuid4().hex
    begun.mkdir(parents=True)
    try:
        for number, table in enumerate(read_batches(job)):
            _write_batch(table, begun / f"{number:06}")
        begun.rename(part)
    except StudyError as error:
        return job.size, list(error.problems)
    except OSError:
        if not part.exists():  # else another worker was faster
            raise
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    return job.size, []


def _write_batch(table: pa.Table, stem: Path) -> None:
    """Index some documents, and write their tokens and themselves."""
    column = table.column("text").combine_chunks()
    document, begin, end = scan_lines(*as_bytes(column))
    texts = column.to_pylist()
    lines = [texts[row][a:b] for row, a, b in zip(document.tolist(), begin.tolist(), end.tolist())]
    languages = np.array([one or "en" for one in table.column("language").to_pylist()], object)
    paragraph, first, last = _sentences(lines, languages[document])
    first, last = begin[paragraph] + first, begin[paragraph] + last
    terms, ids, bounds, starts, ends = find_tokens(column)
    places = np.repeat(np.arange(len(texts)), np.diff(bounds)) * REACH + starts
    columns = {
        "ids": ids, "starts": starts, "ends": ends, "document_bounds": bounds,
        "paragraph_first": np.searchsorted(places, document.astype(np.int64) * REACH + begin),
        "paragraph_document": document, "paragraph_start": begin, "paragraph_end": end,
        "sentence_first": np.searchsorted(places, document[paragraph].astype(np.int64) * REACH + first),
        "sentence_paragraph": paragraph, "sentence_start": first, "sentence_end": last,
    }  # fmt: skip
    lists = {name: _list(pa.array(columns[name], kind)) for name, kind in LISTS.items()}
    lists["terms"] = _list(pa.array(terms, pa.large_string()))
    _write(pa.table(lists), stem.with_suffix(".index.arrow"))
    _write(table.append_column("tokens", pa.array(np.diff(bounds))), stem.with_suffix(".documents.arrow"))


def _sentences(paragraphs: list[str], languages: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The row of the paragraph, the start and the end of each sentence, in order; each language by its own rules."""
    found = []
    for language in dict.fromkeys(languages):
        rows = np.flatnonzero(languages == language)
        paragraph, first, last = sentence_bounds([paragraphs[row] for row in rows], language=language)
        found.append(np.stack([rows[paragraph], first, last]))
    together = np.concatenate(found, axis=1) if found else np.zeros((3, 0), np.int64)
    return tuple(together[:, np.argsort(together[0], kind="stable")])


def _unite(folder: Path) -> None:
    """Write the parts of an index behind one another, with one vocabulary; then remove them."""
    shutil.rmtree(folder / "begun", ignore_errors=True)
    _check_ids(folder)
    parts = _files(folder, "index")
    vocabularies = [_read(part).column("terms").chunk(0).values for part in parts]
    encoded = pa.chunked_array(vocabularies, pa.large_string()).dictionary_encode().chunks  # with one dictionary
    terms, places = sorted_terms(encoded[-1].dictionary if encoded else pa.array([], pa.large_string()))
    place = places[np.concatenate([np.zeros(0, np.int32), *(chunk.indices.to_numpy() for chunk in encoded)])]
    words = np.append(0, np.cumsum([len(vocabulary) for vocabulary in vocabularies]))
    _write(pa.table({"term": terms}), folder / "terms.arrow")
    sizes = [{name: len(array) for name, array in _lists(part).items()} for part in parts]
    tokens, paragraphs, sentences, bounds = (
        np.append(0, np.cumsum([size[name] for size in sizes]))
        for name in ("ids", "paragraph_document", "sentence_paragraph", "document_bounds")
    )
    documents = bounds - np.arange(len(parts) + 1)
    below = {"first_token": np.int64, "within": np.int32, "start": np.int32, "end": np.int32}
    put_tokens = _blank(folder / "tokens.arrow", dict.fromkeys(("id", "start", "end"), np.int32), tokens[-1])
    put = {
        kind: _blank(folder / f"{kind}s.arrow", below, rows[-1]) for kind, rows in zip(TABLES, (paragraphs, sentences))
    }
    for n, part in enumerate(parts):  # not in threads: those that write to one file wait for each other
        arrays = _lists(part)
        put_tokens(tokens[n], id=place[arrays["ids"] + words[n]], start=arrays["starts"], end=arrays["ends"])
        for (kind, parent), rows, above in zip(TABLES.items(), (paragraphs, sentences), (documents, paragraphs)):
            own = {name: arrays[f"{kind}_{name}"] for name in ("first", parent, "start", "end")}
            put[kind](
                rows[n],
                first_token=own["first"] + tokens[n],
                within=own[parent] + above[n].astype(np.int32),
                start=own["start"],
                end=own["end"],
            )
    summary = {"version": VERSION, "documents": int(documents[-1]), "tokens": int(tokens[-1]), "terms": len(terms)}
    (folder / "index.json").write_text(json.dumps(summary, indent=1), encoding="utf-8")
    for part in parts:
        part.unlink()


def _check_ids(folder: Path) -> None:
    """There are documents, and no two share an id."""
    documents = _documents_table(folder)
    if not documents.num_rows:
        raise StudyError(Problem("shards", "they hold no document", "Give files with documents in them."))
    counts = pc.value_counts(documents.column("doc_id"))
    repeated = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    if len(repeated):
        again = documents.filter(pc.is_in(documents.column("doc_id"), repeated)).select(["doc_id", "shard"]).to_pandas()
        files = again.groupby("doc_id")["shard"].agg(lambda names: ", ".join(dict.fromkeys(names)))
        remedy = "Give each document one of its own, and run the same command again."
        found = [
            Problem(names, f"the id “{doc_id}” stands there more than once", remedy) for doc_id, names in files.items()
        ]
        raise StudyError(*found[:SHOWN])


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
        nothing was cleaned, so `spans` is empty; that copies were not looked for; and that `sentences` lacks
        ``sentence_id`` and ``text``.

    Raises
    ------
    StudyError
        There is no finished index, or a lexicon has a problem.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     shard = Path(folder, "shard.jsonl")
    ...     _ = shard.write_text('{"id": "1", "source": "A", "text": "One text."}\n', encoding="utf-8")
    ...     _ = make_index(shard, Path(folder, "index"), processes=1)
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
    documents, texts = _documents(folder), Texts(_documents_table(folder))
    tokens, paragraphs, sentences = (_read(folder / f"{name}.arrow") for name in ("tokens", "paragraphs", "sentences"))
    ids, starts, ends = (_array(tokens, name) for name in ("id", "start", "end"))
    of_document, of_paragraph = _array(paragraphs, "within"), _array(sentences, "within")
    bounds = [np.append(_array(table, "first_token"), len(ids)) for table in (paragraphs, sentences)]
    document_bounds = np.append(0, np.cumsum(documents["tokens"].to_numpy()))
    terms = _read(folder / "terms.arrow").column("term").to_numpy(zero_copy_only=False)
    doc_id = pd.Index(documents["doc_id"])
    number = _number_within(of_document)
    paragraph_table = _table(doc_id, of_document, paragraphs, paragraph=number, kind="paragraph")
    numbers = {"paragraph": number[of_paragraph], "sentence": _number_within(of_document[of_paragraph])}
    sentence_table = _table(doc_id, of_document[of_paragraph], sentences, **numbers)
    documents["paragraphs"], documents["sentences"] = (
        np.bincount(rows, minlength=len(documents)) for rows in (of_document, of_document[of_paragraph])
    )
    return Study(
        folder=folder,
        documents=documents,
        texts=texts,
        spans=pd.DataFrame(columns=["doc_id", *Span._fields]),
        paragraphs=paragraph_table,
        sentences=sentence_table,
        index=Index(terms, ids, starts, ends, document_bounds, *bounds),
        duplicates=pd.DataFrame(columns=["doc_id", "other_id"]),
        **lexicons,
        rules=(),
    )


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


def _number_within(rows: np.ndarray) -> np.ndarray:
    """1, 2, 3 … for the rows of a table that belong to the same row of the table above."""
    place = np.arange(len(rows))
    return (place - np.searchsorted(rows, rows) + 1).astype(np.int32)


def _table(doc_id: pd.Index, rows: np.ndarray, places: pa.Table, **columns: object) -> pd.DataFrame:
    """The table of paragraphs or sentences."""
    of = pd.Categorical.from_codes(rows, categories=doc_id)
    return pd.DataFrame({"doc_id": of, **columns, "start": _array(places, "start"), "end": _array(places, "end")})


def _documents(folder: Path) -> pd.DataFrame:
    """The documents, without their texts."""
    table = _documents_table(folder).drop_columns(["text"]).to_pandas()
    return table.astype({c: str for c in table.columns if c != "tokens"}).assign(duplicate_of="")


def _documents_table(folder: Path) -> pa.Table:
    """The documents of all parts, in order, mapped; a column that some shards lack is empty there."""
    tables = [_read(path) for path in _files(folder, "documents")]
    nothing = pa.table({name: pa.array([], pa.large_string()) for name in (*NAMES, "shard", "text")})
    table = pa.concat_tables(
        [nothing.append_column("tokens", pa.array([], pa.int64())), *tables], promote_options="default"
    )
    names = [name for name in table.column_names if name not in ("text", "tokens")]
    for name in names:
        if table.column(name).null_count:
            column = pc.fill_null(table.column(name), "")
            table = table.set_column(table.column_names.index(name), name, column)
    return table


def _files(folder: Path, kind: str) -> list[Path]:
    """The files of one kind of all parts, in the order of the shards."""
    keys = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    return [path for key in keys for path in sorted((folder / "parts" / key).glob(f"*.{kind}.arrow"))]


def _list(values: pa.Array) -> pa.Array:
    """A column of one row that holds all values."""
    return pa.LargeListArray.from_arrays(pa.array([0, len(values)], pa.int64()), values)


def _write(table: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def _read(path: Path) -> pa.Table:
    """A table whose columns are mapped from the disk."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _array(table: pa.Table, name: str) -> np.ndarray:
    """A column of one chunk, or none, as an array that is mapped from the disk."""
    column = table.column(name)
    return column.chunk(0).to_numpy() if column.num_chunks else np.zeros(0, column.type.to_pandas_dtype())


def _lists(part: Path) -> dict[str, np.ndarray]:
    """What a part holds but for its vocabulary, mapped."""
    table = _read(part)
    return {name: table.column(name).chunk(0).values.to_numpy() for name in LISTS}


class _Hollow(io.FileIO):
    """A file in which long runs, which are zeros here, are left out: they take no time, and no room until filled."""

    def write(self, data: pa.Buffer | bytes) -> int:
        if len(data) < PAGE:
            return super().write(data)
        self.seek(len(data), os.SEEK_CUR)
        return len(data)


def _blank(path: Path, columns: Mapping[str, type], rows: int) -> Callable:
    """Write an Arrow file of zeros, each column in one chunk; return how to put values in their place from a row on."""
    table = pa.table({name: np.zeros(rows, kind) for name, kind in columns.items()})
    with _Hollow(path, "wb") as file, pa.PythonFile(file, "w") as out, pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    whole = pa.memory_map(str(path)).read_buffer()
    batch = pa.ipc.open_file(pa.BufferReader(whole)).read_all()
    offsets = {name: batch.column(name).chunk(0).buffers()[1].address - whole.address for name in columns if rows}

    def put(row: int, **values: np.ndarray) -> None:
        with path.open("r+b") as file:
            for name, array in values.items():
                if len(array):
                    file.seek(offsets[name] + int(row) * array.itemsize)
                    file.write(array.astype(columns[name], copy=False))

    return put
