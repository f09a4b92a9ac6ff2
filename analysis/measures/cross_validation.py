"""How far the supervised coder can be trusted: it codes documents that it was not trained on."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Hashable, Sequence

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.errors import OptionError, Problem, StudyError
from analysis.measures.coder import CodedTexts, by_label, coded_texts, fitted, given_labels, probabilities
from analysis.measures.contingency import precision_recall
from analysis.measures.inference import TEST_MINIMUM
from analysis.measures.resampling import CHUNK, check_draws, check_seed, draw_again

ALL = "all labels"
JOIN_OR_LEAVE = "Code more texts with it, join it with another label, or leave it out."
COLUMNS = ["label", "n", "predicted", "both", "precision", "recall", "f1", "low", "high", "majority_f1", "always_f1"]
COLUMNS += ["accuracy", "accuracy_low", "accuracy_high", "majority_accuracy", "texts", "documents"]


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
    codings = coded_texts(texts, labels, groups)
    _, probability = _out_of_fold(codings, folds, random_state)
    coded, given = codings.answers, given_labels(probability[codings.coded], codings.several)
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
    codings = coded_texts(texts, labels, groups)
    fold, probability = _out_of_fold(codings, folds, random_state)
    coded = np.full(probability.shape, np.nan)
    coded[codings.coded] = codings.answers
    table = by_label(codings.labels, probability, codings.several)
    table.insert(2, "fold", np.repeat(fold + 1, len(codings.labels)))
    table.insert(3, "coded", coded.ravel())
    return table


def _check_folds(codings: CodedTexts, folds: int) -> None:
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


def _out_of_fold(codings: CodedTexts, folds: int, random_state: int) -> tuple[np.ndarray, np.ndarray]:
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
        pipeline = fitted(codings.texts[codings.coded][train], answers, codings.several, random_state)
        probability[test] = probabilities(pipeline, codings.texts[test], len(codings.labels), codings.several)
    return fold, probability


def _folds(codings: CodedTexts, folds: int, random_state: int) -> np.ndarray:
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
