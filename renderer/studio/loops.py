"""Which stretches of the footage become clips, how each closes on itself, and where one leaves for another.

A clip of footage frames `start` to `end` (end excluded) closes on itself where the frames before `end`
look and move like the frames before `start`: its last MORPH frames turn into those, so that `start`
follows them as it did on film.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .footage import Picture
from .mouthspace import RIGID, Points

Real = NDArray[np.floating[Any]]

MORPH = 10
"""Frames at a clip's end that turn into the frames before its start."""

CALM_SECONDS = (4.0, 12.0)
"""Wanted length of the listening clip."""

LONGEST_SECONDS = 40.0
"""Most of a speaking clip; longer ones make a package big and show nothing new."""

SPEAKING_SHARE = 0.4
"""The speaking clip is at least this share of the footage (of LONGEST_SECONDS, if that is shorter)."""

SHORTEST_FRAMES = 50
"""Fewest frames of any clip."""

EXIT_EVERY = 25
"""A clip may be left about once in so many frames."""

LOOK = 48
"""Long side of the small grey pictures that frames are compared by."""

HEAD_SHARE = 25.0
"""How much a head that moved by one eye distance counts against a picture that changed by one grey level."""

STILLNESS = 0.2
"""Grey levels: smaller changes are noise, not movement."""

CUT = 12.0
"""A change this many times the usual one between neighbours is a cut of the film, not a movement."""

VISIBLE = 6.0
"""A clip whose end is more usual steps away from its start than this does not close unseen."""

MOST_COMPARED = 2500
"""Frames compared with each other; of longer footage every second, third ... is."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A stretch of footage that closes on itself."""

    start: int
    end: int
    """One past the last frame."""

    morph: int = MORPH
    """Frames before `end` that turn into the frames before `start`."""

    @property
    def frames(self) -> int:
        """Length of the clip."""
        return self.end - self.start

    def shows(self, frame: int) -> bool:
        """Whether this footage frame is seen in the clip, be it only mixed with another."""
        return self.start - self.morph <= frame < self.end

    def turned(self) -> NDArray[np.float32]:
        """How far each clip frame has turned into the one before the start, shape (frames,), 0 to < 1."""
        share = np.zeros(self.frames, np.float32)
        ramp = np.arange(1, self.morph + 1) / (self.morph + 1)
        share[self.frames - self.morph :] = ramp * ramp * (3.0 - 2.0 * ramp)
        return share


def small_grey(picture: Picture) -> NDArray[np.float32]:
    """A frame as loops are found by: grey levels, long side LOOK."""
    height, width = picture.shape[:2]
    scale = LOOK / max(height, width)
    size = (max(4, round(width * scale)), max(4, round(height * scale)))
    grey = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    return np.asarray(grey, np.float32)


def looks(greys: Real, points: Points) -> NDArray[np.float32]:
    """What frames are compared by, shape (n, d): distance is about the mean change in grey levels.

    `greys` has shape (n, h, w), `points` (n, 478, 3) in pixels, NaN where there is no face.
    """
    flat = greys.reshape(len(greys), -1) / np.sqrt(greys[0].size)
    rigid = points[:, list(RIGID), :2].astype(np.float64)
    eyes = np.nanmedian(np.linalg.norm(points[:, 263, :2] - points[:, 33, :2], axis=1))
    found = np.isfinite(rigid).all(axis=(1, 2))
    if found.any():
        nearest = ndimage.distance_transform_edt(~found, return_distances=False, return_indices=True)[0]
        head = rigid[nearest].reshape(len(greys), -1) / eyes / np.sqrt(len(RIGID)) * HEAD_SHARE
        head = ndimage.gaussian_filter1d(head, 1.0, axis=0, mode="nearest")
        flat = np.concatenate([flat, head], axis=1)
    return np.asarray(flat, np.float32)


