"""What a frame costs, drawn as fast as it goes, in one thread."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from ..avatar import Avatar
from ..settings import FPS, Settings
from ..types import VideoFrame
from .backdrop import behind
from .speech import RATE, speech
from .spread import spread
from .stages import REST, STAGES, Stopwatch

UNCOUNTED = 5
"""Frames at the start of a film that are not counted: decoders are opened in them."""


def measure_frames(avatar: Avatar, settings: Settings, seconds: float) -> dict[str, Any]:
    """Draw `seconds` of listening and as many of speaking.

    listening, speaking  the spread of each stage, of "rest" and of the whole "frame", in milliseconds;
                         "processor": milliseconds of processor time a frame
    flat_out             frames a second while speaking, and the real-time factor: seconds it takes to draw a
                         second
    """
    lead = UNCOUNTED / FPS
    behind_it = behind(avatar, settings)
    silent = avatar.render(speech(0.0), RATE, settings, before=seconds + lead, background=behind_it)
    listening = _watched(silent)
    speaking = _watched(avatar.render(speech(seconds + lead), RATE, settings, background=behind_it))
    rate = 1e3 / speaking["frame"]["mean"]
    return {
        "listening": listening,
        "speaking": speaking,
        "flat_out": {"fps": rate, "real_time_factor": FPS / rate},
    }


def _watched(frames: Iterator[VideoFrame]) -> dict[str, Any]:
    laps: list[dict[str, float]] = []
    with Stopwatch().running() as watch:
        for _ in range(UNCOUNTED):
            next(frames)
        watch.lap()
        processor = time.process_time()
        last = time.perf_counter()
        for _ in frames:
            now = time.perf_counter()
            lap = watch.lap()
            whole = (now - last) * 1e3
            laps.append({**lap, REST: whole - sum(lap.values()), "frame": whole})
            last = now
        spent = (time.process_time() - processor) * 1e3 / len(laps)
    told: dict[str, Any] = {"processor": spent}
    for name in (*STAGES, REST, "frame"):
        told[name] = spread([lap[name] for lap in laps])
    return told
