"""Picture and sound stay together, whatever stalls. Time is moved by hand, but for one real run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

import numpy as np
import pytest

from renderer.avatar import Avatar
from renderer.clock import ManualClock
from renderer.errors import DeviceError
from renderer.sinks import player
from renderer.sinks.keys import WindowEvent
from renderer.sinks.loudspeaker import LOST_AT_FIRST, Loudspeaker
from renderer.sinks.player import TIDY_AFTER, play
from renderer.sinks.silent import SilentSpeaker
from renderer.sinks.sound import open_speaker
from renderer.sinks.window import Window
from renderer.timeline import Timeline
from renderer.types import Picture, Samples, State, VideoFrame

TIMELINE = Timeline(48_000, Fraction(25))


class FakeWindow:
    """Notes which frame it showed when, and plays events back at given moments."""

    def __init__(self, speaker: SilentSpeaker, clock: ManualClock) -> None:
        self.speaker, self.clock = speaker, clock
        self.shown: list[tuple[int, int]] = []
        self.script: list[tuple[float, WindowEvent]] = []
        self.stalls: dict[int, float] = {}

    def show(self, pixels: Picture) -> None:
        number = int(pixels[0, 0, 0])
        self.shown.append((number, self.speaker.position))
        self.clock.advance(self.stalls.get(number, 0.0005))

    def events(self) -> Iterator[WindowEvent]:
        while self.script and self.script[0][0] <= self.clock.now():
            yield self.script.pop(0)[1]


class Stage:
    """A fake window and a silent speaker on one clock."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.speaker = SilentSpeaker(48_000, self.clock)
        self.window = FakeWindow(self.speaker, self.clock)

    def play(self, frames: Iterator[VideoFrame], on_event: Callable[[WindowEvent], None] | None = None):  # type: ignore[no-untyped-def]
        return play(frames, self.window, self.speaker, TIMELINE, on_event, self.clock.advance)


def frames(count: int, drawing: Callable[[int], None] = lambda _: None) -> Iterator[VideoFrame]:
    return frames_from(0, count, drawing)


def frames_from(
    first: int, count: int, drawing: Callable[[int], None] = lambda _: None
) -> Iterator[VideoFrame]:
    for i in range(first, first + count):
        drawing(i)
        yield VideoFrame(
            np.full((48, 64, 4), i % 256, np.uint8),
            np.zeros(TIMELINE.samples_of(i), np.float32),
            i,
            State.SPEAKING,
            1,
        )


def test_every_frame_shows_once_at_its_sound() -> None:
    stage = Stage()
    stats = stage.play(frames(100))
    assert [number for number, _ in stage.window.shown] == list(range(100))
    skews = [heard - TIMELINE.first_sample(number) for number, heard in stage.window.shown]
    assert max(abs(skew) for skew in skews) <= 0.008 * 48_000 + 1
    assert (stats.counts.shown, stats.counts.dropped, stats.counts.held, stats.underruns) == (100, 0, 0, 0)
    assert stage.speaker.position == 192_000


def test_it_takes_as_long_as_its_sound() -> None:
    stage = Stage()
    stage.play(frames(50))
    assert stage.clock.now() == pytest.approx(2.0, abs=0.02)


def test_a_screen_that_stalls_lets_missed_frames_go_and_keeps_the_sound() -> None:
    stage = Stage()
    stage.window.stalls[10] = 0.09  # within the sound that is queued ahead
    stats = stage.play(frames(50))
    assert stats.underruns == 0
    assert stats.counts.dropped == 1
    assert stats.counts.held == 1
    assert 11 not in [number for number, _ in stage.window.shown]
    skews = [heard - TIMELINE.first_sample(number) for number, heard in stage.window.shown]
    assert max(skews) < 1920


def test_a_slow_drawer_underruns_and_no_picture_leaves_its_sound() -> None:
    """Sound that is not there is not heard: the position stands, and frames are late by nothing."""
    stage = Stage()
    stats = stage.play(frames(40, lambda i: stage.clock.advance(0.5 if i == 20 else 0.0)))
    assert stats.underruns == 1
    assert stats.counts.dropped <= 2  # what the blocked loop could not show of the queued 100 ms
    assert stage.window.shown[-1][0] == 39
    assert max(heard - TIMELINE.first_sample(number) for number, heard in stage.window.shown) < 1920


class FakeSession:
    """As much of a session as the player asks for: who interrupts is interrupted."""

    def __init__(self, count: int) -> None:
        self.interruptions, self.number, self.count = 0, 0, count
        self.has_answer = False

    def take_back(self, after: int) -> None:
        self.number = after + 1

    def frames(self) -> Iterator[VideoFrame]:
        while self.number < self.count:
            number, self.number = self.number, self.number + 1
            yield from frames_from(number, 1)


def test_an_interruption_silences_at_once_and_goes_on_from_what_was_seen() -> None:
    """The queue used to be thrown away with its pictures: the body jumped by three frames."""
    stage = Stage()
    session = FakeSession(50)

    def interrupt(event: WindowEvent) -> None:
        assert event is WindowEvent.INTERRUPT
        session.interruptions += 1

    stage.window.script = [(1.0, WindowEvent.INTERRUPT)]
    stats = play(
        session.frames(),
        stage.window,
        stage.speaker,
        TIMELINE,
        interrupt,
        stage.clock.advance,
        cast(Any, session),
    )
    assert 49 * 1920 <= stage.speaker.accepted < 50 * 1920, "what was queued was never heard"
    assert 1 <= stats.cut <= 4
    assert [number for number, _ in stage.window.shown] == list(range(50)), "each once, none left out"
    assert (stats.counts.dropped, stats.counts.held, stats.underruns) == (0, 0, 0)


