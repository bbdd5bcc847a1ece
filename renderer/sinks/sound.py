"""Which loudspeaker plays: the best there is."""

from __future__ import annotations

import os

from ..errors import DeviceError
from .loudspeaker import Loudspeaker
from .silent import SilentSpeaker
from .speaker import Speaker


def open_speaker(sample_rate: int) -> Speaker:
    """The system's loudspeaker through PortAudio, else through SDL, else one that only counts.

    SDL_AUDIODRIVER=dummy in the environment asks for silence, as it does of SDL's own programs. Never fails:
    a machine without a loudspeaker plays silently, in the same time. A device that is lost while it plays is
    replaced by silence until it is found again.
    """
    if os.environ.get("SDL_AUDIODRIVER") == "dummy":
        return SilentSpeaker(sample_rate)
    try:
        return Loudspeaker(open_device, sample_rate)
    except DeviceError:
        return SilentSpeaker(sample_rate)


def open_device(sample_rate: int, look_again: bool = False) -> Speaker:
    """The loudspeaker through PortAudio, else through SDL. Raises DeviceError where there is none."""
    from .mixer import MixerSpeaker
    from .portaudio import PortAudioSpeaker

    try:
        return PortAudioSpeaker(sample_rate, look_again)
    except DeviceError:
        return MixerSpeaker(sample_rate)
