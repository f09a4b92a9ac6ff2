"""Hostile inputs, generated: each ends in a study that adds up or in a `StudyError`, and leaves its folder as it was.

    python tests/fuzz.py 100000 [FIRST_SEED]

A failure prints its seed; `python tests/fuzz.py 1 SEED` repeats it.
"""

from __future__ import annotations

import csv
import io
import json
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

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import regex
from docx import Document

import analysis
from analysis.intake.formats import READERS, TABLES

ROOT = Path(__file__).parents[1]
PIECES = [
    "The river rose. ", "U.S. ", "“[W]e” ", "Minsk’s ", "\n", "\n\n", "\r\n", "\r", "\x00", "\ufeff", "\u00ad", "\u202e", "\u200b",
    "\u2028", "\u00a0", "🙂", "a\u0301\u0302", "İı", "Ð\x9cÐ¸", "â€™", "Եվրոպա։ ", "Беларусь. ", "- item\n", "Read more\n", "<div>",
    "</p>", "<script>", "{glue}`x`", "```", "..", "?!", "'" * 9, "-" * 9, "[[", "]]", "1,000.5", "\x1c", "Title\n", "header -->\n",
]  # fmt: skip
EXPORT_PIECES = [
    "End of Document\n", "Body\n", "1 of 2 DOCUMENTS\n", "May 3, 2001\n", "22 words\n", "Length: 22 words\n", "Classification\n",
    "Document FRUITP0020010503dx53000a1\n", "HD|A title|\n", "TD|Pears.|\n", "AN|Document FRUITP0020010503dx53000a1|\n", "English\n",
    "Copyright 2001\n", "{\\rtf1 ", "\\par\n", "\\u55357?\\u56832?", "\\u-3?", "\\'e9", "\\pict\\bin9 ", "{\\field{\\*\\fldinst{HYPERLINK \"",
    "{", "}", "\\", '{"text": "\\ud800 pears"}\n', "text,url,media_name,publish_date\n", '"', ",", "<p class='articleParagraph'>",
    "<td class='index'>", "<a name='DOC_ID_0'>", "<div>" * 300, "<!--", "<td>", "&#x110000;", "&lt;", "\ud800",
]  # fmt: skip
SLOWEST = 5.0  # seconds for one input, and as much again for each million characters: machines are shared
LARGE = 10_000_000  # characters of the largest inputs


