"""One pass over a recording: all that is noted about its pictures, however long it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import av
import numpy as np
from numpy.typing import NDArray

from ...settings import FPS
from ..footage import Footage, pictures
from ..landmarks import LANDMARKS, FaceFinder, Landmarks
from ..loops import small_grey
from ..mouthspace import relative, resting_by
from .covered import unlikeness
from .face import FaceWatch
from .gestures import Gesture, GestureWatch
from .motion import MotionWatch
from .notes import Series
from .scene import SceneWatch

Keep = Callable[[Landmarks, NDArray[np.float32]], None]


@dataclass(frozen=True, slots=True)
class Look:
    """What was noted about a recording's pictures."""

    footage: Footage
    first: float
    """Time stamp of the first picture, in seconds."""

    motion: Series
    """Of every stored frame (motion.FIELDS)."""

    face: Series
    """Of every picture at FPS (face.FIELDS); NaN where there is no face."""

    unlike: NDArray[np.float64]
    """Of every picture at FPS: how unlike itself the lower face is (covered.unlikeness); NaN without one."""

    weights: NDArray[np.float32]
    """Shape (n, 10): mouth weights, likewise."""

    scene: Series
    """Twice a second (scene.FIELDS)."""

    gestures: tuple[Gesture, ...]

    @property
    def times(self) -> NDArray[np.float64]:
        """Seconds of every picture at FPS."""
        return np.arange(len(self.unlike)) / FPS

    @property
    def seconds(self) -> float:
        """From the first picture to the end of the last."""
        time = self.motion["time"]
        return float(time[-1]) + 1 / self.footage.fps if len(time) else 0.0

    @property
    def rate(self) -> float:
        """Frames a second, as most of them come; the file's own account is a mean, pauses included."""
        lasts = np.diff(self.motion["time"])
        return float(1 / np.median(lasts)) if len(lasts) else self.footage.fps

    @property
    def found(self) -> NDArray[np.bool_]:
        """Whether there is a face, in every picture at FPS."""
        return np.isfinite(self.face["eyes"])


def look(footage: Footage, advance: Callable[[float], None], keep: Keep | None = None) -> Look:
    """Go through all pictures once; `advance` is told the seconds seen so far.

    `keep` is given the landmarks of every picture, NaN where there is no face, and its small grey picture.
    """
    motion, face, gestures = MotionWatch(footage), FaceWatch(), GestureWatch(footage)
    stamps: list[float] = []

    def decoded(time: float, frame: av.VideoFrame) -> None:
        if not stamps:
            stamps.append(float(frame.time or 0.0) - time)
        motion.see(time, frame)

    with FaceFinder() as finder, SceneWatch() as scene:
        for number, picture in enumerate(pictures(footage, decoded)):
            points = finder.find(picture)
            motion.face = face.see(picture, points) or motion.face
            scene.see(number / FPS, picture, points)
            known = np.full((LANDMARKS, 3), np.nan, np.float32) if points is None else points
            grey = small_grey(picture)
            gestures.see(grey, known)
            if keep is not None:
                keep(known, grey)
            advance((number + 1) / FPS)
        return Look(
            footage=footage,
            first=stamps[0] if stamps else 0.0,
            motion=motion.series(),
            face=face.series(),
            unlike=_unlike(face),
            weights=_weights(face.series()),
            scene=scene.series(),
            gestures=gestures.found(),
        )


def _unlike(face: FaceWatch) -> NDArray[np.float64]:
    """Pictures between those that were kept are like the nearer of them."""
    numbers, patches = face.patches()
    found = np.isfinite(face.series()["eyes"])
    if not len(numbers):
        return np.full(len(found), np.nan)
    all_of_them = np.interp(np.arange(len(found)), numbers, unlikeness(patches))
    return np.asarray(np.where(found, all_of_them, np.nan))


def _weights(face: Series) -> NDArray[np.float32]:
    measured = np.stack([face[f"mouth{number}"] for number in range(10)], axis=1)
    if not np.isfinite(measured).all(axis=1).any():
        return np.full(measured.shape, np.nan, np.float32)
    return relative(measured, face["mouth_width"], resting_by(measured))
