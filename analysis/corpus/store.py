"""An index on disk, made from shards: part by part, here or elsewhere, and united at the end.

The folder of an index holds Arrow files, which are mapped and not loaded:

- ``terms.arrow``: the vocabulary, sorted
- ``ids.arrow``: for each token its term
- ``paragraphs.arrow``: for each its first token, its document, and its place there
- ``parts/*/*.documents.arrow``: the documents, with their texts; ``*.places.arrow``: where their tokens stand, packed
- ``places.arrow``: for each token where it begins and ends in its document's text; made when first asked for
- ``sentences.arrow``: for each its first token, its paragraph, and its place; made when first asked for
- ``plan.json``: the parts, in order; ``index.json``, without which it is unfinished
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import locket
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from tqdm import tqdm

from analysis.corpus.arrow_files import Columns, in_few_bytes, join_files, read_file, write_file
from analysis.corpus.index import find_tokens, first_tokens, sorted_terms
from analysis.corpus.jobs import run_jobs
from analysis.corpus.parts import documents_table, part_files, read_documents
from analysis.corpus.places import pack_places
from analysis.corpus.scanning import Words, as_bytes, no_words, scan_lines, spelled
from analysis.corpus.shards import SHOWN, Job, check_name, find_shards, plan_jobs, read_batches
from analysis.corpus.tokens import terms_of
from analysis.errors import Problem, StudyError

VERSION = 4  # of the files' layout
PASSING = ("terms", "ids", "paragraphs")  # files of a part that are of no use once it is united with others
VOCABULARY = "all.terms.arrow"  # of a part
LOCK = "lock"  # the file that is held while an index is made


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
        How many other processes of this machine to have it done by; by default it is done by this one, in threads. In a
        program of your own, other processes need the call to stand under ``if __name__ == "__main__":``.

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
    of the corpus. Sentences are found when a measure first asks for them: see `open_index`. `date_from` and `date_to`
    may stand in the place of ``date``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     shard = Path(folder, "shard.jsonl")
    ...     _ = shard.write_text('{"id": "1", "source": "A", "text": "One text."}\n', encoding="utf-8")
    ...     make_index(shard, Path(folder, "index")).to_numpy().tolist()
    [['A', 1, 2]]
    """
    folder = Path(folder).resolve()
    check_name(folder)
    jobs = {_key(job): job for job in plan_jobs(find_shards(paths))}
    with _alone(folder):
        _make(folder, jobs, scheduler=scheduler, processes=processes)
        documents = read_documents(folder)
    return documents.groupby("source").agg(documents=("doc_id", "size"), tokens=("tokens", "sum")).reset_index()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder of an index, which is made if it is not there, against other processes."""
    if folder.exists() and not (folder / "plan.json").exists() and any(p.name != LOCK for p in folder.iterdir()):
        raise _something_else(folder)
    lock = locket.lock_file(str(folder / LOCK), timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except locket.LockError:
        what = "another process is making an index there"
        raise StudyError(Problem(str(folder), what, "Wait until it is done, or give another folder.")) from None
    except OSError as error:
        what = f"it cannot be written ({error.strerror})"
        raise StudyError(Problem(str(folder), what, "Give another one.")) from None
    try:
        yield
    finally:
        lock.release()


def _something_else(folder: Path) -> StudyError:
    what = "it holds something else than an index of these files as they are now"
    return StudyError(Problem(str(folder), what, "Give another folder, or remove this one."))


def _make(folder: Path, jobs: dict[str, Job], *, scheduler: str, processes: int) -> None:
    """Do what is left to do of an index."""
    _agree(folder, list(jobs))
    if not (folder / "index.json").exists():
        todo = [(key, job) for key, job in jobs.items() if not (folder / "parts" / key).exists()]
        problems = []
        with tqdm(total=sum(job.size for job in jobs.values()), unit="B", unit_scale=True, disable=None) as bar:
            bar.update(bar.total - sum(job.size for _, job in todo))
            for size, found in run_jobs(partial(_make_part, folder), todo, scheduler=scheduler, processes=processes):
                problems += found
                bar.update(size)
        if [_key(job) for job in jobs.values()] != list(jobs):
            what = "a shard has changed while the index was made"
            raise StudyError(Problem(str(folder), what, "Run the same again: the parts that have not are kept."))
        if problems:
            raise StudyError(*sorted(problems, key=lambda p: (p.file, p.row or 0)))
        _unite(folder)


def _key(job: Job) -> str:
    """A name for a part that is another one if a file of it changes."""
    files = {piece.path: Path(piece.path).stat() for piece in job.pieces}
    state = [VERSION, job.pieces, [(path, stat.st_size, stat.st_mtime_ns) for path, stat in files.items()]]
    return sha256(json.dumps(state).encode()).hexdigest()[:16]


def _agree(folder: Path, keys: list[str]) -> None:
    """Write down the parts, in order; parts of files that have changed go. A finished index stays as it is."""
    plan, place, finished = json.dumps(keys, indent=1), folder / "plan.json", (folder / "index.json").exists()
    agreed = place.exists() and place.read_text(encoding="utf-8") == plan
    if finished and not agreed:
        raise _something_else(folder)
    if finished and not _is_whole(folder):
        remedy = "Remove the folder, and make the index again."
        raise StudyError(Problem(str(folder), "the index cannot be read, for a part of it is missing", remedy))
    if not agreed:
        place.write_text(plan, encoding="utf-8")
    if not finished:
        (folder / "parts").mkdir(exist_ok=True)
        for part in (folder / "parts").iterdir():
            if part.name not in keys or not (part / VOCABULARY).exists():  # of which nothing but documents is left
                shutil.rmtree(part)


def _is_whole(folder: Path) -> bool:
    """Whether a finished index has as many tokens, and places of them, as its documents say."""
    try:
        rows = [read_file(path).num_rows for path in part_files(folder, "places")]
        tokens = [read_file(path).column("tokens").to_numpy().sum() for path in part_files(folder, "documents")]
        finished = json.loads((folder / "index.json").read_text(encoding="utf-8")) == {"version": VERSION}
        return finished and rows == tokens and sum(rows) == read_file(folder / "ids.arrow").num_rows
    except (OSError, ValueError, pa.ArrowException):
        return False


def _make_part(folder: Path, named: tuple[str, Job]) -> tuple[int, list[Problem]]:
    """Index the documents of a job into a folder of its own; return the job's size, and what is wrong with it."""
    key, job = named
    part, begun = folder / "parts" / key, folder / "begun" / uuid4().hex
    begun.mkdir(parents=True)
    words = no_words()
    try:
        for number, table in enumerate(read_batches(job)):
            words = _write_batch(table, words, begun / f"{number:06}")
        write_file(pa.table({"term": terms_of(spelled(words))}), begun / VOCABULARY)
        begun.rename(part)
    except StudyError as error:
        return job.size, list(error.problems)
    except OSError:
        if not part.exists():  # else another worker was faster
            raise
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    return job.size, []


