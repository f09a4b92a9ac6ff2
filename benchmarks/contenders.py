"""The same job, done by each contender: read a corpus, count its words by source, compare one source with the others.

    python benchmarks/contenders.py NAME CORPUS TARGET

Every contender lower-cases the text and takes for a word a run of letters and digits, with hyphens and apostrophes
inside. What it prints is its number of tokens, the term with the largest G², and that G², so that all can be compared.
The peers run in an environment of their own, `peers.txt`.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from peak import peak

WORD = r"[^\W_]+(?:[-'’][^\W_]+)*"
RUST_WORD = r"[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*"


def ours(corpus: Path, target: str) -> tuple[int, str, float]:
    """An index with every position, paragraph and text on disk, opened and counted; sentences are not asked for."""
    import analysis

    analysis.make_index([corpus], folder := tempfile.mkdtemp())
    study = analysis.open_index(folder)
    first = analysis.keyness(study, target=target).iloc[0]
    return len(study.index.ids), first["term"], first["g2"]


def ours_once_indexed(corpus: Path, target: str) -> tuple[int, str, float]:
    """The same from an index that is there: the second question to a corpus, and every later one."""
    import analysis

    analysis.make_index([corpus], folder := tempfile.mkdtemp())
    begin()
    study = analysis.open_index(folder)
    first = analysis.keyness(study, target=target).iloc[0]
    return len(study.index.ids), first["term"], first["g2"]


def plain_python(corpus: Path, target: str) -> tuple[int, str, float]:
    """`re` and `Counter`."""
    word, sides = re.compile(WORD), (Counter(), Counter())
    for source, text in rows(corpus):
        sides[source == target].update(word.findall(text.lower()))
    return best({term: (sides[1][term], sides[0][term]) for term in {*sides[0], *sides[1]}})


def scikit_learn(corpus: Path, target: str) -> tuple[int, str, float]:
    """`CountVectorizer`: a matrix of documents by terms."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer

    sources, texts = zip(*rows(corpus))
    vectorizer = CountVectorizer(token_pattern=WORD)
    counts = vectorizer.fit_transform(texts)
    members = np.array(sources) == target
    a, b = (np.asarray(counts[side].sum(axis=0)).ravel() for side in (members, ~members))
    return best_of_arrays(vectorizer.get_feature_names_out(), a, b)


def polars(corpus: Path, target: str) -> tuple[int, str, float]:
    """A lazy query on the streaming engine."""
    import polars as pl

    words = pl.col("text").str.to_lowercase().str.extract_all(RUST_WORD).alias("term")
    counts = (
        pl.scan_parquet(corpus / "*.parquet" if corpus.is_dir() else corpus)
        .select((pl.col("source") == target).alias("target"), words)
        .explode("term")
        .group_by("target", "term")
        .len()
        .collect(engine="streaming")
    )
    table = counts.drop_nulls().pivot("target", index="term", values="len").fill_null(0)
    return best_of_arrays(table["term"], table["true"].to_numpy(), table["false"].to_numpy())


def polars_positions(corpus: Path, target: str) -> tuple[int, str, float]:
    """The same with the document and order of every word kept, as an index needs them; no sentences, no offsets."""
    import polars as pl

    words = pl.col("text").str.to_lowercase().str.extract_all(RUST_WORD).alias("term")
    tokens = (
        pl.scan_parquet(corpus / "*.parquet" if corpus.is_dir() else corpus, row_index_name="document")
        .select("document", (pl.col("source") == target).alias("target"), words)
        .explode("term")
        .with_columns(pl.col("term").cast(pl.Categorical))
        .collect(engine="streaming")
    )
    counts = tokens.group_by("target", "term").len()
    table = counts.drop_nulls().pivot("target", index="term", values="len").fill_null(0)
    return best_of_arrays(table["term"], table["true"].to_numpy(), table["false"].to_numpy())


def duckdb(corpus: Path, target: str) -> tuple[int, str, float]:
    """A query in SQL."""
    import duckdb as db

    files = str(corpus / "*.parquet") if corpus.is_dir() else str(corpus)
    query = """
        SELECT term, count(*) FILTER (target) AS a, count(*) FILTER (NOT target) AS b
        FROM (SELECT source = ? AS target, unnest(regexp_extract_all(lower(text), ?)) AS term FROM read_parquet(?))
        GROUP BY term
    """
    table = db.execute(query, [target, RUST_WORD, files]).fetchnumpy()
    return best_of_arrays(table["term"], table["a"], table["b"])


