"""Everybody who says what a mouth does to a sound: the network that is judged, and what it must beat."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from renderer.features import FeatureExtractor
from renderer.mouth import MouthNetwork, MouthStream
from renderer.studio.mouthspace import WEIGHTS
from renderer.types import AudioChunk, MouthFrame, Samples

from .scores import loudness
from .visemes import Span
from .visemes import drawn as drawn_visemes

FIRST = Path(__file__).parent / "first.onnx"
"""The first network of this project: unchanged since then, for comparison."""

GAP, WIDTH = WEIGHTS.index("lip_gap"), WEIGHTS.index("width")

BASELINES = ("first", "phonemes", "loudness")

Mouth = NDArray[np.float32]
"""Shape (n, 10): mouth weights, one row per tick, NaN for what somebody does not say."""


def speak(network: MouthNetwork, samples: Samples) -> tuple[list[MouthFrame], NDArray[np.float32]]:
    """The mouth of a recording at 16 kHz, a frame per tick, and the level of every tick in dB."""
    extractor, stream = FeatureExtractor(), MouthStream(network)
    ticks = [*extractor.push(AudioChunk(samples, 0)), *extractor.flush()]
    frames = [frame for tick in ticks for frame in stream.push(tick)]
    return [*frames, *stream.flush()], np.array([tick.level for tick in ticks], np.float32)


def drawn(frames: Iterable[MouthFrame]) -> Mouth:
    """Weights as they are seen: faded by presence."""
    return np.stack([frame.weights * np.float32(frame.presence) for frame in frames])


def baselines(samples: Samples, level: NDArray[np.float32], sounds: list[Span]) -> dict[str, Mouth]:
    """What the first network, the recognised `sounds` and loudness alone say.

    Loudness knows the gap only, in shares of the loudest ticks; phonemes know gap and width.
    """
    ticks = len(level)
    loud = np.full((ticks, len(WEIGHTS)), np.nan, np.float32)
    heard = loudness(level)
    loud[:, GAP] = 2 * heard / max(1.0, float(np.percentile(heard, 95)))
    said = loud.copy()
    said[:, (GAP, WIDTH)] = drawn_visemes(sounds, ticks)
    first, _ = speak(MouthNetwork.open(FIRST), samples)
    return {"first": drawn(first), "phonemes": said, "loudness": loud}
