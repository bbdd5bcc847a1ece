"""How the recording begins, and how much of it is talking."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ...activity import SpeechActivity
from ...settings import FPS
from ..articulation import OPEN, PAUSE
from ..mouthspace import WEIGHTS
from .findings import Finding, Span, Status, spans_where
from .looking import Look
from .sound import Sound

NEEDED = 1.0
"""Seconds of silence with the mouth closed; the sources say 1 to 3, 3, and more than 3."""

SHUT = 0.45
"""Lip gap (typical deviations) over which a mouth is not closed; landmarks tremble by a quarter of it."""

HELD = 0.4
"""Seconds of closed mouth that the studio can take a resting mouth from."""

MUCH = 0.35
"""Share of the recording in which the mouth should talk."""


def judge_opening(seen: Look, heard: Sound | None) -> list[Finding]:
    """The opening silence, and the share of talking."""
    if seen.found.mean() <= 0.5:
        return []
    return [_opening(seen, heard), _talk(seen)]


def closed(seen: Look) -> NDArray[np.bool_]:
    """Pictures with the mouth closed, single slips of the landmarks mended."""
    gap = seen.weights[:, WEIGHTS.index("lip_gap")]
    return np.asarray(ndimage.median_filter(np.nan_to_num(gap, nan=9.0), 5, mode="nearest") < SHUT)


def talking(seen: Look) -> float:
    """Share of the recording in which the mouth opens, pauses between words included."""
    gap = np.nan_to_num(seen.weights[:, WEIGHTS.index("lip_gap")])
    return float(ndimage.maximum_filter1d(gap > OPEN, PAUSE).mean())


def speaking(heard: Sound) -> NDArray[np.bool_]:
    """Ticks in which somebody is heard, shape (ticks,)."""
    activity = SpeechActivity()
    loud = np.array([activity.push(float(level)) for level in heard.level], np.bool_)
    return np.asarray(loud & (ndimage.maximum_filter1d(heard.voice, 5) > 0.3))


def _opening(seen: Look, heard: Sound | None) -> Finding:
    shut = closed(seen)
    until = float(np.argmin(shut)) / FPS if not shut.all() else seen.seconds
    what = "mouth closed"
    if heard is not None:
        voice = np.flatnonzero(ndimage.binary_opening(speaking(heard), np.ones(3)))
        first = float(heard.times[voice[0]]) if len(voice) else seen.seconds
        what = "silent, mouth closed" if until <= first else "mouth closed before the first sound"
        until = max(0.0, min(until, first))
    rests = spans_where(shut, seen.times, least=HELD)
    status: Status = "pass" if until >= NEEDED - 0.04 else "warn" if rests else "fail"
    figure = f"{what} for {until:.1f} s"
    if status == "warn":
        longest = max(rests, key=lambda span: span.seconds)
        figure += f"; it closes for {longest.seconds:.1f} s at {longest}"
    if status == "fail":
        figure += f"; nowhere for {HELD} s"
    return Finding("opening", status, figure, () if status == "pass" else (Span(0.0, NEEDED),))


def _talk(seen: Look) -> Finding:
    share = talking(seen)
    status: Status = "pass" if share >= MUCH else "warn"
    return Finding("talk", status, f"the mouth talks in {share:.0%} of it")
