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

The pattern `TOKEN` says it; `scanning.scan_tokens` does the same for a whole corpus at once.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc
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
POSSESSIVE = "(?:'s)+$"
ENDING = regex.compile("(?<!'s)(?:'s)++$")  # the same, begun once for each run, so that many take no longer
MEANT = {"’": "'", "ʼ": "'", "‐": "-", "‑": "-"}
TERM_CHARACTERS = str.maketrans(MEANT)


@lru_cache(maxsize=1 << 18)
def term(token: str) -> str:
    """Return the term that a token counts as.

    Parameters
    ----------
    token : str
        As spelled.

    Returns
    -------
    str
        In small letters, without the English possessive, invisible characters and an editor’s brackets.

    Examples
    --------
    >>> [term(t) for t in ["Vienna’s", "WELL-known", "W]e", "Don’t", "Is\u0327tanbul"]]
    ['vienna', 'well-known', 'we', "don't", 'iştanbul']
    """
    folded = ENDING.sub("", UNSEEN.sub("", token).casefold().translate(TERM_CHARACTERS))
    composed = unicodedata.normalize("NFC", folded)
    return unicodedata.normalize("NFC", composed.replace("i\u0307", "i")) if "i\u0307" in composed else composed


def terms_of(tokens: pa.LargeStringArray) -> pa.LargeStringArray:
    """Return the term that each token counts as: the same as `term`, for those in ASCII letters all at once."""
    lower = pc.ascii_lower(tokens)
    special = pc.invert(pc.ascii_is_alnum(lower))
    marked = lower.filter(special)
    for character, meant in MEANT.items():
        marked = pc.replace_substring(marked, character, meant)
    for pattern in (UNSEEN.pattern, POSSESSIVE):
        marked = pc.replace_substring_regex(marked, pattern, "")
    others = pc.invert(pc.string_is_ascii(marked))
    folded = pa.array([term(token) for token in tokens.filter(special).filter(others).to_pylist()], tokens.type)
    return pc.replace_with_mask(lower, special, pc.replace_with_mask(marked, others, folded))


def tokenise(text: str) -> list[str]:
    """Return the tokens of a text, as spelled.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str

    Notes
    -----
    A token is a run of letters and digits of any script. Hyphens, apostrophes and full stops within it belong to it, a
    dash separates.

    Examples
    --------
    >>> tokenise("“[W]e are” well-known—see U.S. media (example.org).")
    ['W]e', 'are', 'well-known', 'see', 'U.S', 'media', 'example.org']
    """
    return TOKEN.findall(text)
