"""Collocations: which words stand together more often than their frequencies explain."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from analysis.corpus import Study
from analysis.corpus.index import Index, find, pattern_words
from analysis.errors import OptionError, Problem, unknown
from analysis.measures.contingency import log_likelihood, log_ratio
from analysis.measures.inference import TEST_MINIMUM, compared
from analysis.measures.resampling import bootstrap_interval, check_draws, draw_again, percentile_interval

LARGEST_SKIP = 4
SYMMETRIC = ("g2", "pmi", "npmi", "t", "log_dice", "log_odds", "z")


def collocates(
    study: Study,
    node: str,
    *,
    window: int | Literal["sentence"] = 5,
    minimum: int = 3,
    interval: bool = False,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Which words stand near a word or phrase, the node, and whether more often than their frequency explains.

    Parameters
    ----------
    study : Study
    node : str
        One or more words, compared as terms: any case, possessive off. ``*`` stands for any characters of a word and
        ``?`` for one.
    window : int or "sentence"
        How many tokens on either side are near, at most to the ends of the sentence; or the whole sentence.
    minimum : int
        Leave out words with fewer co-occurrences.
    interval : bool
        Whether to say how sure each ``delta_p_from_node`` is.
    resamples, confidence, random_state
        For the interval, as in `terms.frequency`.

    Returns
    -------
    pandas.DataFrame
        One row per word: those that stand near the node more often than expected, by falling ``g2``; then those that
        stand there less often, by rising ``g2``. No row if the node does not occur.

        - ``term``
        - ``count``: its tokens near the node, each counted once however many occurrences of the node it is near;
          1 or more
        - ``expected``: the count if the word stood near the node at the same rate as elsewhere; above 0
        - ``node_count``: occurrences of the node
        - ``term_count``: tokens of the word, without those that belong to the node
        - ``documents``: in how many documents it stands near the node; 1 is one author's wording
        - ``g2``, ``pmi``, ``npmi``, ``t``, ``log_dice``, ``log_odds``, ``z``: see `association_measures`.
          ``log_dice`` is below 15, and above 14 only for a word that stands more than once near the same occurrence
        - ``delta_p_from_node``: rate of the word near the node less its rate elsewhere, −1 to 1
        - ``delta_p_to_node``: share of the word's tokens that are near the node less the share of other tokens that
          are, −1 to 1
        - ``near_tokens``, ``tokens``: tokens near the node, and all tokens without the node's own
        - ``low``, ``high``: with `interval`, the range in which ``delta_p_from_node`` lies when whole documents are
          drawn again [3]_; missing if fewer than 4 documents hold the node

        No p-value is given: words of one article are not independent of each other.

    Raises
    ------
    StudyError
        A node without a word, a window that is neither 1 or more nor ``sentence``, or a minimum below 1.

    Notes
    -----
    Each token of the study that does not belong to an occurrence of the node is one observation, classed by whether
    it is near the node and by whether it is the word [1]_::

                      the word             another word
        near          count                near_tokens − count                         near_tokens
        elsewhere     term_count − count   the rest                                    tokens − near_tokens
                      term_count           tokens − term_count                         tokens

    The expected count is near_tokens · term_count / tokens. Since near_tokens is counted and not taken as twice the
    window per occurrence, spans that overlap or end with a sentence need no correction. All measures follow from this
    table but ``log_dice``, which compares the count with the occurrences of the node, 14 + log2(2 count / (node_count
    + term_count)), as is usual [2]_.

    The result is wrong where the node misses spellings of what is meant, and where sentences are split wrongly. One
    article that repeats a phrase makes a collocation: look at ``documents``, or at the interval, which is wide then. A
    word cannot be a collocate of itself. The interval is of percentiles, too narrow with few documents; words that were
    chosen for their association lie further from 0 than they would in other documents. It is that of a difference of
    rates, which is 0 in a draw without the word, where a ratio would say nothing; draws without the node do not count.

    References
    ----------
    .. [1] Evert, S. (2008). Corpora and collocations. In A. Lüdeling & M. Kytö (Eds.), Corpus Linguistics: An
       International Handbook, vol. 2, 1212–1248. Mouton de Gruyter.
    .. [2] Rychlý, P. (2008). A lexicographer-friendly association score. Proceedings of RASLAN 2008, 6–9.
    .. [3] Efron, B. & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = collocates(load(), "the", window=2)
    >>> bool((table["documents"] <= table["count"]).all() and (table["count"] <= table["term_count"]).all())
    True
    """
    _check_minimum(minimum)
    first, inside, near = _neighbourhood(study.index, node, window)
    count, documents = _count_terms(study, near)
    term_count, _ = _count_terms(study, ~inside)
    kept = np.flatnonzero(count >= minimum)
    count, term_count, documents = count[kept], term_count[kept], documents[kept]
    measures = association_measures(count, near.sum(), term_count, (~inside).sum())
    names = {"delta_p_forward": "delta_p_from_node", "delta_p_backward": "delta_p_to_node"}
    table = measures.rename(columns=names).assign(
        term=study.index.terms[kept],
        count=count,
        node_count=len(first),
        term_count=term_count,
        documents=documents,
        log_dice=_log_dice(count, len(first), term_count),
        near_tokens=near.sum(),
        tokens=(~inside).sum(),
    )
    order = ["term", "count", "expected", "node_count", "term_count", "documents", "g2", "pmi", "npmi", "t", "log_dice"]
    order += ["delta_p_from_node", "delta_p_to_node", "log_odds", "z", "near_tokens", "tokens"]
    if interval:
        check_draws(resamples, confidence)
        table["low"], table["high"] = np.nan, np.nan
        order += ["low", "high"]
        if len(np.unique(study.index.documents[first])) >= TEST_MINIMUM:
            drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
            table["low"], table["high"] = _delta_p_interval(study, kept, near, ~inside, **drawn)
    return _attracted_first(table, ["term"])[order]


