"""A voice of one's own: any function from text to sound."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from numpy.typing import NDArray

from ..audio import check_rate, to_mono
from ..errors import VoiceError
from .voice import Piece, Sentence, Stoppable, estimated_words

Sound = tuple[NDArray[Any], int]
"""Sound of shape (n,) or (n, channels), int16, int32 or float, and its samples a second."""

VoiceFunction = Callable[[str], "Sound | Iterable[Sound]"]
"""Speaks a sentence: returns its sound, or its pieces as they come (a generator, say)."""

LETTERS_A_SECOND = 15
"""Pace assumed where a sentence comes in pieces: 160 words a minute."""


class FunctionVoice:
    """Lets a function speak. Word times are estimated from the lengths of the words."""

    def __init__(self, function: VoiceFunction) -> None:
        self.name = getattr(function, "__name__", type(function).__name__)
        self._function = function

    def speak(self, sentence: Sentence) -> Iterator[Piece]:
        """What the function makes of the sentence's text. Raises VoiceError where that is no sound."""
        result = self._function(sentence.text)
        if _is_sound(result):
            samples, rate = self._checked(result)
            yield Piece(samples, rate, tuple(estimated_words(sentence.text, 0, 0, len(samples))))
            return
        if not isinstance(result, Iterable):
            raise self._no_sound(result)
        is_first = True
        for sound in result:
            samples, rate = self._checked(sound)
            seconds = len(sentence.text) / LETTERS_A_SECOND
            words = estimated_words(sentence.text, 0, 0, round(seconds * rate)) if is_first else ()
            yield Piece(samples, rate, tuple(words))
            is_first = False

    def _checked(self, sound: Any) -> tuple[Any, int]:
        if not _is_sound(sound):
            raise self._no_sound(sound)
        try:
            return to_mono(sound[0]), check_rate(sound[1])
        except (ValueError, TypeError) as error:
            raise VoiceError(f"the voice {self.name} gave {error}") from error

    def _no_sound(self, result: object) -> VoiceError:
        return VoiceError(
            f"the voice {self.name} gave {type(result).__name__}; (samples, sample_rate) expected, "
            "or an iterable of such pairs"
        )


class StoppableFunctionVoice(FunctionVoice):
    """The same for a callable that can be broken off: an object that has `stop` as well as being called."""

    def stop(self, thread: int) -> None:
        """Break off the call in a thread; what it then returns or raises is not wanted. See `Stoppable`."""
        self._function.stop(thread)  # type: ignore[attr-defined]


def voice_of(function: VoiceFunction) -> FunctionVoice:
    """The voice that a function is."""
    return (StoppableFunctionVoice if isinstance(function, Stoppable) else FunctionVoice)(function)


def _is_sound(result: Any) -> bool:
    if not (isinstance(result, tuple) and len(result) == 2):
        return False
    try:
        operator.index(result[1])
    except TypeError:
        return False
    return True
