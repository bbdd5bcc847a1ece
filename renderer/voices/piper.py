"""piper: neural voices that run on a CPU; the user points at one (https://github.com/OHF-Voice/piper1-gpl)."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import MissingExtra, VoiceError
from ..network import StoppableNetwork, open_network
from .sentences import clauses
from .voice import Piece, Sentence, Word, estimated_words, words_of

if TYPE_CHECKING:
    from piper import PiperVoice as Engine

SHORTEST_CLAUSE, LONGEST_CLAUSE = 24, 120
"""Characters spoken at a time: on one core 120 of them (8 s of speech) take about 1.5 s."""

SLOWEST, FASTEST = 0.5, 2.0


class PiperVoice:
    """One of piper's voices, in a file NAME.onnx with NAME.onnx.json beside it."""

    def __init__(self, path: Path | str, speed: float = 1.0, speaker: int | None = None) -> None:
        """Load a voice; the last ones loaded are kept for the next who asks.

        speed    0.5 to 2
        speaker  number of the speaker in a voice of several

        Raises MissingExtra without piper, VoiceError for a file that is no voice.
        """
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"speed {speed}; {SLOWEST} to {FASTEST} expected")
        path = Path(path).expanduser()
        self.name = path.stem
        self._engine = _engine(path.resolve())
        from piper import SynthesisConfig

        self._config = SynthesisConfig(
            speaker_id=speaker,
            length_scale=self._engine.config.length_scale / speed,
            normalize_audio=False,  # it would make every clause as loud as the loudest
        )
        self._reads_pinyin = str(self._engine.config.espeak_voice).startswith("cmn")

    def speak(self, sentence: Sentence) -> Iterator[Piece]:
        """The sentence clause by clause: a clause is heard while the next is being made.

        Word times are those of a voice with alignments (`python -m piper.patch_voice_with_alignment`),
        else estimated within the clause from the lengths of its words.
        """
        text, origin = sentence.spelled() if self._reads_pinyin else (sentence.text, None)
        spoken = 0
        for first, last in clauses(text, SHORTEST_CLAUSE, LONGEST_CLAUSE):
            clause = text[first:last].replace("[[", "[ [")  # piper takes [[…]] for phonemes
            for chunk in self._engine.synthesize(clause, self._config, include_alignments=True):
                samples = np.asarray(chunk.audio_float_array, np.float32)
                words = _aligned(clause, first, spoken, chunk.phoneme_alignments) or estimated_words(
                    clause, first, spoken, len(samples)
                )
                yield Piece(samples, chunk.sample_rate, tuple(_back(words, origin)))
                spoken += len(samples)

    def stop(self, thread: int) -> None:
        """Break off the clause that is being made in a thread; `speak` raises there. See `Stoppable`."""
        self._engine.session.stop(thread)


@functools.lru_cache(maxsize=2)
def _engine(path: Path) -> Engine:
    try:
        from piper import PiperVoice as Engine
        from piper.config import PiperConfig
    except ImportError as error:
        raise MissingExtra(
            f"piper, which speaks {path.name}, is not installed; pip install piper-tts"
        ) from error
    described = path.with_name(path.name + ".json")
    for file in (path, described):
        if not file.is_file():
            raise VoiceError(
                f"{file}: no such file; a piper voice is NAME.onnx with NAME.onnx.json beside it; "
                "python -m piper.download_voices fetches them"
            )
    try:
        config = PiperConfig.from_dict(json.loads(described.read_text("utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VoiceError(
            f"{described}: not the description of a piper voice ({error!r}); fetch it again"
        ) from error
    network = StoppableNetwork(open_network(path))  # one thread, as all our networks
    return Engine(session=network, config=config)


def _aligned(clause: str, first: int, start: int, alignments: Any) -> list[Word]:
    """Word times by the voice's own phoneme lengths; none where its words are not the text's."""
    if not alignments:
        return []
    words = list(words_of(clause))
    begins, sample = [start], start
    for alignment in alignments:
        sample += alignment.num_samples
        if alignment.phoneme == " ":
            begins.append(sample)
    if len(begins) != len(words):
        return []
    return [Word(word, first + at, begin) for (word, at), begin in zip(words, begins, strict=True)]


def _back(words: Any, origin: list[int] | None) -> Iterator[Word]:
    if origin is None:
        yield from words
        return
    placed = (Word(word.text, origin[word.first], word.sample) for word in words)
    for _, group in itertools.groupby(placed, key=lambda word: word.first):
        yield next(group)
