"""The supervised coder: what readers have coded teaches it, and cross-validation says how far it can be trusted."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Hashable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus.readers import csv_rows, read_bytes, uneven_row
from analysis.corpus.tokens import term, tokenise
from analysis.errors import OptionError, Problem, StudyError, unknown
from analysis.measures.contingency import precision_recall
from analysis.measures.inference import TEST_MINIMUM
from analysis.measures.resampling import CHUNK, check_draws, check_seed, draw_again

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

ALL = "all labels"
INVERSE_PENALTY = 30.0  # C of scikit-learn. From 10 to 100 the scores hardly differ; below 3 rare labels suffer
JOIN_OR_LEAVE = "Code more texts with it, join it with another label, or leave it out."
COLUMNS = ["label", "n", "predicted", "both", "precision", "recall", "f1", "low", "high", "majority_f1", "always_f1"]
COLUMNS += ["accuracy", "accuracy_low", "accuracy_high", "majority_accuracy", "texts", "documents"]


class Coder(NamedTuple):
    """A trained coder.

    Attributes
    ----------
    labels : list of str
        Sorted.
    several : bool
        Whether a text may have several labels, or none; otherwise it has one.
    pipeline : sklearn.pipeline.Pipeline
        Takes texts. Its classes are the places in `labels`.
    """

    labels: list[str]
    several: bool
    pipeline: Pipeline


class _Codings(NamedTuple):
    """Texts and what they were coded as, checked; `answers` has a row for each text that is `coded`."""

    texts: np.ndarray
    coded: np.ndarray
    labels: list[str]
    answers: np.ndarray
    several: bool
    documents: np.ndarray


def cross_validate(
    texts: Sequence[str],
    labels: Sequence[str | Collection[str] | None],
    *,
    groups: Sequence[Hashable] | None = None,
    folds: int = 10,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Say how well the coder finds the labels in documents that it was not trained on.

    Parameters
    ----------
    texts : sequence of str
    labels : sequence of str, or of sets of str
        One label each; or sets of them, which may be empty. None for a text that nobody has coded: it is left out.
    groups : sequence, optional
        The document that each text is of. Without it each text is its own, and texts that are the same word for word
        are one.
    folds : int
        In how many parts the documents are coded, each by a coder trained on the others.
    resamples, confidence, random_state
        For the folds and the intervals: how often documents are drawn again, how much of the draws an interval holds,
        and where chance begins; the same number gives the same result.

    Returns
    -------
    pandas.DataFrame
        One row per label, sorted, and a last row ``all labels``.

        - ``label``
        - ``n``, ``predicted``, ``both``: texts to which a reader gave it, the coder, and both; in the last row the sums
        - ``precision``: part of the texts with the label by the coder that have it; missing where the coder never
          gives it. In the last row the mean of the labels, missing with one of them
        - ``recall``: part of the texts with the label that the coder finds; in the last row the mean of the labels
        - ``f1``: the harmonic mean of the two, 0 where nothing is found; in the last row the mean of the labels,
          macro-F1
        - ``low``, ``high``: the interval in which it lies when whole documents are drawn again, of the draws that the
          label occurs in; missing with fewer than 4 documents
        - ``majority_f1``: the f1 of always giving the most frequent answer: that label, or that set of labels; in the
          last row the mean of the labels
        - ``always_f1``: the f1 of giving this label to every text: no answer without reading can be expected to reach
          more; in the last row the mean of the labels
        - ``accuracy``, ``accuracy_low``, ``accuracy_high``: in the last row only, part of the texts that the coder
          codes as the reader did; with several labels a text all of whose labels are right
        - ``majority_accuracy``: in the last row only, the accuracy of always giving the most frequent answer
        - ``texts``, ``documents``: what it all rests on

    Raises
    ------
    StudyError
        A label with fewer texts than folds, or in one document only, or given to all texts; fewer than two labels,
        fewer documents than folds, no word in the texts; lengths that differ, or an option that makes no sense.

    See Also
    --------
    cross_code : the codings themselves, text by text.

    Notes
    -----
    The coder is a logistic regression for each label [1]_, one against the rest, with a quadratic penalty and each
    label's two sides weighted as if they were equally frequent. It reads TF-IDF weights with logarithmic frequencies
    of the words and pairs of words, and of the runs of 2 to 5 characters within words, the words being the terms of
    this package. Where a text has one label, the most probable is given; where it may have several, each that is more
    probable than not. The words and their weights are learnt anew in each fold, from the training part alone.

    Scores are computed once, from the codings of all folds together, and not as means of folds, which depend on how
    the rare labels fell [2]_. Macro-F1 is the mean of the F1 of the labels, not the F1 of mean precision and mean
    recall [3]_. Where the texts have one label each, folds are stratified by it, where several, by the rarest of them.
    A label that a training part happens to lack is never given in that fold, and counts as missed.

    What would make it wrong. The readings are taken as true: a coder that agrees with an inconsistent reader is no
    better than she is, see `reliability.agreement`. Without `groups` paragraphs of one article stand on both sides, and
    a coder that knows the article seems to know the frame. The same passage in two documents does that too. An interval
    says how far the scores hang on the documents that were coded; it knows nothing of a coder trained on other texts,
    and nothing of texts of another kind or time than these. Trying many coders and reporting the best flatters it.

    References
    ----------
    .. [1] Fan, R.-E., Chang, K.-W., Hsieh, C.-J., Wang, X.-R. & Lin, C.-J. (2008). LIBLINEAR: A library for large
       linear classification. Journal of Machine Learning Research, 9, 1871–1874.
    .. [2] Forman, G. & Scholz, M. (2010). Apples-to-apples in cross-validation studies: Pitfalls in classifier
       performance measurement. ACM SIGKDD Explorations, 12(1), 49–57.
    .. [3] Opitz, J. & Burst, S. (2019). Macro F1 and macro F1. arXiv:1911.03347.

    Examples
    --------
    >>> texts = [f"{what} in the year {n}" for n in range(4) for what in ("new tanks", "dear bread")]
    >>> table = cross_validate(texts, ["arms", "prices"] * 4, folds=2, resamples=99)
    >>> table[["label", "n", "predicted", "both", "f1"]].to_numpy().tolist()
    [['arms', 4, 4, 4, 1.0], ['prices', 4, 4, 4, 1.0], ['all labels', 8, 8, 8, 1.0]]
    """
    check_draws(resamples, confidence, random_state)
    codings = _checked(texts, labels, groups)
    _, probability = _out_of_fold(codings, folds, random_state)
    coded, given = codings.answers, _given(probability[codings.coded], codings.several)
    documents, document = np.unique(codings.documents[codings.coded], return_inverse=True)
    table = _scores(coded, given).assign(label=[*codings.labels, ALL], texts=len(coded), documents=len(documents))
    bounds = np.full((2, len(table) + 1), np.nan)
    if len(documents) >= TEST_MINIMUM:
        drawn = _drawn_again(coded, given, document, resamples=resamples, random_state=random_state)
        bounds = pd.DataFrame(drawn.T).quantile([(1 - confidence) / 2, (1 + confidence) / 2]).to_numpy()
    table["low"], table["high"] = bounds[:, :-1]
    table.loc[len(table) - 1, ["accuracy_low", "accuracy_high"]] = bounds[:, -1]
    return table[COLUMNS]


