"""The drawn part of the mouth crop, for one person: what is face in nearly every frame of the film.

A head that turns shows the background where its cheek was. Nothing is drawn there: jaw and cheeks of the clip
stay what they are, and what speech moves, lips and chin, lies further in.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .crops import CROP_SIDE, FEATHER, in_crops, mouth_mask
from .mouthspace import Points
from .rest import CHIN

Real = NDArray[np.floating[Any]]

ALWAYS = 0.97
"""Share of the frames in which a place must be face to be drawn."""

JAW = 0.28
"""Eye distances below a frame's chin that are drawn: a jaw that drops takes it along by up to 0.13, and the
mask's soft border takes 0.15."""

ROUND = 2.0
"""Standard deviation in pixels of the Gaussian that rounds the outline, at 128 pixels a side."""

OVAL: tuple[int, ...] = (
    10,
    338,
    297,
    332,
    284,
    251,
    389,
    356,
    454,
    323,
    361,
    288,
    397,
    365,
    379,
    378,
    400,
    377,
)
OVAL += (152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)
"""The face's outline."""


def person_mask(points: Points, affine: Real, drivable: Real, size: int) -> NDArray[np.float32]:
    """Share of the patch in the picture, shape (size, size), 0 to 1: `mouth_mask` within the face.

    `points` (n, 478, 3) are landmarks in pixels, NaN where there is no face; `affine` (n, 2, 3) takes the
    mouth crops to the frames; `drivable` (n,) says how far each frame's mouth may be drawn.
    """
    whole = mouth_mask(size)
    at = in_crops(points, affine)
    frames = np.flatnonzero(np.isfinite(at).all(axis=(1, 2)) & (drivable > 0.5))
    if not len(frames):
        return whole
    face = np.zeros((size, size), np.float32)
    for frame in frames:
        dropped = at[frame, CHIN] + (0.0, JAW * size / CROP_SIDE)
        outline = np.concatenate([at[frame, OVAL], dropped]).clip(-size, 2 * size)
        one = np.zeros((size, size), np.uint8)
        hull = np.asarray(cv2.convexHull(outline.astype(np.float32)))
        cv2.fillConvexPoly(one, np.rint(hull).astype(np.int32), (1,))
        face += one
    inside = np.pad((face >= ALWAYS * len(frames)).astype(np.uint8), 1, mode="edge")
    deep = np.asarray(cv2.distanceTransform(inside, cv2.DIST_L2, 5))[1:-1, 1:-1]
    ramp = np.clip(deep / (FEATHER * size), 0.0, 1.0)
    ramp = np.asarray(cv2.GaussianBlur(ramp * ramp * (3.0 - 2.0 * ramp), (0, 0), ROUND * size / 128))
    return np.asarray(np.minimum(whole, ramp), np.float32)
