"""One process at a time: a lock on a file, which the system gives back when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LOOK_EVERY = 0.2
"""Seconds between two looks at a lock that another holds."""


@contextmanager
def locked(
    path: Path, on_wait: Callable[[], None] | None = None, wait: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Hold the lock of this file, which is made if need be and stays.

    path     in a folder that exists
    on_wait  told once, if another process or thread holds it
    """
    number = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        is_told = False
        while not _take(number):
            if on_wait is not None and not is_told:
                on_wait()
                is_told = True
            wait(LOOK_EVERY)
        try:
            yield
        finally:
            _give_back(number)
    finally:
        os.close(number)


if sys.platform == "win32":
    import msvcrt

    def _take(number: int) -> bool:
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _give_back(number: int) -> None:
        os.lseek(number, 0, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(number: int) -> bool:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _give_back(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_UN)