def cross_code(
    texts: Sequence[str],
    labels: Sequence[str | Collection[str] | None],
    *,
    groups: Sequence[Hashable] | None = None,
    folds: int = 10,
    random_state: int = 0,
) -> pd.DataFrame:
    """Code every text by a coder that has not seen its document, for the sake of `cross_validate` and of shares.

    Parameters
    ----------
    texts, labels, groups, folds, random_state
        As in `cross_validate`. Texts with None for a label are coded too, each document of them in one of the folds.

    Returns
    -------
    pandas.DataFrame
        One row per text and label, texts in their order, labels sorted.

        - ``text``: the place of the text, from 0
        - ``label``
        - ``fold``: from 1; the coder was trained on the coded texts of the others
        - ``coded``: 1 if a reader gave the text the label, 0 if not; missing where nobody has coded it
        - ``probability``: that the coder gives to the label, 0 to 1
        - ``given``: whether the coder gives the text the label

    Raises
    ------
    StudyError
        As `cross_validate`.

    Notes
    -----
    `prevalence.corrected_share` takes ``probability`` and ``coded`` of one label. Because coded and other texts of a
    fold are coded by the same coder, the one kind is coded no better than the other; were the others coded by a coder
    that was trained on everything, the difference would remain as bias. Rare and frequent labels are weighted alike,
    so that the mean of the probabilities is no estimate of a share.

    Examples
    --------
    >>> texts = [f"{what} in the year {n}" for n in range(4) for what in ("new tanks", "dear bread")]
    >>> table = cross_code(texts, ["arms", "prices"] * 4, folds=2)
    >>> bool((table["given"] == (table["coded"] == 1)).all())
    True
    """
    codings = _checked(texts, labels, groups)
    fold, probability = _out_of_fold(codings, folds, random_state)
    coded = np.full(probability.shape, np.nan)
    coded[codings.coded] = codings.answers
    table = _long(codings.labels, probability, codings.several)
    table.insert(2, "fold", np.repeat(fold + 1, len(codings.labels)))
    table.insert(3, "coded", coded.ravel())
    return table


