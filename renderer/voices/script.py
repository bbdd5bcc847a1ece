"""What is to happen while a text is said: sentences, pauses, gestures."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ..errors import TextError
from .sentences import sentences
from .voice import Reading, Sentence


@dataclass(frozen=True, slots=True)
class Gesture:
    """A gesture to begin together with a word."""

    name: str
    at: int
    """Position in `Line.sentence.text` of the word's first character; its length where no word follows."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and what happens in it."""

    sentence: Sentence
    gestures: tuple[Gesture, ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence that was asked for."""

    seconds: float


Script = list["Line | Pause | Gesture"]
"""What is to happen, in order. A gesture by itself comes where no word is left for it."""


def check_gestures(script: Script, known: Collection[str]) -> None:
    """Raise TextError if the script asks for a gesture that is not known."""
    for item in script:
        gestures = item.gestures if isinstance(item, Line) else (item,) if isinstance(item, Gesture) else ()
        for gesture in gestures:
            if gesture.name not in known:
                names = ", ".join(known) or "none"
                raise TextError(f"<insert-action> {gesture.name!r}; expected one of the gestures {names}")


class Passage:
    """Text between two pauses, with what is tied to places in it."""

    def __init__(self) -> None:
        self.text = ""
        self.readings: list[Reading] = []
        self.gestures: list[tuple[str, int]] = []

    def lines(self) -> Iterator[Line | Gesture]:
        """Cut into sentences. A gesture moves on to the next word."""
        gestures = [(name, self._next_word(at)) for name, at in self.gestures]
        for first, last in sentences(self.text):
            text = self.text[first:last].strip()
            if not text:
                continue
            start = self.text.index(text, first)
            yield Line(
                Sentence(
                    text,
                    tuple(
                        Reading(reading.first - start, reading.last - start, reading.pinyin)
                        for reading in self.readings
                        if first <= reading.first < last
                    ),
                ),
                tuple(Gesture(name, at - start) for name, at in gestures if first <= at < last),
            )
        for name, at in gestures:
            if at >= len(self.text):
                yield Gesture(name, 0)

    def _next_word(self, at: int) -> int:
        while at < len(self.text) and not self.text[at].isalnum():
            at += 1
        return at