def _delta_p_interval(
    study: Study,
    terms: np.ndarray,
    near: np.ndarray,
    others: np.ndarray,
    *,
    resamples: int,
    confidence: float,
    random_state: int,
) -> tuple[np.ndarray, np.ndarray]:
    """The interval of each term's rate near the node less its rate elsewhere, were the documents drawn again."""
    used = np.flatnonzero(np.diff(study.index.document_bounds))
    weights = draw_again(len(used), resamples, np.random.default_rng(random_state))
    near_counts, counts = (_by_document(study, tokens)[used] for tokens in (near, others))
    near_size, size = (matrix.sum(axis=1) @ weights for matrix in (near_counts, counts))
    near_counts, counts = (matrix.T.tocsr()[terms] for matrix in (near_counts, counts))

    def delta_p(rows: slice) -> np.ndarray:
        near_count = near_counts[rows] @ weights
        with np.errstate(invalid="ignore"):
            return near_count / near_size - (counts[rows] @ weights - near_count) / (size - near_size)

    return percentile_interval(delta_p, len(terms), resamples=resamples, confidence=confidence)


def ngram_associations(study: Study, *, skip: int = 0, minimum: int = 3) -> pd.DataFrame:
    """Which words follow each other within a sentence more often than their frequencies explain.

    Parameters
    ----------
    study : Study
    skip : int
        How many words may stand between the two, 0 to 4.
    minimum : int
        Leave out pairs that occur less often.

    Returns
    -------
    pandas.DataFrame
        One row per pair: those that occur more often than expected, by falling ``g2``; then those that occur less
        often, by rising ``g2``.

        - ``first``, ``second``: the words, in the order of the text
        - ``count``: how often the pair occurs, 1 or more. Each two places at most `skip` words apart count once
        - ``expected``: the count if the second word did not depend on the first; above 0
        - ``count_first``, ``count_second``: in how many pairs the one word stands first, and the other second
        - ``documents``: in how many documents the pair occurs
        - ``g2``, ``pmi``, ``npmi``, ``t``, ``log_dice``, ``log_odds``, ``z``: see `association_measures`
        - ``delta_p_forward``: share of the second word after the first less its share after other words, −1 to 1
        - ``delta_p_backward``: share of the first word before the second less its share before other words, −1 to 1
        - ``pairs``: all pairs of the study

        No p-value is given: words of one article are not independent of each other.

    Raises
    ------
    StudyError
        A skip outside 0 to 4, or a minimum below 1.

    Notes
    -----
    The observations are pairs of places [1]_, so `count_first` leaves out a word that ends a sentence. With `skip`
    above 0 a place is in several pairs, which are not independent of each other even in a random text.

    References
    ----------
    .. [1] Pedersen, T. (1996). Fishing for exactness. Proceedings of the South-Central SAS Users Group Conference,
       188–200.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = ngram_associations(load(), minimum=1)
    >>> int(table["count"].sum()) == int(table["pairs"].iloc[0])
    True
    """
    _check_minimum(minimum)
    if skip not in range(LARGEST_SKIP + 1):
        raise unknown("skip", skip, range(LARGEST_SKIP + 1))
    index, size = study.index, len(study.index.terms)
    left, right = _pairs_of_places(index, skip + 1)
    pair, kinds = pd.factorize(index.ids[left] * np.int64(size) + index.ids[right])
    count = np.bincount(pair, minlength=len(kinds))
    kept, often = np.flatnonzero(count >= minimum), count[pair] >= minimum
    documents = _spread(pair[often], index.documents[left[often]], len(kinds), len(study.documents))
    first, second = np.divmod(kinds[kept], max(size, 1))
    count_first = np.bincount(index.ids[left], minlength=size)[first]
    count_second = np.bincount(index.ids[right], minlength=size)[second]
    table = association_measures(count[kept], count_first, count_second, len(left)).assign(
        first=index.terms[first],
        second=index.terms[second],
        count=count[kept],
        count_first=count_first,
        count_second=count_second,
        documents=documents[kept],
        pairs=len(left),
    )
    order = ["first", "second", "count", "expected", "count_first", "count_second", "documents", "g2", "pmi", "npmi"]
    order += ["t", "log_dice", "delta_p_forward", "delta_p_backward", "log_odds", "z", "pairs"]
    return _attracted_first(table, ["first", "second"])[order]


