"""The canonical mouth crop: a square which the head carries along, so that only the mouth moves in it.

The crop is CROP_SIDE outer-eye-corner distances wide and hangs below the eyes at the height of the
person's own resting mouth. Where it is in a frame follows from the rigid points of the face alone (eyes,
nose, forehead): speech neither moves nor scales it. Positions are in pixels, and whole numbers are the
middles of pixels, in crops and frames alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..errors import StudioError
from .mouthspace import RIGID, Points, without_pose

Picture = NDArray[np.uint8]
Affine = NDArray[np.floating[Any]]
"""Shape (2, 3): from crop pixels (x, y, 1) to frame pixels."""

SIZE = 128
"""Pixels along one side of a crop."""

CROP_SIDE = 1.5
"""Side of the crop in distances between the outer corners of the eyes."""

BELOW_LIPS = 0.15
"""How far the middle of the crop is below the middle of the lips, in the same unit."""

SMOOTHING = (1.5, 0.4)
"""Standard deviations in frames of the Gaussians that steady the crop: where the head is calm, and where it
moves so fast that the first would lag. A single one of 1 let the crop slide over a lively face by 1.7 pixels
of 128 from frame to frame, these two by 0.65; a calm face's crop is steadier than with it."""

LAG = (0.004, 0.012)
"""Eye distances by which the first may be behind before the second begins to count, and counts alone."""

USUAL = 720
"""Short side in pixels of the variant that is shown unless another is asked for."""

FINE = 0.7
"""Standard deviation in pixels of the Gaussian that parts the finest detail. Enlarging a crop 1.3 times takes
a third of the sharpness; a crop that had its finest detail doubled keeps 0.89 of it, and is 3 dB nearer."""

NOSE = (2, 97, 98, 326, 327, 48, 278, 64, 294, 129, 358)
"""Base and wings of the nose, from which the crop hangs, straight down as the head is tilted. Hung from all
rigid points and turned with the head, by depths that are guesses, it slid where a head turns."""

MOUTH = (61, 291, 78, 308, 0, 17, 13, 14, 37, 267, 84, 314)
"""Corners and middle of the lips: speech moves them up and down and apart, and hardly to one side."""

SIDEWAYS = 6.0, 0.06
"""Standard deviation in frames of the Gaussian that says where the mouth is sideways, and the eye distances
up to which that is believed: more is a grimace."""

# The part of the crop that is drawn, in shares of its side. In 20 recordings, the head within 25° of its
# usual turn, the lips lie between 0.24 and the chin above 0.88 of the height, and the ellipse holds all lip
# landmarks in 97 % and those of the chin in 99 % of the frames of every one.
ELLIPSE_CENTRE = (0.5, 0.54)
ELLIPSE_RADII = (0.387, 0.333)
FEATHER = 0.102
"""Width of the soft border outside that ellipse: 13 pixels of 128."""


@dataclass(frozen=True, slots=True)
class CropTrack:
    """Where the mouth crop is in every frame of a recording."""

    affine: NDArray[np.float32]
    """Shape (n, 2, 3): crop pixels to frame pixels. Frames without a face repeat the nearest one with."""

    found: NDArray[np.bool_]
    """Shape (n,): whether the frame shows a face."""

    size: int
    """Pixels along one side of the crop."""


def track_crops(points: Points, rest: NDArray[np.bool_] | None = None, size: int = SIZE) -> CropTrack:
    """Follow the mouth crop through a recording of one person.

    `points` has shape (n, 478, 3) in pixels, NaN where no face was found; `rest`, shape (n,), says which
    frames show the resting mouth (all, if left out: the median hardly differs). Raises StudioError if no
    frame shows a face.
    """
    face = without_pose(points)
    found = np.isfinite(face).all(axis=(1, 2))
    if not found.any():
        raise StudioError("no face in any frame; the recording must show one person's face from the front")
    head = np.median(face[found], axis=0)
    chosen = found if rest is None or not (rest & found).any() else rest & found
    lips = np.median(face[chosen][:, (0, 17)], axis=0).mean(axis=0)
    anchor = np.array([head[list(RIGID), 0].mean(), lips[1] + BELOW_LIPS, lips[2]])
    pose = _poses(points[found].astype(np.float64), head, anchor)
    shift = _aside(points[found].astype(np.float64), pose)
    pose = _smoothed(pose, shift, np.flatnonzero(found))
    nearest = _nearest(found)
    x, y, log_scale, roll = pose[nearest].T
    step = CROP_SIDE * np.exp(log_scale) / size
    cos, sin = step * np.cos(roll), step * np.sin(roll)
    half = (size - 1) / 2
    affine = np.stack(
        [
            np.stack([cos, -sin, x - half * (cos - sin)], axis=1),
            np.stack([sin, cos, y - half * (sin + cos)], axis=1),
        ],
        axis=1,
    )
    return CropTrack(affine.astype(np.float32), found, size)


