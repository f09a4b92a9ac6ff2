"""A second study, made up, by which it is tested that a book comes out for any folder: `python tests/other_study.py DIR`.

Three papers write about the tram lines of a town that there is not. The words are in ``other_study.yml``, and which of
them stand in a text is drawn, the same each time. Known beforehand are: a word that one source uses far more, a topic
that the last two years have in place of another, what is quoted and who says it, and who does what to whom.
"""

from __future__ import annotations

import csv
import shutil
import sys
import tempfile
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import regex
import yaml

import analysis
from analysis.corpus.readers import fingerprint

HERE = Path(__file__).parent
DATA = yaml.safe_load((HERE / "other_study.yml").read_text(encoding="utf-8"))
GENERAL = ("stopwords.txt", "tone.yml", "verbs.yml")  # lists for English of any kind
CITING, WEB = "Harbour Gazette", "Lower Town Letter"  # the source that cites, and the one with the page of a web site
CITED = ("Hill Courier", "Harbour Gazette", "Coast Radio", "Council.example", "Sundria Mirror", "Tram Age", "Pier Post")
TURN = "2011"  # the year in which another topic begins
MENU = "Home\nNews\nLetters\nWhat’s on\nLower Town Letter — community pages"
PAGE_END = "More from the Letter\n\nWho feeds the gulls?\n\nThe trams, the hill and the fair\n\nWrite to us"
MARK = regex.compile(r"“([^”]+)” \(@\)")
CAREFUL, HASTY, WRONG = 0.95, 0.8, 0.03  # how often a coder gives a code that is due, and one that is not
BARE = 6  # documents of a study as a newcomer has it


def write_other_study(folder: Path) -> Path:
    """Write the whole study: 30 documents, the lexicons, and what readers found."""
    draw, texts, rows = np.random.default_rng(0), {}, []
    for number, entry in enumerate(DATA["documents"], start=1):
        days, name = str(entry["date"]).split("/"), f"{number:02}_{_slug(entry['title'])}.txt"
        paragraphs = _copy(texts[entry["copy"]]) if "copy" in entry else _article(draw, entry)
        texts[entry["title"]] = paragraphs
        if entry["source"] == WEB:
            name = f"letter-{days[0][:7]}.txt"  # a document without a number
        text = _page(entry, paragraphs)
        _write(folder / name, text)
        role = entry.get("role", "ties")
        rows.append(
            [name, entry["source"], entry["title"], days[0], days[-1], role, "en", fingerprint(text.encode("utf-8"))]
        )
    _write_table(folder / "documents.csv", "file source title date_from date_to role language sha256", rows)
    for name in GENERAL:
        shutil.copyfile(HERE.parent / "seeds" / name, folder / name)
    for name, text in DATA["files"].items():
        _write(folder / name, text)
    study = analysis.load(folder)
    for name, text in DATA["files"].items():
        _write(folder / name, MARK.sub(lambda found: f"“{found[1]}” ({_sentence_id(study, found[1])})", text))
    _write_table(folder / "codings.csv", "coder doc_id paragraph code words", _codings(draw, study))
    _write_table(folder / "events.csv", "sentence_id actor class target words note", _events(study))
    _write_table(folder / "quotations.csv", "sentence_id quoted speaker speaks_for", _quotations(study))
    return folder


