"""What the runtime has to know of every clip frame: where the mouth is, and whether to draw it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .mouthspace import FRONTAL, RIGID, Points

Real = NDArray[np.floating[Any]]

TURNED = (25.0, 40.0)
"""Degrees the head is turned, to the side, up or down, from where it usually is: driven up to the first, not
from the second on."""

EASE = 5
"""Frames over which the mouth is let go of and taken again."""


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


def scaled(affine: Real, scale: float) -> NDArray[np.float32]:
    """A track for the same picture at `scale` times its size; whole numbers are the middles of pixels."""
    result = np.asarray(affine, np.float64) * scale
    result[..., 2] += 0.5 * scale - 0.5
    return result.astype(np.float32)


def write_track(path: Path, affine: Real, drawable: Real) -> None:
    """A .track.npz (renderer/package/manifest.py, ClipFiles.track)."""
    arrays = {"affine": affine, "drivable": np.clip(drawable, 0, 1)}
    np.savez(path, **{name: np.asarray(array, np.float32) for name, array in arrays.items()})
