"""Shoulder-long hair with a side parting that frames the face: strands led over the head, then falling."""

from __future__ import annotations

from dataclasses import dataclass

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

OVER_EARS = 0.0045
"""Metres by which hair clears an ear."""

EVENING = (0.07, 0.13, 0.19, 0.22, 0.19, 0.13, 0.07)
"""Weights of a point's neighbours along its strand."""

FLYAWAY = 0.045
"""Share of strands that leave their tuft, up to LOOSE metres at the tip."""

LOOSE = 0.007


@dataclass(frozen=True, slots=True)
class Course:
    """Where each strand wants to go, arrays of length n."""

    side: Floats
    """1 to her left, -1 to her right of the parting."""
    rise: Floats
    """How far above the scalp it lies, 0 to 1."""
    full: Floats
    """Less beside the parting, where hair lies flat."""
    fall: Floats
    """(x, y) of the line it falls along, shape (n, 2)."""
    end: Floats
    """Height at which it is cut."""
    phase: Floats
    """Of its waves sideways and backwards, shape (n, 2)."""
    tuft: Floats
    """Three numbers from 0 to 1 that a tuft has in common, shape (n, 3)."""
    front: Floats
    """1 at the forehead, where hair falls beside the face, to 0 at the ears, from where it falls behind."""


