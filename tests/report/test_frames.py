"""The chapter Frames: its tables recounted, and its sentences at none, one and several."""

import dataclasses

import pandas as pd
import pytest
from made_up import study_of

import analysis
from analysis.report import frames, learning

FRAMES = """
- {frame: FRUIT, title: t, definition: d, include: i, exclude: e, example: x, cues: [pear*, plum*], policy_frame: Economic}
- {frame: MONEY, title: t, definition: d, include: i, exclude: e, example: x, cues: [price, cheap]}
"""
FUNCTIONS = "- {function: CAUSE, title: t, definition: d, include: i, exclude: e, example: x}\n"
TEXTS = [  # two paragraphs each
    ("A", "Pears are ripe.\n\nThe price of pears is high", "2001-01-01"),
    ("A", "Plums and pears fell.\n\nIt rained", "2002-01-01"),
    ("B", "Cheap nails.\n\nIt is a cheap price", "2001-01-01"),
    ("C", "A pear is a pear.\n\nNothing more", ""),
]


def study_with(folder, texts=TEXTS, *, codebook=True, codings=()):
    """A study of these texts with a codebook, and with (coder, document, paragraph, code, words) as codings."""
    study_of(folder, texts)
    if codebook:
        (folder / "frames.yml").write_text(FRAMES, encoding="utf-8")
        (folder / "functions.yml").write_text(FUNCTIONS, encoding="utf-8")
    if codings:
        rows = "\n".join(",".join(map(str, row)) for row in codings)
        (folder / "codings.csv").write_text(f"coder,doc_id,paragraph,code,words\n{rows}\n", encoding="utf-8")
    study = analysis.load(folder)
    return study, analysis.read_codings(study)


def coded(folder, coders=("Ann", "Bob"), documents=4):
    """Readers who find FRUIT where pears or plums are, and MONEY in 02 but for the last reader’s second paragraph."""
    rows = []
    for coder in coders:
        rows += [
            (coder, "00", 1, "FRUIT", "Pears"),
            (coder, "00", 2, "MONEY", "price"),
            (coder, "01", 1, "FRUIT", "Plums"),
        ]
        rows += [(coder, "01", 2, "", ""), (coder, "02", 1, "MONEY", "Cheap"), (coder, "03", 1, "FRUIT", "pear")]
        rows += [(coder, "03", 2, "CAUSE", "Nothing")]
        rows += [(coder, "02", 2, "", "") if coder == coders[-1] else (coder, "02", 2, "MONEY", "price")]
    return study_with(folder, codings=[row for row in rows if int(row[1]) < documents])


def test_cues_that_stand_alone_by_hand(folder):
    """FRUIT stands in four paragraphs: pear* in all, without plum* in three; MONEY in three."""
    table = frames.cue_weights(study_with(folder)[0]).set_index("cue")
    assert table.columns.tolist() == [column for column in frames.CUES if column != "cue"]
    assert table.loc["pear*", ["count", "paragraphs", "alone", "of_frame", "documents"]].tolist() == [5, 4, 3, 4, 3]
    assert table.loc["plum*", ["count", "paragraphs", "alone", "of_frame", "documents"]].tolist() == [1, 1, 0, 4, 1]
    assert table.loc["price", ["paragraphs", "alone", "of_frame"]].tolist() == [2, 1, 3]
    assert table.loc["pear*", "sentences"] == "00-1 00-2 01-1 03-1"
    assert table.index.tolist() == ["pear*", "cheap", "price", "plum*"]


def test_cues_that_stand_nowhere(folder):
    study = study_with(folder)[0]
    nowhere = study.frames.assign(cues=[["quince"]] * len(study.frames))
    table = frames.cue_weights(dataclasses.replace(study, frames=nowhere))
    assert table.empty and table.columns.tolist() == list(frames.CUES)
    assert frames.single_cues(table) == f"No frame has cues in {frames.USUAL} paragraphs or more."


