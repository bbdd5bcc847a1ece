"""A short, side-swept cut: long on top, clipped at the sides and the nape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from .hair import Scalp
from .human import Floats
from .strands import Strands

HAIRLINE = np.array([
    # degrees from straight ahead, height above the eyes in metres
    (0, 0.068), (18, 0.068), (32, 0.073), (44, 0.066), (52, 0.044), (60, 0.024), (68, 0.004), (78, -0.020),
    (86, -0.020), (92, 0.018), (102, 0.034), (116, 0.020), (126, -0.030), (140, -0.060), (180, -0.072),
])  # fmt: skip
"""The lowest hair, from the forehead over temple and sideburn, round the ear to the nape."""


def strands(scalp: Scalp, count: int = 48000, steps: int = 8, seed: int = 3) -> Strands:
    """A short, side-swept cut: long on top, clipped at the sides and the nape."""
    random = np.random.default_rng(seed)
    triangles, weights = scalp.roots(count, random)
    base = scalp.human.rest
    roots = np.einsum("nk,nkx->nx", weights, base[triangles])
    normals = np.einsum("nk,nkx->nx", weights, scalp.normals[triangles])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    arm = roots - scalp.centre
    up = arm[:, 2] / np.linalg.norm(arm, axis=1)
    top = np.clip((up - 0.30) / 0.60, 0.0, 1.0)
    top = top * top * (3 - 2 * top)
    front = np.clip(-arm[:, 1] / 0.09, 0.0, 1.0)
    length = 0.009 + top * (0.024 + 0.013 * front)
    length *= np.clip(0.35 + scalp.above_line(roots) / 0.030, 0.30, 1.0)
    length *= random.uniform(0.75, 1.1, len(roots))

    parting = -0.028  # to his right; hair falls away from it
    side = np.tanh((arm[:, 0] - parting) / 0.030)
    swept = np.stack([0.80 * side, 0.55 - 0.75 * front, 0.0 * front], axis=1)
    down = np.stack([0.0 * up, 0.45 + 0.0 * up, -1.0 + 0.0 * up], axis=1)
    lie = top[:, None] * swept + (1 - top[:, None]) * down
    clumps = cKDTree(roots[:: max(1, len(roots) // 900)])
    _, clump = clumps.query(roots)
    jitter = np.random.default_rng(seed + 1).normal(0, 0.24, (clumps.n, 3))[clump]
    lie = lie + jitter + random.normal(0, 0.06, lie.shape)
    lie -= np.sum(lie * normals, axis=1, keepdims=True) * normals
    lie /= np.linalg.norm(lie, axis=1, keepdims=True)
    rise = 0.25 + top * (0.45 + 0.75 * front)
    rise = rise * random.uniform(0.8, 1.2, len(roots))

    points = np.empty((len(roots), steps, 3))
    points[:, 0] = roots - 0.001 * normals
    heading = lie + rise[:, None] * normals
    step = (length / (steps - 1))[:, None]
    for k in range(1, steps):
        heading = heading / np.linalg.norm(heading, axis=1, keepdims=True)
        points[:, k] = points[:, k - 1] + step * heading
        bend = (0.10 + 0.16 * top)[:, None]
        heading = heading + bend * (lie * 0.5 - 0.45 * normals) + np.array([0.0, 0.0, -0.05])
    tips = clump_centres(points, clump, clumps.n)
    along = np.linspace(0, 1, steps)[None, :, None] ** 1.5
    points = points + 0.45 * along * (tips[clump][:, None] - points[:, -1:]) * top[:, None, None] * 0.6
    points[:, 2:] = scalp.pushed_out(points[:, 2:], np.array(0.0016))
    radius = 0.000075 * np.linspace(1.0, 0.35, steps)
    return Strands.grow(base, triangles, weights, points, radius)


def clump_centres(points: Floats, clump: NDArray[np.intp], count: int) -> Floats:
    """Mean tip of each clump."""
    total = np.zeros((count, 3))
    number = np.zeros(count)
    np.add.at(total, clump, points[:, -1])
    np.add.at(number, clump, 1)
    mean: Floats = total / np.maximum(number, 1)[:, None]
    return mean
