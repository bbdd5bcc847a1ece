"""The clips' pictures: baked, closed into loops, and encoded for every variant at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from ..settings import FPS
from .footage import Picture, resize
from .loops import Loop
from .variants import View

Real = NDArray[np.floating[Any]]
Flow = NDArray[np.float32]

KEYFRAME_EVERY = 25
"""Frames: the runtime seeks no farther than that."""

ENCODER = {
    "preset": "medium",
    "crf": "18",
    "tune": "fastdecode",  # no deblocking, no CABAC: half the time to decode (benchmarks)
    "bf": "0",
    "x264-params": "scenecut=0:open-gop=0",
}

MATTE = {**ENCODER, "crf": "14"}
"""Mattes are coded finer: what flickers at an edge is seen. They take a tenth of the pictures' bits."""

MOST_BITS = 2.5
"""Bits a second for each pixel at most (2.3 Mbit/s at 720p): a minute of clips then takes 17 MB, whatever
moves in the background. Grainy leaves lose 1.3 dB of 45 by it; calm rooms stay below."""

BUFFER = 2.0
"""Seconds over which that holds."""

SMOOTH = 4.0
"""Standard deviation in pixels of the Gaussian that smooths optical flow."""

DOUBT = 3.0
"""Pixels by which flows there and back may disagree."""

BT709 = 1
LIMITED = 1


def clip_pictures(pictures: Iterable[tuple[int, Picture]], loop: Loop) -> Iterator[Picture]:
    """The frames of a clip, from footage frames with their numbers, `loop.start - loop.morph` to the end."""
    before: dict[int, Picture] = {}
    turned = loop.turned()
    for frame, picture in pictures:
        if frame < loop.start - loop.morph:
            continue
        if frame >= loop.end:
            return
        if frame < loop.start:
            before[frame] = picture
            continue
        share = float(turned[frame - loop.start])
        if share > 0.0:
            picture = morph(picture, before[frame - loop.frames], share)
        yield picture


def clip_affines(affine: Real, loop: Loop) -> NDArray[np.float32]:
    """The mouth track of a clip, shape (frames, 2, 3), from the footage's: it turns as the pictures do."""
    share = loop.turned()[:, None, None]
    own = affine[loop.start : loop.end]
    before = affine[np.maximum(np.arange(loop.start, loop.end) - loop.frames, 0)]
    return np.asarray(own + share * (before - own), np.float32)


def clip_lowest(values: Real, loop: Loop) -> NDArray[np.float32]:
    """A value per frame of a clip; where two frames are mixed, the lower of theirs."""
    own = values[loop.start : loop.end]
    before = values[np.maximum(np.arange(loop.start, loop.end) - loop.frames, 0)]
    return np.asarray(np.where(loop.turned() > 0, np.minimum(own, before), own), np.float32)


def morph(a: Picture, b: Picture, share: float) -> Picture:
    """A picture between two: both are moved along the optical flow between them, then mixed, opacity too.

    `share` is how much of `b` is seen, 0 to 1. Dense inverse search (Kroeger et al. 2016). Where the flows
    there and back disagree, something is hidden in one of the pictures, and it is only mixed.
    """
    grey_a, grey_b = (cv2.cvtColor(np.ascontiguousarray(p[..., :3]), cv2.COLOR_RGB2GRAY) for p in (a, b))
    there, back = _flow(grey_a, grey_b), _flow(grey_b, grey_a)
    moved_a = _moved(a, there * _agreement(there, back), share)
    moved_b = _moved(b, back * _agreement(back, there), 1.0 - share)
    return np.asarray(cv2.addWeighted(moved_a, 1.0 - share, moved_b, share, 0.0), np.uint8)


def _flow(a: NDArray[Any], b: NDArray[Any]) -> Flow:
    """Where every pixel of grey picture `a` is in `b`, shape (height, width, 2): x, y in pixels."""
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow = np.asarray(finder.calc(a, b, np.zeros((*a.shape, 2), np.float32)), np.float32)
    return np.asarray(cv2.GaussianBlur(flow, (0, 0), SMOOTH), np.float32)


