"""What stands between quotation marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import regex

from analysis.corpus import Study, document_rows

CLOSED_BY = {"“": '”"', "„": '“”"', "«": "»", '"': '"', "‘": "’"}
SINGLE = "‘"
DEEPEST = 8  # marks open at a time; of more, the first was never closed
MARK = regex.compile(r"[“”„«»\"]|(?<![\p{L}\p{N}])‘(?=[^\s\p{N}])|(?<=\S)’(?![\p{L}\p{N}])")


def quoted_spans(study: Study, rows: Iterable[int]) -> Iterator[list[tuple[int, int]]]:
    """Yield what stands between quotation marks in paragraphs, as character offsets into their documents’ files.

    Parameters
    ----------
    study : Study
    rows : iterable of int
        Those of the paragraphs in `study.paragraphs`; best in order, for a text is held until another is asked for.
    """
    table = study.paragraphs
    document = np.append(document_rows(study, table["doc_id"]), -1)
    starts, ends = (table[side].to_numpy(np.int64) for side in ("start", "end"))
    doc_ids = study.documents["doc_id"].tolist()
    for row in rows:
        begin, end, text = int(starts[row]), int(ends[row]), study.texts[doc_ids[document[row]]]
        after = text[starts[row + 1]] if document[row + 1] == document[row] else ""
        yield [(begin + a, begin + b) for a, b in quotations_in(text[begin:end], after=after)]


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
