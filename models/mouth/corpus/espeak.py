"""espeak-ng in this process: it reads a text and says when each sound begins, in dozens of languages.

It must be installed on the system (GPL-3; used while training, never shipped).
"""

from __future__ import annotations

import ctypes
import ctypes.util

import numpy as np
import soxr
from numpy.typing import NDArray

from renderer.settings import ANALYSIS_RATE, FPS

from .phones import PHONES

BURSTS = ("P", "T", "K", "CH")
CLOSURE = 0.045
"""Seconds by which espeak-ng's times of these are late: it counts them from their burst."""

_SYNCHRONOUS, _PHONEME_EVENTS, _IPA, _UTF8 = 2, 1, 2, 1
_RATE, _PITCH, _RANGE = 1, 3, 4
_PHONEME = 7

# From the sounds of the International Phonetic Alphabet to those of CMUdict that look like them; two
# letters are looked up before one
LIKE = {
    "tʃ": "CH", "dʒ": "JH", "tɕ": "CH", "tʂ": "CH", "ts": "S", "pf": "F", "oʊ": "OW", "əʊ": "OW", "aɪ": "AY",
    "aʊ": "AW", "eɪ": "EY", "ɔɪ": "OY", "ɔø": "OY", "ai": "AY", "au": "AW", "ou": "OW", "ei": "EY",
    "p": "P", "b": "B", "m": "M", "f": "F", "v": "V", "θ": "TH", "ð": "DH", "t": "T", "d": "D", "n": "N",
    "ɾ": "D", "l": "L", "ɫ": "L", "s": "S", "z": "Z", "ʃ": "SH", "ʒ": "ZH", "ɕ": "SH", "ʂ": "SH", "ʐ": "R",
    "k": "K", "ɡ": "G", "g": "G", "ŋ": "NG", "h": "HH", "x": "HH", "ç": "HH", "ʔ": "HH", "ɹ": "R", "r": "R",
    "ʁ": "HH", "ɚ": "ER", "ɝ": "ER", "ɜ": "ER", "w": "W", "ɥ": "W", "j": "Y", "ɑ": "AA", "a": "AA", "æ": "AE",
    "ɛ": "EH", "e": "EH", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ɤ": "AH", "ɔ": "AO", "o": "AO", "ɒ": "AO",
    "u": "UW", "ʊ": "UH", "y": "UW", "ʏ": "UW", "ε": "EH", "ø": "UW", "œ": "UW", "i": "IY", "ɨ": "IH",
    "ɪ": "IH", "ᵻ": "IH", "ɸ": "F", "β": "V", "ʋ": "V", "ɱ": "M", "ʈ": "T", "ɖ": "D", "ɳ": "N", "ɲ": "N",
    "ɭ": "L", "ʎ": "L", "ɬ": "L", "ɮ": "L", "ɽ": "D", "ɻ": "R", "ʀ": "HH", "χ": "HH", "ħ": "HH", "ʕ": "HH",
    "ɦ": "HH", "ɣ": "G", "q": "K", "c": "K", "ɟ": "G", "ɯ": "IH", "ʉ": "UW", "ɘ": "AH", "ɵ": "UH", "ɞ": "ER",
    "ɶ": "AE",
}  # fmt: skip


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("milliseconds", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user", ctypes.c_void_p),
        ("name", ctypes.c_char * 8),
    )


class Reader:
    """espeak-ng in this process."""

    def __init__(self) -> None:
        name = ctypes.util.find_library("espeak-ng")
        if name is None:
            raise SystemExit("espeak-ng is not installed; install your system's package espeak-ng")
        self._library = ctypes.CDLL(name)
        self._rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONEME_EVENTS | _IPA)
        kind = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
        )
        self._heard = kind(self._hear)
        self._library.espeak_SetSynthCallback(self._heard)
        self._sound: list[NDArray[np.int16]] = []
        self._events: list[tuple[float, str]] = []

    def read(
        self, text: str, voice: str, words_a_minute: int, pitch: int
    ) -> tuple[NDArray[np.float32], list[list[float]]]:
        """Sound at 16 kHz, and start and length in ticks and number in `PHONES` of every sound in it."""
        self._sound, self._events = [], []
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise SystemExit(f"espeak-ng has no voice {voice}; install all its data")
        self._library.espeak_SetParameter(_RATE, words_a_minute, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        letters = text.encode() + b"\0"
        self._library.espeak_Synth(letters, len(letters), 0, 1, 0, _UTF8, None, None)
        if not self._sound:
            return np.zeros(0, np.float32), []
        samples = np.concatenate(self._sound).astype(np.float32) / 32768
        self._events = [
            (start - CLOSURE if like(name) in BURSTS and number else start, name)
            for number, (start, name) in enumerate(self._events)
        ]
        ends = [start for start, _ in self._events[1:]] + [len(samples) / self._rate]
        spans = [
            [start * FPS, (end - start) * FPS, float(PHONES.index(like(name)))]
            for (start, name), end in zip(self._events, ends, strict=True)
            if end > start
        ]
        return soxr.resample(samples, self._rate, ANALYSIS_RATE).astype(np.float32), spans

    def _hear(self, sound: object, samples: int, events: object) -> int:
        if sound and samples > 0:
            self._sound.append(np.ctypeslib.as_array(sound, (samples,)).copy())
        index = 0
        while events[index].type:  # type: ignore[index]
            event = events[index]  # type: ignore[index]
            if event.type == _PHONEME:
                self._events.append((event.milliseconds / 1000, event.name.decode(errors="ignore")))
            index += 1
        return 0


def like(name: str) -> str:
    """The sound of CMUdict that looks like one of espeak-ng's."""
    letters = "".join(letter for letter in name if letter not in "ˈˌːˑ.0123456789")
    return LIKE.get(letters[:2]) or LIKE.get(letters[:1]) or "SIL"
