"""Indexes made from shards: in one process, in several, and on a cluster; broken off and taken up again."""

import gc
import json
import multiprocessing
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import locket
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_up import ROOT

import analysis
from analysis import StudyError, make_index, open_index
from analysis.corpus import sentences, shards
from analysis.corpus.arrow_files import read_columns
from analysis.corpus.jobs import run_jobs
from analysis.corpus.places import pack_places, unpack_places
from analysis.corpus.scanning import Tokens, no_words
from analysis.corpus.segments import sentence_bounds as bounds

DOCUMENTS = 120
EXTRA = [
    "Вооружённые силы Беларуси. Им. Гагарина, ул. Ленина.",
    "Ilham Ãœber-Əliyev’s “İş”!",
    "",
    "  \n \t\n",
    "one-word",
    "¡Öl!",
]


@pytest.fixture(scope="module")
def texts(seeds):
    """Documents put together from the seeds' paragraphs, and some odd ones."""
    draw = random.Random(1)
    paragraphs = [
        seeds.texts[d][a:b] for d, a, b in seeds.paragraphs[["doc_id", "start", "end"]].itertuples(index=False)
    ]
    return ["\r\n".join(draw.choices([*paragraphs, *EXTRA], k=draw.randint(0, 6))) for _ in range(DOCUMENTS)]


@pytest.fixture(scope="module")
def folder(texts, tmp_path_factory):
    """The documents in two Parquet files of several row groups and two files of JSON Lines."""
    folder = tmp_path_factory.mktemp("shards")
    draw = random.Random(2)
    table = pd.DataFrame({"id": [f"d{n:03}" for n in range(DOCUMENTS)], "text": texts})
    table["source"] = [draw.choice(["North", "South", "East"]) for _ in texts]
    table["date"] = [draw.choice(["2016", "2017-05", "2018-11-19", ""]) for _ in texts]
    for number in range(4):
        part = table.iloc[30 * number : 30 * (number + 1)]
        if number % 2:
            part.to_json(folder / f"{number}.jsonl", orient="records", lines=True)
        else:
            pq.write_table(pa.Table.from_pandas(part.assign(words=3)), folder / f"{number}.parquet", row_group_size=7)
    return folder


@pytest.fixture
def small_jobs(monkeypatch):
    """So little to a job that there are many."""
    monkeypatch.setattr(shards, "JOB", 20_000)


@pytest.fixture(scope="module")
def single(folder, tmp_path_factory):
    """The index made in this process, in one job."""
    out = tmp_path_factory.mktemp("single") / "index"
    make_index([folder], out)
    return out


def everything(index):
    """What an index holds: its tables, arrays and texts."""
    study = open_index(index)
    arrays = [
        getattr(study.index, name).tolist() for name in ("terms", "ids", "starts", "ends", "documents", "sentences")
    ]
    return [
        study.documents.to_dict(),
        dict(study.texts),
        study.sentences.to_dict(),
        study.paragraphs.to_dict(),
        *arrays,
    ]


def test_every_count_is_that_of_a_loop_over_the_texts(texts, single):
    study = open_index(single)
    assert [study.texts[d] for d in study.documents["doc_id"]] == texts
    plain = [n for n, text in enumerate(texts) if "Ã" not in text]  # others are mended before they are counted
    table = analysis.frequency(study, by="document").groupby("group").apply(lambda t: dict(zip(t["term"], t["count"])))
    for n in plain:
        assert table.get(f"d{n:03}", {}) == Counter(map(analysis.term, analysis.tokenise(texts[n])))
    spelled = [
        (study.texts[f"d{d:03}"][a:b], i)
        for d, a, b, i in zip(study.index.documents, study.index.starts, study.index.ends, study.index.ids)
        if d in plain
    ]
    assert all(analysis.term(token) == study.index.terms[i] for token, i in spelled)