def train_coder(
    texts: Sequence[str], labels: Sequence[str | Collection[str] | None], *, random_state: int = 0
) -> Coder:
    """Train the coder on all coded texts; see `cross_validate` for what it is and how good.

    Parameters
    ----------
    texts, labels
        As in `cross_validate`.
    random_state : int
        The same number gives the same coder.

    Returns
    -------
    Coder
        For `code_texts`.

    Raises
    ------
    StudyError
        Fewer than two labels, a label that all texts have, no word in the texts; or lengths that differ.

    Notes
    -----
    It is trained on all that is given, so it says nothing of how good it is: that is for `cross_validate`.

    Examples
    --------
    >>> train_coder(["tanks", "new tanks", "dear bread", "bread"], ["arms", "arms", "prices", "prices"]).labels
    ['arms', 'prices']
    """
    codings = _checked(texts, labels, None)
    check_seed(random_state)
    known = codings.texts[codings.coded]
    return Coder(codings.labels, codings.several, _fitted(known, codings.answers, codings.several, random_state))


def code_texts(coder: Coder, texts: Sequence[str]) -> pd.DataFrame:
    """Code texts.

    Parameters
    ----------
    coder : Coder
        From `train_coder`.
    texts : sequence of str
        Others than it was trained on: those it knows.

    Returns
    -------
    pandas.DataFrame
        ``text``, ``label``, ``probability`` and ``given``, as in `cross_code`.

    Raises
    ------
    StudyError
        Something among the texts is none.

    Notes
    -----
    Where texts have one label each, the most probable is given; where they may have several, each that is more probable
    than not.

    Examples
    --------
    >>> coder = train_coder(["tanks", "new tanks", "dear bread", "bread"], ["arms", "arms", "prices", "prices"])
    >>> code_texts(coder, ["the price of bread"]).query("given")["label"].tolist()
    ['prices']
    """
    probability = _probabilities(coder.pipeline, _strings(texts), len(coder.labels), coder.several)
    return _long(coder.labels, probability, coder.several)


