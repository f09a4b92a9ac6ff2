"""The findings of a study as sentences: counts recounted here, evidence by hand, and a false one stops the build."""

from itertools import combinations

import numpy as np
import pytest
from made_up import study_of, write_rows

import analysis
from analysis.report.prose import ClaimError, findings
from analysis.report.statements import statements

HEADER = "name,statement,measure,what,target,reference,by\n"
TEXTS = {
    "01.txt": "Pears and pears.\n\nA pear in the rain.\n",
    "02.txt": "Plums in the rain. A pear.\n",
    "03.txt": "Plums.\n\nPlums in the sun.\n",
    "04.txt": "Pears, pears, pears.\n",
}
ROWS = [
    ["01.txt", "Post", "", "2001-01-01", "2001-01-01", "ties", "en", ""],
    ["02.txt", "News", "", "2001-01-01", "2001-01-01", "ties", "en", ""],
    ["03.txt", "News", "", "2001-01-01", "2001-01-01", "ties", "en", ""],
    ["04.txt", "News", "", "2001-01-01", "2001-01-01", "context", "en", ""],
]


@pytest.fixture
def orchard(tmp_path):
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    write_rows(tmp_path, ROWS)
    return tmp_path


def stated(folder, *rows, chapter="words"):
    (folder / "findings.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return statements(analysis.load(folder), chapter)


def test_a_statement_comes_with_its_counts_its_firmness_and_its_sentences(orchard):
    found = stated(orchard, "pears,Post has more pears.,word,pear*,Post,News,")["pears"]
    assert found.sentence.startswith("Post has more pears: 3 of 8 words, against 1 of 11")
    assert found.sentence_ids == ["01-1", "01-2", "02-2"], "not those of the context document"
    assert found.sure.startswith("Descriptive only: there are too few documents for a test.")


def test_an_empty_reference_is_all_others(orchard):
    found = stated(orchard, "plums,News has more plums.,word,plum*,News,,")["plums"]
    assert found.sentence.startswith("News has more plums: 3 of 11 words, against none of 8")


def test_a_statement_that_is_false_stops_the_build(orchard):
    said = r"the finding “pears”: “News .* against 3 of 8; in single documents .*” does not hold: it needs -2,840.9 > 0. Correct what it states"
    with pytest.raises(ClaimError, match=said):
        stated(orchard, "pears,News has more pears.,word,pear*,News,Post,")


def test_every_statement_that_is_false_is_named(orchard):
    rows = ["pears,News has more pears.,word,pear*,News,Post,", "plums,Post has more plums.,word,plum*,Post,,"]
    with pytest.raises(ClaimError, match="(?s)the finding “pears”.*\nfindings.csv, the finding “plums”"):
        stated(orchard, *rows)


def test_the_most_frequent_word_is_held_against_the_next(orchard):
    found = stated(orchard, "top,Most of all News speaks of plums.,most_frequent,plums,News,,")["top"]
    assert found.sentence.startswith("Most of all News speaks of plums: 3 of 11 words, against 2 of the next")
    assert found.sentence_ids == ["02-1", "03-1", "03-2"]


def test_with_documents_enough_each_declared_contrast_is_tested(folder):
    hits = {"A": [3, 2, 4, 1], "B": [0, 1, 0, 2, 1]}
    rows = [(source, " ".join(["pear"] * n + ["rain"] * (10 - n))) for source, own in hits.items() for n in own]
    study = study_of(folder, rows)
    (folder / "findings.csv").write_text(HEADER + "pears,A has more pears.,word,pear,A,B,\n", encoding="utf-8")
    all_hits = np.concatenate(list(hits.values()))
    apart = [abs(all_hits[list(own)].mean() - np.delete(all_hits, own).mean()) for own in combinations(range(9), 4)]
    p = np.mean([one >= apart[0] - 1e-12 for one in apart])
    assert statements(analysis.load(study.folder), "words")["pears"].sure.startswith(
        f"By whole documents p = {p:.3f}, one of 1 finding of its chapter."
    )
    (folder / "findings.csv").unlink()
    (folder / "stopwords.txt").write_text("the\n", encoding="utf-8")
    assert all("Not tested" in found.sure for found in statements(analysis.load(study.folder), "words").values())


def test_only_a_contrast_of_groups_with_documents_enough_is_tested(folder):
    """Each source has four documents, one of the two years only three, and a most frequent word has no second group."""
    days = ["2001-01-01"] * 3 + ["2002-01-01"] * 5
    texts = ["pear pear", "pear pear", "pear pear", "pear rain", "rain", "rain", "rain", "rain"]
    study_of(folder, list(zip("AAAABBBB", texts, days)))
    rows = ["years,2001 has more pears.,word,pear,2001,2002,year", "top,A has pears.,most_frequent,pear,A,,source"]
    found = stated(folder, *rows, "sources,A has more pears.,word,pear,A,B,source")
    assert found["years"].sure.startswith("Descriptive only: there are too few documents for a test.")
    assert found["top"].sure.startswith("Not tested: it compares words of A alone.")
    assert found["sources"].sure.startswith("By whole documents p = 0.029, one of 3 findings of its chapter."), 2 / 70


def test_a_finding_may_have_any_name(orchard):
    found = stated(orchard, "study,Post has more pears.,word,pear*,Post,News,")
    assert "Post has more pears: 3 of 8 words" in findings(analysis.load(orchard), **found).data


def test_a_statement_says_how_far_single_documents_lie_apart(folder):
    texts = [("A", "Pears. Pears. Plums"), ("A", "Plums. Plums"), ("B", "Pears. Plums. Plums. Plums")]
    study_of(folder, texts)
    (folder / "findings.csv").write_text(f"{HEADER}pears,A has more pears.,word,pears,A,B,source\n", encoding="utf-8")
    said = statements(analysis.load(folder), "words")["pears"].sentence
    counted = "A has more pears: 2 of 5 words, against 1 of 4"
    assert said.startswith(f"{counted}; in single documents 0 to 6,667 against 2,500 per 10,000 words")


def test_a_statement_on_cues_says_how_many_of_the_paragraphs_with_the_frame_they_see(orchard):
    """To the reader, plums are fruit, too."""
    frame = "{frame: FRUIT, title: Fruit, definition: d, include: i, exclude: e, example: x, cues: ['pear*']}"
    (orchard / "frames.yml").write_text(f"- {frame}\n", encoding="utf-8")
    read = ["01,1,FRUIT,pears", "01,2,FRUIT,pear", "02,1,FRUIT,Plums", "03,1,FRUIT,Plums", "03,2,FRUIT,Plums"]
    rows = "\n".join(f"ann,{row}" for row in [*read, "04,1,,"])
    (orchard / "codings.csv").write_text(f"coder,doc_id,paragraph,code,words\n{rows}\n", encoding="utf-8")
    row = "fruit,Post has more of it.,cue_rate,FRUIT,Post,{},"
    for reference, called in (("News", "News"), ("", "the others")):
        sure = stated(orchard, row.format(reference), chapter="frames")["fruit"].sure
        assert sure.endswith(f"to which the readings give the frame, cues find 2 of 2 in Post, 1 of 3 in {called}.")
