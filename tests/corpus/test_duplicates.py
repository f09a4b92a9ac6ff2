"""Copies of an article are found, and counted once unless the analyst says otherwise."""

import itertools
import json
import random
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
    pair = two_documents(folder, second).duplicates.iloc[0]
    assert pair[["doc_id", "other_id", "recorded"]].tolist() == ["01", "02", False]
    assert pair["containment"] >= 0.7


@pytest.mark.parametrize("second", OTHERS.values(), ids=OTHERS)
def test_other_articles_are_not(folder, second):
    assert two_documents(folder, second).duplicates.empty


def test_the_overlap_is_counted_exactly(folder):
    """Runs of five words: 196 in the article, 156 in the part of it, all shared."""
    pair = two_documents(folder, COPIES["a part"]).duplicates.iloc[0]
    assert pair[["shared", "shorter", "containment", "jaccard"]].tolist() == [156, 156, 1.0, 156 / 196]


def test_a_recorded_duplicate_is_counted_once_and_lost_nowhere(folder):
    study = two_documents(folder, ARTICLE, duplicate_of="01")
    assert study.documents["tokens"].tolist() == [200, 0]
    assert analysis.frequency(study)["tokens"].max() == 200
    spans = study.spans[study.spans["doc_id"] == "02"]
    assert "duplicate of 01" in set(spans["rule"])
    assert "".join(study.texts["02"][a:b] for a, b in zip(spans["start"], spans["end"])) == study.texts["02"]
    assert study.duplicates[["counted", "recorded"]].values.tolist() == [["01", True]]


def test_a_copy_nobody_recorded_is_counted_once(folder):
    """The longer one counts, whichever comes first; a part of it takes nothing away."""
    study = two_documents(folder, COPIES["a part"])
    assert study.documents["tokens"].tolist() == [200, 0]
    assert study.documents["duplicate_of"].tolist() == ["", "01"]
    study = two_documents(folder, f"{ARTICLE} {' '.join(WORDS[200:300])}.")
    assert study.documents["tokens"].tolist() == [0, 300]
    assert study.duplicates["counted"].tolist() == ["02"]
    assert "duplicate of 02" in set(study.spans["rule"])


def test_the_analyst_may_count_both_or_the_shorter(folder):
    study = two_documents(folder, COPIES["a part"], duplicate_of="none")
    assert study.documents["tokens"].tolist() == [200, 160]
    assert study.duplicates[["counted", "recorded"]].values.tolist() == [["01, 02", True]]
    study = two_documents(folder, f"{ARTICLE} And a few words more.", duplicate_of="01")
    assert study.documents["tokens"].tolist() == [200, 0]
    two_documents(folder, ARTICLE)
    study = analysis.load(folder, without=["duplicate"])
    assert study.documents["tokens"].tolist() == [200, 200]
    assert study.duplicates[["counted", "recorded"]].values.tolist() == [["01, 02", False]]


def test_a_document_on_the_subject_counts_before_a_longer_one_that_is_not(folder):
    study = two_documents(folder, f"{ARTICLE} And a few words more.")
    text = (
        (folder / "documents.csv")
        .read_text()
        .replace("02_b.txt,S,Another title,,,ties", "02_b.txt,S,Another title,,,context")
    )
    (folder / "documents.csv").write_text(text)
    study = analysis.load(folder)
    assert study.documents["tokens"].tolist() == [200, 0]


@pytest.mark.parametrize("end", ["\n\n", " "])
def test_an_excerpt_is_found_whatever_its_line_breaks(folder, end):
    """Lines that stand in two documents are not taken for a part of the page before the copy is seen."""
    parts = [" ".join(WORDS[i : i + 40]) + "." for i in range(0, 400, 40)]
    study = two_documents(folder, "\n\n".join(parts))
    (folder / "01_a.txt").write_text("One title\n\n" + end.join(parts[:4]) + "\n", encoding="utf-8")
    study = analysis.load(folder)
    assert study.duplicates["counted"].tolist() == ["02"]
    assert study.documents["tokens"].tolist() == [0, 400]


