"""The recording an avatar is built from: what it is, and its pictures at 25 frames a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from ..errors import StudioError
from ..settings import FPS

Picture = NDArray[np.uint8]
"""Shape (height, width, 3), R G B, rows from the top, turned upright."""

SHORTEST = 4.0
"""Seconds of footage below which nothing useful can be learned or looped."""

LONGEST = 900.0
"""Seconds of footage a build takes: its mouths are held in memory, 2.5 MB a second. Guides ask for 600."""

LARGEST_SIDE = 1080
"""The short side is worked on at no more than this, unless a variant asks for more."""

HD_ROWS = 720
"""Untagged video with a short side from here on is taken to be BT.709, smaller BT.601, as players do."""

ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""What decodes the matte of WebM films, by the coding."""

NEEDED = "a film of one person facing the camera is needed (mp4, mov, webm or mkv)"


@dataclass(frozen=True, slots=True)
class Footage:
    """A recording that can be opened, as its pictures will be given out."""

    path: Path
    container: str
    codec: str
    width: int
    """Pixels after turning upright, squaring the pixels and limiting the short side; even."""

    height: int
    turned: int
    """Degrees the stored picture is turned clockwise to stand upright: 0, 90, 180 or 270."""

    fps: float
    """Of the file; pictures are given out at FPS."""

    duration: float
    """Seconds, by the container; what can be decoded may differ a little."""

    has_sound: bool
    has_alpha: bool
    """Whether it carries a matte."""

    stored: tuple[int, int] = (0, 0)
    """Width and height of the file's pictures, upright."""

    matte: Path | None = None
    """A film of its matte, of the same size and pictures, 25 a second; made by matte.cutout."""


def probe(path: Path, largest: int = LARGEST_SIDE) -> Footage:
    """Open a recording and say what it is. It is worked on at a short side of `largest` pixels at most.

    Raises StudioError if it is missing, empty, not a film, without picture or shorter than SHORTEST.
    """
    with _opened(path) as container:
        stream = container.streams.video[0]
        first = next(container.decode(stream), None)
        if first is None:
            raise StudioError(f"{path}: its video has no picture that can be decoded; {NEEDED}")
        turned = -first.rotation % 360
        aspect = float(stream.sample_aspect_ratio or 1)
        width, height = first.width * aspect, float(first.height)
        if turned in (90, 270):
            width, height = height, width
        scale = min(1.0, largest / min(width, height))
        rate = float(stream.average_rate or stream.guessed_rate or FPS)
        footage = Footage(
            path=path,
            container=container.format.name.split(",")[0],
            codec=stream.codec_context.name,
            width=_even(width * scale),
            height=_even(height * scale),
            turned=turned,
            fps=rate,
            duration=_duration(container),
            has_sound=bool(container.streams.audio),
            has_alpha=_has_alpha(stream, first),
            stored=(round(width), round(height)),
        )
    if footage.duration < SHORTEST:
        raise StudioError(
            f"{path}: {footage.duration:.1f} s long; at least {SHORTEST:.0f} s are needed, "
            "and a minute or more of talking gives better lips"
        )
    return footage


def check_length(footage: Footage, seconds: float | None = None) -> None:
    """Raise StudioError if the film, or the `seconds` found in it, are more than a build can take."""
    found = footage.duration if seconds is None else seconds
    if found > LONGEST:
        raise StudioError(
            f"{footage.path}: {found / 60:.0f} minutes or more; at most {LONGEST / 60:.0f} can be used, "
            "and two to five do; cut out the best ones (avatar check shows which are usable)"
        )


def pictures(
    footage: Footage, decoded: Callable[[float, av.VideoFrame], None] | None = None
) -> Iterator[Picture]:
    """Its pictures at FPS, each the nearest in time, upright and at the size `footage` names.

    Decodes as it goes and holds two pictures at most. A damaged frame is left out: its neighbour shows.
    `decoded` is told every frame of the file as it is stored, with its seconds since the first one.
    """
    with _opened(footage.path) as container:
        for frame in _nearest(footage, _timed(_decoded(container)), decoded):
            yield _upright(frame, footage)


def pictures_with_alpha(footage: Footage) -> Iterator[tuple[Picture, Picture]]:
    """The same pictures, each with its opacity, shape (height, width), from the film's own matte."""
    with _opened(footage.path) as container:
        for frame in _nearest(footage, _timed(_decoded_with_alpha(container))):
            alpha = np.asarray(frame.to_ndarray(format="rgba")[..., 3], np.uint8)
            yield _upright(frame, footage), _turned(alpha, footage)


