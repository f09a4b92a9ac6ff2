"""What a word is: where tokens begin and end in a text, and which term each counts as.

What a token is
    A run of letters, digits and combining marks of any script. Between two letters or digits also an apostrophe,
    a hyphen or a full stop, and a comma between two digits: ``well-known``, ``example.org``, ``U.S``, ``1,000``
    and ``don’t`` are one token each. A square bracket between two letters is an editor's: ``[W]e`` is one token. A
    dash separates.

What a term is
    A token as it is counted: case-folded, apostrophes straight, the English possessive off (``Vienna’s`` and
    ``Brussels’`` count as ``vienna`` and ``brussels``), editors' brackets and invisible characters off, letters with
    their marks composed (NFC), ``İ`` as ``i``. Tokens that share a term share an id.

The pattern `TOKEN` says it; `token_bounds` does the same for a whole corpus at once, on arrays.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

import numpy as np
import regex

INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"  # soft hyphens, joiners, direction marks
LETTERS, JOINERS = r"[^\P{L}ʼ]", "['’ʼ.‐‑-]"  # ʼ is a letter to Unicode, and an apostrophe here
JOIN = JOINERS + r"|(?<=\p{N}),(?=\p{N})|(?<=\p{L}\p{M}*)[\[\]](?=\p{L})"


def _token_pattern(wildcards: str = "") -> regex.Pattern:
    """A token; in a search pattern, wildcards count as letters."""
    word = rf"(?:{LETTERS}|[\p{{N}}{wildcards}])(?:[{INVISIBLE}]*(?:{LETTERS}|[\p{{N}}\p{{M}}{wildcards}]))*"
    return regex.compile(rf"{word}(?:(?:{JOIN}){word})*")


TOKEN, PATTERN_TOKEN = _token_pattern(), _token_pattern("*?")
UNSEEN = regex.compile(f"[{INVISIBLE}\\[\\]]")
POSSESSIVE = regex.compile("(?:'s)+$")
TERM_CHARACTERS = str.maketrans({"’": "'", "ʼ": "'", "‐": "-", "‑": "-"})

LETTER, NUMBER, MARK, JOINER, COMMA, BRACKET, HIDDEN = range(1, 8)  # kinds of characters; all others are of kind 0
KINDS = {
    LETTER: f"{LETTERS}+",
    NUMBER: r"\p{N}+",
    MARK: r"\p{M}+",
    JOINER: f"{JOINERS}+",
    COMMA: ",+",
    BRACKET: r"[\[\]]+",
    HIDDEN: f"[{INVISIBLE}]+",
}
PIECE = 1 << 20  # bytes
WIDTH = np.repeat([1, 0, 2, 3, 4], [0x80, 0x40, 0x20, 0x10, 0x10])  # bytes of a character, by its first byte in UTF-8


@lru_cache(maxsize=1 << 18)
def term(token: str) -> str:
    """Return the term that a token counts as.

    Examples
    --------
    >>> [term(t) for t in ["Vienna’s", "WELL-known", "W]e", "Don’t", "Is\u0327tanbul"]]
    ['vienna', 'well-known', 'we', "don't", 'iştanbul']
    """
    folded = UNSEEN.sub("", token).casefold().translate(TERM_CHARACTERS)
    return unicodedata.normalize("NFC", POSSESSIVE.sub("", folded)).replace("i\u0307", "i")


def tokenise(text: str) -> list[str]:
    """Return the tokens of a text, as spelled.

    Examples
    --------
    >>> tokenise("“[W]e are” well-known—see U.S. media (example.org).")
    ['W]e', 'are', 'well-known', 'see', 'U.S', 'media', 'example.org']
    """
    return TOKEN.findall(text)


def token_bounds(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Return where the tokens of a text begin and end: what `TOKEN` finds in it, many times faster.

    Parameters
    ----------
    data : bytes
        The text in UTF-8. Lone surrogates may stand in it.

    Returns
    -------
    starts, ends : numpy.ndarray of int64
        Byte offsets.

    Notes
    -----
    Every byte gets the kind of its character. Where letters, digits and marks begin and end, a run begins and ends; two
    runs are one token if a single joiner stands between them. Lines with what that does not decide, such as a mark at
    the head of a run, are left to the pattern. No token goes beyond a line, so the text is read some lines at a time:
    arrays that fit the processor's cache are several times faster.
    """
    parts, begin = [np.zeros((2, 0), np.int64)], 0
    while begin < len(data):
        end = data.find(b"\n", begin + PIECE) + 1 or len(data)
        parts.append(np.stack(_bounds_in_piece(data[begin:end])) + begin)
        begin = end
    return tuple(np.concatenate(parts, axis=1))


