"""Which stretches of the footage become clips, and in what role: found, or chosen by a person.

    segments = find_segments(looks(greys, points), strain, BodyMotion(greys, points, width), talking(weights))

A person chooses in segment_file.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..settings import FPS
from .exits import find_exits
from .gestures import BodyMotion, Movement, find_movements
from .loops import CLOSES_WELL, Loop, cuts, find_loops, seam, usual_step

Real = NDArray[np.floating[Any]]

Role = Literal["listening", "speaking", "gesture"]
ROLES: tuple[Role, ...] = ("listening", "speaking", "gesture")

MOST_GESTURES = 8
"""Gestures at most, those that lead back best."""

LEAD, TAIL = 6, 10
"""Frames of stillness kept before and after a gesture, where the film has them: room to fade."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of footage that becomes a clip."""

    name: str
    """Of the clip."""

    role: Role
    loop: Loop
    """Its frames; a gesture does not close on itself (morph 0)."""

    lead: int = 0
    """Of a gesture: frames at its beginning before anything moves."""

    tail: int = 0
    """Of a gesture: frames at its end after everything has come to rest."""

    @property
    def closes(self) -> bool:
        """Whether the last frame leads to the first."""
        return self.role != "gesture"

    @property
    def seconds(self) -> float:
        """Length of the clip."""
        return self.loop.frames / FPS

    def apart(self, look: Real) -> float:
        """How unlike its end and its beginning are, in usual steps from frame to frame (loops.VISIBLE)."""
        if self.closes:
            return seam(look, self.loop)
        ends = look[self.loop.end - 1] - look[self.loop.start]
        return float(np.linalg.norm(ends)) / usual_step(look)


def find_segments(look: Real, strain: Real, body: BodyMotion, talking: Real | None = None) -> list[Segment]:
    """Listening clips, speaking clips and gestures, in this order, the best of a role first.

    `look` (n, d) as `loops.looks` gives it; `strain` (n,), 0 where the face can be driven, to 1; `talking`
    (n,), 1 where somebody talks on film (articulation.talking). The first of a role has the role's name,
    later ones a number behind it; gestures are `gesture1` and so on, in the order of the film.
    """
    movements = find_movements(body)
    hands = np.zeros(len(look))
    for movement in movements:
        hands[movement.start : movement.end] = 1.0
    listening, speaking = find_loops(look, strain, hands, talking)
    segments = [
        Segment(role if not number else f"{role}{number + 1}", role, loop)
        for role, loops in zip(ROLES, (listening, speaking), strict=False)
        for number, loop in enumerate(loops)
    ]
    home = [segment for segment in segments if segment.name in ROLES]
    segments = [segment for segment in segments if segment in home or _is_near(look, segment, home)]
    gestures = [movement for movement in movements if movement.is_gesture]
    best = sorted(gestures, key=lambda movement: movement.astray / movement.reach)[:MOST_GESTURES]
    for number, movement in enumerate(sorted(best, key=lambda movement: movement.start)):
        segments.append(gesture(f"gesture{number + 1}", movement.start, movement.end, look, movements))
    return segments


def gesture(name: str, start: int, end: int, look: Real, movements: Sequence[Movement] = ()) -> Segment:
    """A gesture of frames `start` to `end` with as much stillness around it as the film has.

    Neither another movement nor a cut of the film lies in it.
    """
    borders = [0, len(look), *(int(cut) for cut in cuts(look))]
    first = max([start - LEAD, *(edge for edge in borders if edge <= start)])
    last = min([end + TAIL, *(edge for edge in borders if edge >= end)])
    first = max([first, *(other.end for other in movements if other.end <= start)])
    last = min([last, *(other.start for other in movements if other.start >= end)])
    return Segment(name, "gesture", Loop(first, last, 0), lead=start - first, tail=last - end)


def _is_near(look: Real, segment: Segment, home: Sequence[Segment]) -> bool:
    """Whether a further clip can be reached from one of the first ones, and left for one, unseen."""
    ways = [[find_exits(look, a, b)[0] for a, b in ((at, segment), (segment, at))] for at in home]
    return bool((np.min(ways, axis=0) <= CLOSES_WELL).all())
