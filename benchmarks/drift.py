"""`python -m benchmarks.drift`: whether picture and sound part within hours, on a clock moved by hand.

The device's clock runs 300 ppm off the machine's, as cheap ones do. Eight hours take about half a minute.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from renderer.clock import ManualClock
from renderer.sinks.keys import WindowEvent
from renderer.sinks.player import play
from renderer.sinks.silent import SilentSpeaker
from renderer.timeline import Timeline
from renderer.types import Picture, State, VideoFrame

TIMELINE = Timeline(48_000, Fraction(25))


class Screen:
    """Notes how far each frame was from its sound."""

    def __init__(self, speaker: SilentSpeaker) -> None:
        self.speaker, self.shown, self.worst = speaker, 0, 0.0

    def show(self, _: Picture) -> None:
        """The frame shown is the next one, unless one was left out: then this one is off by a frame."""
        off = self.speaker.position - TIMELINE.first_sample(self.shown)
        self.worst = max(self.worst, abs(off) / TIMELINE.sample_rate)
        self.shown += 1

    def events(self) -> Iterator[WindowEvent]:
        return iter(())


class Device:
    """A clock that runs a little fast."""

    def __init__(self, clock: ManualClock, ppm: float) -> None:
        self._clock, self._rate = clock, 1 + ppm * 1e-6

    def now(self) -> float:
        return self._clock.now() * self._rate


def measure(hours: float, ppm: float = 300.0) -> tuple[int, int, float]:
    """Frames given and shown, and the worst distance of a frame from its sound in seconds."""
    clock = ManualClock()
    speaker = SilentSpeaker(TIMELINE.sample_rate, Device(clock, ppm))
    screen = Screen(speaker)
    sound, pixels = np.zeros(TIMELINE.samples_of(0), np.float32), np.zeros((2, 2, 4), np.uint8)
    frame = VideoFrame(pixels, sound, 0, State.SPEAKING, 1)
    count = round(hours * 3600 * 25)
    play((replace(frame, index=i) for i in range(count)), screen, speaker, TIMELINE, wait=clock.advance)
    return count, screen.shown, screen.worst


def main() -> None:
    """Measure and print; the exit code tells whether a frame was lost or more than half a frame off."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drift", description=main.__doc__)
    parser.add_argument("--hours", type=float, default=8.0)
    hours = parser.parse_args().hours
    given, shown, worst = measure(hours)
    print(
        f"{hours:g} hours: {given} frames given, {shown} shown, at most {worst * 1e3:.1f} ms from their sound"
    )
    if shown != given or worst > 0.020:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
