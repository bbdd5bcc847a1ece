"""Which stretches of the footage become clips that play for ever, and how each closes on itself.

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

MOST = {"listening": 3, "speaking": 2}
"""Clips of a role at most ..."""

TOGETHER_SECONDS = 80.0
"""... and of all of them, the first of each role always in."""

ANOTHER_SECONDS = 8.0
"""Least of a second speaking clip."""

OVERLAP = 0.2
"""Share of a further clip that others may show too: it is there to show something new."""

CLOSES_WELL = 3.0
"""A further clip is only taken if its end is no more usual steps away from its start than this."""

HANDS = 30.0
"""How much a listening clip in which hands move all the time counts against one in which they rest."""

TALK_SPEAKING = 6.0
TALK_LISTENING = 3.0
"""How much talk on film counts for a speaking clip that is all talk, and against such a listening clip, in
usual steps: a body moves otherwise while it speaks."""

LOOK = 72
"""Long side of the small grey pictures that frames are compared by."""

HEAD_SHARE = 25.0
"""How much a head that moved by one eye distance counts against a picture that changed by one grey level."""

STILLNESS = 0.2
"""Grey levels: smaller changes are noise, not movement."""

CUT = 12.0
"""A change this many times the usual one between neighbours is a cut of the film, not a movement."""

ALONE = 2.0
"""A cut changes the picture this many times as much as the two frames before it, or the two after it, do."""

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
    """Frames before `end` that turn into the frames before `start`; 0 where it is not to close."""

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


def find_loops(
    look: Real, strain: Real, hands: Real | None = None, talking: Real | None = None
) -> tuple[list[Loop], list[Loop]]:
    """The listening clips and the speaking clips, the best of each first, at least one each.

    `look` has shape (n, d) (see `looks`); `strain`, shape (n,), says how little each frame should be
    shown: 0 is a calm face that can be driven, 1 one that cannot. `hands`, shape (n,), is 1 where hands
    move; they rest while somebody listens. `talking`, shape (n,), is 1 where somebody talks on film.
    """
    count = len(look)
    every = max(1, -(-count // MOST_COMPARED))
    steps = neighbour_steps(look)
    usual = usual_step(look)
    morph = max(2, min(MORPH, count // 12))
    unlike = _windowed(distances(look[::every]), max(1, morph // every)) / usual
    scenes = np.searchsorted(cuts(look), np.arange(count), side="right")[::every]
    moving = np.concatenate([steps, steps[-1:]]) / usual
    least = min(SHORTEST_FRAMES, count // 2)

    start, end = np.meshgrid(np.arange(len(unlike)), np.arange(len(unlike)), indexing="ij")
    length = (end - start) * every
    allowed = (start * every >= morph) & (scenes[:, None] == scenes[None, :])
    allowed &= scenes[np.maximum(np.arange(len(unlike)) - -(-morph // every), 0)][:, None] == scenes[:, None]
    nowhere = np.zeros(count)
    mean_strain, mean_moving, mean_hands, mean_talking = (
        _means((nowhere if line is None else line)[::every]) for line in (strain, moving, hands, talking)
    )

    longest = min(count, LONGEST_SECONDS * 25)
    cost = unlike + 8.0 * (1.0 - np.minimum(length, longest) / longest) + 20.0 * mean_strain
    cost -= TALK_SPEAKING * mean_talking
    shortest = max(least, round(SPEAKING_SHARE * longest))
    speaking = np.where(allowed & (length >= shortest) & (length <= longest), cost, np.inf)
    more_speaking = np.where(allowed & (length >= ANOTHER_SECONDS * 25) & (length <= longest), cost, np.inf)
    low, high = (round(seconds * 25) for seconds in CALM_SECONDS)
    low = min(low, max(least, round(0.4 * count)))
    calm = unlike + 3.0 * mean_moving + 20.0 * mean_strain - 1.0 * length / high
    calm += HANDS * mean_hands + TALK_LISTENING * mean_talking
    calm = np.where(allowed & (length >= low) & (length <= max(high, low)), calm, np.inf)

    found = ([_best(calm, every, morph, count)], [_best(speaking, every, morph, count)])
    for loops, more, most in zip(found, (calm, more_speaking), MOST.values(), strict=True):
        more = np.where(unlike <= CLOSES_WELL, more, np.inf)
        while len(loops) < most:
            taken = sum(
                np.clip(np.minimum(end * every, old.end) - np.maximum(start * every, old.start), 0, None)
                for old in (*found[0], *found[1])
            )
            room = TOGETHER_SECONDS * 25 - sum(loop.frames for some in found for loop in some)
            more = np.where((taken <= OVERLAP * length) & (length <= room), more, np.inf)
            if not np.isfinite(more).any():
                break
            loops.append(_best(more, every, morph, count))
    return found


def close_at(look: Real, start: int, end: int, slack: int = MORPH) -> Loop:
    """A clip of about frames `start` to `end`, its ends moved by at most `slack` to where it closes best."""
    morph = max(2, min(MORPH, (end - start) // 5))
    starts = np.arange(max(morph, start - slack), min(start + slack, end - 3 * morph) + 1)
    starts = starts if len(starts) else np.array([max(morph, start)])
    ends = np.arange(max(end - slack, int(starts[-1]) + 2 * morph), min(end + slack, len(look)) + 1)
    ends = ends if len(ends) else np.array([min(end, len(look))])
    apart = distances(look[starts[0] - morph : starts[-1]], look[ends[0] - morph : ends[-1]])
    cost = np.array(
        [
            [np.trace(apart[s : s + morph, e : e + morph]) for e in range(len(ends))]
            for s in range(len(starts))
        ]
    )
    # between ends that close alike, those that were asked for
    usual = usual_step(look) * morph
    cost = cost / usual + 0.02 * (np.abs(starts - start)[:, None] + np.abs(ends - end)[None])
    best = np.unravel_index(int(np.argmin(cost)), cost.shape)
    return Loop(int(starts[best[0]]), int(ends[best[1]]), morph)


def seam(look: Real, loop: Loop) -> float:
    """How unlike a clip's end and the frames before its start are, in usual steps from frame to frame."""
    apart = look[loop.end - loop.morph : loop.end] - look[loop.start - loop.morph : loop.start]
    return float(np.linalg.norm(apart, axis=1).mean()) / usual_step(look)