def read_coded(path: str | Path, *, text_column: str, label_column: str, group_column: str = "") -> pd.DataFrame:
    r"""Read coded texts: a CSV file with one row for each text and its label.

    Parameters
    ----------
    path : path
    text_column, label_column : str
        Which of its columns hold the text and the label.
    group_column : str
        Which holds the document that the text is of, if any does.

    Returns
    -------
    pandas.DataFrame
        ``row``, as a spreadsheet numbers it; ``text``; ``label``; ``group``, if there is such a column.

    Raises
    ------
    StudyError
        The file is missing or not UTF-8, or is no table with commas; a column is missing, or stands there twice; with
        every row that has no text, label or group; or there are fewer than two labels.

    Notes
    -----
    Cells are taken without the white space around them. Rows of one label only are no use: there is nothing to tell
    apart.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "coded.csv")
    ...     _ = path.write_text("text,label\nnew tanks,arms\ndear bread,prices\n", encoding="utf-8")
    ...     read_coded(path, text_column="text", label_column="label")["label"].tolist()
    ['arms', 'prices']
    """
    path = Path(path)
    columns = {"text": text_column, "label": label_column} | ({"group": group_column} if group_column else {})
    header, rows = csv_rows(read_bytes(path), path.name)
    if missing := [column for column in columns.values() if column not in header]:
        raise OptionError(*(p for c in missing for p in unknown(f"the columns of {path.name}", c, header).problems))
    if twice := [column for column in columns.values() if header.count(column) > 1]:
        raise StudyError(*(Problem(path.name, f"two columns are named “{c}”", "Rename one.", 1) for c in twice))
    problems = [uneven_row(path.name, row, cells, header) for row, cells in rows if len(cells) != len(header)]
    places = {name: header.index(column) for name, column in columns.items()}
    records = [
        {"row": row} | {name: cells[place].strip() for name, place in places.items()}
        for row, cells in rows
        if len(cells) == len(header)
    ]
    problems += [
        Problem(path.name, f"the column “{columns[name]}” is empty", "Fill it in, or delete the row.", record["row"])
        for record in records
        for name in columns
        if not record[name]
    ]
    table = pd.DataFrame(records, columns=["row", *columns])
    if not problems and table["label"].nunique() < 2:
        what = f"the column “{label_column}” holds {'one label only' if len(table) else 'no label'}"
        problems.append(Problem(path.name, what, "Give texts with two labels or more."))
    if problems:
        raise StudyError(*problems)
    return table


def _checked(texts: Sequence[str], labels: Sequence, groups: Sequence[Hashable] | None) -> _Codings:
    """The input, checked as far as every use of it needs."""
    texts, labels = _strings(texts), list(labels)
    for name, given in (("labels", labels), ("groups", texts if groups is None else list(groups))):
        if len(given) != len(texts):
            what = f"there are {len(texts)} texts and {len(given)} {name}"
            raise OptionError(Problem(name, what, "Give one for each text."))
    coded = np.array([not _missing(label) for label in labels], bool)
    names, answers, several = _answers([label for label, is_coded in zip(labels, coded) if is_coded])
    if groups is None:
        document = pd.factorize(np.array([" ".join(_terms(text)) for text in texts], object))[0]
    else:
        document = pd.factorize(pd.Series(list(groups), dtype=object))[0]
    if (document < 0).any():
        row = int(np.flatnonzero(document < 0)[0])
        raise OptionError(Problem("groups", f"text {row} has none", "Name the document of each text."))
    return _Codings(texts, coded, names, answers, several, document)


def _strings(texts: Sequence[str]) -> np.ndarray:
    """The texts as an array."""
    texts = [texts] if isinstance(texts, str) else list(texts)
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            raise OptionError(Problem("texts", f"text {place} is no text but {text!r}", "Give texts."))
    return np.array([*texts, None], object)[:-1]


def _missing(label: object) -> bool:
    return label is None or label is pd.NA or (isinstance(label, float) and np.isnan(label))


def _answers(labels: list) -> tuple[list[str], np.ndarray, bool]:
    """The labels there are, sorted; which text has which, one row per text; and whether a text may have several."""
    single = [isinstance(label, str) for label in labels]
    if any(single) and not all(single):
        raise OptionError(Problem("labels", "some are labels and some sets of labels", "Give the one or the other."))
    sets = [{label} if isinstance(label, str) else label for label in labels]
    for label, own in zip(labels, sets):
        if not isinstance(own, (set, frozenset, list, tuple)) or not all(isinstance(one, str) and one for one in own):
            raise OptionError(Problem("labels", f"{label!r} is no label", "Give each text a word, or a set of words."))
    names = sorted(set().union(*sets))
    if len(names) < 2:
        what = f"there is no label but “{names[0]}”" if names else "no text has a label"
        remedy = "Give the texts without it a label of their own, such as “other”."
        raise StudyError(Problem("labels", what, remedy if names else "Code some of the texts."))
    answers = np.array([[name in label for name in names] for label in sets], bool)
    if answers.all(axis=0).any():
        name = names[int(answers.all(axis=0).argmax())]
        raise StudyError(Problem("labels", f"every coded text has the label “{name}”", "Leave it out."))
    return names, answers, not all(single)


