"""What the runtime has to know of every clip frame: where, in what colour, and whether to draw the mouth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .footage import Picture
from .mouthspace import FRONTAL, RIGID, Points

Real = NDArray[np.floating[Any]]

TURNED = (25.0, 40.0)
"""Degrees the head is turned, to the side, up or down, from where it usually is: driven up to the first, not
from the second on."""

EASE = 5
"""Frames over which the mouth is let go of and taken again."""

STEADY = 3.0
"""Standard deviation in frames of the Gaussian that steadies the colour."""

GAINS = (0.88, 1.14)
"""Limits of the colour gain; light on one face changes less."""


def turned(points: Points) -> NDArray[np.float64]:
    """Degrees between where the face looks and where it mostly looks, shape (n,), NaN where there is no face.

    `points` has shape (n, 478, 3).
    """
    rigid = points[:, list(RIGID)].astype(np.float64)
    spread = rigid - rigid.mean(axis=1, keepdims=True)
    found = np.isfinite(spread).all(axis=(1, 2))
    degrees = np.full(len(points), np.nan)
    if found.any():
        # the rotation of the least-squares similarity (Umeyama 1991): its last row is where the face looks
        u, _, vt = np.linalg.svd(np.einsum("ki,nkj->nij", FRONTAL - FRONTAL.mean(axis=0), spread[found]))
        u[:, :, 2] *= np.sign(np.linalg.det(u @ vt))[:, None]
        facing = (u @ vt)[:, 2]
        usual = np.median(facing, axis=0)
        cosine = facing @ (usual / np.linalg.norm(usual))
        degrees[found] = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return degrees


def drivable(points: Points, covered: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """How far the mouth may be drawn in every frame of the footage, shape (n,), 0 to 1.

    `points` has shape (n, 478, 3), NaN where there is no face; `covered`, shape (n,), says in which frames
    something is before the mouth (covered.py).
    """
    away = turned(points)
    share = np.clip((TURNED[1] - away) / (TURNED[1] - TURNED[0]), 0.0, 1.0)
    share = np.where(np.isfinite(away), share, 0.0)
    if covered is not None:
        share = np.where(covered, 0.0, share)
    # at 0 already when it begins: first widened, then eased
    lowest = ndimage.minimum_filter1d(share, EASE, mode="nearest")
    return np.asarray(ndimage.uniform_filter1d(lowest, EASE, mode="nearest"), np.float32)


def colour(drawn: Picture, filmed: Picture, mask: Real, *, closes: bool = True) -> NDArray[np.float32]:
    """Gain and offset that make drawn patches match a clip at their border, shape (n, 2, 3).

    `drawn` and `filmed` have shape (n, size, size, 3): the resting patch, and the same place of the clip's
    picture; `mask` has shape (size, size). Where the clip `closes` on itself, so does this.
    """
    beyond = "wrap" if closes else "nearest"
    ring = (mask > 0.05) & (mask < 0.8)
    size = len(mask)
    slow = (0, size / 40, size / 40, 0)
    below, above = (
        ndimage.gaussian_filter(pictures.astype(np.float32) / 255, slow, mode="nearest")[:, ring]
        for pictures in (filmed, drawn)
    )
    middle_below, middle_above = below.mean(axis=1), above.mean(axis=1)
    a, b = above - middle_above[:, None], below - middle_below[:, None]
    # the ratio of the contrasts: a regression would take every misplaced hair for a weaker light. Drawn
    # towards 1 where the ring is of one colour.
    gain = np.sqrt(((b * b).mean(axis=1) + 1e-3) / ((a * a).mean(axis=1) + 1e-3))
    gain = np.clip(ndimage.gaussian_filter1d(gain, STEADY, axis=0, mode=beyond), *GAINS)
    means = [ndimage.gaussian_filter1d(m, STEADY, axis=0, mode=beyond) for m in (middle_below, middle_above)]
    return np.asarray(np.stack([gain, means[0] - gain * means[1]], axis=1), np.float32)


def scaled(affine: Real, scale: float) -> NDArray[np.float32]:
    """A track for the same picture at `scale` times its size; whole numbers are the middles of pixels."""
    result = np.asarray(affine, np.float64) * scale
    result[..., 2] += 0.5 * scale - 0.5
    return result.astype(np.float32)


def write_track(path: Path, affine: Real, colours: Real, drawable: Real) -> None:
    """A .track.npz (renderer/package/manifest.py, ClipFiles.track)."""
    arrays = {"affine": affine, "colour": colours, "drivable": np.clip(drawable, 0, 1)}
    np.savez(path, **{name: np.asarray(array, np.float32) for name, array in arrays.items()})
