"""Whether lips and sound belong to the same moment."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ...settings import FPS

FARTHEST = 10
"""Frames that sound and lips are looked for apart, both ways."""

WINDOW = 20
"""Seconds judged together; an offset that grows shows in later ones."""

SHORTEST = 2
"""Seconds under which nothing can be said."""

SLOW = 25
"""Frames whose mean is taken out: what counts is when lips open and close, not how far on the whole."""

SURE = 0.25
"""Correlation from which on an offset is believed ..."""

CLEARLY = 0.15
"""... if it is this much better than any offset more than NEAR frames away. Of twenty recordings whose offset
is known, all but three pass this, and all that do are right to within a frame; of three whose sound is not
the speaker's, none does."""

NEAR = 3


@dataclass(frozen=True, slots=True)
class Offset:
    """How far the sound is behind the lips in one stretch."""

    start: float
    end: float
    frames: float
    """Frames of 40 ms; positive where the sound comes after the lips."""

    correlation: float
    is_sure: bool


def offsets(
    heard: NDArray[np.floating[Any]], sound_start: float, seen: NDArray[np.floating[Any]]
) -> list[Offset]:
    """The offset in every stretch of WINDOW seconds.

    `heard`, shape (ticks,), is the lip gap that the sound calls for, the first tick `sound_start` seconds
    after the first picture; `seen`, shape (pictures,), the measured one, NaN where there is no face.
    """
    ticks = np.arange(len(seen)) - sound_start * FPS
    if len(heard) < 2:
        return []
    along = _quick(np.interp(ticks, np.arange(len(heard)), heard, left=np.nan, right=np.nan))
    seen = _quick(seen)
    count = max(1, round(len(seen) / (WINDOW * FPS)))
    edges = np.linspace(0, len(seen), count + 1).astype(int)
    found = [_offset(along[a:b], seen[a:b], a / FPS, b / FPS) for a, b in itertools.pairwise(edges)]
    return [one for one in found if one is not None]


def _quick(series: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """What is left of it without its mean over SLOW frames; NaN stays."""
    known = np.isfinite(series)
    if not known.any():
        return np.asarray(series, np.float64)
    filled = np.interp(np.arange(len(series)), np.flatnonzero(known), series[known])
    return np.where(known, filled - ndimage.uniform_filter1d(filled, SLOW, mode="nearest"), np.nan)


def _offset(
    heard: NDArray[np.floating[Any]], seen: NDArray[np.floating[Any]], start: float, end: float
) -> Offset | None:
    shifts = np.arange(-FARTHEST, FARTHEST + 1)
    scores = np.full(len(shifts), -1.0)
    for number, shift in enumerate(shifts):
        # sound that is late by `shift` belongs to pictures that far back
        a, b = (heard[shift:], seen[: len(seen) - shift]) if shift >= 0 else (heard[:shift], seen[-shift:])
        both = np.isfinite(a) & np.isfinite(b)
        if both.sum() >= SHORTEST * FPS and np.std(a[both]) > 1e-3 and np.std(b[both]) > 1e-3:
            scores[number] = np.corrcoef(a[both], b[both])[0, 1]
    best = int(np.argmax(scores))
    if scores[best] <= -1.0:
        return None
    frames = float(shifts[best])
    if 0 < best < len(shifts) - 1:
        low, top, high = scores[best - 1 : best + 2]
        bend = low - 2 * top + high
        frames += float(np.clip(0.5 * (low - high) / bend, -0.5, 0.5)) if bend < 0 else 0.0
    far = scores[np.abs(shifts - shifts[best]) > NEAR]
    is_sure = scores[best] >= SURE and scores[best] - far.max() >= CLEARLY
    return Offset(start, end, frames, float(scores[best]), bool(is_sure))
