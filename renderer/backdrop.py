"""What is seen behind an avatar that has a matte: a colour, a picture, a film, or nothing at all."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
from av.video.frame import VideoFrame as DecodedFrame
from numpy.typing import NDArray

from .errors import AvatarError, MediaError
from .kernels.scale import scale
from .settings import FPS
from .types import Picture

Background = str | tuple[int, int, int] | NDArray[Any] | Path
"""`"#2080ff"`, `"transparent"`, red, green and blue 0 to 255, a picture: uint8 (h, w, 3) R G B or
(h, w, 4) B G R A, or the path of a picture or a film."""

Transparent = Literal["transparent"]


KEPT = 16
"""Frames of a film kept decoded: as many as a session may take back."""


class FilmBackdrop:
    """A film behind the avatar, over and over: one picture for every frame, the nearest in time."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        """Raises MediaError for what is no picture and no film."""
        if not path.is_file():
            raise MediaError(f"{path}: no such file; name a picture or a film, or a colour such as #2080ff")
        self.path = path
        self._size = width, height
        try:
            self._container = av.open(str(path))
        except (av.FFmpegError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise MediaError(
                f"{path}: neither a picture nor a film ({reason}); PNG, JPEG or mp4 expected"
            ) from error
        self._frames = self._looped()
        self._recent: OrderedDict[int, DecodedFrame] = OrderedDict()
        self._ahead: tuple[float, DecodedFrame] | None = None
        try:
            self._next()
            self._recent[0] = self._now[1]
        except MediaError:
            self.close()
            raise

    def is_still(self) -> bool:
        """Whether it has one picture only."""
        assert self._ahead is not None
        return self._ahead[1] is self._now[1]

    def picture(self, index: int) -> Picture:
        """What is behind frame `index` of the session, B G R A, (height, width, 4)."""
        last = next(reversed(self._recent))
        for number in range(last + 1, index + 1):
            while self._ahead is not None and self._ahead[0] <= number / FPS + 1e-6:
                self._next()
            self._recent[number] = self._now[1]
            if len(self._recent) > KEPT:
                self._recent.popitem(last=False)
        # before what is kept: a background may stand for a moment
        frame = self._recent.get(index) or self._recent[next(iter(self._recent))]
        width, height = self._size
        share = max(width / frame.width, height / frame.height)
        across, down = max(width, round(frame.width * share)), max(height, round(frame.height * share))
        shown = frame.to_ndarray(format="bgra", width=across, height=down)
        left, top = (across - width) // 2, (down - height) // 2
        return np.ascontiguousarray(shown[top : top + height, left : left + width])

    def close(self) -> None:
        """Give the decoder and its pictures back."""
        self._recent.clear()
        self._frames.close()
        self._container.close()

    def _next(self) -> None:
        """The frame ahead is now; the one after it is ahead."""
        if self._ahead is None:
            self._ahead = next(self._frames)
        self._now = self._ahead
        self._ahead = next(self._frames)

    def _looped(self) -> Generator[tuple[float, DecodedFrame], None, None]:
        """Every frame with its seconds since the very first, again and again; a single one for ever."""
        began, before = 0.0, None
        while True:
            first = last = before = None
            step = 1 / FPS
            for frame in self._round():
                time = frame.time if frame.time is not None else 0.0
                first = time if first is None else first
                if last is not None and time > last:
                    step = time - last
                last, before = time, frame
                yield began + time - first, frame
            if first is None or last is None or before is None:
                raise MediaError(f"{self.path}: no picture in it; PNG, JPEG or mp4 expected")
            if last == first:
                while True:
                    yield float("inf"), before
            began += last - first + step
            self._container.seek(0)

    def _round(self) -> Iterator[DecodedFrame]:
        """All frames once; what is damaged is left out."""
        if not self._container.streams.video:
            return
        frames = self._container.decode(video=0)
        while True:
            try:
                yield next(frames)
            except av.error.InvalidDataError:
                continue
            except (StopIteration, av.FFmpegError):
                return


Backdrop = Picture | Transparent | FilmBackdrop
"""A background made ready for one size."""


def make_backdrop(background: Background, width: int, height: int) -> Backdrop:
    """The background as B G R A pixels of this size, (height, width, 4), a film, or "transparent".

    What has another size is scaled to cover, its middle kept. Raises MediaError for a file that is neither
    picture nor film, ValueError for anything else.
    """
    if isinstance(background, str) and background == "transparent":
        return "transparent"
    if isinstance(background, Path):
        film = FilmBackdrop(background, width, height)
        if not film.is_still():
            return film
        still = film.picture(0)
        film.close()
        return still
    if isinstance(background, (str, tuple)):
        out = np.empty((height, width, 4), np.uint8)
        out[...] = (*reversed(_colour(background)), 255)
        return out
    return _covering(_picture(background), width, height)


def check_backdrop(backdrop: Backdrop | None, has_matte: bool, pixels: str) -> None:
    """Raise AvatarError or ValueError where an avatar cannot be shown before it in this order of pixels."""
    if backdrop is not None and not has_matte:
        raise AvatarError(
            "this avatar has no matte, so nothing can be put behind it; build it from footage with an alpha "
            "channel, a matte, or in front of a green or white screen (avatar build --background)"
        )
    if isinstance(backdrop, str) and pixels != "bgra":
        raise ValueError(f"transparent {pixels} frames; open the session with pixels='bgra'")


def _colour(colour: str | tuple[int, ...]) -> tuple[int, ...]:
    if isinstance(colour, str):
        if not re.fullmatch(r"#?[0-9a-fA-F]{6}", colour):
            raise ValueError(f"background {colour!r}; a colour such as #2080ff, or transparent, expected")
        return tuple(bytes.fromhex(colour.removeprefix("#")))
    if len(colour) != 3 or not all(0 <= int(part) <= 255 for part in colour):
        raise ValueError(f"background {colour!r}; red, green and blue from 0 to 255 expected")
    return tuple(int(part) for part in colour)


def _picture(array: Any) -> Picture:
    """Contiguous B G R A, a copy."""
    picture = np.asarray(array)
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in (3, 4) or not picture.size:
        raise ValueError(
            f"a background of {picture.dtype} {picture.shape}; uint8 (h, w, 3) in R G B or (h, w, 4) in "
            "B G R A expected"
        )
    out = np.full((*picture.shape[:2], 4), 255, np.uint8)
    out[..., :3] = picture[..., 2::-1] if picture.shape[2] == 3 else picture[..., :3]
    return out


def _covering(picture: Picture, width: int, height: int) -> Picture:
    share = max(width / picture.shape[1], height / picture.shape[0])
    across = min(picture.shape[1], max(1, round(width / share)))
    down = min(picture.shape[0], max(1, round(height / share)))
    left, top = (picture.shape[1] - across) // 2, (picture.shape[0] - down) // 2
    middle = np.ascontiguousarray(picture[top : top + down, left : left + across])
    if middle.shape[:2] == (height, width):
        return middle
    out = np.empty((height, width, 4), np.uint8)
    scale(middle, out, 0, 0, width, height)
    return out