def test_an_index_of_a_study_gives_the_tables_of_the_study(seeds, tmp_path):
    """The body of each document as a shard: then every measure says the same, but for the offsets."""
    bodies = [
        "\n".join(seeds.texts[d][a:b] for a, b in own[["start", "end"]].itertuples(index=False))
        for d, own in seeds.paragraphs.groupby("doc_id")
    ]
    table = seeds.documents[["doc_id", "source", "role"]].assign(text=bodies, date=seeds.documents["date_from"])
    table.to_parquet(tmp_path / "study.parquet")
    make_index([tmp_path / "study.parquet"], tmp_path / "index")
    study = open_index(tmp_path / "index", lexicons=ROOT / "seeds")
    for measure in (
        lambda s: analysis.frequency(s, ngram=1),
        lambda s: analysis.frequency(s, ngram=3, by="document"),
        lambda s: analysis.keyness(s, target="Belarus in Focus"),
        lambda s: analysis.dispersion(s),
        lambda s: analysis.lexical_diversity(s, by="document"),
        lambda s: analysis.readability(s),
        lambda s: analysis.collocates(s, "karabakh"),
        lambda s: analysis.collocation_network(s),
        lambda s: analysis.kwic(s, ["minsk", "strategic partner*"], sort="right").drop(columns=["start", "end"]),
        lambda s: analysis.kwic(analysis.select(s, role="ties"), r"\bAr\w+", regex=True).drop(columns=["start", "end"]),
        lambda s: analysis.mentions(s).drop(columns=["start", "end"]),
        lambda s: analysis.cue_rates(s),
        lambda s: analysis.fit_topics(s, topics=3).shares,
    ):
        pd.testing.assert_frame_equal(measure(study), measure(seeds), check_dtype=False, check_categorical=False)


def test_a_study_can_be_sent_to_another_process(seeds, single):
    opened = open_index(single)
    for study in (seeds, analysis.select(seeds, role="ties"), opened, analysis.select(opened, source="North")):
        sent = pickle.loads(pickle.dumps(study))
        pd.testing.assert_frame_equal(analysis.kwic(sent, "minsk"), analysis.kwic(study, "minsk"))


def test_processes_and_small_jobs_change_nothing(folder, single, small_jobs, tmp_path):
    assert len(shards.plan_jobs(shards.find_shards([folder]))) > 5
    make_index([folder], tmp_path / "index", processes=2)
    assert everything(tmp_path / "index") == everything(single)


@pytest.mark.parametrize("batch", [1, 3000])
def test_the_size_of_a_batch_changes_nothing(folder, single, tmp_path, monkeypatch, batch):
    monkeypatch.setattr(shards, "BATCH", batch)
    make_index([folder], tmp_path / "index")
    assert everything(tmp_path / "index") == everything(single)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_loses_a_worker_half_way_gives_the_same(folder, single, small_jobs, tmp_path):
    from distributed import LocalCluster

    out = tmp_path / "index"
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        cluster.wait_for_workers(2)
        lost = []

        def lose_a_worker():
            while len(list(out.glob("parts/*"))) < 3:
                time.sleep(0.001)
            lost.append(cluster.workers[0].pid)
            os.kill(cluster.workers[0].pid, signal.SIGKILL)

        thread = threading.Thread(target=lose_a_worker)
        thread.start()
        make_index([folder], out, scheduler=cluster.scheduler_address)
        thread.join()
    assert lost
    assert everything(out) == everything(single)


def test_an_index_that_was_killed_goes_on_where_it_stopped(folder, single, tmp_path):
    out = tmp_path / "index"
    code = "import sys, analysis.corpus.shards as s; s.JOB = 20_000; import analysis; analysis.make_index(sys.argv[1:2], sys.argv[2])"
    command = [sys.executable, "-c", code, str(folder), str(out)]
    begun = subprocess.Popen(command, cwd=ROOT)
    while len(list(out.glob("parts/*"))) < 3:
        assert begun.poll() is None, "it was over before it could be killed"
        time.sleep(0.001)
    begun.kill()
    begun.wait()
    with pytest.raises(StudyError, match="the index is not finished"):
        open_index(out)
    done = {part: part.stat().st_ino for part in out.glob("parts/*")}
    subprocess.run(command, cwd=ROOT, check=True)
    assert {part: part.stat().st_ino for part in done} == done
    assert everything(out) == everything(single)


