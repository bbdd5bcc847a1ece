"""How far sound and picture of a film are apart, told by predictors that nobody trains any more.

The network that is judged has no say: what it is judged by must not hang on it. The first network, the
recognised phonemes and the loudness are compared with the film at every lag, without their slow changes (a
smile, a head that nods and the landmarks that bend with it move the mouth for seconds; no sound tells when).
What single predictors leave open, their sum decides: on the recordings of ../shared one sharp peak each, the
same one in every ten seconds of the longer films, and within a tick of none in 99 of 100 GRID sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from renderer.settings import FPS

from .scores import Curve

FARTHEST = 10
"""Ticks (0.4 s) either way within which the offset is looked for."""

AWAY = 12
"""Ticks beyond which only chance agrees."""

BAND = (0.8, 8.0)
"""Hertz between which mouths move with what is said."""

CLEAR = 3.5
"""Deviations of chance over which a peak is believed. Films under ../shared reach 4.3 to 13 with their own
sound (but for one, 2.8); of 210 pairs of a film and another film's sound 3 in 100 reach 3.5."""


@dataclass(frozen=True, slots=True)
class Offset:
    """Sound against picture of one film."""

    ticks: int
    """Ticks of 40 ms the picture is behind the sound; 0 where it is not known."""

    is_known: bool

    peak: float
    """Agreement there: correlations as Fisher's z, summed over the predictors by their weights."""

    chance: float
    """Deviation of the same sum at lags that make no sense."""


def find_offset(pairs: Iterable[tuple[Curve, Curve, float]]) -> Offset:
    """The lag at which predicted and filmed curves agree best, taken together.

    `pairs` are curves of one entry per tick, predicted and filmed (NaN where not known), and the weight of
    their word.
    """
    total: NDArray[np.float64] | float = 0.0
    for said, filmed, weight in pairs:
        n = min(len(said), len(filmed))
        spectrum = np.conj(np.fft.fft(_standard(said[:n]))) * np.fft.fft(_standard(filmed[:n]))
        total = total + weight * np.arctanh(np.clip(np.fft.ifft(spectrum).real / n, -0.99, 0.99))
    total = np.atleast_1d(total)
    lags = (np.arange(len(total)) + len(total) // 2) % len(total) - len(total) // 2
    best = int(np.where(np.abs(lags) <= FARTHEST, total, -np.inf).argmax())
    away = total[np.abs(lags) > AWAY]
    chance = float(away.std()) if len(away) > FPS // 2 else np.inf
    is_known = bool(total[best] > CLEAR * chance > 0)
    return Offset(int(lags[best]) if is_known else 0, is_known, float(total[best]), chance)


def lively(curve: Curve) -> NDArray[np.float64]:
    """A curve without what is slower or faster than speech; NaN stays NaN, and all is NaN where too little
    is known."""
    known = np.isfinite(curve)
    if known.sum() < FPS:
        return np.full(len(curve), np.nan)
    ticks = np.arange(len(curve))
    filled = np.interp(ticks, ticks[known], curve[known])
    sections = signal.butter(2, BAND, "bandpass", fs=FPS, output="sos")
    return np.asarray(np.where(known, signal.sosfiltfilt(sections, filled), np.nan))


def _standard(curve: Curve) -> NDArray[np.float64]:
    """Without slow changes, mean 0 and deviation 1; 0 where nothing is known."""
    moving = lively(curve)
    known = np.isfinite(moving)
    if not known.any() or np.nanstd(moving) < 1e-9:
        return np.zeros(len(curve))
    return np.asarray(np.where(known, (moving - np.nanmean(moving)) / np.nanstd(moving), 0.0))