def strands(scalp: Scalp, count: int = 34000, steps: int = 36, seed: int = 3) -> Strands:
    """Every strand with its root on the scalp, shape (n, steps, 3)."""
    random = np.random.default_rng(seed)
    base = scalp.human.rest
    triangles, weights = scalp.roots(count, random)
    roots = np.einsum("nk,nkx->nx", weights, base[triangles])
    normals = np.einsum("nk,nkx->nx", weights, scalp.normals[triangles])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    seeds = roots[:: max(1, len(roots) // 700)]
    _, clump = cKDTree(seeds).query(roots)
    course = _course(scalp, roots, clump, len(seeds), random, seed + 1)
    points = _led(scalp, roots, normals, course, steps, random)
    face = (points[..., 1] < scalp.eyes[1] + 0.03) & (points[..., 2] < scalp.eyes[2] + 0.045)
    good = ~(face & (np.abs(points[..., 0]) < 0.052)).any(axis=1)
    points = _loosened(_clumped(points[good], clump[good], len(seeds), random), random)
    radius = 0.000115 * np.linspace(1.0, 0.45, steps)
    return Strands.grow(base, triangles[good], weights[good], points, radius)


def _course(
    scalp: Scalp, roots: Floats, clump: Ints, tufts: int, random: np.random.Generator, seed: int
) -> Course:
    """Parted on one side; tufts go together."""
    number, eyes = len(roots), scalp.eyes
    own = np.random.default_rng(seed)
    phase = own.uniform(0, 2 * np.pi, (tufts, 2))[clump]
    tuft = own.uniform(0, 1, (tufts, 3))[clump]
    layer = np.clip(0.75 * tuft[:, 0] + 0.25 * random.random(number), 0, 1)
    front = np.clip((scalp.centre[1] - roots[:, 1]) / 0.10, -1, 1)
    off_parting = roots[:, 0] - PARTING * np.clip((front + 0.35) / 0.5, 0, 1)
    side = np.where(off_parting + 0.0012 * random.normal(0, 1, number) > 0, 1.0, -1.0)
    forward = np.clip((scalp.centre[1] + 0.005 - roots[:, 1]) / 0.060, 0, 1)
    forward *= np.clip((roots[:, 2] - eyes[2] - 0.010) / 0.030, 0, 1)
    forward *= np.clip((np.abs(roots[:, 0] - PARTING) - 0.006) / 0.045, 0, 1)  # beside the parting: backwards
    x = side * (0.052 + 0.036 * layer + 0.006 * (tuft[:, 1] - 0.5) + 0.010 * forward)
    y = eyes[1] + 0.098 + 0.075 * tuft[:, 2] + 0.0048 * random.normal(0, 1, number)
    y -= forward * (0.034 + 0.055 * tuft[:, 2])
    end = eyes[2] - ENDS + 0.018 * tuft[:, 1] + 0.006 * random.normal(0, 1, number)
    full = np.clip(np.abs(off_parting) / 0.03, 0.7, 1.0)
    return Course(side, layer, full, np.stack([x, y], axis=1), end, phase, tuft, forward)


def _led(
    scalp: Scalp, roots: Floats, normals: Floats, course: Course, steps: int, random: np.random.Generator
) -> Floats:
    """Strands grown step by step over the head and down, shape (n, steps, 3)."""
    eyes = scalp.eyes
    points = np.empty((len(roots), steps, 3))
    points[:, 0] = roots - 0.001 * normals
    heading, here = normals * 0.6, roots.copy()
    done = np.zeros(len(roots), bool)
    ears = scalp.human.rest[scalp.ears]
    ear = cKDTree(ears[:, 1:])
    for k in range(1, steps):
        height = (here[:, 2] - scalp.centre[2]) / 0.10
        low = np.clip((0.10 - height) / 0.55, 0, 1)
        wish = _wish(here, height, low, eyes, course)
        wish += 0.05 * random.normal(0, 1, wish.shape) + 0.05 * (course.tuft - 0.5)
        heading = 0.45 * heading + 0.55 * wish
        heading /= np.linalg.norm(heading, axis=1, keepdims=True)
        here = here + np.where(done, 0.0, STEP)[:, None] * heading
        crown = 0.30 + 0.70 * np.clip(height, 0, 1) ** 1.5
        grown = min(k * STEP / 0.05, 1.0)
        clear = 0.0018 + (0.003 + 0.015 * course.rise) * grown * course.full * crown
        clear = np.where(here[:, 2] < eyes[2] - 0.17, 0.016, clear)  # above the blazer
        foot, normal = scalp.surface(here)
        off = np.sum((here - foot) * normal, axis=1)
        lift = np.where(off < clear, clear - off, (clear - off) * 0.7 * (1 - low) * (off < 0.05))
        here = here + lift[:, None] * normal
        beside, nearest = ear.query(here[:, 1:])
        room = (np.abs(ears[nearest, 0]) + OVER_EARS) * np.clip(1 - (beside / 0.034) ** 2, 0, 1)
        over = (room > 0.05) & (height < 0.6)
        here[:, 0] = np.where(over, course.side * np.maximum(np.abs(here[:, 0]), room), here[:, 0])
        done |= here[:, 2] < course.end
        points[:, k] = here
    return _evened(points)


def _evened(points: Floats) -> Floats:
    """Strands without kinks: each point the mean of those around it along the strand; roots stay."""
    ends = [points[:, :1]] * 3 + [points] + [points[:, -1:]] * 3
    padded = np.concatenate(ends, axis=1)
    steps = points.shape[1]
    mean = np.asarray(sum(w * padded[:, k : k + steps] for k, w in enumerate(EVENING)))
    share = np.clip(np.arange(steps) / 6.0, 0, 1)[None, :, None]
    found: Floats = points + share * (mean - points)
    return found


def _wish(here: Floats, height: Floats, low: Floats, eyes: Floats, course: Course) -> Floats:
    """Directions (n, 3): away from the parting on top, backwards over the ears, then down in waves.

    height is 0 at the middle of the head and 1 at its top, low 1 from the ears down.
    """
    top = np.clip((height - 0.35) / 0.55, 0, 1)
    top = top * top * (3 - 2 * top)
    behind = np.clip((here[:, 1] - (eyes[1] + 0.082)) / 0.025, 0, 1)
    wish = np.zeros_like(here)
    wish[:, 0] = course.side * (0.95 * top + 0.12 * (1 - top) * (1 - low))
    back = 1 - course.front
    wish[:, 1] = (0.12 + 0.43 * back) * top
    wish[:, 1] += (1 - top) * ((0.16 + 0.89 * back) * (1 - behind) + 0.10 * behind)
    wish[:, 2] = -(1 - top) * ((0.62 + 0.38 * course.front) * (1 - behind) + 1.0 * behind) - 0.10 * top
    pull = (low * np.maximum(behind, 0.3 + 0.5 * course.front))[:, None]
    wish[:, :2] += pull * np.clip((course.fall - here[:, :2]) / 0.022, -1.2, 1.2)
    below = np.clip((eyes[2] - 0.10 - here[:, 2]) / 0.10, 0, 1)
    ends = np.clip(below - 0.6, 0, 1)
    sideways = 0.55 * np.sin(60.0 * (here[:, 2] - eyes[2]) + 0.22 * course.phase[:, 0])
    backwards = 0.35 * np.sin(52.0 * here[:, 2] + 0.4 * course.phase[:, 1])
    wish[:, 0] += course.side * (below * sideways - 0.38 * ends)
    wish[:, 1] += below * backwards - 0.25 * ends
    found: Floats = wish / np.linalg.norm(wish, axis=1, keepdims=True)
    return found


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


def _loosened(points: Floats, random: np.random.Generator) -> Floats:
    """Some strands leave the rest a little, each in a bow of its own: no head of hair ends in a line."""
    count, steps = points.shape[:2]
    along = np.linspace(0, 1, steps)[None, :, None]
    away = random.normal(0, 1, (count, 1, 3)) * (random.random((count, 1, 1)) < FLYAWAY)
    bow = np.sin(np.pi * along * random.uniform(0.5, 1.6, (count, 1, 1)))
    found: Floats = points + LOOSE * random.uniform(0.3, 1.0, (count, 1, 1)) * bow * away
    return found
