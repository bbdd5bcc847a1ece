"""What time it is: the machine's, or one that a test moves by hand."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Seconds since some moment; never backwards."""

    def now(self) -> float: ...


class MonotonicClock:
    """The machine's own clock, blind to changes of the date."""

    def now(self) -> float:
        return time.monotonic()


class ManualClock:
    """Stands still until it is moved."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds

    def now(self) -> float:
        return self._seconds

    def advance(self, seconds: float) -> None:
        """Move on. Raises ValueError for a step backwards."""
        if seconds < 0:
            raise ValueError(f"a step of {seconds} seconds; a clock only moves forwards")
        self._seconds += seconds
