"""Agreement of readers: published values, and what a second program says."""

import re

import numpy as np
import pandas as pd
import pytest
from made_up import ROOT
from sklearn.metrics import precision_recall_fscore_support

import analysis
from analysis import StudyError, units_needed
from analysis.measures.reliability import agreement

# Krippendorff 2011, Computing Krippendorff's alpha-reliability, A: two observers, ten units, two values
MEG, OWEN = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]


def judged(*readings, documents=None, code="X"):
    """Judgements from a list of 0, 1 or None for each coder."""
    documents = documents or ["d"] * len(readings[0])
    return pd.DataFrame(
        [
            (f"coder {c}", document, unit, code, bool(value))
            for c, values in enumerate(readings)
            for unit, (document, value) in enumerate(zip(documents, values))
            if value is not None
        ],
        columns=["coder", "document", "unit", "code", "given"],
    )


def test_the_published_example():
    row = agreement(judged(MEG, OWEN)).iloc[0]
    assert row["alpha"] == pytest.approx(0.095, abs=5e-4)
    assert row["agreement"] == 0.6 and row["prevalence"] == 6 / 20
    assert (row["units"], row["documents"], row["coders"]) == (10, 1, 2)
    assert np.isnan(row["low"])  # one document says nothing about others


def test_alpha_by_its_definition_with_three_coders_and_gaps():
    """1 − Dₒ / Dₑ from all pairs of judgements, in plain Python."""
    draw = np.random.default_rng(0)
    readings = [[None if draw.random() < 0.2 else int(draw.random() < 0.4) for _ in range(30)] for _ in range(3)]
    units = [[v for v in unit if v is not None] for unit in zip(*readings)]
    units = [unit for unit in units if len(unit) > 1]
    values = [v for unit in units for v in unit]
    observed = sum((unit.count(0) * unit.count(1) * 2) / (len(unit) - 1) for unit in units) / len(values)
    expected = 2 * values.count(0) * values.count(1) / (len(values) * (len(values) - 1))
    row = agreement(judged(*readings)).iloc[0]
    assert row["alpha"] == pytest.approx(1 - observed / expected)
    assert row["units"] == len(units)


def test_one_reading_agrees_with_nothing():
    with pytest.raises(StudyError, match="no unit was read twice"):
        agreement(judged(MEG))


def test_what_all_say_alike_has_no_alpha():
    table = agreement(judged([0, 0, 0], [0, 0, 0]))
    assert table[["alpha", "needed_667", "needed_800"]].isna().all(axis=None)
    assert table["agreement"].item() == 1


def test_the_interval_is_that_of_documents_drawn_again():
    """Documents that disagree as a whole make a wide interval, though each has many units."""
    documents = [d for d in "abcdefgh" for _ in range(10)]
    first = [int(n % 2) for n in range(80)]
    second = [1 - v if d in "ab" else v for v, d in zip(first, documents)]
    row = agreement(judged(first, second, documents=documents), resamples=4000, confidence=0.9).iloc[0]
    # alpha is about 1 − 2 k / 8 for k of eight documents drawn that disagree: binomial
    k = np.random.default_rng(1).binomial(8, 0.25, 4000)
    assert (row["low"], row["high"]) == pytest.approx(tuple(1 - np.quantile(k, [0.95, 0.05]) / 4), abs=0.05)
    assert row["low"] < row["alpha"] < row["high"]


@pytest.mark.parametrize(("alpha", "needed"), [(0.8, 139), (0.667, 81)])
def test_units_needed_are_those_of_the_published_table(alpha, needed):
    """Krippendorff 2019, at the 5 % level, for a value of which a quarter of the judgements are."""
    assert units_needed(alpha, prevalence=0.25) == needed


def test_the_readings_of_the_study(seeds):
    codings = analysis.read_codings(seeds, ROOT / "seeds" / "codings.csv")
    table = analysis.agreement(analysis.judgements(seeds, codings), resamples=50)
    assert set(table["units"]) == {len(seeds.paragraphs)} and set(table["coders"]) == {2}
    assert list(table["code"]) == list(analysis.codebook(seeds)["code"])
    read = codings.drop_duplicates(["coder", "doc_id", "paragraph"]).groupby("coder").size()
    assert set(read) == {len(seeds.paragraphs)}
    spelled = [seeds.texts[d][a:b] for d, a, b in codings[["doc_id", "start", "end"]].itertuples(index=False)]
    assert spelled == codings["words"].tolist()


def sheet(study, folder, name, mark, **options):
    """A filled-in sheet: a mark where the text holds a word."""
    table = analysis.coding_sheet(study, **options).assign(read="yes")
    table["ARMS"] = np.where(table["text"].str.contains(mark), "x", "")
    table.to_csv(folder / name, index=False)
    return folder / name


