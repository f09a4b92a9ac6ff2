"""Spans to paragraphs and sentences, each with the place in the file where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import regex
import sentencex

from analysis.corpus.boilerplate import BODY
from analysis.corpus.cleaning import Span

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
NUMBER, SMALL = regex.compile(r"\p{N}"), regex.compile(r"(\p{Pd}\s*)?\p{Ll}")
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
        ISO 639-1 code; the segmenter falls back on related languages' rules where it has none of its own.

    Notes
    -----
    The segmenter is sentencex [1]_. A boundary that it sees after an abbreviation it does not know (ru, be, az, hy),
    after an initial (in languages other than en and ru), or between direct speech and the words that introduce it, is
    taken back. An abbreviation that may also end a sentence, such as «г.» before a capital, ends none.

    References
    ----------
    .. [1] Thottingal, S., sentencex: a sentence segmentation library with wide language support.
    """
    bounds = (
        (paragraph, start + a, start + b)
        for paragraph, _, start, end in paragraphs
        for a, b in _sentence_bounds(text[start:end], language)
    )
    return [Sentence(n, paragraph, a, b, text[a:b]) for n, (paragraph, a, b) in enumerate(bounds, start=1)]


def _sentence_bounds(paragraph: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence; any white space is a space to the segmenter."""
    start, end = 0, 0
    plain = WHITE_SPACE.sub(" ", paragraph)
    for piece in _pieces(plain, language):
        end += len(piece)
        before, after = plain[max(start, end - REACH) : end], plain[end : end + REACH]
        if end - start >= WINDOW or not _goes_on(before, after, language):
            if plain[start:end].strip():
                yield _trim(paragraph, start, end)
            start = end


def _goes_on(before: str, after: str, language: str) -> bool:
    """Whether a sentence goes on where the segmenter, which knows few abbreviations beyond English, ends it."""
    found = LAST_WORD.search(before)
    word = found.group().casefold() if found else ""
    if NUMBER.match(after):
        return word in BEFORE_A_NUMBER
    if small := SMALL.match(after):  # an abbreviation, or words after direct speech
        return 0 < len(word) <= LONGEST_ABBREVIATION or bool(small.group(1) or SPEECH.search(before))
    return word in BEFORE_A_NAME or bool(language not in INITIALS_KNOWN and after and INITIAL.search(before))


def _pieces(paragraph: str, language: str) -> Iterator[str]:
    """The pieces of a paragraph, taken from a window that moves on: the segmenter's time grows with the square."""
    done = 0
    while done < len(paragraph):
        pieces = sentencex.segment(language, paragraph[done : done + WINDOW])
        if done + WINDOW < len(paragraph) and len(pieces) > 1:
            pieces = pieces[:-1]  # the last one may go on beyond the window
        yield from pieces
        done += sum(map(len, pieces))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space at its two ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
