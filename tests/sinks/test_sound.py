"""How much was heard is known to the sample, gaps are counted, and a flush is at once."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from renderer.clock import ManualClock
from renderer.errors import DeviceError
from renderer.sinks.mixer import PIECE, MixerSpeaker
from renderer.sinks.portaudio import PortAudioSpeaker
from renderer.sinks.silent import SilentSpeaker
from renderer.sinks.sound import open_device, open_speaker
from renderer.sinks.soundqueue import SoundQueue

pygame: Any = pytest.importorskip("pygame")

RATE = 48_000


def ramp(first: int, count: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.arange(first, first + count, dtype=np.float32)


def test_the_queue_gives_out_what_it_was_given_whatever_the_portions() -> None:
    queue = SoundQueue(RATE)
    starts = [queue.put(ramp(first, 100)) for first in (1, 101, 201)]
    assert starts == [0, 100, 200]
    out = np.full(300, -1, np.float32)
    for first, size in ((0, 7), (7, 120), (127, 173)):
        queue.take(out[first : first + size], 0.0)
    assert np.array_equal(out, ramp(1, 300))


def test_the_position_lies_between_blocks_by_the_time_they_are_heard() -> None:
    queue = SoundQueue(RATE)
    queue.put(np.zeros(960, np.float32))
    block = np.empty(480, np.float32)
    queue.take(block, heard_at=1.0)
    assert queue.position(0.99) == 0  # taken, not heard yet
    assert queue.position(1.005) == 240
    queue.take(block, heard_at=1.01)
    assert queue.position(1.0075) == 360
    assert queue.position(1.015) == 720
    assert queue.position(1.012) == 720  # never backwards
    assert queue.position(9.0) == 960  # never beyond what was taken


def test_silence_for_want_of_samples_moves_no_position_and_is_one_underrun() -> None:
    queue = SoundQueue(RATE)
    block = np.ones(480, np.float32)
    queue.take(block, 0.0)
    assert not block.any()
    assert queue.underruns == 0  # nothing was said yet
    queue.put(np.ones(700, np.float32))
    queue.take(block, 1.0)
    queue.take(block, 1.01)
    assert block[:220].all()
    assert not block[220:].any()
    queue.take(block, 1.02)
    assert queue.position(1.03) == 700
    assert queue.underruns == 0  # perhaps it was the end
    queue.put(np.ones(480, np.float32))
    assert queue.underruns == 1
    queue.take(block, 2.0)
    assert queue.position(2.005) == 940


def test_flush_drops_what_waits_and_is_no_underrun() -> None:
    queue = SoundQueue(RATE)
    queue.put(np.ones(4800, np.float32))
    block = np.empty(480, np.float32)
    queue.take(block, 0.0)
    queue.flush()
    assert queue.accepted == 480
    queue.take(block, 0.01)
    assert not block.any()
    assert queue.put(np.ones(480, np.float32)) == 480
    assert queue.underruns == 0


def test_the_queue_is_bounded() -> None:
    queue = SoundQueue(RATE)
    queue.put(np.zeros(queue.room, np.float32))
    with pytest.raises(ValueError, match="wait for room"):
        queue.put(np.zeros(1, np.float32))
    queue.take(np.empty(10, np.float32), 0.0)
    assert queue.room == 10


def test_the_caller_may_fill_its_buffer_anew() -> None:
    queue = SoundQueue(RATE)
    samples = np.ones(10, np.float32)
    queue.put(samples)
    samples[:] = 5
    out = np.empty(10, np.float32)
    queue.take(out, 0.0)
    assert (out == 1).all()


def test_the_silent_speaker_keeps_the_clocks_time() -> None:
    clock = ManualClock()
    speaker = SilentSpeaker(RATE, clock)
    clock.advance(5)
    assert speaker.play(np.zeros(1920, np.float32)) == 0
    assert speaker.play(np.zeros(1920, np.float32)) == 1920
    clock.advance(0.05)
    assert speaker.position == 2400
    clock.advance(1)
    assert speaker.position == 3840
    assert speaker.underruns == 0
    speaker.play(np.zeros(1920, np.float32))
    assert speaker.underruns == 1
    clock.advance(0.02)
    assert speaker.position == 3840 + 960
    speaker.flush()
    assert speaker.accepted == speaker.position == 4800


def test_the_silent_speaker_has_no_gap_where_sound_meets_sound() -> None:
    clock = ManualClock()
    speaker = SilentSpeaker(RATE, clock)
    for _ in range(100):
        speaker.play(np.zeros(1920, np.float32))
        clock.advance(0.04)
    assert speaker.position == 192_000
    assert speaker.underruns == 0


class FakeStream:
    """PortAudio's stream, its time and its callback moved by hand."""

    def __init__(self, **options: Any) -> None:
        self.time, self.latency = 10.0, 0.02
        self.callback = options["callback"]
        self.is_open = True

    def start(self) -> None:
        assert self.is_open

    def abort(self) -> None:
        self.is_open = False

    def close(self) -> None:
        self.is_open = False


def portaudio(monkeypatch: pytest.MonkeyPatch) -> tuple[PortAudioSpeaker, FakeStream]:
    module = ModuleType("sounddevice")
    module.OutputStream = FakeStream  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    speaker = PortAudioSpeaker(RATE)
    return speaker, speaker._stream


@pytest.mark.parametrize("tells", [True, False], ids=["with-dac-time", "without"])
def test_portaudio_counts_the_latency_it_is_told(monkeypatch: pytest.MonkeyPatch, tells: bool) -> None:
    speaker, stream = portaudio(monkeypatch)
    speaker.play(ramp(1, 960))
    out = np.empty((480, 1), np.float32)
    heard_at = 10.02 if tells else 0.0
    stream.callback(out, 480, SimpleNamespace(currentTime=10.0, outputBufferDacTime=heard_at), None)
    assert np.array_equal(out[:, 0], ramp(1, 480))
    assert speaker.position == 0
    stream.time = 10.025
    assert speaker.position == pytest.approx(240, abs=1)
    speaker.close()
    assert not stream.is_open