def text(draw: random.Random) -> str:
    """Words, marks and controls in any order, now and then in one long line."""
    some = draw.choice([PIECES, PIECES + EXPORT_PIECES])
    pieces = draw.choices(some, k=draw.randint(0, 40))
    if (chance := draw.random()) < 0.02:
        piece = draw.choice(some)
        pieces.append(piece * (LARGE // len(piece) if chance < 0.0001 else draw.randint(1000, 20000)))
    return "".join(pieces)


def data(draw: random.Random) -> bytes:
    """A text in some encoding, whole or spoiled, now and then with surrogates that stand alone."""
    encoding = draw.choices(["utf-8", "utf-16", "latin-1", "cp1251"], [12, 1, 1, 1])[0]
    errors = draw.choice(["replace", "surrogatepass"]) if encoding[:3] == "utf" else "replace"
    return spoiled(draw, text(draw).encode(encoding, errors))


def spoiled(draw: random.Random, sound: bytes) -> bytes:
    """The same, or with some bytes changed."""
    made = bytearray(sound)
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


def word(draw: random.Random) -> bytes:
    """A Word document with hostile paragraphs and a table."""
    document, file = Document(), io.BytesIO()
    for line in text(draw)[:5000].split("\n"):
        document.add_paragraph(regex.sub(r"[^\P{C}\t\n]", "", line))
    document.add_table(1, 2).rows[0].cells[0].text = draw.choice(["HD", "x", ""])
    document.save(file)
    return file.getvalue()


def make_study(draw: random.Random, folder: Path) -> None:
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
        lexicons = [
            "actors.yml",
            "verbs.yml",
            "frames.yml",
            "tone.yml",
            "cleaning.yml",
            "stopwords.txt",
            "timeline.csv",
        ]
        name = draw.choice(lexicons)
        header = b"name,date_from,date_to,evidence\n" if name.endswith(".csv") and draw.random() < 0.8 else b""
        (folder / name).write_bytes(header + data(draw))


def read_study(folder: Path) -> str:
    """Load the study: it adds up."""
    study = analysis.load(folder)
    for doc_id, spans in study.spans.groupby("doc_id"):
        whole = study.texts[doc_id]
        assert "".join(whole[a:b] for a, b in zip(spans["start"], spans["end"])) == whole
    places = zip(study.sentences["doc_id"], study.sentences["start"], study.sentences["end"], study.sentences["text"])
    assert all(study.texts[d][a:b] == sentence for d, a, b, sentence in places)
    assert analysis.frequency(study, by="document")["count"].sum() == study.documents["tokens"].sum()
    return "study"


def make_file(draw: random.Random, folder: Path) -> None:
    """A hostile file of any kind."""
    path = folder / f"a{draw.choice([*READERS, *TABLES])}"
    makers = {".docx": [packed, word], ".rtf": [data, lambda draw: b"{\\rtf1 " + data(draw)]}
    path.write_bytes(draw.choice(makers.get(path.suffix, [data]))(draw))


def read_file(folder: Path) -> str:
    """Make a new study of the file: every document has a text, and an error leaves nothing behind."""
    new = folder.with_name("new")
    try:
        analysis.new_study(new, sorted(folder.iterdir()))
    except analysis.StudyError:
        assert not new.exists(), "an error left something behind"
        raise
    with (new / "documents.csv").open(encoding="utf-8", newline="") as file:
        assert all((new / row["file"]).read_text(encoding="utf-8").strip() for row in csv.DictReader(file))
    return "new study"


def make_shards(draw: random.Random, folder: Path) -> None:
    """One or two hostile shards."""
    for number in range(draw.randint(1, 2)):
        rows = [
            {"id": f"{number}-{row}", "source": draw.choice(["S", "T"]), "text": text(draw)[:200_000],
             **draw.choice([{}, {"title": text(draw)[:99]}, {"date": draw.choice(["2018", "", "x", 2018.0])}])}
            for row in range(draw.randint(0, 6))
        ]  # fmt: skip
        path = folder / f"{number}{draw.choice(['.jsonl', '.jsonl', '.parquet'])}"
        if path.suffix == ".jsonl":
            whole = "\n".join(json.dumps(row, ensure_ascii=draw.random() < 0.5) for row in rows)
            path.write_bytes(spoiled(draw, whole.encode("utf-8", "surrogatepass")))
            continue
        sound = [{k: str(v).encode("utf-8", "replace").decode() for k, v in row.items()} for row in rows]
        names = dict.fromkeys(["id", "source", "text", *(key for row in sound for key in row)])
        table = pa.table({name: pa.array([row.get(name) for row in sound], pa.string()) for name in names})
        pq.write_table(table, path, row_group_size=draw.randint(1, 3))
        path.write_bytes(spoiled(draw, path.read_bytes()))


def read_shards(folder: Path) -> str:
    """Make an index of the shards: its counts add up, and its tokens are where it says."""
    analysis.make_index(folder, folder.with_name("index"))
    study = analysis.open_index(folder.with_name("index"))
    index = study.index
    assert analysis.frequency(study, by="document")["count"].sum() == study.documents["tokens"].sum() == len(index.ids)
    doc_ids = study.documents["doc_id"].to_numpy()[index.documents]
    for doc_id, start, end, number in list(zip(doc_ids, index.starts, index.ends, index.ids))[:500]:
        token = study.texts[doc_id][start:end]
        assert analysis.term(token) == index.terms[number] or not token.isascii(), (token, index.terms[number])
    sentences = study.sentences
    assert (sentences["start"] < sentences["end"]).all()
    assert (np.diff(index.sentence_bounds) >= 0).all() and index.sentence_bounds[-1] == len(index.ids)
    return "index"


def attack(seed: int) -> str:
    """One input; what became of it."""
    draw = random.Random(seed)
    make, read = draw.choices(KINDS, [6, 2, 1])[0]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "given"
        folder.mkdir()
        make(draw, folder)
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        start = time.perf_counter()
        try:
            outcome = read(folder)
        except analysis.StudyError as error:
            said = all(str(problem).endswith((".", "?")) for problem in error.problems)
            outcome = "StudyError" if said else f"seed {seed}: {error}"
        except BaseException as error:
            outcome = f"seed {seed}: {type(error).__name__}: {error}"
        seconds = time.perf_counter() - start
        if seconds > SLOWEST * (1 + sum(map(len, before.values())) / 1e6):
            outcome = f"seed {seed}: {seconds:.1f} s"
        if before != {path.name: path.read_bytes() for path in folder.iterdir()}:
            outcome = f"seed {seed}: the folder was changed"
    return outcome


KINDS = [(make_study, read_study), (make_file, read_file), (make_shards, read_shards)]


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