def weights(*rows):
    return pd.DataFrame(rows, columns=["frame", "cue", "alone", "of_frame"])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (weights(("X", "a", 2, 2)), "No frame has cues in 3 paragraphs or more."),
        (
            weights(("X", "a", 1, 3), ("X", "b", 1, 3)),
            "No frame with cues in 3 paragraphs or more has one on which half of these rest",
        ),
        (
            weights(("X", "a", 2, 4), ("Y", "b", 1, 3)),
            "One frame rests on one cue in half of its paragraphs or more: X on “a”, in 2 of 4 paragraphs",
        ),
        (
            weights(("X", "a", 2, 4), ("Y", "b", 2, 3)),
            "Some frames rest on one cue in half of their paragraphs or more: X on “a”, in 2 of 4",
        ),
        (weights(*((f"X{n}", "a", 3, 3) for n in range(7))), "only cue of the frame; and 2 more."),
    ],
)
def test_frames_that_rest_on_one_cue(table, said):
    assert said in frames.single_cues(table)


def test_a_study_without_a_codebook_says_what_to_write(folder):
    study, codings = study_with(folder, codebook=False)
    found = frames.frames_findings(study, study)
    assert (
        next(iter(found)) == "frames_none"
        and "frames.yml" in found["frames_none"].sentence
        and found["frames_none"].sure
    )
    assert frames.readings(study, codings) == frames.NO_CODEBOOK
    for table, columns in (
        (frames.rates(study), {"frame", "group", "cue_rate", "sentences"}),
        (frames.rates(study, by="document"), {"frame", "group", "cue_rate", "sentences"}),
        (frames.cue_weights(study), set(frames.CUES)),
        (frames.codes(study), {"code", "definition", "example", "cues"}),
        (frames.crosswalk(frames.codes(study)), {"code", "policy_frame", "generic_frame"}),
    ):
        assert table.empty and columns <= set(table)
    assert frames.axes(study) == ""


def test_a_study_without_codings_says_how_to_begin(folder):
    study, codings = study_with(folder)
    found = frames.frames_findings(study, study)
    assert "frames_none" not in found and next(iter(found.values())).sure
    assert "coding-sheet" in frames.readings(study, codings) and "codings.csv" in frames.readings(study, codings)
    for table, columns in (
        (analysis.coded_shares(study, codings), {"code", "group", "share", "low", "high", "sentences"}),
        (frames.cells(study, codings), {"code", "group", "cell", "share", "coded", "paragraphs", "sentences"}),
        (frames.validity(study, codings), {"frame", "precision", "recall", "f1"}),
        (frames.alphas(study, codings), {"code", "alpha", "units", "needed_667", "needed_800"}),
        (frames.published_beside(study, frames.alphas(study, codings), pd.DataFrame()), {"study", "lowest", "highest"}),
    ):
        assert table.empty and columns <= set(table)
    assert frames.agreements(frames.alphas(study, codings)) == {
        "frames_agreement": "No paragraph has two readings, so nothing is known about agreement."
    }
    assert frames.darkest(frames.cells(study, codings)) == "It has no cell."


def test_who_has_read_what(folder):
    assert frames.readings(*coded(folder)) == "2 readings (Ann and Bob) cover all 8 paragraphs; each was read twice."
    one = frames.readings(*coded(folder, coders=["Ann"], documents=2))
    assert one.startswith("1 reading (Ann) covers 4 of 8 paragraphs. No paragraph was read twice")
    several = frames.readings(*coded(folder, coders=list("abcdefg"), documents=2))
    assert several.startswith("7 readings (a, b, c, d, e and 2 more) cover 4 of 8 paragraphs; each was")
    part = coded(folder, documents=4)[1].query("coder == 'Ann' or doc_id == '00'")
    assert frames.readings(analysis.load(folder), part).endswith("cover all 8 paragraphs; 2 of them were read twice.")