def test_a_gap_in_the_driver_is_an_underrun_too(monkeypatch: pytest.MonkeyPatch) -> None:
    speaker, stream = portaudio(monkeypatch)
    moment = SimpleNamespace(currentTime=10.0, outputBufferDacTime=10.02)
    stream.callback(np.empty((480, 1), np.float32), 480, moment, SimpleNamespace(output_underflow=True))
    assert speaker.underruns == 1


def test_a_machine_without_portaudio_or_device_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoDevice(Exception):
        pass

    def refuse(**_: Any) -> None:
        raise NoDevice("Error querying device -1")

    module = ModuleType("sounddevice")
    module.OutputStream = refuse  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    with pytest.raises(DeviceError, match="querying device"):
        PortAudioSpeaker(RATE)
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(DeviceError, match="libportaudio2"):
        PortAudioSpeaker(RATE)


def test_who_asks_for_the_dummy_driver_gets_silence_in_real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    assert isinstance(open_speaker(RATE), SilentSpeaker)


def test_without_any_device_it_plays_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    monkeypatch.setenv("SDL_AUDIODRIVER", "no such driver")
    speaker = open_speaker(RATE)
    assert speaker.name == "none (no loudspeaker)"
    speaker.close()


def test_without_portaudio_sdl_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")  # a real driver, which writes where it is told
    monkeypatch.setenv("SDL_DISKAUDIOFILE", os.devnull)
    device = open_device(RATE)
    assert isinstance(device, MixerSpeaker)
    device.close()


class FakeChannel:
    """pygame's channel: one sound plays, one waits behind it. Its end is a test's to say."""

    def __init__(self) -> None:
        self.playing: Any = None
        self.behind: Any = None
        self.taken: list[NDArray[np.int16]] = []

    def get_busy(self) -> bool:
        return self.playing is not None

    def get_queue(self) -> Any:
        return self.behind

    def queue(self, sound: Any) -> None:
        self.taken.append(sound)
        if self.playing is None:
            self.playing = sound
        else:
            self.behind = sound

    def end(self) -> None:
        """The sound that plays is over."""
        self.playing, self.behind = self.behind, None

    def stop(self) -> None:
        self.playing = self.behind = None


@pytest.fixture
def mixer(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[MixerSpeaker, FakeChannel, ManualClock]]:
    """SDL's speaker with a channel and a clock moved by hand, and nobody else feeding it."""
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", os.devnull)
    monkeypatch.setattr(MixerSpeaker, "_feed", lambda _: None)
    speaker = MixerSpeaker(RATE)
    channel, clock = FakeChannel(), ManualClock(10.0)
    monkeypatch.setattr(speaker, "_channel", channel)
    monkeypatch.setattr(speaker, "_clock", clock)
    speaker._mixer = SimpleNamespace(
        Sound=lambda buffer: np.frombuffer(buffer, "<i2"), quit=pygame.mixer.quit
    )
    yield speaker, channel, clock
    speaker.close()


def test_sdl_gets_whole_pieces_without_a_gap(mixer: tuple[MixerSpeaker, FakeChannel, ManualClock]) -> None:
    speaker, channel, clock = mixer
    samples = np.arange(5 * PIECE, dtype=np.float32) / 32767
    speaker.play(samples[:4800])  # as far ahead as the player keeps it
    for first in range(4800, len(samples), 160):
        speaker.play(samples[first : first + 160])
        speaker.feed()
        speaker.feed()
        clock.advance(PIECE / RATE)
        channel.end()
        speaker.feed()
    while channel.get_busy():
        channel.end()
        speaker.feed()
    heard = np.concatenate(channel.taken)
    assert all(len(piece) == PIECE for piece in channel.taken)
    assert np.array_equal(heard[: 5 * PIECE], np.arange(5 * PIECE))


def test_the_position_follows_sdls_pace_not_the_clocks(
    mixer: tuple[MixerSpeaker, FakeChannel, ManualClock],
) -> None:
    """SDL's dummy device once ran a tenth too slow: what counts is what it took."""
    speaker, channel, clock = mixer
    speaker.play(np.zeros(40 * PIECE, np.float32))
    speaker.feed()
    speaker.feed()
    for piece in range(30):
        for _ in range(5):
            clock.advance(1.1 * PIECE / RATE / 5)
            speaker.feed()
        channel.end()
        speaker.feed()
        assert abs(speaker.position - (piece + 1) * PIECE) < PIECE


def test_sdl_that_runs_dry_is_an_underrun(mixer: tuple[MixerSpeaker, FakeChannel, ManualClock]) -> None:
    speaker, channel, clock = mixer
    speaker.play(np.zeros(PIECE, np.float32))
    speaker.feed()
    clock.advance(1.0)
    channel.end()
    speaker.feed()
    assert speaker.underruns == 0
    speaker.play(np.zeros(PIECE, np.float32))
    assert speaker.underruns == 1


def test_sdl_opens_and_closes_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """An earlier speaker hung on close, its callback and pygame's lock waiting for each other."""
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", os.devnull)
    threads = threading.active_count()
    for _ in range(10):
        speaker = MixerSpeaker(RATE)
        speaker.play(np.zeros(9600, np.float32))
        while speaker.position < 2000:
            time.sleep(0.001)
        speaker.flush()
        speaker.close()
    assert threading.active_count() == threads