def _check_folds(codings: _Codings, folds: int) -> None:
    """Raise a `StudyError` for each label that so many folds cannot judge."""
    if folds < 2:
        raise OptionError(Problem("folds", f"{folds} is not a number of folds", "Give 2 or more."))
    documents = codings.documents[codings.coded]
    if (there := len(np.unique(documents))) < folds:
        what = f"there are {there} documents, or different texts, for {folds} folds"
        raise StudyError(Problem("folds", what, "Ask for fewer, or code more documents."))
    problems = []
    for label, has in zip(codings.labels, codings.answers.T):
        if has.sum() < folds:
            what = f"“{label}” is given to {has.sum()} texts, fewer than the {folds} folds"
            problems.append(Problem("labels", what, f"Ask for fewer folds. {JOIN_OR_LEAVE}"))
        elif len(np.unique(documents[has])) == 1:
            what = f"the texts with “{label}” are of one document or all the same: who has not read them cannot know it"
            problems.append(Problem("labels", what, JOIN_OR_LEAVE))
    if problems:
        raise StudyError(*problems)


def _out_of_fold(codings: _Codings, folds: int, random_state: int) -> tuple[np.ndarray, np.ndarray]:
    """The fold of each text, from 0; and the probability of each label by the coder of that fold."""
    check_seed(random_state)
    _check_folds(codings, folds)
    fold = _folds(codings, folds, random_state)
    probability = np.zeros((len(fold), len(codings.labels)))
    for number in range(folds):
        test, train = fold == number, fold[codings.coded] != number
        answers = codings.answers[train]
        if not codings.several and answers.all(axis=0).any():  # one label only: there is nothing to learn
            probability[test] = answers[0]
            continue
        pipeline = _fitted(codings.texts[codings.coded][train], answers, codings.several, random_state)
        probability[test] = _probabilities(pipeline, codings.texts[test], len(codings.labels), codings.several)
    return fold, probability


