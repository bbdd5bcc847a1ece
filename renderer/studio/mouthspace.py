"""Mouth space, version 1: what a mouth does, in numbers that mean the same for everyone.

The definition is published in docs/mouth-space.md. In short: the head's pose is taken out of the
landmarks with the rigid points of the face, ten distances are measured on what is left, the person's
rest is subtracted, and the rest is expressed in widths of the person's resting mouth and then in
typical deviations of talking people.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.floating[Any]]
"""Shape (n, 478, 3): mediapipe landmarks in pixels, NaN where no face was found."""

WEIGHTS = (
    "jaw_drop",
    "lip_gap",
    "upper_lip_raise",
    "width",
    "side_gap",
    "upper_lip_height",
    "lower_lip_height",
    "protrusion",
    "corner_raise",
    "chin_raise",
)
"""The names of the ten weights, in their order."""

RIGID = (33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 48, 278, 151, 9, 10)
"""Corners of the eyes, ridge, tip and wings of the nose, middle of the forehead: what talking moves least."""

# Typical deviation of each weight while people talk, in widths of the resting mouth: the median over
# the filmed speakers of models/mouth (python -m models.mouth.corpus.measure --deviations).
DEVIATION = np.array([0.035, 0.080, 0.035, 0.050, 0.055, 0.016, 0.016, 0.012, 0.022, 0.038])

ALIKE = 0.3
"""Typical deviations, root mean square of the ten weights, within which two mouths are about the same. The
weights of a mouth that does not move tremble by 0.03 to 0.3 each."""

ALIKE_FOR = 3, 2.0
"""Frames on either side that are looked at, and the standard deviation in frames of how much they count."""

# The rigid points of a face seen from the front, in distances between the outer corners of the eyes:
# the mean of the filmed speakers, made symmetric, the origin between the eyes.
FRONTAL = np.array(
    [
        (-0.500, 0.000, 0.000),
        (-0.190, 0.025, -0.059),
        (0.190, 0.025, -0.059),
        (0.500, 0.000, 0.000),
        (0.0, -0.032, -0.252),
        (0.0, 0.063, -0.299),
        (0.0, 0.151, -0.354),
        (0.0, 0.234, -0.413),
        (0.0, 0.323, -0.474),
        (0.0, 0.429, -0.499),
        (-0.219, 0.479, -0.294),
        (0.219, 0.479, -0.294),
        (0.0, -0.439, -0.252),
        (0.0, -0.226, -0.278),
        (0.0, -0.637, -0.214),
    ]
)


def without_pose(points: Points) -> NDArray[np.float64]:
    """Turn, move and scale every face until its rigid points lie on a frontal face.

    Returns shape (n, 478, 3), in distances between the outer corners of the eyes. The fit is the
    least-squares similarity of Umeyama (1991).
    """
    rigid = points[:, RIGID, :].astype(np.float64)
    centre = rigid.mean(axis=1, keepdims=True)
    target = FRONTAL - FRONTAL.mean(axis=0)
    spread = rigid - centre
    found = np.isfinite(spread).all(axis=(1, 2))
    turned = np.full(points.shape, np.nan)
    if not found.any():
        return turned
    spread = spread[found]
    u, s, vt = np.linalg.svd(np.einsum("ki,nkj->nij", target, spread))
    flip = np.ones_like(s)
    flip[:, 2] = np.sign(np.linalg.det(u @ vt))
    rotation = (u * flip[:, None, :]) @ vt
    scale = (s * flip).sum(axis=1) / (spread**2).sum(axis=(1, 2))
    moved = points[found].astype(np.float64) - centre[found]
    turned[found] = scale[:, None, None] * np.einsum("nij,nkj->nki", rotation, moved)
    return np.asarray(turned + FRONTAL.mean(axis=0))


def distances(face: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ten distances of faces without pose, shape (n, 478, 3) -> (n, 10); linear in the points."""
    x, y, z = face[..., 0], face[..., 1], face[..., 2]

    def mean(axis: NDArray[np.float64], *indices: int) -> NDArray[np.float64]:
        return np.asarray(axis[:, list(indices)].mean(axis=1))

    upper_inner = mean(y, 13, 82, 312)
    lower_inner = mean(y, 14, 87, 317)
    corners = mean(y, 61, 291, 78, 308)
    return np.stack(
        [
            mean(y, 152, 148, 377, 176, 400),
            lower_inner - upper_inner,
            -upper_inner,
            mean(x, 291, 308) - mean(x, 61, 78),
            mean(y, 88, 178, 318, 402) - mean(y, 80, 81, 310, 311),
            upper_inner - mean(y, 0, 37, 267),
            mean(y, 17, 84, 314) - lower_inner,
            mean(z, 61, 291) - mean(z, 0, 13, 14, 17),
            mean(y, 0, 17) - corners,
            mean(y, 17, 84, 314) - mean(y, 199, 200, 208, 428),
        ],
        axis=1,
    )


