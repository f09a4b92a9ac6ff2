"""Dispersion: how evenly a term is spread over the parts of a corpus."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from analysis.corpus import Study, group_matrix
from analysis.corpus.counting import count_terms
from analysis.errors import OptionError, Problem
from analysis.measures.inference import TEST_MINIMUM
from analysis.measures.resampling import check_draws, draw_again, percentile_interval


def dispersion(
    study: Study,
    *,
    by: str = "document",
    interval: bool = False,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """How evenly each term is spread: over the whole dossier, or over a few of its documents only.

    Parameters
    ----------
    study : Study
    by : str
        What the parts are: ``document``, ``source``, ``year`` or another column of the documents table. A part
        without a word is left out.
    interval : bool
        Whether to say how sure each ``dp`` is; for documents only.
    resamples, confidence, random_state
        For the interval, as in `terms.frequency`.

    Returns
    -------
    pandas.DataFrame
        One row per term, by falling count: ``term``, and the columns of `dispersion_measures`. With `interval` also
        ``low`` and ``high``, the range in which ``dp`` lies when whole documents are drawn again [1]_; missing with
        fewer than 4 documents with a word.

    Raises
    ------
    StudyError
        An unknown grouping, an interval for other parts than documents, or a number of resamples or a confidence that
        makes no sense.

    Notes
    -----
    See `dispersion_measures`. Draws without the term do not count. A document that is drawn twice is two parts, so that
    a term looks less even in the draws than in the documents: the interval of a rare term lies high, and may lie above
    ``dp`` altogether.

    References
    ----------
    .. [1] Efron, B. & Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = dispersion(load())
    >>> bool((table["range"] <= table["parts"]).all())
    True
    """
    _, parts = group_matrix(study, by)
    terms, counts, _ = count_terms(study.index, parts)
    cells = counts.tocoo()
    sizes = study.documents["tokens"].to_numpy(float) @ parts
    table = _measures(*cells.coords, cells.data, len(terms), sizes)
    table.insert(0, "term", terms)
    if interval:
        check_draws(resamples, confidence, random_state)
        if by != "document":
            raise OptionError(Problem("interval", f"none is known for parts by {by}", "Take documents as the parts."))
        table["low"], table["high"] = np.nan, np.nan
        if (sizes > 0).sum() >= TEST_MINIMUM:
            drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
            table["low"], table["high"] = _dp_interval(counts[:, sizes > 0], sizes[sizes > 0], **drawn)
    return table.sort_values(["count", "term"], ascending=[False, True], ignore_index=True)


def _dp_interval(
    counts: csr_array, tokens: np.ndarray, *, resamples: int, confidence: float, random_state: int
) -> tuple[np.ndarray, np.ndarray]:
    """The interval of DP, were the documents drawn again: a document that is drawn m times is m parts."""
    weights = draw_again(len(tokens), resamples, np.random.default_rng(random_state))
    shares = tokens[:, None] / (tokens @ weights)

    def dp(rows: slice) -> np.ndarray:
        """1 − Σ m min(v / f, s): the same as ½ Σ m |v / f − s|, since both shares sum to 1."""
        own = counts[rows]
        term = np.repeat(np.arange(own.shape[0]), np.diff(own.indptr))
        f = own @ weights
        f[f == 0] = np.nan
        values = np.empty_like(f)
        for draw in range(resamples):
            share, part = own.data / f[term, draw], shares[own.indices, draw]
            common = weights[own.indices, draw] * np.minimum(share, part)
            values[:, draw] = 1 - np.bincount(term, common, minlength=own.shape[0])
        return values

    return percentile_interval(dp, counts.shape[0], resamples=resamples, confidence=confidence)


def dispersion_measures(counts: ArrayLike, sizes: ArrayLike) -> pd.DataFrame:
    """How evenly terms are spread over parts, from their counts in each part.

    Parameters
    ----------
    counts : array_like of float, shape (terms, parts)
        How often each term occurs in each part.
    sizes : array_like of float, shape (parts,)
        Tokens of each part. A part of size 0 is left out.

    Returns
    -------
    pandas.DataFrame
        One row per term, in the order given. For `juilland_d`, `d2`, `s` and `da` 1 is even, for `dp`, `dp_norm` and
        `kld` 0 is even.

        - ``count``: how often the term occurs
        - ``parts``: how many parts there are
        - ``range``: in how many of them it occurs
        - ``juilland_d``: Juilland’s D, 0 to 1
        - ``d2``: Carroll’s D₂, 0 to 1
        - ``s``: Rosengren’s S, the smallest part’s share of the corpus to 1
        - ``dp``: Gries’s deviation of proportions, 0 to 1 less the smallest part’s share
        - ``dp_norm``: the same over its largest value, 0 to 1
        - ``da``: Burch, Egbert and Biber’s D_A, 0 to 1
        - ``kld``: Kullback–Leibler divergence of the term’s spread from that of all words, in bits, 0 upwards

        The measures of a term that does not occur are missing. With one part only, `s` is 1, `dp` and `kld` are 0,
        and the others are missing, for they divide by zero.

    Raises
    ------
    StudyError
        The counts do not fit the sizes, or a number is negative or missing.

    Notes
    -----
    Of a term that occurs f times, vᵢ times in part i of n, let sᵢ be the part’s share of all tokens, pᵢ = vᵢ / tokens
    of the part, and qᵢ = pᵢ / Σ p. Then

    - D = 1 − σ / (μ √(n − 1)) with the mean μ and the standard deviation σ of p, dividing by n, not n − 1 [1]_
    - D₂ = −Σ qᵢ log₂ qᵢ / log₂ n [2]_
    - S = (Σ √(sᵢ vᵢ))² / f [3]_
    - DP = ½ Σ |vᵢ / f − sᵢ| [4]_, and DPnorm = DP / (1 − min s) [5]_
    - D_A = 1 − M / (2 μ), where M is the mean of |pᵢ − pⱼ| over all pairs of parts [6]_. From the sorted p it is
      1 − Σ (2k − n − 1) p₍ₖ₎ / ((n − 1) Σ p), which takes no pairs
    - KLD = Σ (vᵢ / f) log₂ ((vᵢ / f) / sᵢ) [7]_

    Parts of unequal size enter D, D₂ and D_A as rates; where parts are equal, counts give the same. Some publications
    and programs give 1 − DP, so that 1 is even, and the divergence as 1 / (1 + KLD), 2^−KLD or e^−KLD.

    What would make it wrong: a rare term cannot be spread evenly, so that every measure follows the count; compare
    terms of like count. D nears 1 with many parts, whatever the spread [8]_; compare tables with the same parts. D, D₂
    and D_A give a short part the weight of a long one, and one occurrence in it weighs much.

    References
    ----------
    .. [1] Juilland, A. & Chang-Rodríguez, E. (1964). Frequency Dictionary of Spanish Words. Mouton.
    .. [2] Carroll, J. B. (1970). An alternative to Juilland’s usage coefficient for lexical frequencies and a
       proposal for a standard frequency index. Computer Studies in the Humanities and Verbal Behavior, 3(2), 61–65.
    .. [3] Rosengren, I. (1971). The quantitative concept of language and its relation to the structure of frequency
       dictionaries. Études de linguistique appliquée, 1, 103–127.
    .. [4] Gries, S. Th. (2008). Dispersions and adjusted frequencies in corpora. International Journal of Corpus
       Linguistics, 13(4), 403–437.
    .. [5] Lijffijt, J. & Gries, S. Th. (2012). Correction to “Dispersions and adjusted frequencies in corpora”.
       International Journal of Corpus Linguistics, 17(1), 147–149.
    .. [6] Burch, B., Egbert, J. & Biber, D. (2017). Measuring and interpreting lexical dispersion in corpus
       linguistics. Journal of Research Design and Statistics in Linguistics and Communication Science, 3(2), 189–216.
    .. [7] Gries, S. Th. (2020). Analyzing dispersion. In M. Paquot & S. Th. Gries (Eds.), A Practical Handbook of
       Corpus Linguistics, 99–118. Springer.
    .. [8] Biber, D., Reppen, R., Schnur, E. & Ghanem, R. (2016). On the (non)utility of Juilland’s D to measure
       lexical dispersion in large corpora. International Journal of Corpus Linguistics, 21(4), 439–464.

    Examples
    --------
    >>> table = dispersion_measures([[1, 1], [2, 0]], [100, 100])
    >>> table[["range", "juilland_d", "dp"]].to_numpy().tolist()
    [[2.0, 1.0, 0.0], [1.0, 0.0, 0.5]]
    """
    counts, sizes = np.atleast_2d(np.asarray(counts)), np.asarray(sizes, float)
    if sizes.ndim != 1 or counts.ndim != 2 or counts.shape[1] != len(sizes):
        what = f"counts of shape {counts.shape} do not fit sizes of shape {sizes.shape}"
        raise OptionError(Problem("counts", what, "Give one row per term, with one column per part."))
    if not (np.isfinite(sizes).all() and np.isfinite(counts).all() and (sizes >= 0).all() and (counts >= 0).all()):
        raise OptionError(Problem("counts", "a count or a size is negative or missing", "Give numbers from 0 upwards."))
    if counts[:, sizes == 0].any():
        raise OptionError(Problem("sizes", "a term occurs in a part of size 0", "Give each part the tokens it has."))
    term, part = np.nonzero(counts)
    return _measures(term, part, counts[term, part], len(counts), sizes)


def _measures(term: np.ndarray, part: np.ndarray, v: np.ndarray, terms: int, sizes: np.ndarray) -> pd.DataFrame:
    """The table of `dispersion_measures`, from the counts above 0: term, part and count of each."""

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(term, values, minlength=terms)

    order = np.lexsort((v / sizes[part], term))
    term, part, v = term[order], part[order], v[order]
    n, s, p = np.count_nonzero(sizes), sizes[part] / sizes.sum(), v / sizes[part]
    smallest = sizes[sizes > 0].min() / sizes.sum() if n else np.nan
    within = np.bincount(term, minlength=terms)
    k = n + 1 + np.arange(len(term)) - np.cumsum(within)[term]  # the rank of p among the n rates of its term
    with np.errstate(divide="ignore", invalid="ignore"):
        f, rates = total(v), total(p)
        share, q, mean = v / f[term], p / rates[term], rates / n
        variance = (total((p - mean[term]) ** 2) + (n - within) * mean**2) / n
        dp = (total(np.abs(share - s)) + 1 - total(s)) / 2
        measures = {
            "juilland_d": 1 - np.sqrt(variance) / (mean * np.sqrt(n - 1)),
            "d2": -total(q * np.log2(q)) / np.log2(n),
            "s": total(np.sqrt(s * v)) ** 2 / f,
            "dp": dp,
            "dp_norm": dp / (1 - smallest),
            "da": 1 - total((2 * k - n - 1) * p) / ((n - 1) * rates),
            "kld": total(share * np.log2(share / s)),
        }
    largest = pd.Series({name: np.inf if name == "kld" else 1.0 for name in measures})
    table = pd.DataFrame(measures)[f > 0].clip(0, largest, axis="columns").reindex(range(terms))
    counts = pd.DataFrame({"count": f.astype(np.result_type(v, np.int64)), "parts": n, "range": within})
    return pd.concat([counts, table], axis=1)
