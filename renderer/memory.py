"""Memory that is the program's and serves nothing any more."""

from __future__ import annotations

import ctypes
import functools
import mmap
from collections.abc import Callable, Iterator
from pathlib import Path

COMPILER = "libllvmlite"
"""In the name of the library that holds numba's compiler."""

LARGE = 1 << 20
"""Bytes of a block that goes back to the system by itself: pictures have more, all else has less."""

_MMAP_THRESHOLD = -3  # glibc's M_MMAP_THRESHOLD


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


def keep_large_blocks_apart() -> None:
    """Let glibc take every large block from the system and give it back when it is freed.

    Else it puts pictures between small blocks that live on, and the holes they leave stay resident: 8 to 15
    MB after avatars have been switched (measured by `python -m benchmarks.soak`). It holds for the process
    and makes large blocks that come and go dearer (0.2 ms a megabyte), so it is for programs of ours; others
    may set MALLOC_MMAP_THRESHOLD_=1048576 in their environment.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(_MMAP_THRESHOLD, LARGE)


def let_go_of_the_compiler() -> None:
    """Give freed memory back, and the pages of numba's compiler, which has compiled all there is.

    They are 50 to 60 MB of LLVM's code, read from its file. A page that is needed again is read again, so it
    changes nothing but what is resident. Takes some milliseconds. Linux only; elsewhere the compiler stays.
    """
    give_back()
    advise = _madvise()
    if advise is None:
        return
    for first, length in _unwritten(COMPILER):
        advise(first, length, mmap.MADV_DONTNEED)


def _unwritten(library: str, maps: Path = Path("/proc/self/smaps")) -> Iterator[tuple[int, int]]:
    """Address and length of the mappings of a library that hold nothing but what its file holds."""
    if not maps.exists():
        return
    found: tuple[int, int] | None = None
    for line in maps.read_text().splitlines():
        words = line.split()
        if not words[0].endswith(":"):  # first-last, permissions, offset, device, inode, path
            first, last = (int(number, 16) for number in words[0].split("-"))
            is_ours = len(words) > 5 and library in Path(words[5]).name and "w" not in words[1]
            found = (first, last - first) if is_ours else None
        elif words[0] == "Anonymous:" and found is not None and int(words[1]) == 0:
            yield found


@functools.cache
def _madvise() -> Callable[[int, int, int], int] | None:
    if not hasattr(mmap, "MADV_DONTNEED"):
        return None
    try:
        madvise = ctypes.CDLL(None).madvise
    except (AttributeError, OSError, TypeError):
        return None
    madvise.argtypes, madvise.restype = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int), ctypes.c_int
    return madvise


@functools.cache
def _malloc_trim() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library; TypeError is Windows'
        return None
