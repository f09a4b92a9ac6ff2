"""Gates and balance: verdicts in words."""

import pytest
from made_up import write_rows

import analysis
from analysis import StudyError


def study_of(folder, groups):
    """A study with documents of so many words, by source and year."""
    for path in folder.glob("*.txt"):
        path.unlink()
    rows = []
    for number, (source, year, words) in enumerate(groups):
        name = f"{number:03}_x.txt"
        (folder / name).write_text("word " * words, encoding="utf-8")
        rows.append([name, source, "", f"{year}-01-01", f"{year}-01-01", "ties", "en", ""])
    write_rows(folder, rows)
    return analysis.load(folder)


def test_balance_counts_documents_and_the_largest_share(folder):
    study = study_of(folder, [("A", 2001, 30), ("A", 2002, 10), ("B", 2002, 5)])
    assert analysis.balance(study).to_numpy().tolist() == [["A", 2, 40, "000", 0.75], ["B", 1, 5, "002", 1.0]]


def test_four_documents_a_side_pass_the_gate_and_three_do_not(folder):
    even = [("A", 2001, 10)] * 4 + [("B", 2001, 10)] * 4
    assert analysis.comparison_verdict(study_of(folder, even), ["A", "B"]) == (
        "Large enough for a test: each group has at least 4 documents."
    )
    verdict = analysis.comparison_verdict(study_of(folder, even[:-1]), ["A", "B"])
    assert verdict.startswith("Descriptive only: a test needs 4 documents in each group, and B has 3.")


def test_a_document_over_a_quarter_of_its_group_is_named(folder):
    groups = [("A", 2001, 40)] + [("A", 2001, 20)] * 4 + [("B", 2001, 10)] * 4
    verdict = analysis.comparison_verdict(study_of(folder, groups), ["A", "B"])
    assert verdict.endswith("33% of the words of A are from one document, 000.")


def test_nearly_all_the_words_of_a_group_are_not_said_to_be_all(folder):
    verdict = analysis.comparison_verdict(
        study_of(folder, [("A", 2001, 999), ("A", 2001, 1), ("B", 2001, 9)]), ["A", "B"]
    )
    assert "over 99% of the words of A are from one document, 000. 100% of the words of B" in verdict


def test_no_group_cannot_be_compared(folder):
    with pytest.raises(analysis.StudyError, match="groups: there is none"):
        analysis.comparison_verdict(study_of(folder, [("A", 2001, 9), ("B", 2001, 9)]), [])


def test_a_group_alone_is_compared_with_all_others(folder):
    """As `keyness_test` compares it: neither of two small groups is a side by itself."""
    study = study_of(folder, [("A", 2001, 10)] * 6 + [("B", 2001, 10)] * 3 + [("C", 2001, 10)] * 3)
    assert analysis.comparison_verdict(study, ["A"]).startswith("Large enough for a test")
    assert analysis.keyness_test(study, target="A", resamples=19)["p"].notna().all()
    assert "B has 3, C has 3" in analysis.comparison_verdict(study, ["A", "B", "C"])
    one_other = study_of(folder, [("A", 2001, 10)] * 6 + [("B", 2001, 10)] * 3)
    assert "and B has 3" in analysis.comparison_verdict(one_other, ["A"])
    alone = study_of(folder, [("A", 2001, 10)] * 6)
    assert analysis.comparison_verdict(alone, ["A"]) == "Descriptive only: there is nothing to compare A with."


def test_a_year_of_one_source_is_confounded_with_it(folder):
    mixed = study_of(folder, [("A", 2001, 9), ("B", 2001, 1), ("A", 2002, 1), ("B", 2002, 9)])
    verdict = analysis.confounding_verdict(mixed)
    assert "90% of the words of 2001 are from A; 90% of the words of 2002 are from B." in verdict
    assert verdict.endswith("A difference between years may be one between sources, and the reverse.")
    even = study_of(folder, [("A", 2001, 5), ("B", 2001, 5), ("A", 2002, 5), ("B", 2002, 5)])
    assert analysis.confounding_verdict(even) == "No year rests mostly on one source."


def test_the_seeds_are_confounded(seeds):
    """Design: 2018 is 78 % one article."""
    assert "78% of the words of 2018 are from Eurasia Daily Monitor" in analysis.confounding_verdict(seeds)
    assert (
        analysis.cross_balance(seeds, rows="source", columns="year").to_numpy().sum() == seeds.documents["tokens"].sum()
    )


def test_a_year_without_a_word_rests_on_nobody(folder):
    (folder / "01_pears.txt").write_text("Pears\n\n!!!\n", encoding="utf-8")
    verdict = analysis.confounding_verdict(analysis.load(folder))
    assert "2001" not in verdict


def test_unknown_group(seeds):
    with pytest.raises(StudyError, match="Choose one of: Belarus in Focus, Eurasia Daily Monitor"):
        analysis.comparison_verdict(seeds, ["none"])