def _write_batch(table: pa.Table, words: Words, stem: Path) -> Words:
    """Index some documents, and write their tokens, their paragraphs and themselves; return the words known then."""
    data, bounds = as_bytes(table.column("text").combine_chunks())
    tokens = find_tokens(data, bounds, words)
    document, begins, stops = scan_lines(data, bounds)
    first = first_tokens(tokens.starts, tokens.bounds, document, begins)
    tables = {
        "ids": pa.table({"id": in_few_bytes(tokens.ids)}),
        "places": pa.table(pack_places(tokens)),
        "paragraphs": pa.table({"first_token": first, "within": document, "start": begins, "end": stops}),
        "documents": table.append_column("tokens", pa.array(np.diff(tokens.bounds))),
    }
    for kind, own in tables.items():
        write_file(own, stem.with_suffix(f".{kind}.arrow"))
    return tokens.words


def _unite(folder: Path) -> None:
    """Write the parts of an index behind one another; then remove all but the documents and the places."""
    shutil.rmtree(folder / "begun", ignore_errors=True)
    _check_ids(folder)
    counts = [read_file(path).column("tokens").to_numpy() for path in part_files(folder, "documents")]
    documents, tokens = (np.cumsum([0, *map(measure, counts)]) for measure in (len, sum))

    def own_paragraphs(number: int, columns: Columns) -> Columns:
        first, within = columns["first_token"] + tokens[number], columns["within"] + documents[number]
        return {**columns, "first_token": first, "within": within}

    join_files(part_files(folder, "paragraphs"), folder / "paragraphs.arrow", own_paragraphs)
    _unite_terms(folder)
    (folder / "index.json").write_text(json.dumps({"version": VERSION}), encoding="utf-8")
    for kind in PASSING:
        for path in part_files(folder, kind):
            path.unlink()


def _unite_terms(folder: Path) -> None:
    """Write one vocabulary, and the tokens as places in it."""
    vocabularies = {path.parent: read_file(path).column("term") for path in part_files(folder, "terms")}
    first = dict(zip(vocabularies, np.cumsum([0, *map(len, vocabularies.values())])))
    chunks = [chunk for vocabulary in vocabularies.values() for chunk in vocabulary.chunks]
    terms, place = sorted_terms(pa.concat_arrays([pa.array([], pa.large_string()), *chunks]))
    write_file(pa.table({"term": terms}), folder / "terms.arrow")
    paths = part_files(folder, "ids")

    def own_ids(number: int, columns: Columns) -> Columns:
        return {"id": place[first[paths[number].parent] :][columns["id"]]}

    join_files(paths, folder / "ids.arrow", own_ids, {"id": place.dtype})


def _check_ids(folder: Path) -> None:
    """There are documents, and no two share an id."""
    documents = documents_table(folder)
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