def test_sentences_and_places_are_found_when_a_measure_first_asks_for_them(folder, single, tmp_path):
    index = tmp_path / "index"
    make_index([folder], index)
    study, paths = open_index(index), [index / f"{name}.arrow" for name in ("sentences", "places")]
    part = analysis.select(study, source="North")
    analysis.keyness(study, target="North")
    analysis.frequency(part, by="document")
    assert not any(path.exists() for path in paths)
    assert len(analysis.kwic(part, "minsk")) < len(analysis.kwic(study, "minsk"))
    found = [path.stat().st_ino for path in paths]
    assert everything(index) == everything(single)
    assert [path.stat().st_ino for path in paths] == found
    assert not any(path.with_suffix("").exists() for path in paths)


@given(st.lists(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(1, 1 << 20)), max_size=3), max_size=4))
@example([[], [(0, 3), (4, 300), (4, 300)], [(7, 1)]])
def test_places_come_back_as_they_were_packed(documents):
    """In any order, and several in one place, as where an encoding was broken."""
    bounds = np.cumsum([0, *map(len, documents)])
    starts, lengths = np.array([place for own in documents for place in own], np.int32).reshape(-1, 2).T
    packed = pack_places(Tokens(starts, starts, starts + lengths, bounds, no_words()))
    found = unpack_places(packed, bounds)
    assert found["start"].tolist() == starts.tolist() and found["end"].tolist() == (starts + lengths).tolist()


def test_places_of_plain_text_take_two_bytes(tmp_path):
    pd.DataFrame([GOOD | {"text": "Some plain words.\n" * 1000}]).to_parquet(tmp_path / "1.parquet")
    make_index([tmp_path], tmp_path / "index")
    (path,) = tmp_path.glob("index/parts/*/*.places.arrow")
    assert {column.dtype for column in read_columns(path).values()} == {np.dtype(np.uint8)}


def test_sentences_that_were_half_found_are_gone_on_with(folder, single, small_jobs, tmp_path, monkeypatch):
    out = tmp_path / "index"
    make_index([folder], out)
    begun = subprocess.Popen([sys.executable, "-m", "analysis", "kwic", "--index", out, "minsk"], cwd=ROOT)
    while len(list(out.glob("sentences/*.arrow"))) < 3:
        assert begun.poll() is None, "it was over before it could be killed"
    begun.kill()
    begun.wait()
    assert not (out / "sentences.arrow").exists()
    (out / "sentences" / "half").write_bytes(b"no")
    done, all_of_them, asked = (
        len(list(out.glob("sentences/*.arrow"))),
        len(list(out.glob("parts/*/*.documents.arrow"))),
        [],
    )
    expected = everything(single)
    monkeypatch.setattr(sentences, "sentence_bounds", lambda *given, **how: asked.append(1) or bounds(*given, **how))
    assert everything(out) == expected
    assert 0 < len(asked) <= all_of_them - done


def test_two_processes_that_ask_for_sentences_at_once_get_the_same(folder, single, tmp_path):
    out = tmp_path / "index"
    make_index([folder], out)
    command = [sys.executable, "-m", "analysis", "frequency", "--index", out, "--ngram", "2", "--format", "csv"]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]
    first, second = (process.communicate()[0] for process in both)
    assert first == second and first.count(b"\n") > 100
    assert everything(out) == everything(single)


@pytest.mark.parametrize(("file", "what"), [("sentences", "sentences"), ("places", "places of words")])
def test_what_cannot_be_written_or_read_later_is_an_error_in_words(folder, tmp_path, file, what):
    make_index([folder], tmp_path / "index")
    (tmp_path / "index" / file).touch()  # where their folder is to be
    study = open_index(tmp_path / "index")
    assert len(analysis.frequency(study))
    with pytest.raises(StudyError, match=f"its {what} are asked for the first time, and it cannot be written"):
        analysis.kwic(study, "minsk")
    (tmp_path / "index" / f"{file}.arrow").write_bytes(b"no")
    with pytest.raises(StudyError, match=rf"{file}.arrow: it cannot be read \(.*\). Remove it"):
        analysis.kwic(study, "minsk")


