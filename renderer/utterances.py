"""What was said, frame by frame: sound in, the mouth and the sound of each frame out.

Knows no picture. What comes out depends on what was pushed, never on when or in what portions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .audio import Resampler, to_mono
from .features import FeatureExtractor
from .mouth import MouthStream
from .settings import ANALYSIS_RATE
from .timeline import Timeline
from .types import AudioChunk, Cue, Features, MouthFrame, Samples

PORTIONS = 4
"""A long push is worked off in portions of a quarter second, so that its first frame comes at once."""


EXPRESSED = 5
"""Frames (0.2 s) in which a mouth that speaks comes to move as is chosen anew."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One frame of an utterance, not drawn yet."""

    utterance: int
    """Number of the utterance, counted from 1."""

    mouth: MouthFrame
    sound: Samples
    """Heard while the frame shows, at the output rate."""

    cues: tuple[tuple[float, Cue], ...] = ()
    """What happens in this frame, and when: seconds from its beginning."""


class Utterances:
    """Analyses one utterance after another."""

    def __init__(self, mouth: MouthStream, timeline: Timeline) -> None:
        self._mouth, self._timeline = mouth, timeline
        self._features = FeatureExtractor()
        self._sound: _Sound | None = None
        self._count = 0
        self._given = 0

    @property
    def utterance(self) -> int | None:
        """Number of the utterance that has begun and not ended, once a tick of it was given."""
        return self._count if self._sound is not None and self._given else None

    def push(self, pcm: NDArray[Any], sample_rate: int, cues: Sequence[Cue] = ()) -> Iterator[Tick]:
        """Say more: sound of shape (n,) or (n, channels), int16, int32 or float in [-1, 1].

        Gives the ticks that are certain by now; the mouth network looks ahead, so the last ones of an
        utterance come from `finish`. Raises ValueError where one utterance changes its sample rate.
        """
        samples = to_mono(pcm)
        if self._sound is None:
            self._sound = _Sound(sample_rate, self._timeline)
            self._count += 1
            self._given = 0
        sound = self._sound
        sound.expect(cues)
        for first in range(0, len(samples), max(1, sample_rate // PORTIONS)):
            portion = samples[first : first + sample_rate // PORTIONS]
            for chunk in sound.push(portion, sample_rate):
                yield from self._ticks(sound, self._features.push(chunk))

    def finish(self) -> Iterator[Tick]:
        """End the utterance and give its remaining ticks; its last sample is in the last of them."""
        sound = self._sound
        if sound is None:
            return
        for chunk in sound.flush():
            yield from self._ticks(sound, self._features.push(chunk))
        yield from self._ticks(sound, self._features.flush())
        for mouth in self._mouth.flush():
            yield self._tick(sound, mouth)
        self.forget()

    def express(self, mouth_gain: float, articulation: float) -> None:
        """Move the mouth more or less from the ticks on that were not given yet; see `Settings` for both.

        In the middle of an utterance it takes EXPRESSED frames, so that the mouth does not jump.
        """
        self._mouth.express(mouth_gain, articulation, EXPRESSED if self._sound is not None else 0)

    def forget(self) -> None:
        """Drop what is left of the utterance; the next sound begins another."""
        self._sound = None
        self._features.reset()
        self._mouth.reset()

    def _ticks(self, sound: _Sound, ticks: Iterator[Features]) -> Iterator[Tick]:
        # A portion is heard in one go: between frames that are drawn, features and network would have to be
        # fetched into the caches anew for every tick, which takes longer than to compute them
        for heard in [self._mouth.hear(features) for features in ticks]:
            if heard is not None:
                yield self._tick(sound, self._mouth.say(heard))

    def _tick(self, sound: _Sound, mouth: MouthFrame) -> Tick:
        self._given += 1
        samples = sound.take(self._timeline.samples_of(mouth.index))
        return Tick(self._count, mouth, samples, sound.cues(mouth.index))


class _Sound:
    """The sound of one utterance: analysed at one rate, heard at another."""

    def __init__(self, from_rate: int, timeline: Timeline) -> None:
        self._rate = from_rate
        self._frames = Timeline(from_rate, timeline.fps)
        self._analysed = Resampler(from_rate, ANALYSIS_RATE)
        self._heard = Resampler(from_rate, timeline.sample_rate)
        self._pushed = self._position = 0
        self._waiting: deque[Samples] = deque()
        self._cues: list[tuple[int, Cue]] = []  # samples from the start of the utterance, in order

    def push(self, samples: Samples, sample_rate: int) -> Iterator[AudioChunk]:
        if sample_rate != self._rate:
            raise ValueError(
                f"sound of {sample_rate} samples a second in an utterance begun at {self._rate}; "
                "finish() it first"
            )
        self._pushed += len(samples)
        self._waiting.append(self._heard.push(samples))
        yield from self._chunk(self._analysed.push(samples))

    def flush(self) -> Iterator[AudioChunk]:
        self._waiting.append(self._heard.flush())
        last = max(0, self._pushed - 1)  # a cue behind the last sample belongs to the last frame
        self._cues = [(min(at, last), cue) for at, cue in self._cues]
        yield from self._chunk(self._analysed.flush())

    def expect(self, cues: Sequence[Cue]) -> None:
        """Remember what happens in the sound pushed next."""
        self._cues.extend((self._pushed + cue.at, cue) for cue in sorted(cues, key=lambda cue: cue.at))

    def cues(self, frame: int) -> tuple[tuple[float, Cue], ...]:
        """What happens in a frame of the utterance, and how many seconds from its beginning."""
        due = []
        while self._cues and self._frames.frame_of(self._cues[0][0]) <= frame:
            at, cue = self._cues.pop(0)
            due.append((max(0.0, at / self._rate - self._frames.seconds(frame)), cue))
        return tuple(due)

    def take(self, count: int) -> Samples:
        """The next `count` samples as heard; what is missing at the end is silence."""
        taken = np.zeros(count, np.float32)
        filled = 0
        while filled < count and self._waiting:
            piece = self._waiting.popleft()
            part = piece[: count - filled]
            taken[filled : filled + len(part)] = part
            filled += len(part)
            if len(part) < len(piece):
                self._waiting.appendleft(piece[len(part) :])
        return taken

    def _chunk(self, samples: Samples) -> Iterator[AudioChunk]:
        if len(samples):
            yield AudioChunk(samples, self._position)
            self._position += len(samples)
