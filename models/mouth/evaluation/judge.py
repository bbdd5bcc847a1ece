"""How like a filmed mouth a predicted one moves: one clip, one predictor, one row of figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renderer.studio.mouthspace import WEIGHTS

from ..corpus.speech import voice
from .offsets import FARTHEST, Offset, find_offset, lively
from .predictors import GAP, WIDTH, Mouth
from .scores import Curve, closure_recall, closures, correlation, usual_opening

NEAR = 1
"""Ticks either side of a clip's offset within which a mouth counts as in time (±40 ms)."""

SHUT = 0.3
"""A lip_gap, in typical deviations, under which lips touch: landmarks of shut lips tremble by that much."""

OPEN = 1.0
CLOSED_SHARE = 0.4
"""Share of a mouth's usual opening under which it counts as closed between two openings."""

SILENCE = 10
"""Ticks of silence under which a clip says nothing about stillness."""


@dataclass(frozen=True, slots=True)
class Score:
    """What one predictor reaches in one clip. Correlations are Pearson's r; NaN where nothing can be said."""

    gap: float
    """Correlation of lip_gap with the filmed one, the best of the lags within NEAR of the clip's offset."""

    width: float
    """The same of width."""

    lag: int
    """Lag at which lip_gap agrees best within FARTHEST, in ticks after the clip's offset; positive where the
    predicted mouth is early."""

    speaking: float
    """As gap, but only from shortly before the sound to shortly after it: breaths do not count."""

    lively: float
    """As gap, without changes slower than speech (0.8 Hz)."""

    closures: tuple[int, int]
    """Of the closures filmed between two openings, how many were shown, and how many there are. One is shown
    where lip_gap falls under CLOSED_SHARE of its usual opening."""

    touching: int
    """The closures in which the lips did not only come closer: lip_gap fell under SHUT."""

    wrongly_shut: float
    """Share of the ticks filmed open that are shown closed: the price of closures found by luck."""

    still: float
    """Share of the silent ticks with the lips shut."""

    strength: float
    """Deviation of the shown lip_gap over that of the filmed one."""

    weights: tuple[float, ...]
    """Correlation of each of the ten weights, as gap."""


def offset_of(filmed: Mouth, said: dict[str, Mouth]) -> Offset:
    """How far sound and picture of a clip are apart, by what the baselines say."""
    return find_offset(
        [
            (said["first"][:, GAP], filmed[:, GAP], 1.5),
            (said["first"][:, WIDTH], filmed[:, WIDTH], 1.0),
            (said["phonemes"][:, GAP], filmed[:, GAP], 0.75),
            (said["phonemes"][:, WIDTH], filmed[:, WIDTH], 0.5),
            (said["loudness"][:, GAP], filmed[:, GAP], 0.25),
        ]
    )


def score(said: Mouth, filmed: Mouth, level: NDArray[np.float32], offset: Offset) -> Score:
    """Compare a predicted mouth with the filmed one; `level`, shape (n,), is the sound's in dB."""
    n = min(len(said), len(filmed), len(level))
    said, filmed, level = said[:n], filmed[:n], level[:n]
    speech = near_speech(level)
    lag, gap = _in_time(said[:, GAP], filmed[:, GAP], offset)
    shown, seen = _laid_over(said[:, GAP], filmed[:, GAP], lag)
    opened = seen > OPEN
    limit = CLOSED_SHARE * usual_opening(shown, seen)
    silent = ~speech & np.isfinite(said[:, GAP])
    return Score(
        gap=gap,
        width=_in_time(said[:, WIDTH], filmed[:, WIDTH], offset)[1],
        lag=_best(said[:, GAP], filmed[:, GAP], offset.ticks, FARTHEST)[0] - offset.ticks,
        speaking=_in_time(np.where(speech, said[:, GAP], np.nan), filmed[:, GAP], offset)[1],
        lively=_in_time(lively(said[:, GAP]), lively(filmed[:, GAP]), offset)[1],
        closures=closure_recall(shown, seen, CLOSED_SHARE),
        touching=sum(bool((shown[one] < SHUT).any()) for one in closures(seen)),
        wrongly_shut=float((shown[opened] < limit).mean()) if opened.any() else np.nan,
        still=float((said[silent, GAP] < SHUT).mean()) if silent.sum() >= SILENCE else np.nan,
        strength=float(np.nanstd(shown) / np.nanstd(seen)),
        weights=tuple(_in_time(said[:, one], filmed[:, one], offset)[1] for one in range(len(WEIGHTS))),
    )


def near_speech(level: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Ticks from four before speech to four after it."""
    return np.asarray(np.convolve(voice(level), np.ones(9), "same") > 0)


def _in_time(said: Curve, filmed: Curve, offset: Offset) -> tuple[int, float]:
    return _best(said, filmed, offset.ticks, NEAR)


def _best(said: Curve, filmed: Curve, middle: int, reach: int) -> tuple[int, float]:
    if not np.isfinite(said).any():
        return middle, float("nan")
    found = {lag: correlation(said, filmed, lag) for lag in range(middle - reach, middle + reach + 1)}
    lag = max(found, key=lambda key: found[key])
    return lag, found[lag]


def _laid_over(said: Curve, filmed: Curve, lag: int) -> tuple[Curve, Curve]:
    """Both curves where they overlap once the filmed one, `lag` ticks late, is moved onto the other."""
    n = len(said) - abs(lag)
    return said[max(0, -lag) :][:n], filmed[max(0, lag) :][:n]