def test_the_cells_by_source_and_year(folder):
    """MONEY in 02: both readers in one paragraph, one in the other, so 1.5 of 2."""
    study, codings = coded(folder)
    table = frames.cells(study, codings).set_index("cell")
    assert table["share"].to_dict() == {
        "FRUIT, A 2001": 0.5, "MONEY, A 2001": 0.5, "FRUIT, A 2002": 0.5, "MONEY, B 2001": 0.75, "FRUIT, C undated": 0.5,
    }  # fmt: skip
    assert table.index.tolist()[:2] == ["FRUIT, A 2001", "MONEY, A 2001"]
    assert table["code"].cat.categories.tolist() == ["FRUIT", "MONEY"]  # in the order of the codebook
    assert frames.darkest(frames.cells(study, codings)) == "The largest share is that of MONEY, B 2001: 0.75."
    assert frames.grid_note(study, codings) == ""
    assert frames.axes(study) == "CAUSE is a function, not a frame."


def test_a_grid_has_room_for_twelve_groups(folder):
    texts = [("A", "Pears are ripe", f"{year}-01-01") for year in range(2000, 2014)]
    texts[3] = ("A", "Pears are ripe.\n\nPlums too", "2003-01-01")
    rows = [("Ann", f"{n:02}", 1, "FRUIT", "Pears") for n in range(14)]
    study, codings = study_with(folder, texts, codings=[*rows, ("Ann", "03", 2, "FRUIT", "Plums")])
    table = frames.cells(study, codings)
    assert table["group"].nunique() == 12 and "A 2003" in set(table["group"])
    assert (
        frames.grid_note(study, codings) == " Of 14 pairs of source and year the 12 with the most paragraphs are shown."
    )


ALPHA = {"units": 9, "needed_667": [5, 20, 9], "coders": 2}


@pytest.mark.parametrize(
    ("alpha", "weak"),
    [
        ([0.9, 0.8, 1], "Alpha is 0.8 or more for each of 3 codes."),
        ([0.9, 0.7, 1], "Alpha is below 0.8 for Y."),
        (
            [0.6, 0.7, None],
            "Alpha is below 0.8 for X and Y; it is below 0.667 for X. It cannot be told for 1 code, of which all judgements",
        ),
        ([None] * 3, "Alpha cannot be told for any code"),
    ],
)
def test_agreement_in_words(alpha, weak):
    table = pd.DataFrame({"code": list("XYZ"), "alpha": pd.Series(alpha, dtype=float), **ALPHA})
    said = frames.agreements(table)
    assert said["frames_weak"].startswith(weak)
    assert said["frames_units"] == (
        "9 paragraphs were read more than once. For 2 of 3 codes that is as many as one would plan for to show an alpha of "
        "0.667."
    )
    assert "For none of 1 code that" in frames.enough_units(table.iloc[[1]])


def test_published_figures_stand_above_the_own(folder):
    study, codings = coded(folder)
    head = "study,what,texts,measure,lowest,highest\nDoe 1999,readers,pears,alpha,0.5,0.6\n"
    (folder / "published.csv").write_text(head, encoding="utf-8")
    agreed = frames.alphas(study, codings)
    taught = pd.DataFrame({"f1": [0.1, 0.3, 0.2]})  # the last is that of all labels
    table = frames.published_beside(study, agreed, taught)
    assert table["study"].tolist() == ["Doe 1999", "this study", "this study"]
    of_frames = agreed[agreed["code"].isin(["FRUIT", "MONEY"])]["alpha"]
    assert table.loc[1, ["what", "texts", "lowest", "highest"]].tolist() == [
        "2 readings", "paragraphs of 4 documents, 2 frames", of_frames.min(), of_frames.max(),
    ]  # fmt: skip
    assert table.loc[2, ["what", "lowest", "highest"]].tolist() == ["a program that learns", 0.1, 0.3]


