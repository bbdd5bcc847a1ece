"""What espeak-ng reads, and when each sound of it begins, in dozens of languages. Only training uses it."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from renderer.settings import ANALYSIS_RATE, FPS
from renderer.voices.libespeak import library

from .phones import PHONES

BURSTS = ("P", "T", "K", "CH")
CLOSURE = 0.045
"""Seconds by which espeak-ng's times of these are late: it counts them from their burst."""

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


class Reader:
    """espeak-ng in this process."""

    def __init__(self) -> None:
        """Raises MissingExtra where it is not installed."""
        self._library = library()

    def read(
        self, text: str, voice: str, words_a_minute: int, pitch: int
    ) -> tuple[NDArray[np.float32], list[list[float]]]:
        """Sound at 16 kHz, and start and length in ticks and number in `PHONES` of every sound in it.

        Raises VoiceError for a voice whose data are not installed.
        """
        rate = self._library.sample_rate
        spoken = self._library.speak(text, voice, words_a_minute, pitch)
        names = [like(event.ipa) for event in spoken.phonemes]
        starts = [event.sample / rate for event in spoken.phonemes] + [len(spoken.pcm) / rate]
        starts = [
            start - CLOSURE if number and name in BURSTS else start
            for number, (name, start) in enumerate(zip([*names, ""], starts, strict=True))
        ]
        spans = [
            [start * FPS, (end - start) * FPS, float(PHONES.index(name))]
            for name, start, end in zip(names, starts, starts[1:], strict=False)
            if end > start
        ]
        samples = spoken.pcm.astype(np.float32) / 32768
        return soxr.resample(samples, rate, ANALYSIS_RATE).astype(np.float32), spans


def like(name: str) -> str:
    """The sound of CMUdict that looks like one of espeak-ng's."""
    letters = "".join(letter for letter in name if letter not in "ˈˌːˑ.0123456789")
    return LIKE.get(letters[:2]) or LIKE.get(letters[:1]) or "SIL"