def test_a_sheet_is_blind_and_finds_its_way_back(seeds, tmp_path):
    table = analysis.coding_sheet(seeds, sample=37, random_state=3)
    assert sorted(table["text"]) == sorted(
        seeds.texts[d][a:b] for d, a, b in seeds.paragraphs[["doc_id", "start", "end"]].itertuples(index=False)
    )
    assert not {"doc_id", "source", "title"} & set(table)
    assert analysis.coding_sheet(seeds, sample=9, random_state=3)["unit"].tolist() == table["unit"].tolist()[:9]
    assert analysis.coding_sheet(seeds, sample=9, random_state=4)["unit"].tolist() != table["unit"].tolist()[:9]
    paths = [
        sheet(seeds, tmp_path, f"{n}.csv", mark, sample=20) for n, mark in (("ann", "weapon"), ("bob", "weapon|arms"))
    ]
    judged = analysis.judgements(seeds, pd.concat([analysis.read_sheet(seeds, path) for path in paths]))
    row = analysis.agreement(judged, resamples=20).set_index("code").loc["ARMS"]
    texts = pd.read_csv(paths[0])["text"]
    same = (texts.str.contains("weapon") == texts.str.contains("weapon|arms")).mean()
    assert row["agreement"] == pytest.approx(same) and row["units"] == 20
    assert set(judged["coder"]) == {str(tmp_path / "ann"), str(tmp_path / "bob")}
    marked = analysis.read_sheet(seeds, paths[0])
    assert set(marked["words"]) - {""} == set(texts[texts.str.contains("weapon")])


def test_a_sheet_becomes_codings_of_the_study(folder):
    """A mark stands for the whole paragraph, words for themselves; what was read and given no code is there, too."""
    (folder / "frames.yml").write_text(
        "- {frame: RIPE, title: Ripe, definition: d, include: i, exclude: e, example: x, cues: [ripe]}\n"
    )
    study = analysis.load(folder)
    table = analysis.coding_sheet(study, sample=3).assign(read="X")
    table.loc[0, "RIPE"], table.loc[1, "RIPE"] = "yes", " ".join(table.loc[1, "text"].split()[:2])
    table.to_csv(folder / "ann.csv", index=False)
    read = analysis.read_sheet(study, folder / "ann.csv")
    read.to_csv(folder / "codings.csv", index=False)
    codings = analysis.read_codings(study)
    assert codings[list(read)].to_dict("list") == read.to_dict("list")
    assert codings["words"].tolist() == [table.loc[0, "text"], table.loc[1, "RIPE"], ""]
    for slip in ("no such words", "?", "-", "y", table.loc[2, "text"][1:]):
        table.loc[2, "RIPE"] = slip
        table.to_csv(folder / "ann.csv", index=False)
        said = f"row 4: “{re.escape(slip)}” in the column RIPE is no mark, nor does it stand"
        with pytest.raises(StudyError, match=said):
            analysis.read_sheet(study, folder / "ann.csv")


def test_what_is_wrong_with_a_sheet_is_said(seeds, tmp_path):
    path = sheet(seeds, tmp_path, "a.csv", "weapon", sample=5)
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[0, "unit"], table.loc[1, "ARMS"], table.loc[2, ["read", "ARMS"]] = "0-none", "maybe", ["", "x"]
    table.to_csv(path, index=False)
    with pytest.raises(StudyError) as error:
        analysis.read_sheet(seeds, path)
    assert [(p.row, p.what.split(" ")[0]) for p in error.value.problems] == [(2, "the"), (3, "“maybe”"), (4, "it")]
    table = analysis.coding_sheet(seeds, sample=5)
    table.to_csv(path, index=False)
    with pytest.raises(StudyError, match="no paragraph is marked as read"):
        analysis.read_sheet(seeds, path)
    pd.concat([table, table.head(1)]).assign(read="x").to_csv(path, index=False)
    with pytest.raises(StudyError, match="row 7: the unit “.*” stands there twice"):
        analysis.read_sheet(seeds, path)
    table.drop(columns="read").to_csv(path, index=False)
    with pytest.raises(StudyError, match="there is no column “read”"):
        analysis.read_sheet(seeds, path)
    for sample in (0, 38):
        with pytest.raises(StudyError, match="cannot be drawn"):
            analysis.coding_sheet(seeds, sample=sample)
    with pytest.raises(StudyError, match="-1 is below 0"):
        analysis.coding_sheet(seeds, sample=3, random_state=-1)


FAULTS = {
    "first,000,99,ARMS,x": "there is no paragraph 99 of a document 000",
    "first,000,1,WAR,Minsk": "there is no code “WAR”",
    "first,000,1,ARMS,zeppelin": "“zeppelin” does not stand in that paragraph",
    "first,000,1,ARMS,": "a code and its words belong together",
    ",000,1,,": "no coder is named",
}