def test_a_part_that_is_damaged_is_an_error_in_words(folder, tmp_path):
    make_index([folder], tmp_path / "index")
    next(tmp_path.glob("index/parts/*/*.places.arrow")).write_bytes(b"no")
    with pytest.raises(StudyError, match="the index cannot be read .* make the index again"):
        analysis.kwic(open_index(tmp_path / "index"), "minsk")


def test_a_part_that_is_missing_is_an_error_in_words(folder, small_jobs, tmp_path):
    out, gone = tmp_path / "index", tmp_path / "gone"
    make_index([folder], out)
    next(out.glob("parts/*/*.places.arrow")).rename(gone)
    with pytest.raises(StudyError, match="a file of places is missing.* make the index again"):
        analysis.kwic(open_index(out), "minsk")
    shutil.rmtree(next(out.glob("parts/*")))
    for read in (lambda: make_index([folder], out), lambda: open_index(out)):
        with pytest.raises(StudyError, match="the index cannot be read.* make the index again"):
            read()


def test_a_shard_that_changes_meanwhile_is_noticed(folder, single, small_jobs, tmp_path, monkeypatch):
    """After the first part a document is added; the next call does the parts of its shard anew and no others."""
    out, shards = tmp_path / "index", shutil.copytree(folder, tmp_path / "shards")
    changed = next(shards.glob("*.jsonl"))
    text = changed.read_text(encoding="utf-8").rstrip("\n") + "\n"
    added = json.dumps(GOOD | {"id": "added"}) + "\n"

    def run_and_change(*arguments, **options):
        for result in run_jobs(*arguments, **options):
            changed.write_text(text + added, encoding="utf-8")
            yield result

    with monkeypatch.context() as patched:
        patched.setattr("analysis.corpus.store.run_jobs", run_and_change)
        with pytest.raises(StudyError, match="a shard has changed while the index was made"):
            make_index([shards], out)
    assert not (out / "index.json").exists()
    done = {part.name: part.stat().st_ino for part in out.glob("parts/*")}
    make_index([shards], out)
    kept = {part.name: part.stat().st_ino for part in out.glob("parts/*")}
    assert 0 < len(done.items() & kept.items()) < len(done), (
        "parts of other shards are kept, and those of this one gone"
    )
    assert len(open_index(out).documents) == len(open_index(single).documents) + 1


def test_a_job_that_was_killed_between_its_batches_is_done_anew(folder, single, tmp_path):
    out = tmp_path / "index"
    code = "import sys, analysis.corpus.shards as s; s.BATCH = 2_000; import analysis; analysis.make_index(sys.argv[1:2], sys.argv[2])"
    begun = subprocess.Popen([sys.executable, "-c", code, str(folder), str(out)], cwd=ROOT)
    while len(list(out.glob("begun/*/*.documents.arrow"))) < 5:
        assert begun.poll() is None, "it was over before it could be killed"
        time.sleep(0.001)
    begun.kill()
    begun.wait()
    make_index(folder, out)
    assert everything(out) == everything(single)
    assert not (out / "begun").exists()


def test_after_a_shard_is_corrected_the_same_call_goes_on(tmp_path, small_jobs):
    good = pd.DataFrame([GOOD | {"id": str(n), "text": "Some words. " * 2000} for n in range(3)])
    good.to_json(tmp_path / "1.jsonl", orient="records", lines=True)
    for name in ("2", "3"):
        good.assign(id=name + good["id"], source="").tail(1).to_json(
            tmp_path / f"{name}.jsonl", orient="records", lines=True
        )
    with pytest.raises(StudyError) as error:
        make_index(sorted(tmp_path.glob("*.jsonl")), tmp_path / "index")
    assert [(p.file, p.row) for p in error.value.problems] == [("2.jsonl", 1), ("3.jsonl", 1)]
    done = {part: part.stat().st_ino for part in tmp_path.glob("index/parts/*/*.documents.arrow")}
    assert len(done) == 3
    for name in ("2", "3"):
        good.assign(id=name + good["id"], source="T").to_json(tmp_path / f"{name}.jsonl", orient="records", lines=True)
    table = make_index(sorted(tmp_path.glob("*.jsonl")), tmp_path / "index")
    assert table["documents"].tolist() == [3, 6]
    assert {part: part.stat().st_ino for part in done} == done


