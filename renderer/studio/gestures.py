"""Movements of hands and arms: when they begin, how far they go, and whether they lead back.

Frames are compared by their small grey pictures (`loops.small_grey`), head left out. A place counts as
changed if no grey level within one cell of it explains what is seen there, neither as the frame stands nor
with the head brought to where it usually is: swaying and nodding, which move everything a little, vanish,
and what hands cover or uncover remains. What remains is measured as an area, in squares of the distance
between the outer corners of the eyes; a hand seen from the front covers about one and a half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..settings import FPS
from .mouthspace import Points

Real = NDArray[np.floating[Any]]

LONGEST = 3 * FPS
"""Frames: a movement that has not led back by then is no gesture."""

SETTLES = 10 * FPS
"""Frames within which a movement may lead back at all; later, the person has taken another posture."""

SHORTEST = 8
"""Frames: shorter movements are twitches."""

MOVES = 0.3
"""Changed area within STEP frames from which on something moves ..."""

STILL = 0.1
"""... until less than this changes ..."""

HOLDS = 6
"""... for so many frames."""

STEP = 4
"""Frames between the pictures in which movement is looked for."""

REACH = 1.0
"""Changed area between start and farthest picture below which a movement is not worth a name."""

BACK = (0.45, 0.25)
"""Changed area between the first and the last picture of a movement that led back: at most so much, or this
share of its reach."""

NOISE, USUAL, SOLID = 6.0, 4.0, 20.0
"""Grey levels, beside USUAL times what this cell usually changes by, that mean nothing; and how many more
count as a wholly changed cell."""

_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Movement:
    """Hands that leave their place."""

    start: int
    """The last frame before anything moves."""

    end: int
    """One past the first frame in which all is still again."""

    reach: float
    """Changed area between the first picture and the one farthest from it, in square eye distances."""

    astray: float
    """Changed area between the first and the last picture, likewise."""

    @property
    def frames(self) -> int:
        """How long it takes."""
        return self.end - self.start

    @property
    def returns(self) -> bool:
        """Whether it ends in the pose it began in."""
        return self.astray <= max(BACK[0], BACK[1] * self.reach)

    @property
    def is_gesture(self) -> bool:
        """Whether it can be played on its own: it returns, and soon enough (R-E2)."""
        return self.returns and SHORTEST <= self.frames <= LONGEST and self.reach >= REACH


class BodyMotion:
    """The film below and beside the face, to tell how much of it changes between two frames."""

    def __init__(self, greys: Real, points: Points, width: int) -> None:
        """`greys` (n, h, w): the frames, small; `points` (n, 478, 3) in pixels, NaN without a face, of
        frames `width` pixels wide."""
        self.frames = len(greys)
        cell = width / greys.shape[2]
        found = np.isfinite(points).all(axis=(1, 2))
        self._as_filmed = np.asarray(greys, np.float32)
        if found.any():
            eyes = np.linalg.norm(points[found, 263, :2] - points[found, 33, :2], axis=1)
            self._area = float((cell / np.median(eyes)) ** 2)
            self._body = _away_from_head(points[found], greys.shape[1:], cell)
            self._headed = _with_head_in_place(self._as_filmed, points, found, cell)
        else:
            self._area = float(1 / greys[0].size)
            self._body = np.ones(greys.shape[1:], np.float32)
            self._headed = self._as_filmed
        neighbours = np.abs(np.diff(self._as_filmed, axis=0))
        usual = np.median(neighbours, axis=0) if len(neighbours) else np.zeros(greys.shape[1:])
        self._floor = (NOISE + USUAL * usual).astype(np.float32)

    def apart(self, first: NDArray[np.intp], second: NDArray[np.intp]) -> NDArray[np.float32]:
        """Changed area between frames `first` and `second`, shape (m,) each and returned."""
        total = np.zeros(len(first), np.float32)
        for begin in range(0, len(first), _CHUNK):
            a, b = first[begin : begin + _CHUNK], second[begin : begin + _CHUNK]
            change = np.minimum(
                _unexplained(self._as_filmed[a], self._as_filmed[b]),
                _unexplained(self._headed[a], self._headed[b]),
            )
            share = np.clip((change - self._floor) / SOLID, 0.0, 1.0) * self._body
            total[begin : begin + _CHUNK] = share.sum(axis=(1, 2)) * self._area
        return total

    def motion(self) -> NDArray[np.float32]:
        """How much moves around each frame, shape (n,): the area that changes within STEP frames."""
        here = np.arange(self.frames)
        half = STEP // 2
        return self.apart(np.maximum(here - half, 0), np.minimum(here + half, self.frames - 1))


def find_movements(body: BodyMotion) -> list[Movement]:
    """All movements of hands and arms that reach REACH, in their order; none overlap.

    Short ones that lead back are looked for first, then longer ones, pauses included, that lead back within
    SETTLES frames; what is left over is movements into another posture, each as long as it lasts.
    """
    bursts = _bursts(body.motion())
    spans = [
        (bursts[first][0], bursts[last][1], first, last)
        for first in range(len(bursts))
        for last in range(first, len(bursts))
        if first == last or bursts[last][1] - bursts[first][0] <= SETTLES
    ]
    if not spans:
        return []
    astray = body.apart(np.array([span[0] for span in spans]), np.array([span[1] - 1 for span in spans]))
    movements: list[Movement] = []
    taken: set[int] = set()
    alone = [span[2] != span[3] for span in spans]
    for leads_back in (True, False):
        for index in sorted(range(len(spans)), key=lambda i: (alone[i], spans[i][1] - spans[i][0])):
            start, end, first, last = spans[index]
            own = set(range(first, last + 1))
            if own & taken or (alone[index] and not leads_back):
                continue
            movement = Movement(start, end, _reach(body, start, end), float(astray[index]))
            if movement.reach >= REACH and movement.returns >= leads_back:
                movements.append(movement)
                taken |= own
    return sorted(movements, key=lambda movement: movement.start)


def _reach(body: BodyMotion, start: int, end: int) -> float:
    frames = np.arange(start, end)
    return float(body.apart(np.full(len(frames), start), frames).max())


def _bursts(motion: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Stretches (first, one past the last) in which something moves, halts shorter than HOLDS included."""
    above = motion > STILL
    runs, count = ndimage.label(ndimage.binary_closing(np.pad(above, HOLDS), np.ones(HOLDS))[HOLDS:-HOLDS])
    half = STEP // 2
    bursts = []
    for number in range(1, count + 1):
        inside = np.flatnonzero(runs == number)
        if motion[inside].max() > MOVES:
            # movement is seen `half` frames before it begins and after it ends
            first, last = int(inside[0]) + half - 1, int(inside[-1]) - half + 1
            first = max(first, 0) if inside[0] else 0
            bursts.append((min(first, last), min(max(first + 2, last + 1), len(motion))))
    return bursts


