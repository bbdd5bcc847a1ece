from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from renderer.errors import VoiceError
from renderer.voices.function import FunctionVoice, Sound
from renderer.voices.voice import Sentence

TEN = Sentence("one two ab")


def hum(text: str) -> Sound:
    return np.full(100 * len(text), 8192, np.int16), 8_000


def test_a_function_from_text_to_sound_is_a_voice() -> None:
    (piece,) = FunctionVoice(hum).speak(TEN)
    assert (piece.sample_rate, len(piece.samples), piece.samples[0]) == (8_000, 1000, 0.25)
    assert piece.samples.dtype == np.float32
    assert [(word.text, word.sample) for word in piece.words] == [("one", 0), ("two", 375), ("ab", 750)]


def test_a_generator_is_heard_piece_by_piece() -> None:
    made = []

    def stream(text: str) -> Iterator[Sound]:
        for word in text.split():
            made.append(word)
            yield hum(word)

    pieces = FunctionVoice(stream).speak(TEN)
    assert len(next(pieces).samples) == 300
    assert made == ["one"]
    assert [len(piece.samples) for piece in pieces] == [300, 200]


@pytest.mark.parametrize(
    "result",
    [
        None,
        b"pcm",
        np.zeros(5),
        (np.zeros(5), 7.5),
        [np.zeros(5)],
        (np.zeros(5), 1),
        (np.zeros(5, bool), 8000),
    ],
)
def test_what_is_no_sound_is_told(result: Any) -> None:
    with pytest.raises(VoiceError, match=r"the voice \S+ gave .* expected"):
        list(FunctionVoice(lambda _text: result).speak(TEN))
