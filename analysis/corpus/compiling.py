"""Functions over bytes and arrays that are compiled, for what NumPy has no words for."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Callable

import numba

atexit.register(gc.freeze)  # else the end of the process is spent on a search for garbage among the compiler's objects


def compiled(function: Callable) -> Callable:
    """Compile a function when it is first called, and keep that on the disk where one can write; it runs in threads."""
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no folder to keep it in
        return numba.njit(nogil=True)(function)