def _unexplained(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how much the pictures (m, h, w) differ beyond what lies within one cell; the larger of both ways."""
    size = (1, 3, 3)
    beyond_a = np.maximum(b - ndimage.maximum_filter(a, size), ndimage.minimum_filter(a, size) - b)
    beyond_b = np.maximum(a - ndimage.maximum_filter(b, size), ndimage.minimum_filter(b, size) - a)
    return np.asarray(np.maximum(beyond_a, beyond_b), np.float32)


def _away_from_head(points: Points, shape: tuple[int, ...], cell: float) -> NDArray[np.float32]:
    """1 where hands and arms are looked for, 0 where the head is during the film, shape `shape`."""
    low, high = points[..., :2].min(axis=1), points[..., :2].max(axis=1)
    side = high - low
    left = np.percentile(low[:, 0] - 0.35 * side[:, 0], 5)
    right = np.percentile(high[:, 0] + 0.35 * side[:, 0], 95)
    bottom = np.percentile(high[:, 1] + 0.15 * side[:, 1], 95)
    y, x = ((np.mgrid[: shape[0], : shape[1]] + 0.5) * cell).astype(np.float32)
    return np.asarray(~((x > left) & (x < right) & (y < bottom)), np.float32)


def _with_head_in_place(
    greys: NDArray[np.float32], points: Points, found: NDArray[np.bool_], cell: float
) -> NDArray[np.float32]:
    """The frames, each moved so that the head is where it is in most."""
    nearest = ndimage.distance_transform_edt(~found, return_distances=False, return_indices=True)[0]
    head = points[nearest][:, (33, 263, 6, 168, 10), :2].mean(axis=1)
    head = ndimage.gaussian_filter1d(head.astype(np.float64), 1.0, axis=0, mode="nearest")
    moves = (np.median(head, axis=0) - head) / cell
    height, width = greys.shape[1:]
    moved = np.empty_like(greys)
    for frame, (x, y) in enumerate(moves):
        shift = np.array([[1, 0, x], [0, 1, y]])
        moved[frame] = cv2.warpAffine(greys[frame], shift, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return moved
