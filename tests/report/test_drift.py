"""The chapters Drift and How sure?, where there is nothing to compare: what they say is true all the same."""

import pytest
from made_up import study_of

import analysis
from analysis.report import drift, how_sure, power


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "No document has a known year, so nothing can be said of drift."),
        ("2001-05-03", "All documents with a known year are of one year, so nothing can be said of drift."),
    ],
)
def test_without_two_years_nothing_is_compared_and_no_year_is_said_to_lack_documents(folder, day, said):
    study = study_of(folder, [("A", "Pears sell", day), ("A", "Pears keep", day), ("B", "It rained", day)])
    table = drift.year_drift(study)
    assert drift.drift_findings(study, table)["drift_apart"].sentence == said
    assert drift.two_years(*drift.ends(study)) == "two years"
    more = power.power_of(study, table)
    assert "that takes two years" in power.alarms_finding(more)
    assert power.unlike_finding(study, more) == "No two documents of one year were compared."


def test_events_are_spoken_of_only_if_there_are_any(folder):
    study = analysis.load(folder)
    timeline = drift.timeline_rows(study)
    assert not any("table" in said for said in drift.in_time(study.documents, timeline).values())
    event = timeline.reindex([0]).assign(name="Frost", date_from="2001-05-03", date_to="2001-05-03")
    assert all("the table below" in said for said in drift.in_time(study.documents, event).values())


def test_where_no_rule_took_anything_none_is_said_to_have(folder):
    study = study_of(folder, [("A", "Pears sell. Plums do not"), ("B", "It rained. The valley lies there")])
    rules = how_sure.rule_table(study)
    assert how_sure.rule_findings(study, rules)["sure_backed"].startswith("No rule took anything from these files")
