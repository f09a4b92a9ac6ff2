"""Tone: how sure a source sounds, what it expects, and which disputed terms it uses. Counts of words from lists."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus import Study, document_rows, group_labels
from analysis.corpus.quotes import quoted_spans
from analysis.corpus.search import once_each, row_at, tone_places
from analysis.errors import Problem, StudyError
from analysis.measures.inference import TEST_MINIMUM
from analysis.measures.resampling import bootstrap_interval, check_draws


def tone_hits(study: Study) -> pd.DataFrame:
    """Find every word of tone in the body.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per place, in reading order.

        - ``category``; ``pattern``, as listed
        - ``doc_id``, ``paragraph``, ``sentence``, ``sentence_id``
        - ``start``, ``end``: character offsets in the file
        - ``text``: verbatim
        - ``quoted``: whether the place stands between quotation marks

    Raises
    ------
    StudyError
        The study lists no words of tone.

    Notes
    -----
    A place counts for one category. Where patterns overlap, of whichever category, the longest counts; of two equally
    long ones the first that is listed, and a trap before both. A pattern listed under ``small`` counts only where it is
    written in small letters.

    Quotation marks are “…”, „…“, «…», the straight double ones and ‘…’. They have to be opened and closed within a
    paragraph; a double mark left open reaches to its end if the next paragraph opens with one again. What would make it
    wrong: words of another that stand without quotation marks, as in “he said that it was illegal”; words between marks
    that are not quoted but kept at a distance; a mark that was forgotten; ’ after a plural, which ends a quotation
    that was opened with ‘.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> study = load()
    >>> hits = tone_hits(study)
    >>> bool((hits["start"] < hits["end"]).all())
    True
    """
    if study.tone.empty:
        raise StudyError(Problem("tone.yml", "the study lists no words of tone", "Write them into this file."))
    hits = tone_places(study)
    return hits.assign(quoted=_quoted(study, hits))


def _quoted(study: Study, hits: pd.DataFrame) -> np.ndarray:
    """Whether each place stands between quotation marks of its paragraph."""
    rows = row_at(study, study.paragraphs, document_rows(study, hits["doc_id"]), hits["start"].to_numpy(np.int64))
    quoted, spans = np.zeros(len(hits), bool), zip(np.unique(rows).tolist(), quoted_spans(study, np.unique(rows)))
    row, own = -1, []
    for place, (of, start, end) in enumerate(zip(rows.tolist(), hits["start"].tolist(), hits["end"].tolist())):
        while row < of:  # hits stand in reading order
            row, own = next(spans)
        quoted[place] = any(first <= start and end <= stop for first, stop in own)
    return quoted


def tone(
    study: Study,
    *,
    by: str = "source",
    interval: bool = False,
    resamples: int = 999,
    confidence: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """How often each group hedges, boosts, looks ahead and uses loaded terms: words of lists, by category.

    Parameters
    ----------
    study : Study
    by : str
        ``source``, ``year``, ``month``, ``document`` or another column of the documents table.
    interval : bool
        Whether to say how sure each rate is.
    resamples, confidence, random_state
        For the interval, as in `terms.frequency`.

    Returns
    -------
    pandas.DataFrame
        One row per category and group, categories in the order of the list, zeros included.

        - ``category``, ``group``
        - ``count``: how many places
        - ``per_10k``: count per 10,000 tokens of the group; missing where it has no token
        - ``quoted``: how many of the places stand between quotation marks: of others, or at a distance
        - ``sentences_with``: how many sentences hold one
        - ``sentences_total``: sentences of the group
        - ``sentence_share``: the part of them that hold one, 0 to 1; missing where there is none
        - ``documents_with``, ``documents``: how many documents hold one, and how many there are
        - ``tokens``: tokens of the group
        - ``low``, ``high``: with `interval`, the range in which ``per_10k`` lies when whole documents of the group are
          drawn again; missing for a group of fewer than 4 documents with a word
        - ``sentences``: the ids of the sentences that hold one, separated by spaces

    Raises
    ------
    StudyError
        No words of tone, an unknown grouping, or a number of resamples or a confidence that makes no sense.

    Notes
    -----
    The rate is 10,000 times the count over the tokens. Hedges and boosters are the interactional metadiscourse of
    Hyland [1]_; the lists of a study say which words they are. The interval is that of percentiles.

    What would make it wrong: a word in another sense, as `could` of past ability; a hedge or a judgement that is in no
    list; and the words of others, quoted or reported, which are counted with those of the source. Read the sentences.
    One statement may hold two places, as “is likely to persist in future”; the share of sentences counts it once. A
    source that hedges more need not be less sure: genres differ in what they hedge.

    References
    ----------
    .. [1] Hyland, K. (2005). Metadiscourse: Exploring Interaction in Writing. Continuum.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> table = tone(load(), by="document")
    >>> bool((table["quoted"] <= table["count"]).all())
    True
    """
    check_draws(resamples, confidence, random_state)
    groups = group_labels(study, by).set_axis(study.documents["doc_id"])
    hits = tone_hits(study).assign(group=lambda t: t["doc_id"].map(groups))
    found = hits.groupby(["category", "group"]).agg(
        count=("pattern", "size"),
        quoted=("quoted", "sum"),
        sentences_with=("sentence_id", "nunique"),
        documents_with=("doc_id", "nunique"),
        sentences=("sentence_id", once_each),
    )
    cells = [study.tone["category"].unique(), sorted(set(groups))]
    table = found.reindex(pd.MultiIndex.from_product(cells, names=["category", "group"])).reset_index()
    counts = ["count", "quoted", "sentences_with", "documents_with"]
    table = table.fillna(dict.fromkeys(counts, 0) | {"sentences": ""}).astype(dict.fromkeys(counts, int))
    own = study.documents.groupby(groups.to_numpy()).agg(tokens=("tokens", "sum"), documents=("doc_id", "size"))
    own["sentences_total"] = study.sentences["doc_id"].map(groups).value_counts().reindex(own.index, fill_value=0)
    table = table.join(own, on="group")
    table["per_10k"] = 1e4 * table["count"] / table["tokens"].where(table["tokens"] > 0)
    table["sentence_share"] = table["sentences_with"] / table["sentences_total"].where(table["sentences_total"] > 0)
    columns = ["category", "group", "count", "per_10k", "quoted", "sentences_with", "sentences_total", "sentence_share"]
    columns += ["documents_with", "documents", "tokens"]
    if interval:
        drawn = {"resamples": resamples, "confidence": confidence, "random_state": random_state}
        table = table.join(_intervals(study, hits, groups.to_numpy(object), drawn), on=["category", "group"])
        columns += ["low", "high"]
    return table[[*columns, "sentences"]]


def _intervals(study: Study, hits: pd.DataFrame, groups: np.ndarray, drawn: dict) -> pd.DataFrame:
    """The interval of each category’s rate, by category and group, in the groups that have documents enough."""
    categories = pd.Index(study.tone["category"].unique())
    place = categories.get_indexer(hits["category"]), document_rows(study, hits["doc_id"])
    counts = csr_array((np.ones(len(hits)), place), shape=(len(categories), len(groups)))  # adds what is in one place
    tokens = study.documents["tokens"].to_numpy(float)
    bounds = [np.zeros((0, 2))]
    names, sizes = np.unique(groups[tokens > 0], return_counts=True)
    names = names[sizes >= TEST_MINIMUM]
    for group in names:
        member = (groups == group) & (tokens > 0)
        bounds.append(
            np.column_stack(bootstrap_interval(counts, groups=[member], tokens=tokens, statistic=_per_10k, **drawn))
        )
    rows = pd.MultiIndex.from_product([names, categories], names=["group", "category"])
    table = pd.DataFrame(np.concatenate(bounds), columns=["low", "high"], index=rows)
    return table.reorder_levels(["category", "group"])


def _per_10k(count: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    return 1e4 * count / tokens