def find_loops(look: Real, strain: Real) -> tuple[Loop, Loop]:
    """The listening and the speaking clip.

    `look` has shape (n, d) (see `looks`); `strain`, shape (n,), says how little each frame should be
    shown: 0 is a calm face that can be driven, 1 one that cannot.
    """
    count = len(look)
    every = max(1, -(-count // MOST_COMPARED))
    steps = neighbour_steps(look)
    usual = max(float(np.median(steps)), STILLNESS)
    morph = max(2, min(MORPH, count // 12))
    unlike = _windowed(_distances(look[::every]), max(1, morph // every)) / usual
    scenes = np.concatenate([[0], np.cumsum(steps > CUT * usual + 2.0)])[::every]
    moving = np.concatenate([steps, steps[-1:]]) / usual
    least = min(SHORTEST_FRAMES, count // 2)

    start, end = np.meshgrid(np.arange(len(unlike)), np.arange(len(unlike)), indexing="ij")
    length = (end - start) * every
    allowed = (start * every >= morph) & (scenes[:, None] == scenes[None, :])
    allowed &= scenes[np.maximum(np.arange(len(unlike)) - -(-morph // every), 0)][:, None] == scenes[:, None]
    mean_strain, mean_moving = _means(strain[::every]), _means(moving[::every])

    longest = min(count, LONGEST_SECONDS * 25)
    speaking = unlike + 8.0 * (1.0 - np.minimum(length, longest) / longest) + 20.0 * mean_strain
    shortest = max(least, round(SPEAKING_SHARE * longest))
    speaking = np.where(allowed & (length >= shortest) & (length <= longest), speaking, np.inf)
    low, high = (round(seconds * 25) for seconds in CALM_SECONDS)
    low = min(low, max(least, round(0.4 * count)))
    calm = unlike + 3.0 * mean_moving + 20.0 * mean_strain - 1.0 * length / high
    calm = np.where(allowed & (length >= low) & (length <= max(high, low)), calm, np.inf)
    return _best(calm, every, morph, count), _best(speaking, every, morph, count)


def seam(look: Real, loop: Loop) -> float:
    """How unlike a clip's end and the frames before its start are, in usual steps from frame to frame."""
    apart = look[loop.end - loop.morph : loop.end] - look[loop.start - loop.morph : loop.start]
    usual = max(float(np.median(neighbour_steps(look))), STILLNESS)
    return float(np.linalg.norm(apart, axis=1).mean()) / usual


def find_exits(look: Real, source: Loop, target: Loop, fade: int = 6) -> tuple[tuple[int, int], ...]:
    """Pairs (last frame shown of source, first frame shown of target), in frames of the clips.

    About one a second; of the best of each second only those are kept that are not much worse than the
    usual one. The two are faded into each other for `fade` frames, so these are compared.
    """
    a, b = (look[loop.start : loop.end] for loop in (source, target))
    ahead = min(fade, len(a) // 2, len(b) // 2)
    apart = _distances(a, b)
    following = np.mean([np.roll(apart, (-1 - i, -i), axis=(0, 1)) for i in range(ahead)], axis=0)
    following[:, len(b) - ahead :] = np.inf
    best = []
    for first in range(0, len(a), EXIT_EVERY):
        part = following[first : first + EXIT_EVERY]
        row, column = np.unravel_index(int(np.argmin(part)), part.shape)
        best.append((float(part[row, column]), first + int(row), int(column)))
    limit = 1.5 * float(np.median([cost for cost, _, _ in best])) + 1e-6
    return tuple(sorted((leave, enter) for cost, leave, enter in best if cost <= limit))


def neighbour_steps(look: Real) -> NDArray[np.float64]:
    """How much each frame differs from the one after it, shape (n - 1,)."""
    return np.asarray(np.linalg.norm(np.diff(look.astype(np.float64), axis=0), axis=1))


def _best(cost: Real, every: int, morph: int, count: int) -> Loop:
    start, end = np.unravel_index(int(np.argmin(cost)), cost.shape)
    if not np.isfinite(cost[start, end]):  # nothing but cuts: take what there is
        return Loop(min(morph, count - 3), count, min(morph, count - 3))
    return Loop(int(start) * every, min(int(end) * every, count), morph)


def _distances(a: Real, b: Real | None = None) -> NDArray[np.float32]:
    """Between all rows of `a` and all of `b`."""
    b = a if b is None else b
    middle = a.mean(axis=0)
    a, b = (a - middle).astype(np.float32), (b - middle).astype(np.float32)
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None] - 2.0 * a @ b.T
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)), np.float32)


def _windowed(apart: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Mean over the `frames` pairs before each: how unlike two stretches that end there are."""
    total = np.zeros_like(apart)
    for back in range(1, frames + 1):
        total[back:, back:] += apart[:-back, :-back]
    total[:frames] = total[:, :frames] = np.inf
    return total / frames


def _means(values: Real) -> NDArray[np.float32]:
    """Mean of `values` from row to column (excluded), shape (n, n); only row < column counts."""
    total = np.concatenate([[0.0], np.cumsum(values)])[: len(values)]
    length = np.arange(len(values))[None] - np.arange(len(values))[:, None]
    return np.asarray((total[None] - total[:, None]) / np.maximum(length, 1), np.float32)
