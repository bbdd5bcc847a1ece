"""A shirt to wear below a jacket: front, placket, buttons, and a collar that stands, folds and spreads."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from . import materials
from .arms import Arms, carried_over
from .clothes import Garment, Worn, smoothed
from .hair import triangulated, vertex_normals
from .human import Floats, Human
from .lapels import surface_before
from .mouth import rounded_block
from .tailoring import around, cut, line, subdivided


@dataclass(frozen=True, slots=True)
class Fit:
    """Where it lies; metres in the base mesh's own pose."""

    neckline: tuple[tuple[float, float], tuple[float, float]]
    """(y, z) of the seam between shirt and collar, in front and at the back."""
    notch: float
    """Height of the highest button that is closed."""
    bottom: float
    """Below what is seen."""
    half: tuple[float, float] = (0.045, 0.125)
    """Half the width that a jacket leaves to be seen, and some more: at the bottom and at the neck."""
    neck: float = 0.069
    """Half the width of the collar."""


CLEAR = 0.005
"""Metres between skin and shirt."""

OPENING = 0.30
"""Radians at which the collar begins on either side of the middle."""

STAND = (0.024, 0.030)
"""Height of the collar's stand in front and at the back, metres."""

LEAF = (0.066, 0.040)
"""Length of its leaf at the points in front and at the back, metres."""

SPREAD = 0.030
"""Metres by which the points look away from the middle."""


def shirt(human: Human, arms: Arms, fit: Fit) -> list[Worn]:
    """Body, collar, placket and buttons."""
    points, faces, share = around(
        human, arms, fit.bottom, fit.neckline[1][1] + 0.05, sleeves=False, dense=0.014
    )
    ends = (fit.bottom, fit.neckline[0][1])
    middle = np.array([points[f].mean(axis=0) for f in faces])
    inside = np.abs(middle[:, 0]) < np.interp(middle[:, 2], ends, fit.half)
    faces = [f for f, kept in zip(faces, inside, strict=True) if kept]
    triangles = triangulated(faces)
    points = smoothed(points, triangles, 12, np.full(len(points), 0.4))
    points = points + CLEAR * vertex_normals(points, triangles)
    fine, faces = cut(*subdivided(points, faces), [line(*fit.neckline, axis=1)])
    ring = neck_ring(fine, fit)
    (side, high), low = np.abs(ring[0, [0, 2]]), (0.0, fit.notch)
    place, normal = line(low, (side, high), 0)
    mirror = np.array([-1.0, 1.0, 1.0])
    fine, faces = cut(fine, faces, [(place, normal), (place * mirror, normal * mirror)], front=True)
    fine_share = carried_over(points, share, fine)
    front = arms.carried(fine, fine_share, arms.rest)
    parts = [Worn("shirt", Garment(front, faces, fine.copy()), cotton, fine_share, 0.0012)]
    strip, strip_faces = placket(front, fit)
    parts.append(
        Worn("shirt placket", Garment(strip, strip_faces, strip[:, [0, 2, 1]]), cotton, None, 0.0012)
    )
    leaf, leaf_faces, cloth = collar(ring)
    parts.append(Worn("collar", Garment(leaf, leaf_faces, cloth), cotton, None, 0.0016))
    block, block_faces = rounded_block(3.0)
    for k, height in enumerate(np.arange(fit.notch - 0.004, fit.bottom, -0.088)):
        y = float(surface_before(front, np.array([[0.0]]), np.array([[height]]))[0, 0])
        disc = np.array([0.0, y - 0.0045, height]) + block * [0.0055, 0.0014, 0.0055]
        parts.append(Worn(f"shirt button {k}", Garment(disc, block_faces, disc.copy()), pearl))
    return parts


def cotton() -> bpy.types.Material:
    """Light blue poplin."""
    return materials.woven("cotton", (0.50, 0.60, 0.72), 0.70, 0.12)


def pearl() -> bpy.types.Material:
    """Mother of pearl, plainly."""
    return materials.polished("pearl", (0.72, 0.72, 0.70), 0.25)


