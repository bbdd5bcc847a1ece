"""A loudspeaker through SDL, for machines without PortAudio.

pygame's mixer plays a sound and one more behind it. Sounds of whole device buffers follow each other without
a gap, so a thread cuts the queue into such pieces. There is no callback of ours in SDL's thread: pygame holds
the interpreter's lock while it waits for SDL's, and a callback would hold SDL's while it waits for the
interpreter's.
"""

from __future__ import annotations

import os
import threading
from typing import Any

import numpy as np

from ..clock import MonotonicClock
from ..errors import DeviceError
from .queued import QueuedSpeaker

BUFFER = 512
"""Samples the device takes at a time: 11 ms at 48 kHz."""

PIECE = 2 * BUFFER
"""Samples given to the mixer at a time; two pieces are with it at most, 43 ms."""

LOOK = 0.005
"""Seconds between two looks at whether it wants the next piece."""


class MixerSpeaker(QueuedSpeaker):
    """SDL's default output. Raises DeviceError where there is none."""

    name = "SDL"

    def __init__(self, sample_rate: int) -> None:
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        try:
            import pygame

            pygame.mixer.init(sample_rate, -16, 1, BUFFER, allowedchanges=0)
        except ImportError as error:
            raise DeviceError(f"no pygame ({error}); reinstall it: pip install pygame") from error
        except pygame.error as error:
            raise DeviceError(f"no loudspeaker ({error}); connect one or play silently") from error
        super().__init__(sample_rate)
        self._mixer: Any = pygame.mixer
        self._channel: Any = self._mixer.Channel(0)
        self._clock = MonotonicClock()
        self._looked = self._ends = 0.0  # the last look, and when the pieces with the mixer will have sounded
        self._is_behind = False  # one of them waits behind the other
        self._is_open = True
        self._feeder = threading.Thread(target=self._feed, name="avatar-sound", daemon=True)
        self._feeder.start()

    def close(self) -> None:
        self._is_open = False
        self._feeder.join()
        self._channel.stop()
        self._mixer.quit()

    def _now(self) -> float:
        return self._clock.now()

    def _feed(self) -> None:
        wait = threading.Event()
        while self._is_open:
            self.feed()
            wait.wait(LOOK)

    def feed(self) -> None:
        """Give the mixer its next piece if it has room for one; what is less than a piece waits for more."""
        now, piece = self._clock.now(), PIECE / self.sample_rate
        is_busy = self._channel.get_busy()
        if self._channel.get_queue() is None:
            if self._is_behind:  # the piece behind has begun, some time since the last look
                self._ends = min(max(self._ends - piece, self._looked), now) + piece
                self._is_behind = False
            if self._queue.waiting >= PIECE or (self._queue.waiting and not is_busy):
                if not is_busy:
                    self._ends = now + BUFFER / self.sample_rate
                sound = np.empty(PIECE, np.float32)
                self._queue.take(sound, heard_at=self._ends)
                self._ends += piece
                self._is_behind = is_busy
                pcm = np.rint(np.clip(sound, -1.0, 1.0) * 32767).astype("<i2")
                self._channel.queue(self._mixer.Sound(buffer=pcm.tobytes()))
            elif not is_busy:
                self._queue.starve()
        self._looked = now