def test_what_is_broken_off_before_its_first_part_goes_on(folder, tmp_path, monkeypatch):
    """A folder in which something was begun is not taken for something else."""
    make_folder = Path.mkdir

    def make_and_stop(path, **options):
        make_folder(path, **options)
        if path.name == "parts":
            raise KeyboardInterrupt

    with monkeypatch.context() as stopped, pytest.raises(KeyboardInterrupt):
        stopped.setattr(Path, "mkdir", make_and_stop)
        make_index([folder], tmp_path / "index")
    assert make_index([folder], tmp_path / "index")["documents"].sum() == DOCUMENTS


def test_a_finished_index_is_left_alone_and_another_is_not_written_into_it(folder, single, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in single.rglob("*.*")}
    assert make_index([folder], single)["documents"].sum() == DOCUMENTS
    assert {path: path.stat().st_mtime_ns for path in single.rglob("*.*")} == before
    with pytest.raises(StudyError, match="something else than an index of these files"):
        make_index([folder / "0.parquet"], single)
    with pytest.raises(StudyError, match="there is no index here"):
        open_index(tmp_path)


def test_dates_are_ranges_and_other_columns_are_kept(single):
    documents = open_index(single).documents
    ranges = set(zip(documents["date_from"], documents["date_to"], documents["year"]))
    assert ranges == {
        ("2016-01-01", "2016-12-31", "2016"), ("2017-05-01", "2017-05-31", "2017"),
        ("2018-11-19", "2018-11-19", "2018"), ("", "", "undated"),
    }  # fmt: skip
    assert set(documents["words"]) == {"3", ""}


def test_a_year_is_a_date(tmp_path):
    pd.DataFrame([GOOD | {"year": 2018}, GOOD | {"id": "b", "year": None}]).to_parquet(tmp_path / "a.parquet")
    make_index([tmp_path / "a.parquet"], tmp_path / "index")
    documents = open_index(tmp_path / "index").documents
    assert documents[["date_to", "year"]].to_numpy().tolist() == [["2018-12-31", "2018"], ["", "undated"]]


def test_blanks_around_an_id_and_a_source_are_none_of_theirs(tmp_path):
    pd.DataFrame([GOOD | {"id": " a ", "source": "S\u00a0"}, GOOD | {"id": "b"}]).to_parquet(tmp_path / "a.parquet")
    make_index(tmp_path, tmp_path / "index")
    documents = open_index(tmp_path / "index").documents
    assert documents["doc_id"].tolist() == ["a", "b"] and set(documents["source"]) == {"S"}


GOOD = {"id": "a", "source": "S", "text": "Some words."}
LINES = {
    '{"id": "a", "source": "S"}': "a.jsonl, row 2: there is no text",
    '{"id": "a", "source": " ", "text": "x"}': "a.jsonl, row 2: there is no source",
    '{"source": "S", "text": "x"}': "a.jsonl, row 2: there is no id",
    '{"id": "a", "source": "S", "text": "x", "date": "2017-02-30"}': "a.jsonl, row 2: the date “2017-02-30” is none",
    '{"id": "a", "source": "S", "text": "x", "role": "tie"}': "a.jsonl, row 2: the role “tie” is unknown",
    '{"id": "a", "source": "S", "text": "\\ud800"}': "a.jsonl, row 2: the line is not JSON in UTF-8",
    '{"id": "a", "source": "S", "text"': "a.jsonl, row 2: the line is not JSON in UTF-8",
    "[1]": "a.jsonl, row 2: the line is no object with values",
    '{"id": null, "text": ["x"]}': "a.jsonl, row 2: the line is no object with values",
    '{"id": "b", "source": "S", "text": "x"}': "a.jsonl: the id “b” stands there more than once",
    '{"id": "a", "source": "S", "text": "x", "tokens": 3}': "a.jsonl: it has the columns tokens",
    '{"id": "a", "source": "S", "text": NaN}': "a.jsonl, row 2: there is no text",
    '{"id": "a", "source": "S", "text": "x", "date_from": "2018", "date_to": "2017"}': "a.jsonl, row 2: the date “2018 to 2017”",
}


