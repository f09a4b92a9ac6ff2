"""The chapter Documents on made-up studies: every sentence in each of its forms, every table counted another way."""

from dataclasses import replace

import pandas as pd
import pytest
import regex
from made_up import study_of

import analysis
from analysis.report import documents
from analysis.report.prose import Finding

TEMPLATE = """
- template: made up
  when: '(?m)^(More of this|Imprint)$'
  rules:
    - {rule: teaser, kind: residue, from: 'More of this', to: 'Imprint'}
    - {rule: imprint, kind: residue, from: 'Imprint'}
"""
FRAME = "- {{frame: {0}, title: {1}, definition: d, include: i, exclude: e, example: x, cues: [{2}]}}\n"
BODY = "The pear fell. A pear, a pear, a pear and a pear! Two plums and a fig"


def page(body, *, teaser="", imprint=""):
    """A file as its template has it."""
    return "\n\n".join(
        [body, *(["More of this", teaser] if teaser else []), *(["Imprint", imprint] if imprint else [])]
    )


@pytest.fixture
def study(folder):
    """A function that makes a study of texts, with the template and perhaps with frames."""

    def make(*texts, frames="", roles=()):
        study_of(folder, [("A" if number % 2 else "B", text) for number, text in enumerate(texts)])
        (folder / "cleaning.yml").write_text(TEMPLATE, encoding="utf-8")
        if frames:
            (folder / "frames.yml").write_text(frames, encoding="utf-8")
        table = (folder / "documents.csv").read_text(encoding="utf-8").splitlines()
        for number, role in enumerate(roles, start=1):
            table[number] = table[number].replace(",ties,", f",{role},")
        (folder / "documents.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
        return analysis.load(folder)

    return make


def found(study):
    """The sentences of the chapter by name."""
    whole = documents.whole_files(study)
    gains, frames = documents.word_gains(study, whole), documents.frame_gains(study, whole)
    given = documents.documents_findings(study, gains, frames)
    return {name: one.sentence if isinstance(one, Finding) else one for name, one in given.items()}


def words(text):
    return regex.findall(r"[a-z]+", text.casefold())


def test_where_nothing_was_removed_the_chapter_says_so_and_its_tables_are_empty(study):
    plain = study(BODY, "A fig")
    said = found(plain)
    assert list(said) == ["documents_size", "documents_removed", "documents_copies"]
    assert said["documents_removed"] == "Nothing was removed from the files."
    whole = documents.whole_files(plain)
    gains = documents.word_gains(plain, whole)
    parts, frames = documents.by_part(plain, whole, ""), documents.frame_gains(plain, whole)
    assert [len(t) for t in (gains, parts, frames, documents.removed_by_rule(plain))] == [0, 0, 0, 0]
    assert gains.columns.tolist() == ["term", "body", "removed"]
    assert documents.part_labels(parts) == {"doc_id": "Document", "body": "Body", "sentences": "Evidence"}
    assert list(documents.rule_labels(documents.removed_by_rule(plain))) == [
        "rule",
        "characters",
        "documents",
        "00",
        "01",
    ]
    assert (
        documents.kept_caption(plain.documents, plain.documents)
        == "Characters kept. Nothing was removed from the files."
    )
    assert "no frames: a file frames.yml" in documents.frames_caption(frames)


def test_size_and_roles(study):
    said = found(study("A fig", "A pear. A fig", "A plum", roles=("ties", "context", "ties")))["documents_size"]
    assert said == (
        "The study has 3 documents from 2 sources: 3 paragraphs, 4 sentences and 8 words. "
        "2 documents are about the subject, and 1 gives context."
    )
    said = found(study("A fig", "A pear", "A plum", roles=("context", "ties", "context")))["documents_size"]
    assert said.endswith("1 document is about the subject, and 2 give context.")
    said = found(study("A fig"))["documents_size"]
    assert (
        said
        == "The study has 1 document from 1 source: 1 paragraph, 1 sentence and 2 words. All are about the subject."
    )


def test_the_word_that_gains_most_in_proportion_is_found_and_counted(study):
    texts = [
        page(BODY, teaser="The pear of the year. Pear! Fig, fig, fig, fig. The the the the the the the the the"),
        page("The plums. The plums. The plums, the plums", imprint="Plums"),
    ]
    (removed, body) = ([], [])
    for text in texts:
        kept, *others = regex.split(r"More of this|Imprint", text)
        body += words(kept)
        removed += words(text[len(kept) :])
    made = study(*texts)
    (made.folder / "stopwords.txt").write_text("the\na\nof\nand\n", encoding="utf-8")
    made = analysis.load(made.folder)
    whole = documents.whole_files(made)
    gains = documents.word_gains(made, whole)
    expected = {w: (body.count(w), removed.count(w)) for w in set(removed) - {"the", "a", "of", "and"}}
    assert {t: (b, r) for t, b, r in gains.itertuples(index=False)} == expected
    assert gains["term"].iloc[0] == "fig", "the most by number, but rare in the body"
    assert documents.telling_word(gains) == "pear"
    assert found(made)["documents_word"] == (
        "“pear” stands 5 times in the text that is counted and 2 times in the removed parts: "
        "with them its count would be 40% higher."
    )
    parts = documents.by_part(made, whole, "pear")
    assert parts[["doc_id", "body", "teaser", "sentences"]].to_numpy().tolist() == [["00", 5, 2, "00-1 00-2"]]
    rules = documents.removed_by_rule(made).set_index("rule")
    assert rules.sum()[["00", "01"]].tolist() == made.documents["characters_removed"].tolist()
    assert rules.loc["imprint", ["characters", "documents"]].tolist() == [len(texts[1].split("plums\n\n")[1]) + 2, 1]


def test_of_two_words_the_one_that_more_than_doubles_goes_before_the_one_with_more_occurrences():
    gains = pd.DataFrame({"term": ["pear", "fig", "kiwi"], "body": [100, 5, 4], "removed": [20, 6, 6]})
    assert documents.telling_word(gains) == "fig"
    assert documents.telling_word(gains[gains["term"] == "kiwi"]) == ""


def test_no_word_gains(study):
    made = study(page("A pear", imprint="Plums are sold"), "A fig")
    said = found(made)
    assert said["documents_word"] == "No content word that is counted 5 times or more stands in the removed parts, too."
    assert "documents_frame" not in said


@pytest.mark.parametrize(
    ("imprints", "expected"),
    [
        (["one", "two"], "No removed stretch stands in more than one document."),
        (
            ["Plums of all kinds, sold here and elsewhere", "Plums of all kinds, sold here and elsewhere"],
            "The longest removed stretch that stands in more than one document has 53 characters and begins “Imprint Plums "
            "of all kinds, sold …”. It stands letter for letter in 2 documents: 00 and 01.",
        ),
        (
            ["Plums"] * 7,
            "The longest removed stretch that stands in more than one document has 15 characters and reads “Imprint Plums.”. "
            "It stands letter for letter in 7 documents: 00, 01, 02, 03, 04 and 2 more.",
        ),
    ],
)
def test_a_stretch_that_stands_in_several_documents(study, imprints, expected):
    made = study(*(page(f"Body of number {n}", imprint=text) for n, text in enumerate(imprints)))
    assert found(made)["documents_repeated"] == expected


def test_of_several_such_stretches_the_longest_is_named(study):
    made = study(*(page(f"Body {n}", teaser="Zest", imprint="A long, long line of plums") for n in range(2)))
    assert "begins “Imprint A long, long line of …”" in found(made)["documents_repeated"]


def test_frames_that_would_stand_in_more_documents(study):
    frames = FRAME.format("FIG", "Figs", "fig") + FRAME.format("PLUM", "Plums", "plum*")
    texts = [page("A fig", teaser="Plums"), page("A pear", teaser="A fig, a plum"), page("A plum", teaser="A pear")]
    made = study(*texts, frames=frames)
    table = documents.frame_gains(made, documents.whole_files(made))
    assert table.drop(columns="title").to_numpy().tolist() == [
        ["PLUM", 1, 2, "00, 01", "02-1"],
        ["FIG", 1, 1, "01", "00-1"],
    ]
    assert found(made)["documents_frame"] == (
        "With the removed parts, cues of 2 of 2 frames would stand in more documents. Those of “Plums” would stand in "
        "3 documents, of which 2 have them from a removed part alone."
    )
    one = found(study(texts[0], "A pear", frames=frames))["documents_frame"]
    assert one.endswith("cues of 1 of 2 frames would stand in more documents. Those of “Plums” would stand in "
                        "1 document, of which 1 has them from a removed part alone.")  # fmt: skip
    none = found(study(page("A fig", teaser="A fig"), "A pear", frames=frames))["documents_frame"]
    assert none == "With the removed parts, cues of no frame would stand in more documents."


def test_copies(study):
    long = " ".join(f"word{n} of the text" for n in range(12))
    assert found(study(long, "A pear"))["documents_copies"].startswith("No two documents share 70% or more")
    assert found(study(long, long))["documents_copies"] == "1 copy of another document does not count: 01."
    several = found(study(*[long] * 8))["documents_copies"]
    assert several == "7 copies of other documents do not count: 01, 02, 03, 04, 05 and 2 more."
    made = study(long, long)
    rows = pd.read_csv(made.folder / "documents.csv").assign(duplicate_of="none")
    rows.to_csv(made.folder / "documents.csv", index=False)
    said = found(analysis.load(made.folder))["documents_copies"]
    assert said.startswith("The documents of 1 pair share 70%") and said.endswith("as documents.csv says.")


def test_whole_files_hold_copies_too(study):
    long = " ".join(f"word{n} of the text" for n in range(12))
    made = study(long, long)
    assert documents.whole_files(made).documents["tokens"].tolist() == [48, 48]
    gains = documents.word_gains(made, documents.whole_files(made)).set_index("term")
    assert gains.loc["word3"].tolist() == [1, 1]


def test_of_many_documents_those_that_lose_most_are_drawn_and_no_column_is_shown_for_each(study):
    texts = [page("A pear and some more words", imprint="x" * n if n else "") for n in range(20)]
    made = study(*texts)
    drawn = documents.most_cut(made.documents)
    assert drawn["doc_id"].tolist() == [f"{n:02}" for n in range(8, 20)]
    assert documents.kept_caption(made.documents, drawn) == (
        "Characters kept and removed of 12 of the 20 documents, those that lose most for their length. 19 loses most for "
        "its length."
    )
    assert documents.kept_alt(drawn).count("loses") == 12
    assert list(documents.rule_labels(documents.removed_by_rule(made))) == ["rule", "characters", "documents"]
    plain = study(*["A pear"] * 20)
    assert len(documents.most_cut(plain.documents)) == 12
    assert documents.kept_caption(plain.documents, documents.most_cut(plain.documents)).startswith(
        "Characters kept of 12"
    )


def test_dates():
    days = [("2001-05-01", "2001-05-01"), ("2001-05-01", "2001-05-09"), ("2001-05-01", "2001-06-01"), ("", "")]
    table = documents.dated(pd.DataFrame(days, columns=["date_from", "date_to"]))
    assert table["date"].tolist() == ["2001-05-01", "2001-05-01 to 09", "2001-05-01 to 2001-06-01", "not known"]


def test_that_nothing_is_lost_is_a_claim(seeds):
    assert documents.documents_findings(
        seeds, documents.word_gains(seeds, documents.whole_files(seeds)), pd.DataFrame()
    )
    lost = seeds.documents.assign(characters_kept=seeds.documents["characters_kept"] - 1)
    with pytest.raises(AssertionError, match="Every character of the files"):
        documents.documents_findings(replace(seeds, documents=lost), pd.DataFrame(), pd.DataFrame())
