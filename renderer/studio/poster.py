"""The one picture that stands for an avatar."""

from __future__ import annotations

import itertools
from pathlib import Path

import av
import cv2
import numpy as np
from scipy import ndimage

from .mouthspace import Points

QUALITY = 88
"""Of the JPEG."""


STEADY = 2.0
"""Standard deviation in frames over which the eyes must stay open."""

LIDS = ((159, 145), (386, 374))
"""Upper and lower lid of both eyes."""


def open_eyed(points: Points) -> int:
    """The frame with the eyes wide open for a moment. `points` has shape (n, 478, 3), NaN without a face."""
    opening = sum(np.linalg.norm(points[:, a, :2] - points[:, b, :2], axis=1) for a, b in LIDS)
    steady = ndimage.gaussian_filter1d(np.nan_to_num(opening), STEADY, mode="nearest")
    return int(np.argmax(steady))


def write_poster(path: Path, clip: Path, frame: int) -> None:
    """One frame of a clip as a JPEG file."""
    with av.open(str(clip)) as container:
        decoded = next(itertools.islice(container.decode(video=0), frame, None))
        picture = decoded.to_ndarray(format="bgr24")
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    path.write_bytes(data.tobytes())
