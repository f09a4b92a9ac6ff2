"""Topic models of the same counts, ours beside the peers, and what it takes to test for drift.

    python benchmarks/topic_models.py NAME FOLDER

fits one model to the counts in a folder, documents by terms, and prints the ten leading terms of each topic, by their
number. The peers run in an environment of their own, `peers.txt`, with the numbers of rounds that they have by default.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from peak import peak
from scipy.sparse import csr_array, load_npz, save_npz

TOPICS, LEADING, RUNS, PERMUTATIONS = 10, 10, 20, 999
CONTENDERS = ("our_nmf", "our_lda", "gensim_nmf", "gensim_lda", "tomotopy_lda")


def our_nmf(counts: csr_array) -> np.ndarray:
    """Non-negative matrix factorisation, as `fit_topics` does it."""
    from analysis.measures.topics import factorise

    return factorise(counts, TOPICS)[1]


def our_lda(counts: csr_array) -> np.ndarray:
    """Latent Dirichlet allocation, likewise: the best of five starts."""
    from analysis.measures.topics import factorise

    return factorise(counts, TOPICS, method="lda")[1]


def gensim_nmf(counts: csr_array) -> np.ndarray:
    """Online NMF of TF-IDF weights."""
    from gensim.matutils import Sparse2Corpus
    from gensim.models import Nmf, TfidfModel

    corpus = Sparse2Corpus(counts, documents_columns=False)
    weighted = list(TfidfModel(corpus)[corpus])
    return Nmf(weighted, TOPICS, random_state=0).get_topics()


def gensim_lda(counts: csr_array) -> np.ndarray:
    """Online variational LDA."""
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaModel

    return LdaModel(Sparse2Corpus(counts, documents_columns=False), TOPICS, random_state=0).get_topics()


def tomotopy_lda(counts: csr_array) -> np.ndarray:
    """LDA by Gibbs sampling, 100 rounds."""
    import tomotopy

    model = tomotopy.LDAModel(k=TOPICS, seed=0)
    for row in range(counts.shape[0]):
        own = slice(*counts.indptr[row : row + 2])
        model.add_doc(np.repeat(counts.indices[own], counts.data[own].astype(int)).astype(str).tolist())
    model.train(100)
    weights, places = np.zeros((TOPICS, counts.shape[1])), [int(word) for word in model.used_vocabs]
    for topic in range(TOPICS):
        weights[topic, places] = model.get_topic_word_dist(topic)
    return weights


def topics(corpus: Path) -> None:
    """Print what each contender takes for a corpus, how coherent its topics are, and what stability and drift take."""
    from terms import run

    import analysis
    from analysis.corpus import SEEDS
    from analysis.measures.topics import npmi, unit_counts

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        analysis.make_index([corpus], folder / "index")
        study = analysis.open_index(folder / "index", lexicons=SEEDS)  # for the stop words
        counts, _ = unit_counts(study, unit="document", minimum=2)
        save_npz(folder / "counts.npz", counts)
        documents, terms = counts.shape
        print(
            f"{TOPICS} topics of the same counts: {documents:,} documents, {terms:,} terms, {counts.sum():,.0f} words"
        )
        for name in CONTENDERS:
            done = run(name, folder, "", script="topic_models.py")
            if isinstance(done, str):
                print(f"  {name:<26}{done}", flush=True)
                continue
            leading = [list(map(int, topic.split(","))) for topic in done.found]
            coherence = np.mean([npmi(counts, np.array(own)) for own in leading])
            space = done.memory / 1e6
            print(f"  {name:<26}{done.seconds:7.2f} s  {space:7,.0f} MB  coherence {coherence:5.2f}", flush=True)
        start = time.perf_counter()
        analysis.choose_topics(study, topics=[TOPICS], runs=RUNS, unit="document")
        took = time.perf_counter() - start
        print(f"  stability of {TOPICS} topics in {RUNS} runs: {took:.2f} s  aim: < 60 s on the 245 addresses")
        for by in ("source", "year"):
            start = time.perf_counter()
            table = analysis.drift(study, by=by, permutations=PERMUTATIONS)
            took = time.perf_counter() - start
            rows = f"{len(table)} rows, {PERMUTATIONS} relabellings"
            print(f"  drift by {by}, {rows}: {took:.2f} s  aim: < 5 s on the 245 addresses")


if __name__ == "__main__":
    matrix = csr_array(load_npz(Path(sys.argv[2]) / "counts.npz"))
    print("begin", flush=True)
    weights = globals()[sys.argv[1]](matrix)
    order = np.argsort(-weights, axis=1, kind="stable")[:, :LEADING]
    print("\t".join(",".join(map(str, row)) for row in order.tolist()), f"peak\t{peak()}", sep="\n", flush=True)
