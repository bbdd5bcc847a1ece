"""espeak-ng: small, robotic, over a hundred languages, hundreds of times faster than it speaks, offline."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import numpy as np

from ..errors import VoiceError
from .libespeak import library
from .voice import Phoneme, Piece, Sentence, Word, with_untold_words, words_of

WORDS_A_MINUTE = 165
"""Speaking rate at speed 1; espeak-ng's own 175 is brisk for a face."""

SLOWEST, FASTEST = 0.5, 2.0

_ALIASES = {
    "zh": "cmn",
    "zh-cn": "cmn",
    "zh-hans": "cmn",
    "zh-tw": "cmn",
    "zh-hk": "yue",
    "zh-yue": "yue",
    "en-uk": "en-gb",
    "no": "nb",
}
"""Usual names of languages that espeak-ng calls otherwise."""


class EspeakVoice:
    """One of espeak-ng's voices."""

    def __init__(self, language: str = "en", speed: float = 1.0, pitch: int = 50) -> None:
        """Choose a language or voice by espeak-ng's name (`de`, `en-us`, `en-us+f3`).

        speed  0.5 to 2
        pitch  0 to 100; 50 is the voice's own

        Raises MissingExtra without espeak-ng, VoiceError for a voice it does not have.
        """
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"speed {speed}; {SLOWEST} to {FASTEST} expected")
        if not 0 <= pitch <= 100:
            raise ValueError(f"pitch {pitch}; 0 to 100 expected")
        self._library = library()
        base, plus, variant = language.partition("+")
        self.name = _ALIASES.get(base.lower(), base) + plus + variant
        if not self._library.choose(self.name):
            known = sorted(self._library.languages)
            close = difflib.get_close_matches(base.lower(), known, n=3, cutoff=0.5)
            remedy = f"did you mean {' or '.join(close)}?" if close else f"such as {', '.join(_EXAMPLES)}"
            raise VoiceError(f"espeak-ng has no voice {language!r}; one of {len(known)} expected, {remedy}")
        self._words_a_minute = round(WORDS_A_MINUTE * speed)
        self._pitch = pitch
        self._reads_pinyin = self.name.startswith("cmn")

    def speak(self, sentence: Sentence) -> Iterator[Piece]:
        """The sentence in one piece: a second of it takes about a millisecond."""
        text, origin = sentence.spelled() if self._reads_pinyin else (sentence.text, None)
        if origin is not None:
            text = text.replace("ü", "v")  # as espeak-ng writes it
        spoken = self._library.speak(text, self.name, self._words_a_minute, self._pitch)
        words = []
        last = -1
        for position, sample in spoken.words:
            if not 0 <= position < len(text):
                continue
            first = position if origin is None else origin[position]
            if first > last:  # a number is one word for us, whatever it is read as
                words.append(Word(_word_at(sentence.text, first), first, sample))
                last = first + len(words[-1].text) - 1
        yield Piece(
            spoken.pcm.astype(np.float32) / 32768.0,
            self._library.sample_rate,
            tuple(with_untold_words(sentence.text, words, len(spoken.pcm))),
            tuple(Phoneme(ipa, sample) for ipa, sample in spoken.phonemes if ipa),
        )


_EXAMPLES = ("en", "en-us", "zh", "yue", "de", "fr", "es", "ja", "ko", "ru")


def _word_at(text: str, first: int) -> str:
    for word, position in words_of(text[first:]):
        if position == 0:
            return word
        break
    return text[first]
