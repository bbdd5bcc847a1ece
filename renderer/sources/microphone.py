"""A microphone through PortAudio."""

from __future__ import annotations

import queue
from typing import Any

import numpy as np

from ..audio import Resampler
from ..errors import DeviceError
from ..portaudio import begin_stream, end_stream
from ..settings import ANALYSIS_RATE, TICK
from ..types import Samples

KEPT = 50
"""Ticks kept (2 s) where nobody reads; older ones are dropped, since what is live must not be late."""

LOST = 2.0
"""Seconds without a sample after which the device is taken for lost."""


class MicrophoneSource:
    """The system's microphone, or another by (a part of) its name or its number.

    Opens at 16 kHz, or, where the device knows only its own rate, at that. Raises DeviceError where there is
    none, or no PortAudio.
    """

    def __init__(self, device: str | None = None, look_again: bool = False) -> None:
        """Begin to hear. `look_again` says that a device was lost: look for those plugged in since."""
        self.dropped = 0
        """Ticks dropped since nobody read them."""
        self._blocks: queue.Queue[Samples | None] = queue.Queue()
        self._rest = np.zeros(0, np.float32)
        self._is_closed = False
        self._device = int(device) if device is not None and device.isdecimal() else device
        try:
            self._stream = begin_stream(self._open, look_again)
        except (ImportError, OSError) as error:
            raise DeviceError(f"no PortAudio ({error}); install the system's libportaudio2") from error
        except Exception as error:  # PortAudioError and ValueError, which derive from nothing of ours
            name = "the system's" if device is None else repr(device)
            raise DeviceError(f"no microphone ({name}: {error}); connect one, or name another") from error

    def read(self) -> Samples | None:
        """The next tick; see `Source.read`."""
        while len(self._rest) < TICK:
            try:
                block = self._blocks.get(timeout=LOST)
            except queue.Empty:
                raise DeviceError(
                    f"the microphone {self.name} gives no sound any more; connect it again"
                ) from None
            if block is None or self._is_closed:
                return None
            while self._blocks.qsize() > KEPT:
                self._blocks.get_nowait()
                self.dropped += 1
            self._rest = np.concatenate([self._rest, self._resampler.push(block)])
        tick, self._rest = self._rest[:TICK], self._rest[TICK:]
        return tick

    def close(self) -> None:
        self._is_closed = True
        self._blocks.put(None)
        end_stream(self._stream)

    def _open(self, sounddevice: Any) -> Any:
        facts = sounddevice.query_devices(self._device, "input")
        self.name = str(facts["name"])
        rate = ANALYSIS_RATE
        try:
            sounddevice.check_input_settings(self._device, channels=1, dtype="float32", samplerate=rate)
        except sounddevice.PortAudioError:
            rate = int(facts["default_samplerate"])
        self._resampler = Resampler(rate, ANALYSIS_RATE)
        return sounddevice.InputStream(
            device=self._device,
            samplerate=rate,
            blocksize=rate // 25,
            channels=1,
            dtype="float32",
            callback=self._take,
        )

    def _take(self, samples: Any, _frames: int, _time: Any, _status: Any) -> None:
        """In PortAudio's thread."""
        self._blocks.put(np.nan_to_num(samples[:, 0]))