def _bounds_in_piece(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """The bounds of the tokens in some lines."""
    kind = _kinds_of_bytes(data)
    core = (kind - np.uint8(1)) < MARK  # letters, numbers and marks; 0 wraps to 255
    edges = np.flatnonzero(core[1:] != core[:-1])
    first, last = edges[::2], edges[1::2]
    gap = np.flatnonzero(kind[last[:-1] + 1])  # the runs with something between them and the next that may join
    left, right = last[gap], first[gap + 1]
    before, between, after = kind[left], kind[left + 1], kind[right + 1]
    joins = (
        ((between == JOINER) & (after != MARK))
        | ((between == COMMA) & (before == NUMBER) & (after == NUMBER))
        | ((between == BRACKET) & (before == LETTER) & (after == LETTER))
    )
    joined = gap[joins & (right - left == WIDTH[np.frombuffer(data, np.uint8)[left]])]
    starts, ends = np.delete(first, joined + 1), np.delete(last, joined)
    marked = left[(between == BRACKET) & (before == MARK)]
    headed = first[kind[first + 1] == MARK]
    hidden = np.flatnonzero(kind == HIDDEN) - 1
    return _read_lines_again(data, starts, ends, np.concatenate([marked, headed, hidden]))


def _kinds_of_bytes(data: bytes) -> np.ndarray:
    """The kind of the character to which each byte belongs, with a 0 before the first and after the last."""
    ascii_kinds = bytes(_kinds(0x80)) + bytes(0x80)
    kind = np.frombuffer(b"\0" + data.translate(ascii_kinds) + b"\0", np.uint8)
    buffer = np.frombuffer(data, np.uint8)
    lead = np.flatnonzero(buffer >= 0xC0)
    if not len(lead):
        return kind
    kind, width = kind.copy(), WIDTH[buffer[lead]]
    for size, bits in ((2, 0x1F), (3, 0x0F), (4, 0x07)):
        at = lead[width == size]
        code = buffer[at].astype(np.uint32) & bits
        for offset in range(1, size):
            code = code << 6 | buffer[at + offset] & 0x3F
        kinds = _kinds(1 << int(code.max()).bit_length())[code] if len(code) else code
        for offset in range(size):
            kind[at + offset + 1] = kinds
    return kind


@cache
def _kinds(size: int) -> np.ndarray:
    """The kinds of the first so many characters of Unicode."""
    characters = "".join(map(chr, range(min(size, 0x110000))))
    kinds = np.zeros(len(characters), np.uint8)
    for kind, pattern in KINDS.items():
        for match in regex.finditer(pattern, characters):
            kinds[match.start() : match.end()] = kind
    return kinds


def _read_lines_again(
    data: bytes, starts: np.ndarray, ends: np.ndarray, places: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The bounds with those of the lines in which these places lie taken from the pattern."""
    done, new, keep = -1, [], np.ones(len(starts), bool)
    for place in np.sort(places).tolist():
        if place > done:
            begin, done = data.rfind(b"\n", 0, place) + 1, data.find(b"\n", place) % (len(data) + 1)
            keep[slice(*np.searchsorted(starts, [begin, done]))] = False
            text = data[begin:done].decode("utf-8", "surrogatepass")
            offsets = np.cumsum([begin, *(len(character.encode("utf-8", "surrogatepass")) for character in text)])
            new += [offsets[list(match.span())] for match in TOKEN.finditer(text)]
    if done < 0:
        return starts, ends
    starts, ends = starts[keep], ends[keep]
    new_starts, new_ends = np.array(new, np.int64).reshape(-1, 2).T
    at = np.searchsorted(starts, new_starts)
    return np.insert(starts, at, new_starts), np.insert(ends, at, new_ends)