def _nearest(
    footage: Footage,
    timed: Iterator[tuple[float, av.VideoFrame]],
    decoded: Callable[[float, av.VideoFrame], None] | None = None,
) -> Iterator[av.VideoFrame]:
    """The frame nearest to every moment of a picture."""
    due = 0
    before: tuple[float, av.VideoFrame] | None = None
    for time, frame in timed:
        if decoded is not None:
            decoded(time, frame)
        while before is not None and due / FPS <= time:
            yield frame if time - due / FPS < due / FPS - before[0] else before[1]
            due += 1
        before = (time, frame)
    # the last picture shows for as long as one of the file
    while before is not None and due / FPS < before[0] + 1 / footage.fps - 1e-6:
        yield before[1]
        due += 1


def _decoded(container: InputContainer) -> Iterator[av.VideoFrame]:
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    return container.decode(stream)


def _decoded_with_alpha(container: InputContainer) -> Iterator[av.VideoFrame]:
    """Frames as the matte's own decoder gives them: FFmpeg's usual one for VP8 and VP9 drops it."""
    stream = container.streams.video[0]
    decoder = ALPHA_DECODERS.get(stream.codec_context.name)
    if decoder is None:
        yield from _decoded(container)
        return
    context = av.codec.CodecContext.create(decoder, "r")
    assert isinstance(context, VideoCodecContext)
    context.extradata = stream.codec_context.extradata
    for packet in container.demux(stream):
        yield from context.decode(packet)


def _timed(frames: Iterator[av.VideoFrame]) -> Iterator[tuple[float, av.VideoFrame]]:
    """Frames with the seconds since the first one."""
    start: float | None = None
    last = -1.0
    while True:
        try:
            frame = next(frames)
        except StopIteration:
            return
        except av.error.InvalidDataError:
            continue
        except av.FFmpegError:
            return
        if frame.time is None or frame.is_corrupt:
            continue
        start = frame.time if start is None else start
        time = frame.time - start
        if time > last:
            last = time
            yield time, frame


def _upright(frame: av.VideoFrame, footage: Footage) -> Picture:
    """One decoded frame as R G B."""
    tagged = int(frame.colorspace)
    matrix = tagged if tagged not in (0, 2) else (1 if min(frame.width, frame.height) >= HD_ROWS else 5)
    rgb = np.asarray(frame.to_ndarray(format="rgb24", src_colorspace=matrix), np.uint8)
    return _turned(rgb, footage)


def _turned(stored: Picture, footage: Footage) -> Picture:
    """A stored picture or matte upright, and at the size it is worked on."""
    if footage.turned:
        stored = np.rot90(stored, -footage.turned // 90)
    if stored.shape[:2] != (footage.height, footage.width):
        return resize(stored, footage.width, footage.height)
    return np.ascontiguousarray(stored)


def _has_alpha(stream: Any, first: av.VideoFrame) -> bool:
    """Whether the film carries a matte: beside the pictures (VP8, VP9), or in them (ProRes 4444 and such)."""
    return stream.metadata.get("alpha_mode") == "1" or any(part.is_alpha for part in first.format.components)


def resize(picture: Picture, width: int, height: int) -> Picture:
    """A picture at another size; means over areas when it shrinks, cubic when it grows."""
    if picture.shape[:2] == (height, width):
        return picture
    shrinks = width * height < picture.shape[0] * picture.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(np.ascontiguousarray(picture), (width, height), interpolation=how), np.uint8)


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    if not path.is_file():
        raise StudioError(f"{path}: no such file; {NEEDED}")
    if path.stat().st_size == 0:
        raise StudioError(f"{path}: empty (0 bytes); copy or record it again")
    try:
        container = av.open(str(path))
    except (av.FFmpegError, ValueError) as error:
        raise StudioError(f"{path}: not a film that can be read ({_reason(error)}); {NEEDED}") from error
    with container:
        if not container.streams.video or container.streams.video[0].codec_context is None:
            found = "only sound" if container.streams.audio else "no picture"
            raise StudioError(f"{path}: {found} in it; {NEEDED}")
        try:
            yield container
        except av.FFmpegError as error:
            raise StudioError(f"{path}: cannot be decoded ({_reason(error)}); {NEEDED}") from error


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def _duration(container: InputContainer) -> float:
    stream = container.streams.video[0]
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return float(container.duration or 0) / av.time_base


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)