def shown(look: Real, loop: Loop) -> NDArray[np.float32]:
    """What the frames of a clip look like, shape (loop.frames, d): its end has turned into other frames."""
    own = look[loop.start : loop.end]
    before = look[np.maximum(np.arange(loop.start, loop.end) - loop.frames, 0)]
    return np.asarray(own + loop.turned()[:, None] * (before - own), np.float32)


def cuts(look: Real) -> NDArray[np.intp]:
    """First frames after a cut of the film, in their order.

    A cut stands alone: a quick hand before a still body changes as much, but over several frames.
    """
    steps = neighbour_steps(look)
    around = np.pad(steps, 2)
    beside = np.maximum(np.minimum(around[:-4], around[1:-3]), np.minimum(around[3:-1], around[4:]))
    return np.flatnonzero((steps > CUT * usual_step(look) + 2.0) & (steps > ALONE * beside)) + 1


def neighbour_steps(look: Real) -> NDArray[np.float64]:
    """How much each frame differs from the one after it, shape (n - 1,)."""
    return np.asarray(np.linalg.norm(np.diff(look.astype(np.float64), axis=0), axis=1))


def usual_step(look: Real) -> float:
    """The usual difference of neighbours, or that of noise if it is less."""
    return max(float(np.median(neighbour_steps(look))), STILLNESS)


def distances(a: Real, b: Real | None = None) -> NDArray[np.float32]:
    """Between all rows of `a` and all of `b`."""
    b = a if b is None else b
    middle = a.mean(axis=0)
    a, b = (a - middle).astype(np.float32), (b - middle).astype(np.float32)
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None] - 2.0 * a @ b.T
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)), np.float32)


def _best(cost: Real, every: int, morph: int, count: int) -> Loop:
    start, end = np.unravel_index(int(np.argmin(cost)), cost.shape)
    if not np.isfinite(cost[start, end]):  # nothing but cuts: take what there is
        return Loop(min(morph, count - 3), count, min(morph, count - 3))
    return Loop(int(start) * every, min(int(end) * every, count), morph)


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
