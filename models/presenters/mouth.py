"""Teeth of our own: rounded blocks along the two arches of the base mesh's helper teeth, and gums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .human import Floats, Human

UPPER = (15060, 15128)
LOWER = (14992, 15060)
"""Vertex ranges of the helper teeth in the base mesh."""

UPPER_LIP = 474
"""The base vertex in the middle of the upper lip's lower edge: teeth show 2 to 3 mm below it."""

UPPER_COLUMN = (467, 509, 468, UPPER_LIP, 520, 537)
LOWER_COLUMN = (540, 523, 493, 494, 513)
"""Base vertices down the middle of each lip, past its edge to its lining: rolled lips meet further out, and
of rounded ones the lining is what bounds the opening."""

CORNERS = (7129, 369)
"""Base vertices at the corners of the mouth, left and right."""

UPPER_WIDTHS = (8.6, 6.8, 7.6, 7.0, 6.8, 9.5)
LOWER_WIDTHS = (5.4, 5.9, 6.8, 7.0, 7.0, 10.0)
"""Millimetres, from the middle to the side: common anatomical means."""

UPPER_HEIGHTS = (10.0, 8.9, 9.8, 8.3, 7.9, 7.0)
LOWER_HEIGHTS = (8.6, 8.9, 9.8, 8.6, 8.0, 7.2)


def lip_gap(human: Human, units: dict[str, float]) -> float:
    """Metres between the lips in the middle of the mouth; below zero they press."""
    height = human.with_units(units)[:, 2]
    return float(height[list(UPPER_COLUMN)].min() - height[list(LOWER_COLUMN)].max())


def lip_width(human: Human, units: dict[str, float]) -> float:
    """Metres between the corners of the mouth."""
    left, right = human.with_units(units)[list(CORNERS)]
    return float(np.linalg.norm(left - right))


def rounding(units: dict[str, float]) -> float:
    """How far lips are rounded, 0 to 1."""
    return float(np.clip(1.35 * units.get("mouthPucker", 0.0) + 0.55 * units.get("mouthFunnel", 0.0), 0, 1))


@dataclass(frozen=True, slots=True)
class Arch:
    """One row of teeth with its gum: plain meshes at rest."""

    teeth: Floats
    teeth_polygons: list[list[int]]
    height: Floats
    """Per vertex, 0 at the gum, 1 at the cutting edge."""
    depth: Floats
    """Per vertex, 0 at the front tooth, 1 at the last."""
    gum: Floats
    gum_polygons: list[list[int]]


def arch(human: Human, upper: bool) -> Arch:
    """Teeth along a parabola laid through the helper's outline."""
    first, last = UPPER if upper else LOWER
    helper = human.rest[first:last]
    front, back = helper[:, 1].min(), helper[:, 1].max()
    half = np.abs(helper[:, 0]).max() * (0.80 if upper else 0.73)
    inset = 0.0006 if upper else 0.0012
    edge = human.rest[UPPER_LIP, 2] - (0.0026 if upper else 0.0014)
    deep = (back - front) * 0.80

    def at(x: Floats) -> Floats:
        course: Floats = front + inset + deep * np.abs(x / half) ** 2.2
        return course

    fine = np.linspace(0, half, 400)
    length = np.concatenate([[0], np.cumsum(np.hypot(np.diff(fine), np.diff(at(fine))))])
    widths = np.array(UPPER_WIDTHS if upper else LOWER_WIDTHS) * 1e-3
    heights = np.array(UPPER_HEIGHTS if upper else LOWER_HEIGHTS) * 1e-3
    ends = np.concatenate([[0], np.cumsum(widths)])
    middles = 0.5 * (ends[1:] + ends[:-1])

    points: list[Floats] = []
    polygons: list[list[int]] = []
    height: list[Floats] = []
    depth: list[Floats] = []
    block, faces = rounded_block()
    for sign in (1.0, -1.0):
        for k, middle in enumerate(middles):
            x = float(np.interp(middle, length, fine))
            slope = float((at(np.array(x + 1e-4)) - at(np.array(x - 1e-4))) / 2e-4)
            along = np.array([1.0, slope, 0.0]) / np.hypot(1.0, slope)
            out = np.array([along[1], -along[0], 0.0])
            thick = 0.0058 if k < 3 else 0.0085
            tilt = 0.10 if upper else -0.06
            taper = 1.0 - 0.13 * (block[:, 2:3] < 0) * -block[:, 2:3]
            wide = block[:, :1] * widths[k] * 0.5 * 1.06 * taper
            tall = block[:, 2:3] * heights[k] * 0.5
            offset = wide * along + block[:, 1:2] * thick * 0.5 * -out * (
                1 - 0.35 * np.clip(block[:, 2:3], 0, 1)
            )
            offset = offset + out * tall * tilt
            short = (0.0, 0.0007, 0.0001, 0.0006, 0.0008, 0.0010)[k]
            centre = np.array([x, float(at(np.array(x))), 0.0]) + np.array([0, thick * 0.5, 0])
            tooth = centre + offset
            up = -1.0 if upper else 1.0
            tooth[:, 2] = edge + up * (tall[:, 0] - heights[k] * 0.5 - short)
            tooth[:, 0] *= sign
            start = len(block) * len(points)
            points.append(tooth)
            order = 1 if (sign > 0) == upper else -1
            polygons += [[start + v for v in face][::order] for face in faces]
            height.append((block[:, 2] + 1) / 2)
            depth.append(np.full(len(block), middle / middles[-1]))
    gum, gum_polygons = _gum(fine, at, edge, upper)
    return Arch(
        np.concatenate(points), polygons, np.concatenate(height), np.concatenate(depth), gum, gum_polygons
    )


