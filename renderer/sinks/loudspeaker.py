"""A loudspeaker that may be unplugged: then its sound goes on in silence, until one is found again."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from ..clock import Clock, MonotonicClock
from ..errors import DeviceError
from ..types import Samples
from .silent import SilentSpeaker
from .speaker import Speaker

LOST = 1.0
"""Seconds after which a device that has sound and plays none is taken for lost ..."""

LOST_AT_FIRST = 4.0
"""... and as long as it has played less than a second: sound servers wake devices up, and fill their buffers.
PulseAudio's null sink takes 2 s."""

RETRY = 2.0
LONGEST_RETRY = 30.0
"""Seconds until a lost device is looked for, twice as long every time, and at most."""


class Loudspeaker:
    """A device, silence in its place while it is lost, and one clock through both.

    open_device  opens the device at a sample rate; its argument `look_again` says that one was lost. Raises
                 DeviceError where there is none
    """

    def __init__(
        self, open_device: Callable[..., Speaker], sample_rate: int, clock: Clock | None = None
    ) -> None:
        self.sample_rate = sample_rate
        self._open_device = open_device
        self._clock = MonotonicClock() if clock is None else clock
        self._playing: Speaker = open_device(sample_rate)
        self._first = 0  # position of its first sample
        self._underruns = 0  # of those before it
        self._kept: deque[tuple[int, Samples]] = deque()  # what may not have been heard yet
        self._stood = (0, self._clock.now())  # a position, and when it was reached
        self._retry_after = RETRY
        self._retry_at: float | None = None
        self._search: threading.Thread | None = None
        self._lost: Speaker | None = None
        self._found: Speaker | None = None

    @property
    def name(self) -> str:
        """What plays, for people to read."""
        return self._playing.name

    @property
    def accepted(self) -> int:
        return self._first + self._playing.accepted

    @property
    def position(self) -> int:
        return self._first + self._playing.position

    @property
    def room(self) -> int:
        return self._playing.room

    @property
    def underruns(self) -> int:
        return self._underruns + self._playing.underruns

    def play(self, samples: Samples) -> int:
        start = self._first + self._playing.play(samples)
        self._kept.append((start, samples.copy()))
        while self._kept and self._kept[0][0] + len(self._kept[0][1]) <= self.position:
            self._kept.popleft()
        return start

    def flush(self) -> None:
        self._playing.flush()
        self._kept.clear()

    def attend(self) -> None:
        """Notice whether the device was lost, and look for another one beside the sound."""
        now = self._clock.now()
        if self._retry_at is None:
            if self.position > self._stood[0] or self.position >= self.accepted:
                self._stood = (self.position, now)
            elif now - self._stood[1] > self._patience():
                self._lost = self._replace(SilentSpeaker(self.sample_rate, self._clock))
                self._retry_at, self._retry_after = now, RETRY
        elif self._search is not None:
            if not self._search.is_alive():
                self._end_search(now)
        elif now >= self._retry_at:
            self._search = threading.Thread(target=self._look, name="avatar-loudspeaker", daemon=True)
            self._search.start()

    def close(self) -> None:
        if self._search is not None:
            self._search.join()
        for speaker in (self._lost, self._found, self._playing):
            if speaker is not None:
                speaker.close()

    def _patience(self) -> float:
        """Seconds that the device may stand still."""
        return LOST if self._playing.position >= self.sample_rate else LOST_AT_FIRST

    def _look(self) -> None:
        lost, self._lost = self._lost, None
        if lost is not None:
            with contextlib.suppress(Exception):  # whatever its driver says of a device that is gone
                lost.close()
        try:
            self._found = self._open_device(self.sample_rate, look_again=True)
        except DeviceError:
            self._found = None

    def _end_search(self, now: float) -> None:
        self._search = None
        if self._found is not None:
            self._replace(self._found).close()
            self._found, self._retry_at, self._stood = None, None, (self.position, now)
            return
        self._retry_after = min(2 * self._retry_after, LONGEST_RETRY)
        self._retry_at = now + self._retry_after

    def _replace(self, other: Speaker) -> Speaker:
        """Let another one go on with what was not heard yet; returns the one before."""
        position, lost = self.position, self._playing
        self._underruns += lost.underruns
        self._playing, self._first = other, position
        for start, samples in self._kept:
            rest: Any = samples[max(0, position - start) :]
            if len(rest):
                other.play(rest)
        return lost
