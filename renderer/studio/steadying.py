"""The mouth crop, steadied by the picture: a calm head moves less than its landmarks tremble.

How far the skin beside the mouth slid through the crop since the frame before is measured in the pixels, and
added up. Where that leads within a quarter of a second the crop follows; over longer times it stays where the
landmarks hang it (crops.py), since small errors add up as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .crops import CROP_SIDE, NOSE, CropTrack, Picture, hidden, in_crops, resampled
from .mouthspace import Points

Real = NDArray[np.floating[Any]]

FOLLOWED = 6.0
"""Standard deviation in frames of the Gaussian that parts what the pixels say from what landmarks say. With
2 the crop still slid over three frames, with 16 one of four heads slid after twenty."""

FARTHEST = 0.06
"""Eye distances that a crop can have slid from one frame to the next; more is a hand before the face."""

BESIDE = 0.3
"""How far beyond the drawn ellipse skin is looked at, in eye distances."""

SOFT = 1.2
"""Standard deviation in crop pixels of the Gaussian over the pictures compared: grain is no movement."""

UNLIKE = 8.0
"""Grey levels by which half of the skin differs even when moved: two pictures of other things. Filmed skin
differs by 1 to 3."""

ROUNDS = 8
"""Steps of the search at most; it mostly ends after three."""


def steadied(track: CropTrack, points: Points, pictures: Iterable[Picture]) -> NDArray[np.float32]:
    """The track's affines, shape (n, 2, 3), without trembling; reads `pictures` once, in their order.

    `points` has shape (n, 478, 3) in pixels, NaN where there is no face. Turn and scale stay as they are.
    """
    slid = measure_slides(track, points, pictures)
    away = np.zeros(slid.shape)
    runs, count = ndimage.label(track.found)
    for run in range(1, count + 1):
        frames = runs == run
        # the first of a run has nothing before it
        path = np.cumsum(np.where(np.arange(frames.sum())[:, None] > 0, slid[frames], 0.0), axis=0)
        away[frames] = path - ndimage.gaussian_filter1d(path, FOLLOWED, axis=0, mode="nearest")
    affine = track.affine.astype(np.float64)
    affine[:, :, 2] += np.einsum("nij,nj->ni", affine[:, :, :2], away)
    return affine.astype(np.float32)


def measure_slides(track: CropTrack, points: Points, pictures: Iterable[Picture]) -> NDArray[np.float64]:
    """How far the face slid through the crop since the frame before, shape (n, 2), x and y in crop pixels.

    0 where that is not known: in the first frame, without a face, after a cut.
    """
    slid = np.zeros((len(track.affine), 2))
    where = beside_mouth(points, track)
    if not where.any():
        return slid
    before: NDArray[np.float32] | None = None
    for frame, now in enumerate(_crops(track, pictures)):
        if before is not None and track.found[frame - 1 : frame + 1].all():
            slid[frame] = _moved(now, before, where)
        before = now
    slid[np.linalg.norm(slid, axis=1) > FARTHEST * track.size / CROP_SIDE] = 0.0
    return slid


def beside_mouth(points: Points, track: CropTrack) -> NDArray[np.float32]:
    """How far a crop pixel mostly shows skin that the head carries: nose, and cheeks beside the mouth.

    Shape (size, size), 0 to 1. What lies lower moves with the jaw.
    """
    size, unit = track.size, track.size / CROP_SIDE
    at = in_crops(points, track.affine)[track.found]
    if not len(at):
        return np.zeros((size, size), np.float32)
    usual = np.median(at, axis=0).astype(np.float32)
    mouth = hidden(size)
    near = ndimage.distance_transform_edt(~mouth) < BESIDE * unit
    rows = np.arange(size)[:, None] < np.flatnonzero(mouth.any(axis=1)).mean()
    skin = (_filled(usual, size) & near & ~mouth & rows) | _filled(usual[list(NOSE)], size)
    return np.asarray(cv2.GaussianBlur(skin.astype(np.float32), (0, 0), 2.0))


def _crops(track: CropTrack, pictures: Iterable[Picture]) -> Iterator[NDArray[np.float32]]:
    """Every frame's crop, grey, without grain."""
    for picture, affine in zip(pictures, track.affine, strict=False):
        # so many samples a pixel that nothing aliases
        fine = max(1, math.ceil(math.sqrt(abs(float(np.linalg.det(affine[:, :2]))))))
        side = fine * track.size
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        at = resampled(affine, track.size, side)
        crop = cv2.warpAffine(picture, at, (side, side), flags=how, borderMode=cv2.BORDER_REPLICATE)
        grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.float32)
        small = cv2.resize(grey, (track.size, track.size), interpolation=cv2.INTER_AREA)
        yield np.asarray(cv2.GaussianBlur(small, (0, 0), SOFT), np.float32)


def _moved(now: NDArray[np.float32], before: NDArray[np.float32], where: NDArray[np.float32]) -> Real:
    """By how many pixels (x, y) what `where` shows has moved since, most of it; 0 if it is not the same.

    Lucas and Kanade (1981) for one shift and one change of light; pixels that do not fit, since a cheek
    creased or a lid fell, count little (Geman and McClure 1985).
    """
    rows, columns = np.nonzero(where > 0.02)
    trust, ones = where[rows, columns].astype(np.float64), np.ones(len(rows))
    slopes = [cv2.Sobel(before, cv2.CV_32F, *way, ksize=3) / 8 for way in ((1, 0), (0, 1))]
    shift = np.zeros(2)  # from now to before
    for _ in range(ROUNDS):
        x, y = (columns + shift[0]).astype(np.float32), (rows + shift[1]).astype(np.float32)
        looked = [
            cv2.remap(picture, x[None], y[None], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
            for picture in (before, *slopes)
        ]
        off = now[rows, columns] - looked[0]
        off = off - np.median(off)
        usual = max(1.5, 1.5 * float(np.median(np.abs(off))))
        fit = trust / (1.0 + (off / (2.0 * usual)) ** 2) ** 2
        system = np.column_stack([*looked[1:], ones]).astype(np.float64)
        weighted = system * fit[:, None]
        step = np.linalg.solve(system.T @ weighted + 1e-6 * np.eye(3), weighted.T @ off)[:2]
        shift += step
        if np.abs(step).max() < 2e-3:
            break
    return -shift if np.median(np.abs(off)) < UNLIKE else np.zeros(2)


def _filled(points: Real, size: int) -> NDArray[np.bool_]:
    """The hull of points (k, 2) in a crop."""
    filled = np.zeros((size, size), np.uint8)
    hull = cv2.convexHull(points[:, :2].clip(-size, 2 * size).astype(np.float32))
    cv2.fillConvexPoly(filled, np.rint(np.asarray(hull)).astype(np.int32), (1,))
    return filled > 0
