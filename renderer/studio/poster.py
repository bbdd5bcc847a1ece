"""The one picture that stands for an avatar."""

from __future__ import annotations

import itertools
from pathlib import Path

import av
import cv2
import numpy as np
from scipy import ndimage

from .footage import Picture, resize
from .matte.colours import NEUTRAL
from .mouthspace import Points

QUALITY = 88
"""Of the JPEG."""

LARGEST = 1920
"""Pixels of its longer side at most."""


STEADY = 2.0
"""Standard deviation in frames over which the eyes must stay open."""

LIDS = ((159, 145), (386, 374))
"""Upper and lower lid of both eyes."""


def open_eyed(points: Points) -> int:
    """The frame with the eyes wide open for a moment. `points` has shape (n, 478, 3), NaN without a face."""
    opening = sum(np.linalg.norm(points[:, a, :2] - points[:, b, :2], axis=1) for a, b in LIDS)
    steady = ndimage.gaussian_filter1d(np.nan_to_num(opening), STEADY, mode="nearest")
    return int(np.argmax(steady))


def write_poster(path: Path, clip: Path, frame: int, matte: Path | None = None) -> None:
    """One frame of a clip as a JPEG file, before a plain background if it has a matte."""
    picture = _frame(clip, frame)
    if matte is not None:
        share = _frame(matte, frame)[..., 1:2].astype(np.float32) / 255
        mixed = share * picture + (1 - share) * np.array(NEUTRAL[::-1], np.float32)
        picture = np.asarray(np.rint(mixed), np.uint8)
    if max(picture.shape[:2]) > LARGEST:
        scale = LARGEST / max(picture.shape[:2])
        picture = resize(picture, round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    path.write_bytes(data.tobytes())


def _frame(film: Path, number: int) -> Picture:
    """One picture of a film, B G R."""
    with av.open(str(film)) as container:
        decoded = next(itertools.islice(container.decode(video=0), number, None))
        return np.asarray(decoded.to_ndarray(format="bgr24"), np.uint8)
