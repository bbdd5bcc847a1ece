"""How long the room goes on sounding, measured where speech breaks off.

Where a voice stops, its level falls as fast as the voice does or as the room lets it, whichever is slower.
So the faster ones among all free decays of a recording are the room's (Ratnam et al. 2003 and others look at
them in the same way). Clarity follows from the decay if it is exponential.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

STEP = 0.01
"""Seconds between two values of a band."""

OVER = 20.0
"""dB over the quietest twentieth that a decay begins at least."""

REACHES = 10.0
"""dB that it falls at least ..."""

LASTS = 8
"""... in so many steps or more; a window of 25 ms blurs anything shorter."""

SKIPPED = 5.0
"""dB after its beginning that are left out: there the voice is still heard."""

CLEAR_OF_NOISE = 6.0
"""dB over the quietest twentieth below which noise bends the decay."""

RISE = 0.7
"""dB that a falling level may rise between two steps."""


def decay_times(bands: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Seconds in which each free decay would fall by 60 dB, shape (decays,). `bands` has shape (n, k), dB."""
    found = [time for band in bands.T for time in _decays(_smooth(band.astype(np.float64)))]
    return np.array(found, np.float64)


def clarity(decay: float) -> float:
    """C50 of a room whose sound falls by 60 dB in `decay` seconds: what comes within 50 ms over the rest."""
    return float(10 * np.log10(np.expm1(6 * np.log(10) * 0.05 / max(decay, 0.05))))


def _smooth(level: NDArray[np.float64]) -> NDArray[np.float64]:
    power = np.convolve(10 ** (level / 10), np.ones(3) / 3, mode="same")
    return np.asarray(10 * np.log10(np.maximum(power, 1e-10)))


def _decays(level: NDArray[np.float64]) -> list[float]:
    heard = level[level > -95.0]
    if len(heard) < 50:
        return []
    quiet = float(np.percentile(heard, 5))
    times = []
    at = 0
    while at < len(level) - LASTS:
        if level[at] < quiet + OVER or level[at] < level[max(0, at - 3) : at + 4].max():
            at += 1
            continue
        end = at
        while end + 1 < len(level) and level[end + 1] <= level[end] + RISE:
            end += 1
        fall = level[at : end + 1]
        first = int(np.argmax(fall <= fall[0] - SKIPPED))
        below = fall < quiet + CLEAR_OF_NOISE
        last = int(np.argmax(below)) if below.any() else len(fall)
        if first and last - first >= LASTS and fall[first] - fall[last - 1] >= REACHES:
            slope = np.polyfit(np.arange(first, last) * STEP, fall[first:last], 1)[0]
            times.append(-60.0 / float(slope))
        at = end + 1
    return times
