"""Counting and comparing words: ours beside the peers, on one corpus, in one run."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq
from corpus import SHARD, SOURCES, write_corpus

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent / ".venv-peers" / ("Scripts" if os.name == "nt" else "bin") / "python"
CONTENDERS = (
    "ours",
    "ours_once_indexed",
    "polars",
    "polars_positions",
    "polars_index",
    "duckdb",
    "scikit_learn",
    "plain_python",
    "pycorpdiff",
)
TINY, SMALL, MIDDLE, LARGE = 2_000_000, 5_000_000, 10_000_000, 50_000_000  # tokens
PATIENCE = 300  # seconds
TURNS, SLOW = 3, 15  # how often each contender runs, and the seconds from which once is enough


class Run(NamedTuple):
    """What a contender took: seconds, peak memory in bytes, and what it found."""

    seconds: float
    memory: int
    found: list[str]


def run(name: str, corpus: Path, target: str, *, script: str = "contenders.py") -> Run | str:
    """Let a contender do its job in a process of its own; or say why it did not.

    Memory is what it says itself at the end: to look at it meanwhile slows down what is looked at. What it leaves in
    its temporary folder is removed when the clock has stopped.
    """
    own = name.startswith("our")
    command = [str(part) for part in (sys.executable if own else PEERS, HERE / script, name, corpus, target)]
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryFile("w+") as errors:
        pipes = {"stdout": subprocess.PIPE, "stderr": errors, "text": True}
        process = subprocess.Popen(command, cwd=HERE.parent, env={**os.environ, "TMPDIR": place}, **pipes)
        patience, start, memory, found = threading.Timer(PATIENCE, process.kill), time.perf_counter(), 0, []
        patience.start()
        for line in process.stdout:
            if line == "begin\n":
                start = time.perf_counter()
            kind, *values = line.rstrip("\n").split("\t")
            memory, found = (int(values[0]), found) if kind == "peak" else (memory, [kind, *values])
        process.wait()
        seconds = time.perf_counter() - start
        late = not patience.is_alive()
        patience.cancel()
        if late:
            return f"stopped after {PATIENCE} s"
        errors.seek(0)
        if process.returncode:
            return (errors.read().strip().splitlines() or [f"ended by signal {-process.returncode}"])[-1]
    return Run(seconds, memory, found)


def compare(corpus: Path, target: str, names: tuple[str, ...] = CONTENDERS) -> dict[str, Run]:
    """Print what each contender took for one corpus, and that by which ours differs.

    All take turns, and the median run counts: where memory is new to the machine the first to use it pays. Those that
    are slow have one turn.
    """
    turns: dict[str, list[Run | str]] = {name: [] for name in names}
    for _ in range(TURNS):
        for name, done in turns.items():
            if not done or (isinstance(done[0], Run) and done[0].seconds < SLOW):
                done.append(run(name, corpus, target))
    whole = {name: [one for one in done if isinstance(one, Run)] for name, done in turns.items()}
    runs = {name: sorted(done)[len(done) // 2] for name, done in whole.items() if done}
    for name, done in turns.items():
        if name not in runs:
            print(f"  {name:<26}{done[0]}", flush=True)
            continue
        seconds, memory, (tokens, term, g2) = runs[name]
        ratio, speed, said = seconds / runs["ours"].seconds, int(tokens) / seconds / 1e6, f"{term} {float(g2):,.1f}"
        print(
            f"  {name:<26}{seconds:7.2f} s  {ratio:6.2f} × ours  {memory / 1e6:7,.0f} MB  {speed:6.2f} M tokens/s"
            f"  {int(tokens):>11,} tokens, {said}  ({len(done)} turns)"
        )
    return runs


def concordance(corpus: Path) -> None:
    """Print how long it takes to find a word in an index that is open, and to show its places."""
    import analysis

    with tempfile.TemporaryDirectory() as folder:
        analysis.make_index([corpus], folder)
        study = analysis.open_index(folder)
        table = analysis.frequency(study, by="role")
        term = table.loc[(table["count"] - 1000).abs().idxmin(), "term"]
        start = time.perf_counter()
        sentences = len(study.sentences)
        found, times = time.perf_counter() - start, []
        for _ in range(5):
            start = time.perf_counter()
            lines = analysis.kwic(study, term)
            times.append(time.perf_counter() - start)
    tokens = len(study.index.ids)
    print(f"  {sentences:,} sentences found when first asked for: {found:.2f} s, once for an index")
    print(f"  {len(lines):,} lines of one word among {tokens:,} tokens: {sorted(times)[2]:.3f} s  aim: < 0.2 s")


def terms(real: Path | None = None) -> None:
    """Print every comparison: on a given corpus, or on a generated one at several sizes."""
    if real:
        print(f"index, counts and keyness of {real.name}")
        sources = pq.read_table(real, columns=["source"]).column("source").to_pandas().astype(str)
        compare(real, sources.value_counts().index[0])
        return
    with tempfile.TemporaryDirectory() as place:
        large, runs = write_corpus(Path(place) / "large", LARGE), {}
        tiny, small, middle = (Path(place) / name for name in ("tiny", "small", "middle"))
        for folder, tokens in ((tiny, TINY), (small, SMALL), (middle, MIDDLE)):
            folder.mkdir()
            for path in sorted(large.glob("*.parquet"))[: tokens // SHARD]:
                (folder / path.name).symlink_to(path)
        for corpus in (small, large):
            print("index, counts and keyness; aim: ahead of every peer, 50 M tokens < 6 s and < 1.5 GB")
            runs[corpus] = compare(corpus, SOURCES[0])
        for name in (name for name in runs[large] if name in runs[small]):
            ratio, tokens = (
                math.log(field(runs[large][name]) / field(runs[small][name]))
                for field in (lambda r: r.seconds, lambda r: int(r.found[0]))
            )
            print(f"  {name:<26} cost exponent {ratio / tokens:.2f}" + "  aim: ≤ 1.05" * (name == "ours"))
        print("relabellings of whole documents; aim: 999 of 10 M tokens < 10 s")
        for name, folder, ways in (("our_permutations", middle, 999), ("pycorpdiff_permutations", tiny, 99)):
            done = run(name, folder, SOURCES[0])
            if isinstance(done, str):
                print(f"  {name:<26}{done}")
            else:
                each = 1e9 * done.seconds / ways / int(done.found[0])
                size = f"{ways} of {int(done.found[0]):,} tokens, {each:.2f} ns for each"
                print(f"  {name:<26}{done.seconds:7.2f} s  {done.memory / 1e6:7,.0f} MB  {size}", flush=True)
        print("concordance")
        concordance(large)
