"""Spans to paragraphs and sentences, each with the place in the file where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import regex
import sentencex

from analysis.corpus.boilerplate import BODY
from analysis.corpus.cleaning import Span
from analysis.corpus.tokens import JOINERS

WINDOW = 10_000  # characters; no sentence is longer
WHITE_SPACE = regex.compile(r"\s")
# Abbreviations (en, ru, be, az, hy) that end no sentence if a number follows, and those that end none before a capital
BEFORE_A_NUMBER = """
jan feb apr jun jul aug sep sept oct nov dec vol nos pp fig sec approx ca
янв фев февр апр июн июл авг сен сент окт ноя нояб дек стр с рис табл гл п пп ст ч д кв тел час мин
студ студз сак крас чэрв ліп жн вер кастр ліст снеж арк yan fev iyn iyl avq okt noy dek səh
հունվ փետ փետր ապր օգոս սեպ սեպտ հոկտ նոյ դեկ էջ
""".split()  # noqa: SIM905
BEFORE_A_NAME = """
им проф акад ген подполк тов ул пр просп пл обл напр ср св ім праф вул прасп вобл гл
prof akad məs պրոֆ ակադ գեն
""".split()  # noqa: SIM905
LONGEST_ABBREVIATION = 4  # letters, of a word that no list holds
LAST_WORD = regex.compile(r"(?<![\p{L}\p{N}])[\p{L}\p{M}.]+(?=\.\s*$)")
INITIAL = regex.compile(r"(?<![\p{L}\p{N}.])(?:\p{Lu}\.)+\s*$")
INITIALS_KNOWN = {"en", "ru"}  # languages in which the segmenter tells an initial from the end of a sentence
SPEECH = regex.compile(r"[.!?…][»”\"’]\s*\Z")
ENDINGS = {name[-2:] for name in BEFORE_A_NAME}
NUMBER, SMALL = regex.compile(r"\p{N}"), regex.compile(r"(\p{Pd}\s*)?\p{Ll}")
WITHIN_A_TOKEN = regex.compile(rf"[\p{{L}}\p{{N}}\p{{M}}]{JOINERS}?\Z")
LETTER_OR_NUMBER = regex.compile(r"[\p{L}\p{N}\p{M}]")
GOING_ON = regex.compile(r"[\p{N}\p{Ll}\p{Pd}]")
SPACE = ord(" ")
REACH = 50  # characters on each side of a boundary that tell whether it is one


class Paragraph(NamedTuple):
    """A paragraph or list item of the body, numbered from 1, without the white space around it."""

    paragraph: int
    kind: str
    start: int
    end: int


class Sentence(NamedTuple):
    """A sentence, numbered from 1 through the document; `text` is verbatim."""

    sentence: int
    paragraph: int
    start: int
    end: int
    text: str


def split_paragraphs(text: str, spans: Iterable[Span]) -> list[Paragraph]:
    """Return the body paragraphs of a file; list items count as paragraphs.

    Parameters
    ----------
    text : str
        The file as decoded. All offsets are offsets into it.
    spans : iterable of Span
        Its partition, from `cleaning.split_spans`.
    """
    body = (span for span in spans if span.kind in BODY)
    return [Paragraph(n, span.kind, *_trim(text, span.start, span.end)) for n, span in enumerate(body, start=1)]


def split_sentences(text: str, paragraphs: Iterable[Paragraph], *, language: str = "en") -> list[Sentence]:
    """Return the sentences of a file's paragraphs.

    Parameters
    ----------
    text : str
        The file as decoded.
    paragraphs : iterable of Paragraph
        From `split_paragraphs`.
    language : str
        As in `sentence_bounds`, which see for the rules.
    """
    paragraphs = list(paragraphs)
    row, first, last = sentence_bounds([text[p.start : p.end] for p in paragraphs], language=language)
    offset = np.array([p.start for p in paragraphs], int)[row]
    bounds = zip([paragraphs[r].paragraph for r in row], (offset + first).tolist(), (offset + last).tolist())
    return [Sentence(n, paragraph, a, b, text[a:b]) for n, (paragraph, a, b) in enumerate(bounds, start=1)]


def sentence_bounds(paragraphs: Sequence[str], *, language: str = "en") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return where the sentences of many paragraphs begin and end.

    Parameters
    ----------
    paragraphs : sequence of str
        Each without white space around it.
    language : str
        ISO 639-1 code; the segmenter falls back on related languages' rules where it has none of its own.

    Returns
    -------
    row, start, end : numpy.ndarray of int, one per sentence
        Which paragraph it stands in, and its characters there, without the white space around it.

    Notes
    -----
    The segmenter is sentencex [1]_. A boundary that it sees after an abbreviation it does not know (ru, be, az, hy),
    after an initial (in languages other than en and ru), or between direct speech and the words that introduce it, is
    taken back. So is one within a token. An abbreviation that may also end a sentence, such as «г.» before a capital,
    ends none. The last sentence of a paragraph ends with it.

    References
    ----------
    .. [1] Thottingal, S. (2023). sentencex: a sentence segmentation library with wide language support. Wikimedia
       Foundation.
    """
    plain = [p if p.isprintable() else WHITE_SPACE.sub(" ", p) for p in paragraphs]  # any white space is a space to it
    times, lengths = [], []
    for paragraph in plain:  # no list is kept of each: the more there are, the longer Python looks for what is garbage
        pieces = _pieces(paragraph, language)
        times.append(len(pieces))
        lengths.extend(map(len, pieces))
    row, end = np.repeat(np.arange(len(plain)), times), np.cumsum(lengths, dtype=np.int64)
    start, whole = np.append(0, end)[:-1], "".join(plain)
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
    inner = np.flatnonzero(row[1:] == row[:-1])
    keep, begins, paragraph_end = (
        np.ones(len(row), bool),
        start.copy(),
        np.cumsum([len(p) for p in plain], dtype=np.int64),
    )
    for piece in inner[_doubtful(codes, end[inner])].tolist():
        begin, here = int(begins[piece]), int(end[piece])
        before = whole[max(begin, here - REACH) : here]
        after = whole[here : min(here + REACH, paragraph_end[row[piece]])]
        within = WITHIN_A_TOKEN.search(before) and LETTER_OR_NUMBER.match(after)
        if within or (here - begin < WINDOW and _goes_on(before, after, language)):
            keep[piece], begins[piece + 1] = False, begin
    row, start, end = row[keep], begins[keep], end[keep]
    end -= codes[end - 1] == SPACE
    for sentence in np.flatnonzero((codes[start] == SPACE) | (codes[end - 1] == SPACE)):
        text = whole[start[sentence] : end[sentence]]
        end[sentence] -= len(text) - len(text.rstrip())
        start[sentence] += len(text) - len(text.lstrip())
    some = start < end
    offset = np.append(0, paragraph_end)[row[some]]
    return row[some], start[some] - offset, end[some] - offset


