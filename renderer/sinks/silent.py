"""A loudspeaker that makes no sound but takes its time."""

from __future__ import annotations

from ..clock import Clock, MonotonicClock
from ..types import Samples
from .soundqueue import CAPACITY


class SilentSpeaker:
    """Counts samples as heard at the pace of a clock. In tests the clock is moved by hand."""

    name = "none (no loudspeaker)"

    def __init__(self, sample_rate: int, clock: Clock | None = None) -> None:
        self.sample_rate = sample_rate
        self.underruns = 0
        self.accepted = 0
        self._clock = MonotonicClock() if clock is None else clock
        self._since = (0, self._clock.now())  # a position and when it was reached
        self._is_flowing = False

    @property
    def position(self) -> int:
        first, then = self._since
        # Rounding, lest 0.04 s x 48000 be 1919.
        return min(self.accepted, first + round((self._clock.now() - then) * self.sample_rate))

    @property
    def room(self) -> int:
        return round(CAPACITY * self.sample_rate) - (self.accepted - self.position)

    def play(self, samples: Samples) -> int:
        if len(samples) > self.room:
            raise ValueError(f"{len(samples)} samples where {self.room} have room; wait for room")
        start = self.accepted
        first, then = self._since
        is_empty = first + round((self._clock.now() - then) * self.sample_rate) > start
        if is_empty and self._is_flowing:
            self.underruns += 1
        if is_empty or not self._is_flowing:
            self._since = (start, self._clock.now())
        self._is_flowing = True
        self.accepted += len(samples)
        return start

    def flush(self) -> None:
        self.accepted = self.position
        self._is_flowing = False

    def attend(self) -> None:
        """Nothing to look after."""

    def close(self) -> None:
        self.flush()
