"""Time and memory of what a user waits for, as ratios to something the same machine does in the same run.

    make bench

Each figure is the median of several runs, taken in turn with its yardstick: machines differ, and the same machine
differs from hour to hour.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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


if __name__ == "__main__":
    module, start_up = [sys.executable, "-m", "analysis"], [sys.executable, "-c", "import pandas, sklearn"]
    compare("analysis frequency ÷ import pandas, sklearn", [*module, "frequency"], start_up, "< 1.5 ×")
    compare("analysis topics ÷ import pandas, sklearn", [*module, "topics"], start_up, "none")
    book()