def mouth_width(face: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance between the corners of the mouth, shape (n,), in distances between the eyes' outer corners."""
    return np.asarray(np.linalg.norm(face[:, 291] - face[:, 61], axis=1))


def resting(face: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which frames show the mouth closed and at rest, judged by the recording itself.

    The lips are as close as they ever come (the lowest fiftieth of their gap, and a fifteenth of the way
    to where they are wide apart: tracked landmarks tremble) and the mouth moves less than it usually
    does. A person who never closes the mouth rests where it is nearest to closed.
    """
    return resting_by(distances(face))


def resting_by(measured: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The same, judged by the `distances` of a recording, shape (n, 10)."""
    gap = measured[:, 1]
    found = np.isfinite(gap)
    if found.sum() < 3:
        return np.asarray(found)
    moving = np.abs(measured[2:] - measured[:-2]).sum(axis=1)
    moving = np.concatenate([moving[:1], moving, moving[-1:]])
    low, wide = np.nanpercentile(gap, (2, 90))
    closed = found & (gap <= low + max(0.005, (wide - low) / 15))
    calm = closed & (moving <= np.nanpercentile(moving, 50))
    return np.asarray(calm if calm.sum() >= 3 else closed)


def to_weights(points: Points, rest: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """Mouth weights of a recording of one person.

    `points` has shape (n, 478, 3) in pixels; `rest`, shape (n,), says which frames show the mouth at
    rest (found by `resting` if left out). Returns shape (n, 10), NaN where no face was found.
    """
    face = without_pose(points)
    if rest is None:
        rest = resting(face)
    return relative(distances(face), mouth_width(face), rest)


def relative(
    measured: NDArray[np.float64], width: NDArray[np.float64], rest: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Mouth weights from `distances`, shape (n, 10), and `mouth_width`, shape (n,), of one person."""
    at_rest = np.nanmedian(measured[rest], axis=0)
    return np.asarray((measured - at_rest) / np.nanmedian(width[rest]) / DEVIATION, np.float32)


def without_tremble(weights: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Weights of consecutive frames, (n, 10), NaN where there are none: the mean of what is alike and near.

    A filter of both sides (Tomasi and Manduchi 1998): frames count by how near they are in time, and by how
    like their whole mouth is. A still mouth stops trembling, a closure of one frame stays closed.
    """
    reach, fade = ALIKE_FOR
    known = np.isfinite(weights).all(axis=1)
    here = np.where(known[:, None], weights, 0.0).astype(np.float64)
    total, count = np.zeros(here.shape), np.zeros(len(here))
    padded = np.pad(here, ((reach, reach), (0, 0)))
    counts = np.pad(known, reach)
    for away in range(-reach, reach + 1):
        there = slice(reach + away, reach + away + len(here))
        apart = ((padded[there] - here) ** 2).mean(axis=1)
        share = counts[there] * np.exp(-0.5 * (apart / ALIKE**2 + (away / fade) ** 2))
        total += share[:, None] * padded[there]
        count += share
    settled = total / np.where(known, count, 1.0)[:, None]
    return np.where(known[:, None], settled, np.nan).astype(np.float32)


def lip_opening(points: Points) -> NDArray[np.float64]:
    """Gap between the inner lips over the distance of the outer corners of the eyes, shape (n,)."""
    gap = np.linalg.norm(points[:, 13] - points[:, 14], axis=1)
    eyes = np.linalg.norm(points[:, 263] - points[:, 33], axis=1)
    return np.asarray(gap / eyes)
