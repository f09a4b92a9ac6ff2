"""Texts to tokens and lines: one pass over their bytes, compiled.

`TOKEN` says what a token is; `scan_tokens` finds the same, and gives equal tokens the same number as it goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import regex

from analysis.corpus.compiling import compiled
from analysis.corpus.tokens import INVISIBLE, JOINERS, LETTERS

LETTER, NUMBER, MARK, JOINER, COMMA, BRACKET, HIDDEN, SPACE = range(1, 9)  # all other characters are 0
KINDS = {
    LETTER: f"{LETTERS}+",
    NUMBER: r"\p{N}+",
    MARK: r"\p{M}+",
    JOINER: f"{JOINERS}+",
    COMMA: ",+",
    BRACKET: r"[\[\]]+",
    HIDDEN: f"[{INVISIBLE}]+",
    SPACE: r"[\s\x1c-\x1f]+",
}
WIDTHS = {0x80: 0x80, 0xE0: 0x800, 0xF0: 0x10000}  # where all bytes are below this, all characters are below that
SHORT = 8  # bytes: a shorter token is its own key
BLANK, NEWLINE, RETURN = 0x20, 0x0A, 0x0D  # bytes; all up to a blank are white space or control characters
GOES_ON = -0x40  # with a sign, all bytes below this go on with a character that began before
SLOTS = 1 << 14
ZERO = np.int64(0)  # a plain 0 is of a type of its own, for which functions would be compiled, too
WORD = np.uint64  # of the processor: eight bytes, the first of them the lowest
ONE, LAST = WORD(1), WORD(56)  # LAST: where in a word its last byte stands
LONG = WORD(1 << 63)  # a bit that no key of a short token has
EACH = WORD(0x0101010101010101)  # times a number: that in each byte
HIGH, LOW, SMALL = EACH * WORD(0x80), EACH * WORD(0x7F), EACH * WORD(0x20)
FROM_A, PAST_Z, FROM_0, PAST_9 = (EACH * WORD(0x80 - ord(first)) for first in "a{0:")  # lift those from it on to HIGH
BASIS, PRIME, SPREAD = WORD(0xCBF29CE484222325), WORD(0x9FB21C651E98DF25), WORD(0x9E3779B97F4A7C15)


class Words(NamedTuple):
    """The different tokens met so far, numbered as they came; a hash table with open addressing and linear probing.

    Attributes
    ----------
    slots : numpy.ndarray of uint64, two columns
        The key of a word, and its number plus one; 0 where there is none.
    bounds : numpy.ndarray of int64
        Where each word begins in `letters`, and the last one ends; then room for more.
    letters : numpy.ndarray of uint8
        The words, one behind the other; then room for more.
    number : int
        How many there are.
    """

    slots: np.ndarray
    bounds: np.ndarray
    letters: np.ndarray
    number: int


class Tokens(NamedTuple):
    """The tokens of some texts.

    Attributes
    ----------
    ids : numpy.ndarray of int32, one per token
        Which of `words` it is.
    starts, ends : numpy.ndarray of int32, one per token
        Character offsets into its text.
    bounds : numpy.ndarray of int64
        For each text its first token; and at last the number of tokens.
    words : Words
        Those that were known before, and the new ones.
    """

    ids: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    bounds: np.ndarray
    words: Words


def no_words() -> Words:
    """Return the table to begin with."""
    bounds = np.zeros(SLOTS // 2 + 1, np.int64)
    return Words(np.zeros((SLOTS, 2), np.uint64), bounds, np.empty(SHORT * SLOTS, np.uint8), 0)


def spelled(words: Words) -> pa.LargeStringArray:
    """Return the words as text, by their number."""
    bounds, letters = words.bounds[: words.number + 1], words.letters[: words.bounds[words.number]]
    return pa.LargeStringArray.from_buffers(words.number, pa.py_buffer(bounds), pa.py_buffer(letters))


def as_bytes(texts: Sequence[str] | pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Return texts as one run of UTF-8, and where each begins and the last one ends; no copy of an Arrow array.

    Lone surrogates, which a Python string may hold, stand as three bytes each.
    """
    if isinstance(texts, pa.Array):
        _, bounds, data = texts.cast(pa.large_string()).buffers()
        bounds = np.frombuffer(bounds, np.int64)[texts.offset : texts.offset + len(texts) + 1]
        data = np.frombuffer(data or b"", np.uint8)[bounds[0] : bounds[-1]]
        data.flags.writeable = False  # as those of a list are: what is compiled need not be compiled for both
        return data, bounds - bounds[0]
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    return np.frombuffer(b"".join(encoded), np.uint8), np.cumsum([0, *map(len, encoded)], dtype=np.int64)


def scan_tokens(data: np.ndarray, bounds: np.ndarray, words: Words) -> Tokens:
    """Return the tokens of some texts, as `as_bytes` gives them; the words that are known are used up."""
    ids, starts, ends, first, *words = _scan(data, _eights(data), bounds, _kinds_for(data), *words)
    return Tokens(ids, starts, ends, first, Words(*words))


