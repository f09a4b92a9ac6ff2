"""The same job, done by each contender: read a corpus, count its words by source, compare one source with the others.

    python benchmarks/contenders.py NAME CORPUS TARGET

Every contender takes for a word what `analysis.corpus.tokens` does, and counts it as the same term: in small letters,
without a possessive; only letters of which Unicode has more to say, such as ß, count as they are. The peers find words
with one pattern, and fold the different ones when they are counted, which is the fastest way for them; pycorpdiff has
no place for folds. What a contender prints is its number of tokens, the term with the largest G², and that G², so that
all can be compared. The peers run in an environment of their own, `peers.txt`.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from itertools import chain
from pathlib import Path

from peak import peak

HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"  # within words, and not of them
FOLDS = {"[’ʼ]": "'", "[‐‑]": "-", rf"[\[\]{HIDDEN}]": "", "(?:'s)+$": ""}  # of a word in small letters


def word(letter: str, number: str, mark: str) -> str:
    """The pattern of a word, which cannot look around everywhere."""
    part = rf"(?:{number}(?:,{number})*|{letter}{mark}*(?:[\[\]]{letter}{mark}*)*)"
    return rf"{part}(?:[{HIDDEN}]*(?:{part}|{mark})|['’ʼ.‐‑-]{part})*"


WORD = word(r"[^\W\d_ʼ]+", r"\d+", r"[\u0300-\u036f]")  # for `re`, which knows no other marks
UNICODE_WORD = word(r"[^\P{L}ʼ]+", r"\p{N}+", r"\p{M}")


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
    find, sides = re.compile(WORD).findall, (Counter(), Counter())
    for source, text in rows(corpus):
        sides[source == target].update(find(text))
    words = [*{*sides[0], *sides[1]}]
    return best_of_words(words, [sides[1][one] for one in words], [sides[0][one] for one in words])


def scikit_learn(corpus: Path, target: str) -> tuple[int, str, float]:
    """`CountVectorizer`: a matrix of documents by terms."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer

    sources, texts = zip(*rows(corpus))
    vectorizer = CountVectorizer(token_pattern=WORD, lowercase=False)
    counts = vectorizer.fit_transform(texts)
    members = np.array(sources) == target
    a, b = (np.asarray(counts[side].sum(axis=0)).ravel() for side in (members, ~members))
    return best_of_words(vectorizer.get_feature_names_out(), a, b)


def polars(corpus: Path, target: str) -> tuple[int, str, float]:
    """A lazy query on the streaming engine."""
    return best_of_polars(polars_words(corpus, target).group_by("target", "word").len())


def polars_positions(corpus: Path, target: str) -> tuple[int, str, float]:
    """The same with the document and order of every word kept, as an index needs them; no sentences, no offsets."""
    return best_of_positions(polars_tokens(corpus, target))


def polars_index(corpus: Path, target: str) -> tuple[int, str, float]:
    """The same, written to the disk for the second question to a corpus; without its texts and lines."""
    tokens = polars_tokens(corpus, target)
    tokens.write_parquet(Path(tempfile.mkdtemp()) / "tokens.parquet", compression="lz4")
    return best_of_positions(tokens)


def polars_tokens(corpus: Path, target: str):
    """A table of all words in order, each word and its document as a number."""
    import polars as pl

    words = polars_words(corpus, target, "document").with_columns(pl.col("word").cast(pl.Categorical))
    return words.collect(engine="streaming")


def best_of_positions(tokens) -> tuple[int, str, float]:
    """The result from a table of `polars_tokens`."""
    import polars as pl

    return best_of_polars(tokens.lazy().group_by("target", "word").len().cast({"word": pl.String}))


def polars_words(corpus: Path, target: str, *kept: str):
    """Every word, and whether its document is one of the target; with what else is kept of that, such as its number."""
    import polars as pl

    files = corpus / "*.parquet" if corpus.is_dir() else corpus
    words = pl.col("text").str.extract_all(UNICODE_WORD).alias("word")
    documents = pl.scan_parquet(files, row_index_name="document")
    return documents.select(*kept, (pl.col("source") == target).alias("target"), words).explode("word")


def best_of_polars(counts) -> tuple[int, str, float]:
    """The result from a lazy table of counts of words, as `polars_words` gives them."""
    import polars as pl

    term = pl.col("word").str.to_lowercase()
    for pattern, meant in FOLDS.items():
        term = term.str.replace_all(pattern, meant)
    of_side = [
        pl.col("len").filter(side).sum().alias(name)
        for side, name in ((pl.col("target"), "a"), (~pl.col("target"), "b"))
    ]
    table = counts.drop_nulls().group_by(term.alias("term")).agg(of_side).collect(engine="streaming")
    return best_of_arrays(table["term"], table["a"].to_numpy(), table["b"].to_numpy())


def duckdb(corpus: Path, target: str) -> tuple[int, str, float]:
    """A query in SQL."""
    import duckdb as db

    files, term = str(corpus / "*.parquet") if corpus.is_dir() else str(corpus), "lower(word)"
    for _ in FOLDS:
        term = f"regexp_replace({term}, ?, ?, 'g')"
    query = f"""
        WITH words AS (
            SELECT source = ? AS target, unnest(regexp_extract_all(text, ?)) AS word FROM read_parquet(?)
        ), counts AS (
            SELECT word, count(*) FILTER (target) AS a, count(*) FILTER (NOT target) AS b FROM words GROUP BY word
        )
        SELECT {term} AS term, sum(a) AS a, sum(b) AS b FROM counts GROUP BY term
    """
    table = db.execute(query, [target, UNICODE_WORD, files, *chain(*FOLDS.items())]).fetchnumpy()
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


def best_of_words(words, a, b) -> tuple[int, str, float]:
    """The result from counts of words as they are spelled, in the target and elsewhere."""
    import pyarrow as pa
    import pyarrow.compute as pc

    terms = pc.utf8_lower(pa.array(words, pa.string()))
    for pattern, meant in FOLDS.items():
        terms = pc.replace_substring_regex(terms, pattern, meant)
    table = pa.table({"term": terms, "a": a, "b": b}).group_by("term").aggregate([("a", "sum"), ("b", "sum")])
    return best_of_arrays(*(table.column(name).to_pylist() for name in ("term", "a_sum", "b_sum")))


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
