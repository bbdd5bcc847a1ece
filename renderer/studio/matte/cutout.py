"""A film parted into the person and a matte: two films in the work folder, which the clips are made from.

The colours are the person's own, carried beyond the edge; the matte is without loss. Both have the pictures
of the film, 25 a second, so that everything found on the film holds for them.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, get_args

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from ...errors import StudioError
from ...settings import FPS
from ..footage import Footage, Picture, pictures, pictures_with_alpha, probe
from ..progress import BuildProgress
from ..work import WorkFolder
from .colours import clear_colours, spread
from .keying import Keyer
from .screen import is_pure, learn_screen, rim_share

Background = Literal["keep", "green", "white", "matte"]
BACKGROUNDS: tuple[Background, ...] = get_args(Background)

KEYING = 3
"""Raised when keying comes to give other results, so that kept ones are not taken for them."""

SAMPLES = 40
"""Pictures, spread over the film, that the screen is learned from."""

NEARLY = 0.004
"""Opacity up to which a pixel is background, and from 1 down to which it is person, in a supplied matte."""

FINE = {"crf": "6", "preset": "superfast"}
"""Of the person's film: 50 dB and more, at a tenth of what no loss at all would take."""


def background_of(footage: Footage, wanted: Background | None, matte: Path | None) -> Background:
    """What becomes of the background: as asked; else a matte is used where there is one.

    Raises StudioError where the two do not go together.
    """
    if wanted is not None and wanted not in BACKGROUNDS:
        raise StudioError(f"background {wanted!r}; one of {', '.join(BACKGROUNDS)} expected")
    has_matte = matte is not None or footage.has_alpha
    if wanted == "matte" and not has_matte:
        raise StudioError(
            f"{footage.path}: no matte in it; name a film of it with --matte, or key a screen with "
            "--background green"
        )
    if matte is not None:
        if wanted not in (None, "matte"):
            raise StudioError(f"{matte}: a matte, and --background {wanted}; leave one of them out")
        check_matte(footage, matte)
    return wanted or ("matte" if has_matte else "keep")


def check_matte(footage: Footage, matte: Path) -> None:
    """Raise StudioError unless `matte` is a film exactly as large, fast and long as the footage (R-D11)."""
    other = probe(matte)
    apart = []
    if (other.width, other.height) != (footage.width, footage.height) or other.stored != footage.stored:
        apart.append(f"{_size(other)} for the film's {_size(footage)}")
    if abs(other.fps - footage.fps) > 0.01:
        apart.append(f"{other.fps:.2f} frames a second for {footage.fps:.2f}")
    if abs(other.duration - footage.duration) > 0.5 / footage.fps:
        apart.append(f"{other.duration:.2f} s for {footage.duration:.2f} s")
    if apart:
        raise StudioError(
            f"{matte}: {', '.join(apart)}; a matte must have exactly the film's size, frame rate and length; "
            "export both from the same project, untrimmed"
        )


def screen_note(footage: Footage) -> str | None:
    """What to say of a film whose background is kept though it is a screen."""
    first = next(pictures(footage))
    if is_pure(first):
        return "the background is pure green and stays so; --background green makes it replaceable"
    for kind in ("green", "white"):
        if kind == "green" and rim_share(first, kind) > 0.9:
            return "filmed before a green screen, which is kept; --background green makes it replaceable"
    return None


def cut_out(
    footage: Footage, background: Background, matte: Path | None, work: WorkFolder, progress: BuildProgress
) -> Footage:
    """The film with its background taken away, and its matte; the same film where it is kept.

    Raises StudioError where there is no such screen, or the matte breaks off.
    """
    if background == "keep":
        return footage
    progress.begin("cutting out the person")
    depends: dict[str, object] = {
        "background": background,
        "matte": None if matte is None else WorkFolder.digest(matte),
        "size": (footage.width, footage.height),
        "keying": KEYING,
    }
    person, opacity = (work.path(what, **depends).with_suffix(".mkv") for what in ("person", "opacity"))
    if not (person.exists() and opacity.exists()):
        parted = _keyed(footage, background) if background != "matte" else _parted(footage, matte)
        with (
            _Film(person, footage, "libx264", "yuv444p", FINE) as colours,
            _Film(opacity, footage, "ffv1", "gray", {}) as mattes,
        ):
            for colour, alpha in progress.over(parted, round(footage.duration * FPS)):
                colours.write(colour, "rgb24")
                mattes.write(alpha, "gray")
    return replace(
        footage,
        path=person,
        matte=opacity,
        turned=0,
        fps=float(FPS),
        stored=(footage.width, footage.height),
        has_alpha=False,
    )


