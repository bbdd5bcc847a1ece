"""Person and background, twice a second: how many faces, what is behind, and what colour clothes have."""

from __future__ import annotations

import os
from types import TracebackType

import cv2
import numpy as np
from numpy.typing import NDArray

from ...errors import MissingExtra
from ..footage import Picture
from ..landmarks import Landmarks, quietly
from .notes import Notes, Series

EVERY = 0.5
"""Seconds between two looks."""

LONG_SIDE = 640
"""Pixels that faces are looked for in."""

SMALL = 160
"""Pixels that colours are looked at in."""

SURE = 0.6
"""Score from which on a face is one ..."""

SMALLEST = 0.35
"""... if it is at least this high compared with the largest."""

ALIKE = 14
"""Hue steps (of 180) within which a colour is the screen's."""

FIELDS = ("time", "faces", "red", "green", "blue", "share", "ring", "uneven", "wrinkled", "torso", "tinted")


class SceneWatch:
    """Looks at a picture twice a second, and notes what FIELDS says: colours 0 to 255, shares 0 to 1."""

    def __init__(self) -> None:
        os.environ.setdefault("GLOG_minloglevel", "2")
        try:
            import mediapipe
        except ImportError as error:
            raise MissingExtra(
                "mediapipe is not installed; the check needs it: pip install 'avatar-renderer[studio]'"
            ) from error
        solutions = mediapipe.solutions
        blank = np.zeros((64, 64, 3), np.uint8)
        with quietly():
            self._faces = solutions.face_detection.FaceDetection(0.5, model_selection=1)
            self._faces.process(blank)
            self._cutter = solutions.selfie_segmentation.SelfieSegmentation(model_selection=0)
            self._cutter.process(blank)
        self._notes = Notes(FIELDS)

    def see(self, time: float, picture: Picture, points: Landmarks | None) -> None:
        """Look at a picture, if it is time to."""
        if self._notes and time < self._notes.last("time") + EVERY - 1e-6:
            return
        height, width = picture.shape[:2]
        scale = min(1.0, LONG_SIDE / max(height, width))
        size = max(8, round(width * scale)), max(8, round(height * scale))
        seen = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        small = cv2.resize(seen, _within(size, SMALL), interpolation=cv2.INTER_AREA)
        person = self._cutter.process(small).segmentation_mask
        torso = None if points is None else _torso(points * (small.shape[1] / width), small.shape)
        self._notes.add(
            (time, float(self._count(seen)), *colours(np.asarray(small, np.uint8), person, torso))
        )

    def series(self) -> Series:
        """What was noted at every look."""
        return self._notes.series()

    def _count(self, seen: Picture) -> int:
        found = self._faces.process(seen).detections or ()
        heights = [face.location_data.relative_bounding_box.height for face in found if face.score[0] >= SURE]
        return sum(height >= SMALLEST * max(heights) for height in heights)

    def close(self) -> None:
        """Give mediapipe's graphs back."""
        self._faces.close()
        self._cutter.close()

    def __enter__(self) -> SceneWatch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _within(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = min(1.0, side / max(size))
    return max(8, round(size[0] * scale)), max(8, round(size[1] * scale))


def _torso(points: Landmarks, shape: tuple[int, ...]) -> tuple[slice, slice] | None:
    """Rows and columns under the chin, where clothes are whatever a network takes for background."""
    eyes = float(np.linalg.norm(points[263, :2] - points[33, :2]))
    chin, middle = float(points[152, 1]), float(points[152, 0])
    top, bottom = int(chin + 0.7 * eyes), int(min(shape[0], chin + 2.5 * eyes))
    left, right = int(max(0, middle - 0.7 * eyes)), int(min(shape[1], middle + 0.7 * eyes))
    return (slice(top, bottom), slice(left, right)) if bottom - top >= 4 and right - left >= 4 else None


def colours(
    small: Picture, person: NDArray[np.float32], torso: tuple[slice, slice] | None
) -> tuple[float, ...]:
    """FIELDS from `red` on: of a small picture, where the person is in it (0 to 1), and the torso."""
    behind = cv2.erode((person < 0.1).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if behind.sum() < 50:
        return (np.nan,) * 9
    colour = np.median(small[behind], axis=0)
    alike = _alike(small, colour)
    ring = np.zeros(behind.shape, np.bool_)
    edge = max(2, SMALL // 30)
    ring[:edge] = ring[:, :edge] = ring[:, -edge:] = True
    light = small.max(axis=2).astype(np.float32)
    low, middle, high = np.percentile(light[behind], (5, 50, 95))
    smooth = cv2.blur(light, (15, 15))
    within = cv2.erode(behind.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    wrinkled = float(np.std((light - smooth)[within])) / max(float(middle), 1.0) if within.any() else 0.0
    inside = cv2.erode((person > 0.9).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    excess = small[..., 1].astype(np.float32) - np.maximum(small[..., 0], small[..., 2])
    return (
        *(float(value) for value in colour),
        float(alike[behind].mean()),
        float(alike[ring & behind].mean()) if (ring & behind).any() else np.nan,
        float((high - low) / max(middle, 1.0)),
        wrinkled,
        np.nan if torso is None else float(alike[torso].mean()),
        float((excess[inside] > 8).mean()) if inside.any() else np.nan,
    )


def _alike(small: Picture, colour: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Pixels of the screen's colour: the same hue and saturated, or as white as it."""
    hsv = cv2.cvtColor(small, cv2.COLOR_RGB2HSV).astype(np.int16)
    hue, saturation, value = cv2.cvtColor(colour.astype(np.uint8)[None, None], cv2.COLOR_RGB2HSV)[
        0, 0
    ].astype(int)
    if saturation > 60:
        apart = np.abs((hsv[..., 0] - hue + 90) % 180 - 90)
        return np.asarray((apart <= ALIKE) & (hsv[..., 1] > 0.45 * saturation) & (hsv[..., 2] > 0.4 * value))
    return np.asarray((hsv[..., 1] < saturation + 25) & (np.abs(hsv[..., 2] - value) < 40))
