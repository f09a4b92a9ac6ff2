"""Every finding in every other way: each value is recounted with plain regular expressions, and each way counted."""

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from made_up import write_rows

import analysis
from analysis.corpus.findings import KNOWN
from analysis.errors import StudyError
from analysis.measures.countings import COUNTS
from analysis.measures.specifications import BASES, CHOICES, false_findings

TEXTS = {  # title, paragraphs, and a line that cleaning takes
    "01": "Orchards\n\nThe Elves sell a pear. A pear is sweet.\n\nPerhaps the Elves keep pears.\n\nRead more\n",
    "02": "Pear trees\n\nElfland is calm. The Dwarves sleep and the plums grow on the hill.\n\nNo pear came.\n",
    "03": "Mines\n\nThe Dwarves dig a mine. Perhaps the Elves dig it for Elfland. The mine is deep. A plum is a plum.\n",
    "04": "Rivers\n\nPerhaps a river is deep. Elfland has a pear and the Dwarves have a plum. A plum keeps.\n\nIt rained.\n",
}
SOURCES = {"01": "Fruit Post", "02": "Fruit Post", "03": "Rock News", "04": "Fruit Post"}
UNDATED = dict.fromkeys(SOURCES, "")
DAYS = {"01": "2001-01-01", "02": "2002-02-02", "03": "2002-03-03", "04": "2002-04-04"}
ACTORS = """
- {actor: Elfland, kind: state, forms: {name: [Elfland], people: [Elves]}}
- {actor: Dwarfland, kind: state, forms: {name: [Dwarfland], people: [Dwarves]}}
"""
FRAMES = """
- {frame: FRUIT, title: Fruit, definition: d, include: i, exclude: e, example: x, cues: ['pear*']}
"""
TONE = "- {category: hedge, definition: d, patterns: [perhaps]}\n"
STOP = ["the", "a", "is", "and", "on", "it", "for", "has", "have"]
CODINGS = """coder,doc_id,paragraph,code,words
one,01,1,FRUIT,pear
two,01,1,,
one,01,2,FRUIT,pears
two,01,2,FRUIT,pears
one,02,1,,
two,02,1,,
one,03,1,,
two,03,1,FRUIT,plum
one,04,1,FRUIT,pear
two,04,1,FRUIT,pear
"""
ROWS = [
    ["fruit", "More pears.", "cue_rate", "FRUIT", "Fruit Post", "Rock News", ""],
    ["read", "More fruit is read.", "coded_share", "FRUIT", "Fruit Post", "Rock News", ""],
    ["doubt", "More doubt.", "tone", "hedge", "Fruit Post", "Rock News", ""],
    ["named", "More of Elfland.", "actor", "Elfland", "Fruit Post", "Rock News", ""],
    ["part", "A larger part is Elfland.", "actor_share", "Elfland", "Fruit Post", "Rock News", ""],
    ["pears", "Pears are spoken of.", "word", "pear*", "Fruit Post", "Rock News", "source"],
    ["elves", "Elfland is spoken of.", "word", "elfland", "Fruit Post", "Rock News", "source"],
    ["first", "Nothing is spoken of as much.", "most_frequent", "pear", "Fruit Post", "", "source"],
    ["long", "Longer.", "paragraph_length", "", "Rock News", "Fruit Post", "source"],
    ["days", "More on the first.", "word", "pear", "01", "02", "document"],
]
HEADER = ["name", "statement", "measure", "what", "target", "reference", "by"]


