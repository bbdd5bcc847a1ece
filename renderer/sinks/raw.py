"""Frames for hosts that show and sound them themselves: a virtual camera, a pipe, a network."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from ..clock import Clock, MonotonicClock
from ..timeline import Timeline
from ..types import VideoFrame


def paced(
    frames: Iterable[VideoFrame],
    timeline: Timeline,
    clock: Clock | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[VideoFrame]:
    """Give frames on as they become due, the first at once, in real time.

    A session gives frames as fast as they are asked for; a host without a sound device of its own asks for
    them through this. A late frame is given at once and none is dropped, since each carries sound.

        for frame in paced(session, Timeline(48_000, avatar.manifest.rate)):
            camera.send(frame.pixels)
    """
    clock = MonotonicClock() if clock is None else clock
    start: float | None = None
    for number, frame in enumerate(frames):
        if start is None:
            start = clock.now()
        while (early := start + timeline.seconds(number) - clock.now()) > 0:
            wait(early)
        yield frame