def rgba(footage: Footage) -> Iterator[Picture]:
    """The pictures of a film that was cut out, with their opacity as fourth channel, (h, w, 4)."""
    assert footage.matte is not None
    with av.open(str(footage.matte)) as container:
        for picture, frame in zip(pictures(footage), container.decode(video=0), strict=True):
            yield np.dstack([picture, frame.to_ndarray(format="gray")])


def _keyed(footage: Footage, kind: Literal["green", "white"] | Any) -> Iterator[tuple[Picture, Picture]]:
    step = max(1, round(footage.duration * FPS / SAMPLES))
    samples = list(itertools.islice(itertools.islice(pictures(footage), 0, None, step), 2 * SAMPLES))
    try:
        keyer = Keyer(learn_screen(samples, kind))
    except StudioError as error:
        raise StudioError(f"{footage.path}: {error}") from None
    del samples
    return (keyer.cut(picture) for picture in pictures(footage))


def _parted(footage: Footage, matte: Path | None) -> Iterator[tuple[Picture, Picture]]:
    """By a matte: the film's own, or one beside it."""
    both: Iterable[tuple[Picture, Picture]]
    if matte is None:
        both = pictures_with_alpha(footage)
    else:
        levels = (np.ascontiguousarray(picture[..., 1]) for picture in pictures(probe(matte)))
        both = zip(pictures(footage), levels, strict=False)
    for picture, alpha in both:
        seen, share = picture.astype(np.float32), alpha.astype(np.float32) / 255
        person, belief = spread(seen, _inside(share > 1 - NEARLY))
        behind, _ = spread(seen, _inside(share < NEARLY))
        yield clear_colours(seen, share, behind, person, belief), alpha


def _inside(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A mask without its outermost pixels, which coding has mixed with their neighbours."""
    return np.asarray(cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _size(footage: Footage) -> str:
    return f"{footage.stored[0]}x{footage.stored[1]}"


class _Film:
    """A film in the work folder, written picture by picture; it has its name when it is whole."""

    def __init__(
        self, path: Path, footage: Footage, codec: str, pixels: str, options: dict[str, str]
    ) -> None:
        self._path, self._part = path, path.with_suffix(f".{os.getpid()}.part")
        self._container: OutputContainer = av.open(str(self._part), "w", format="matroska")
        stream = self._container.add_stream(codec, rate=Fraction(FPS))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = footage.width, footage.height, pixels
        stream.options = dict(options)
        stream.codec_context.time_base = Fraction(1, FPS)
        stream.codec_context.thread_count = 1  # the same bytes on every machine
        if pixels != "gray":
            stream.codec_context.colorspace = stream.codec_context.color_primaries = 1
            stream.codec_context.color_trc = stream.codec_context.color_range = 1
        self._stream, self._pixels, self._frames = stream, pixels, 0

    def write(self, picture: Picture, order: str) -> None:
        frame = av.VideoFrame.from_ndarray(picture, order)
        if order != self._pixels:
            frame = frame.reformat(format=self._pixels, dst_colorspace=1, dst_color_range=1)
        frame.pts, frame.time_base = self._frames, Fraction(1, FPS)
        self._container.mux(self._stream.encode(frame))
        self._frames += 1

    def __enter__(self) -> _Film:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._container.mux(self._stream.encode(None))
            self._container.close()
            if kind is None:
                self._part.replace(self._path)
        finally:
            self._part.unlink(missing_ok=True)
