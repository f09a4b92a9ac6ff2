"""Copies of an article are found, and counted once when the analyst says so."""

import json
import subprocess
import sys

import pytest
from made_up import HEADER, ROOT, write_rows

import analysis
from analysis import StudyError

WORDS = [f"word{i}" for i in range(400)]
ARTICLE = " ".join(WORDS[:200]) + "."
COPIES = {
    "the same": ARTICLE,
    "other quotes and case": "“" + ARTICLE.upper().replace("WORD5 ", "WORD5’S ") + "”",
    "another ending": " ".join([*WORDS[:180], *WORDS[300:320]]) + ".",
    "a part": " ".join(WORDS[40:200]) + ".",
}
OTHERS = {
    "another article": " ".join(WORDS[200:400]) + ".",
    "half of it": " ".join([*WORDS[:100], *WORDS[200:300]]) + ".",
}


def two_documents(folder, second, duplicate_of=""):
    """A study of the article and a second document."""
    for path in folder.glob("*.txt"):
        path.unlink()
    (folder / "01_a.txt").write_text(f"One title\n\n{ARTICLE}\n", encoding="utf-8")
    (folder / "02_b.txt").write_text(f"Another title\n\n{second}\n\nRead more\n", encoding="utf-8")
    rows = [[f"0{n}_{x}.txt", "S", t, "", "", "ties", "en", "", d] for n, x, t, d in
            ((1, "a", "One title", ""), (2, "b", "Another title", duplicate_of))]  # fmt: skip
    write_rows(folder, rows, [*HEADER, "duplicate_of"])
    return analysis.load(folder)


@pytest.mark.parametrize("second", COPIES.values(), ids=COPIES)
def test_copies_are_found(folder, second):
    pair = analysis.near_duplicates(two_documents(folder, second)).iloc[0]
    assert pair[["doc_id", "other_id", "recorded"]].tolist() == ["01", "02", False]
    assert pair["containment"] >= 0.7


@pytest.mark.parametrize("second", OTHERS.values(), ids=OTHERS)
def test_other_articles_are_not(folder, second):
    assert analysis.near_duplicates(two_documents(folder, second)).empty


def test_the_overlap_is_counted_exactly(folder):
    """Runs of five words: 196 in the article, 156 in the part of it, all shared."""
    pair = analysis.near_duplicates(two_documents(folder, COPIES["a part"])).iloc[0]
    assert pair[["shared", "shorter", "containment", "jaccard"]].tolist() == [156, 156, 1.0, 156 / 196]


def test_a_recorded_duplicate_is_counted_once_and_lost_nowhere(folder):
    study = two_documents(folder, ARTICLE, duplicate_of="01")
    assert study.documents["tokens"].tolist() == [200, 0]
    assert analysis.frequency(study)["tokens"].max() == 200
    spans = study.spans[study.spans["doc_id"] == "02"]
    assert "duplicate of 01" in set(spans["rule"])
    assert "".join(study.texts["02"][a:b] for a, b in zip(spans["start"], spans["end"])) == study.texts["02"]
    assert analysis.near_duplicates(study)["recorded"].tolist() == [True]


@pytest.mark.parametrize("other", ["02", "07"])
def test_a_duplicate_of_what_does_not_count_is_an_error(folder, other):
    with pytest.raises(StudyError, match=f"a duplicate of {other}, which is no document that counts"):
        two_documents(folder, ARTICLE, duplicate_of=other)


def test_check_asks_for_the_choice(folder):
    two_documents(folder, ARTICLE)
    command = [sys.executable, "-m", "analysis", "check", "--study", folder]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0
    assert "01 and 02: 100% of the shorter stands in the other" in done.stderr
    table = subprocess.check_output([*command[:3], "duplicates", *command[4:], "--format", "json"], cwd=ROOT)
    assert json.loads(table)[0]["jaccard"] == 1


def test_the_seeds_hold_no_copies(seeds):
    """Three of them share a teaser, which is not their text."""
    assert analysis.near_duplicates(seeds).empty
