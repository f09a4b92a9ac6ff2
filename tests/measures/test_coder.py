"""The supervised coder: against scikit-learn's own scores and folds, and on texts whose labels are known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from analysis import StudyError, term, tokenise
from analysis.corpus.coded_texts import read_coded
from analysis.measures import cross_validation as module
from analysis.measures.coder import code_texts, train_coder
from analysis.measures.cross_validation import cross_code, cross_validate
from analysis.measures.prevalence import corrected_shares

SCORES = ["precision", "recall", "f1"]
LABELS = ["arms", "bread", "courts", "dance"]


def noise(draw, words=12, of=400):
    """Words that say nothing."""
    return [f"w{number}" for number in draw.integers(0, of, words)]


def written(draw, labels, *, telling=0.8):
    """Texts of which so large a part holds one of six words of its label, and all hold words that say nothing."""
    texts = []
    for label in labels:
        sign = [f"{label}{'abcdef'[draw.integers(6)]}"] if draw.random() < telling else []
        texts.append(" ".join(draw.permutation([*noise(draw), *sign])))
    return texts


@pytest.fixture(scope="module")
def single():
    """Four hundred texts with one label each, one label rarer than the others."""
    draw = np.random.default_rng(0)
    labels = draw.choice(LABELS, 400, p=[0.35, 0.3, 0.25, 0.1]).tolist()
    return written(draw, labels), labels


@pytest.fixture(scope="module")
def several():
    """Texts with none to three labels each, three to a document."""
    draw = np.random.default_rng(1)
    labels = [{label for label in LABELS[:3] if draw.random() < 0.35} for _ in range(180)]
    texts = [" ".join([*noise(draw), *written(draw, sorted(own))]) for own in labels]
    return texts, labels, [f"d{place // 3}" for place in range(180)]


def matrix(table, column):
    """A column of `cross_code` with a row per text and a column per label."""
    return table.pivot(index="text", columns="label", values=column)


def test_scores_are_those_of_scikit_learn(single):
    texts, labels = single
    table = cross_validate(texts, labels, folds=5, resamples=50)
    codings = cross_code(texts, labels, folds=5)
    given = codings[codings["given"]].set_index("text")["label"].sort_index()
    assert given.index.tolist() == list(range(400))
    *expected, n = precision_recall_fscore_support(labels, given, labels=LABELS)
    assert table["label"].tolist() == [*LABELS, "all labels"]
    assert table[SCORES][:-1].to_numpy() == pytest.approx(np.transpose(expected))
    assert table["n"].tolist() == [*n, 400] and table["predicted"].tolist() == [*(sum(given == k) for k in LABELS), 400]
    last = table.iloc[-1]
    assert last[SCORES].tolist() == pytest.approx(np.mean(expected, axis=1))
    assert last["accuracy"] == pytest.approx(accuracy_score(labels, given)) and last["both"] == sum(given == labels)
    assert table["accuracy"][:-1].isna().all() and set(table["texts"]) == set(table["documents"]) == {400}
    mean = matrix(codings, "probability")
    assert mean.sum(axis=1).to_numpy() == pytest.approx(1) and (mean.idxmax(axis=1) == given).all()


def test_scores_of_several_labels_are_those_of_scikit_learn(several):
    texts, labels, groups = several
    table = cross_validate(texts, labels, groups=groups, folds=4, resamples=50)
    codings = cross_code(texts, labels, groups=groups, folds=4)
    coded, given = (matrix(codings, column).to_numpy(bool) for column in ("coded", "given"))
    assert coded.tolist() == [[label in own for label in LABELS[:3]] for own in labels]
    *expected, n = precision_recall_fscore_support(coded, given)
    assert table[SCORES][:-1].to_numpy() == pytest.approx(np.transpose(expected)) and table["n"].tolist() == [
        *n,
        sum(n),
    ]
    assert table["accuracy"].iloc[-1] == accuracy_score(coded, given) > 0.4  # all labels of a text right
    assert set(table["documents"]) == {60} and set(table["texts"]) == {180}
    assert (codings["given"] == (codings["probability"] > 0.5)).all()
    assert codings.assign(group=np.repeat(groups, 3)).groupby("group")["fold"].nunique().eq(1).all()


def test_what_it_is_to_be_compared_with(single):
    texts, labels = single
    table = cross_validate(texts, labels, folds=3, resamples=5)
    dummy = DummyClassifier(strategy="most_frequent").fit(texts, labels).predict(texts)
    scores = f1_score(labels, dummy, labels=LABELS, average=None, zero_division=0)
    assert table["majority_f1"].tolist() == pytest.approx([*scores, scores.mean()])
    assert table["majority_accuracy"].iloc[-1] == accuracy_score(labels, dummy)
    always = [f1_score([one == label for one in labels], [True] * 400) for label in LABELS]
    assert table["always_f1"].tolist() == pytest.approx([*always, np.mean(always)])
    assert table["majority_f1"].max() < table["f1"].min()


def test_it_finds_what_can_be_found_and_no_more():
    """Four equal labels, four fifths of the texts with a word that tells: at best .8 + .2 / 4 are right."""
    draw = np.random.default_rng(2)
    labels = LABELS * 150
    last = cross_validate(written(draw, labels), labels, resamples=99).iloc[-1]
    assert last["accuracy"] == pytest.approx(0.85, abs=3 * np.sqrt(0.85 * 0.15 / 600))
    assert last["accuracy_low"] < last["accuracy"] < last["accuracy_high"]
    assert last["majority_accuracy"] == 0.25


@pytest.mark.parametrize("telling", [0.9, 0.6])
def test_it_is_as_good_as_a_linear_support_vector_machine(telling):
    """The usual baseline for frames of headlines, in the same folds; within two standard errors of the difference."""
    draw = np.random.default_rng(3)
    labels = draw.choice(LABELS, 500, p=[0.4, 0.3, 0.2, 0.1])
    texts = np.array(written(draw, labels, telling=telling), object)
    codings = cross_code(texts, labels, folds=5, random_state=7)
    machine = np.empty_like(labels)
    folds = StratifiedKFold(5, shuffle=True, random_state=7).split(texts, labels)
    for number, (train, test) in enumerate(folds, start=1):
        assert codings.loc[codings["fold"] == number, "text"].unique().tolist() == test.tolist()
        machine[test] = (
            make_pipeline(TfidfVectorizer(), LinearSVC()).fit(texts[train], labels[train]).predict(texts[test])
        )
    ours = codings[codings["given"]]["label"].to_numpy()
    differ = (ours == labels).astype(int) - (machine == labels)
    assert differ.mean() > -2 * differ.std() / np.sqrt(500)
    assert f1_score(labels, ours, average="macro") > f1_score(labels, machine, average="macro") - 0.02


def test_a_document_never_stands_on_both_sides():
    """Each document repeats a word of its own; its label is chance. Who has seen it knows the label, who has not, not."""
    draw = np.random.default_rng(4)
    label_of = draw.permutation(["left", "right"] * 30)
    groups = np.repeat(range(60), 5)
    texts = [" ".join([*noise(draw, 3), f"own{group}"]) for group in groups]
    labels = label_of[groups].tolist()
    apart, mixed = (cross_validate(texts, labels, groups=g, resamples=99).iloc[-1] for g in (groups, None))
    assert mixed["accuracy"] > 0.9
    assert abs(apart["accuracy"] - 0.5) < 3 * np.sqrt(0.25 / 60)  # a document is right or wrong as a whole, at worst
    assert (apart["documents"], mixed["documents"]) == (60, 300)


def test_the_same_text_never_stands_on_both_sides():
    draw = np.random.default_rng(5)
    texts = [" ".join(noise(draw)) for _ in range(100)]
    labels = draw.permutation(["left", "right"] * 50).tolist()
    twice = cross_validate(texts + [text.upper() + "!" for text in texts], labels * 2, resamples=9).iloc[-1]
    assert twice["documents"] == 100 and abs(twice["accuracy"] - 0.5) < 3 * np.sqrt(0.25 / 100)


def test_what_is_judged_is_what_is_trained(single, several):
    """The coder of a fold is `train_coder` on the other folds."""
    for texts, labels, *groups in (single, several):
        codings = cross_code(texts, labels, groups=groups[0] if groups else None, folds=3, random_state=2)
        test = matrix(codings, "fold").iloc[:, 0].to_numpy() == 1
        pairs = [pair for pair, in_test in zip(zip(texts, labels), test) if not in_test]
        trained = train_coder(*zip(*pairs), random_state=2)
        found = code_texts(trained, [text for text, in_test in zip(texts, test) if in_test])
        expected = codings[codings["fold"] == 1]
        assert found["probability"].to_numpy() == pytest.approx(expected["probability"].to_numpy())
        assert found[["label", "given"]].to_numpy().tolist() == expected[["label", "given"]].to_numpy().tolist()
        assert code_texts(trained, []).empty


def test_the_same_input_gives_the_same_numbers(single):
    texts, labels = single
    one, two, other = (cross_validate(texts, labels, folds=3, random_state=r, resamples=20) for r in (1, 1, 2))
    assert one.equals(two) and not one.equals(other)
    names = {"arms": "z", "bread": "y", "courts": "x", "dance": "w"}
    renamed = cross_validate(texts, [names[label] for label in labels], folds=3, random_state=1, resamples=20)
    assert renamed["label"].tolist() == ["w", "x", "y", "z", "all labels"]
    order = [3, 2, 1, 0, 4]
    assert renamed.drop(columns="label").to_numpy() == pytest.approx(
        one.drop(columns="label").iloc[order].to_numpy(float), nan_ok=True
    )


def test_words_are_those_of_the_package(single):
    trained = train_coder(["Vienna’s well-known BREAD", "U.S. tanks", "bread", "tanks"], ["b", "a", "b", "a"])
    words = trained.pipeline[0].transformer_list[0][1]
    assert set(words.vocabulary_) == {"vienna", "well-known", "bread", "vienna well-known", "well-known bread",
                                      "u.s", "tanks", "u.s tanks"}  # fmt: skip
    table = code_texts(trained, ["vienna WELL‐KNOWN bread", "Vienna's [w]ell-known, bread!", "“…”"])
    assert matrix(table, "probability").loc[0].tolist() == matrix(table, "probability").loc[1].tolist()
    text = "Vienna’s “tanks” — don’t"
    assert words.build_analyzer()(text)[:3] == [term(token) for token in tokenise(text)]


def test_a_rare_label_weighs_as_much_as_a_frequent_one():
    """Where the text says nothing, the coder is undecided; and a word counts by the logarithm of its frequency."""
    trained = train_coder(["tank"] * 27 + ["bread"] * 27 + ["tank"] * 3 + ["bread"] * 3, ["usual"] * 54 + ["rare"] * 6)
    assert code_texts(trained, ["bread"])["probability"].tolist() == pytest.approx([0.5, 0.5], abs=0.01)
    words = trained.pipeline[0].transformer_list[0][1]
    weights = dict(zip(words.get_feature_names_out(), words.transform(["bread bread tank"]).toarray()[0]))
    assert weights["bread"] / weights["tank"] == pytest.approx(1 + np.log(2))


def test_the_intervals_are_those_of_documents_drawn_again(several):
    """Another loop, with scikit-learn's scores; and labels that hang together in documents make it wide."""
    texts, labels, groups = several
    given = {"folds": 3, "random_state": 3}
    table = cross_validate(texts, labels, groups=groups, resamples=2000, confidence=0.8, **given)
    codings = cross_code(texts, labels, groups=groups, **given)
    coded, found = (matrix(codings, column).to_numpy(int).reshape(60, 3, 3) for column in ("coded", "given"))
    draw, drawn = np.random.default_rng(0), []
    for _ in range(1000):
        which = draw.integers(0, 60, 60)
        a, b = coded[which].reshape(-1, 3), found[which].reshape(-1, 3)
        single = f1_score(a, b, average=None)
        drawn.append([*single, single.mean(), accuracy_score(a, b)])
    low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
    last = table.iloc[-1]
    assert [*table["low"], last["accuracy_low"]] == pytest.approx(low.tolist(), abs=0.01)
    assert [*table["high"], last["accuracy_high"]] == pytest.approx(high.tolist(), abs=0.01)


