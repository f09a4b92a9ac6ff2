"""Bytes to text: one file in, its characters out, or a reason why not."""

from __future__ import annotations

import hashlib
from pathlib import Path

from analysis.errors import Problem, StudyError


def read_text(path: Path) -> str:
    """Return a UTF-8 file as text, with every character and line end as it stands in the file.

    Raises
    ------
    StudyError
        The file is missing, unreadable, empty, or not UTF-8 (then with the offset of the bad byte).
    """
    return decode(read_bytes(path), path.name)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    StudyError
        The file is missing or cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise StudyError(
            Problem(path.name, "the file is missing", f"Put it into {path.resolve().parent.name}/.")
        ) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StudyError(Problem(path.name, f"the file cannot be read ({reason})", "Give a readable file.")) from None


def decode(data: bytes, name: str) -> str:
    """Decode UTF-8; a byte-order mark at the start stays in the text, so that offsets hold.

    Raises
    ------
    StudyError
        Nothing but white space, or not UTF-8.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"it is not UTF-8 text: byte {data[error.start]:#04x} at offset {error.start}"
        raise StudyError(Problem(name, what, "Save it as UTF-8.")) from None
    if not text.replace("\ufeff", "").strip():
        raise StudyError(Problem(name, "the file is empty", "Write something into it, or remove it."))
    return text


def fingerprint(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
