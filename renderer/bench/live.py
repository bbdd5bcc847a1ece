"""In real time, as a viewer has it: the player with a silent loudspeaker that keeps the time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..avatar import Avatar
from ..settings import Settings
from ..sinks.keys import WindowEvent
from ..sinks.player import PlayStats, play
from ..sinks.silent import SilentSpeaker
from ..timeline import Timeline
from ..types import Picture
from .backdrop import behind
from .conversation import converse
from .speech import RATE, speech
from .usage import memory

LOOK = 0.25
"""Seconds between two looks at the memory."""

SETTLED = 1.0
"""Seconds after which the processor's share is counted: what is opened at first is not part of it."""

TRIALS = 8
"""Exchanges of the conversation; a benchmark wants more (`python -m benchmarks.latency`)."""


class _Screen:
    """Nobody looks; it closes after some seconds, and notes memory and processor time meanwhile."""

    def __init__(self, seconds: float) -> None:
        now = time.perf_counter()
        self._ends, self._look, self._settles = now + seconds, now, now + min(SETTLED, seconds / 4)
        self._since: tuple[float, float] | None = None
        self.memory: list[dict[str, float]] = []
        self.share = 0.0

    def show(self, _: Picture) -> None:
        """Not even a screen."""

    def events(self) -> Iterator[WindowEvent]:
        now = time.perf_counter()
        if now >= self._look:
            self._look = now + LOOK
            self.memory.append(memory())
        if self._since is None and now >= self._settles:
            self._since = now, time.process_time()
        if now >= self._ends and self._since is not None:
            then, spent = self._since
            self.share = (time.process_time() - spent) / max(now - then, 1e-6)
            yield WindowEvent.CLOSE


def measure_live(avatar: Avatar, settings: Settings, seconds: float, trials: int = TRIALS) -> dict[str, Any]:
    """Listen for `seconds`, speak for as many, then be spoken with.

    listening, speaking  frames "shown", "dropped" and "late" (those that let the one before stay too long);
                         "skew_ms": the farthest a picture was from its sound; "gaps": in the sound;
                         "processor": cores busy, 0.05 is a twentieth of one; "memory_mb": as of
                         `usage.memory`, medians
    waiting              milliseconds of each wait of `conversation.converse`
    """
    return {
        "listening": _paced(avatar, settings, seconds, False),
        "speaking": _paced(avatar, settings, seconds, True),
        "waiting": converse(avatar, settings, trials),
    }


def _paced(avatar: Avatar, settings: Settings, seconds: float, speaks: bool) -> dict[str, Any]:
    timeline = Timeline(settings.sound_rate, avatar.manifest.rate)
    with avatar.session(settings) as session:
        session.set_background(behind(avatar, settings))
        if speaks:
            session.push(speech(seconds + 1.0), RATE)
        next(session)  # decoders are opened in it; waiting for the first frame is told elsewhere
        screen, speaker = _Screen(seconds), SilentSpeaker(settings.sound_rate)
        stats = play(session, screen, speaker, timeline, session=session)
    return {**_facts(stats), "processor": screen.share, "memory_mb": _medians(screen.memory)}


def _facts(stats: PlayStats) -> dict[str, Any]:
    counts = stats.counts
    return {
        "shown": counts.shown,
        "dropped": counts.dropped,
        "late": counts.held,
        "skew_ms": counts.worst_skew * 1e3,
        "gaps": stats.underruns,
    }


def _medians(looks: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.median([look[name] for look in looks])) for name in looks[0]} if looks else {}
