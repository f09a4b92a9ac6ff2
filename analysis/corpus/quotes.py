"""What stands between quotation marks."""

from __future__ import annotations

import regex

from analysis.corpus import Study

CLOSED_BY = {"“": '”"', "„": '“”"', "«": "»", '"': '"', "‘": "’"}
SINGLE = "‘"
DEEPEST = 8  # marks open at a time; of more, the first was never closed
MARK = regex.compile(r"[“”„«»\"]|(?<![\p{L}\p{N}])‘(?=[^\s\p{N}])|(?<=\S)’(?![\p{L}\p{N}])")


def quoted_spans(study: Study, row: int) -> list[tuple[int, int]]:
    """Return what stands between quotation marks in a paragraph, as character offsets into its document’s file.

    Parameters
    ----------
    study : Study
    row : int
        That of the paragraph in `study.paragraphs`.
    """
    two = study.paragraphs.iloc[row : row + 2]
    documents, starts = two["doc_id"].tolist(), two["start"].tolist()
    text, begin = study.texts[documents[0]], starts[0]
    after = text[starts[1]] if documents[1:] == documents[:1] else ""
    return [(begin + a, begin + b) for a, b in quotations_in(text[begin : two["end"].iloc[0]], after=after)]


def quotations_in(text: str, *, after: str = "") -> list[tuple[int, int]]:
    """Return what stands between quotation marks in a paragraph, as pairs of offsets.

    Parameters
    ----------
    text : str
    after : str
        The first character of the paragraph that follows.

    Returns
    -------
    list of (int, int)
        From after the opening mark up to the closing one, in the order in which they close.

    Examples
    --------
    >>> text = "Brussels’ “so-called ‘plan’” isn’t “done."
    >>> [text[first:end] for first, end in quotations_in(text)]
    ['plan', 'so-called ‘plan’']
    """
    opened: list[tuple[str, int]] = []
    found = []
    for match in MARK.finditer(text):
        mark, place = match.group(), match.start()
        fitting = [n for n, (opening, _) in enumerate(opened) if mark in CLOSED_BY[opening]]
        if fitting and (mark != CLOSED_BY[SINGLE] or fitting[-1] == len(opened) - 1):
            found.append((opened[fitting[-1]][1], place))
            del opened[fitting[-1] :]
        elif mark in CLOSED_BY:
            opened = [*opened[1 - DEEPEST :], (mark, place + 1)]
    found += [(begin, len(text)) for mark, begin in opened if mark == after != SINGLE]
    return found
