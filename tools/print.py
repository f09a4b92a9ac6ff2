"""Make the whole book one file, to print or to carry.

    python tools/print.py pdf              # _build/book.pdf
    python tools/print.py epub             # _build/book.epub
    python tools/print.py pdf my-study     # the same of another study's book, _build/my-study/book.pdf

The built book is brought up to date first; its pages are what is printed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from book import book_of, build, is_study


def main(arguments: list[str]) -> int:
    """Do what the arguments say."""
    kind, *study = arguments or [""]
    if kind not in ("pdf", "epub") or len(study) > 1:
        print(__doc__, file=sys.stderr)
        return 2
    if kind == "pdf":
        from pdf import write_pdf as write
    else:
        from epub import write_epub as write
    if study and not is_study(study[0]):
        return 1
    book = book_of(*map(Path, study))
    if failed := build(book):
        return failed
    print(f"open {write(book.build)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
