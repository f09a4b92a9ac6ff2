"""The command line as a shell sees it: output, remarks, exit status."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pandas as pd
import pytest
from made_up import ROOT, with_cell, write_rows

import analysis
from analysis.__main__ import main

COLUMNS = {
    "documents": "doc_id source title date_from date_to role paragraphs sentences tokens characters_kept characters_removed",
    "residue": "doc_id start end rule text",
    "frequency --by year --ngram 2": "term group count per_10k documents",
    "frequency --interval": "term group per_10k low high",
    "keyness --target Belarus\xa0in\xa0Focus": "term count_target count_reference g2 log_ratio",
    "keyness --target Belarus\xa0in\xa0Focus --measures bic fisher --ngram 2": "term bic fisher",
    "keyness --target 2018 --by year --measures odds_ratio": "odds_ratio",
    "keyness --by year --measures jsd": "target reference term count_target count_reference jsd",
    "keyness --target 2018 --by year --test": "term log_ratio low high p p_floor q relabellings",
    "dispersion": "term count range parts dp dp_norm juilland_d da kld",
    "diversity --by document": "group tokens types ttr mattr mtld hdd",
    "dispersion --interval": "term dp low high",
    "diversity --interval": "group mattr mattr_low mattr_high mtld_low",
    "collocates karabakh --interval": "term delta_p_from_node low high",
    "readability": "group sentences words lix",
    "collocates karabakh --minimum 2 --window sentence": "term count expected g2 log_dice",
    "collocates azerbaijan --target 2018 --by year": "term count_target count_reference log_ratio",
    "pairs --skip 1": "first second count expected documents g2 delta_p_forward",
    "network --edges 5 --interval": "term other count weight documents log_odds low high",
    "kwic minsk --window 3": "doc_id sentence start left match right",
    "actors --by document": "actor form group count per_10k",
    "events": "actor target class group count sentences",
    "frames": "frame group cue_rate sentences",
    "tone": "category group count per_10k quoted sentences_with sentence_share documents sentences",
    "tone --interval": "category group per_10k low high",
    "voices": "doc_id start outlet name country date self source sentence_id",
    "quotations": "doc_id start text speaker verb actor source sentence_id",
    "coding-sheet --sample 5 --seed 2": "unit text read",
    "agreement": "code alpha low high agreement prevalence units needed_667",
    "drift": "contrast slice divergence null_mean excess p p_floor documents_a documents_b verdict",
    "drift --topics 3": "contrast divergence null_mean excess p p_floor documents_a documents_b verdict",
    "drift --timeline": "contrast slice documents_a documents_b verdict",
    "topics": "topic terms group share low high units documents",
    "topics --choose": "topics stability coherence exclusivity rediscovering runs documents chosen",
    "topics --windows changes --topics 2": "period next_period thread terms share next_share change low high p q",
    "topics --windows links --topics 3 --by source": "period topic next_period next_topic similarity kind",
}


def run(*arguments):
    """Run a command in this process, which need not load the libraries again, with the streams that a shell gives it."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="ascii") for _ in range(2)]
    with chdir(ROOT), redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        try:
            status = main([*map(str, arguments)])
        except SystemExit as left:
            status = left.code
    written = []
    for stream in streams:
        stream.flush()
        written.append(stream.buffer.getvalue().decode("utf-8"))
    return subprocess.CompletedProcess(arguments, status, *written)


def run_alone(*arguments):
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "analysis", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)


def words(line):
    """A command line in words; a no-break space stands within a word."""
    return [word.replace("\xa0", " ") for word in line.split(" ")]


