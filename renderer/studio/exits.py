"""Where one clip may be left for another without a visible jump."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..package.manifest import Transition
from .loops import VISIBLE, distances, shown, usual_step

if TYPE_CHECKING:
    from .segments import Segment

Real = NDArray[np.floating[Any]]

EXIT_EVERY = 25
"""A clip may be left about once in so many frames."""

FADE = 6
"""Frames over which the director fades one clip into another where they look alike (ways.FADE)."""


def find_exits(look: Real, source: Segment, target: Segment) -> tuple[float, tuple[tuple[int, int], ...]]:
    """Pairs (last frame shown of source, first frame shown of target), in frames of the clips, sorted.

    About one a second; of the best of each second only those are kept that are not much worse than the
    usual one, nor jump visibly. The two are faded into each other for FADE frames, so these are compared.
    A gesture is entered before anything moves in it, and left when all is still again. Also says, first,
    how unlike the best pair is, in usual steps from frame to frame.
    """
    a, b = shown(look, source.loop), shown(look, target.loop)
    ahead = max(1, min(FADE, len(a) // 2, len(b) // 2))
    rows, columns = _leaves(source, ahead), _enters(target, ahead)
    apart = distances(a, b)
    following = np.zeros((len(rows), len(columns)), np.float32)
    for later in range(ahead):
        after = rows + 1 + later
        after = after % len(a) if source.closes else np.minimum(after, len(a) - 1)
        following += apart[np.ix_(after, columns + later)] / ahead
    best = []
    for second in range(rows[0] // EXIT_EVERY, rows[-1] // EXIT_EVERY + 1):
        part = np.flatnonzero(rows // EXIT_EVERY == second)
        if len(part):
            row, column = np.unravel_index(int(np.argmin(following[part])), (len(part), len(columns)))
            cost = float(following[part[row], column])
            best.append((cost, int(rows[part[row]]), int(columns[column])))
    usual, least = usual_step(look), min(best)[0]
    limit = min(1.5 * float(np.median([cost for cost, _, _ in best])), max(VISIBLE * usual, 1.5 * least))
    pairs = tuple(sorted((leave, enter) for cost, leave, enter in best if cost <= limit + 1e-6))
    return least / usual, pairs


def transitions(look: Real, segments: Sequence[Segment]) -> tuple[Transition, ...]:
    """The ways between all clips, but from gesture to gesture.

    Ways on which even the best pair jumps visibly are left out, where a clip can be entered or left at all
    without them. The first listening and the first speaking clip always lead to each other.
    """
    first = {segment.role: segment.name for segment in reversed(segments) if segment.closes}
    ways = {
        (a.name, b.name): find_exits(look, a, b)
        for a in segments
        for b in segments
        if a.name != b.name and (a.closes or b.closes)
    }
    home = set(first.values())
    kept = {way for way, (cost, _) in ways.items() if cost <= VISIBLE or set(way) == home}
    for segment in segments:
        for end in (0, 1):
            through = [way for way in ways if way[end] == segment.name]
            if through and not kept & set(through):
                kept.add(min(through, key=lambda way: ways[way][0]))
    return tuple(Transition(source=a, target=b, pairs=ways[a, b][1]) for a, b in ways if (a, b) in kept)


def _leaves(source: Segment, ahead: int) -> NDArray[np.intp]:
    frames = source.loop.frames
    if source.closes:
        return np.arange(frames)
    last = frames - 1 - min(ahead, source.tail)
    return np.arange(min(last, max(0, frames - 1 - source.tail)), last + 1)


def _enters(target: Segment, ahead: int) -> NDArray[np.intp]:
    frames = target.loop.frames
    if target.closes:
        return np.arange(frames - ahead)
    return np.arange(min(target.lead, frames - ahead) + 1)
