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


def closures(filmed: Curve) -> list[slice]:
    """The closures filmed between two openings, each as the ticks in which a said one counts for it.

    A closure is a low of the filmed gap under 0.3 deviations, shorter than 8 ticks, with more than 1 on both
    sides within 8 ticks; it may be said from 2 ticks before to 2 after.
    """
    every = []
    tick = 0
    while tick < len(filmed):
        if filmed[tick] < 0.3:
            end = tick
            while end + 1 < len(filmed) and filmed[end + 1] < 0.3:
                end += 1
            before, after = filmed[max(0, tick - 8) : tick], filmed[end + 1 : end + 9]
            if (before > 1).any() and (after > 1).any() and end - tick < 8:
                every.append(slice(max(0, tick - 2), end + 3))
            tick = end
        tick += 1
    return every


def usual_opening(said: Curve, filmed: Curve) -> float:
    """Median of the said gap while the filmed one is open; 0 where it never is, or nothing is said then."""
    while_open = said[filmed > 1]
    return float(np.nanmedian(while_open)) if np.isfinite(while_open).any() else 0.0


def closure_recall(said: Curve, filmed: Curve, share: float = 0.4) -> tuple[int, int]:
    """Of the closures filmed between two openings, how many are said too: (found, all).

    One is said where the said gap falls under this share of its usual opening.
    """
    every, limit = closures(filmed), share * usual_opening(said, filmed)
    return sum(bool((said[one] < limit).any()) for one in every), len(every)


def loudness(level: Curve) -> Curve:
    """The baseline: loudness in dB over -60, smoothed over three ticks."""
    return np.convolve(np.maximum(level, -60.0) + 60.0, np.ones(3) / 3, "same")