def test_three_documents_give_no_interval():
    texts, labels = ["new tanks", "dear bread"] * 8, ["arms", "prices"] * 8
    for documents in (3, 4):
        groups = [place // 2 % documents for place in range(16)]
        table = cross_validate(texts, labels, groups=groups, folds=3, resamples=20)
        assert table["low"].isna().all() == (documents == 3) and set(table["documents"]) == {documents}
        assert np.isnan(table["accuracy_low"].iloc[-1]) == (documents == 3) and (table["f1"] == 1).all()


def test_texts_that_nobody_coded_are_coded_with_their_document(single):
    """Every text gets a fold; a document is in one; who is coded does not change what is said of those who are."""
    texts, labels = single[0][:120], list(single[1][:120])
    groups = [f"d{place // 3}" for place in range(120)]
    for place in [*range(0, 120, 5), *range(90, 99)]:  # some of a document's texts; and three whole documents
        labels[place] = None if place % 2 else np.nan
    known = np.array([isinstance(label, str) for label in labels])
    table = cross_code(texts, labels, groups=groups, folds=4).assign(group=np.repeat(groups, 4))
    assert (table.groupby("group")["fold"].nunique() == 1).all() and set(table["fold"]) == {1, 2, 3, 4}
    assert matrix(table, "coded").notna().all(axis=1).tolist() == known.tolist()
    assert matrix(table, "given").sum(axis=1).eq(1).all()
    only = [[value for value, is_known in zip(values, known) if is_known] for values in (texts, labels, groups)]
    alone = cross_code(*only[:2], groups=only[2], folds=4)
    assert alone["probability"].tolist() == table.loc[np.repeat(known, 4), "probability"].tolist()
    scores = [cross_validate(*given, groups=of, folds=4, resamples=9) for *given, of in ((texts, labels, groups), only)]
    assert scores[0].equals(scores[1]) and scores[0]["texts"].iloc[0] == known.sum()


def test_shares_come_out_of_it():
    """A sample of texts is coded; the share of a rare label by the coder is off, and the corrected one is not."""
    draw = np.random.default_rng(6)
    truth = np.where(draw.random(900) < 0.15, "arms", "bread")
    drawn = draw.permutation(900) < 300
    documents = np.arange(900) // 3
    table = cross_code(written(draw, truth, telling=0.6), np.where(drawn, truth, None), groups=documents, folds=5)
    units = table.assign(predicted=table["given"], document=documents[table["text"]], sampled_probability=1 / 3)
    row = corrected_shares(units, by="label").set_index("label").loc["arms"]
    share = (truth == "arms").mean()
    assert row["corpus_low"] < share < row["corpus_high"] and abs(row["estimate"] - share) < abs(row["naive"] - share)
    assert row["coded"] == 300 and row["coded_share"] == pytest.approx((truth[drawn] == "arms").mean())


def test_a_label_that_a_training_part_lacks_is_missed_there(monkeypatch):
    """All texts of a label in one fold, and in one part only texts of one label."""
    texts = [f"{word} number {n}" for word in ("tank", "bread", "court") for n in range(4)]
    labels = ["arms"] * 4 + ["prices"] * 4 + ["courts"] * 4
    monkeypatch.setattr(module, "_folds", lambda *_: np.array([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0]))
    table = cross_validate(texts, labels, folds=2, resamples=9).set_index("label")
    assert table.loc["courts", ["n", "predicted", "recall", "f1"]].tolist() == [4, 0, 0, 0]
    assert np.isnan(table.loc["courts", "precision"]) and np.isnan(table.loc["all labels", "precision"])
    assert table.loc["arms", "recall"] == table.loc["prices", "recall"] == 1
    monkeypatch.setattr(module, "_folds", lambda *_: np.array([0] * 4 + [1] * 4))
    table = cross_validate(texts[:8], labels[:8], folds=2, resamples=9).set_index("label")
    assert table["both"].tolist() == [0, 0, 0] and table["predicted"].tolist() == [4, 4, 8]
    sets = [{"arms", "all"} if label == "arms" else {"all"} if label == "prices" else set() for label in labels]
    monkeypatch.setattr(module, "_folds", lambda *_: np.array([0] * 4 + [1] * 4 + [0] * 4))
    table = cross_code(texts, sets, folds=2).query("fold == 1").set_index("label")
    assert set(table.loc["all", "probability"]) == {1} and set(table.loc["arms", "probability"]) == {0}


BOOLEANS = st.lists(st.tuples(*[st.booleans()] * 4), min_size=4, max_size=30)


@given(BOOLEANS)
def test_scores_of_any_codings(rows):
    """Whatever two readings of two labels say: scikit-learn's scores, and never a warning or an infinite value."""
    coded, found = np.array(rows)[:, :2], np.array(rows)[:, 2:]
    coded[0], coded[1] = [True, False], [False, True]
    table = module._scores(coded, found)
    *expected, n = precision_recall_fscore_support(coded, found, zero_division=0)
    assert table["precision"][:2].fillna(0).to_numpy() == pytest.approx(expected[0])
    assert table[["recall", "f1"]][:2].to_numpy() == pytest.approx(np.transpose(expected[1:]))
    assert table["f1"][2] == pytest.approx(f1_score(coded, found, average="macro", zero_division=0))
    assert table["n"].tolist() == [*n, n.sum()]
    drawn = module._drawn_again(coded, found, np.arange(len(rows)) // 2, resamples=20, random_state=0)
    assert drawn.shape == (4, 20) and ((drawn >= 0) & (drawn <= 1) | np.isnan(drawn)).all()


TEXTS, TWO = [f"word{n} tank" for n in range(12)], ["arms", "prices"] * 6
FAULTS = {
    "labels: there are 12 texts and 11 labels": {"labels": TWO[:11]},
    "groups: there are 12 texts and 2 groups": {"groups": ["a", "b"]},
    "groups: text 3 has none. Name the document": {"groups": ["a", "b", "c", None] * 3},
    "folds: there are 4 documents, or different texts, for 5 folds. Ask for fewer": {"groups": list("abcd") * 3, "folds": 5},
    "folds: 1 is not a number of folds": {"folds": 1},
    "random_state: -1 is not a seed": {"random_state": -1},
    "resamples=0": {"resamples": 0},
    "“prices” is given to 2 texts, fewer than the 3 folds. Ask for fewer folds": {"labels": ["arms"] * 10 + ["prices"] * 2},
    "the texts with “x” are of one document or all the same": {"labels": ["x"] * 3 + ["y"] * 9, "groups": list("aaabbbcccddd")},
    "there is no label but “arms”. Give the texts without it a label of their own": {"labels": ["arms"] * 12},
    "no text has a label. Code some": {"labels": [None] * 12},
    "every coded text has the label “a”. Leave it out": {"labels": [{"a"}, {"a", "b"}] * 6},
    "some are labels and some sets of labels": {"labels": ["a", {"b"}] * 6},
    "labels: 3 is no label": {"labels": [3] * 12},
    "labels: '' is no label": {"labels": ["", "a"] * 6},
    "texts: text 1 is no text but 7": {"texts": ["a", 7] + TEXTS[2:]},
    "there is no word in the texts to train on": {"texts": ["…", "?"] * 6, "groups": range(12)},
}  # fmt: skip


@pytest.mark.parametrize("said", FAULTS)
def test_what_is_wrong_is_said(said):
    options = {"texts": TEXTS, "labels": TWO, "folds": 3} | FAULTS[said]
    with pytest.raises(StudyError) as error:
        cross_validate(options.pop("texts"), options.pop("labels"), **options)
    assert said in str(error.value)


def test_all_labels_that_are_too_rare_are_named():
    with pytest.raises(StudyError) as error:
        cross_validate(TEXTS, ["a"] * 7 + ["b"] * 3 + ["c"] * 2, folds=4)
    assert [problem.what.split(" ")[0] for problem in error.value.problems] == ["“b”", "“c”"]


def test_coded_texts_are_read(tmp_path):
    path = tmp_path / "coded.csv"
    path.write_text(
        '\ufeffid,Titel,frame,doc\n1,"Tanks, new ones", arms ,d1\n\n2,Dear bread,prices,d2\n', encoding="utf-8"
    )
    table = read_coded(path, text_column="Titel", label_column="frame", group_column="doc")
    assert table.to_dict("list") == {
        "row": [2, 4], "text": ["Tanks, new ones", "Dear bread"], "label": ["arms", "prices"], "group": ["d1", "d2"],
    }  # fmt: skip
    assert list(read_coded(path, text_column="Titel", label_column="frame")) == ["row", "text", "label"]


UNREADABLE = {
    "c.csv: the file is missing": None,
    "c.csv: it is not UTF-8 text: byte 0xe9 at offset 15. Save it as UTF-8": b"text,frame\ncaf\x20\xe9,a\n",
    "c.csv: the file is empty": b" \n",
    "the columns of c.csv: there is no “frame”. Choose one of: text, code": b"text,code\na,b\n",
    "c.csv, row 1: two columns are named “frame”": b"text,frame,frame\na,b,c\n",
    "c.csv, row 1: its columns are separated by semicolons": b"text;frame\na;b\n",
    "c.csv, row 3: the column “text” is empty. Fill it in, or delete the row": b"text,frame\na,x\n ,y\nb,\n",
    "c.csv, row 4: the column “frame” is empty": b"text,frame\na,x\n ,y\nb,\n",
    "c.csv, row 2: the row has 3 cells and the header 2": b"text,frame\na,b,c\nd,e\n",
    "c.csv: the column “frame” holds one label only. Give texts with two labels or more": b"text,frame\na,x\nb,x \n",
    "c.csv: the column “frame” holds no label": b"text,frame\n",
}  # fmt: skip


@pytest.mark.parametrize("said", UNREADABLE)
def test_what_is_wrong_with_a_file_of_coded_texts_is_said(tmp_path, said):
    if UNREADABLE[said] is not None:
        (tmp_path / "c.csv").write_bytes(UNREADABLE[said])
    with pytest.raises(StudyError) as error:
        read_coded(tmp_path / "c.csv", text_column="text", label_column="frame")
    assert said in str(error.value)
    assert len(error.value.problems) == (2 if "column “" in said and "empty" in said else 1)


def test_all_missing_columns_are_named(tmp_path):
    (tmp_path / "c.csv").write_text("a,b\n1,2\n")
    with pytest.raises(StudyError) as error:
        read_coded(tmp_path / "c.csv", text_column="text", label_column="frame", group_column="b")
    assert [problem.what for problem in error.value.problems] == ["there is no “text”", "there is no “frame”"]


def test_numbers_may_be_labels_if_they_are_text(tmp_path):
    (tmp_path / "c.csv").write_text("t,l\n" + "tank,1\nbread,2\n" * 3)
    table = read_coded(tmp_path / "c.csv", text_column="t", label_column="l")
    assert isinstance(table, pd.DataFrame) and table["label"].tolist() == ["1", "2"] * 3