def emphasis(affine: NDArray[np.floating[Any]], short_side: int) -> float:
    """How much detail crops are to gain beforehand, because the player enlarges them: `cut`'s `sharpened`.

    `affine` (n, 2, 3) takes them to frames of this short side, of which players mostly show 720 rows.
    """
    steps = np.sqrt(np.abs(np.linalg.det(np.asarray(affine, np.float64)[:, :, :2])))
    enlarged = float(np.median(steps)) * min(1.0, USUAL / short_side)
    return float(np.clip(2.0 * (enlarged - 0.8), 0.0, 1.0))


def cut(picture: Picture, affine: Affine, size: int = SIZE, sharpened: float = 0.0) -> Picture:
    """The crop out of a frame: (h, w, 3) -> (size, size, 3).

    Cubic interpolation; a frame finer than the crop is smoothed first, so that nothing aliases. What lies
    outside the frame repeats its border. `sharpened` adds so much of the finest detail once more.
    """
    step = float(np.sqrt(abs(np.linalg.det(affine[:, :2]))))
    corners = _map(affine, np.array([0.0, size - 1.0]), np.array([0.0, size - 1.0]))
    margin = 8 + 3 * step
    height, width = picture.shape[:2]
    low = np.clip(np.floor(corners.min(axis=(1, 2)) - margin), 0, [width - 2, height - 2]).astype(int)
    high = np.clip(np.ceil(corners.max(axis=(1, 2)) + margin), low + 2, [width, height]).astype(int)
    window = picture[low[1] : high[1], low[0] : high[0]].astype(np.float32)
    x, y = _map(affine, np.arange(size), np.arange(size)) - low[:, None, None]
    blur = 0.5 * np.sqrt(max(step * step - 1.0, 0.0))
    crop = np.empty((size, size, 3), np.float32)
    for channel in range(3):
        plane = window[..., channel]
        if blur > 0.1:
            plane = ndimage.gaussian_filter(plane, blur, mode="nearest")
        crop[..., channel] = ndimage.map_coordinates(plane, (y, x), order=3, mode="nearest")
    if sharpened:
        crop += sharpened * (crop - ndimage.gaussian_filter(crop, (FINE, FINE, 0), mode="nearest"))
    return np.clip(np.rint(crop), 0, 255).astype(np.uint8)


def resampled(affine: Affine, size: int, side: int) -> NDArray[np.float64]:
    """Where the same crop is with `side` instead of `size` pixels along a side."""
    step = size / side
    result = np.asarray(affine, np.float64).copy()
    result[:, 2] += result[:, :2].sum(axis=1) * (0.5 * step - 0.5)
    result[:, :2] *= step
    return result


