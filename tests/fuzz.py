"""Hostile inputs, generated: each ends in a study that adds up or in a `StudyError`, and leaves its folder as it was.

    python tests/fuzz.py 100000 [FIRST_SEED]

A failure prints its seed; `python tests/fuzz.py 1 SEED` repeats it.
"""

from __future__ import annotations

import io
import logging
import random
import resource
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import analysis
from analysis.intake.formats import READERS, TABLES

ROOT = Path(__file__).parents[1]
PIECES = [
    "The river rose. ", "U.S. ", "“[W]e” ", "Minsk’s ", "\n", "\n\n", "\r\n", "\r", "\x00", "\ufeff", "\u00ad", "\u202e", "\u200b",
    "\u2028", "\u00a0", "🙂", "a\u0301\u0302", "İı", "Ð\x9cÐ¸", "â€™", "Եվրոպա։ ", "Беларусь. ", "- item\n", "Read more\n", "<div>",
    "</p>", "<script>", "{glue}`x`", "```", "..", "?!", "'" * 9, "-" * 9, "[[", "]]", "1,000.5", "\x1c", "Title\n", "header -->\n",
]  # fmt: skip
SLOWEST = 5.0  # seconds for one input; generous, since machines are shared


def text(draw: random.Random) -> str:
    """Words, marks and controls in any order, now and then in one long line."""
    pieces = draw.choices(PIECES, k=draw.randint(0, 40))
    if draw.random() < 0.02:
        pieces.append(draw.choice(PIECES) * draw.randint(1000, 20000))
    return "".join(pieces)


def data(draw: random.Random) -> bytes:
    """A text in some encoding, whole or spoiled."""
    encoding = draw.choices(["utf-8", "utf-16", "latin-1", "cp1251"], [12, 1, 1, 1])[0]
    made = bytearray(text(draw).encode(encoding, "replace"))
    for _ in range(draw.choice([0, 0, 0, 1, 5])):
        if made:
            made[draw.randrange(len(made))] = draw.randrange(256)
    return bytes(made)


def packed(draw: random.Random) -> bytes:
    """A zip file that may be a Word document, a bomb or neither."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in draw.sample(
            ["word/document.xml", "[Content_Types].xml", "_rels/.rels", "x" * 300], k=draw.randint(0, 3)
        ):
            archive.writestr(name, data(draw)[:3000] * draw.choice([1, 1, 1, 10_000]))
    return file.getvalue()


def attack_study(draw: random.Random, folder: Path) -> str:
    """A study of one or two hostile documents."""
    rows = ["file,source,title,date_from,date_to,role"]
    for number in range(draw.randint(1, 2)):
        (folder / f"{number}.txt").write_bytes(data(draw))
        rows.append(f"{number}.txt,S{number},{draw.choice(['', 'Title', 'header -->'])},,,ties")
    table = "\n".join(rows).encode()
    (folder / "documents.csv").write_bytes(
        table if draw.random() < 0.9 else table[: draw.randrange(len(table))] + data(draw)
    )
    if draw.random() < 0.2:
        (folder / draw.choice(["actors.yml", "frames.yml", "cleaning.yml", "stopwords.txt"])).write_bytes(data(draw))
    study = analysis.load(folder)
    for doc_id, spans in study.spans.groupby("doc_id"):
        whole = study.texts[doc_id]
        assert "".join(whole[a:b] for a, b in zip(spans["start"], spans["end"])) == whole
    places = zip(study.sentences["doc_id"], study.sentences["start"], study.sentences["end"], study.sentences["text"])
    assert all(study.texts[d][a:b] == sentence for d, a, b, sentence in places)
    assert analysis.frequency(study, by="document")["count"].sum() == study.documents["tokens"].sum()
    return "study"


def attack_reader(draw: random.Random, folder: Path) -> str:
    """A hostile file of any kind."""
    path = folder / f"a{draw.choice([*READERS, *TABLES])}"
    path.write_bytes(packed(draw) if path.suffix == ".docx" else data(draw))
    assert all(draft.text.strip() for draft in analysis.read_drafts(path))
    return "draft"


def attack(seed: int) -> str:
    """One input; what became of it."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder, start = Path(place), time.perf_counter()
        way = draw.choices([attack_study, attack_reader], [3, 1])[0]
        before: dict[str, bytes] = {}
        try:
            outcome = way(draw, folder)
        except analysis.StudyError as error:
            before = {p.name: p.read_bytes() for p in folder.iterdir()}
            outcome = (
                "StudyError" if all(str(p).endswith((".", "?")) for p in error.problems) else f"seed {seed}: {error}"
            )
        except BaseException as error:
            outcome = f"seed {seed}: {type(error).__name__}: {error}"
        if (seconds := time.perf_counter() - start) > SLOWEST:
            outcome = f"seed {seed}: {seconds:.1f} s"
        if before and before != {p.name: p.read_bytes() for p in folder.iterdir()}:
            outcome = f"seed {seed}: the folder was changed"
    return outcome


def quiet() -> None:
    """Keep the parsers' own remarks off the screen."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def main(count: int, first: int) -> int:
    """Attack with so many seeds; print what became of them."""
    with ProcessPoolExecutor(initializer=quiet) as pool:
        outcomes = Counter(pool.map(attack, range(first, first + count), chunksize=50))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    for outcome, times in outcomes.most_common(20):
        print(f"{times:>8,}  {outcome[:300]}")
    print(f"{count:,} inputs, largest process {peak:,.0f} MB")
    return int(any(outcome.startswith("seed") for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
