"""What is to happen in a text happens at its sample."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from renderer.errors import TextError, VoiceError
from renderer.voices.speaking import BETWEEN_SENTENCES, Spoken, speech
from renderer.voices.voice import Piece, Sentence, Word, words_of

RATE = 1000 * 8


class Metronome:
    """Speaks ten characters a second, in pieces of a given length, and counts its sentences."""

    def __init__(self, piece: float = 10.0, has_words: bool = True) -> None:
        self.spoken: list[str] = []
        self._piece, self._has_words = round(piece * RATE), has_words

    def speak(self, sentence: Sentence) -> Iterator[Piece]:
        self.spoken.append(sentence.text)
        words = tuple(Word(word, first, first * RATE // 10) for word, first in words_of(sentence.text))
        sound = np.full(len(sentence.text) * RATE // 10, 0.5, np.float32)
        for first in range(0, len(sound), self._piece):
            last = first + self._piece
            told = tuple(word for word in words if first <= word.sample < last) if self._has_words else ()
            yield Piece(sound[first:last], RATE, told)


def happenings(pieces: list[Spoken], kind: str) -> list[tuple[str, float]]:
    """The words or gestures, with the seconds at which they come."""
    found, start = [], 0
    for piece in pieces:
        found += [(getattr(cue, kind), (start + cue.at) / RATE) for cue in piece.cues if getattr(cue, kind)]
        start += len(piece.samples)
    return found


def silences(pieces: list[Spoken]) -> list[tuple[float, float]]:
    """Begin and length of what is silent."""
    sound = np.concatenate([piece.samples for piece in pieces])
    edges = np.flatnonzero(np.diff(np.concatenate([[0], sound == 0, [0]])))
    return [(int(a) / RATE, (int(b) - int(a)) / RATE) for a, b in edges.reshape(-1, 2)]


@pytest.mark.parametrize("piece", [0.05, 0.3, 10.0])
def test_words_and_gestures_are_where_they_are_whatever_the_pieces(piece: float) -> None:
    text = 'Please <insert-action type="wave"/>come in. Sit <insert-action type="point"/>down here'
    pieces = list(speech(text, Metronome(piece)))
    begin = 1.5 + BETWEEN_SENTENCES
    assert happenings(pieces, "word") == [
        ("Please", 0.0),
        ("come", 0.7),
        ("in", 1.2),
        ("Sit", begin),
        ("down", begin + 0.4),
        ("here", begin + 0.9),
    ]
    assert happenings(pieces, "gesture") == [("wave", 0.7), ("point", begin + 0.4)]


def test_cues_lie_in_the_sound_they_come_with() -> None:
    text = 'One two.<break time="300ms"/><insert-action type="a"/> Three <insert-action type="b"/>'
    for piece in speech(text, Metronome(0.07)):
        assert all(0 <= cue.at < len(piece.samples) for cue in piece.cues)
        assert list(piece.cues) == sorted(piece.cues, key=lambda cue: cue.at)


def test_breaks_are_as_long_as_asked_and_replace_the_pause_between_sentences() -> None:
    text = '<break time="1s"/>Ab. Cd.<break time="500ms"/>Ef. <break time="2s"/><break time="100ms"/>'
    pieces = list(speech(text, Metronome()))
    assert silences(pieces) == [
        (0.0, 1.0),
        (1.3, BETWEEN_SENTENCES),
        (pytest.approx(1.6 + BETWEEN_SENTENCES), 0.5),
        (pytest.approx(2.4 + BETWEEN_SENTENCES), pytest.approx(2.1)),
    ]
    assert {piece.sample_rate for piece in pieces} == {RATE}


def test_a_gesture_between_breaks_comes_between_them() -> None:
    text = '<break time="1s"/><insert-action type="bow"/><break time="1s"/>Hello<insert-action type="nod"/>'
    assert happenings(list(speech(text, Metronome())), "gesture") == [("bow", 1.0), ("nod", 2.5)]


@pytest.mark.parametrize("position", [0, 1])
def test_an_engine_that_tells_no_words_still_gestures(position: int) -> None:
    text = ['<insert-action type="a"/>one two three', 'one two three<insert-action type="a"/>'][position]
    ((name, when),) = happenings(list(speech(text, Metronome(has_words=False))), "gesture")
    assert name == "a"
    assert 0 <= when <= 1.3


def test_nothing_is_made_before_it_is_asked_for() -> None:
    voice = Metronome()
    pieces = speech("One. Two. Three.", voice)
    assert voice.spoken == []
    next(pieces)
    assert voice.spoken == ["One."]


@pytest.mark.parametrize("text", ["", "  \n ", "<speak/>", "<speak> </speak>"])
def test_nothing_to_say_is_nothing(text: str) -> None:
    assert list(speech(text, Metronome())) == []


def test_breaks_alone_are_silence() -> None:
    (piece,) = speech('<break time="2s"/>', Metronome())
    assert len(piece.samples) == 2 * piece.sample_rate
    assert not piece.samples.any()


def test_wrong_ssml_is_told_before_anything_is_said() -> None:
    with pytest.raises(TextError):
        speech("<speak>a", Metronome())


def test_a_voice_may_not_change_its_rate() -> None:
    class Unsteady:
        def __init__(self) -> None:
            self.rate = RATE

        def speak(self, sentence: Sentence) -> Iterator[Piece]:
            yield Piece(np.zeros(len(sentence.text), np.float32), self.rate)
            self.rate *= 2

    with pytest.raises(VoiceError, match="changed from 8000 to 16000"):
        list(speech("One. Two.", Unsteady()))