def _agreement(flow: Flow, back: Flow) -> Flow:
    """1 where `back` leads back to where `flow` began, less by DOUBT pixels beside it; (height, width, 1)."""
    x, y = _grid(flow)
    returned = cv2.remap(back, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR)
    astray = np.linalg.norm(flow + returned, axis=-1)
    trust = np.exp(-((astray / DOUBT) ** 2)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(trust, (0, 0), 3 * SMOOTH), np.float32)[..., None]


def _moved(picture: Picture, flow: Flow, share: float) -> Picture:
    # exact where the flow is smooth: the place a pixel came from has nearly the same flow
    x, y = _grid(flow)
    u, v = x - np.float32(share) * flow[..., 0], y - np.float32(share) * flow[..., 1]
    return np.asarray(cv2.remap(picture, u, v, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _grid(flow: Flow) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    height, width = flow.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return x, y


class ClipFile:
    """One clip in one variant, or its matte, written frame by frame: H.264, BT.709, limited range."""

    def __init__(self, path: Path, width: int, height: int, encoder: dict[str, str] = ENCODER) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._width, self._height = path, width, height
        self._part = path.with_suffix(f".{os.getpid()}.part")
        self._container: OutputContainer = av.open(str(self._part), "w", format="mp4")
        stream = self._container.add_stream("libx264", rate=Fraction(FPS))
        assert isinstance(stream, VideoStream)
        self._stream = stream
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.gop_size = KEYFRAME_EVERY
        rate = round(MOST_BITS * width * height)
        stream.options = {**encoder, "maxrate": str(rate), "bufsize": str(round(BUFFER * rate))}
        stream.codec_context.time_base = Fraction(1, FPS)
        stream.codec_context.thread_count = 1  # the same bytes on every machine
        stream.codec_context.colorspace = stream.codec_context.color_primaries = BT709
        stream.codec_context.color_trc = BT709
        stream.codec_context.color_range = LIMITED
        self._frames = 0

    def write(self, picture: Picture) -> None:
        """Add a frame of any size: R G B, or opacity, shape (height, width)."""
        pixels = resize(picture, self._width, self._height)
        if pixels.ndim == 2:
            pixels = np.repeat(pixels[..., None], 3, axis=2)
        frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace=BT709, dst_color_range=LIMITED)
        frame.pts, frame.time_base = self._frames, Fraction(1, FPS)
        self._container.mux(self._stream.encode(frame))
        self._frames += 1

    def finish(self) -> None:
        """The file takes its name."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
        self._part.replace(self._path)

    def __enter__(self) -> ClipFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self._container.close()
            self._part.unlink(missing_ok=True)


def matte_path(path: Path) -> Path:
    """Where the matte of a clip's file goes."""
    return path.with_suffix(".alpha.mp4")


def write_clip(pictures: Iterator[Picture], files: dict[Path, View], has_matte: bool) -> Iterator[int]:
    """Encode a clip into several files, each of its own view, with mattes from the fourth channel.

    Gives the number of every picture that is written.
    """
    with ExitStack() as stack:
        stack.enter_context(closing(pictures))  # type: ignore[type-var]
        clips, mattes = [], []
        for path, view in files.items():
            clips.append((view, stack.enter_context(ClipFile(path, view.width, view.height))))
            if has_matte:
                matte = ClipFile(matte_path(path), view.width, view.height, MATTE)
                mattes.append((view, stack.enter_context(matte)))
        for number, picture in enumerate(pictures):
            colours = np.ascontiguousarray(picture[..., :3])
            for view, clip in clips:
                clip.write(view.picture(colours))
            for view, clip in mattes:
                clip.write(view.picture(np.ascontiguousarray(picture[..., 3])))
            yield number
