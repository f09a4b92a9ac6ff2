"""A corpus of any size with a natural vocabulary curve, in shards: for benchmarks.

    python benchmarks/corpus.py FOLDER MILLIONS_OF_TOKENS

Words are drawn by a law of Zipf with two regimes, as in large corpora [1]: the 5,000 most frequent words fall off as
1 / rank, the others almost as 1 / rank². So the vocabulary grows with the root of the corpus, as that of a news agency
does [2]; frequent words are short, and of the rare ones every twelfth is a hyphen compound. Documents are of uneven
length, from four sources and ten years, and have paragraphs, sentences, capitals, commas, possessives and typographic
quotation marks. Each source prefers some words.

[1] Ferrer i Cancho, R. & Solé, R. V. (2001). Two regimes in the frequency of words. Journal of Quantitative
    Linguistics, 8(3), 165–173.
[2] Manning, C. D., Raghavan, P. & Schütze, H. (2008). Introduction to Information Retrieval. Cambridge University
    Press, 5.1.1: in the Reuters corpus RCV1, T tokens have about 44 T^0.49 terms.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

TYPES = 2_000_000
KERNEL = 5_000  # words of the first regime
SOURCES = ("Daily Courier", "Evening Herald", "Morning Post", "Weekly Review")
SHARD = 1_000_000  # tokens
DOCUMENT = 400  # tokens, on average
SYLLABLES = [
    a + b for a in ("b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "th", "st") for b in "aeio"
]
COMPOUND = 12  # of the words of the second regime, so many make one compound
AFTER = [" ", ", ", ". ", ".\n", "’s ", " “", "” "]
CHANCES = [0.94, 0.05, 0.0, 0.0, 0.01, 0.0, 0.0]


def vocabulary() -> pa.Array:
    """The words by falling frequency, then the same with a capital."""
    words = [""]
    for first in range(TYPES):
        words.append(words[first // len(SYLLABLES)] + SYLLABLES[first % len(SYLLABLES)])
    words = words[1:]
    for rank in range(KERNEL, TYPES, COMPOUND):
        words[rank] = f"{words[rank // KERNEL]}-{words[rank % KERNEL]}"
    return pa.array([*words, *map(str.capitalize, words)], pa.large_string())


def write_shard(path: Path, words: pa.Array, number: int) -> None:
    """Write a shard of `SHARD` tokens."""
    draw = np.random.default_rng(number)
    rank = np.arange(TYPES) + 2.7
    weight = np.cumsum(1 / rank * np.minimum((rank / KERNEL) ** -0.9, 1))
    ids = np.minimum(np.searchsorted(weight, draw.random(SHARD) * weight[-1]), TYPES - 1)
    lengths = np.maximum(draw.lognormal(np.log(DOCUMENT) - 0.5, 1.0, SHARD // DOCUMENT * 2).astype(int), 20)
    bounds = np.append(0, np.cumsum(lengths))
    bounds = np.append(bounds[bounds < SHARD - 20], SHARD)
    source = draw.integers(0, len(SOURCES), len(bounds) - 1)
    shifted = (ids >= 100) & (ids < 300) & (draw.random(SHARD) < 0.3)  # words that a source prefers to its neighbours
    own = np.repeat(source, np.diff(bounds))[shifted]
    ids[shifted] = ids[shifted] // len(SOURCES) * len(SOURCES) + own
    after = draw.choice(len(AFTER), SHARD, p=CHANCES)
    stops = np.cumsum(draw.integers(8, 32, SHARD // 15))
    stops = stops[stops < SHARD]
    after[stops] = 2
    after[stops[::5]] = 3
    after[bounds[1:] - 1] = 3
    quoted = 1 + np.flatnonzero((after[:-1] == 0) & (after[1:] == 0) & (draw.random(SHARD - 1) < 0.01))
    after[quoted - 1], after[quoted] = 5, 6
    ids[stops[:-1] + 1] += TYPES
    ids[bounds[:-1]] = ids[bounds[:-1]] % TYPES + TYPES
    pieces = np.empty(2 * SHARD, np.int64)
    pieces[::2], pieces[1::2] = ids, after + 2 * TYPES
    text = pa.concat_arrays([words, pa.array(AFTER, pa.large_string())]).take(pa.array(pieces))
    places = np.frombuffer(text.buffers()[1], np.int64)[2 * bounds]
    texts = pa.LargeStringArray.from_buffers(len(bounds) - 1, pa.py_buffer(places), text.buffers()[2])
    day = np.datetime64("2009-01-01") + draw.integers(0, 3652, len(source))
    columns = {
        "id": [f"{number:04}-{row:06}" for row in range(len(source))],
        "source": pa.array(SOURCES).take(pa.array(source)),
        "date": pa.array(day.astype("datetime64[D]")),
        "text": texts,
    }
    pq.write_table(pa.table(columns), path, row_group_size=len(source) // 2, compression="zstd")


def write_corpus(folder: Path, tokens: int) -> Path:
    """Write shards of so many tokens, unless they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:04}.parquet" for number in range(max(tokens // SHARD, 1))]
    if not all(path.exists() for path in paths):
        words = vocabulary()
        for number, path in enumerate(paths):
            write_shard(path, words, number)
    return folder


if __name__ == "__main__":
    write_corpus(Path(sys.argv[1]), int(float(sys.argv[2]) * 1e6))