def _folds(codings: _Codings, folds: int, random_state: int) -> np.ndarray:
    """The fold of each text: whole documents, stratified by the label, or by the rarest label, of the coded texts."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    rarest_first = codings.answers[:, np.argsort(codings.answers.sum(axis=0), kind="stable")]
    stratum = np.where(rarest_first.any(axis=1), rarest_first.argmax(axis=1), len(codings.labels))
    documents = codings.documents[codings.coded]
    splitter, kept_together = StratifiedGroupKFold, {"groups": documents}
    if len(np.unique(documents)) == len(documents):
        splitter, kept_together = StratifiedKFold, {}
    parts = splitter(folds, shuffle=True, random_state=random_state)
    of_document = np.full(codings.documents.max() + 1, -1)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The least populated class")  # few texts may have a label as their rarest
        for number, (_, test) in enumerate(parts.split(documents, stratum, **kept_together)):
            of_document[documents[test]] = number
    others = np.flatnonzero(of_document < 0)
    of_document[np.random.default_rng(random_state).permutation(others)] = np.arange(len(others)) % folds
    return of_document[codings.documents]


def _fitted(texts: np.ndarray, answers: np.ndarray, several: bool, random_state: int) -> Pipeline:
    """The coder, trained."""
    if not any(map(_terms, texts)):
        raise StudyError(Problem("texts", "there is no word in the texts to train on", "Give texts with words."))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Label .* is present in all training examples")  # so always or never given
        warnings.filterwarnings("ignore", "Liblinear failed to converge")  # the scores tell how good it became
        return _untrained(random_state).fit(texts, answers.astype(int) if several else answers.argmax(axis=1))


def _untrained(random_state: int) -> Pipeline:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline, make_union

    words = {"tokenizer": _terms, "token_pattern": None, "lowercase": False, "ngram_range": (1, 2)}
    characters = {"preprocessor": _spelled, "analyzer": "char_wb", "ngram_range": (2, 5)}
    learner = LogisticRegression(
        C=INVERSE_PENALTY,
        class_weight="balanced",
        solver="liblinear",
        dual=True,
        max_iter=10_000,
        random_state=random_state,
    )
    features = make_union(*(TfidfVectorizer(sublinear_tf=True, **options) for options in (words, characters)))
    return make_pipeline(features, OneVsRestClassifier(learner))


def _terms(text: str) -> list[str]:
    """The words of a text, as this package counts them."""
    return [word for word in map(term, tokenise(text)) if word]


def _spelled(text: str) -> str:
    """The words of a text, with spaces between them."""
    return " ".join(_terms(text))


def _probabilities(pipeline: Pipeline, texts: np.ndarray, labels: int, several: bool) -> np.ndarray:
    """The probability of each label in each text; 0 for one that the coder has not met."""
    probability = np.zeros((len(texts), labels))
    if len(texts):
        probability[:, slice(None) if several else pipeline.classes_] = pipeline.predict_proba(texts)
    return probability


def _given(probability: np.ndarray, several: bool) -> np.ndarray:
    """Which labels the coder gives."""
    if several:
        return probability > 0.5
    return np.eye(probability.shape[1], dtype=bool)[probability.argmax(axis=1)]


def _long(labels: list[str], probability: np.ndarray, several: bool) -> pd.DataFrame:
    """One row per text and label."""
    texts = np.repeat(np.arange(len(probability)), len(labels))
    named = {"text": texts, "label": labels * len(probability), "probability": probability.ravel()}
    return pd.DataFrame({**named, "given": _given(probability, several).ravel()})


def _scores(coded: np.ndarray, given: np.ndarray) -> pd.DataFrame:
    """The scores of each label and, last, of all; without the intervals."""
    answers, times = np.unique(coded, axis=0, return_counts=True)
    majority = np.broadcast_to(answers[times.argmax()], coded.shape)
    counts = pd.DataFrame({"n": coded.sum(axis=0), "predicted": given.sum(axis=0), "both": (coded & given).sum(axis=0)})
    n, predicted, both = (counts[name] for name in counts)
    scores = pd.DataFrame(
        {
            **precision_recall(n, predicted, both),
            "majority_f1": 2 * (coded & majority).sum(axis=0) / (n + majority.sum(axis=0)),
            "always_f1": 2 * n / (n + len(coded)),
        }
    )
    right, most = (coded == given).all(axis=1).mean(), times.max() / len(coded)
    last = {**counts.sum(), **scores.mean(skipna=False), "accuracy": right, "majority_accuracy": most}
    return pd.concat([counts.join(scores), pd.DataFrame([last])], ignore_index=True)


def _drawn_again(
    coded: np.ndarray, given: np.ndarray, document: np.ndarray, *, resamples: int, random_state: int
) -> np.ndarray:
    """The f1 of each label, macro-F1 and the accuracy, one row each, when whole documents are drawn again.

    A draw in which neither the reader nor the coder gives a label has no f1 of it: missing, and not in its macro-F1.
    """
    size = np.bincount(document)
    of_document = csr_array((np.ones(len(document)), (document, np.arange(len(document)))))
    both, either = of_document @ (coded & given).astype(float), of_document @ (coded.astype(float) + given)
    right = np.bincount(document, (coded == given).all(axis=1))
    draw, drawn = np.random.default_rng(random_state), []
    block = max(CHUNK // len(size), 1)
    for first in range(0, resamples, block):
        weights = draw_again(len(size), min(block, resamples - first), draw)
        below = either.T @ weights
        f1 = np.divide(2 * both.T @ weights, below, out=np.full(below.shape, np.nan), where=below > 0)
        macro = pd.DataFrame(f1).mean().to_numpy()
        drawn.append(np.vstack([f1, macro, (right @ weights) / (size @ weights)]))
    return np.hstack(drawn)
