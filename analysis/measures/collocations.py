"""Collocations: which words stand near a word more often than their frequencies explain."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study
from analysis.corpus.index import Index, find, pattern_words
from analysis.errors import OptionError, Problem
from analysis.measures.association import (
    association_measures,
    attracted_first,
    check_minimum,
    delta_p,
    log_dice,
    redrawn_interval,
    spread,
)
from analysis.measures.contingency import log_ratio
from analysis.measures.inference import TEST_MINIMUM, compared
from analysis.measures.resampling import bootstrap_interval, check_draws


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
    check_minimum(minimum)
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
        log_dice=log_dice(count, len(first), term_count),
        near_tokens=near.sum(),
        tokens=(~inside).sum(),
    )
    order = ["term", "count", "expected", "node_count", "term_count", "documents", "g2", "pmi", "npmi", "t", "log_dice"]
    order += ["delta_p_from_node", "delta_p_to_node", "log_odds", "z", "near_tokens", "tokens"]
    if interval:
        check_draws(resamples, confidence, random_state)
        table["low"], table["high"] = np.nan, np.nan
        order += ["low", "high"]
        if len(np.unique(study.index.documents[first])) >= TEST_MINIMUM:
            in_documents, others = (_by_document(study, tokens) for tokens in (near, ~inside))
            cells = in_documents[kept], csr_array(in_documents.sum(axis=0)[None, :]), others[kept]
            table["low"], table["high"] = redrawn_interval(
                delta_p,
                lambda part: (cells[0][part], cells[1], cells[2][part]),
                others.sum(axis=0),
                rows=len(kept),
                resamples=resamples,
                confidence=confidence,
                random_state=random_state,
            )
    return attracted_first(table, ["term"])[order]


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
          group in which a word stands near the node are drawn again; missing if a group has fewer than 4 of them

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
        check_draws(resamples, confidence, random_state)
        order += ["low", "high"]
        table["low"], table["high"] = np.nan, np.nan
        counts = _by_document(study, near)
        sizes = counts.sum(axis=0)
        groups = [in_group & (sizes > 0) for in_group in members.values()]
        if min(group.sum() for group in groups) >= TEST_MINIMUM:
            table["low"], table["high"] = bootstrap_interval(
                counts[table.index.to_numpy()],
                groups=groups,
                tokens=sizes,
                statistic=log_ratio,
                resamples=resamples,
                confidence=confidence,
                random_state=random_state,
            )
    by_ratio = ["log_ratio", "count_target", "term"]
    return table.sort_values(by_ratio, ascending=[False, False, True], ignore_index=True)[order]


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
    return np.bincount(ids, minlength=size), spread(ids, documents, size, len(study.documents))


def _by_document(study: Study, tokens: np.ndarray) -> csr_array:
    """How often each term is one of some tokens in each document, shape (terms, documents)."""
    bounds = np.append(0, np.cumsum(tokens))[study.index.document_bounds]
    ids = study.index.ids[tokens]
    shape = (len(study.documents), len(study.index.terms))
    return csr_array((np.ones(len(ids), np.float32), ids, bounds), shape=shape).T.tocsr()
