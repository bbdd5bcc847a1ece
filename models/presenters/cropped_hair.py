"""A close crop of tight curls: a finger's width on top, faded at the sides and the nape."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from .hair import Scalp
from .human import Floats
from .strands import Strands

HAIRLINE = np.array([
    # degrees from straight ahead, height above the eyes in metres
    (0, 0.061), (16, 0.062), (30, 0.063), (41, 0.059), (49, 0.044), (57, 0.027), (66, 0.010), (76, -0.008),
    (85, -0.014), (92, 0.016), (102, 0.030), (116, 0.016), (126, -0.026), (140, -0.052), (180, -0.062),
])  # fmt: skip
"""The lowest hair, from the forehead over temple and sideburn, round the ear to the nape."""

LENGTH = (0.0022, 0.0115)
"""Metres: at the temples, and on top."""

TUFT = 0.0042
"""Metres between the tufts that curls gather to."""


def strands(scalp: Scalp, count: int = 64000, steps: int = 9, seed: int = 3) -> Strands:
    """Every strand with its root on the scalp, shape (n, steps, 3)."""
    random = np.random.default_rng(seed)
    base = scalp.human.rest
    triangles, weights = scalp.roots(count, random)
    roots = np.einsum("nk,nkx->nx", weights, base[triangles])
    normals = np.einsum("nk,nkx->nx", weights, scalp.normals[triangles])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    length, top = _lengths(scalp, roots, random)

    tufts = cKDTree(roots[_spread(roots, TUFT, random)])
    _, tuft = tufts.query(roots)
    own = np.random.default_rng(seed + 1)
    lean = own.normal(0, 0.30, (tufts.n, 3))[tuft] * (0.4 + 0.6 * top[:, None])
    heading = normals + lean + random.normal(0, 0.12, roots.shape)
    heading += (1 - top)[:, None] * np.array([0.0, 0.35, -0.75])  # sides lie down, towards the nape
    heading /= np.linalg.norm(heading, axis=1, keepdims=True)

    along = np.linspace(0, 1, steps)[None, :, None]
    points = roots[:, None] - 0.0006 * normals[:, None] + along * (length[:, None] * heading)[:, None]
    points = points + _curls(heading, length, tuft, tufts.n, own, random, along)
    gather = 0.55 * along**1.5 * top[:, None, None]
    tips = tufts.data[tuft][:, None] + along * (length[:, None] * (normals + lean))[:, None]
    points = points + gather * (tips - points)
    points[:, 2:] = scalp.pushed_out(points[:, 2:], np.array(0.0005))
    radius = 0.000075 * np.linspace(1.0, 0.5, steps)
    return Strands.grow(base, triangles, weights, points, radius)


def _lengths(scalp: Scalp, roots: Floats, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Each strand's length, and how far it belongs to the top, 0 to 1."""
    arm = roots - scalp.centre
    up = arm[:, 2] / np.linalg.norm(arm, axis=1)
    top = np.clip((up - 0.42) / 0.45, 0.0, 1.0)
    top = top * top * (3 - 2 * top)
    low, high = LENGTH
    length = low + top * (high - low)
    length *= np.clip(0.45 + scalp.above_line(roots) / 0.022, 0.45, 1.0)  # shorter at the hairline
    return length * random.uniform(0.72, 1.12, len(roots)), top


def _curls(
    heading: Floats, length: Floats, tuft: Floats, tufts: int, own: np.random.Generator,
    random: np.random.Generator, along: Floats,
) -> Floats:  # fmt: skip
    """Coils around each strand's heading, alike within a tuft, shape (n, steps, 3)."""
    side = np.cross(heading, own.normal(0, 1, (tufts, 3))[tuft])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    over = np.cross(heading, side)
    phase = own.uniform(0, 2 * np.pi, tufts)[tuft] + random.normal(0, 0.7, len(length))
    angle = phase[:, None, None] + along * (length / 0.0052 * 2 * np.pi)[:, None, None]
    wide = np.minimum(0.0017, 0.22 * length)[:, None, None] * np.sqrt(along)
    coil: Floats = wide * (np.cos(angle) * side[:, None] + np.sin(angle) * over[:, None])
    return coil


def _spread(roots: Floats, apart: float, random: np.random.Generator) -> list[int]:
    """Some roots, about so far apart."""
    tree = cKDTree(roots)
    free = np.ones(len(roots), bool)
    found = []
    for k in random.permutation(len(roots)):
        if free[k]:
            found.append(int(k))
            free[tree.query_ball_point(roots[k], apart)] = False
    return found