@pytest.mark.parametrize(("command", "columns"), COLUMNS.items())
def test_json_and_csv_hold_the_same_table(command, columns):
    as_json = run(*words(command), "--format", "json")
    as_csv = run(*words(command), "--format", "csv")
    assert (as_json.returncode, as_csv.returncode) == (0, 0)
    records = json.loads(as_json.stdout, parse_constant=pytest.fail)
    rows = list(csv.DictReader(io.StringIO(as_csv.stdout)))
    assert records
    assert set(columns.split()) <= set(records[0])
    floats = {k for record in records for k, v in record.items() if isinstance(v, float)}
    plain = [{k: "" if v is None else str(v) for k, v in r.items() if k not in floats} for r in records]
    assert plain == [{k: v for k, v in row.items() if k not in floats} for row in rows]


def test_check_reads_what_readers_have_found_too(folder):
    for name in ("actors.yml", "verbs.yml"):
        (folder / name).write_bytes((ROOT / "seeds" / name).read_bytes())
    row = "01-9,Belarus,verbal cooperation,Armenia,met"
    (folder / "events.csv").write_text(f"sentence_id,actor,class,target,words\n{row}\n", encoding="utf-8")
    done = run("check", "--study", folder)
    assert done.returncode == 1 and "events.csv, row 2: there is no sentence “01-9”" in done.stdout


@pytest.mark.parametrize(
    ("name", "head", "row", "said"),
    [
        ("quotations.csv", "sentence_id,quoted,speaker,speaks_for", "01-9,ripe,,", "there is no sentence “01-9”"),
        (
            "published.csv",
            "study,what,texts,measure,lowest,highest",
            "Doe,readers,pears,alpha,1,0",
            "“1” to “0” is no range",
        ),
    ],
)
def test_check_reads_what_a_study_may_bring_along(folder, name, head, row, said):
    (folder / name).write_text(f"{head}\n{row}\n", encoding="utf-8")
    done = run("check", "--study", folder)
    assert done.returncode == 1 and f"{name}, row 2: {said}" in done.stdout


def test_check_goes_on_after_the_first_file_with_a_problem(folder):
    (folder / "quotations.csv").write_text("sentence_id,quoted,speaker,speaks_for\n01-9,ripe,,\n", encoding="utf-8")
    (folder / "published.csv").write_text("study\n", encoding="utf-8")
    said = run("check", "--study", folder).stdout
    assert "quotations.csv, row 2" in said and "published.csv" in said


def test_frames_are_learnt_from_a_table_of_coded_texts(tmp_path):
    rows = [
        f"{text} {n},{label},d{n}" for n in range(6) for text, label in (("new tanks", "arms"), ("bread", "prices"))
    ]
    (tmp_path / "coded.csv").write_text("head,code,doc\n" + "\n".join(rows) + "\n", encoding="utf-8")
    columns = ["--text-column", "head", "--label-column", "code", "--group-column", "doc", "--cross-validate", "3"]
    done = run("frames", "--train", tmp_path / "coded.csv", *columns, "--format", "json")
    table = json.loads(done.stdout)
    assert [(row["label"], row["n"], row["f1"]) for row in table] == [
        ("arms", 6, 1),
        ("prices", 6, 1),
        ("all labels", 12, 1),
    ]
    assert (table[-1]["texts"], table[-1]["documents"]) == (12, 6)
    wrong = run("frames", "--train", tmp_path / "coded.csv", "--text-column", "body", "--label-column", "code")
    assert wrong.returncode == 2 and "body" in wrong.stderr and "head, code, doc" in wrong.stderr


def test_a_filled_in_sheet_becomes_codings(seeds, tmp_path):
    sheet = pd.read_csv(io.StringIO(run("coding-sheet", "--sample", "3").stdout), dtype=str, keep_default_na=False)
    sheet.assign(read="x").to_csv(tmp_path / "ann.csv", index=False)
    done = run("codings", tmp_path / "ann.csv")
    (tmp_path / "codings.csv").write_text(done.stdout, encoding="utf-8")
    codings = analysis.read_codings(seeds, tmp_path / "codings.csv")
    assert (len(codings), set(codings["coder"]), set(codings["code"])) == (3, {str(tmp_path / "ann")}, {""})


