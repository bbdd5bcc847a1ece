"""The sound: there, loud, clean, dry, unclipped, one voice, and in time with the lips."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...settings import FPS
from ..mouthspace import WEIGHTS
from .findings import Finding, Span, Status, spans_where
from .kinds import Kind
from .looking import Look
from .opening import talking
from .reverberation import clarity, decay_times
from .sound import Sound
from .sync import offsets

LOUD = (-35.0, -6.0)
"""dB of full scale between which speech lies."""

CLEAN = (25.0, 15.0)
"""dB that speech lies over the noise: below the first warns, below the second fails."""

VOICED, QUIET = 0.5, 0.15
"""Probability of speech over and under which a tick is speech, or a pause."""

SILENT = -100.0
"""dB under which a tick is digital silence, which says nothing about the room."""

PAUSES = 8
"""Ticks of pause needed to know the noise."""

DECAYS = 5
"""Decays needed to know the echo."""

CLEAR = (8.0, 3.0)
"""C50 in dB: below the first warns, below the second fails."""

CLIPPED = (3, 100)
"""Samples at full scale in a second that warn, that fail."""

APART = (2.5, 3.5)
"""Frames between lips and sound: from the first warns, from the second fails. ITU-R BT.1359 puts what is
noticed at 45 ms early and 125 ms late; measuring is sure to about a frame."""

FOLLOWS = 0.15
"""Correlation of lips and sound under which ENOUGH seconds of speech are no one's in the picture."""

ENOUGH = 8.0

HEARD = 3.0
"""Seconds of speech during which a mouth moves, if it is the speaker's."""


def judge_sound(seen: Look, heard: Sound | None, kind: Kind) -> list[Finding]:
    """All that is asked of the sound; one finding where there is none."""
    if heard is None or not len(heard.level) or float(heard.level.max()) < SILENT:
        what = "none" if heard is None else "nothing but digital silence"
        return [Finding("sound", "fail" if kind.needs_sound else "pass", what)]
    short = seen.seconds - heard.seconds - heard.start
    figure = f"{heard.rate / 1000:g} kHz, {heard.channels} channel{'s' if heard.channels > 1 else ''}"
    missing = (Span(heard.start + heard.seconds, seen.seconds),) if short > 0.5 else ()
    status: Status = "warn" if missing else "pass"
    if missing:
        figure += f"; ends {short:.1f} s before the picture"
    return [
        Finding("sound", status, figure, missing),
        _level(heard),
        _noise(heard),
        _echo(heard),
        _clipping(heard),
        Finding("voices", "unknown", "no program here tells voices apart"),
        _sync(seen, heard),
    ]


def _mean_level(levels: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(10 ** (levels.astype(np.float64) / 10))))


def _level(heard: Sound) -> Finding:
    speech = heard.level[heard.voice > VOICED]
    if len(speech) < PAUSES:
        return Finding("level", "unknown", "no speech found in the sound")
    level = _mean_level(speech)
    return Finding("level", "pass" if LOUD[0] <= level <= LOUD[1] else "warn", f"{level:.0f} dB")


def _noise(heard: Sound) -> Finding:
    speech, pause = heard.voice > VOICED, (heard.voice < QUIET) & (heard.level > SILENT)
    # a pause at the foot of a word still has the word's echo in it
    pause &= heard.level <= np.percentile(heard.level[heard.level > SILENT], 40)
    if speech.sum() < PAUSES:
        return Finding("noise", "unknown", "no speech found in the sound")
    if pause.sum() < PAUSES:
        if (heard.level <= SILENT).sum() >= PAUSES:
            return Finding("noise", "pass", "digital silence in the pauses")
        return Finding("noise", "unknown", "no pause found to measure it in; leave the opening silence in")
    over = _mean_level(heard.level[speech]) - float(np.median(heard.level[pause]))
    status: Status = "fail" if over < CLEAN[1] else "warn" if over < CLEAN[0] else "pass"
    return Finding("noise", status, f"speech is {over:.0f} dB over it")


def _echo(heard: Sound) -> Finding:
    times = decay_times(heard.bands)
    if len(times) < DECAYS:
        return Finding("echo", "unknown", "no place where sound dies away freely; noise hides it")
    # speech cannot die away faster than the room does: the faster decays are the room's
    decay = float(np.percentile(times, 25))
    clear = clarity(decay)
    status: Status = "fail" if clear < CLEAR[1] else "warn" if clear < CLEAR[0] else "pass"
    return Finding("echo", status, f"C50 about {clear:.0f} dB (60 dB in {decay:.1f} s)")


def _clipping(heard: Sound) -> Finding:
    per_second = np.convolve(heard.clipped, np.ones(25), mode="same")
    most = float(per_second.max())
    if most < CLIPPED[0]:
        return Finding("clipping", "pass", "none")
    spans = spans_where(heard.clipped > 0, heard.times, join=0.7)
    worst = tuple(sorted(sorted(spans, key=lambda span: -span.seconds)[:20], key=lambda span: span.start))
    figure = f"{int(heard.clipped.sum())} samples at full scale"
    return Finding("clipping", "fail" if most >= CLIPPED[1] else "warn", figure, worst)


def _sync(seen: Look, heard: Sound) -> Finding:
    if seen.found.mean() <= 0.5:
        return Finding("sync", "unknown", "no face to compare with")
    found = offsets(heard.gap, heard.start, seen.weights[:, WEIGHTS.index("lip_gap")])
    sure = [one for one in found if one.is_sure]
    if not sure:
        speech = float((heard.voice > VOICED).sum()) / FPS
        if speech >= HEARD and talking(seen) < 0.1:
            return Finding("sync", "warn", "the mouth hardly moves while there is sound: dubbed, or music?")
        best = max((one.correlation for one in found), default=0.0)
        if speech >= ENOUGH and found and best < FOLLOWS:
            figure = f"the lips do not follow the sound (correlation {best:.2f}): dubbed, or another's voice?"
            return Finding("sync", "warn", figure)
        return Finding(
            "sync", "unknown", "no clear match: too little speech, music, or lips that are hard to read"
        )
    worst = max(sure, key=lambda one: abs(one.frames))
    apart = abs(worst.frames)
    status: Status = "fail" if apart >= APART[1] else "warn" if apart >= APART[0] else "pass"
    way = "late" if worst.frames > 0 else "early"
    figure = f"sound {apart:.1f} frames {way}" if apart >= 0.5 else "together"
    firm = [one.frames for one in sure]
    if max(firm) - min(firm) > 2.0:
        figure += f", drifting from {firm[0]:+.0f} to {firm[-1]:+.0f}"
    spans = (
        ()
        if status == "pass"
        else tuple(Span(one.start, one.end) for one in sure if abs(one.frames) >= APART[0])
    )
    return Finding("sync", status, f"{figure} (correlation {worst.correlation:.2f})", spans)
