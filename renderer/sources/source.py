"""What a source of live sound is."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from ..types import Samples


class Source(Protocol):
    """Sound as it is made, tick by tick of 40 ms at 16 kHz."""

    name: str
    """What is heard, for people to read."""

    def read(self) -> Samples | None:
        """The next 640 samples, when they have been made; None at the end and after `close`.

        Raises DeviceLost where the device is lost: then the next call waits until it is found again. What
        else it raises ends the listening.
        """

    def close(self) -> None:
        """Give the device back. May be called from another thread, and ends a `read` there."""


def open_source(device: str | None = None) -> Source:
    """The system's microphone, another one by (a part of) its name or number, or a recording by its path.

    A recording is heard as if it were being spoken now, once. A microphone that is lost is looked for until
    it is found again. Raises DeviceError, or MediaError for a file that is no recording.
    """
    from .lasting import LastingSource
    from .microphone import MicrophoneSource
    from .recording import RecordingSource

    if device is not None and RecordingSource.is_file(device):
        return RecordingSource(device)
    return LastingSource(partial(MicrophoneSource, device))
