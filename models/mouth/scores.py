"""How like the filmed mouth a predicted one moves."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.floating[Any]]

LAGS = 6
"""Frames either way in which sound and picture of a recording may be apart."""


def correlation(said: Curve, filmed: Curve, lag: int = 0) -> float:
    """Pearson's r of two curves, the filmed one `lag` ticks later; 0 where either stands still."""
    n = min(len(said), len(filmed) - lag) if lag >= 0 else min(len(said) + lag, len(filmed))
    a = said[max(0, -lag) : max(0, -lag) + n].astype(np.float64)
    b = filmed[max(0, lag) : max(0, lag) + n].astype(np.float64)
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    if len(a) < 3 or a.std() < 1e-9 or b.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def best_lag(said: Curve, filmed: Curve, lags: int = LAGS) -> tuple[int, float]:
    """The lag of the filmed curve at which the two agree best, in ticks, and the correlation there."""
    found = {lag: correlation(said, filmed, lag) for lag in range(-lags, lags + 1)}
    lag = max(found, key=lambda key: found[key])
    return lag, found[lag]


def closure_recall(said: Curve, filmed: Curve) -> tuple[int, int]:
    """Of the closures filmed between two openings, how many are said too: (found, all).

    A closure is a low of the filmed gap under 0.3 deviations with more than 1 on both sides within
    8 ticks; it is found if within 2 ticks the said gap is lower than 0.4 of its median while open.
    """
    opened = np.median(said[filmed > 1]) if (filmed > 1).any() else 0.0
    every = found = 0
    tick = 0
    while tick < len(filmed):
        if filmed[tick] < 0.3:
            end = tick
            while end + 1 < len(filmed) and filmed[end + 1] < 0.3:
                end += 1
            before, after = filmed[max(0, tick - 8) : tick], filmed[end + 1 : end + 9]
            if len(before) and len(after) and before.max() > 1 and after.max() > 1 and end - tick < 8:
                every += 1
                found += bool(said[max(0, tick - 2) : end + 3].min() < 0.4 * opened)
            tick = end
        tick += 1
    return found, every


def loudness(level: Curve) -> Curve:
    """The baseline: loudness in dB over -60, smoothed over three ticks."""
    return np.convolve(np.maximum(level, -60.0) + 60.0, np.ones(3) / 3, "same")
