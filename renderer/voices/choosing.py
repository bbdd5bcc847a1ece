"""Which voice is meant: a language, an engine and its voice, a file, a function."""

from __future__ import annotations

from pathlib import Path
from typing import Union

from ..errors import VoiceError
from .function import VoiceFunction, voice_of
from .voice import Voice

DEFAULT_VOICE = "en"

VoiceChoice = Union[str, Path, Voice, VoiceFunction, None]  # noqa: UP007 # Python 3.10 cannot join a quoted name
"""`en`, `zh`, `espeak:de`, `espeak:en-us+f3`, `piper:joe.onnx`, `joe.onnx`, a `Voice`, or a function."""


def open_voice(voice: VoiceChoice = None, speed: float = 1.0) -> Voice:
    """The voice that is meant.

    voice  a language by its code, spoken by espeak-ng; `espeak:NAME`; `piper:FILE.onnx` or the file alone;
           a `Voice` or a function from text to sound, which are taken as they are; English if left out
    speed  0.5 to 2, of an engine named here

    Raises MissingExtra where the engine is not installed, VoiceError where it has no such voice.
    """
    if voice is None:
        voice = DEFAULT_VOICE
    if isinstance(voice, (str, Path)):
        return _named(str(voice), speed)
    if isinstance(voice, Voice):
        return voice
    if callable(voice):
        return voice_of(voice)
    raise TypeError(f"a voice of type {type(voice).__name__}; a name, a file, a Voice or a function expected")


def _named(name: str, speed: float) -> Voice:
    engine, colon, rest = name.partition(":")
    if (engine == "piper" and colon) or name.endswith(".onnx"):
        from .piper import PiperVoice

        return PiperVoice(rest if engine == "piper" and colon else name, speed)
    if engine == "espeak" and colon:
        name = rest
    elif colon:
        raise VoiceError(
            f"no engine {engine!r} for the voice {name!r}; espeak:LANGUAGE or piper:FILE.onnx expected"
        )
    if not name:
        raise VoiceError("a voice without a name; a language such as en or zh, or piper:FILE.onnx expected")
    from .espeak import EspeakVoice

    return EspeakVoice(name, speed)