def test_tests_of_cues_and_of_readings(folder):
    """Eight documents, four on each side: the cues tell them apart, the readings too."""
    texts = [("A", f"Pears in {n}. Plums") for n in "abcd"] + [("B", f"Cheap {n}") for n in "abcd"]
    rows = [("Ann", f"{n:02}", 1, *(("FRUIT", "Pears") if n < 4 else ("MONEY", "Cheap"))) for n in range(8)]
    study, codings = study_with(folder, texts, codings=rows)
    cues = analysis.share_differences(
        study,
        frames.rates(study, by="document"),
        row="frame",
        count="paragraphs_with_cue",
        size="paragraphs",
        target="A",
    )
    read = analysis.share_differences(
        study,
        analysis.coded_shares(study, codings, by="document"),
        row="code",
        count="coded",
        size="paragraphs",
        target="A",
    )
    both = frames.both_tests(cues, read)
    assert both.groupby("counted")["p"].min().to_dict() == {"cues": 2 / 70, "readings": 2 / 70}
    said = frames.reaches(study, cues, read)
    assert said["frames_cue_reach"].startswith("By their cues, 2 of 2 frames differ between A and B")
    assert said["frames_code_reach"].startswith("By readings, 2 of 3 codes differ between A and B")
    assert list(frames.reaches(study, cues, read.head(0))) == ["frames_cue_reach"]
    few = [test.assign(p=float("nan")) for test in (cues, read)]
    assert list(frames.reaches(study, *few)) == ["frames_cue_reach"]
    assert frames.reaches(study, *few)["frames_cue_reach"].startswith(
        "By cues as by readings, A and B cannot be compared"
    )
    assert frames.reaches(study, few[0], read)["frames_cue_reach"].startswith(
        "By their cues, A and B cannot be compared"
    )


# ---- learning


def many(folder, read=12, documents=12):
    """Documents of two paragraphs, one on pears and one on prices; so many of them were read."""
    texts = [("AB"[n % 2], f"Pears ripen {n}.\n\nThe price is high {n}") for n in range(documents)]
    rows = [("Ann", f"{n:02}", *found) for n in range(read) for found in ((1, "FRUIT", "Pears"), (2, "MONEY", "price"))]
    study, codings = study_with(folder, texts, codings=rows)
    return study, codings, learning.lessons(study, codings)


def test_what_is_to_be_learnt(folder):
    study, codings, paragraphs = many(folder, read=11)
    assert paragraphs["frames"].dropna().map(sorted).tolist() == [["FRUIT"], ["MONEY"]] * 11
    assert paragraphs["frames"].isna().sum() == 2 and paragraphs["source"].tolist()[:4] == list("AABB")
    few = learning.lessons(*many(folder, read=4)[:2])
    assert few["frames"].dropna().map(len).sum() == 0  # four paragraphs teach nothing
    assert learning.learnt(few).empty and learning.lesson(learning.learnt(few)) == learning.TOO_FEW
    assert learning.learnt(learning.lessons(study, codings.head(0))).empty


def test_a_lesson_in_words():
    whole = {"texts": 24, "documents": 12, "low": float("nan"), "high": float("nan")}
    for f1, said in ((0.6, "something is learnt: the mean F1 is 0.60, above the 0.40"),
                     (0.4, "no more is learnt than a guess gives: the mean F1 is 0.40, no more than the 0.40"),
                     (0.1, "no more is learnt than a guess gives: the mean F1 is 0.10, below the 0.40")):  # fmt: skip
        assert said in learning.lesson(pd.DataFrame([{**whole, "f1": f1, "always_f1": 0.4}]))
    sure = {**whole, "low": 0.1, "high": 0.2, "f1": 0.15, "always_f1": 0.4}
    assert "0.15 (0.10 to 0.20, by whole documents), below" in learning.lesson(pd.DataFrame([sure]))


def test_shares_are_corrected_where_a_sample_was_read(folder):
    *_, paragraphs = many(folder, read=10, documents=12)
    table = learning.corrected(paragraphs).set_index(["label", "source"])
    assert table["n"].tolist() == [12] * 4 and table["coded"].tolist() == [10] * 4
    assert table["coded_share"].tolist() == pytest.approx([0.5] * 4)
    assert learning.correction(paragraphs, table).startswith("Of 24 paragraphs 20 were read.")
    *_, whole = many(folder, read=12, documents=12)
    assert learning.corrected(whole).empty
    assert learning.correction(whole, learning.corrected(whole)).startswith("Every paragraph was read")
    *_, few = many(folder, read=2)
    assert learning.correction(few, learning.corrected(few)).endswith("that were read, and of no others.")
    nobody = whole.assign(frames=None)
    assert learning.correction(nobody, learning.corrected(nobody)).startswith("Nobody has read these paragraphs")
