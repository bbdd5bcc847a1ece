"""In which frames something is before the mouth: a hand, a cup, a microphone that comes and goes.

Landmarks do not tell: the tracker goes on drawing a mouth on the back of a hand. Two things do, in the mouth
crop, which the head carries along:

- lips differ in colour, not only in brightness, from the skin around them; what covers both does not;
- most of the lower face has looked alike before, or nearly, at its place or one cell beside it.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .crops import in_crops, mouth_mask
from .footage import Picture
from .mouthspace import Points

Real = NDArray[np.floating[Any]]

PALE = 0.62
"""Share of the usual difference in colour between lips and skin, below which lips are not what is seen. Eight
films (data/footage and Milo): never less than 0.64 while talking, at most 0.60 under a drawn hand."""

COLOURED = 4.0
"""Difference in colour (CIELAB a, b) below which this person's lips do not tell."""

STRANGE = 0.2
"""Share of the drawn ellipse that looks like hardly ever, from which on something is before it. The same
films: at most 0.12 with the head within 20 degrees of where it usually is."""

UNLIKE = 25.0
"""Grey levels beyond which a cell looks like hardly ever."""

SELDOM = 0.25
"""Share of the compared frames that must look alike."""

COMPARED = 80
"""Frames, evenly spread over the film, that every frame is compared with."""

CELLS = 32
"""Cells along a side of the crop."""

STEADY = 5
"""Frames of the median that passes over single ones."""

OUTER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
INNER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95)
"""Outlines of the lips."""


def covered(crops: Picture, points: Points, affine: Real) -> NDArray[np.bool_]:
    """Frames of one person's film in which the mouth is covered, shape (n,); False where there is no face.

    `crops` (n, size, size, 3) are the mouth crops, `affine` (n, 2, 3) takes them to the frames, `points`
    (n, 478, 3) are the landmarks in pixels of the frames, NaN where there is no face.
    """
    found = np.isfinite(points).all(axis=(1, 2))
    if not found.any():
        return np.zeros(len(points), np.bool_)
    at = in_crops(points, affine)
    colour = _lip_colour(crops, at, found)
    usual = np.nanmedian(colour[found], axis=0)
    strength = float(usual @ usual)
    covers = np.zeros(len(crops), np.bool_)
    if strength >= COLOURED**2:
        covers |= np.nan_to_num(colour @ usual / strength, nan=1.0) < PALE
    covers |= _strange(crops, at, found) > STRANGE
    return np.asarray(
        ndimage.median_filter(covers.astype(np.uint8), STEADY, mode="nearest").astype(bool) & found
    )


def _lip_colour(crops: Picture, at: Real, found: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How lips differ from the skin around them in CIELAB's a and b, shape (n, 2), NaN where not seen."""
    size = crops.shape[1]
    reach = size / 128
    colour = np.full((len(crops), 2), np.nan)
    for frame in np.flatnonzero(found):
        outer, inner = _filled(at[frame, OUTER], size), _filled(at[frame, INNER], size)
        away = cv2.distanceTransform(1 - outer, cv2.DIST_L2, 3) / reach
        lips = (outer > 0) & (cv2.distanceTransform(1 - inner, cv2.DIST_L2, 3) > 1.5)
        skin = (away > 2) & (away < 8)
        if lips.sum() > 30 * reach and skin.any():
            lab = cv2.cvtColor(crops[frame], cv2.COLOR_RGB2LAB).astype(np.float32)[..., 1:]
            colour[frame] = lab[lips].mean(axis=0) - lab[skin].mean(axis=0)
    return colour


def _strange(crops: Picture, at: Real, found: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of the ellipse, the inner mouth left out, that looks like hardly ever, shape (n,)."""
    size = crops.shape[1]
    small = np.stack([cv2.resize(crop, (CELLS, CELLS), interpolation=cv2.INTER_AREA) for crop in crops])
    drawn = cv2.resize(mouth_mask(size), (CELLS, CELLS), interpolation=cv2.INTER_AREA) > 0.9
    known = np.flatnonzero(found)
    known = known[np.linspace(0, len(known) - 1, min(COMPARED, len(known))).astype(int)]
    # within one cell: the head is not held quite so steady as the crop wants to be
    low = ndimage.minimum_filter(small[known], (1, 3, 3, 1)).astype(np.int16)
    high = ndimage.maximum_filter(small[known], (1, 3, 3, 1)).astype(np.int16)
    seldom = min(int(SELDOM * len(known)), len(known) - 1)
    share = np.zeros(len(crops))
    for frame in np.flatnonzero(found):
        beyond = np.maximum(small[frame] - high, low - small[frame]).max(axis=-1)
        unlike = np.partition(beyond, seldom, axis=0)[seldom] > UNLIKE
        mouth = cv2.dilate(_filled(at[frame, INNER] * (CELLS / size), CELLS), np.ones((3, 3), np.uint8))
        share[frame] = (unlike & drawn & (mouth == 0)).sum() / drawn.sum()
    return share


def _filled(outline: Real, size: int) -> NDArray[np.uint8]:
    picture = np.zeros((size, size), np.uint8)
    cv2.fillPoly(picture, [np.rint(outline).clip(-size, 2 * size).astype(np.int32)], (1,))
    return picture