def collocate_difference(
    study: Study,
    node: str,
    *,
    target: str,
    reference: str | None = None,
    by: str = "source",
    window: int | Literal["sentence"] = 5,
    interval: bool = False,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Which words stand near the same node in one group of documents rather than in another.

    Parameters
    ----------
    study : Study
    node : str
        As in `collocates`.
    target : str
        A group, such as a source.
    reference : str, optional
        Another group; all documents outside the target by default.
    by : str
        The grouping.
    window : int or "sentence"
        As in `collocates`.
    interval : bool
        Whether to say how sure each ``log_ratio`` is.
    resamples, confidence, random_state
        As in `collocates`.

    Returns
    -------
    pandas.DataFrame
        One row per word that stands near the node in either group, by falling ``log_ratio``.

        - ``term``
        - ``count_target``, ``count_reference``: its tokens near the node, as in `collocates`; 0 or more
        - ``log_ratio``: binary logarithm of the ratio of the two rates: 1 is twice as often near the target's node,
          −1 half as often. An absent word counts as half an occurrence here
        - ``per_1k_target``, ``per_1k_reference``: counts per 1,000 tokens near the node, 0 to 1,000
        - ``term_count_target``, ``term_count_reference``: its tokens in all of the group, without the node's own
        - ``documents_target``, ``documents_reference``: in how many documents of each group it stands near the node
        - ``node_target``, ``node_reference``: occurrences of the node
        - ``near_tokens_target``, ``near_tokens_reference``: tokens near the node
        - ``low``, ``high``: with `interval`, the range in which ``log_ratio`` lies when the whole documents of each
          group that hold the node are drawn again; missing if a group has fewer than 4 of them

        No p-value is given: see `inference.comparison_verdict`.

    Raises
    ------
    StudyError
        No such group, the reference is the target, no document is left to compare with, or no word stands near the
        node in one of the groups; a node or a window that `collocates` does not take.

    Notes
    -----
    With counts a, b in n and m tokens near the node, the log ratio is log2((a / n) / (b / m)) [1]_. Where a group uses
    a word more often in general, it also does so near the node: compare the counts with ``term_count_*``. A ratio of
    counts below five or so says little, and two groups with one document each differ as those two documents do.

    References
    ----------
    .. [1] Hardie, A. (2014). Log Ratio: an informal introduction. ESRC Centre for Corpus Approaches to Social Science.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> table = collocate_difference(study, "the", target=study.documents["source"].iloc[0])
    >>> bool(table["log_ratio"].is_monotonic_decreasing)
    True
    """
    members = compared(study, target, reference, by=by)
    first, inside, near = _neighbourhood(study.index, node, window)
    terms, documents = study.index.terms, study.index.documents
    parts, sizes = {}, {}
    for side, in_group in members.items():
        of_group = in_group[documents]
        parts[f"count_{side}"], parts[f"documents_{side}"] = _count_terms(study, near & of_group)
        parts[f"term_count_{side}"], _ = _count_terms(study, ~inside & of_group)
        sizes[f"node_{side}"] = int(of_group[first].sum())
        sizes[f"near_tokens_{side}"] = int((near & of_group).sum())
    for side, group in (("target", target), ("reference", reference or "the reference")):
        if not sizes[f"near_tokens_{side}"]:
            what = f"no word stands near “{node}” in its documents"
            raise OptionError(Problem(group, what, "Choose a node that both groups use; look with `kwic`."))
    table = pd.DataFrame({"term": terms, **parts})
    table = table[table["count_target"] + table["count_reference"] > 0].assign(**sizes)
    a, b = table["count_target"], table["count_reference"]
    n, m = sizes["near_tokens_target"], sizes["near_tokens_reference"]
    table = table.assign(
        log_ratio=log_ratio(a, b, n, m),
        per_1k_target=1e3 * a / n,
        per_1k_reference=1e3 * b / m,
    )
    names = ["per_1k", "term_count", "documents", "node", "near_tokens"]
    order = ["term", "count_target", "count_reference", "log_ratio"]
    order += [f"{name}_{side}" for name in names for side in ("target", "reference")]
    if interval:
        check_draws(resamples, confidence)
        order += ["low", "high"]
        table["low"], table["high"] = np.nan, np.nan
        counts = _by_document(study, near)
        sizes = counts.sum(axis=1)
        groups = [in_group & (sizes > 0) for in_group in members.values()]
        if min(group.sum() for group in groups) >= TEST_MINIMUM:
            table["low"], table["high"] = bootstrap_interval(
                counts.T.tocsr()[table.index.to_numpy()],
                groups=groups,
                tokens=sizes,
                statistic=log_ratio,
                resamples=resamples,
                confidence=confidence,
                random_state=random_state,
            )
    by_ratio = ["log_ratio", "count_target", "term"]
    return table.sort_values(by_ratio, ascending=[False, False, True], ignore_index=True)[order]


def collocation_network(
    study: Study,
    *,
    minimum: int = 3,
    measure: Literal["g2", "pmi", "npmi", "t", "log_dice", "log_odds", "z"] = "log_dice",
    edges: int = 50,
) -> pd.DataFrame:
    """Which content words keep each other's company in sentences: the strongest pairs, as the edges of a network.

    Parameters
    ----------
    study : Study
    minimum : int
        Leave out pairs that share fewer sentences.
    measure : str
        Which association measure is the weight. Those with a direction are not offered.
    edges : int
        How many pairs to keep.

    Returns
    -------
    pandas.DataFrame
        One row per pair that shares more sentences than expected, by falling ``weight``, then ``count``.

        - ``term``, ``other``: the words, in alphabetical order. Stop words and numbers are left out
        - ``count``: in how many sentences both stand; 1 or more
        - ``weight``: the measure, see `association_measures`
        - ``count_term``, ``count_other``: in how many sentences each stands
        - ``documents``: in how many documents they share a sentence
        - ``sentences``: all sentences with a word

    Raises
    ------
    StudyError
        An unknown measure, or a minimum or a number of edges below 1.

    Notes
    -----
    The observations are sentences: a word that stands twice in a sentence is counted once [1]_. Long sentences make
    more pairs than short ones. Which pairs are shown depends on `minimum` and on the measure: ``pmi`` prefers rare
    words, ``g2`` and ``t`` frequent ones.

    References
    ----------
    .. [1] Evert, S. (2008). Corpora and collocations. In A. Lüdeling & M. Kytö (Eds.), Corpus Linguistics: An
       International Handbook, vol. 2, 1212–1248. Mouton de Gruyter.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> table = collocation_network(study, edges=10)
    >>> len(table) <= 10 and not study.stop_words & {*table["term"], *table["other"]}
    True
    """
    from scipy.sparse import coo_array, triu

    _check_minimum(minimum)
    if measure not in SYMMETRIC:
        raise unknown("measure", measure, SYMMETRIC)
    if edges < 1:
        raise OptionError(Problem("edges", f"{edges} is below 1", "Give how many pairs to keep."))
    terms, sentence, word = _words_of_sentences(study, minimum)
    sentences = int(_begins(study.index).sum())
    stands = coo_array((np.ones(len(word), np.int32), (sentence, word)), shape=(sentences, len(terms))).tocsc()
    together = triu(stands.T @ stands, k=1).tocoo()
    frequent = together.data >= minimum
    term, other, count = together.row[frequent], together.col[frequent], together.data[frequent]
    in_sentences = np.diff(stands.indptr)
    measures = association_measures(count, in_sentences[term], in_sentences[other], sentences)
    table = measures.assign(row=term, column=other, count=count, weight=measures[measure])
    table = table[table["count"] > table["expected"]]
    table = table.sort_values(["weight", "count", "row", "column"], ascending=[False, False, True, True])
    table = table.head(edges).reset_index(drop=True)
    term, other = table["row"].to_numpy(), table["column"].to_numpy()
    sentence, edge = stands[:, term].multiply(stands[:, other]).tocoo().coords
    documents = study.index.documents[_begins(study.index)]
    table = table.assign(
        term=terms[term],
        other=terms[other],
        count_term=in_sentences[term],
        count_other=in_sentences[other],
        documents=_spread(edge, documents[sentence], len(table), len(study.documents)),
        sentences=sentences,
    )
    return table[["term", "other", "count", "weight", "count_term", "count_other", "documents", "sentences"]]


def association_measures(joint: ArrayLike, first: ArrayLike, second: ArrayLike, total: ArrayLike) -> pd.DataFrame:
    """How strongly two words are associated, from how often they occur together, each, and at all.

    Parameters
    ----------
    joint, first, second, total : array_like of float, shape (pairs,) or a number
        Observations with both words, with the first, with the second, and all of them. The four cells of the table
        are a = joint, b = first − joint, c = second − joint and d = total − first − second + joint, none below 0.

    Returns
    -------
    pandas.DataFrame
        One row per pair.

        - ``expected``: the joint count under independence, 0 or more
        - ``g2``: log-likelihood ratio against independence (four cells), 0 or more; large for attraction and for
          repulsion alike: compare the joint count with the expected one
        - ``pmi``: pointwise mutual information, binary logarithm of joint count over expected; any number, 0 under
          independence, −∞ for pairs that never occur together. Large for rare words
        - ``npmi``: the same, normalised: −1 never together, 0 independent, 1 never apart. 0 where both words are in
          every observation
        - ``t``: t-score, a ranking that prefers frequent pairs; any number, −∞ for pairs that never occur together
        - ``log_dice``: 14 plus the binary logarithm of the Dice coefficient, at most 14, −∞ for pairs that never
          occur together; does not depend on the total
        - ``delta_p_forward``: P(second | first) − P(second | not first), −1 to 1
        - ``delta_p_backward``: P(first | second) − P(first | not second), −1 to 1
        - ``log_odds``: natural logarithm of the odds ratio with ½ added to each cell, the λ of a log-linear model;
          any number, never infinite
        - ``z``: ``log_odds`` over its standard error; any number

        A measure is missing where it is not defined: ``pmi``, ``npmi`` and ``t`` where a word never occurs,
        ``log_dice`` where neither does, ``delta_p_*`` where all observations or none have the word that is given.

    Raises
    ------
    StudyError
        Counts that cannot be those of one table.

    Notes
    -----
    With E = first · second / total: G² = 2 Σ O ln(O / E) over the four cells, each E from its margins [1]_; PMI =
    log2(joint / E) [2]_; NPMI = PMI / −log2(joint / total) [3]_; t = (joint − E) / √joint [4]_; logDice = 14 +
    log2(2 joint / (first + second)) [5]_; ΔP = a / (a + b) − c / (c + d) forward, a / (a + c) − b / (b + d) backward
    [6]_; λ = ln((a + ½)(d + ½) / ((b + ½)(c + ½))), and z = λ / √(Σ 1 / (O + ½)) [7]_.

    ``g2``, ``t`` and ``z`` grow with the size of the study, so they rank pairs within a study and do not compare two.
    None is a test here: observations of one document depend on each other.

    References
    ----------
    .. [1] Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence. Computational
       Linguistics, 19(1), 61–74.
    .. [2] Church, K. W. & Hanks, P. (1990). Word association norms, mutual information, and lexicography.
       Computational Linguistics, 16(1), 22–29.
    .. [3] Bouma, G. (2009). Normalized (pointwise) mutual information in collocation extraction. Proceedings of the
       Biennial GSCL Conference 2009, 31–40.
    .. [4] Church, K., Gale, W., Hanks, P. & Hindle, D. (1991). Using statistics in lexical analysis. In U. Zernik
       (Ed.), Lexical Acquisition: Exploiting On-Line Resources to Build a Lexicon, 115–164. Lawrence Erlbaum.
    .. [5] Rychlý, P. (2008). A lexicographer-friendly association score. Proceedings of RASLAN 2008, 6–9.
    .. [6] Gries, S. Th. (2013). 50-something years of work on collocations: what is or should be next.
       International Journal of Corpus Linguistics, 18(1), 137–165.
    .. [7] Blaheta, D. & Johnson, M. (2001). Unsupervised learning of multi-word verbs. Proceedings of the ACL
       Workshop on the Computational Extraction, Analysis and Exploitation of Collocations, 54–60.

    Examples
    --------
    >>> association_measures(8, 1105, 44, 15_000_000).round(1).loc[0, "pmi"].item()
    11.3
    """
    numbers = (np.atleast_1d(np.asarray(x, float)) for x in (joint, first, second, total))
    joint, first, second, total = np.broadcast_arrays(*numbers)
    observed = np.stack([joint, first - joint, second - joint, total - first - second + joint])
    if not (observed >= 0).all():
        what = "there are more observations with both words than with one, or more with either than in all"
        raise OptionError(Problem("joint, first, second, total", what, "Give counts of one table."))
    a, b, c, d = observed + 0.5
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = first * second / total
        pmi = np.log2(joint / expected)
        log_odds = np.log(a * d / (b * c))
        measures = {
            "expected": expected,
            "g2": log_likelihood(joint, second - joint, first, total - first),
            "pmi": pmi,
            "npmi": _normalised(pmi, joint / total),
            "t": (joint - expected) / np.sqrt(joint),
            "log_dice": _log_dice(joint, first, second),
            "delta_p_forward": joint / first - (second - joint) / (total - first),
            "delta_p_backward": joint / second - (first - joint) / (total - second),
            "log_odds": log_odds,
            "z": log_odds / np.sqrt(1 / a + 1 / b + 1 / c + 1 / d),
        }
    return pd.DataFrame(measures)


def _normalised(pmi: np.ndarray, share: np.ndarray) -> np.ndarray:
    """PMI over its largest value; its limit where a pair never occurs, 0 where it always does."""
    never, always = np.isneginf(pmi), share == 1
    return np.where(never, -1.0, np.where(always, 0.0, pmi / -np.log2(share)))


def _log_dice(joint: ArrayLike, first: ArrayLike, second: ArrayLike) -> np.ndarray:
    return 14 + np.log2(2 * np.asarray(joint) / (np.asarray(first) + second))


def _check_minimum(minimum: int) -> None:
    if minimum < 1:
        raise OptionError(Problem("minimum", f"{minimum} is below 1", "Give how often a pair must occur."))


def _neighbourhood(index: Index, node: str, window: int | str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where the node begins; for each token, whether it belongs to the node; whether it is another one near it."""
    words, size = pattern_words(node), len(index.ids)
    if not words:
        raise OptionError(Problem("node", f"“{node}” holds no word", "Give one or more words."))
    if window != "sentence" and (not isinstance(window, (int, np.integer)) or window < 1):
        raise OptionError(Problem("window", f"there is no “{window}”", "Give 1 or more words, or “sentence”."))
    reach = size if window == "sentence" else min(window, size)
    first = find(index, node)
    last = first + len(words) - 1
    lowest = np.searchsorted(index.sentences, index.sentences[first])
    highest = np.searchsorted(index.sentences, index.sentences[first], side="right") - 1
    inside = _covered(first, last, size)
    near = _covered(np.maximum(first - reach, lowest), np.minimum(last + reach, highest), size) & ~inside
    return first, inside, near


def _covered(first: np.ndarray, last: np.ndarray, size: int) -> np.ndarray:
    """True for each place within at least one of the runs."""
    change = np.bincount(first, minlength=size + 1) - np.bincount(last + 1, minlength=size + 1)
    return np.cumsum(change)[:size] > 0


def _count_terms(study: Study, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each term of the vocabulary, how many of some tokens it is, and in how many documents."""
    ids, size = study.index.ids[tokens], len(study.index.terms)
    documents = study.index.documents[tokens]
    return np.bincount(ids, minlength=size), _spread(ids, documents, size, len(study.documents))


def _by_document(study: Study, tokens: np.ndarray) -> csr_array:
    """How often each term is one of some tokens in each document, shape (documents, terms)."""
    bounds = np.append(0, np.cumsum(tokens))[study.index.document_bounds]
    ids = study.index.ids[tokens]
    shape = (len(study.documents), len(study.index.terms))
    return csr_array((np.ones(len(ids), np.float32), ids, bounds), shape=shape)


def _spread(kinds: np.ndarray, documents: np.ndarray, size: int, all_documents: int) -> np.ndarray:
    """In how many documents each of `size` kinds occurs."""
    return np.bincount(pd.unique(kinds * np.int64(all_documents) + documents) // all_documents, minlength=size)


def _pairs_of_places(index: Index, distance: int) -> tuple[np.ndarray, np.ndarray]:
    """The first and the second places of all pairs within a sentence that are at most `distance` tokens apart."""
    apart = range(1, distance + 1)
    left = [np.flatnonzero(index.sentences[:-d] == index.sentences[d:]) for d in apart]
    return np.concatenate(left), np.concatenate([places + d for d, places in zip(apart, left)])


def _begins(index: Index) -> np.ndarray:
    """True for each token that is the first of its sentence."""
    return np.diff(index.sentences, prepend=-1) != 0


def _words_of_sentences(study: Study, minimum: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The content words of at least `minimum` sentences; and which sentence holds which of them, as pairs of rows."""
    index, size = study.index, len(study.index.terms)
    is_content = np.array([t not in study.stop_words and any(map(str.isalpha, t)) for t in index.terms], bool)
    tokens = is_content[index.ids]
    kinds = pd.unique((np.cumsum(_begins(index))[tokens] - 1) * np.int64(size) + index.ids[tokens])
    sentence, ids = np.divmod(kinds, max(size, 1))
    often = np.bincount(ids, minlength=size)[ids] >= minimum
    words, word = np.unique(ids[often], return_inverse=True)
    return index.terms[words], sentence[often], word


def _attracted_first(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Pairs more frequent than expected by falling G², then the others by rising G²."""
    signed = np.where(table["count"] >= table["expected"], table["g2"], -table["g2"])
    table = table.assign(signed=signed)
    return table.sort_values(["signed", *names], ascending=[False] + [True] * len(names), ignore_index=True)
