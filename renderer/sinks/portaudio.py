"""A loudspeaker through PortAudio, which tells when a sample will be heard."""

from __future__ import annotations

from typing import Any

from ..errors import DeviceError
from ..portaudio import begin_stream, end_stream
from .queued import QueuedSpeaker

LATENCY = 0.030
"""Seconds the driver may keep ahead. A callback can wait for the interpreter's 5 ms switch and for a busy
core; the position takes what the driver keeps into account."""


class PortAudioSpeaker(QueuedSpeaker):
    """The system's default output. Raises DeviceError where there is none, or no PortAudio.

    look_again  a device was lost: look for those plugged in since
    """

    name = "PortAudio"

    def __init__(self, sample_rate: int, look_again: bool = False) -> None:
        super().__init__(sample_rate)
        options = {"samplerate": sample_rate, "channels": 1, "dtype": "float32", "latency": LATENCY}
        try:
            self._stream = begin_stream(
                lambda sounddevice: sounddevice.OutputStream(callback=self._fill, **options), look_again
            )
        except (ImportError, OSError) as error:
            raise DeviceError(f"no PortAudio ({error}); install the system's libportaudio2") from error
        except Exception as error:  # sounddevice.PortAudioError, which derives from Exception alone
            raise DeviceError(f"no loudspeaker ({error}); connect one or play silently") from error

    def close(self) -> None:
        end_stream(self._stream)

    def _now(self) -> float:
        return float(self._stream.time)

    def _fill(self, out: Any, _frames: int, time: Any, status: Any) -> None:
        if status and status.output_underflow:  # the driver was not asked in time
            self._queue.underruns += 1
        heard_at = time.outputBufferDacTime
        if heard_at <= 0.0:  # some drivers do not tell
            heard_at = time.currentTime + self._stream.latency
        self._queue.take(out[:, 0], heard_at)
