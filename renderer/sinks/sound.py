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
    """The best loudspeaker there is: PortAudio's, else SDL's, else one that only counts.

    The environment variable SDL_AUDIODRIVER puts SDL first; `dummy` asks for silence. Never fails: a machine
    without a loudspeaker plays silently, in the same time.
    """
    choices = [_portaudio, _sdl]
    driver = os.environ.get("SDL_AUDIODRIVER")
    if driver == "dummy":
        # SDL's own dummy sleeps a block after each callback, so a busy interpreter slows it (by 10 %).
        return SilentSpeaker(sample_rate)
    if driver:
        choices.reverse()
    for choice in choices:
        try:
            return choice(sample_rate)
        except DeviceError:
            continue
    return SilentSpeaker(sample_rate)


def _portaudio(sample_rate: int) -> Speaker:
    from .portaudio import PortAudioSpeaker

    return PortAudioSpeaker(sample_rate)


def _sdl(sample_rate: int) -> Speaker:
    from .sdl import SdlSpeaker

    return SdlSpeaker(sample_rate)
