"""Topics: groups of words that stand together in the same paragraphs or documents, and what each of them is worth."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study, document_rows
from analysis.errors import OptionError, Problem, StudyError, unknown
from analysis.measures.resampling import check_seed

METHODS, UNITS = ("nmf", "lda"), ("paragraph", "document")
LEADING = 10  # terms by which topics are matched and judged
STARTS, TRIED, ROUNDS = 5, 5, 30  # of LDA: starts, the rounds over the text that each is tried for, and all of them


class Topics(NamedTuple):
    """A topic model.

    Attributes
    ----------
    terms : pandas.DataFrame
        All terms of each topic with a weight above 0, by falling weight.

        - ``topic``, counted from 1, by falling weight in the text; ``rank``; ``term``
        - ``weight``: its part of the topic, 0 to 1
        - ``exclusivity``: its weight here over the sum of its weights in all topics, 0 to 1
        - ``frex``: the harmonic mean of the term's standing in the topic by exclusivity and by weight, each the part
          of the model's terms that stand no higher, 0 to 1
    shares : pandas.DataFrame
        In reading order: ``doc_id``; ``paragraph``, unless the units are documents; ``topic``; ``share``, the topic's
        part of the unit (0 to 1, summing to 1); ``weight``, how much of the topic is in it, in TF-IDF for NMF and in
        words for LDA. A unit without any of the model's terms is left out.
    unit : str
        ``paragraph`` or ``document``.
    """

    terms: pd.DataFrame
    shares: pd.DataFrame
    unit: str


def fit_topics(
    study: Study,
    *,
    topics: int = 4,
    method: Literal["nmf", "lda"] = "nmf",
    unit: Literal["paragraph", "document"] = "paragraph",
    minimum: int = 2,
    random_state: int = 0,
) -> Topics:
    """Fit topics to paragraphs or documents.

    Parameters
    ----------
    study : Study
    topics : int
        How many topics; `stability.choose_topics` helps to decide.
    method : str
        ``nmf``, non-negative matrix factorisation of TF-IDF weights [1]_, or ``lda``, latent Dirichlet allocation of
        counts [2]_, which takes ten times as long and more.
    unit : str
        What is taken for a bag of words.
    minimum : int
        Leave out terms that stand in fewer units. Stop words and numbers are left out too.
    random_state : int
        Seed of the random start.

    Returns
    -------
    Topics

    Raises
    ------
    StudyError
        There are fewer units or terms than topics; or an option that makes no sense.

    Notes
    -----
    The matrix X, units by terms, is approximated by W H with W, H ≥ 0. Rows of H are scaled to sum to 1 and W by the
    inverse, so that a row of W, divided by its sum, holds the shares of a unit. LDA often ends at topics that are far
    from the best: it goes on from the best of five starts. The formula of ``frex`` is that of
    Bischof and Airoldi [3]_ with equal weights. A study without stop words gives topics of function words. Any number
    of topics can be asked for, and something is found in any text: see `topic_table` for what they are worth.

    References
    ----------
    .. [1] Lee, D. D. & Seung, H. S. (1999). Learning the parts of objects by non-negative matrix factorization.
       Nature, 401, 788–791.
    .. [2] Blei, D. M., Ng, A. Y. & Jordan, M. I. (2003). Latent Dirichlet allocation. Journal of Machine Learning
       Research, 3, 993–1022.
    .. [3] Bischof, J. M. & Airoldi, E. M. (2012). Summarizing topical content with word frequency and exclusivity.
       Proceedings of the 29th International Conference on Machine Learning, 201–208.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> model = fit_topics(load(), topics=2)
    >>> bool(np.allclose(model.shares.groupby(["doc_id", "paragraph"])["share"].sum(), 1))
    True
    """
    from threadpoolctl import threadpool_limits

    check_options(topics, method, random_state)
    counts, terms = unit_counts(study, unit=unit, minimum=minimum)
    with threadpool_limits(1):  # sums in the same order on any machine
        of_unit, of_term = factorise(counts, topics, method=method, random_state=random_state)
    return describe(study, terms, of_unit, of_term, unit=unit)


def topic_labels(model: Topics, *, words: int = 6) -> pd.Series:
    """Return the leading words of each topic, joined by commas; the index is the topic's number.

    Parameters
    ----------
    model : Topics
    words : int
        How many of them.

    Returns
    -------
    pandas.Series of str
        One entry per topic.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> labels = topic_labels(fit_topics(load(), topics=2), words=3)
    >>> labels.str.count(", ").tolist()
    [2, 2]
    """
    return model.terms[model.terms["rank"] <= words].groupby("topic")["term"].agg(", ".join)


def topic_table(study: Study, model: Topics) -> pd.DataFrame:
    """Say of each topic what it is about, how well it hangs together, and whether it is just an article.

    Parameters
    ----------
    study : Study
        The one to which the model was fitted.
    model : Topics

    Returns
    -------
    pandas.DataFrame
        One row per topic.

        - ``topic``; ``terms`` and ``frex_terms``, the six leading ones by weight and by frex
        - ``share``: mean share over all units
        - ``units_led``, ``units``: in how many units its share is the largest, and how many there are
        - ``coherence``: mean normalised pointwise mutual information of the pairs of its ten leading terms, −1 to 1;
          missing with fewer than two terms
        - ``exclusivity``: mean over its ten leading terms
        - ``effective_documents``: over how many documents it would be spread if it were spread evenly; ``documents``,
          how many there are
        - ``doc_id``: the document that holds most of it; ``share_of_topic``, its part of the topic;
          ``share_of_units``, its part of all units
        - ``rediscovers``: whether the topic just rediscovers that document: more than half of it stands there, and
          there are other documents

    Notes
    -----
    For two terms, log(p₁₂ / p₁p₂) / −log p₁₂ with p the part of the units that hold the one, the other or both [1]_:
    1 if they stand only together, 0 if they are independent. A pair that never meets counts as −1, and two that
    stand in every unit as 0. Lau and others found that it comes close to the judgement of readers [2]_. In units as
    long as whole documents most words meet, and it says little. The effective number is exp(−Σ p log p) over the
    documents' parts of the topic.

    References
    ----------
    .. [1] Bouma, G. (2009). Normalized (pointwise) mutual information in collocation extraction. Proceedings of the
       Biennial GSCL Conference 2009, 31–40.
    .. [2] Lau, J. H., Newman, D. & Baldwin, T. (2014). Machine reading tea leaves: automatically evaluating topic
       coherence and topic model quality. Proceedings of EACL, 530–539.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> topic_table(study, fit_topics(study, topics=3))["share"].sum().round(6).item()
    1.0
    """
    by_topic = model.shares.groupby("topic")["share"]
    led = _leading_topics(model)["topic"].value_counts()
    leading = model.terms[model.terms["rank"] <= LEADING].groupby("topic")
    by_frex = model.terms.sort_values(["topic", "frex", "rank"], ascending=[True, False, True])
    counts, terms = unit_counts(study, unit=model.unit, minimum=1)
    places = pd.Index(terms)
    table = pd.DataFrame(
        {
            "terms": topic_labels(model),
            "frex_terms": by_frex.groupby("topic").head(6).groupby("topic")["term"].agg(", ".join),
            "share": by_topic.mean(),
            "units_led": led.reindex(by_topic.groups, fill_value=0),
            "units": by_topic.size(),
            "coherence": {topic: npmi(counts, places.get_indexer(own["term"])) for topic, own in leading},
            "exclusivity": leading["exclusivity"].mean(),
        },
    )
    table = table.join(_spread(model)).rename_axis("topic").reset_index()
    table["rediscovers"] = (table["share_of_topic"] > 0.5) & (table["documents"] > 1)
    return table


def document_agreement(model: Topics) -> pd.DataFrame:
    """Say how far the topics just repeat which document a unit is from.

    Parameters
    ----------
    model : Topics

    Returns
    -------
    pandas.DataFrame
        One row: ``adjusted_mutual_information`` of the document of each unit and its leading topic, 0 where they agree
        as by chance, and 1 where each tells the other [1]_, missing where each unit is a document or there is one topic
        or document; ``topics``; ``documents``; ``units``.

    Notes
    -----
    With the mutual information I of documents U and leading topics V, its mean E[I] were they dealt out at random, and
    the entropies H, it is (I − E[I]) / (½ (H(U) + H(V)) − E[I]). Where it is high, the topics are the documents under
    other names.

    References
    ----------
    .. [1] Vinh, N. X., Epps, J. & Bailey, J. (2010). Information theoretic measures for clusterings comparison:
       variants, properties, normalization and correction for chance. Journal of Machine Learning Research, 11,
       2837–2854.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> row = document_agreement(fit_topics(load(), topics=2)).iloc[0]
    >>> int(row["topics"]), bool(row["adjusted_mutual_information"] <= 1)
    (2, True)
    """
    from sklearn.metrics import adjusted_mutual_info_score

    units = _leading_topics(model)
    topics, documents = model.shares["topic"].nunique(), units["doc_id"].nunique()
    agreement = np.nan
    if topics > 1 and 1 < documents < len(units):
        agreement = adjusted_mutual_info_score(pd.factorize(units["doc_id"])[0], units["topic"])
    row = {"adjusted_mutual_information": agreement, "topics": topics, "documents": documents, "units": len(units)}
    return pd.DataFrame([row])


def leading_units(model: Topics, *, n: int = 3) -> pd.DataFrame:
    """Return the units with the largest share of each topic.

    Of equal shares, as of the many units that are all of one topic, the one with more weight goes before, and then the
    first in the text.

    Parameters
    ----------
    model : Topics
    n : int
        How many of each topic, 1 or more.

    Returns
    -------
    pandas.DataFrame
        ``topic``; ``rank``; ``doc_id``; ``paragraph``, unless the units are documents; ``share``; ``weight``.

    Raises
    ------
    StudyError
        A number below 1.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = leading_units(fit_topics(load(), topics=2), n=1)
    >>> table[["topic", "rank"]].to_numpy().tolist()
    [[1, 1], [2, 1]]
    """
    if n < 1:
        raise OptionError(Problem("n", f"{n} cannot be", "Give 1 or more."))
    table = model.shares.sort_values(["topic", "share", "weight"], ascending=[True, False, False], kind="stable")
    table = table.groupby("topic").head(n)
    table = table.assign(rank=table.groupby("topic").cumcount() + 1)
    names = [name for name in ("doc_id", "paragraph") if name in table]
    return table[["topic", "rank", *names, "share", "weight"]].reset_index(drop=True)


def document_shares(model: Topics) -> pd.DataFrame:
    """Average the shares of the units by document.

    Parameters
    ----------
    model : Topics

    Returns
    -------
    pandas.DataFrame
        One row per document and topic: ``doc_id``; ``topic``; ``share``; ``units``, how many it is the mean of.

    Notes
    -----
    A unit counts the same whatever its length.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = document_shares(fit_topics(load(), topics=2))
    >>> bool(np.allclose(table.groupby("doc_id")["share"].sum(), 1))
    True
    """
    groups = model.shares.groupby(["doc_id", "topic"], sort=False, observed=True)["share"]
    return groups.agg(share="mean", units="size").reset_index()


def check_options(topics: int, method: str, random_state: int, *, least: int = 1) -> None:
    """Raise a `StudyError` for a model that cannot be."""
    if method not in METHODS:
        raise unknown("method", method, METHODS)
    if not isinstance(topics, (int, np.integer)) or topics < least:
        raise OptionError(Problem("topics", f"{topics} is not a number of topics", f"Give {least} or more."))
    check_seed(random_state)


def unit_counts(study: Study, *, unit: str, minimum: int) -> tuple[csr_array, np.ndarray]:
    """Return how often each content word stands in each unit, units by terms, and the terms.

    Words of the stop list, those without a letter and those in fewer than `minimum` units are left out.
    """
    if unit not in UNITS:
        raise unknown("unit", unit, UNITS)
    if minimum < 1:
        raise OptionError(Problem("minimum", f"{minimum} cannot be", "Give 1 or more."))
    index = study.index
    bounds = index.paragraph_bounds if unit == "paragraph" else index.document_bounds
    content = np.array([t not in study.stop_words and any(map(str.isalpha, t)) for t in index.terms], bool)
    kept = np.flatnonzero(content[index.ids])
    bounds = np.searchsorted(kept, bounds)
    counts = csr_array((np.ones(len(kept)), index.ids[kept], bounds), shape=(len(bounds) - 1, len(index.terms)))
    counts.sum_duplicates()
    columns = np.flatnonzero(content & (np.bincount(counts.indices, minlength=counts.shape[1]) >= minimum))
    return counts[:, columns], index.terms[columns]


def unit_documents(study: Study, unit: str) -> np.ndarray:
    """Return the row of the document of each unit."""
    return np.arange(len(study.documents)) if unit == "document" else document_rows(study, study.paragraphs["doc_id"])


def factorise(
    counts: csr_array, topics: int, *, method: str = "nmf", random_state: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights of the topics, the heaviest first, in each unit and of each term.

    Returns
    -------
    of_unit : numpy.ndarray, shape (units, topics)
        In TF-IDF for NMF, in words for LDA; 0 for a unit without a term.
    of_term : numpy.ndarray, shape (topics, terms)
        Each row sums to 1.
    """
    from sklearn.decomposition import NMF, LatentDirichletAllocation

    some = np.flatnonzero(np.diff(counts.indptr))
    if min(len(some), counts.shape[1]) < topics:
        what = f"there are {len(some)} units with a term and {counts.shape[1]} terms for {topics} topics"
        raise StudyError(Problem("topics", what, "Ask for fewer topics, or give more text."))
    of_unit = np.zeros((counts.shape[0], topics))
    if method == "nmf":
        model = NMF(topics, init="nndsvda", random_state=random_state, max_iter=2000)
        with np.errstate(invalid="ignore"):  # the error of a perfect fit may come out below 0, and its root is taken
            of_unit[:] = model.fit_transform(tf_idf(counts))
    else:
        counts = counts[some]
        starts = np.random.SeedSequence(random_state).generate_state(STARTS)
        tried = [LatentDirichletAllocation(topics, max_iter=TRIED, random_state=start).fit(counts) for start in starts]
        best = starts[np.argmax([model.score(counts) for model in tried])]
        model = LatentDirichletAllocation(topics, max_iter=ROUNDS, random_state=best)
        of_unit[some] = model.fit_transform(counts) * counts.sum(axis=1)[:, None]
    size = model.components_.sum(axis=1)
    of_term = model.components_ / np.where(size > 0, size, 1)[:, None]
    if method == "nmf":
        of_unit *= size
    order = np.argsort(-of_unit.sum(axis=0), kind="stable")
    return of_unit[:, order], of_term[order]


