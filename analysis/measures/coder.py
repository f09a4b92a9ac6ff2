"""The supervised coder: what readers have coded teaches it. How far it can be trusted says `cross_validation`."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Hashable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus.tokens import term, tokenise
from analysis.errors import OptionError, Problem, StudyError
from analysis.measures.resampling import check_seed

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

INVERSE_PENALTY = 30.0  # C of scikit-learn. From 10 to 100 the scores hardly differ; below 3 rare labels suffer


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


class CodedTexts(NamedTuple):
    """Texts and what they were coded as, checked; `answers` has a row for each text that is `coded`."""

    texts: np.ndarray
    coded: np.ndarray
    labels: list[str]
    answers: np.ndarray
    several: bool
    documents: np.ndarray


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
    codings = coded_texts(texts, labels, None)
    check_seed(random_state)
    known = codings.texts[codings.coded]
    return Coder(codings.labels, codings.several, fitted(known, codings.answers, codings.several, random_state))


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
    probability = probabilities(coder.pipeline, _strings(texts), len(coder.labels), coder.several)
    return by_label(coder.labels, probability, coder.several)


def coded_texts(texts: Sequence[str], labels: Sequence, groups: Sequence[Hashable] | None) -> CodedTexts:
    """Return texts and labels, checked as far as every use of them needs."""
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
    return CodedTexts(texts, coded, names, answers, several, document)


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


def fitted(texts: np.ndarray, answers: np.ndarray, several: bool, random_state: int) -> Pipeline:
    """Return the coder, trained; with the answers one row per text and one column per label."""
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


def probabilities(pipeline: Pipeline, texts: np.ndarray, labels: int, several: bool) -> np.ndarray:
    """Return the probability of each label in each text; 0 for one that the coder has not met."""
    probability = np.zeros((len(texts), labels))
    if len(texts):
        probability[:, slice(None) if several else pipeline.classes_] = pipeline.predict_proba(texts)
    return probability


def given_labels(probability: np.ndarray, several: bool) -> np.ndarray:
    """Return which labels the coder gives, in the shape of their probabilities."""
    if several:
        return probability > 0.5
    return np.eye(probability.shape[1], dtype=bool)[probability.argmax(axis=1)]


def by_label(labels: list[str], probability: np.ndarray, several: bool) -> pd.DataFrame:
    """Return one row per text and label: ``text``, ``label``, ``probability`` and ``given``, as in `cross_code`."""
    texts = np.repeat(np.arange(len(probability)), len(labels))
    named = {"text": texts, "label": labels * len(probability), "probability": probability.ravel()}
    return pd.DataFrame({**named, "given": given_labels(probability, several).ravel()})
