"""What a voice is: sentences in, sound out, with the time of each word."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ..types import Samples

_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # Chinese and Japanese: each sign
    r"|[^\W_](?:[\w'’.,:-]*[^\W_])?"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the characters `first` to `last` (excluded) of a sentence are read, where that is prescribed."""

    first: int
    last: int
    pinyin: tuple[str, ...]
    """One syllable per character, its tone 1 to 5 at its end: ("chong2", "qing4")."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a voice speaks in one breath."""

    text: str
    """Plain, without control characters; not empty."""

    readings: tuple[Reading, ...] = ()
    """In order; a voice that knows no pinyin ignores them."""

    def spelled(self) -> tuple[str, list[int]]:
        """The text with its readings in place of the characters they belong to, set off by spaces.

        With it, for each of its characters, the position in `text` it came from.
        """
        out: list[str] = []
        origin: list[int] = []
        position = 0
        for reading in (*self.readings, None):
            until = len(self.text) if reading is None else reading.first
            out.extend(self.text[position:until])
            origin.extend(range(position, until))
            if reading is None:
                break
            for index, syllable in enumerate(reading.pinyin):
                out.extend(f" {syllable} ")
                origin.extend([reading.first + index] * (len(syllable) + 2))
            position = reading.last
        return "".join(out), origin


@dataclass(frozen=True, slots=True)
class Word:
    """When a word begins."""

    text: str
    first: int
    """Position of its first character in `Sentence.text`."""

    sample: int
    """Samples since the start of the sentence's sound."""


@dataclass(frozen=True, slots=True)
class Phoneme:
    """When a speech sound begins."""

    ipa: str
    """In the International Phonetic Alphabet, stress marks included."""

    sample: int
    """Samples since the start of the sentence's sound."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a sentence's sound; the pieces of a sentence follow each other without a gap."""

    samples: Samples
    """Shape (n,), range [-1, 1]."""

    sample_rate: int

    words: tuple[Word, ...] = ()
    """In order; as the engine tells them, or estimated. Their time may lie in a later piece."""

    phonemes: tuple[Phoneme, ...] = ()
    """In order; empty where the engine does not tell."""


@runtime_checkable
class Voice(Protocol):
    """Anything that speaks sentences. Several sessions may share one, each in a thread of its own."""

    def speak(self, sentence: Sentence) -> Iterator[Piece]:
        """The sentence's sound, the sooner the first piece the better; no silence need follow it.

        The iteration may be given up at any piece.
        """


@runtime_checkable
class Stoppable(Protocol):
    """A voice that may do this as well, if its pieces take long to make."""

    def stop(self, thread: int) -> None:
        """Break off what `speak` is doing in the thread of this `threading.get_ident()`, if anything.

        Its iteration then ends or raises, soon; nobody wants the rest. Called in another thread, perhaps
        several times.
        """


def words_of(text: str) -> Iterator[tuple[str, int]]:
    """The words of a text with their positions; in Chinese and Japanese each sign is one."""
    for match in _WORD.finditer(text):
        yield match.group(), match.start()


def estimated_words(text: str, first: int, sample: int, samples: int) -> Iterator[Word]:
    """Word times as if every letter took equally long, for engines that do not tell them.

    text     what was spoken, at position `first` of its sentence
    sample   where its sound begins in the sentence's
    samples  how long its sound is
    """
    letters = max(1, sum(len(word) for word, _ in words_of(text)))
    before = 0
    for word, position in words_of(text):
        yield Word(word, first + position, sample + samples * before // letters)
        before += len(word)


def with_untold_words(text: str, told: Sequence[Word], samples: int) -> Iterator[Word]:
    """Word times of an engine, with the words between them that it reads in one breath with the one before.

    espeak-ng says "I am" or "of the" as one word and tells only of its beginning. The others' times are
    estimated from the lengths of the words.

    text     what was spoken
    told     in order
    samples  how long its sound is
    """
    for word, after in itertools.zip_longest(told, told[1:]):
        end, last = (len(text), samples) if after is None else (after.first, after.sample)
        rest = text[word.first + len(word.text) : end]
        if not any(words_of(rest)):
            yield word
            continue
        breath = estimated_words(text[word.first : end], word.first, word.sample, last - word.sample)
        yield from (Word(word.text, word.first, word.sample) if w.first == word.first else w for w in breath)
