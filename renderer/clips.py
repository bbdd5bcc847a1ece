"""Clips decoded frame by frame into buffers that are used again and again.

Nothing is held decoded but the last few frames, to which a session may go back. A few decoders are open:
those of the clips on the screen, and those that are brought to where the next loop or clip begins, a few
frames a tick, so that a foreseen cut costs no more than any other frame.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice
from typing import Any, BinaryIO

import av
import numpy as np
from av.video.frame import VideoFrame as DecodedFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from .errors import AvatarError
from .kernels.blend import set_opacity
from .kernels.pixels import yuv420_to_bgrx
from .package.reader import Package
from .package.video import DEMUXER
from .stance import ClipFrame
from .types import Picture

PREPARED_A_TICK = 3
"""Frames decoded ahead of cuts in one tick at most, so that no tick takes long. Opening a decoder counts as
so many: it takes 4 to 8 ms at 720p."""

DECODERS = 4
"""Decoders open at most, each some 10 MB at 720p: those of the clip on the screen, the one it fades from, the
next loop and the next clip. An avatar of two clips never opens one twice."""

FEW_DECODERS = 2
"""The same where memory is short: some cuts then cost the opening of a decoder, and two in a fade leave none
to come."""


class Clips:
    """The pictures of some videos of a package, one to a clip, for one session.

    videos    file in the package by the clip's name
    recent    frames kept decoded, so that going back to them costs nothing
    decoders  open at most, 2 or more
    """

    def __init__(
        self, package: Package, videos: Mapping[str, str], recent: int = 0, decoders: int = DECODERS
    ) -> None:
        self._package, self._videos = package, dict(videos)
        self._decoders: list[_Decoder] = []
        self._kept: OrderedDict[ClipFrame, DecodedFrame] = OrderedDict()
        self._recent, self._most = recent, decoders
        self._count = 0  # frames decoded for the screen

    def picture(self, at: ClipFrame, out: Picture) -> None:
        """Decode one frame into `out`, shape (height, width, 4), B G R X."""
        frame = self._frame(at, out)
        y, u, v = map(_rows, frame.planes)
        yuv420_to_bgrx(y, u, v, out)

    def matte(self, at: ClipFrame, out: Picture) -> None:
        """Decode one frame of a matte into the fourth channel of `out`, shape (height, width, 4)."""
        set_opacity(_rows(self._frame(at, out).planes[0]), out)

    def prepare(self, cuts: Iterable[ClipFrame]) -> None:
        """Come a few frames nearer to having these ready, the first of them first. Call it once a tick."""
        left = PREPARED_A_TICK
        for at in islice(cuts, self._most - 1):  # more would take turns in driving each other out
            left -= self._approach(at, left)
            if left <= 0:
                return

    def close(self) -> None:
        """Give the decoders, their files and the pictures back."""
        self._kept.clear()
        while self._decoders:
            self._decoders.pop().close()

    def _frame(self, at: ClipFrame, out: NDArray[np.uint8]) -> DecodedFrame:
        frame = self._kept.pop(at, None) or self._decode(at)
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

    def _decode(self, at: ClipFrame) -> DecodedFrame:
        decoder = self._standing(at) or self._idle(at.clip) or self._open(at.clip)
        self._count += 1
        decoder.used = decoder.shown = self._count
        decoder.go_to(at.frame)
        return decoder.decode()

    def _approach(self, at: ClipFrame, most: int) -> int:
        """Decode at most `most` frames on the way to a frame; returns what that cost, counted in frames."""
        decoder = self._standing(at) or self._idle(at.clip)
        if decoder is None:
            if len(self._decoders) >= self._most and all(map(self._is_shown, self._decoders)):
                return 0  # a fade needs them
            self._open(at.clip).used = self._count
            return PREPARED_A_TICK
        decoder.used = self._count
        return decoder.approach(at.frame, most)

    def _standing(self, at: ClipFrame) -> _Decoder | None:
        """The decoder that gives this frame next."""
        return next((d for d in self._decoders if d.clip == at.clip and d.position == at.frame), None)

    def _idle(self, clip: str) -> _Decoder | None:
        """A decoder of the clip that is not on the screen: two may be, in a fade."""
        return next((d for d in self._decoders if d.clip == clip and not self._is_shown(d)), None)

    def _is_shown(self, decoder: _Decoder) -> bool:
        """Whether the picture on the screen is its, or half of it is."""
        return decoder.shown >= self._count - 1

    def _open(self, clip: str) -> _Decoder:
        if len(self._decoders) >= self._most:
            idle = min(self._decoders, key=lambda decoder: decoder.used)
            self._decoders.remove(idle)
            idle.close()
        video = self._videos[clip]
        frames = self._package.manifest.clips[clip].frames
        decoder = _Decoder(self._package.open(video), f"{self._package.path}: {video}", clip, frames)
        self._decoders.append(decoder)
        return decoder


class _Decoder:
    """Decodes a clip forwards from any of its frames."""

    def __init__(self, file: BinaryIO, where: str, clip: str, frames: int) -> None:
        self._file, self._where, self._frames = file, where, frames
        self.clip = clip
        self.used = self.shown = -2  # never
        """Frames decoded for the screen, by all, when it was last wanted, and when it decoded one of them."""
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


def _rows(plane: VideoPlane) -> Picture:
    """The rows of a frame's plane, padded as the decoder has them, as a view on its own memory."""
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height]
