"""A recording, heard as if it were being spoken now."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..audio import load_sound
from ..clock import Clock, MonotonicClock
from ..settings import ANALYSIS_RATE, TICK
from ..types import Samples


class RecordingSource:
    """Gives each tick of a file when its time has come; the last one is filled up with silence."""

    def __init__(
        self, path: Path | str, clock: Clock | None = None, wait: Callable[[float], object] | None = None
    ) -> None:
        """Load it. `wait` sleeps; tests move their clock instead. Raises MediaError."""
        self.name = Path(path).name
        self._sound = load_sound(path, ANALYSIS_RATE)
        self._clock = MonotonicClock() if clock is None else clock
        self._is_closed = threading.Event()
        self._wait = self._is_closed.wait if wait is None else wait
        self._given = 0
        self._begun: float | None = None

    @staticmethod
    def is_file(name: str) -> bool:
        """Whether it names a recording, not a device: it is a file, or is written like one."""
        return Path(name).is_file() or bool(Path(name).suffix)

    def read(self) -> Samples | None:
        if self._begun is None:
            self._begun = self._clock.now()
        tick = self._sound[self._given : self._given + TICK]
        due = self._begun + (self._given + TICK) / ANALYSIS_RATE  # a microphone gives it when it is over
        while not self._is_closed.is_set() and len(tick) and (left := due - self._clock.now()) > 0:
            self._wait(left)
        if self._is_closed.is_set() or not len(tick):
            return None
        self._given += TICK
        whole: Samples = np.concatenate([tick, np.zeros(TICK - len(tick), np.float32)])
        return whole

    def close(self) -> None:
        self._is_closed.set()
