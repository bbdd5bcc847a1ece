"""Samples between two threads: ours puts them in, the device's callback takes them out."""

from __future__ import annotations

import threading
from collections import deque

from ..types import Samples

CAPACITY = 2.0
"""Seconds a queue holds at most. Players keep far less ahead; this only bounds the memory."""


class SoundQueue:
    """A bounded queue that knows how much of it has been heard."""

    def __init__(self, sample_rate: int) -> None:
        self.sample_rate = sample_rate
        self.accepted = 0
        self.underruns = 0
        self._capacity = round(CAPACITY * sample_rate)
        self._lock = threading.Lock()
        self._waiting: deque[Samples] = deque()
        self._taken = 0
        self._is_flowing = self._is_starved = False
        self._block = (0, 0, 0.0)  # first sample, number of samples, and when the first one is heard
        self._heard = 0

    @property
    def room(self) -> int:
        """Samples that can be put in now."""
        return self._capacity - (self.accepted - self._taken)

    @property
    def waiting(self) -> int:
        """Samples put in and not yet taken."""
        return self.accepted - self._taken

    def starve(self) -> None:
        """The device wanted samples and took none since there were none."""
        with self._lock:
            self._starve()

    def put(self, samples: Samples) -> int:
        """Append samples and return where they begin. Raises ValueError for more than there is room for."""
        with self._lock:
            if len(samples) > self.room:
                raise ValueError(f"{len(samples)} samples where {self.room} have room; wait for room")
            if self._is_starved and len(samples):
                self.underruns += 1
                self._is_starved = False
            start = self.accepted
            self._waiting.append(samples.copy())
            self.accepted += len(samples)
            return start

    def take(self, out: Samples, heard_at: float) -> None:
        """Fill `out` from the queue, with silence where that is too short.

        heard_at  when its first sample will be heard, in seconds of the clock that `position` is asked by
        """
        with self._lock:
            filled = 0
            while self._waiting and filled < len(out):
                piece = self._waiting[0]
                part = min(len(piece), len(out) - filled)
                out[filled : filled + part] = piece[:part]
                filled += part
                if part < len(piece):
                    self._waiting[0] = piece[part:]
                else:
                    self._waiting.popleft()
            out[filled:] = 0.0
            if filled:
                self._is_flowing = True
                self._block = (self._taken, filled, heard_at)
                self._taken += filled
            if filled < len(out):
                self._starve()

    def position(self, now: float) -> int:
        """Samples heard by `now`. Never backwards, and never beyond what was taken."""
        with self._lock:
            first, count, heard_at = self._block
            reached = first + round((now - heard_at) * self.sample_rate)
            self._heard = max(self._heard, min(reached, first + count))
            return self._heard

    def flush(self) -> None:
        """Throw away what was not taken; it never was accepted."""
        with self._lock:
            self._waiting.clear()
            self.accepted = self._taken
            self._is_starved = self._is_flowing = False

    def _starve(self) -> None:
        if self._is_flowing:
            self._is_starved, self._is_flowing = True, False
