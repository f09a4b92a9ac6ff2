"""Spans to paragraphs and sentences, each with the place in the file where it stands."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import regex
import sentencex

from analysis.corpus.cleaning import BODY

WINDOW = 10_000  # characters; no sentence is longer
WHITE_SPACE = regex.compile(r"\s")
# Abbreviations (en, ru, be, az, hy) that end no sentence if a number follows, and those that end none before a capital
BEFORE_A_NUMBER = """
jan feb apr jun jul aug sep sept oct nov dec vol nos pp art fig sec approx ca
янв фев февр апр июн июл авг сен сент окт ноя нояб дек стр с рис табл гл п пп ст ч д кв тел
студ сак крас чэрв ліп жн вер кастр ліст снеж арк yan fev iyn iyl avq okt noy dek səh
հունվ փետ փետր ապր օգոս սեպ սեպտ հոկտ նոյ դեկ էջ
""".split()  # noqa: SIM905
BEFORE_A_NAME = """
им проф акад ген полк подполк тов ул пр просп пл пер обл напр см ср св ім праф вул прасп вобл гл
prof akad gen polk məs bax պրոֆ ակադ գեն
""".split()  # noqa: SIM905
LONGEST_ABBREVIATION = 4  # letters, of a word that no list holds
LAST_WORD = regex.compile(r"(?<![\p{L}\p{N}])[\p{L}\p{M}.]+(?=\.\s*$)")
INITIAL = regex.compile(r"(?<![\p{L}\p{N}]|\p{L}\.)\p{Lu}\.\s*$")
SPEECH = regex.compile(r"[.!?…][»”\"’]\s*\Z")
NUMBER, SMALL = regex.compile(r"\p{N}"), regex.compile(r"(\p{Pd}\s*)?\p{Ll}")
REACH = 50  # characters on each side of a boundary that tell whether it is one


def split_paragraphs(text: str, spans: pd.DataFrame, *, doc_id: str) -> pd.DataFrame:
    """Return the body paragraphs of a file (list items count as paragraphs).

    Parameters
    ----------
    text : str
        The file as decoded.
    spans : pandas.DataFrame
        Its partition, from `cleaning.split_spans`.
    doc_id : str
        Which document it is.

    Returns
    -------
    pandas.DataFrame
        ``doc_id``; ``paragraph``, counted from 1; ``kind``; ``start`` and ``end``, character offsets into the
        file, white space around the paragraph left out.
    """
    body = spans[spans["kind"].isin(BODY)]
    rows = [
        (doc_id, number, kind, *_trim(text, start, end))
        for number, (start, end, kind) in enumerate(zip(body["start"], body["end"], body["kind"]), start=1)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "paragraph", "kind", "start", "end"])


def split_sentences(text: str, paragraphs: pd.DataFrame, *, language: str = "en") -> pd.DataFrame:
    """Return the sentences of a file's paragraphs.

    Parameters
    ----------
    text : str
        The file as decoded.
    paragraphs : pandas.DataFrame
        From `split_paragraphs`.
    language : str
        ISO 639-1 code; the segmenter falls back on related languages' rules where it has none of its own.

    Returns
    -------
    pandas.DataFrame
        ``sentence_id``, the document and the number, such as ``002-17``; ``doc_id``; ``sentence``, counted
        from 1 through the document; ``paragraph``; ``start`` and ``end``, character offsets into the file;
        ``text``, verbatim.

    Notes
    -----
    The segmenter is sentencex [1]_. A boundary that it sees after an abbreviation it does not know (ru, be, az, hy),
    after an initial, or between direct speech and the words that introduce it, is taken back. An abbreviation that
    may also end a sentence, such as «г.» before a capital, ends none.

    References
    ----------
    .. [1] Thottingal, S., sentencex: a sentence segmentation library with wide language support.
    """
    rows = []
    for doc_id, paragraph, start, end in paragraphs[["doc_id", "paragraph", "start", "end"]].itertuples(index=False):
        for a, b in _sentence_bounds(text[start:end], language):
            number = len(rows) + 1
            rows.append(
                (f"{doc_id}-{number}", doc_id, number, paragraph, start + a, start + b, text[start + a : start + b])
            )
    return pd.DataFrame(rows, columns=["sentence_id", "doc_id", "sentence", "paragraph", "start", "end", "text"])


def _sentence_bounds(paragraph: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence; any white space is a space to the segmenter."""
    start, end = 0, 0
    plain = WHITE_SPACE.sub(" ", paragraph)
    for piece in _pieces(plain, language):
        end += len(piece)
        before, after = plain[max(start, end - REACH) : end], plain[end : end + REACH]
        if end - start >= WINDOW or not _goes_on(before, after):
            if plain[start:end].strip():
                yield _trim(paragraph, start, end)
            start = end


def _goes_on(before: str, after: str) -> bool:
    """Whether a sentence goes on where the segmenter, which knows few abbreviations beyond English, ends it."""
    found = LAST_WORD.search(before)
    word = found.group().casefold() if found else ""
    if NUMBER.match(after):
        return word in BEFORE_A_NUMBER
    if small := SMALL.match(after):  # an abbreviation, or words after direct speech
        return 0 < len(word) <= LONGEST_ABBREVIATION or bool(small.group(1) or SPEECH.search(before))
    return word in BEFORE_A_NAME or bool(INITIAL.search(before) and after)


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
