"""Pictures given away for good, and used again once nobody holds them."""

from __future__ import annotations

import sys

import numpy as np

from .types import Picture

KEPT = 8
"""Buffers kept at most: a session's queue, a player's, the one drawn and the one shown."""

_OURS = 3
"""References to a buffer nobody else holds: the list's, the loop's, and that of the question."""


class Buffers:
    """Hands out arrays of one shape. Whoever gets one may keep it, or any view of it, as long as they like.

    A new array of some megabytes for every frame would cost page faults (half a millisecond at 720p) and
    leave holes in the heap that grow by the hour.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._shape = shape
        self._kept: list[Picture] = []

    def take(self) -> Picture:
        """An array nobody else holds. What is in it is anything."""
        for buffer in self._kept:
            if sys.getrefcount(buffer) == _OURS:  # views, frames and memoryviews all count
                return buffer
        buffer = np.empty(self._shape, np.uint8)
        if len(self._kept) < KEPT:
            self._kept.append(buffer)
        return buffer