def describe(study: Study, terms: np.ndarray, of_unit: np.ndarray, of_term: np.ndarray, *, unit: str) -> Topics:
    """Return what `factorise` has found as tables."""
    return Topics(_term_table(of_term, terms), _share_table(of_unit, study, unit), unit)


def tf_idf(counts: csr_array) -> csr_array:
    """Return the counts weighted by how few units hold a term, each row scaled to length 1."""
    from sklearn.feature_extraction.text import TfidfTransformer

    return TfidfTransformer().fit_transform(counts)


def leading_terms(of_term: np.ndarray, n: int = LEADING) -> np.ndarray:
    """Return the columns of the first n terms of each topic, shape (topics, n); −1 where it has no more."""
    tops = np.full((len(of_term), n), -1)
    for row, weights in zip(tops, of_term):
        first = np.argsort(-weights, kind="stable")[:n]
        first = first[weights[first] > 0]
        row[: len(first)] = first
    return tops


def npmi(counts: csr_array, columns: np.ndarray) -> float:
    """Return the mean normalised pointwise mutual information of all pairs of some terms; see `topic_table`."""
    if len(columns) < 2:
        return np.nan
    present = (counts[:, columns] > 0).astype(float)
    both = (present.T @ present).toarray() / max((np.diff(counts.indptr) > 0).sum(), 1)
    one, other = np.triu_indices(len(columns), 1)
    p, independent = both[one, other], both.diagonal()[one] * both.diagonal()[other]
    values = np.where(p > 0, 0.0, -1.0)
    partly = (p > 0) & (p < 1)
    values[partly] = np.log(p[partly] / independent[partly]) / -np.log(p[partly])
    return float(values.mean())