def in_crops(points: Points, affine: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Landmarks (n, 478, 3) of frames as pixels of their crops, shape (n, 478, 2); `affine` is (n, 2, 3)."""
    back = np.linalg.inv(np.asarray(affine[:, :, :2], np.float64))
    moved = points[:, :, :2].astype(np.float64) - affine[:, None, :, 2]
    return np.asarray(np.einsum("nij,nkj->nki", back, moved))


def mouth_mask(size: int = SIZE) -> NDArray[np.float32]:
    """Share of the patch in the pasted picture, shape (size, size): 1 inside the ellipse, 0 at the border."""
    distance = _outside(size)
    ramp = np.clip(1.0 - distance / (FEATHER * size), 0.0, 1.0)
    return np.asarray(ramp * ramp * (3.0 - 2.0 * ramp), np.float32)


def hidden(size: int = SIZE) -> NDArray[np.bool_]:
    """What the encoder of a frame must not see: the ellipse in which the mouth and the chin move."""
    return np.asarray(_outside(size) <= 0.0)


def _outside(size: int) -> NDArray[np.float64]:
    """Distance in pixels of every crop pixel from the ellipse, along its radius; 0 and less inside."""
    grid = np.arange(size, dtype=np.float64)
    x = grid[None, :] - (ELLIPSE_CENTRE[0] * size - 0.5)
    y = grid[:, None] - (ELLIPSE_CENTRE[1] * size - 0.5)
    radius = np.hypot(x, y)
    reach = np.hypot(x / (ELLIPSE_RADII[0] * size), y / (ELLIPSE_RADII[1] * size))
    return np.asarray(radius - radius / np.maximum(reach, 1e-9))


def _map(affine: Affine, x: NDArray[np.generic], y: NDArray[np.generic]) -> NDArray[np.float64]:
    """Where the grid of columns `x` and rows `y` goes, shape (2, len(y), len(x)): x, then y."""
    u, v = np.meshgrid(np.asarray(x, np.float64), np.asarray(y, np.float64))
    a = np.asarray(affine, np.float64)
    return np.stack([a[i, 0] * u + a[i, 1] * v + a[i, 2] for i in range(2)])


def _poses(
    points: NDArray[np.float64], head: NDArray[np.float64], anchor: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Middle of the crop (x, y), log of the eye distance in pixels, and roll, shape (n, 4).

    The least-squares similarity (Umeyama 1991) from the person's own rigid points to each frame's.
    """
    rigid = head[list(RIGID)]
    source = rigid - rigid.mean(axis=0)
    middle = points[:, RIGID].mean(axis=1)
    target = points[:, RIGID] - middle[:, None]
    u, s, vt = np.linalg.svd(np.einsum("nki,kj->nij", target, source))
    flip = np.ones_like(s)
    flip[:, 2] = np.sign(np.linalg.det(u @ vt))
    rotation = (u * flip[:, None, :]) @ vt
    scale = (s * flip).sum(axis=1) / (source**2).sum()
    # the outer eye corners are one unit apart in `head`, but for the person's own deviation
    eyes = scale * np.linalg.norm(head[263] - head[33])
    roll = np.unwrap(np.arctan2(rotation[:, 1, 0], rotation[:, 0, 0]))
    nose = list(NOSE)
    right, down = (anchor - head[nose].mean(axis=0))[:2]
    below = np.stack(
        [right * np.cos(roll) - down * np.sin(roll), right * np.sin(roll) + down * np.cos(roll)], axis=1
    )
    centre = points[:, nose, :2].mean(axis=1) + scale[:, None] * below
    return np.column_stack([centre[:, 0], centre[:, 1], np.log(eyes), roll])


def _aside(points: NDArray[np.float64], pose: NDArray[np.float64]) -> NDArray[np.float64]:
    """Eye distances by which the lips are beside where they mostly are below the nose, shape (n,).

    A head that turns moves them so: they lie further back. NaN for grimaces.
    """
    across = np.stack([np.cos(pose[:, 3]), np.sin(pose[:, 3])], axis=1)
    apart = points[:, MOUTH, :2].mean(axis=1) - points[:, NOSE, :2].mean(axis=1)
    shift = (apart * across).sum(axis=1) / np.exp(pose[:, 2])
    shift -= np.median(shift)
    return np.where(np.abs(shift) < SIDEWAYS[1], shift, np.nan)


def _smoothed(
    pose: NDArray[np.float64], shift: NDArray[np.float64], frames: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Steady each run of consecutive frames on its own, and let the slow part of `shift` move it sideways.

    One entry of `pose` and `shift` per entry of `frames`.
    """
    runs = np.split(np.arange(len(frames)), np.flatnonzero(np.diff(frames) > 1) + 1)
    steady = np.concatenate([_steadied(pose[run]) for run in runs])
    by = np.concatenate([_slow(shift[run]) for run in runs]) * np.exp(steady[:, 2])
    steady[:, 0] += by * np.cos(steady[:, 3])
    steady[:, 1] += by * np.sin(steady[:, 3])
    return steady


def _slow(shift: NDArray[np.float64]) -> NDArray[np.float64]:
    """The slow part of a series of which some values are not known; 0 where all around are not."""
    known = np.isfinite(shift)
    total, count = (
        ndimage.gaussian_filter1d(series, SIDEWAYS[0], mode="nearest")
        for series in (np.where(known, shift, 0.0), known.astype(np.float64))
    )
    return np.asarray(total / np.maximum(count, 0.1))


def _steadied(pose: NDArray[np.float64]) -> NDArray[np.float64]:
    """Calm where the head is calm, and close behind where it moves."""
    calm, close = (ndimage.gaussian_filter1d(pose, sigma, axis=0, mode="nearest") for sigma in SMOOTHING)
    lag = np.linalg.norm((calm - close)[:, :2], axis=1) / np.exp(pose[:, 2])
    lag = ndimage.gaussian_filter1d(lag, 2.0, mode="nearest")
    share = np.clip((lag - LAG[0]) / (LAG[1] - LAG[0]), 0.0, 1.0)[:, None]
    return np.asarray(calm + share * (close - calm))


def _nearest(found: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For every frame, the place in the list of found frames of the nearest one."""
    frames = np.flatnonzero(found)
    after = np.searchsorted(frames, np.arange(len(found))).clip(0, len(frames) - 1)
    before = (after - 1).clip(0)
    here = np.arange(len(found))
    closer = np.abs(frames[before] - here) < np.abs(frames[after] - here)
    return np.where(closer, before, after)