@pytest.mark.parametrize("line", LINES)
def test_what_is_wrong_is_said_with_file_and_row(tmp_path, line):
    first = '{"id": "b", "source": "S", "text": "Some words."}'
    (tmp_path / "a.jsonl").write_text(f"{first}\n{line}\n\n", encoding="utf-8")
    with pytest.raises(StudyError) as error:
        make_index([tmp_path / "a.jsonl"], tmp_path / "index")
    assert str(error.value).startswith(LINES[line]) and len(error.value.problems) == 1


def test_half_a_character_is_no_text(tmp_path):
    (tmp_path / "a.jsonl").write_bytes('{"id": "a", "source": "S", "text": "\ud800"}'.encode("utf-8", "surrogatepass"))
    with pytest.raises(StudyError, match="a.jsonl, row 1: the line is not JSON in UTF-8"):
        make_index(tmp_path, tmp_path / "index")


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_rows_are_counted_from_the_head_of_the_file(tmp_path, small_jobs, ending):
    table = pd.DataFrame([GOOD | {"id": str(n), "text": "Some words. " * 40} for n in range(300)])
    table.loc[[250, 299], "source"] = ""
    path = tmp_path / f"a.{ending}"
    if ending == "jsonl":
        table.to_json(path, orient="records", lines=True)
    else:
        table.to_parquet(path, row_group_size=40)
    with pytest.raises(StudyError) as error:
        make_index([path], tmp_path / "index")
    assert error.value.problems[0].row == 251


def test_shards_that_are_none(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"no")
    pd.DataFrame({"id": ["a"], "text": ["x"]}).to_parquet(tmp_path / "b.parquet")
    with pytest.raises(StudyError) as error:
        make_index([tmp_path], tmp_path / "index")
    assert [(p.file, p.what.partition(" (")[0]) for p in error.value.problems] == [
        ("a.parquet", "it cannot be read"),
        ("b.parquet", "there is no column “source”"),
    ]
    for path in (tmp_path / "none.parquet", tmp_path / "index", ROOT / "README.md"):
        with pytest.raises(StudyError, match="there is no such file or folder|it is no shard"):
            make_index([path], tmp_path / "index")


def test_names_and_links_that_lead_nowhere(tmp_path):
    (tmp_path / "a.jsonl").symlink_to(tmp_path / "none")
    with pytest.raises(StudyError, match="a.jsonl: it is a link that leads nowhere"):
        make_index([tmp_path], tmp_path / "index")
    (tmp_path / "a.jsonl").unlink()
    named = tmp_path / os.fsdecode(b"caf\xe9.jsonl")
    named.write_text(json.dumps(GOOD))
    for paths in (tmp_path, named):
        with pytest.raises(StudyError, match="its name is not in UTF-8"):
            make_index(paths, tmp_path / "index")
    named.rename(tmp_path / "good.jsonl")
    with pytest.raises(StudyError, match="its name is not in UTF-8"):
        make_index(tmp_path, tmp_path / os.fsdecode(b"o\xe9ut"))
    assert make_index(tmp_path, tmp_path / "index")["documents"].tolist() == [1]


def test_a_value_that_is_no_text_does_not_take_others_with_it(tmp_path):
    rows = [GOOD | {"id": str(n)} for n in range(4)]
    region = pa.array([b"Minsk", b"Baku", b"Caf\xe9", b"Minsk"])
    broken = pa.Array.from_buffers(pa.string(), 4, region.buffers())
    pq.write_table(pa.Table.from_pylist(rows).append_column("region", broken), tmp_path / "a.parquet", row_group_size=2)
    with pytest.raises(StudyError, match="a.parquet, row 3: the value in the column “region” is no text"):
        make_index(tmp_path, tmp_path / "index")


