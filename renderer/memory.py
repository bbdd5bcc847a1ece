"""Memory that was freed and is still the program's."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable


def give_back() -> None:
    """Give freed memory back to the system, where the C library is glibc; elsewhere it needs no asking.

    glibc keeps freed blocks in arenas, one for each thread, and gives back only what lies at an arena's end.
    A closed avatar leaves 30 to 60 MB there (decoders' pictures, networks' weights) between blocks that live
    on; the next avatar's blocks have other sizes, so the holes grow from one to the next (measured by
    `python -m benchmarks.soak`). Takes some milliseconds.
    """
    trim = _malloc_trim()
    if trim is not None:
        trim(0)


@functools.cache
def _malloc_trim() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library; TypeError is Windows'
        return None
