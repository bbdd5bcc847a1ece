"""A text in a voice: sound piece by piece, with its words and gestures as cues at their samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..audio import check_rate
from ..errors import VoiceError
from ..types import Cue, Samples
from .script import Gesture, Line, Pause, Script
from .ssml import parse
from .voice import Piece, Voice, Word

BETWEEN_SENTENCES = 0.25
"""Seconds of silence after a sentence where no break is asked for."""

SILENT_RATE = 16_000
"""Samples a second where there is nothing but breaks."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The next of the sound, and what happens in it."""

    samples: Samples
    sample_rate: int
    cues: tuple[Cue, ...]
    """In order."""


def speech(text: str | Script, voice: Voice) -> Iterator[Spoken]:
    """Speak plain text or SSML, sentence by sentence; nothing is made before it is asked for.

    The pieces follow each other without a gap, all at one sample rate. Raises TextError at once for SSML
    that cannot be read, and on the way what the voice raises.
    """
    return _Performance(voice).perform(parse(text) if isinstance(text, str) else text)


class _Performance:
    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._rate: int | None = None
        self._given = 0  # samples
        self._silence = 0.0  # seconds due before the next sound
        self._meanwhile: list[tuple[float, str]] = []  # gestures in that silence, seconds after its start
        self._waiting: list[Cue] = []  # from sample 0 of the speech on, for the next piece

    def perform(self, script: Script) -> Iterator[Spoken]:
        was_spoken = False
        for item in script:
            if isinstance(item, Line):
                if was_spoken:
                    self._silence += BETWEEN_SENTENCES
                yield from self._line(item)
            elif isinstance(item, Pause):
                self._silence += item.seconds
            else:
                self._meanwhile.append((self._silence, item.name))
            was_spoken = isinstance(item, Line) or (was_spoken and isinstance(item, Gesture))
        yield from self._still()
        if self._waiting:
            yield self._give(np.zeros(1, np.float32))

    def _line(self, line: Line) -> Iterator[Spoken]:
        begun: int | None = None
        words: list[Word] = []
        gestures = list(line.gestures)
        for piece in self._voice.speak(line.sentence):
            if not len(piece.samples) and not piece.words:
                continue
            self._adopt(piece)
            if begun is None:
                yield from self._still()
                begun = self._given
            words.extend(piece.words)
            self._waiting.extend(Cue(begun + word.sample, word=word.text) for word in piece.words)
            while gestures and (at := _sample_of(gestures[0].at, words)) is not None:
                self._waiting.append(Cue(begun + at, gesture=gestures.pop(0).name))
            yield self._give(piece.samples)
        self._waiting.extend(Cue(self._given, gesture=gesture.name) for gesture in gestures)
        # what was estimated to come after the end comes with the next sample
        self._waiting = [replace(cue, at=min(cue.at, self._given)) for cue in self._waiting]

    def _adopt(self, piece: Piece) -> None:
        rate = check_rate(piece.sample_rate)
        if self._rate not in (None, rate):
            raise VoiceError(
                f"the voice changed from {self._rate} to {rate} samples a second; "
                "one rate for a whole text expected"
            )
        self._rate = rate

    def _still(self) -> Iterator[Spoken]:
        """The silence that is due, once it is known at which rate."""
        rate = self._rate or SILENT_RATE
        samples = round(self._silence * rate)
        for seconds, gesture in self._meanwhile:
            self._waiting.append(Cue(self._given + round(seconds * rate), gesture=gesture))
        self._silence, self._meanwhile = 0.0, []
        if samples:
            yield self._give(np.zeros(samples, np.float32))

    def _give(self, samples: Samples) -> Spoken:
        """The next piece, with the cues that lie in it."""
        begin, end = self._given, self._given + len(samples)
        cues = sorted((cue for cue in self._waiting if cue.at < end), key=lambda cue: cue.at)
        self._waiting = [cue for cue in self._waiting if cue.at >= end]
        self._given = end
        inside = tuple(replace(cue, at=max(0, cue.at - begin)) for cue in cues)
        return Spoken(samples, self._rate or SILENT_RATE, inside)


def _sample_of(position: int, words: list[Word]) -> int | None:
    """When the character at a position is spoken; between two words' beginnings by its share of the way.

    None while no word at or after it is known.
    """
    before = None
    for word in words:
        if word.first == position:
            return word.sample
        if word.first > position:
            if before is None:
                return word.sample
            share = (position - before.first) / (word.first - before.first)
            return before.sample + round(share * (word.sample - before.sample))
        before = word
    return None
