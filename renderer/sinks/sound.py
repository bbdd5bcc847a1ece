"""Sound out, and how much of it has been heard: the master clock of everything that shows a picture."""

from __future__ import annotations

import os
from typing import Protocol

from ..errors import DeviceError
from ..types import Samples
from .silent import SilentSpeaker


class Speaker(Protocol):
    """A queue of samples that a loudspeaker empties. Positions are samples since it was opened."""

    sample_rate: int
    name: str
    """What plays, for people to read."""

    @property
    def accepted(self) -> int:
        """Where the next samples played will begin."""

    @property
    def position(self) -> int:
        """Samples heard, as exactly as the device tells; silence for want of samples does not count."""

    @property
    def room(self) -> int:
        """Samples that can be queued now."""

    @property
    def underruns(self) -> int:
        """Gaps: how often the queue ran empty and was filled again."""

    def play(self, samples: Samples) -> int:
        """Queue samples and return where they begin. Raises ValueError for more than there is room for."""

    def flush(self) -> None:
        """Throw away at once what is queued and not yet with the device."""

    def close(self) -> None:
        """Give the device back."""


def open_speaker(sample_rate: int) -> Speaker:
    """The system's loudspeaker through PortAudio, or one that only counts.

    SDL_AUDIODRIVER=dummy in the environment asks for silence, as it does of SDL's own programs. Never fails:
    a machine without PortAudio or a loudspeaker plays silently, in the same time.

    (SDL's own sound is not used: pygame holds the interpreter's lock while it waits for SDL's, and its
    callback holds SDL's while it waits for the interpreter's, so closing the device can hang.)
    """
    if os.environ.get("SDL_AUDIODRIVER") == "dummy":
        return SilentSpeaker(sample_rate)
    try:
        from .portaudio import PortAudioSpeaker

        return PortAudioSpeaker(sample_rate)
    except DeviceError:
        return SilentSpeaker(sample_rate)
