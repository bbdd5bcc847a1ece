"""A loudspeaker through SDL, where PortAudio is missing or the environment asks for it."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from ..clock import MonotonicClock
from ..errors import DeviceError
from .soundqueue import QueuedSpeaker, SoundQueue

BLOCK = 0.020
"""Seconds SDL asks for at a time. It plays one block while it asks for the next, so a sample is heard one
block after it was taken; SDL tells nothing of what the driver adds."""


class SdlSpeaker(QueuedSpeaker):
    """SDL's default output. Raises DeviceError where there is none."""

    name = "SDL"

    def __init__(self, sample_rate: int) -> None:
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        super().__init__(SoundQueue(sample_rate))
        self._clock = MonotonicClock()
        try:
            # The only part of pygame that plays a stream without gaps; the mixer plays finished sounds.
            from pygame._sdl2 import audio, sdl2

            sdl2.init_subsystem(sdl2.INIT_AUDIO)
            names = audio.get_audio_device_names(False)
            if not names:
                raise DeviceError("SDL knows no loudspeaker; connect one or play silently")
            self._device: Any = audio.AudioDevice(
                devicename=names[0],
                iscapture=False,
                frequency=sample_rate,
                audioformat=audio.AUDIO_F32,
                numchannels=1,
                chunksize=round(BLOCK * sample_rate),
                allowed_changes=0,
                callback=self._fill,
            )
            self._device.pause(0)
        except DeviceError:
            raise
        except Exception as error:  # pygame.error, ImportError of a build without it
            raise DeviceError(f"no loudspeaker through SDL ({error}); play silently") from error

    @property
    def position(self) -> int:
        return self._queue.position(self._clock.now())

    def close(self) -> None:
        self._device.pause(1)
        self._device.close()

    def _fill(self, _device: Any, memory: Any) -> None:
        out = np.frombuffer(memory, np.float32)
        self._queue.take(out, self._clock.now() + len(out) / self.sample_rate)
