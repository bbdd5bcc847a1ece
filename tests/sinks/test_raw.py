"""Frames leave in real time, all of them, in order."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from renderer.clock import ManualClock
from renderer.sinks.raw import paced
from renderer.timeline import Timeline
from renderer.types import State, VideoFrame

TIMELINE = Timeline(48_000, Fraction(25))


def frames(clock: ManualClock, drawing: dict[int, float]) -> Iterator[VideoFrame]:
    for i in range(50):
        clock.advance(drawing.get(i, 0.0))
        yield VideoFrame(np.zeros((2, 2, 4), np.uint8), np.zeros(1920, np.float32), i, State.LISTENING)


def test_frames_leave_at_their_time_from_the_first_on() -> None:
    clock = ManualClock()
    times = [clock.now() for _ in paced(frames(clock, {0: 3.0}), TIMELINE, clock, clock.advance)]
    assert times == pytest.approx([3.0 + i / 25 for i in range(50)])


def test_late_frames_leave_at_once_and_none_is_lost() -> None:
    clock = ManualClock()
    seen = [
        (frame.index, clock.now())
        for frame in paced(frames(clock, {10: 1.0}), TIMELINE, clock, clock.advance)
    ]
    assert [index for index, _ in seen] == list(range(50))
    late = dict(seen)
    assert late[10] == late[20] == pytest.approx(9 / 25 + 1.0)
    assert late[49] == pytest.approx(49 / 25)  # caught up


def test_waking_early_is_waited_out() -> None:
    clock = ManualClock()
    times = [
        clock.now()
        for _ in paced(frames(clock, {}), TIMELINE, clock, lambda seconds: clock.advance(min(seconds, 0.007)))
    ]
    assert times == pytest.approx([i / 25 for i in range(50)])
