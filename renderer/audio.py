"""Sound from anywhere: files PyAV reads, pushed PCM of any rate, shape and chunk size."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from .errors import MediaError
from .types import Samples

LOWEST_RATE, HIGHEST_RATE = 4_000, 384_000
"""Samples a second that pushed sound may have."""


def to_mono(pcm: NDArray[Any]) -> Samples:
    """Sound of any usual kind as float32 in [-1, 1], one channel.

    `pcm` has shape (n,) or (n, channels), int16, int32 or floating point. Values that are not finite
    become silence: one bad sample of a broken source must not silence the networks for good.
    """
    pcm = np.asarray(pcm)
    if pcm.ndim not in (1, 2) or pcm.shape[1:] == (0,):
        raise ValueError(f"sound of shape {pcm.shape}; (samples,) or (samples, channels) expected")
    if pcm.dtype == np.int16:
        sound = pcm.astype(np.float32) / 32768.0
    elif pcm.dtype == np.int32:
        sound = (pcm / 2147483648.0).astype(np.float32)
    elif np.issubdtype(pcm.dtype, np.floating):
        finite = np.nan_to_num(pcm, nan=0.0, posinf=0.0, neginf=0.0)
        sound = np.clip(finite, -1.0, 1.0).astype(np.float32)
    else:
        raise ValueError(
            f"sound of type {pcm.dtype}; int16, int32 or float expected (np.frombuffer reads bytes)"
        )
    return sound if sound.ndim == 1 else np.asarray(sound.mean(axis=1, dtype=np.float32), np.float32)


def check_rate(rate: int) -> int:
    """The rate as a whole number. Raises TypeError for other numbers, ValueError for what no sound has."""
    rate = operator.index(rate)
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise ValueError(f"sound of {rate} samples a second; {LOWEST_RATE} to {HIGHEST_RATE} expected")
    return rate


class Resampler:
    """Turns a stream of one sample rate into another; delay-compensated, the same for any chunking."""

    def __init__(self, from_rate: int, to_rate: int) -> None:
        check_rate(from_rate)
        check_rate(to_rate)
        self.from_rate, self.to_rate = from_rate, to_rate
        self._taken = self._given = 0
        self._stream: soxr.ResampleStream | None = None
        if from_rate != to_rate:
            self._stream = soxr.ResampleStream(from_rate, to_rate, 1, dtype="float32", quality="HQ")

    def push(self, samples: Samples) -> Samples:
        """What can be said of the output so far; often a little less than what went in."""
        self._taken += len(samples)
        return self._give(samples, last=False)

    def flush(self) -> Samples:
        """The rest, such that all output together is as long as all input, to the sample (rounded up)."""
        rest = self._give(np.zeros(0, np.float32), last=True)
        due = -(-self._taken * self.to_rate // self.from_rate) - (self._given - len(rest))
        self._given = self._taken = 0
        if self._stream is not None:
            self._stream.clear()
        padded: Samples = np.concatenate([rest, np.zeros(max(0, due - len(rest)), np.float32)])
        return padded[:due]

    def _give(self, samples: Samples, last: bool) -> Samples:
        out = samples
        if self._stream is not None:
            out = self._stream.resample_chunk(samples, last=last)
        self._given += len(out)
        return out


def read_sound(path: Path | str, rate: int) -> Iterator[Samples]:
    """The first sound track of any file PyAV reads, chunk by chunk, mono at `rate` samples a second.

    Raises MediaError where there is no such file, no sound in it, or where it breaks off damaged.
    """
    path = Path(path)
    if not path.is_file():
        raise MediaError(f"{path}: no such file; name a recording with speech in it")
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise MediaError(f"{path}: no sound in this file; name a recording with speech in it")
            stream = container.streams.audio[0]
            resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate)
            for frame in container.decode(stream):
                frame.pts = None  # gaps in odd files' clocks are not ours to mend
                for piece in resampler.resample(frame):
                    yield np.ascontiguousarray(piece.to_ndarray()[0], np.float32)
            for piece in resampler.resample(None):
                yield np.ascontiguousarray(piece.to_ndarray()[0], np.float32)
    except av.FFmpegError as error:
        raise MediaError(
            f"{path}: cannot be read as sound ({error.strerror}); "
            "expected a recording such as WAV, MP3, AAC, Opus, FLAC or a video with sound"
        ) from error


def sound_seconds(path: Path | str) -> float:
    """How long a file's sound lasts as far as its container says, 0 where it does not say."""
    try:
        with av.open(str(path)) as container:
            if container.streams.audio:
                stream = container.streams.audio[0]
                if stream.duration is not None and stream.time_base is not None:
                    return float(stream.duration * stream.time_base)
            return (container.duration or 0) / 1_000_000
    except (av.FFmpegError, OSError):
        return 0.0  # `read_sound` will say what is wrong with it


def load_sound(path: Path | str, rate: int) -> Samples:
    """The whole of `read_sound` as one array."""
    pieces = list(read_sound(path, rate))
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
