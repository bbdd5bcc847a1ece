from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from renderer.audio import load_sound
from renderer.clock import ManualClock
from renderer.errors import MediaError
from renderer.sources.recording import RecordingSource
from renderer.sources.source import open_source

HELLO = Path(__file__).parent.parent.parent / "examples" / "hello.opus"


def test_a_recording_is_heard_in_its_time_and_whole() -> None:
    clock = ManualClock()
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        clock.advance(seconds)

    source = RecordingSource(HELLO, clock, wait)
    ticks = []
    while (tick := source.read()) is not None:
        ticks.append(tick)
        assert clock.now() == pytest.approx(len(ticks) * 0.04)
    sound = load_sound(HELLO, 16_000)
    assert np.array_equal(np.concatenate(ticks)[: len(sound)], sound)
    assert all(len(tick) == 640 for tick in ticks)


def test_who_reads_late_gets_what_is_due_at_once() -> None:
    clock = ManualClock()
    source = RecordingSource(HELLO, clock, clock.advance)
    source.read()
    clock.advance(0.2)
    before = clock.now()
    for _ in range(5):
        source.read()
    assert clock.now() == before


def test_close_ends_a_read_in_another_thread() -> None:
    source = RecordingSource(HELLO, ManualClock())  # a clock that stands: nothing is ever due
    thread = threading.Thread(target=source.read)
    thread.start()
    source.close()
    thread.join(10)
    assert not thread.is_alive()
    assert source.read() is None


def test_a_path_is_a_recording() -> None:
    assert open_source(str(HELLO)).name == "hello.opus"
    with pytest.raises(MediaError, match="no such file"):
        open_source("gone.wav")