@pytest.mark.parametrize(("dates", "tokens"), [(("2001-05-02", "2001-05-01"), [0, 202]), (("2001-05-01", "2001-05-02"), [200, 0]),
                                               (("", "2001-05-02"), [0, 202]), (("", ""), [200, 0])])  # fmt: skip
def test_of_two_nearly_equal_documents_the_earlier_counts(folder, dates, tokens):
    """A reprint with a line more is still a reprint; an excerpt is short, whenever it came."""
    two_documents(folder, f"{ARTICLE} Two words.")
    rows = [[f"0{n}_{x}.txt", "S", t, d, d, "ties", "en", ""] for n, x, t, d in
            ((1, "a", "One title", dates[0]), (2, "b", "Another title", dates[1]))]  # fmt: skip
    write_rows(folder, rows, HEADER)
    assert analysis.load(folder).documents["tokens"].tolist() == tokens
    (folder / "02_b.txt").write_text(f"Another title\n\n{COPIES['a part'][:-900]}.\n", encoding="utf-8")
    assert analysis.load(folder).documents["tokens"].iloc[1] == 0


def test_of_many_copies_one_counts_and_a_recorded_one_is_not_it(tmp_path):
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(ARTICLE if number < 5 else OTHERS["another article"], encoding="utf-8")
    rows = [[f"{n}.txt", "S", "", "", "", "ties", "en", "", "3" if n == 0 else ""] for n in range(6)]
    write_rows(tmp_path, rows, [*HEADER, "duplicate_of"])
    study = analysis.load(tmp_path)
    assert study.documents["duplicate_of"].tolist() == ["3", "3", "3", "", "3", ""]
    assert study.documents["tokens"].tolist() == [0, 0, 0, 200, 0, 200]


def test_the_overlaps_are_those_of_sets_of_runs(tmp_path):
    """Every pair, against Python sets, on documents that share runs of all lengths."""
    draw, texts = random.Random(0), []
    for number in range(12):
        source = texts[number // 2].split() if texts and number % 3 else WORDS
        start = draw.randrange(len(source) // 2)
        texts.append(" ".join(source[start : start + draw.randint(20, 150)]))
        (tmp_path / f"{number}.txt").write_text(texts[-1], encoding="utf-8")
    write_rows(tmp_path, [[f"{n}.txt", "S", "", "", "", "ties", "en", ""] for n in range(12)], HEADER)
    runs = [{tuple(t.split()[i : i + 5]) for i in range(len(t.split()) - 4)} for t in texts]
    expected = {
        (str(a), str(b), len(runs[a] & runs[b]))
        for a, b in itertools.combinations(range(12), 2)
        if len(runs[a] & runs[b]) >= 0.7 * min(len(runs[a]), len(runs[b]))
    }
    table = analysis.load(tmp_path).duplicates
    assert set(table[["doc_id", "other_id", "shared"]].itertuples(index=False, name=None)) == expected
    assert expected


@pytest.mark.parametrize("other", ["02", "07"])
def test_a_duplicate_of_what_does_not_count_is_an_error(folder, other):
    with pytest.raises(StudyError, match=f"a duplicate of {other}, which is no document that counts"):
        two_documents(folder, ARTICLE, duplicate_of=other)


def test_check_asks_for_the_choice(folder):
    two_documents(folder, ARTICLE)
    command = [sys.executable, "-m", "analysis", "check", "--study", folder]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0
    assert "01 and 02: 100% of the shorter stands in the other, so only 01 counts" in done.stderr
    table = subprocess.check_output([*command[:3], "duplicates", *command[4:], "--format", "json"], cwd=ROOT)
    assert json.loads(table)[0]["jaccard"] == 1


def test_the_seeds_hold_no_copies(seeds):
    """Three of them share a teaser, which is not their text."""
    assert seeds.duplicates.empty
