"""Speech in, pictures with their sound out: the pure heart of a session and of a rendered film.

No thread, no clock, no device. What comes out depends on what was pushed, never on when or in what
portions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .audio import Resampler, to_mono
from .director import Director
from .face import Face
from .features import FeatureExtractor
from .kernels.pixels import bgra_to_bgr, bgra_to_rgb
from .mouth import MouthStream
from .settings import ANALYSIS_RATE, Settings
from .timeline import Timeline
from .types import AudioChunk, MouthFrame, Picture, Samples, VideoFrame

CLOSING = 4
"""Frames (160 ms) in which a mouth closes when its sound ends or is cut off."""

PORTIONS = 4
"""A long push is worked off in portions of a quarter second, so that its first frame comes at once."""


class Pipeline:
    """Draws one avatar saying what is pushed."""

    def __init__(
        self, face: Face, director: Director, mouth: MouthStream, timeline: Timeline, settings: Settings
    ) -> None:
        self._face, self._director, self._mouth = face, director, mouth
        self._timeline, self._settings = timeline, settings
        self._features = FeatureExtractor()
        self._utterance: _Utterance | None = None
        self._utterances = 0
        self._last: MouthFrame | None = None
        self._index = 0

    @property
    def is_speaking(self) -> bool:
        """Whether an utterance has begun and not ended."""
        return self._utterance is not None

    @property
    def utterance(self) -> int | None:
        """Number of the utterance being spoken, counted from 1; None while nothing is said."""
        return None if self._utterance is None else self._utterances

    def push(self, pcm: NDArray[Any], sample_rate: int) -> Iterator[VideoFrame]:
        """Say more: sound of shape (n,) or (n, channels), int16, int32 or float in [-1, 1].

        Gives the frames that are certain by now; the mouth network looks ahead, so the last ones of an
        utterance come from `finish`. Raises ValueError where one utterance changes its sample rate.
        """
        if self._utterance is None:
            self._utterance = _Utterance(sample_rate, self._timeline.sample_rate)
            self._utterances += 1
        samples = to_mono(pcm)
        for first in range(0, len(samples), sample_rate // PORTIONS):
            portion = samples[first : first + sample_rate // PORTIONS]
            for chunk in self._utterance.push(portion, sample_rate):
                for features in self._features.push(chunk):
                    for mouth in self._mouth.push(features):
                        yield self._spoken(mouth)

    def finish(self) -> Iterator[VideoFrame]:
        """End the utterance and give its remaining frames; its last sample is in the last of them."""
        if self._utterance is None:
            return
        for chunk in self._utterance.flush():
            for features in self._features.push(chunk):
                for mouth in self._mouth.push(features):
                    yield self._spoken(mouth)
        for features in self._features.flush():
            for mouth in self._mouth.push(features):
                yield self._spoken(mouth)
        for mouth in self._mouth.flush():
            yield self._spoken(mouth)
        self._forget()

    def idle(self) -> VideoFrame:
        """A frame without speech: listening, or waiting with a closed mouth for more of an utterance."""
        self._last = _closing(self._last)
        silence = np.zeros(self._timeline.samples_of(self._index), np.float32)
        return self._frame(self._last, silence)

    def interrupt(self) -> None:
        """Forget what was pushed and not shown. The frames that follow close the mouth."""
        self._forget()

    def close(self) -> None:
        """Give decoders and files back."""
        self._face.close()

    def _forget(self) -> None:
        self._utterance = None
        self._features.reset()
        self._mouth.reset()

    def _spoken(self, mouth: MouthFrame) -> VideoFrame:
        assert self._utterance is not None
        self._last = mouth
        return self._frame(mouth, self._utterance.take(self._timeline.samples_of(self._index)))

    def _frame(self, mouth: MouthFrame | None, sound: Samples) -> VideoFrame:
        shot = self._director.step(has_word=self.is_speaking)
        picture = self._face.draw(shot, mouth)
        self._face.prepare(self._director.coming())
        frame = VideoFrame(self._ordered(picture), sound, self._index, shot.state)
        self._index += 1
        return frame

    def _ordered(self, picture: Picture) -> Picture:
        """A picture the receiver may keep, in the order the settings ask for."""
        order = self._settings.pixels
        if order == "bgra":
            return picture.copy()
        out = np.empty((*picture.shape[:2], 3), np.uint8)
        (bgra_to_rgb if order == "rgb" else bgra_to_bgr)(picture, out)
        return out


class _Utterance:
    """The sound of one utterance: analysed at one rate, heard at another."""

    def __init__(self, from_rate: int, heard_rate: int) -> None:
        self._rate = from_rate
        self._analysed = Resampler(from_rate, ANALYSIS_RATE)
        self._heard = Resampler(from_rate, heard_rate)
        self._position = 0
        self._waiting: deque[Samples] = deque()

    def push(self, samples: Samples, sample_rate: int) -> Iterator[AudioChunk]:
        if sample_rate != self._rate:
            raise ValueError(
                f"sound of {sample_rate} samples a second in an utterance begun at {self._rate}; "
                "finish() it first"
            )
        self._waiting.append(self._heard.push(samples))
        yield from self._chunk(self._analysed.push(samples))

    def flush(self) -> Iterator[AudioChunk]:
        self._waiting.append(self._heard.flush())
        yield from self._chunk(self._analysed.flush())

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


def _closing(last: MouthFrame | None) -> MouthFrame | None:
    """One step from `last` towards the resting mouth; None once it is there."""
    if last is None or last.presence <= 1 / CLOSING:
        return None
    left = 1 - 1 / (CLOSING * last.presence)
    return MouthFrame(last.weights * np.float32(left), last.presence - 1 / CLOSING, last.index + 1)
