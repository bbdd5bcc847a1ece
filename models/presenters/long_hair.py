"""Shoulder-long hair with a side parting, tucked behind the ears: strands led over the head, then falling."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from .hair import Scalp
from .human import Floats, Ints
from .strands import Strands

HAIRLINE = np.array([
    # degrees from straight ahead, height above the eyes in metres
    (0, 0.060), (14, 0.060), (28, 0.057), (40, 0.050), (50, 0.036), (58, 0.022), (66, 0.008), (73, -0.004),
    (80, -0.006), (88, 0.014), (102, 0.018), (116, 0.000), (126, -0.036), (140, -0.062), (180, -0.072),
])  # fmt: skip
"""The lowest hair, from the forehead over the temple, round the ear to the nape."""

PARTING = -0.020
"""Metres from the middle, to her right."""

ENDS = 0.215
"""Metres below the eyes where it is cut."""

STEP = 0.0105
"""Metres between the points of a strand."""


def strands(scalp: Scalp, count: int = 34000, steps: int = 36, seed: int = 3) -> Strands:
    """Every strand with its root on the scalp, shape (n, steps, 3)."""
    random = np.random.default_rng(seed)
    base = scalp.human.rest
    triangles, weights = scalp.roots(count, random)
    roots = np.einsum("nk,nkx->nx", weights, base[triangles])
    normals = np.einsum("nk,nkx->nx", weights, scalp.normals[triangles])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    number = len(roots)
    eyes, centre = scalp.eyes, scalp.centre

    seeds = roots[:: max(1, number // 700)]
    _, clump = cKDTree(seeds).query(roots)
    own = np.random.default_rng(seed + 1)
    phase = own.uniform(0, 2 * np.pi, (len(seeds), 2))[clump]
    tuft = own.uniform(0, 1, (len(seeds), 3))[clump]
    layer = np.clip(0.75 * tuft[:, 0] + 0.25 * random.random(number), 0, 1)

    front = np.clip((centre[1] - roots[:, 1]) / 0.10, -1, 1)
    parting = PARTING * np.clip((front + 0.35) / 0.5, 0, 1)
    from_parting = np.abs(roots[:, 0] - parting)
    side = np.where(roots[:, 0] - parting + 0.0012 * random.normal(0, 1, number) > 0, 1.0, -1.0)

    fall_x = side * (0.050 + 0.036 * layer + 0.006 * (tuft[:, 1] - 0.5))
    fall_y = eyes[1] + 0.098 + 0.075 * tuft[:, 2] + 0.012 * random.normal(0, 1, number) * 0.4
    ends = eyes[2] - ENDS + 0.018 * tuft[:, 1] + 0.006 * random.normal(0, 1, number)

    points = np.empty((number, steps, 3))
    points[:, 0] = roots - 0.001 * normals
    heading = normals * 0.6
    here = roots.copy()
    done = np.zeros(number, bool)
    for k in range(1, steps):
        arm = here - centre
        height = arm[:, 2] / 0.10
        top = np.clip((height - 0.35) / 0.55, 0, 1)
        top = top * top * (3 - 2 * top)
        low = np.clip((0.10 - height) / 0.55, 0, 1)
        behind = np.clip((here[:, 1] - (eyes[1] + 0.082)) / 0.025, 0, 1)
        wish = np.zeros((number, 3))
        wish[:, 0] = side * (0.95 * top + 0.12 * (1 - top) * (1 - low))
        wish[:, 1] = 0.55 * top + (1 - top) * (1.05 * (1 - behind) + 0.10 * behind)
        wish[:, 2] = -(1 - top) * (0.62 * (1 - behind) + 1.0 * behind) - 0.10 * top
        pull = (low * np.maximum(behind, 0.3))[:, None]
        towards = np.stack([fall_x - here[:, 0], fall_y - here[:, 1], 0 * fall_x], axis=1)
        wish += pull * np.clip(towards / 0.022, -1.2, 1.2) * [1, 1, 0]
        below = np.clip((eyes[2] - 0.10 - here[:, 2]) / 0.10, 0, 1)
        wave = 0.55 * np.sin(60.0 * (here[:, 2] - eyes[2]) + 0.22 * phase[:, 0]) * side
        wish[:, 0] += below * wave - 0.38 * side * np.clip(below - 0.6, 0, 1)
        wish[:, 1] += below * 0.35 * np.sin(52.0 * here[:, 2] + 0.4 * phase[:, 1]) - 0.25 * np.clip(
            below - 0.6, 0, 1
        )
        wish /= np.linalg.norm(wish, axis=1, keepdims=True)
        wish += 0.05 * random.normal(0, 1, wish.shape) + 0.05 * (tuft - 0.5)
        heading = 0.45 * heading + 0.55 * wish
        heading /= np.linalg.norm(heading, axis=1, keepdims=True)
        step = np.where(done, 0.0, STEP)
        here = here + step[:, None] * heading
        travelled = k * STEP
        rise = min(travelled / 0.05, 1.0)
        body = np.clip(from_parting / 0.03, 0.7, 1.0)
        crown = 0.30 + 0.70 * np.clip(height, 0, 1) ** 1.5
        clear = 0.0018 + (0.002 + 0.012 * layer) * rise * body * crown
        clear = np.where(here[:, 2] < eyes[2] - 0.17, 0.016, clear)
        foot, normal = scalp.surface(here)
        off = np.sum((here - foot) * normal, axis=1)
        lift = np.where(off < clear, clear - off, (clear - off) * 0.7 * (1 - low) * (off < 0.05))
        here = here + lift[:, None] * normal
        done |= here[:, 2] < ends
        points[:, k] = here
    astray = (points[..., 1] < eyes[1] + 0.03) & (points[..., 2] < eyes[2] + 0.045)
    good = ~(astray & (np.abs(points[..., 0]) < 0.052)).any(axis=1)
    points, clump, triangles, weights = points[good], clump[good], triangles[good], weights[good]
    points = _clumped(points, clump, len(seeds), random)
    radius = 0.000115 * np.linspace(1.0, 0.45, steps)
    return Strands.grow(base, triangles, weights, points, radius)


def _clumped(points: Floats, clump: Ints, count: int, random: np.random.Generator) -> Floats:
    """Strands drawn towards the middle of their tuft, more so towards the ends; a few stray."""
    steps = points.shape[1]
    total = np.zeros((count, steps, 3))
    number = np.zeros(count)
    np.add.at(total, clump, points)
    np.add.at(number, clump, 1)
    middle = (total / np.maximum(number, 1)[:, None, None])[clump]
    along = np.linspace(0, 1, steps)[None, :, None] ** 0.8
    stray = random.random((len(points), 1, 1)) < 0.06
    away = np.linalg.norm(points - middle, axis=-1, keepdims=True)
    share = 0.62 * along * (1 - 0.85 * stray) * np.clip(1 - away / 0.06, 0, 1)
    found: Floats = points + share * (middle - points)
    return found