def _doubtful(codes: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """True for each boundary within a paragraph that `_goes_on` might take back: few have to be read one by one."""
    kind, kinds = pd.factorize(codes[ends])
    goes_on = np.array([bool(GOING_ON.match(chr(code))) for code in kinds], bool)[kind]
    last = ends - 1 - (codes[ends - 1] == SPACE)
    stops = np.flatnonzero(codes[last] == ord("."))
    kind, kinds = pd.factorize(codes[np.maximum(last[stops] - 2, 0)].astype(np.int64) << 32 | codes[last[stops] - 1])
    pairs = [chr(pair >> 32) + chr(pair & 0xFFFFFFFF) for pair in kinds.tolist()]
    abbreviates = np.zeros(len(ends), bool)
    abbreviates[stops] = np.array([p.casefold() in ENDINGS or p[1].isupper() for p in pairs], bool)[kind]
    return goes_on | (codes[ends - 1] != SPACE) | (codes[last] == SPACE) | abbreviates


def _goes_on(before: str, after: str, language: str) -> bool:
    """Whether a sentence goes on where the segmenter, which knows few abbreviations beyond English, ends it."""
    found = LAST_WORD.search(before)
    word = found.group().casefold() if found else ""
    if NUMBER.match(after):
        return word in BEFORE_A_NUMBER
    if small := SMALL.match(after):  # an abbreviation, or words after direct speech
        return 0 < len(word) <= LONGEST_ABBREVIATION or bool(small.group(1) or SPEECH.search(before))
    return word in BEFORE_A_NAME or bool(language not in INITIALS_KNOWN and after and INITIAL.search(before))


def _pieces(paragraph: str, language: str) -> list[str]:
    """The pieces of a paragraph; of a long one from a window that moves on, for the time grows with the square."""
    if len(paragraph) <= WINDOW:
        return sentencex.segment(language, paragraph)
    found, done = [], 0
    while done < len(paragraph):
        window = paragraph[done : done + WINDOW]
        pieces = sentencex.segment(language, window)
        if done + WINDOW < len(paragraph):  # the last one may go on beyond the window
            pieces = pieces[:-1] or [window[: window.rfind(" ") + 1] or window]
        found += pieces
        done += sum(map(len, pieces))
    return found


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space at its two ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
