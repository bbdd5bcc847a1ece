"""Clips decoded frame by frame into buffers that are used again and again.

Nothing is held decoded but the last few frames, to which a session may go back. Each clip has two decoders:
one runs, the other is brought to where the next loop or clip begins, a few frames a tick, so that a foreseen
cut costs no more than any other frame.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, BinaryIO

import av
import numpy as np
from av.video.frame import VideoFrame as DecodedFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from .errors import AvatarError
from .kernels.pixels import yuv420_to_bgrx
from .package.reader import Package
from .package.video import DEMUXER
from .stance import ClipFrame
from .types import Picture

PREPARED_A_TICK = 3
"""Frames decoded ahead of cuts in one tick at most, so that no tick takes long."""

_OPACITY = np.clip((np.arange(256) - 16) * 255 / 219 + 0.5, 0, 255).astype(np.uint8)
"""From a matte's luma, 16 to 235, to opacity, 0 to 255."""


class Clips:
    """The pictures of some videos of a package, one to a clip, for one session.

    videos  file in the package by the clip's name
    recent  frames kept decoded, so that going back to them costs nothing
    """

    def __init__(self, package: Package, videos: Mapping[str, str], recent: int = 0) -> None:
        clips = package.manifest.clips
        self._reels = {name: _Reel(package, video, clips[name].frames) for name, video in videos.items()}
        self._kept: OrderedDict[ClipFrame, DecodedFrame] = OrderedDict()
        self._recent = recent

    def picture(self, at: ClipFrame, out: Picture) -> None:
        """Decode one frame into `out`, shape (height, width, 4), B G R X."""
        frame = self._frame(at, out)
        y, u, v = (_plane(plane) for plane in frame.planes)
        yuv420_to_bgrx(y, u, v, out)

    def matte(self, at: ClipFrame, out: NDArray[np.uint8]) -> None:
        """Decode one frame of a matte into `out`, shape (height, width): opacity, 0 to 255."""
        frame = self._frame(at, out)
        np.take(_OPACITY, _plane(frame.planes[0]), out=out, mode="clip")

    def prepare(self, cuts: Iterable[ClipFrame]) -> None:
        """Come a few frames nearer to having these ready, the first of them first. Call it once a tick."""
        left = PREPARED_A_TICK
        for at in cuts:
            left -= self._reels[at.clip].prepare(at.frame, left)
            if left <= 0:
                return

    def close(self) -> None:
        """Give the decoders and their files back."""
        self._kept.clear()
        for reel in self._reels.values():
            reel.close()

    def _frame(self, at: ClipFrame, out: NDArray[np.uint8]) -> DecodedFrame:
        frame = self._kept.pop(at, None) or self._reels[at.clip].frame(at.frame)
        if self._recent:
            self._kept[at] = frame
            if len(self._kept) > self._recent:
                self._kept.popitem(last=False)
        if out.shape[:2] != (frame.height, frame.width):
            raise AvatarError(
                f"a clip of {frame.width}x{frame.height} where {out.shape[1]}x{out.shape[0]} was promised; "
                "build the avatar again"
            )
        return frame


class _Reel:
    """One clip with its running and its waiting decoder, each opened when it is first needed."""

    def __init__(self, package: Package, video: str, frames: int) -> None:
        self._package, self._video, self._frames = package, video, frames
        self._running: _Decoder | None = None
        self._waiting: _Decoder | None = None

    def frame(self, frame: int) -> DecodedFrame:
        if self._running is None or self._running.position != frame:
            self._running, self._waiting = self._waiting or self._open(), self._running
            self._running.go_to(frame)
        return self._running.decode()

    def prepare(self, frame: int, most: int) -> int:
        """Decode at most `most` frames on the way to `frame`; returns how many it took."""
        if self._running is not None and self._running.position == frame:
            return 0
        if self._waiting is None:
            self._waiting = self._open()
        return self._waiting.approach(frame, most)

    def close(self) -> None:
        for decoder in (self._running, self._waiting):
            if decoder is not None:
                decoder.close()

    def _open(self) -> _Decoder:
        return _Decoder(self._package.open(self._video), f"{self._package.path}: {self._video}", self._frames)


class _Decoder:
    """Decodes a clip forwards from any of its frames."""

    def __init__(self, file: BinaryIO, where: str, frames: int) -> None:
        self._file, self._where, self._frames = file, where, frames
        self._container = av.open(file, "r", format=DEMUXER)
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "NONE"  # no frame delay, and as cheap as threads on two cores
        rate, time_base = self._stream.average_rate, self._stream.time_base
        assert rate is not None
        assert time_base is not None
        self._reach = round(float(rate))  # clips have a keyframe a second: from here on, seeking is cheaper
        self._ticks = 1 / (_fraction(rate) * _fraction(time_base))  # of the stream's clock in one frame
        self._decoded: Iterator[DecodedFrame] = self._container.decode(self._stream)
        self._kept: DecodedFrame | None = None
        self._aim = -1  # the frame last approached: it is not sought twice
        self.position = 0
        """The frame that `decode` gives next."""

    def decode(self) -> DecodedFrame:
        """The frame at `position`; moves on by one."""
        frame, self._kept = self._kept or self._read(), None
        self.position += 1
        return frame

    def go_to(self, frame: int) -> None:
        """Make `frame` the next one."""
        self.approach(frame, self._frames)

    def approach(self, frame: int, most: int) -> int:
        """Come nearer to `frame` by decoding at most `most` frames; returns how many it took."""
        left = most
        if frame < self.position or (frame > self.position + self._reach and frame != self._aim):
            self._seek(frame)
            left -= 1
        self._aim = frame
        while self.position < frame and left > 0:
            self.decode()
            left -= 1
        return most - left

    def _seek(self, frame: int) -> None:
        """Go to a keyframe at or before `frame`: the nearest, or the first where frames before the nearest
        were stored behind it (an open group of pictures)."""
        for near in (frame, 0):
            self._container.seek(int(near * self._ticks), stream=self._stream, backward=True)
            self._decoded = self._container.decode(self._stream)
            self._kept = self._read()
            self.position = round((self._kept.pts or 0) / self._ticks)
            if self.position <= frame:
                return
        raise AvatarError(f"{self._where}: frame {frame} cannot be reached; build the avatar again")

    def _read(self) -> DecodedFrame:
        try:
            return next(self._decoded)
        except (av.FFmpegError, StopIteration) as error:
            raise AvatarError(
                f"{self._where} breaks off at frame {self.position} of {self._frames}; build the avatar again"
            ) from error

    def close(self) -> None:
        self._container.close()
        self._file.close()


def _fraction(rational: Any) -> Fraction:
    """PyAV's rationals are `Fraction` up to version 18 and a type of its own from 19 on."""
    return Fraction(rational.numerator, rational.denominator)


def _plane(plane: VideoPlane) -> Picture:
    """One of a frame's planes, as a view on the decoder's own memory."""
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]