def rounded_block(power: float = 4.0, rings: int = 10, sides: int = 16) -> tuple[Floats, list[list[int]]]:
    """A superellipsoid in [-1, 1]^3 and its quads."""
    points: list[Floats] = []
    for ring in range(rings + 1):
        v = -np.pi / 2 + np.pi * ring / rings
        for side in range(sides):
            u = 2 * np.pi * side / sides
            raw = np.array([np.cos(v) * np.cos(u), np.cos(v) * np.sin(u), np.sin(v)])
            norm = np.sum(np.abs(raw) ** power) ** (1 / power)
            points.append(raw / norm)
    faces = [
        [r * sides + s, r * sides + (s + 1) % sides, (r + 1) * sides + (s + 1) % sides, (r + 1) * sides + s]
        for r in range(rings)
        for s in range(sides)
    ]
    return np.array(points), faces


def _gum(fine: Floats, at, edge: float, upper: bool) -> tuple[Floats, list[list[int]]]:  # type: ignore[no-untyped-def]
    """A tube along the arch above (or below) the teeth."""
    x = np.concatenate([-fine[::-8], fine[8::8]])
    sides = 12
    up = 1.0 if upper else -1.0
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    rows = []
    for value in x:
        slope = float((at(np.array(value + 1e-4)) - at(np.array(value - 1e-4))) / 2e-4)
        out = np.array([slope, -1.0, 0.0]) / np.hypot(1.0, slope)
        centre = np.array([value, float(at(np.array(value))) + 0.004, edge + up * 0.0135])
        rows.append(
            centre + np.outer(np.cos(angle) * 0.0052, out) + np.outer(np.sin(angle) * 0.0062, [0, 0, 1])
        )
    points: Floats = np.concatenate(rows).astype(np.float64)
    faces = [
        [r * sides + s, r * sides + (s + 1) % sides, (r + 1) * sides + (s + 1) % sides, (r + 1) * sides + s]
        for r in range(len(x) - 1)
        for s in range(sides)
    ]
    return points, faces


def rigid_fit(before: Floats, after: Floats) -> tuple[Floats, Floats]:
    """The rotation R and shift t with after ~ before @ R.T + t (Kabsch 1976)."""
    a, b = before.mean(axis=0), after.mean(axis=0)
    u, _, vt = np.linalg.svd((before - a).T @ (after - b))
    flip = np.diag([1.0, 1.0, np.sign(np.linalg.det(vt.T @ u.T))])
    rotation = vt.T @ flip @ u.T
    return rotation, b - rotation @ a
