"""Keyness: which terms one group of documents uses more than another."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.corpus import Study, group_labels
from analysis.corpus.index import document_counts
from analysis.errors import OptionError, Problem, StudyError, unknown


def keyness(
    study: Study, *, target: str, reference: str | None = None, by: str = "source", ngram: int = 1
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

    Returns
    -------
    pandas.DataFrame
        One row per term that occurs in either group, by falling ``g2``.

        - ``term``
        - ``count_target``, ``count_reference``: how often it occurs
        - ``g2``: log-likelihood ratio against equal rates (four cells); says how surprising the counts are if every
          word were drawn independently, which words of one article are not
        - ``log_ratio``: binary logarithm of the ratio of the two rates, the effect size: 1 is twice as often in the
          target, −1 half as often. An absent term counts as half an occurrence here
        - ``per_10k_target``, ``per_10k_reference``: counts per 10,000 tokens
        - ``documents_target``, ``documents_reference``: in how many documents of each group it occurs
        - ``tokens_target``, ``tokens_reference``: tokens of each group

        No p-value is given: see `inference.comparison_verdict`.

    Raises
    ------
    StudyError
        No such group, the reference is the target, or no document is left to compare with.

    Notes
    -----
    With counts a, b in groups of n and m tokens, G² = 2 Σ O ln(O / E) over the four cells (a, n − a, b, m − b), each
    expected value being its row total times its column total over n + m [1]_. The log ratio follows [2]_.

    References
    ----------
    .. [1] Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence. Computational
       Linguistics, 19(1), 61–74.
    .. [2] Hardie, A. (2014). Log Ratio: an informal introduction. ESRC Centre for Corpus Approaches to Social Science.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> first = study.documents["source"].iloc[0]
    >>> bool((keyness(study, target=first)["g2"] >= 0).all())
    True
    """
    labels = group_labels(study, by)
    for group in (target, reference):
        if group is not None and group not in set(labels):
            raise unknown(by, group, sorted(set(labels)))
    others = sorted(set(labels) - {target})
    if not others:
        what = f"there is nothing to compare “{target}” with"
        raise OptionError(Problem("reference", what, "Add a document of another group."))
    if reference == target:
        raise unknown("reference", f"{target} against itself", others)
    in_target = (labels == target).to_numpy()
    in_reference = ~in_target if reference is None else (labels == reference).to_numpy()
    terms, counts = document_counts(study.index, ngram)
    parts = {}
    for side, members in (("target", in_target), ("reference", in_reference)):
        of_term = counts[members[counts["document"]]].groupby("term")["count"]
        parts[f"count_{side}"], parts[f"documents_{side}"] = of_term.sum(), of_term.size()
    table = pd.DataFrame(parts).fillna(0).astype(int).rename_axis("term").reset_index()
    table["term"] = terms[table["term"]]
    n, m = (int(study.documents["tokens"][members].sum()) for members in (in_target, in_reference))
    for group, tokens in ((target, n), (reference or "the reference", m)):
        if not tokens:
            raise StudyError(Problem(group, "no word is left of its documents", "Look at them with `documents`."))
    a, b = table["count_target"], table["count_reference"]
    table = table.assign(
        g2=log_likelihood(a, b, n, m),
        log_ratio=log_ratio(a, b, n, m),
        per_10k_target=1e4 * a / n,
        per_10k_reference=1e4 * b / m,
        tokens_target=n,
        tokens_reference=m,
    )
    order = ["term", "count_target", "count_reference", "g2", "log_ratio", "per_10k_target", "per_10k_reference"]
    order += ["documents_target", "documents_reference", "tokens_target", "tokens_reference"]
    return table.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)[order]


def log_likelihood(a: ArrayLike, b: ArrayLike, n: float, m: float) -> np.ndarray:
    """Return the four-cell log-likelihood ratio G² of counts `a` in `n` tokens against `b` in `m`.

    Parameters
    ----------
    a, b : array_like of float, shape (terms,)
        Counts of each term, 0 ≤ a ≤ n and 0 ≤ b ≤ m.
    n, m : float
        Tokens of the two groups.

    Examples
    --------
    >>> round(float(log_likelihood(10, 5, 100, 200)), 4)
    7.3298
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    cells = np.stack([a, n - a, b, m - b])
    rate = (a + b) / (n + m)
    expected = np.stack([n * rate, n * (1 - rate), m * rate, m * (1 - rate)])
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(cells > 0, cells * np.log(cells / expected), 0.0)
    return np.maximum(2 * terms.sum(axis=0), 0.0)


def log_ratio(a: ArrayLike, b: ArrayLike, n: float, m: float) -> np.ndarray:
    """Return the binary logarithm of the ratio of two rates; a count of 0 is taken as one half.

    Examples
    --------
    >>> float(log_ratio(10, 5, 100, 200))
    2.0
    """
    a, b = (np.where(np.asarray(x) > 0, x, 0.5) for x in (a, b))
    return np.log2((a / n) / (b / m))
