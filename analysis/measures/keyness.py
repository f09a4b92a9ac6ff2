"""Keyness: which terms one group of documents uses more than another, and whether that goes beyond the documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study, group_labels
from analysis.corpus.counting import count_terms, document_counts
from analysis.corpus.tokens import term, tokenise
from analysis.errors import OptionError, Problem, StudyError, unknown
from analysis.measures import contingency
from analysis.measures.contingency import log_ratio
from analysis.measures.differences import group_test
from analysis.measures.inference import compared
from analysis.measures.resampling import check_draws, rank_sums

MEASURES: dict[str, Callable] = {
    "g2": contingency.log_likelihood,
    "g2_two_cell": partial(contingency.log_likelihood, cells=2),
    "g2_williams": lambda *counts: contingency.log_likelihood(*counts) / contingency.williams_q(*counts),
    "chi2": contingency.chi_squared,
    "chi2_yates": partial(contingency.chi_squared, yates=True),
    "fisher": contingency.fisher_exact,
    "bic": contingency.bayes_information,
    "log_ratio": log_ratio,
    "percent_difference": contingency.percent_difference,
    "odds_ratio": contingency.odds_ratio,
    "simple_maths": contingency.simple_maths,
    "log_odds": lambda a, b, n, m: contingency.log_odds(a, b, n, m, prior=a + b, total=n + m)[0],
    "log_odds_z": lambda a, b, n, m: contingency.log_odds(a, b, n, m, prior=a + b, total=n + m)[1],
    "jsd": contingency.shannon_contributions,
}


def keyness(
    study: Study,
    *,
    target: str,
    reference: str | None = None,
    by: str = "source",
    ngram: int = 1,
    measures: Sequence[str] = ("g2", "log_ratio"),
    reference_list: pd.Series | None = None,
) -> pd.DataFrame:
    """Compare the terms of a target group with those of a reference group.

    Parameters
    ----------
    study : Study
    target : str
        A group, such as a source.
    reference : str, optional
        Another group; all documents outside the target by default.
    by : str
        The grouping.
    ngram : int
        How many words a term has.
    measures : sequence of str
        Which to compute; the table is ordered by the first. There are ``g2``, ``g2_two_cell``, ``g2_williams``,
        ``chi2``, ``chi2_yates``, ``fisher``, ``bic``, ``log_ratio``, ``percent_difference``, ``odds_ratio``,
        ``simple_maths``, ``log_odds``, ``log_odds_z`` and ``jsd``.
    reference_list : pandas.Series, optional
        Counts by term, such as those of a large corpus, to compare with in the place of a group: whole numbers. Only
        its terms of `ngram` words count, and what they sum to is the size of that corpus, so a list that is cut off
        at rare terms makes all others look more frequent there.

    Returns
    -------
    pandas.DataFrame
        One row per term that occurs in either group, those first that stand out most by the first measure.

        - ``term``
        - ``count_target``, ``count_reference``: how often it occurs
        - the measures: ``g2`` says how surprising the counts are if every word were drawn independently, which words
          of one article are not; ``log_ratio`` is the effect size: 1 is twice as often in the target, −1 half as often
        - ``per_10k_target``, ``per_10k_reference``: counts per 10,000 tokens
        - ``documents_target``, ``documents_reference``: in how many documents of each group it occurs; missing for a
          reference list
        - ``tokens_target``, ``tokens_reference``: tokens of each group; against a list of n-grams, n-grams of each

        No p-value is given here: see `keyness_test`.

    Raises
    ------
    StudyError
        No such group or measure, the reference is the target, a count of the list is no whole number of 0 or more, or
        no word is left to compare with.

    Notes
    -----
    An absent term counts as half an occurrence in a log ratio. ``log_odds`` takes the counts of both groups together
    for its prior. ``fisher`` is a p-value for words drawn independently: it is here to rank by, as other programs do,
    the smallest first.

    The rates of n-grams are those among the tokens of a group, as of words, so that the columns of two lengths can be
    compared; where sentences are short, fewer n-grams fit into as many tokens. A list has no tokens but what it counts,
    so against a list the n-grams of the target are its size.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> first = study.documents["source"].iloc[0]
    >>> bool((keyness(study, target=first)["g2"] >= 0).all())
    True
    """
    for measure in measures:
        if measure not in MEASURES:
            raise unknown("measures", measure, MEASURES)
    measures = list(dict.fromkeys(measures))
    if not measures:
        raise OptionError(Problem("measures", "there is none", "Name one or more."))
    if reference_list is None:
        members = compared(study, target, reference, by=by)
    elif reference is None:
        members = {"target": (group_labels(study, by) == target).to_numpy()}
        if not members["target"].any():
            raise unknown(by, target, sorted(set(group_labels(study, by))))
    else:
        raise OptionError(Problem("reference", "there are two to compare with", "Give a group or a list, not both."))
    sides = csr_array(np.stack([*members.values()], axis=1).astype(np.int64))
    terms, counts, documents = count_terms(study.index, sides, ngram)
    columns = [f"{name}_{side}" for name in ("count", "documents") for side in members]
    table = pd.DataFrame(np.hstack([counts.toarray(), documents.toarray()]), columns=columns)
    table.insert(0, "term", pd.Series(terms, dtype="str"))
    sizes = {side: int(study.documents["tokens"][of_side].sum()) for side, of_side in members.items()}
    if reference_list is not None:
        listed = _listed(study, reference_list, ngram).rename("count_reference").rename_axis("term")
        table = table.set_index("term").join(listed, how="outer").fillna(0).astype(int).reset_index()
        table["documents_reference"] = None
        sizes = {side: int(table[f"count_{side}"].sum()) for side in ("target", "reference")}  # n-grams, as in the list
    for group, tokens in ((target, sizes["target"]), (reference or "the reference", sizes["reference"])):
        if not tokens:
            raise StudyError(Problem(group, "no word is left of its documents", "Look at them with `documents`."))
    n, m = sizes["target"], sizes["reference"]
    a, b = (table[f"count_{side}"].to_numpy() for side in ("target", "reference"))
    whole = {"jsd": (a.sum(), b.sum())}  # a divergence is one of shares that sum to 1, those of n-grams too
    table = table.assign(
        **{measure: MEASURES[measure](a, b, *whole.get(measure, (n, m))) for measure in measures},
        per_10k_target=1e4 * a / n,
        per_10k_reference=1e4 * b / m,
        tokens_target=n,
        tokens_reference=m,
    )
    order = ["term", "count_target", "count_reference", *measures, "per_10k_target", "per_10k_reference"]
    order += ["documents_target", "documents_reference", "tokens_target", "tokens_reference"]
    return table.sort_values(measures[0], ascending=measures[0] == "fisher", kind="stable", ignore_index=True)[order]


def _listed(study: Study, reference_list: pd.Series, ngram: int) -> pd.Series:
    """The counts of a list above 0, by term as the study counts it: those of `ngram` words."""
    counts = reference_list.to_numpy()
    if not (np.issubdtype(counts.dtype, np.integer) and (counts >= 0).all()):
        raise OptionError(Problem("reference_list", "a count is no whole number of 0 or more", "Give whole numbers."))
    words = [tokenise(str(one)) for one in reference_list.index]
    of_length = np.array([len(one) == ngram for one in words], bool)
    terms = [" ".join(study.index.counts_as(term(word)) for word in one) for one in words if len(one) == ngram]
    listed = reference_list[of_length].groupby(terms).sum()
    return listed[listed > 0]


def keyness_pairs(study: Study, *, by: str = "source", **options: object) -> pd.DataFrame:
    """Compare every group with every other: the tables of `keyness`, with ``target`` and ``reference`` before them.

    Parameters
    ----------
    study : Study
    by : str
        The grouping.
    **options
        Those of `keyness`.

    Returns
    -------
    pandas.DataFrame
        One row per pair of groups and term that occurs in either, pairs in alphabetical order: ``target`` and
        ``reference``, and the columns of `keyness`. A group without a word is in no pair.

    Raises
    ------
    StudyError
        As `keyness`; or the grouping has one group only that has a word.

    Notes
    -----
    With K groups there are K (K − 1) / 2 pairs, and the more there are, the more terms stand out by chance.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = keyness_pairs(load(), by="document")
    >>> bool((table["target"] < table["reference"]).all())
    True
    """
    pairs = list(combinations(sorted(set(group_labels(study, by)[study.documents["tokens"] > 0])), 2))
    tables = [keyness(study, target=a, reference=b, by=by, **options) for a, b in pairs]
    for (a, b), table in zip(pairs, tables):
        table.insert(0, "target", a)
        table.insert(1, "reference", b)
    if not tables:
        raise OptionError(Problem(by, "there is but one group with a word", "Choose a grouping with two or more."))
    return pd.concat(tables, ignore_index=True)


def keyness_test(
    study: Study,
    *,
    target: str,
    reference: str | None = None,
    by: str = "source",
    ngram: int = 1,
    minimum: int = 5,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Ask of each term whether the two groups differ by more than their documents do among themselves.

    Parameters
    ----------
    study : Study
    target, reference, by, ngram
        As in `keyness`.
    minimum : int
        Leave out terms that occur less often in both groups together.
    resamples : int
        How often documents are drawn again, and how many relabellings are tried if there are too many for all.
    confidence : float
        Of the interval.
    random_state : int
        The same number gives the same result.

    Returns
    -------
    pandas.DataFrame
        One row per term, by falling ``log_ratio``.

        - ``term``, ``count_target``, ``count_reference``, ``documents_target``, ``documents_reference``
        - ``log_ratio``, with ``low`` and ``high``: the interval in which it lies when whole documents are drawn again
        - ``superiority``: the chance that a document of the target, drawn at random, has it at a higher rate than one
          of the reference, equal rates counted as half: 0.5 is no difference. One document that is full of a word
          moves it little [2]_
        - ``p``: part of the ways to label whole documents that give a log ratio as large, in either direction
        - ``p_floor``: the smallest p-value that so many documents can give
        - ``q``: p under control of the false discovery rate over all terms of the table
        - ``relabellings``: how many were tried

        ``low``, ``high``, ``p`` and ``q`` are missing where a group has fewer than 4 documents. Documents without a
        word are left out.

    Raises
    ------
    StudyError
        As `keyness`; or a minimum, a number of resamples or a confidence that makes no sense.

    Notes
    -----
    The test asks whether the labels of the documents matter at all. It is wrong where documents are not exchangeable
    for another reason: by one author, of one week, about one event. The interval is of percentiles, and too narrow with
    few documents. A term that is absent from a side counts as half an occurrence there, in every draw: that side then
    adds nothing to the interval, which is too narrow, and where all documents of the other side have the term at one
    rate, it is a single number. The q-values are those of Benjamini and Hochberg [1]_.

    References
    ----------
    .. [1] Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful approach
       to multiple testing. Journal of the Royal Statistical Society B, 57(1), 289–300.
    .. [2] Vargha, A. & Delaney, H. D. (2000). A critique and improvement of the CL common language effect size
       statistics of McGraw and Wong. Journal of Educational and Behavioral Statistics, 25(2), 101–132.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> table = keyness_test(study, target=study.documents["source"].iloc[0], resamples=19)
    >>> bool(table["log_ratio"].is_monotonic_decreasing and table["superiority"].between(0, 1).all())
    True
    """
    check_draws(resamples, confidence, random_state)
    if minimum < 1:
        raise OptionError(Problem("minimum", f"{minimum} cannot be", "Give 1 or more."))
    table = keyness(study, target=target, reference=reference, by=by, ngram=ngram, measures=["log_ratio"])
    table = table[table["count_target"] + table["count_reference"] >= minimum].reset_index(drop=True)
    columns = ["term", "count_target", "count_reference", "documents_target", "documents_reference", "log_ratio"]
    members = compared(study, target, reference, by=by)
    counts, tokens = _counts_of(study, table["term"], ngram), study.documents["tokens"].to_numpy(float)
    drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
    table = table[columns].join(group_test(counts, tokens, members, statistic=log_ratio, **drawn))
    table["superiority"] = _superiority(counts, tokens, members)
    return table[[*columns, "low", "high", "superiority", "p", "p_floor", "q", "relabellings"]]


def _superiority(counts: csr_array, tokens: np.ndarray, members: dict[str, np.ndarray]) -> np.ndarray:
    """How often a document of the target has a higher rate than one of the reference, over all such pairs."""
    used = (members["target"] | members["reference"]) & (tokens > 0)
    rates, target = counts[:, used], members["target"][used]
    rates.data /= tokens[used][rates.indices]
    size = target.sum()
    return (rank_sums(rates, target=target) - size * (size + 1) / 2) / (size * (len(target) - size))


def _counts_of(study: Study, terms: pd.Series, ngram: int) -> csr_array:
    """The counts of some terms in every document."""
    all_terms, counts = document_counts(study.index, ngram)
    return counts[pd.Index(all_terms).get_indexer(terms)].astype(float)