def test_the_shell_gives_the_numbers_of_python(seeds):
    shell = pd.DataFrame(json.loads(run_alone("frequency", "--by", "document", "--format", "json").stdout))
    assert shell.to_dict("list") == analysis.frequency(seeds, by="document").to_dict("list")
    shell = json.loads(run("keyness", "--target", "Belarus in Focus", "--role", "ties", "--format", "json").stdout)
    table = analysis.keyness(analysis.select(seeds, role="ties"), target="Belarus in Focus")
    assert shell == table.to_dict("records")


def test_offsets_of_the_shell_lead_into_the_raw_file(seeds):
    for row in json.loads(run("residue", "--format", "json").stdout):
        file = seeds.documents.set_index("doc_id").loc[row["doc_id"], "file"]
        raw = (ROOT / "seeds" / file).read_bytes().decode("utf-8")
        assert raw[row["start"] : row["end"]] == row["text"]


def test_remarks_do_not_mix_with_the_table():
    done = run("keyness", "--target", "Belarus in Focus", "--format", "csv")
    assert "Descriptive only" in done.stderr
    assert "Descriptive only" not in done.stdout


def test_a_reference_list_from_a_file(tmp_path):
    (tmp_path / "list.csv").write_text("term,count\nthe,60\nzebra,5\n", encoding="utf-8")
    done = run("keyness", "--target", "Belarus in Focus", "--reference-list", tmp_path / "list.csv", "--format", "csv")
    rows = {row["term"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert rows["zebra"]["count_reference"] == "5" and rows["zebra"]["documents_reference"] == ""


@pytest.mark.parametrize("ending", ["pdf", "docx", "rtf", "html", "csv", "jsonl", "parquet"])
def test_a_picture_is_no_document_and_that_is_said_in_one_line(tmp_path, ending):
    (tmp_path / f"a.{ending}").write_bytes((ROOT / ".github" / "book.png").read_bytes())
    done = run("new", tmp_path / "study", tmp_path / f"a.{ending}")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert done.stderr.startswith(f"a.{ending}: ") and not (tmp_path / "study").exists()


@pytest.fixture(scope="module")
def index(tmp_path_factory, seeds):
    """An index that the command line has made of two shards with the whole files of the seeds."""
    folder = tmp_path_factory.mktemp("index")
    table = seeds.documents[["doc_id", "source", "role"]].assign(
        text=list(seeds.texts.values()), date=seeds.documents["year"].str[:4]
    )
    table.head(2).to_parquet(folder / "a.parquet")
    table.tail(3).to_json(folder / "b.jsonl", orient="records", lines=True)
    done = run("index", folder / "a.parquet", folder / "b.jsonl", "--out", folder / "made", "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    rows = {row["source"]: int(row["documents"]) for row in csv.DictReader(io.StringIO(done.stdout))}
    assert rows == table["source"].value_counts().to_dict()
    return folder / "made"


@pytest.mark.parametrize("command", [c for c in COLUMNS if c not in ("residue", "agreement")])
def test_every_command_that_counts_takes_an_index(index, command):
    done = run(*words(command), "--index", index, "--format", "csv")
    assert done.returncode == 0 and "Traceback" not in done.stderr
    needed = set(COLUMNS[command].split()) - {"characters_kept", "characters_removed"}
    needed -= {"sentences"} if command == "documents" else set()
    assert needed <= set(done.stdout.splitlines()[0].split(","))
    assert len(done.stdout.splitlines()) > 2


def test_words_that_count_as_one(tmp_path):
    (tmp_path / "a.csv").write_text("term,counts_as\nMinsk,belarus\n", encoding="utf-8")
    options = ["--by", "role", "--format", "csv", "--aliases", tmp_path / "a.csv", "--stem", "english"]
    rows = {(r["group"], r["term"]): r for r in csv.DictReader(io.StringIO(run("frequency", *options).stdout))}
    assert ("ties", "minsk") not in rows and ("ties", "partners") not in rows
    assert int(rows["ties", "partner"]["count"]) > 0 and int(rows["ties", "belarus"]["count"]) > 0
    done = run("frequency", "--stem", "klingon")
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("stem: there is no “klingon”")


@pytest.mark.parametrize(
    "command",
    [
        "keyness --target 2018 --by year --test --measures bic",
        "kwic minsk --actor Belarus",
        "kwic",
        "frequency --index x --without margin",
    ],
)
def test_options_that_make_each_other_void_are_refused(command):
    done = run(*words(command))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_context_documents_are_left_out_of_cue_rates_unless_asked_for():
    by_document = {r["group"] for r in json.loads(run("frames", "--by", "document", "--format", "json").stdout)}
    everything = json.loads(run("frames", "--by", "document", "--role", "all", "--format", "json").stdout)
    assert "004" not in by_document
    assert "004" in {r["group"] for r in everything}


def test_check_passes_on_the_seeds():
    done = run_alone("check")
    assert done.returncode == 0
    assert "5 documents, no problem" in done.stderr


def test_check_lists_every_problem_with_status_1(folder):
    rows = with_cell(0, "role", "x")
    rows[2][0] = "09_none.txt"
    write_rows(folder, rows)
    done = run("check", "--study", folder, "--format", "json")
    assert done.returncode == 1
    assert {(p["file"], p["row"]) for p in json.loads(done.stdout)} == {
        ("documents.csv", 2), ("documents.csv", 4), ("03_rain.txt", None),
    }  # fmt: skip


def test_check_prints_what_to_write_in_full(folder):
    write_rows(folder, with_cell(0, "sha256", "0" * 64))
    done = run("check", "--study", folder)
    digest = hashlib.sha256((folder / "01_pears.txt").read_bytes()).hexdigest()
    assert f"record sha256 {digest}." in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_output_that_cannot_be_written_is_an_error():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "analysis", "documents"], stdout=full, stderr=-1, text=True, cwd=ROOT
        )
    assert done.returncode == 1
    assert done.stderr.startswith("the output could not be written")


@pytest.mark.parametrize("command", ["documents", "frequency", "kwic pears", "topics", "frames"])
def test_bad_input_gives_status_1_one_message_and_no_output(folder, command):
    (folder / "01_pears.txt").write_bytes(b"\xff")
    done = run(*words(command), "--study", folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("documents.csv, row 2: 01_pears.txt: it is not UTF-8")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    ["", "nothing", "frequency --by colour", "frequency --by tokens", "frequency --ngram 9", "keyness --test", "keyness --target None", "kwic",
     "kwic …", "kwic minsk --window -1", "kwic minsk --window x", "topics --topics 0", "frequency --format xml"],
)  # fmt: skip
def test_bad_usage_gives_status_2(command):
    done = run(*filter(None, words(command)))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_a_reader_that_stops_early_is_no_error():
    done = subprocess.run(
        f'"{sys.executable}" -m analysis frequency | head -n 1',
        shell=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.stderr == ""


def test_a_small_command_does_not_wait_for_large_libraries():
    code = (
        "import sys, analysis.__main__ as m; m.main(['frequency', '--format', 'csv']); "
        "print(sorted(set(sys.modules) & {'sklearn', 'matplotlib', 'IPython', 'myst_nb', 'distributed'}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stderr.strip() == "[]"


def test_new_writes_a_study_and_says_what_is_left(tmp_path):
    (tmp_path / "rows.csv").write_text("body,head\nPears are ripe.,Pears\nPlums keep.,Plums\n", encoding="utf-8")
    done = run(
        "new", tmp_path / "study", tmp_path / "rows.csv", "--columns", "text=body", "title=head", "--format", "json"
    )
    assert done.returncode == 0, done.stderr
    assert [row["title"] for row in json.loads(done.stdout)] == ["Pears", "Plums"]
    assert "fill in 001_pears.txt: source, date_from, role" in done.stderr
    assert run("check", "--study", tmp_path / "study").returncode == 1
    again = run("new", tmp_path / "study", tmp_path / "rows.csv", "--columns", "text=body")
    assert (again.returncode, again.stdout) == (1, "")
    assert "there is something there already" in again.stderr
    assert run("new", tmp_path / "other", tmp_path / "rows.csv", "--columns", "colour=body").returncode == 2


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("drift --permutations -1", "permutations"),
        ("drift --permutations 999999999999", "permutations"),
        ("drift --random-state -1", "random_state"),
        ("drift --days 5", "it goes with --timeline only"),
        ("keyness --reference 2017", "--reference: it goes with --target only"),
        ("frames --label-column frame", "--label-column: it goes with --train only"),
        ("frames --train coded.csv --role context", "it does not go with --role"),
        ("collocates minsk --target 2018 --by year --minimum 2", "it does not go with --minimum"),
        ("collocates minsk --minimum 0", "minimum"),
        ("collocates minsk --by year", "--by: it goes with --target only"),
        ("topics --choose --by source", "it does not go with --by"),
        ("drift --timeline --by month", "it does not go with --by"),
        ("kwic minsk --where year", "Give COLUMN=VALUE"),
        ("kwic minsk --where year=1999", "Choose one of: 2016, 2017, 2018"),
        ("kwic minsk --where role=ties --where role=context", "there is no “context”"),
        ("kwic minsk --sort left --window 0", "no words beside to sort by"),
        ("keyness --target=", "there is no “”"),
        ("drift --timeline --days -5", "days"),
        ("drift --topics 1", "1 cannot drift"),
        ("changes --permutations 0", "0 relabellings"),
        ("topics --choose --topics 3", "it does not go with --topics"),
        ("topics --windows links --method lda", "lda"),
    ],
)
def test_numbers_and_options_of_drift_that_make_no_sense(command, said):
    done = run(*words(command))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and len(done.stderr.splitlines()) == 1


def test_any_command_can_keep_to_a_group_of_any_column():
    """Two documents of Belarus in Focus are of 2016; the pairs of words are those of that selection."""
    group = {"source": "Belarus in Focus", "year": "2016"}
    chosen = [part for column, value in group.items() for part in ("--where", f"{column}={value}")]
    listed = run("documents", *chosen, "--format", "json")
    assert {(row["source"], row["year"]) for row in json.loads(listed.stdout)} == {("Belarus in Focus", "2016")}
    pairs = json.loads(run("pairs", *chosen, "--format", "json").stdout)
    expected = analysis.ngram_associations(analysis.select(analysis.load(), **group))
    assert [row["count"] for row in pairs] == expected["count"].tolist() and pairs


def test_a_line_break_within_a_cell_does_not_break_a_line_of_csv(tmp_path):
    row = {"id": "a", "source": "A", "title": "t\rx", "text": "One text."}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert run("index", tmp_path / "a.jsonl", "--out", tmp_path / "index").returncode == 0
    done = run("documents", "--index", tmp_path / "index", "--format", "csv")
    assert [line["title"] for line in csv.DictReader(io.StringIO(done.stdout, newline=""))] == ["t x"]
    assert run("index", "", "--out", tmp_path / "other").returncode == 2, "the name of an unset variable"


def test_files_that_are_no_shards_are_named(tmp_path):
    for name in ("a.jsonl", "b.jsonl.gz", "c.csv"):
        (tmp_path / name).write_text('{"id": "a", "source": "A", "text": "One text."}', encoding="utf-8")
    done = run("index", tmp_path, "--out", tmp_path / "index")
    assert done.returncode == 0 and "Left out, as no .parquet or .jsonl file: 2, such as" in done.stderr
    again = run("index", tmp_path, "--out", tmp_path / "index")
    assert again.returncode == 0 and "b.jsonl.gz" in again.stderr and "file: 2" in again.stderr