def test_an_answer_does_not_wait_behind_silence(avatar: Avatar, speech: Samples) -> None:
    """A tenth of a second of silence used to be heard out first."""
    stage = Stage()
    with avatar.session(pixels="bgra") as session:

        def ask(event: WindowEvent) -> None:
            if event is WindowEvent.INTERRUPT:
                session.push(speech, 16_000)
                with session._worker.change:
                    session._worker.change.wait_for(lambda: session.has_answer)

        taken: list[tuple[VideoFrame, float]] = []

        def frames() -> Iterator[VideoFrame]:
            for frame in session:
                taken.append((frame, stage.clock.now()))
                yield frame

        stage.window.script = [(1.0, WindowEvent.INTERRUPT), (1.5, WindowEvent.CLOSE)]
        play(frames(), stage.window, stage.speaker, TIMELINE, ask, stage.clock.advance, session)
    answered = next(at for frame, at in taken if frame.utterance)
    assert answered < 1.0 + 0.012
    kept = {frame.index: frame for frame, _ in taken}
    assert sorted(kept) == list(range(len(kept))), "and no number is left out"


def test_closing_the_window_ends_it_at_once() -> None:
    stage = Stage()
    stage.window.script = [(0.5, WindowEvent.CLOSE)]
    stats = stage.play(frames(1000))
    assert stats.was_closed
    assert stage.clock.now() < 0.52
    assert stage.speaker.accepted == stage.speaker.position


def test_it_asks_for_frames_no_earlier_than_it_needs_them() -> None:
    stage = Stage()
    ahead: list[int] = []
    stage.play(frames(50, lambda _: ahead.append(stage.speaker.accepted - stage.speaker.position)))
    assert max(ahead) < 4800


def test_it_does_not_spin() -> None:
    stage = Stage()
    sleeps: list[float] = []

    def wait(seconds: float) -> None:
        sleeps.append(seconds)
        stage.clock.advance(seconds)

    play(frames(50), stage.window, stage.speaker, TIMELINE, wait=wait)
    assert len(sleeps) < 50 * 9
    assert min(sleeps) >= 0.001


@pytest.mark.parametrize(("utterance", "times"), [(None, 2), (1, 0)])
def test_freed_memory_goes_back_now_and_then_and_never_in_speech(
    utterance: int | None, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    stage = Stage()
    monkeypatch.setattr(player, "give_back", lambda: given.append(len(stage.window.shown)))
    stage.play(replace(frame, utterance=utterance) for frame in frames(2 * TIDY_AFTER + 50))
    assert len(given) == times
    assert given == [TIDY_AFTER, 2 * TIDY_AFTER][:times]


def test_no_frames_are_no_show() -> None:
    stats = Stage().play(frames(0))
    assert stats.counts.shown == 0


def test_what_the_drawer_raises_reaches_the_caller() -> None:
    def fail(i: int) -> None:
        if i == 5:
            raise RuntimeError("drawn into a corner")

    with pytest.raises(RuntimeError, match="corner"):
        Stage().play(frames(10, fail))


def test_a_speaker_that_never_begins_costs_a_moment_and_no_frame() -> None:
    stage = Stage()
    devices = [SilentSpeaker(48_000, ManualClock())]  # its clock stands still

    def open_device(_: int, look_again: bool = False) -> SilentSpeaker:
        if look_again:
            raise DeviceError("no loudspeaker")
        return devices[0]

    speaker = Loudspeaker(open_device, 48_000, stage.clock)
    stats = play(frames(50), stage.window, speaker, TIMELINE, wait=stage.clock.advance)
    assert stats.counts.shown == 50
    assert stage.clock.now() == pytest.approx(2.0 + LOST_AT_FIRST, abs=0.1)
    speaker.close()


def test_sound_and_picture_do_not_part() -> None:
    """The device's clock runs 300 ppm fast, as cheap ones do. Ten minutes; benchmarks/drift.py: 8 h."""
    clock = ManualClock()

    class Fast:
        def now(self) -> float:
            return clock.now() * 1.0003

    speaker = SilentSpeaker(48_000, Fast())
    window = FakeWindow(speaker, clock)
    one = next(frames(1))
    count = 25 * 60 * 10
    stats = play((replace(one, index=i) for i in range(count)), window, speaker, TIMELINE, wait=clock.advance)
    assert (stats.counts.shown, stats.counts.dropped, stats.counts.held) == (count, 0, 0)
    assert abs(stats.counts.worst_skew) <= 0.0125
    assert clock.now() == pytest.approx(600 / 1.0003, abs=0.1)


def test_a_speaker_of_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="samples a second"):
        play(frames(1), Stage().window, SilentSpeaker(16_000), TIMELINE)


def test_it_plays_on_sdls_dummy_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    speaker = open_speaker(48_000)
    try:
        with Window(64, 48, "test") as window:
            stats = play(frames(25), window, speaker, TIMELINE)
    finally:
        speaker.close()
    assert speaker.position == 25 * 1920
    assert stats.counts.shown + stats.counts.dropped == 25