def test_what_is_no_number_is_missing_in_either_kind_of_file(tmp_path):
    rows = pd.DataFrame([GOOD | {"id": 1.0, "weight": 2.5}, GOOD | {"id": 1e20, "weight": float("nan")}])
    rows.to_parquet(tmp_path / "a.parquet")
    rows.to_json(tmp_path / "b.jsonl", orient="records", lines=True)
    tables = []
    for name in ("a.parquet", "b.jsonl"):
        make_index(tmp_path / name, tmp_path / name.replace(".", "_"))
        tables.append(open_index(tmp_path / name.replace(".", "_")).documents[["doc_id", "weight"]])
    assert tables[0].equals(tables[1]) and tables[0]["weight"].tolist() == ["2.5", ""]
    rows.assign(source=[float("nan"), 1.0]).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(StudyError, match="a.parquet, row 1: there is no source"):
        make_index(tmp_path / "a.parquet", tmp_path / "other")


def test_columns_that_only_some_shards_have_and_kinds_of_every_sort(tmp_path):
    days = pd.Series(pd.to_datetime(["2018-11-19", None]))
    one = pd.DataFrame([GOOD | {"title": "T", "role": "context", "language": "ru"}, GOOD | {"id": "b"}])
    one = one.assign(
        date=days.dt.tz_localize("UTC"), lists=[[1], [2]], raw=[b"\xff", b"x"], kind=pd.Categorical(["k", None])
    )
    one.to_parquet(tmp_path / "1.parquet")
    (tmp_path / "news.parquet").mkdir()
    pd.DataFrame([GOOD | {"id": 7, "date_from": "2016-12-30", "date_to": "2017-01", "ok": True}]).to_parquet(
        tmp_path / "news.parquet" / "1.parquet"
    )
    (tmp_path / "2.jsonl").write_text(
        '{"id": 8, "source": "S", "text": "x", "title": "U", "year": 2018.0, "ok": false}\n{"id": 9, "source": "S", "text": "x", "part": 1.5}\n',
        encoding="utf-8",
    )
    make_index(str(tmp_path), tmp_path / "index")
    documents = open_index(tmp_path / "index").documents.set_index("doc_id").T
    assert documents["a"][["title", "role", "language", "year", "kind", "shard"]].tolist() == [
        "T",
        "context",
        "ru",
        "2018",
        "k",
        f"{tmp_path.name}/1.parquet",
    ]
    assert documents["b"][["title", "role", "year", "kind"]].tolist() == ["", "ties", "undated", ""]
    assert documents["7"][["date_from", "date_to", "year", "ok"]].tolist() == [
        "2016-12-30",
        "2017-01-31",
        "2016–2017",
        "true",
    ]
    assert documents["8"][["title", "year", "ok", "part"]].tolist() == ["U", "2018", "false", ""]
    assert documents["9"][["title", "year", "part"]].tolist() == ["", "undated", "1.5"]
    assert not {"lists", "raw"} & set(documents.index)


@pytest.mark.parametrize(
    "make", [lambda f: (f / "a.jsonl").touch(), lambda f: pd.DataFrame([GOOD]).head(0).to_parquet(f / "a.parquet")]
)
def test_shards_without_a_document(tmp_path, make):
    make(tmp_path)
    with pytest.raises(StudyError, match="they hold no document"):
        make_index(tmp_path, tmp_path / "index")
    with pytest.raises(StudyError, match="no path is given"):
        make_index([], tmp_path / "index")


def test_a_column_that_stands_there_twice(tmp_path):
    columns = [pa.array(["a"])] * 4
    pq.write_table(pa.table(columns, names=["id", "source", "text", "text"]), tmp_path / "a.parquet")
    with pytest.raises(StudyError, match="the column “text” stands there twice"):
        make_index(tmp_path, tmp_path / "index")


