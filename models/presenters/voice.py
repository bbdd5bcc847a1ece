"""Synthetic speech with its phonemes: espeak-ng, which says when each phoneme begins."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import espeakng_loader
import numpy as np
from numpy.typing import NDArray

RETRIEVAL = 1
PHONEME_EVENTS = 1
PHONEME_IPA = 2
EVENT_END, EVENT_PHONEME = 6, 7
CHARS_UTF8 = 1
RATE, PITCH, PITCH_RANGE = 1, 3, 4
"""Constants of espeak-ng's speak_lib.h."""


@dataclass(frozen=True, slots=True)
class Phone:
    """One phoneme in IPA, silence as an empty name; seconds."""

    name: str
    start: float
    end: float


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int), ("identifier", ctypes.c_uint), ("text_position", ctypes.c_int),
        ("length", ctypes.c_int), ("audio_ms", ctypes.c_int), ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p), ("name", ctypes.c_char * 8),
    )  # fmt: skip


def speak(
    text: str, voice: str, words_per_minute: int, pitch: int
) -> tuple[NDArray[np.float32], int, list[Phone]]:
    """Samples in [-1, 1], their rate, and the phonemes from first to last sample."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = espeakng_loader.get_data_path().encode()
    rate = library.espeak_Initialize(RETRIEVAL, 0, data, PHONEME_EVENTS | PHONEME_IPA)
    if rate < 0:
        raise RuntimeError("espeak-ng did not start: reinstall espeakng-loader")
    sound: list[NDArray[np.int16]] = []
    marks: list[tuple[float, str]] = []

    kind = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
    )

    def collect(samples, count, events) -> int:  # type: ignore[no-untyped-def]
        if count > 0:
            sound.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
        k = 0
        while events[k].type:
            if events[k].type == EVENT_PHONEME:
                marks.append((events[k].audio_ms / 1000, events[k].name.decode("utf-8", "ignore")))
            k += 1
        return 0

    callback = kind(collect)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise ValueError(f"espeak-ng has no voice {voice!r}")
    library.espeak_SetParameter(RATE, words_per_minute, 0)
    library.espeak_SetParameter(PITCH, pitch, 0)
    library.espeak_SetParameter(PITCH_RANGE, 60, 0)
    words = text.encode()
    library.espeak_Synth(words, len(words) + 1, 0, 0, 0, CHARS_UTF8, None, None)
    library.espeak_Synchronize()
    library.espeak_Terminate()
    samples = np.concatenate(sound).astype(np.float32) / 32768
    ends = [start for start, _ in marks[1:]] + [len(samples) / rate]
    phones = [
        Phone(name.strip("ˈˌ_: "), start, end)
        for (start, name), end in zip(marks, ends, strict=True)
        if end > start
    ]
    return samples, rate, phones
