"""The corpus that the benchmark generates has the vocabulary of a natural one."""

import math

import pytest
from corpus import SHARD, write_corpus

import analysis


def test_the_vocabulary_grows_as_that_of_a_news_agency(tmp_path):
    """Manning, Raghavan & Schütze (2008), 5.1.1: 44 T^0.49 terms in RCV1, and 38,365 in its first 1,000,020 tokens."""
    paths, sizes = sorted(write_corpus(tmp_path / "shards", 4 * SHARD).iterdir()), []
    for number in (1, 4):
        analysis.make_index(paths[:number], folder := tmp_path / f"index_{number}")
        index = analysis.open_index(folder).index
        sizes.append((len(index.ids), len(index.terms)))
    (tokens, terms), (more_tokens, more_terms) = sizes
    assert 38_365 / 1.5 < terms < 38_365 * 1.5
    assert math.log(more_terms / terms) / math.log(more_tokens / tokens) == pytest.approx(0.49, abs=0.05)
