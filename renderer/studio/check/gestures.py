"""Movements of hands and arms, and whether a conversation can use them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...settings import FPS
from ..footage import Footage
from ..gestures import SETTLES, BodyMotion, Movement, find_movements
from ..landmarks import Landmarks

AT_ONCE = 120 * FPS
"""Pictures looked at together: what is kept does not grow with the recording."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """One movement of hands or arms, in seconds since the first picture."""

    start: float
    end: float
    returns: bool
    """Whether the hands come back to where they were."""


class GestureWatch:
    """Collects pictures, small, and finds movements in a few minutes of them at a time."""

    def __init__(self, footage: Footage) -> None:
        self._width = footage.width
        self._greys: list[NDArray[np.uint8]] = []
        self._points: list[Landmarks] = []
        self._first = 0
        self._found: list[Gesture] = []

    def see(self, grey: NDArray[np.float32], points: Landmarks) -> None:
        """Look at the next picture (`loops.small_grey`); `points` are NaN where there is no face."""
        self._greys.append(grey.astype(np.uint8))
        self._points.append(points)
        if len(self._greys) >= AT_ONCE:
            # a movement near the end may go on after it
            self._take(len(self._greys) - SETTLES)

    def found(self) -> tuple[Gesture, ...]:
        """All movements; ends the watching."""
        if len(self._greys) > 2:
            self._take(len(self._greys))
        return tuple(self._found)

    def _take(self, until: int) -> None:
        body = BodyMotion(np.stack(self._greys).astype(np.float32), np.stack(self._points), self._width)
        done = until
        for movement in find_movements(body):
            if movement.start < until:
                self._found.append(_gesture(movement, self._first))
                done = max(done, movement.end)
        self._first += done
        self._greys, self._points = self._greys[done:], self._points[done:]


def _gesture(movement: Movement, first: int) -> Gesture:
    return Gesture((first + movement.start) / FPS, (first + movement.end) / FPS, movement.returns)
