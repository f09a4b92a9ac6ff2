"""Where the tokens of an index stand: packed beside its documents, and written out when a measure first asks."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from analysis.corpus.arrow_files import Columns, in_few_bytes, join_files, read_file, read_or_make
from analysis.corpus.parts import part_files
from analysis.corpus.scanning import Tokens

KINDS = {"start": np.dtype(np.int32), "end": np.dtype(np.int32)}


def pack_places(tokens: Tokens) -> Columns:
    """Return the places of some tokens as numbers that are small.

    Returns
    -------
    dict of str to numpy.ndarray, one value per token
        ``gap``, the characters between it and the token before, or the beginning of its text; and ``length``. The gap
        is below zero if several stand in one place, as they may where an encoding was broken.
    """
    first = tokens.bounds[:-1][np.diff(tokens.bounds) > 0]
    before = np.append(np.int32(0), tokens.ends[:-1])[: len(tokens.ends)]
    before[first] = 0
    return {"gap": in_few_bytes(tokens.starts - before), "length": in_few_bytes(tokens.ends - tokens.starts)}


def unpack_places(packed: Columns, bounds: np.ndarray) -> Columns:
    """Return ``start`` and ``end`` of tokens that were packed, given the bounds of their texts."""
    walked = np.cumsum(packed["gap"] + packed["length"].astype(np.int64))
    zero = np.append(0, walked)[bounds[:-1]]
    ends = walked - np.repeat(zero, np.diff(bounds))
    return {"start": ends - packed["length"], "end": ends}


def read_places(folder: Path) -> Columns:
    """Return where the tokens of an index stand, mapped from the disk; if nobody has asked yet, it is written out.

    Returns
    -------
    dict of str to numpy.ndarray of int32, one value per token
        ``start`` and ``end``, characters of its document's text.

    Raises
    ------
    StudyError
        They have to be written, and the folder cannot be; or their file is damaged.
    """
    return read_or_make(folder / "places.arrow", "places of words", partial(_write_places, folder))


def _write_places(folder: Path, whole: Path) -> None:
    """Unpack the places of all parts, one behind the other."""
    documents, packed_files = part_files(folder, "documents"), part_files(folder, "places")
    if len(documents) != len(packed_files):
        raise pa.ArrowInvalid("a file of places is missing")

    def unpacked(number: int, packed: Columns) -> Columns:
        tokens = read_file(documents[number]).column("tokens").to_numpy()
        return unpack_places(packed, np.append(0, np.cumsum(tokens)))

    join_files(packed_files, whole, unpacked, KINDS)
