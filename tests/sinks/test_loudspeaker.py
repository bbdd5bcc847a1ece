"""A device that is lost is replaced by silence in the same time, and found again. Time is moved by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from renderer.clock import ManualClock
from renderer.errors import DeviceError
from renderer.sinks.loudspeaker import LOST, LOST_AT_FIRST, RETRY, Loudspeaker
from renderer.sinks.silent import SilentSpeaker
from renderer.sinks.speaker import Speaker
from renderer.types import Samples

RATE = 48_000


class Device(SilentSpeaker):
    """Keeps what it was given; unplugged, its clock stands still."""

    name = "device"

    def __init__(self, clock: ManualClock) -> None:
        self.real, self.stopped_at = clock, None
        self.heard: list[Samples] = []
        self.is_closed = False
        super().__init__(RATE, self)

    stopped_at: float | None

    def now(self) -> float:
        return self.real.now() if self.stopped_at is None else self.stopped_at

    def unplug(self) -> None:
        self.stopped_at = self.real.now()

    def play(self, samples: Samples) -> int:
        self.heard.append(samples)
        return super().play(samples)

    def close(self) -> None:
        self.is_closed = True


class Plug:
    """Opens devices while one is plugged in."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock, self.is_in = clock, True
        self.opened: list[Device] = []
        self.asked = 0

    def __call__(self, sample_rate: int, look_again: bool = False) -> Speaker:
        self.asked += 1
        assert sample_rate == RATE
        assert look_again == bool(self.opened)
        if not self.is_in:
            raise DeviceError("no loudspeaker; connect one or play silently")
        self.opened.append(Device(self.clock))
        return self.opened[-1]


def run(speaker: Loudspeaker, clock: ManualClock, seconds: float) -> None:
    """Keep 80 ms of sound queued for so long, as the player does."""
    for _ in range(round(seconds * 100)):
        while speaker.accepted - speaker.position < 0.08 * RATE:
            first = speaker.accepted
            assert speaker.play(np.arange(first, first + 1920, dtype=np.float32)) == first
        speaker.attend()
        search: Any = speaker._search
        if search is not None:
            search.join()
        clock.advance(0.01)


@pytest.mark.parametrize("played", [0.0, 0.04])
def test_a_device_that_takes_its_time_to_begin_is_not_lost(played: float) -> None:
    """Through PulseAudio it can be two seconds, the first buffer heard already."""
    clock = ManualClock()
    plug = Plug(clock)
    speaker = Loudspeaker(plug, RATE, clock)
    run(speaker, clock, played)
    plug.opened[0].unplug()
    run(speaker, clock, 2.5)
    plug.opened[0].stopped_at = None
    run(speaker, clock, 1.0)
    assert speaker.name == "device"
    assert plug.asked == 1


def test_the_sound_goes_on_in_silence_and_then_from_the_device_found() -> None:
    clock = ManualClock()
    plug = Plug(clock)
    speaker = Loudspeaker(plug, RATE, clock)
    run(speaker, clock, 2.0)
    assert speaker.position == pytest.approx(2.0 * RATE, abs=2)
    plug.opened[0].unplug()
    plug.is_in = False
    run(speaker, clock, 5.0)
    assert speaker.name.startswith("none")
    assert plug.opened[0].is_closed
    assert speaker.position == pytest.approx((2.0 + 5.0 - LOST) * RATE, abs=0.1 * RATE)
    plug.is_in = True
    run(speaker, clock, 2 * RETRY + 2.0)
    assert speaker.name == "device"
    sound = np.concatenate(plug.opened[1].heard)
    assert np.array_equal(np.diff(sound), np.ones(len(sound) - 1)), "no sample left out or said twice"
    assert speaker.position == pytest.approx((2.0 + 5.0 - LOST + 2 * RETRY + 2.0) * RATE, abs=0.1 * RATE)
    speaker.close()
    assert plug.opened[1].is_closed


def test_a_device_that_stays_away_is_looked_for_less_and_less() -> None:
    clock = ManualClock()
    plug = Plug(clock)
    speaker = Loudspeaker(plug, RATE, clock)
    run(speaker, clock, 0.5)
    plug.opened[0].unplug()
    plug.is_in = False
    run(speaker, clock, 120.0)
    assert 5 <= plug.asked <= 9
    speaker.close()


def test_a_speaker_with_nothing_to_play_is_not_lost() -> None:
    clock = ManualClock()
    plug = Plug(clock)
    speaker = Loudspeaker(plug, RATE, clock)
    for _ in range(100):
        speaker.attend()
        clock.advance(1.0)
    assert speaker.name == "device"
    assert plug.asked == 1


def test_a_flush_is_not_said_by_the_next_device() -> None:
    clock = ManualClock()
    plug = Plug(clock)
    speaker = Loudspeaker(plug, RATE, clock)
    speaker.play(np.ones(1920, np.float32))
    speaker.flush()
    plug.opened[0].unplug()
    speaker.play(np.full(1920, 2.0, np.float32))
    run(speaker, clock, LOST_AT_FIRST + 1.0)
    assert len(plug.opened) == 2
    assert plug.opened[1].heard[0][0] == 2.0
    speaker.close()


def test_without_any_device_there_is_none_to_lose() -> None:
    plug = Plug(ManualClock())
    plug.is_in = False
    with pytest.raises(DeviceError):
        Loudspeaker(plug, RATE, plug.clock)