def frex(of_term: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return exclusivity and FREX of each term in each topic, both of shape (topics, terms); see `Topics`."""
    from scipy.stats import rankdata

    total = of_term.sum(axis=0)
    exclusivity = of_term / np.where(total > 0, total, 1)
    standing = [rankdata(values, "max", axis=1) / of_term.shape[1] for values in (exclusivity, of_term)]
    return exclusivity, 2 / (1 / standing[0] + 1 / standing[1])


def _leading_topics(model: Topics) -> pd.DataFrame:
    """The row of its leading topic for each unit; of equal topics the first."""
    topics = model.shares["topic"].nunique()
    shares = model.shares["share"].to_numpy().reshape(-1, topics)
    return model.shares.iloc[np.arange(len(shares)) * topics + shares.argmax(axis=1)]


def _spread(model: Topics) -> pd.DataFrame:
    """How each topic is spread over the documents."""
    single = document_shares(model).assign(weight=lambda t: t["share"] * t["units"])
    single["share_of_topic"] = single["weight"] / single.groupby("topic")["weight"].transform("sum")
    parts = single["share_of_topic"]
    single["entropy"] = -parts * np.log(parts.where(parts > 0, 1))
    single["share_of_units"] = single["units"] / single.groupby("topic")["units"].transform("sum")
    by_topic = single.groupby("topic")
    table = pd.DataFrame(
        {"effective_documents": np.exp(by_topic["entropy"].sum(min_count=1)), "documents": by_topic.size()}
    )
    some = single.dropna(subset=["share_of_topic"])  # of topics that are not empty
    largest = single.loc[some.groupby("topic")["share_of_topic"].idxmax()].set_index("topic")
    return table.join(largest[["doc_id", "share_of_topic", "share_of_units"]])


def _term_table(of_term: np.ndarray, terms: np.ndarray) -> pd.DataFrame:
    order = np.argsort(-of_term, axis=1, kind="stable")
    rank = np.tile(np.arange(1, order.shape[1] + 1), len(order))
    topic = np.repeat(np.arange(1, len(order) + 1), order.shape[1])
    columns = {"topic": topic, "rank": rank, "term": terms[order].ravel()}
    for name, values in zip(("weight", "exclusivity", "frex"), (of_term, *frex(of_term))):
        columns[name] = np.take_along_axis(values, order, axis=1).ravel()
    return pd.DataFrame(columns)[columns["weight"] > 0].reset_index(drop=True)


def _share_table(of_unit: np.ndarray, study: Study, unit: str) -> pd.DataFrame:
    total = of_unit.sum(axis=1)
    some = np.flatnonzero(total > 0)
    names = study.paragraphs[["doc_id", "paragraph"]] if unit == "paragraph" else study.documents[["doc_id"]]
    table = names.iloc[np.repeat(some, of_unit.shape[1])].reset_index(drop=True)
    topics = np.tile(np.arange(1, of_unit.shape[1] + 1), len(some))
    return table.assign(topic=topics, share=(of_unit[some] / total[some, None]).ravel(), weight=of_unit[some].ravel())
