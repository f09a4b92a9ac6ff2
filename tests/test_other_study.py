"""The second study is what it promises to be: whole, sound, of its shape, and nothing in it is of the first."""

import numpy as np
import pandas as pd
import pytest
import regex
from other_study import TURN, write_bare_study, write_other_study

import analysis
from analysis.__main__ import main
from analysis.corpus.counting import document_counts

COMMANDS = ("frequency", "frames", "actors", "events", "tone", "voices", "quotations", "topics", "drift", "agreement")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_other_study(tmp_path_factory.mktemp("other") / "tessmouth")


@pytest.fixture(scope="module")
def ties(folder):
    return analysis.select(analysis.load(folder), role="ties")


@pytest.mark.parametrize("write", [write_other_study, write_bare_study])
def test_there_is_no_problem_and_each_writing_is_the_same(tmp_path, capsys, write):
    folders = [write(tmp_path / name) for name in ("one", "two")]
    one, two = ({p.relative_to(f): p.read_bytes() for p in sorted(f.rglob("*")) if p.is_file()} for f in folders)
    assert one == two
    assert main(["check", "--study", str(folders[0])]) == 0
    assert "documents, no problem" in capsys.readouterr().err


def test_the_shape(folder):
    documents = analysis.load(folder).documents
    assert documents["source"].value_counts().to_dict() == {
        "Harbour Gazette": 14,
        "Hill Courier": 10,
        "Lower Town Letter": 6,
    }
    assert documents["role"].value_counts().to_dict() == {"ties": 26, "context": 4}
    assert set(documents["year"]) == {"2009", "2010", "2010–2011", "2011", "2012", "undated"}
    years = documents[documents["year"].str.fullmatch(r"\d{4}")].groupby("source")["year"].nunique()
    assert years.min() >= 3
    counted = documents[documents["duplicate_of"] == ""]
    assert len(counted) == len(documents) - 1
    assert counted["tokens"].between(120, 400).all() and counted["paragraphs"].between(4, 9).all()
    ranges = documents["date_from"] != documents["date_to"]
    assert ranges.sum() == 3 and (documents["date_from"] == "").sum() == 1


def test_the_bare_study_has_documents_and_nothing_else(tmp_path):
    study = analysis.load(write_bare_study(tmp_path / "bare"))
    assert len(study.documents) == 6 and study.documents["source"].nunique() == 2
    assert all(getattr(study, table).empty for table in ("actors", "frames", "tone", "timeline", "commentary"))
    assert not study.stop_words


def test_nothing_in_it_is_of_the_first_study(folder, seeds):
    names = {alias.strip("*") for alias in seeds.actors["alias"]}
    names |= {name for column in ("source", "title") for name in seeds.documents[column]}
    names |= {name for column in ("outlet", "name", "country") for name in seeds.outlets[column]}
    names -= {""}
    for path in (p for p in folder.rglob("*") if p.is_file()):
        text = path.read_text(encoding="utf-8")
        found = [n for n in names if regex.search(rf"(?<!\w){regex.escape(n)}(?!\w)", text, regex.IGNORECASE)]
        assert not found, f"{path.name} names {found}"


@pytest.mark.parametrize("command", [*COMMANDS, "keyness"])
def test_each_command_gives_a_table(folder, capsys, command):
    target = ["--target", "Hill Courier"] if command == "keyness" else []
    assert main([command, "--study", str(folder), "--format", "csv", *target]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 3


def test_the_planted_difference_is_found(ties):
    assert analysis.keyness(ties, target="Hill Courier")["term"].iloc[0] == "heritage"
    word = analysis.keyness_test(ties, target="Hill Courier").set_index("term").loc["heritage"]
    assert word["low"] > 1 and word["q"] < 0.05


def test_the_planted_drift_is_larger_within_a_source_than_chance(ties):
    table = analysis.drift(ties, by="year").set_index(["slice", "contrast"])
    excess = table.loc["same sources", "excess"]
    assert excess["2009 – 2012"] > 0.1 > 10 * abs(excess["2009 – 2010"])
    assert table.loc[("only Harbour Gazette", "2009 – 2012"), "excess"] > 0.1
    documents, counts = ties.documents, document_counts(ties.index)[1]
    own = (documents["source"] == "Harbour Gazette") & documents["year"].str.fullmatch(r"\d{4}")
    rows = np.flatnonzero(own)
    later = (documents["year"].iloc[rows] >= TURN).to_numpy(int)
    assert analysis.contrast(counts[:, rows], later).p < 0.01


def test_what_readers_found_is_what_was_written(folder):
    study = analysis.load(folder)
    read = pd.read_csv(folder / "quotations.csv", keep_default_na=False)
    found = analysis.quotations(study)
    assert found[["sentence_id", "text"]].to_numpy().tolist() == read[["sentence_id", "quoted"]].to_numpy().tolist()
    codings = analysis.read_codings(study)
    paragraphs = codings.groupby("coder")[["doc_id", "paragraph"]].apply(lambda own: len(own.drop_duplicates()))
    assert paragraphs.tolist() == [len(study.paragraphs)] * 2
    assert analysis.agreement(analysis.judgements(study, codings))["alpha"].between(0.5, 0.95).all()
    events = analysis.event_validity(study, analysis.read_events(study)).set_index("class").loc["all classes"]
    assert events["coded"] > 30 and events["precision"] == 1


def test_the_findings_hold(folder):
    study = analysis.load(folder)
    declared = analysis.read_findings(study)
    robust = analysis.robustness(analysis.specifications(folder, declared))
    assert len(robust) == 5 and (robust["base"] > 0).all()
    assert (declared["reference"] == "").sum() == 1 and set(declared["by"]) == {"source", "year"}
