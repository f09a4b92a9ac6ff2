"""Time and memory of what a user waits for, as ratios to something the same machine does in the same run.

    make bench
    make bench CORPUS=FILE      only the comparison with other programs, on a corpus in Parquet

Each figure is the median of several runs, taken in turn with its yardstick: machines differ, and the same machine
differs from hour to hour.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

from corpus import write_corpus
from reader import reader
from terms import TINY, terms
from topic_models import topics

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5


def seconds(command: list[str]) -> float:
    """Wall time of a command that must succeed."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def compare(name: str, command: list[str], yardstick: list[str], aim: str) -> None:
    """Print the median time of a command and the median of its ratio to a yardstick, run in turn."""
    pairs = [(seconds(command), seconds(yardstick)) for _ in range(RUNS)]
    ratios = sorted(a / b for a, b in pairs)
    time_, ratio = statistics.median(a for a, _ in pairs), statistics.median(ratios)
    print(f"{name:<52}{time_:7.2f} s  {ratio:5.2f} × ({ratios[0]:.2f} to {ratios[-1]:.2f})  aim: {aim}", flush=True)


def book() -> None:
    """Print a cold build against its two parts, and a rebuild with nothing changed."""
    python, build = sys.executable, ROOT / "_build"
    kept = Path(tempfile.mkdtemp()) / "_build"
    if build.exists():
        shutil.move(build, kept)
    try:
        rows = []
        for _ in range(3):
            shutil.rmtree(build, ignore_errors=True)
            cold = seconds([python, "tools/book.py", "build"])
            again = seconds([python, "tools/book.py", "build"])
            execution = seconds([python, "tools/book.py", "notebooks"])
            shutil.rmtree(build / "html")
            shutil.rmtree(build / ".doctrees")
            rows.append((cold, again, execution, seconds([python, "tools/book.py", "build"])))
        cold, again, execution, sphinx = (statistics.median(column) for column in zip(*rows))
        ratio = statistics.median(c / (e + s) for c, _, e, s in rows)
        parts = f"execution {execution:.2f} s + Sphinx {sphinx:.2f} s"
        print(f"{'book, cold':<52}{cold:7.2f} s  {ratio:5.2f} × ({parts})  aim: < 2 ×")
        print(f"{'book, nothing changed':<52}{again:7.2f} s  aim: < 3 s")
    finally:
        shutil.rmtree(build, ignore_errors=True)
        if kept.exists():
            shutil.move(kept, build)


def study_of_size(folder: Path, times: int) -> float:
    """Write a study of so many alterations of each document of the project's own; return its size in MB."""
    with (ROOT / "seeds" / "documents.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shutil.copy(ROOT / "seeds" / "cleaning.yml", folder)
    made, size = [], 0
    for number, row in product(range(times), rows):
        name = f"{len(made):06}.txt"
        lines = (ROOT / "seeds" / row["file"]).read_text(encoding="utf-8").split("\n")
        text = "\n".join(altered(line, number) if len(line) > 80 else line for line in lines)
        size += (folder / name).write_bytes(text.encode("utf-8"))
        made.append({**row, "file": name, "sha256": ""})
    with (folder / "documents.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(made)
    return size / 1e6


def altered(line: str, number: int) -> str:
    """A line in which every third word is another, so that it is no copy."""
    return re.sub(r"(\w+ \w+ \w+)", rf"\g<1>{number}", line)


def web_pages(folder: Path) -> list[Path]:
    """Write each text file of a folder as a web page beside it."""
    pages = []
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        pages.append(path.with_suffix(".html"))
        pages[-1].write_text(f"<html><body><article><p>{'</p><p>'.join(lines)}</p></article></body></html>")
    return pages


def reading() -> None:
    """Print how fast text files are cleaned and taken apart, and web pages read, and how the time grows with size."""
    import analysis

    points: dict[str, list[tuple[float, float]]] = {".txt: load": [], ".html: read_drafts": []}
    for times in (1, 10, 100):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            size = study_of_size(folder, times)
            pages = web_pages(folder)
            jobs = (lambda: analysis.load(folder), lambda: [analysis.read_drafts(page) for page in pages])  # noqa: B023
            for name, job in zip(points, jobs):
                runs = []
                for _ in range(RUNS + 1):  # the first imports what it needs
                    start = time.perf_counter()
                    job()
                    runs.append(time.perf_counter() - start)
                points[name].append((size, statistics.median(runs[1:])))
    for name, pairs in points.items():
        (_, _), (middle, t_middle), (large, t_large) = pairs
        exponent = math.log(t_large / t_middle) / math.log(large / middle)
        speeds = ", ".join(f"{size / t:.2f}" for size, t in pairs)
        print(f"{name:<52}{speeds} MB/s at 1, 10, 100 × the seeds; last exponent {exponent:.2f}  aim: ≤ 1.05")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="a Parquet file with id, source and text")
    if corpus := parser.parse_args().corpus:
        terms(corpus.resolve())
        topics(corpus.resolve())
        sys.exit()
    module, start_up = [sys.executable, "-m", "analysis"], [sys.executable, "-c", "import pandas, sklearn"]
    compare("analysis frequency ÷ import pandas, sklearn", [*module, "frequency"], start_up, "< 1.5 ×")
    compare("analysis topics ÷ import pandas, sklearn", [*module, "topics"], start_up, "none")
    subprocess.run([sys.executable, "tools/book.py", "build"], cwd=ROOT, check=True, capture_output=True)
    reader()
    book()
    reading()
    terms()
    with tempfile.TemporaryDirectory() as place:
        topics(write_corpus(Path(place) / "tiny", TINY))