def scan_lines(data: np.ndarray, bounds: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the lines that are not empty, without the white space around them.

    Returns
    -------
    text, starts, ends : numpy.ndarray of int32, one per line
        Which text it stands in, and its character offsets there.
    """
    breaks = np.flatnonzero((data == NEWLINE) | (data == RETURN))
    text, begins, ends = _scan_lines(data, bounds, breaks, _kinds_for(data))
    goes_on = np.flatnonzero(data.view(np.int8) < GOES_ON)

    def place(at: np.ndarray) -> np.ndarray:
        return at - np.searchsorted(goes_on, at)

    zero = place(bounds)[text]
    return tuple(array.astype(np.int32) for array in (text, place(begins) - zero, place(ends) - zero))


def _eights(data: np.ndarray) -> np.ndarray:
    """The eight bytes from each byte on, as one number; none from the last seven bytes on. No copy of what is long."""
    whole = data if len(data) > 2 * SHORT else np.frombuffer(data.tobytes().ljust(2 * SHORT), np.uint8)
    return np.ndarray(len(whole) - SHORT + 1, WORD, whole, strides=(1,))


def _kinds_for(data: np.ndarray) -> np.ndarray:
    """The kind of every character that may stand in a text, by its number."""
    largest = data.max(initial=0)
    return _kinds(next((size for byte, size in WIDTHS.items() if largest < byte), 0x110000))


@cache
def _kinds(size: int) -> np.ndarray:
    """The kinds of the first so many characters of Unicode."""
    characters, kinds = "".join(map(chr, range(size))), np.zeros(size, np.uint8)
    for kind, pattern in KINDS.items():
        for match in regex.finditer(pattern, characters):
            kinds[match.start() : match.end()] = kind
    return kinds


@compiled
def _scan(data, eights, bounds, kinds, slots, words, letters, word):
    """Number the tokens of all texts; slots are added when half of them are taken."""
    tokens = np.empty((3, len(data) // 2 + len(bounds)), np.int32)
    first, token = np.zeros(len(bounds), np.int64), ZERO
    for text in range(len(bounds) - 1):
        at, stop, place = bounds[text], bounds[text + 1], ZERO
        if words[word] + stop - at > len(letters):
            letters = _longer(letters, 2 * len(letters) + stop - at)
        while at < stop:
            at, place, token, word = _scan_text(
                data, eights, at, stop, place, kinds, tokens, token, slots, words, letters, word
            )
            if word + 1 == len(words):
                slots, words = _more_slots(slots), _longer(words, 4 * word + 1)
        first[text + 1] = token
    return tokens[0, :token], tokens[1, :token], tokens[2, :token], first, slots, words, letters, word


@compiled
def _scan_text(data, eights, at, stop, place, kinds, tokens, token, slots, words, letters, word):
    """Number the tokens of a text from a byte on, until it ends or there is no room for another word.

    A run of ASCII letters and digits, which most tokens are, is read eight bytes at a time. Where something follows
    that may be of the token, it is read anew by the rules.
    """
    while at < stop and word + 1 < len(words):
        code, width = _character(data, at)
        if kinds[code] != LETTER and kinds[code] != NUMBER:
            at += width
            place += 1
            continue
        end, key = _plain_run(eights, at, stop)
        end_place = place + end - at
        if end >= stop or _may_go_on(data, end, stop, kinds):
            end, end_place = _end_of_token(data, at, stop, place, kinds)
            key = _key(data, at, end)
        found, slot = _find_word(data, at, end, key, slots, words, letters)
        if found < 0:
            found, word = word, word + 1
            slots[slot, 0], slots[slot, 1] = key, WORD(word)
            words[word] = words[found] + end - at
            letters[words[found] : words[word]] = data[at:end]
        tokens[0, token], tokens[1, token], tokens[2, token] = found, place, end_place
        token += 1
        at, place = end, end_place
    return at, place, token, word


@compiled
def _character(data, at):
    """The character that begins at a byte, and how many bytes it has."""
    first = np.int64(data[at])
    if first < 0x80:
        return first, 1
    if first < 0xE0:
        return (first & 0x1F) << 6 | (data[at + 1] & 0x3F), 2
    if first < 0xF0:
        return (first & 0x0F) << 12 | np.int64(data[at + 1] & 0x3F) << 6 | (data[at + 2] & 0x3F), 3
    two = np.int64(data[at + 1] & 0x3F) << 12 | np.int64(data[at + 2] & 0x3F) << 6
    return (first & 0x07) << 18 | two | (data[at + 3] & 0x3F), 4


@compiled
def _end_of_token(data, at, stop, place, kinds):
    """Where the token ends that begins at a byte, in bytes and in characters."""
    end, end_place = at, place
    last, between = 0, 0  # the kind of the last character of the token, and of what stands after it
    of_letter = False  # is the last one a letter, or a mark of it?
    while at < stop:
        code, width = _character(data, at)
        kind = kinds[code]
        if between == 0 or between == HIDDEN:
            goes_on = kind in (LETTER, NUMBER, MARK)
        else:
            goes_on = (kind == LETTER and between != COMMA) or (kind == NUMBER and between != BRACKET)
        at += width
        place += 1
        if goes_on:
            of_letter = kind == LETTER or (kind == MARK and of_letter and between == 0)
            last, between, end, end_place = kind, 0, at, place
        elif kind == HIDDEN and (between == 0 or between == HIDDEN):
            between = HIDDEN
        elif between == 0 and (kind == JOINER or (kind == COMMA and last == NUMBER) or (kind == BRACKET and of_letter)):
            between = kind
        else:
            break
    return end, end_place


@compiled
def _find_word(data, begin, end, key, slots, words, letters):
    """The number of a token that was there before, or -1; and its slot."""
    slot = _slot(key, slots)
    while slots[slot, 1]:
        if slots[slot, 0] == key:
            word = np.int64(slots[slot, 1]) - 1
            if end - begin < SHORT or _same(data[begin:end], letters[words[word] : words[word + 1]]):
                return word, slot
        slot = slot + ONE & WORD(len(slots) - 1)
    return -1, slot


@compiled
def _plain_run(eights, begin, stop):
    """Where a run of ASCII letters and digits ends, and its key; or where its text ends, if it is too near to that."""
    end, key = begin, BASIS
    while end < min(stop, len(eights)):  # texts stand side by side: a run must not be followed into the next ones
        other = _first_other(eights[end])
        inside = (other >> WORD(7)) - ONE if other else ~WORD(0)  # the bits of the bytes before that
        chunk = eights[end] & inside
        key = _mixed(key, chunk)
        if other:
            end += np.int64((inside & EACH) * EACH >> LAST)
            return end, chunk if end - begin < SHORT else key | LONG
        end += 8
    return stop, key


@compiled
def _may_go_on(data, end, stop, kinds):
    """Whether a token that came to a byte which is no ASCII letter or digit may go on there."""
    if data[end] >= 0x80:
        return True
    return NUMBER < kinds[data[end]] < SPACE and end + 1 < stop and data[end + 1] > BLANK


@compiled
def _first_other(eight):
    """The highest bit of the first of eight bytes that is no ASCII letter or digit; 0 if all are."""
    low = eight & LOW
    small = low | SMALL
    plain = (small + FROM_A & ~(small + PAST_Z)) | (low + FROM_0 & ~(low + PAST_9))
    others = (~plain | eight) & HIGH
    return others & ~(others - ONE)


@compiled
def _key(data, begin, end):
    """A number for a token: of a short one its bytes, of others a hash of all of them, eight at a time."""
    key = BASIS
    for first in range(begin, end + 1, 8):
        chunk = WORD(0)
        for at in range(first, min(first + 8, end)):
            chunk |= WORD(data[at]) << WORD(8 * (at - first))
        key = _mixed(key, chunk)
    return chunk if end - begin < SHORT else key | LONG


@compiled
def _mixed(key, chunk):
    key = (key ^ chunk) * PRIME
    return key ^ key >> WORD(29)


@compiled
def _slot(key, slots):
    return (key ^ key >> WORD(32)) * SPREAD >> WORD(32) & WORD(len(slots) - 1)


@compiled
def _same(some, others):
    """Whether two runs of bytes are equal."""
    if len(some) != len(others):
        return False
    for at in range(len(some)):  # noqa: SIM110
        if some[at] != others[at]:
            return False
    return True


@compiled
def _more_slots(slots):
    """Four times as many slots, with the same words."""
    more = np.zeros((4 * len(slots), 2), np.uint64)
    for key, word in slots:
        if word:
            slot = _slot(key, more)
            while more[slot, 1]:
                slot = slot + ONE & WORD(len(more) - 1)
            more[slot, 0], more[slot, 1] = key, word
    return more


@compiled
def _longer(array, size):
    """The same with more room behind it; one by one, for what NumPy does takes seconds to compile."""
    longer = np.empty(size, array.dtype)
    for at in range(len(array)):
        longer[at] = array[at]
    return longer


@compiled
def _scan_lines(data, bounds, breaks, kinds):
    """The lines of all texts that are not empty: in which text, and the bytes where each begins and ends."""
    lines, line, after = np.empty((3, len(breaks) + len(bounds)), np.int64), 0, 0
    for text in range(len(bounds) - 1):
        at, stop = bounds[text], bounds[text + 1]
        while at < stop:
            end = stop
            if after < len(breaks) and breaks[after] < stop:
                end, after = breaks[after], after + 1
            begin, last = _without_space(data, at, end, kinds)
            if begin < last:
                lines[0, line], lines[1, line], lines[2, line] = text, begin, last
                line += 1
            at = end + 1
    return lines[:, :line]


@compiled
def _without_space(data, begin, end, kinds):
    """The bytes of a line without the white space at its two ends."""
    while begin < end:
        code, width = _character(data, begin)
        if kinds[code] != SPACE:
            break
        begin += width
    while begin < end:
        last = end - 1
        while data[last] & 0xC0 == 0x80:
            last -= 1
        if kinds[_character(data, last)[0]] != SPACE:
            break
        end = last
    return begin, end