def write_bare_study(folder: Path) -> Path:
    """Write a study as a newcomer has it on the first evening: six short texts of two sources, and no lexicon."""
    draw = np.random.default_rng(1)
    entries = [entry for entry in DATA["documents"] if entry["source"] != WEB and "/" not in str(entry["date"])][:BARE]
    with tempfile.TemporaryDirectory() as place:
        files = [Path(place) / f"{_slug(entry['title'])}.txt" for entry in entries]
        for file, entry in zip(files, entries):
            _write(file, "\n\n".join([entry["title"], *_article(draw, entry)[:3]]) + "\n")
        analysis.new_study(folder, files)
    with (folder / "documents.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    filled = [dict(zip(header, row)) for row in rows]
    for row, entry in zip(filled, entries):
        day = str(entry["date"])
        row |= {"source": entry["source"], "date_from": day, "date_to": day, "role": "ties"}
    _write_table(folder / "documents.csv", " ".join(header), [row.values() for row in filled])
    return folder


def _article(draw: np.random.Generator, entry: dict) -> list[str]:
    """Paragraphs of a document; no sentence is drawn twice in it."""
    source, context = entry["source"], entry.get("role") == "context"
    topic = "aside" if context else "vote" if str(entry["date"]) >= TURN else "money"
    decks = {name: list(draw.permutation(pool)) for name, pool in DATA["pools"].items()}
    quotes, deeds = ([pool[n] for n in draw.permutation(len(pool))] for pool in (DATA["quotes"], DATA["deeds"]))
    paragraphs = []
    for number in range(int(draw.integers(4, 6) if source == CITING else draw.integers(5, 8))):
        pools = [topic, "common" if context or number % 2 else source]
        pools += [topic] if source == CITING and not context else []
        sentences = [_sentence(draw, decks[pool].pop()) for pool in pools]
        if source == CITING:
            sentences[0] += _citation(draw, entry)
        if number % 2 and not context:
            sentences.append(_quote(draw, *quotes.pop()[:3]))
        elif number and not context:
            sentences.append(_sentence(draw, "{when} " + deeds.pop()[0]))
        paragraphs.append(" ".join(sentence if sentence[-1] in ".”" else f"{sentence}." for sentence in sentences))
    paragraphs[0] = f"{entry['lead']} {paragraphs[0]}" if "lead" in entry else paragraphs[0]
    return paragraphs


def _sentence(draw: np.random.Generator, template: str) -> str:
    """A sentence of a template, without its full stop."""
    filled = regex.sub(r"\{(\w+)\}", lambda slot: str(draw.choice(DATA["words"][slot[1]])), str(template))
    return filled[0].upper() + filled[1:]


def _quote(draw: np.random.Generator, words: str, speaker: str, verb: str) -> str:
    """Direct speech, with its speaker before it or after it."""
    if draw.random() < 0.5:
        return f"“{words},” {speaker} {verb}."
    return f"{speaker[0].upper()}{speaker[1:]} {verb}: “{words}.”"


def _citation(draw: np.random.Generator, entry: dict) -> str:
    """One or two items of other papers, or of the same, from the weeks before a document."""
    outlets = draw.choice(CITED, int(draw.integers(1, 3)), replace=False)
    day = date.fromisoformat(str(entry["date"])[:10]) - timedelta(days=int(draw.integers(1, 20)))
    return f" ({', '.join(outlets)}, {day:%B} {day.day}, {day.year})"


def _copy(paragraphs: list[str]) -> list[str]:
    """What another paper makes of an article: the same, but for its end and a word or two."""
    return [text.replace("began", "started").replace("“", '"').replace("”", '"') for text in paragraphs[:-1]]


def _page(entry: dict, paragraphs: list[str]) -> str:
    """A document’s file: its title and text; that of a web site with the rest of the page around it."""
    if entry["source"] != WEB:
        return "\n\n".join([entry["title"], *paragraphs]) + "\n"
    first, *others = paragraphs
    parts = [MENU, entry["title"], f"Posted on {entry['date']:%d %B %Y}", first, "Read more: The gulls of Quay Road"]
    return "\n\n".join([*parts, *others, "Read more: Letters of the month", PAGE_END]) + "\n"


def _codings(draw: np.random.Generator, study: analysis.Study) -> Iterable[tuple]:
    """What two coders find in each paragraph: nearly always, or mostly, what its signs call for."""
    for coder, reliable in (("first coder", CAREFUL), ("second coder", HASTY)):
        for doc_id, number, start, end in study.paragraphs[["doc_id", "paragraph", "start", "end"]].to_numpy():
            text, found = study.texts[doc_id][start:end], []
            for code, sign in DATA["signs"].items():
                place, chance = regex.search(sign, text), draw.random()
                if chance < (reliable if place else WRONG):
                    found.append((code, place.group() if place else text.split()[0]))
            yield from ((coder, doc_id, number, code, words) for code, words in found or [("", "")])


def _events(study: analysis.Study) -> Iterable[tuple]:
    """The events that were written into the texts, sentence by sentence."""
    for sentence_id, text in study.sentences[["sentence_id", "text"]].to_numpy():
        for clause, actor, kind, target in DATA["deeds"]:
            if clause in text:
                yield sentence_id, actor, kind, target, clause, ""


def _quotations(study: analysis.Study) -> Iterable[tuple]:
    """Everything that is quoted, with who says it and for whom; terms in quotation marks have no speaker."""
    speakers = {words: (regex.sub("^(the|a) ", "", speaker), whom) for words, speaker, _, whom in DATA["quotes"]}
    for doc_id, start, end in study.paragraphs[["doc_id", "start", "end"]].to_numpy():
        own = study.sentences[study.sentences["doc_id"] == doc_id]
        for quoted in regex.finditer(r"“([^”]+)”", study.texts[doc_id][start:end]):
            sentence = own[own["start"] <= start + quoted.start()].iloc[-1]
            yield sentence["sentence_id"], quoted[1], *speakers.get(quoted[1].rstrip(".,"), ("", ""))


def _sentence_id(study: analysis.Study, words: str) -> str:
    """The first sentence in which these words stand."""
    return study.sentences.loc[study.sentences["text"].str.contains(words, regex=False), "sentence_id"].iloc[0]


def _slug(title: str) -> str:
    """A title as part of the name of a file."""
    return regex.sub(r"\W+", "-", title).strip("-").lower()


def _write(path: Path, text: str) -> None:
    """Write a text, byte for byte the same on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def _write_table(path: Path, columns: str, rows: Iterable[Iterable]) -> None:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns.split(), *rows])


if __name__ == "__main__":
    bare = "--bare" in sys.argv
    (folder,) = (Path(word) for word in sys.argv[1:] if word != "--bare")
    print((write_bare_study if bare else write_other_study)(folder))
