"""A loudspeaker through PortAudio, which tells when a sample will be heard."""

from __future__ import annotations

from typing import Any

from ..errors import DeviceError
from ..types import Samples
from .soundqueue import SoundQueue

LATENCY = 0.030
"""Seconds the driver may keep ahead. A callback can wait for the interpreter's 5 ms switch and for a busy
core; the position takes what the driver keeps into account."""


class PortAudioSpeaker:
    """The system's default output. Raises DeviceError where there is none, or no PortAudio.

    look_again  look for devices anew: PortAudio lists them once, and not those plugged in later
    """

    name = "PortAudio"

    def __init__(self, sample_rate: int, look_again: bool = False) -> None:
        try:
            import sounddevice  # needs the library of the system

            if look_again:
                sounddevice._terminate()
                sounddevice._initialize()
            self.sample_rate = sample_rate
            self._queue = SoundQueue(sample_rate)
            self._stream: Any = sounddevice.OutputStream(
                samplerate=sample_rate, channels=1, dtype="float32", latency=LATENCY, callback=self._fill
            )
            try:
                self._stream.start()
            except BaseException:
                self._stream.close()
                raise
        except (ImportError, OSError) as error:
            raise DeviceError(f"no PortAudio ({error}); install the system's libportaudio2") from error
        except Exception as error:  # sounddevice.PortAudioError, which derives from Exception alone
            raise DeviceError(f"no loudspeaker ({error}); connect one or play silently") from error

    @property
    def accepted(self) -> int:
        return self._queue.accepted

    @property
    def position(self) -> int:
        return self._queue.position(self._stream.time)

    @property
    def room(self) -> int:
        return self._queue.room

    @property
    def underruns(self) -> int:
        return self._queue.underruns

    def play(self, samples: Samples) -> int:
        return self._queue.put(samples)

    def flush(self) -> None:
        self._queue.flush()

    def attend(self) -> None:
        """Nothing to look after."""

    def close(self) -> None:
        self._stream.abort()
        self._stream.close()

    def _fill(self, out: Any, _frames: int, time: Any, status: Any) -> None:
        if status and status.output_underflow:  # the driver was not asked in time
            self._queue.underruns += 1
        heard_at = time.outputBufferDacTime
        if heard_at <= 0.0:  # some drivers do not tell
            heard_at = time.currentTime + self._stream.latency
        self._queue.take(out[:, 0], heard_at)