def neck_ring(points: Floats, fit: Fit) -> Floats:
    """The seam from one front end round the neck to the other, smoothed: shape (n, 3)."""
    place, normal = line(*fit.neckline, axis=1)
    near = points[np.abs((points - place) @ normal) < 0.003]
    near = near[np.abs(near[:, 0]) < 0.11]
    middle = 0.5 * (near.min(axis=0) + near.max(axis=0))
    angle = np.arctan2(near[:, 0], -(near[:, 1] - middle[1]))
    order = np.argsort(angle)
    turn = np.linspace(-np.pi, np.pi, 240, endpoint=False)
    found = []
    for k in range(3):
        column = np.interp(turn, angle[order], near[order, k], period=2 * np.pi)
        spectrum = np.fft.rfft(column)
        spectrum[6:] = 0
        found.append(np.fft.irfft(spectrum, len(turn)))
    closed = np.stack(found, axis=1)
    course = np.linspace(OPENING, 2 * np.pi - OPENING, 180)
    wrapped = (course + np.pi) % (2 * np.pi) - np.pi
    ring: Floats = np.stack(
        [np.interp(wrapped, turn, closed[:, k], period=2 * np.pi) for k in range(3)], axis=1
    )
    ring[:, 0] *= fit.neck / np.abs(ring[:, 0]).max()
    return ring


def collar(ring: Floats) -> tuple[Floats, list[list[int]], Floats]:
    """The stand rising from the seam, the fold, and the leaf that lies outside: points, faces, cloth."""
    count = len(ring)
    tangent = np.gradient(ring, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    up = np.array([0.0, -0.22, 0.975])
    out = np.cross(tangent, up)
    out *= np.sign(np.sum(out * (ring - ring.mean(axis=0)), axis=1, keepdims=True))
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    away = np.minimum(np.arange(count), np.arange(count)[::-1]) / (count - 1)  # 0 in front, 0.5 at the back
    front = np.exp(-((away / 0.16) ** 2))[:, None]
    point = np.exp(-((away / 0.10) ** 2))[:, None]
    aside = tangent * np.where(np.arange(count) < count // 2, 1.0, -1.0)[:, None]  # away from the middle
    stand = STAND[1] + front * (STAND[0] - STAND[1])
    leaf = LEAF[1] + point * (LEAF[0] - LEAF[1])
    fold = 0.0030
    rows = [ring + 0.001 * out, ring + 0.002 * out + 0.5 * stand * up, ring + 0.001 * out + stand * up]
    top = rows[-1]
    for angle in np.linspace(0.25, 1.0, 4) * np.pi:
        rows.append(top + out * fold * (1 - np.cos(angle)) + up * fold * np.sin(angle) * 1.3)
    edge = rows[-1]
    for part in np.linspace(0.12, 1.0, 9):
        down = -up * leaf * part
        lean = out * (0.004 + (0.012 + 0.006 * front) * part)
        rows.append(edge + down + lean + aside * SPREAD * front * part)
    grid = np.stack(rows)
    faces = [
        [r * count + j, r * count + j + 1, (r + 1) * count + j + 1, (r + 1) * count + j]
        for r in range(len(rows) - 1)
        for j in range(count - 1)
    ]
    high = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(grid[:, 0], axis=0), axis=1))])
    long = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))])
    cloth = np.stack(np.broadcast_arrays(high[:, None], long[None], 0.0), axis=-1).reshape(-1, 3)
    return grid.reshape(-1, 3), faces, cloth


def placket(front: Floats, fit: Fit) -> tuple[Floats, list[list[int]]]:
    """The doubled strip that the buttons are on."""
    across, down = np.linspace(-0.016, 0.016, 9), np.linspace(fit.notch + 0.006, fit.bottom + 0.02, 60)
    x, z = np.meshgrid(across, down)
    y = surface_before(front, x, z) - 0.0026
    points = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    wide = len(across)
    faces = [
        [r * wide + c, r * wide + c + 1, (r + 1) * wide + c + 1, (r + 1) * wide + c]
        for r in range(len(down) - 1)
        for c in range(wide - 1)
    ]
    return points, faces
