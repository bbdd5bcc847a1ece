"""A microphone that may be unplugged: that is told once, and it is looked for until it is found again."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from ..errors import DeviceError, DeviceLost
from ..types import Samples
from .source import Source

RETRY = 2.0
LONGEST_RETRY = 30.0
"""Seconds until a lost device is looked for, twice as long every time, and at most."""


class LastingSource:
    """A device, or the wait for it.

    open_device  opens it; its argument `look_again` says that one was lost. Raises DeviceError where there is
                 none: at the first time that is the caller's
    wait         sleeps, and tells whether the source was closed meanwhile; for tests
    """

    def __init__(
        self, open_device: Callable[..., Source], wait: Callable[[float], bool] | None = None
    ) -> None:
        self._open_device = open_device
        self._is_closed = threading.Event()
        self._wait = self._is_closed.wait if wait is None else wait
        self._lock = threading.Lock()
        self._source: Source | None = open_device()
        self.name = self._source.name

    def read(self) -> Samples | None:
        """The next tick; see `Source.read`."""
        source = self._source or self._find_again()
        if source is None:
            return None
        try:
            return source.read()
        except DeviceError as error:
            with self._lock:
                self._source = None
            with contextlib.suppress(Exception):  # whatever its driver says of a device that is gone
                source.close()
            raise DeviceLost(f"{error}; it is looked for") from error

    def close(self) -> None:
        with self._lock:
            self._is_closed.set()
            source, self._source = self._source, None
        if source is not None:
            source.close()

    def _find_again(self) -> Source | None:
        """The device, as soon as there is one; None once closed."""
        seconds = RETRY
        while not self._is_closed.is_set() and not self._wait(seconds):
            seconds = min(2 * seconds, LONGEST_RETRY)
            with contextlib.suppress(DeviceError):
                return self._adopt(self._open_device(look_again=True))
        return None

    def _adopt(self, source: Source) -> Source | None:
        with self._lock:
            if not self._is_closed.is_set():
                self._source, self.name = source, source.name
                return source
        source.close()
        return None