def test_a_column_whose_name_is_no_text(tmp_path):
    pd.DataFrame([GOOD | {"zzzz": "x"}]).to_parquet(tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole.replace(b"zzzz", b"zz\xb0z"))
    with pytest.raises(StudyError, match="a.parquet: it cannot be read"):
        make_index(tmp_path, tmp_path / "index")


def test_a_program_without_a_guard_is_told_so(folder, tmp_path):
    text = f"import analysis.corpus.shards as s; s.JOB = 20_000; import analysis; analysis.make_index({str(folder)!r}, {str(tmp_path / 'i')!r}, processes=2)"
    (tmp_path / "program.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, tmp_path / "program.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 1 and 'if __name__ == "__main__":' in done.stderr.splitlines()[-1]


def test_an_index_that_is_damaged_or_of_another_version(single, tmp_path):
    copy = shutil.copytree(single, tmp_path / "copy")
    (copy / "ids.arrow").write_bytes(b"no")
    with pytest.raises(StudyError, match="the index cannot be read"):
        open_index(copy)
    (copy / "index.json").write_text('{"version": 99}')
    with pytest.raises(StudyError, match="made by another version"):
        open_index(copy)


def test_an_error_in_another_process_comes_back_whole(tmp_path, small_jobs):
    table = pd.DataFrame([GOOD | {"id": str(n), "text": "Some words. " * 40} for n in range(300)])
    table.loc[200, "text"] = None
    table.to_parquet(tmp_path / "a.parquet", row_group_size=40)
    with pytest.raises(StudyError) as error:
        make_index([tmp_path / "a.parquet"], tmp_path / "index", processes=2)
    assert [(p.file, p.row, p.what) for p in error.value.problems] == [("a.parquet", 201, "there is no text")]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tls://127.0.0.1:9", "ucx://127.0.0.1:9", "nothing"])
def test_a_cluster_that_does_not_answer(folder, tmp_path, monkeypatch, address):
    """No half a client is left: collected while the next one begins, it would wait for ever for a lock of its own."""
    from distributed import Client

    monkeypatch.setattr("analysis.corpus.jobs.PATIENCE", 0.2)
    gc.disable()
    try:
        with pytest.raises(StudyError, match=f"no Dask scheduler answers at “{address}”"):
            make_index([folder], tmp_path / "index", scheduler=address)
        assert not any(isinstance(one, Client) for one in gc.get_objects())
    finally:
        gc.enable()


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_gives_up_says_so_and_what_is_done_is_kept(folder, single, small_jobs, tmp_path):
    import dask
    from distributed import LocalCluster

    out = tmp_path / "index"
    one = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None}
    with dask.config.set({"distributed.scheduler.allowed-failures": 0}), LocalCluster(**one) as cluster:
        cluster.wait_for_workers(1)

        def lose_the_worker():
            while not list(out.glob("parts/*")):
                time.sleep(0.001)
            os.kill(cluster.workers[0].pid, signal.SIGKILL)

        threading.Thread(target=lose_the_worker).start()
        with pytest.raises(StudyError, match="the cluster broke off .* run the same again"):
            make_index([folder], out, scheduler=cluster.scheduler_address)
    assert list(out.glob("parts/*")) and not (out / "index.json").exists()
    make_index([folder], out)
    assert everything(out) == everything(single)


def test_an_index_is_made_by_one_process_at_a_time(folder, tmp_path):
    out = tmp_path / "index"
    out.mkdir()
    lock = locket.lock_file(str(out / "lock"), timeout=0)  # as another process would hold it
    lock.acquire()
    with pytest.raises(StudyError, match="another process is making an index there"):
        in_another_process(folder, out)
    lock.release()
    make_index(folder, out)
    assert open_index(out).documents["tokens"].sum() > 0


def in_another_process(folder, out):
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(make_index, folder, out).result()


def test_parts_of_which_only_the_documents_are_left_are_made_again(folder, tmp_path):
    out = tmp_path / "index"
    made = make_index(folder, out)
    before = {path.name: path.read_bytes() for path in out.glob("*.arrow")}
    (out / "index.json").unlink()
    assert make_index(folder, out).equals(made)
    assert before == {path.name: path.read_bytes() for path in out.glob("*.arrow")}
