"""Frames and their sound through a pipe: for ffmpeg, a virtual camera, another program."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import BinaryIO

import av
import numpy as np

from ..timeline import Timeline
from ..types import VideoFrame


def write_stream(file: BinaryIO, frames: Iterable[VideoFrame], timeline: Timeline) -> int:
    """Write R G B frames with their sound, uncompressed, as a NUT stream; returns how many frames it were.

    NUT (ffmpeg's own container) tells size, rates and pixels at its head, so the reader needs no options.
    Each frame is passed on at once. Ends quietly when the reader goes away.
    """
    written = 0
    with contextlib.suppress(BrokenPipeError), av.open(_Pipe(file), "w", format="nut") as container:
        video = container.add_stream("rawvideo", rate=timeline.fps)
        video.pix_fmt = "rgb24"
        sound = container.add_stream("pcm_s16le", rate=timeline.sample_rate, layout="mono")
        heard = 0
        for number, frame in enumerate(frames):
            if number == 0:
                video.height, video.width = frame.pixels.shape[:2]
            picture = av.VideoFrame.from_ndarray(frame.pixels, format="rgb24")
            picture.pts, picture.time_base = number, 1 / timeline.fps
            container.mux(video.encode(picture))
            pcm = np.rint(np.clip(frame.sound, -1.0, 1.0) * 32767).astype(np.int16)[None]
            samples = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
            samples.sample_rate, samples.pts = timeline.sample_rate, heard
            heard += len(frame.sound)
            container.mux(sound.encode(samples))
            file.flush()
            written += 1
    return written


class _Pipe:
    """As much of a file as the container may know: it must not try to seek in a pipe."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        return self._file.write(data)