@pytest.mark.parametrize("line", FAULTS)
def test_what_is_wrong_with_a_coding_is_said(seeds, tmp_path, line):
    (tmp_path / "codings.csv").write_text(f"coder,doc_id,paragraph,code,words\n{line}\n", encoding="utf-8")
    with pytest.raises(StudyError) as error:
        analysis.read_codings(seeds, tmp_path / "codings.csv")
    assert str(error.value).startswith(f"codings.csv, row 2: {FAULTS[line]}")


def test_shares_are_those_of_a_count_by_hand(seeds):
    codings = analysis.read_codings(seeds, ROOT / "seeds" / "codings.csv")
    table = analysis.coded_shares(seeds, codings, resamples=20).set_index(["code", "group"])
    sources = dict(zip(seeds.documents["doc_id"], seeds.documents["source"]))
    for (code, group), row in table.iterrows():
        given = {
            (c, d, p)
            for c, d, p, k in codings[["coder", "doc_id", "paragraph", "code"]].to_numpy()
            if k == code and sources[d] == group
        }
        of = [sum((coder, d, p) in given for coder in set(codings["coder"])) for d, p in {(d, p) for _, d, p in given}]
        assert (row["coded"], row["by_all"]) == (sum(of) / 2, of.count(2))
        assert row["documents_with_code"] == len({d for _, d, _ in given})
        assert row["share"] == pytest.approx(row["coded"] / row["paragraphs"])
    documents = seeds.documents["source"].value_counts()
    assert {g: row["low"] is not None and not np.isnan(row["low"]) for (_, g), row in table.iterrows()} == (
        documents >= 4
    ).to_dict()
    assert ((table["low"] <= table["share"]) & (table["share"] <= table["high"]) | table["low"].isna()).all()
    ties = analysis.select(seeds, role="ties")
    assert analysis.coded_shares(ties, codings)["documents"].max() == 3


def test_validity_of_cues_is_that_of_scikit_learn(seeds):
    codings = analysis.read_codings(seeds, ROOT / "seeds" / "codings.csv")
    one = codings[codings["coder"] == codings["coder"].iloc[0]]
    table = analysis.cue_validity(seeds, one).set_index("frame")
    units = list(zip(seeds.paragraphs["doc_id"], seeds.paragraphs["paragraph"]))
    hits = analysis.cue_hits(seeds)
    for frame in seeds.frames["frame"]:
        read = one[one["code"] == frame]
        truth = [u in set(zip(read["doc_id"], read["paragraph"])) for u in units]
        own = hits[hits["frame"] == frame]
        cue = [u in set(zip(own["doc_id"], own["paragraph"])) for u in units]
        expected = precision_recall_fscore_support(truth, cue, average="binary", zero_division=np.nan)[:3]
        assert table.loc[frame, ["precision", "recall", "f1"]].tolist() == pytest.approx(expected, nan_ok=True)


def test_validity_by_group_adds_up(seeds):
    codings = analysis.read_codings(seeds)
    sizes = ["coded", "with_cue", "both", "paragraphs"]
    by_source = analysis.cue_validity(seeds, codings, by="source").groupby("frame", sort=False)[sizes].sum()
    assert by_source.equals(analysis.cue_validity(seeds, codings).set_index("frame")[sizes])


def test_no_interval_where_no_two_judgements_differ():
    documents = ["a", "a", "b", "b", "c", "c", "d", "d"]
    alike = agreement(judged([1, 0] * 4, [1, 0] * 4, documents=documents)).iloc[0]
    assert alike["alpha"] == 1 and np.isnan(alike["low"]) and np.isnan(alike["high"])
    apart = agreement(judged([1, 0] * 4, [1, 0] * 3 + [0, 0], documents=documents)).iloc[0]
    assert apart["low"] < apart["alpha"] < apart["high"] == 1


def test_units_of_one_number_in_two_documents_are_two():
    """Paragraphs are numbered in each document; and what is needed hangs on who read a unit, not on how many there are."""
    one, other = [1, 0, 1, 1, 0, 0, 1, 0], [1, 0, 0, 1, 0, 1, 1, 0]
    table = judged(one, other, documents=list("aaaabbbb"))
    alike = agreement(table.assign(unit=table["unit"] % 4)).iloc[0]
    expected = agreement(table).iloc[0]
    assert alike.equals(expected) and alike["units"] == 8
    names = table["coder"].where(table["unit"] < 4, "other " + table["coder"])
    pool = agreement(table.assign(coder=names)).iloc[0]
    assert pool["coders"] == 4 and pool["needed_800"] == expected["needed_800"]


def test_shares_without_a_coding_of_these_documents_are_an_empty_table(seeds):
    codings = analysis.read_codings(seeds)
    one, *_ = sorted(set(codings["doc_id"]))
    table = analysis.coded_shares(analysis.select(seeds, doc_id=one), codings[codings["doc_id"] != one])
    assert table.empty and list(table) == list(analysis.coded_shares(seeds, codings, resamples=1))