def pycorpdiff(corpus: Path, target: str) -> tuple[int, str, float]:
    """`compare(a, b).keyness()`."""
    a, b = two_corpora(corpus, target)
    import pycorpdiff as pcd

    table = pcd.compare(a, b).keyness(min_count=1, formula="dunning").to_df()
    table["size"] = table["g2"].abs()
    first = table.sort_values(["size", "term"], ascending=[False, True]).iloc[0]
    return int(table["count_a"].sum() + table["count_b"].sum()), first["term"], first["size"]


def our_permutations(corpus: Path, target: str) -> tuple[int, str, float]:
    """999 relabellings of whole documents, over every term."""
    import analysis
    from analysis.corpus.counting import document_counts
    from analysis.measures.contingency import log_ratio
    from analysis.measures.resampling import permutation_p, relabel

    analysis.make_index([corpus], folder := tempfile.mkdtemp())
    study = analysis.open_index(folder)
    members = (study.documents["source"] == target).to_numpy()
    begin()
    terms, counts = document_counts(study.index)
    ways = relabel(members, permutations=999, random_state=0)
    tokens = study.documents["tokens"].to_numpy(float)
    p = permutation_p(counts.astype(float), target=members, tokens=tokens, difference=log_ratio, ways=ways)
    return len(study.index.ids), terms[p.argmin()], float(p.min())


def pycorpdiff_permutations(corpus: Path, target: str) -> tuple[int, str, float]:
    """99 of them."""
    a, b = two_corpora(corpus, target)
    import pycorpdiff as pcd

    begin()
    table = pcd.compare(a, b).keyness(min_count=1, permutation_n=99, permutation_seed=0).to_df()
    return int(table["count_a"].sum() + table["count_b"].sum()), table["term"].iloc[0], table["p_permutation"].min()


def two_corpora(corpus: Path, target: str) -> tuple:
    """The target and the others, as pycorpdiff holds them."""
    import pandas as pd
    import pycorpdiff as pcd

    table = pd.DataFrame(rows(corpus), columns=["source", "text"])
    tokenizer = pcd.RegexTokenizer(pattern=WORD)
    members = table["source"] == target
    parts = (table[side].reset_index(drop=True) for side in (members, ~members))
    return tuple(pcd.from_dataframe(part, meta_cols=("source",), tokenizer=tokenizer) for part in parts)


def rows(corpus: Path):
    """Source and text of every document, some thousand held at a time."""
    import pyarrow.parquet as pq

    for path in sorted(corpus.glob("*.parquet")) if corpus.is_dir() else [corpus]:
        for batch in pq.ParquetFile(path).iter_batches(4096, columns=["source", "text"]):
            yield from zip(*(batch.column(name).to_pylist() for name in ("source", "text")))


def best(counts: dict[str, tuple[int, int]]) -> tuple[int, str, float]:
    """The result from a count in the target and one elsewhere for each term."""
    import numpy as np

    a, b = np.array(list(counts.values())).T
    return best_of_arrays(np.array(list(counts), object), a, b)


def best_of_arrays(terms, a, b) -> tuple[int, str, float]:
    """All tokens, the term with the largest four-cell G², and that."""
    import numpy as np

    a, b = np.asarray(a, float), np.asarray(b, float)
    n, m = a.sum(), b.sum()
    rate = (a + b) / (n + m)
    cells = ((a, n * rate), (n - a, n * (1 - rate)), (b, m * rate), (m - b, m * (1 - rate)))
    with np.errstate(divide="ignore", invalid="ignore"):
        g2 = 2 * sum(np.where(o > 0, o * np.log(o / e), 0) for o, e in cells)
    top = int(np.argmax(g2))
    return int(n + m), str(terms[top]), float(g2[top])


def begin() -> None:
    """Say that what came before is not timed."""
    print("begin", flush=True)


if __name__ == "__main__":
    tokens, term, value = globals()[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
    print(f"{tokens}\t{term}\t{value:.4f}\npeak\t{peak()}", flush=True)