@pytest.fixture
def fruit(tmp_path):
    """A study folder with all that a finding can be about."""
    for doc_id, text in TEXTS.items():
        (tmp_path / f"{doc_id}.txt").write_text(text, encoding="utf-8")
    for name, text in {
        "actors.yml": ACTORS, "frames.yml": FRAMES, "tone.yml": TONE, "stopwords.txt": "\n".join(STOP),
        "codings.csv": CODINGS, "findings.csv": as_csv(ROWS),
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    write_documents(tmp_path)
    return tmp_path


def write_documents(folder, *, without=(), days=UNDATED):
    write_rows(folder, [
        [f"{d}.txt", SOURCES[d], TEXTS[d].splitlines()[0], days[d][:10], days[d][-10:], "context" if d == "04" else "ties", "en", ""]
        for d in TEXTS if d not in without
    ])  # fmt: skip


def as_csv(rows):
    return pd.DataFrame(rows, columns=HEADER).to_csv(index=False)


def computed(folder):
    return analysis.specifications(folder, analysis.read_findings(analysis.load(folder), folder / "findings.csv"))


def paragraphs(doc_id, cleaning):
    """What counts of a document: without cleaning, all of it."""
    parts = TEXTS[doc_id].strip().split("\n\n")
    return parts if cleaning == "off" else [part for part in parts[1:] if part != "Read more"]


def words(text):
    return re.findall(r"\w+", text.lower())


def recount(measure, what, way, doc_ids):
    """A finding’s value in some documents, by regular expressions; for the most frequent word also that of the next."""
    cleaning = way["cleaning"] or "on"
    own = [part for doc_id in doc_ids for part in paragraphs(doc_id, cleaning)]
    sentences = [sentence for part in own for sentence in re.split(r"(?<=\.) ", part)]
    units = own if way["unit"] == "paragraph" else sentences
    tokens = [word for part in own for word in words(part)]
    elves = r"\b(elfland|elves)\b" if way["aliases"] == "on" else r"\belfland\b"
    dwarves = r"\b(dwarfland|dwarves)\b" if way["aliases"] == "on" else r"\bdwarfland\b"

    def part_of_units(pattern):
        return sum(bool(re.search(pattern, unit.lower())) for unit in units) / len(units) if units else np.nan

    if measure in ("cue_rate", "tone", "actor"):
        return part_of_units({"FRUIT": r"\bpear", "hedge": r"\bperhaps\b", "Elfland": elves}[what])
    if measure == "coded_share":
        given = {"01": [1, 0, 1, 1], "02": [0, 0], "03": [0, 1], "04": [1, 1]}
        given = [value for doc_id in doc_ids for value in given[doc_id]]
        return sum(given) / len(given) if given else np.nan
    if measure == "actor_share":
        named = [len(re.findall(name, " ".join(own).lower())) for name in (elves, dwarves)]
        return named[0] / sum(named) if sum(named) else np.nan
    if measure == "paragraph_length":
        return len(tokens) / len(own) if own else np.nan
    content = [word for word in tokens if word not in STOP]
    if way["aliases"] == "on":
        tokens, content = (
            [{"elves": "elfland", "dwarves": "dwarfland"}.get(w, w) for w in ws] for ws in (tokens, content)
        )
    if measure == "word":
        size = len(content if way["stop_list"] == "on" else tokens)
        found = sum(bool(re.fullmatch(what.replace("*", r"\w*"), word)) for word in tokens)
        return 1e4 * found / size if size else np.nan
    counts = {word: content.count(word) for word in content}
    first, other = counts.pop(what, 0), max(counts.values(), default=0)
    return (1e4 * first / len(tokens), 1e4 * other / len(tokens)) if tokens else (np.nan, np.nan)


def documents_of(group, way, by):
    group = [d for d in TEXTS if (d if by == "document" else SOURCES[d]) == group]
    group = [d for d in group if d != "01" or way["years"] != "shared"]  # the only one of its year
    return [d for d in group if d != way["left_out"] and (d != "04" or way["context"] == "in")]


@pytest.mark.parametrize("days", [UNDATED, DAYS])
def test_each_value_is_what_a_recount_gives(fruit, days):
    write_documents(fruit, days=days)
    table = computed(fruit)
    assert {row[2] for row in ROWS} == set(COUNTS) == set(BASES) == set(KNOWN)
    for name, _, measure, what, target, reference, by in ROWS:
        for way in table[table["finding"] == name].to_dict("records"):
            values = [recount(measure, what, way, documents_of(group, way, by)) for group in (target, reference)]
            if measure == "most_frequent":
                values = values[0]
            assert [way["target"], way["reference"]] == pytest.approx(values, nan_ok=True), way
            assert way["difference"] == pytest.approx(values[0] - values[1], nan_ok=True)
            assert way["holds"] == (values[0] - values[1] > 1e-9)


def test_the_ways_are_the_product_of_the_choices_that_touch_a_finding(fruit):
    """Besides: with and without each of the 3 documents about the ties; the only context document is not left out.

    What cleaning takes names no actor, so it is no choice for the parts of mentions.
    """
    ways = computed(fruit).groupby("finding")
    choices = {"fruit": 3, "read": 1, "doubt": 3, "named": 4, "part": 2, "pears": 3, "elves": 4, "long": 2}
    assert ways.size().drop(["first", "days"]).to_dict() == {name: 2**n * 4 for name, n in choices.items()}
    assert ways.size()["first"] == 2**3 * 3  # of the target alone
    assert ways.size()["days"] == 2**2 * 3  # neither is a context document, and no actor is called so
    for name, own in ways:
        columns = [*CHOICES, "left_out"]
        assert not own.duplicated(columns).any(), name
        assert len(own) == np.prod([own[column].nunique() for column in columns])
        assert own["base"].sum() == 1
        assert own.loc[own["base"], "left_out"].item() == ""


def test_findings_that_do_not_hold_are_problems(fruit):
    table = computed(fruit).query("base")
    study = analysis.load(fruit)
    problems = false_findings(study, analysis.read_findings(study))
    assert all(problem.file == "findings.csv" for problem in problems)
    named = [re.search("“(.*?)”, “", problem.what).group(1) for problem in problems]
    assert named == table.loc[~table["holds"], "finding"].tolist() != []


def test_years_are_a_choice_where_the_groups_share_some_and_not_all(fruit):
    """The only document of a year that is not shared is not left out: without it all years are shared."""
    before = computed(fruit).groupby("finding").size()
    write_documents(fruit, days=DAYS)
    ways = computed(fruit).groupby("finding")
    twice = before.drop(["first", "days"]) * 2 * 3 // 4
    assert ways.size()[twice.index].equals(twice) and ways.size()[["first", "days"]].equals(before[["first", "days"]])
    left_out = ways.get_group("fruit").groupby("years")["left_out"].agg(lambda ids: sorted(set(ids)))
    assert left_out.to_dict() == {"all": ["", "02", "03"], "shared": ["", "02", "03"]}
    assert ways.get_group("fruit").query("base")["years"].item() == "all"


def test_a_copy_makes_no_year_a_shared_one(fruit):
    """Nothing of it counts."""
    (fruit / "05.txt").write_text(TEXTS["01"], encoding="utf-8")
    write_documents(fruit, days={**DAYS, "02": "2003-02-02", "03": "2004-03-03"})
    table = pd.read_csv(fruit / "documents.csv", dtype=str, keep_default_na=False)
    copy = table.iloc[[0]].assign(file="05.txt", source="Rock News")
    pd.concat([table, copy]).assign(duplicate_of=["", "", "", "", "01"]).to_csv(fruit / "documents.csv", index=False)
    assert (computed(fruit)["years"] == "").all()


def test_no_way_to_count_stands_there_twice(tmp_path):
    """Nothing to clean, paragraphs of one sentence, actors without another name: only the documents are to choose."""
    texts = {
        "01": ("Fruit Post", "Elfland rose."),
        "02": ("Fruit Post", "Elfland fell.\n\nIt rained."),
        "03": ("Rock News", "No."),
    }
    for doc_id, (_, text) in texts.items():
        (tmp_path / f"{doc_id}.txt").write_text(text, encoding="utf-8")
    write_rows(tmp_path, [[f"{d}.txt", source, "", "", "", "ties", "en", ""] for d, (source, _) in texts.items()])
    (tmp_path / "actors.yml").write_text("- {actor: Elfland, kind: state, forms: {name: [Elfland]}}", encoding="utf-8")
    (tmp_path / "findings.csv").write_text(
        as_csv([row for row in ROWS if row[0] in ("named", "elves")]), encoding="utf-8"
    )
    table = computed(tmp_path)
    assert table.groupby("finding")["left_out"].agg(list).to_dict() == dict.fromkeys(
        ("named", "elves"), ["", "01", "02", "03"]
    )


def test_a_context_document_of_another_year_is_no_choice_among_the_shared_years(fruit):
    write_documents(fruit, days={**DAYS, "04": "2001-04-04"})
    own = computed(fruit).query("finding == 'fruit' and cleaning == 'on' and unit == 'sentence'")
    left_out = own.groupby(["years", "context"])["left_out"].agg(lambda ids: sorted(set(ids)))
    assert left_out.to_dict() == {
        ("all", "out"): ["", "02", "03"],
        ("all", "in"): ["", "01", "02", "03"],
        ("shared", "out"): ["", "02", "03"],
    }


@pytest.mark.parametrize(
    "days",
    [
        dict.fromkeys(TEXTS, "2002-02-02"),
        {**DAYS, "02": "2001-02-02"},
        {**DAYS, "02": "2001-12-30/2002-01-02"},
        {**DAYS, "02": "", "03": ""},
    ],
)
def test_years_that_are_all_shared_or_not_at_all_are_no_choice(fruit, days):
    write_documents(fruit, days=days)
    assert (computed(fruit)["years"] == "").all()


def test_the_base_is_what_the_measures_give(fruit):
    ties = analysis.select(analysis.load(fruit), role="ties")
    table = computed(fruit).query("base").set_index("finding")[["target", "reference"]]

    def both(table, column, **wanted):
        for key, value in wanted.items():
            table = table[table[key] == value]
        return table.set_index("group")[column].reindex(["Fruit Post", "Rock News"]).tolist()

    assert table.loc["fruit"].tolist() == both(analysis.cue_rates(ties), "cue_rate", frame="FRUIT")
    assert table.loc["doubt"].tolist() == both(analysis.tone(ties), "sentence_share", category="hedge")
    assert table.loc["elves"].tolist() == both(analysis.frequency(ties), "per_10k", term="elfland")
    codings = analysis.read_codings(analysis.load(fruit), fruit / "codings.csv")
    assert table.loc["read"].tolist() == both(analysis.coded_shares(ties, codings), "share", code="FRUIT")
    assert table.loc["first", "target"] == both(analysis.frequency(ties), "per_10k", term="pear")[0]


@pytest.mark.parametrize("left_out", ["01", "02"])
def test_to_leave_a_document_out_is_to_have_a_study_without_it(fruit, left_out):
    table = computed(fruit).query(f"finding == 'fruit' and left_out == '{left_out}' and context == 'in'")
    (fruit / f"{left_out}.txt").unlink()
    write_documents(fruit, without=[left_out])
    for cleaning, clean in (("on", True), ("off", False)):
        rates = analysis.cue_rates(analysis.load(fruit, clean=clean)).set_index("group")["cue_rate"]
        way = table.query(f"cleaning == '{cleaning}' and unit == 'paragraph'").iloc[0]
        assert [way["target"], way["reference"]] == rates[["Fruit Post", "Rock News"]].tolist()


def test_where_a_group_has_nothing_left_no_finding_holds(fruit):
    table = computed(fruit)
    gone = table[(table["left_out"] == "03") & (table["finding"] != "first")]
    assert len(gone) and gone["difference"].isna().all() and not gone["holds"].any()
    summary = analysis.robustness(table).set_index("finding")
    assert summary.loc["fruit", ["specifications", "defined"]].tolist() == [32, 24]
    assert summary.loc["fruit", "undefined_without"] == "03"
    assert summary.loc["first", "undefined_without"] == ""


def test_what_changes_no_way_is_no_choice(fruit):
    """Without a stop list, actors and a context document, only the cleaning and the documents are left to choose."""
    findings = analysis.read_findings(analysis.load(fruit), fruit / "findings.csv").query("measure == 'word'")
    for name in ("actors.yml", "stopwords.txt", "04.txt"):
        (fruit / name).unlink()
    write_documents(fruit, without=["04"])
    table = analysis.specifications(fruit, findings[findings["by"] == "source"])
    assert table.groupby("finding").size().to_dict() == {"pears": 2 * 4, "elves": 2 * 4}
    assert (table[["context", "unit", "stop_list", "aliases"]] == "").all(axis=None)


def test_a_copy_is_not_left_out_and_one_of_two_context_documents_is(fruit):
    (fruit / "05.txt").write_text(TEXTS["01"], encoding="utf-8")
    (fruit / "06.txt").write_text("Snow\n\nIt snowed on the pear.\n", encoding="utf-8")
    rows = [["05.txt", "Fruit Post", "Orchards", "ties", "01"], ["06.txt", "Fruit Post", "Snow", "context", ""]]
    for d, source in SOURCES.items():
        rows.append([f"{d}.txt", source, TEXTS[d].splitlines()[0], "context" if d == "04" else "ties", ""])
    header = ["file", "source", "title", "role", "duplicate_of"]
    pd.DataFrame(rows, columns=header).assign(date_from="", date_to="").to_csv(fruit / "documents.csv", index=False)
    table = computed(fruit).query("finding == 'fruit'").groupby("context")["left_out"].agg(lambda ids: sorted(set(ids)))
    assert table["out"] == ["", "01", "02", "03"]
    assert table["in"] == ["", "01", "02", "03", "04", "06"]


def curve(holds, differences, **choices):
    """A made-up curve; the first row is the base."""
    table = pd.DataFrame({"difference": differences, "holds": holds, **dict.fromkeys([*CHOICES, "left_out"], "")})
    return table.assign(finding="x", base=table.index == 0, **choices)


def test_robustness_counts_and_names_what_turns_a_finding():
    way = list(product(["on", "off"], ["", "01", "02"]))
    difference = [2.0, np.nan, -1, -2, -4, -3]
    table = curve([d > 0 for d in difference], difference, aliases=[a for a, _ in way], left_out=[d for _, d in way])
    row = analysis.robustness(table).iloc[0]
    assert row[["specifications", "defined", "holds", "share"]].tolist() == [6, 5, 1, 0.2]
    assert row[["base", "least", "median", "largest"]].tolist() == [2, -4, -2, 2]
    assert row["turned_by"] == "aliases: off 0 of 3, on 1 of 2"
    assert (row["turned_without"], row["undefined_without"]) == ("02", "01")


def test_robustness_of_what_always_holds_of_nothing_and_of_what_cannot_be_computed():
    row = analysis.robustness(curve([True, True], [1.0, 2.0], unit=["sentence", "paragraph"])).iloc[0]
    assert (row["share"], row["turned_by"], row["turned_without"]) == (1, "", "")
    row = analysis.robustness(curve([False], [np.nan])).iloc[0]
    assert row["defined"] == row["holds"] == 0 and np.isnan(row["share"]) and np.isnan(row["base"])
    nothing = analysis.specifications("no/such/folder", pd.DataFrame(columns=HEADER))
    assert analysis.robustness(nothing).empty


@pytest.mark.parametrize("text", [None, "", " \n", ",".join(HEADER) + "\n"])
def test_a_study_need_not_declare_findings(fruit, text):
    (fruit / "findings.csv").unlink()
    if text is not None:
        (fruit / "findings.csv").write_text(text, encoding="utf-8")
    table = analysis.read_findings(analysis.load(fruit), fruit / "findings.csv")
    assert table.empty and list(table) == HEADER


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        (0, "", "row 2: the finding has no name. Write one."),
        (0, "read", "row 3: the finding “read” stands there twice. Give each a name of its own."),
        (1, " ", "row 2: the finding has no statement. Write one."),
        (2, "mood", "row 2: the measure “mood” is unknown. Use one of: cue_rate, "),
        (3, "LAW", "row 2: cue_rate knows no “LAW”. Choose one of: FRUIT."),
        (4, "Tree News", "row 2: the target “Tree News” is no source of the study. Choose one of: Fruit Post, Rock News."),
        (5, "Tree News", "row 2: the reference “Tree News” is no source of the study."),
        (5, "Fruit Post", "row 2: “Fruit Post” is compared with itself. Give two groups."),
        (6, "mood", "row 2: by: there is no “mood”. Choose one of: document, month, source"),
    ],
)  # fmt: skip
def test_a_finding_that_cannot_be_is_named_with_its_row(fruit, column, value, message):
    rows = [list(row) for row in ROWS]
    rows[0][column] = value
    (fruit / "findings.csv").write_text(as_csv(rows), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        analysis.read_findings(analysis.load(fruit), fruit / "findings.csv")
    assert f"findings.csv, {message}" in str(caught.value)


def test_all_problems_come_at_once(fruit):
    (fruit / "tone.yml").unlink()
    rows = [
        ["a", "A.", "most_frequent", "two words", "Fruit Post", "Rock News", ""],
        ["b", "B.", "word", "–", "Fruit Post", "Rock News", ""],
        ["c", "C.", "paragraph_length", "FRUIT", "Rock News", "Fruit Post", ""],
        ["d", "D.", "tone", "hedge", "Rock News", "Fruit Post", ""],
    ]
    (fruit / "findings.csv").write_text(as_csv(rows), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        analysis.read_findings(analysis.load(fruit), fruit / "findings.csv")
    assert [(p.row, p.what) for p in caught.value.problems] == [
        (2, "“two words” is not one word"),
        (2, "most_frequent takes no reference"),
        (3, "“–” is not a search pattern"),
        (4, "paragraph_length knows no “FRUIT”"),
        (5, "tone knows no “hedge”"),
    ]
    assert "declare some, or leave the finding out" in str(caught.value)


def test_a_measure_that_there_is_not_is_an_error(fruit):
    findings = analysis.read_findings(analysis.load(fruit), fruit / "findings.csv").assign(measure="mood")
    with pytest.raises(StudyError, match="there is no “mood”. Choose one of: cue_rate"):
        analysis.specifications(fruit, findings)


def test_names_of_one_word_count_as_the_actor(fruit):
    from analysis.corpus.merging import actor_words

    text = "- {actor: The Far Isles, forms: {name: [Far Isles, 'Isl*', Isles, FI]}, traps: [Isles beer]}\n"
    (fruit / "actors.yml").write_text(text, encoding="utf-8")
    assert actor_words(analysis.load(fruit)) == {"isles": "isles", "fi": "isles"}


def test_the_study_of_this_project_states_what_its_chapters_print(seeds):
    """The base of each finding, recounted from the tables that the chapters show."""
    from made_up import ROOT

    table = analysis.specifications(ROOT / "seeds", analysis.read_findings(seeds, ROOT / "seeds" / "findings.csv"))
    base = table.query("base").set_index("finding")
    assert base["holds"].all()
    ties = analysis.select(seeds, role="ties")
    size = ties.documents.groupby("source")["tokens"].sum()
    for name, pattern in (("words_place", "south caucasus"), ("words_occupation", "occup*")):
        lines = analysis.kwic(ties, pattern)["source"].value_counts()
        assert base.loc[name, "target"] == 1e4 * lines.iloc[0] / size[lines.index[0]]
        assert len(lines) == 1 and base.loc[name, "reference"] == 0
    frames = analysis.cue_rates(ties).set_index("frame")["cue_rate"]
    for name, frame in (("frames_territory", "TERRITORY"), ("frames_post", "CSTO-POST")):
        assert sorted(base.loc[name, ["target", "reference"]]) == sorted(frames[frame])
