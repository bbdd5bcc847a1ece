"""What is heard: how loud, how clean, how clipped, and what the mouth network makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from ... import resources
from ...features import COLUMNS, FeatureExtractor, mel_filters
from ...mouth import MouthNetwork
from ...settings import ANALYSIS_RATE, FPS
from ...types import AudioChunk, Samples
from ..mouthspace import WEIGHTS

FULL = 0.985
"""Share of full scale from which on a sample counts as clipped; lossy coding moves flat tops a little."""

BLOCK = 0.04
"""Seconds that clipped samples are counted over: one tick."""

BANDS_HZ = ((300, 1000), (1000, 2000), (2000, 4000))
"""Bands whose decay is looked at."""

GAP = WEIGHTS.index("lip_gap")


@dataclass(frozen=True, slots=True)
class Sound:
    """The first sound track, noted in ticks of 40 ms from its first sample on."""

    start: float
    """Seconds of the first sample after the first picture; may be negative."""

    rate: int
    """Samples a second as stored."""

    channels: int
    level: NDArray[np.float32]
    """Shape (ticks,): dB relative to full scale."""

    clipped: NDArray[np.int32]
    """Shape (ticks,): samples at full scale."""

    voice: NDArray[np.float32]
    """Shape (ticks,): probability of speech, by the mouth network."""

    gap: NDArray[np.float32]
    """Shape (ticks,): how far it would open the lips, in typical deviations."""

    bands: NDArray[np.float32]
    """Shape (4 * ticks, 3): dB in each of BANDS_HZ, every 10 ms."""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.level) / FPS

    @property
    def times(self) -> NDArray[np.float64]:
        """Shape (ticks,): seconds of each tick's start after the first picture."""
        return np.asarray(self.start + np.arange(len(self.level)) / FPS)


def listen(path: Path, picture_start: float) -> Iterator[Sound | None]:
    """Go through the sound; gives None while there is more to do, and at last what was heard.

    `picture_start` is the first picture's time stamp in seconds.
    """
    network = MouthNetwork.open(resources.mouth_network())
    extractor = FeatureExtractor()
    state = network.start()
    filters = _band_filters()
    levels: list[float] = []
    said: list[tuple[float, float]] = []
    bands: list[NDArray[np.float32]] = []
    clips = _Clips()
    start: float | None = None
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        rate, channels = stream.codec_context.sample_rate, stream.codec_context.channels
        to_mono = av.AudioResampler(format="fltp", layout="mono", rate=ANALYSIS_RATE)
        to_float = av.AudioResampler(format="fltp")
        position = 0

        def hear(samples: Samples) -> None:
            nonlocal state, position
            for tick in extractor.push(AudioChunk(samples, position)):
                weights, voice, state = network.step(tick.mel, state)
                levels.append(tick.level)
                said.append((voice, float(weights[GAP])))
                power = 10.0 ** ((tick.mel.astype(np.float64) * 20.0 - 60.0) / 10.0)
                bands.append((10.0 * np.log10(power @ filters + 1e-10)).astype(np.float32))
            position += len(samples)

        for frame in _decoded(container, stream):
            if start is None:
                start = (frame.time or 0.0) - picture_start
            for piece in to_float.resample(frame):
                clips.count(np.asarray(piece.to_ndarray(), np.float32), rate)
            frame.pts = None  # gaps in odd files' clocks are not ours to mend
            for piece in to_mono.resample(frame):
                hear(np.ascontiguousarray(piece.to_ndarray()[0], np.float32))
            yield None
        for piece in to_mono.resample(None):
            hear(np.ascontiguousarray(piece.to_ndarray()[0], np.float32))
    # the network answers some ticks later than it hears
    hear(np.zeros(network.look_ahead * ANALYSIS_RATE // FPS, np.float32))
    count = len(levels) - network.look_ahead
    table = np.array(said, np.float32).reshape(-1, 2)[network.look_ahead :]
    yield Sound(
        start=start or 0.0,
        rate=rate,
        channels=channels,
        level=np.array(levels[:count], np.float32),
        clipped=clips.per_tick(count),
        voice=table[:, 0],
        gap=table[:, 1],
        bands=np.concatenate(bands)[: count * COLUMNS] if bands else np.zeros((0, len(BANDS_HZ)), np.float32),
    )


class _Clips:
    """Counts samples at full scale, in ticks."""

    def __init__(self) -> None:
        self._ticks: list[NDArray[np.intp]] = []
        self._samples = 0

    def count(self, samples: NDArray[np.floating[Any]], rate: int) -> None:
        at = np.flatnonzero((np.abs(samples) >= FULL).any(axis=0)) + self._samples
        self._samples += samples.shape[1]
        if len(at):
            self._ticks.append((at / rate / BLOCK).astype(np.intp))

    def per_tick(self, count: int) -> NDArray[np.int32]:
        ticks = np.concatenate(self._ticks) if self._ticks else np.zeros(0, np.intp)
        return np.bincount(ticks[ticks < count], minlength=count).astype(np.int32)


def _decoded(container: av.container.InputContainer, stream: av.AudioStream) -> Iterator[av.AudioFrame]:
    """Its frames; damaged ones are left out, and the sound ends where nothing more can be read."""
    frames = container.decode(stream)
    while True:
        try:
            yield next(frames)
        except StopIteration:
            return
        except av.error.InvalidDataError:
            continue
        except av.FFmpegError:
            return


def _band_filters() -> NDArray[np.float64]:
    """Which of the 80 mel bands lie in each of BANDS_HZ, shape (80, 3)."""
    peaks = mel_filters().argmax(axis=0) * ANALYSIS_RATE / 512
    return np.array([(peaks >= low) & (peaks < high) for low, high in BANDS_HZ], np.float64).T
