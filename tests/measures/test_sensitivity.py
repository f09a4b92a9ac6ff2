"""What a rule is worth shows when it is turned off."""

import pandas as pd

import analysis

BODY = ["The harvest was late this year, and the growers waited for their pears.",
        "Nobody expected the river to rise so fast, and the mill was closed in spring."]  # fmt: skip


def counts(study):
    """The words of the study, each with its count."""
    return analysis.frequency(study).groupby("term")["count"].sum()


def test_a_rule_that_is_off_lets_its_words_in_and_no_other_rule_does(folder):
    (folder / "03_rain.txt").write_text(f"Rain\n\n{BODY[0]}\n\nRead more\n\n{BODY[1]}\n", encoding="utf-8")
    table = analysis.rule_sensitivity(folder, counts)
    changed = table[table["change"] != 0]
    assert changed[["rule", "number", "cleaned", "without"]].values.tolist() == [
        ["link phrase", "more", 0, 1], ["link phrase", "read", 0, 1]]  # fmt: skip
    assert set(table["rule"]) == set(analysis.load(folder).rules)


def test_a_number_that_is_gone_counts_as_none_and_a_missing_one_stays_missing(folder):
    (folder / "03_rain.txt").write_text(f"Rain\n\n{BODY[0]}\n\nRead more\n", encoding="utf-8")

    def numbers(study):
        cleaned = "link phrase" in set(study.spans["rule"])
        return pd.Series({"gone": 2.0, "missing": float("nan")} if cleaned else {"missing": 1.0, "new": 3.0})

    table = analysis.rule_sensitivity(folder, numbers).query("rule == 'link phrase'").set_index("number")
    assert table.loc["gone", ["cleaned", "without", "change"]].tolist() == [2, 0, -2]
    assert table.loc["new", ["cleaned", "without", "change"]].tolist() == [0, 3, 3]
    assert table.loc["missing", ["cleaned", "change"]].isna().all()
