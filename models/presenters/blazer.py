"""A blazer, cut from the body and draped, its lapels folded out along its edge; and a silk top for below."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import bpy
import numpy as np

from . import materials
from .arms import Arms, carried_over
from .clothes import Garment, Worn, smoothed
from .drape import NOWHERE, draped
from .hair import triangulated, vertex_normals
from .human import Floats, Human, Ints
from .lapels import button, lapel, placket, rim
from .tailoring import DENSE, around, cut, line, over, subdivided

FORM = 0.35
"""How much of its cut the torso keeps in each frame of draping: a blazer is lined. Sleeves fall freely."""

DESK_EDGE = -0.16
"""Metres: before this y no sleeve sinks into the desk."""

NECKLINE = ((0.0, 0.460), (0.020, 0.463), (0.038, 0.472), (0.054, 0.490), (0.066, 0.515), (0.074, 0.560))
"""(x, z) of the top's round neckline, from the middle outwards."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a blazer ends and opens; metres in the base mesh's own pose. Nora's, unless told otherwise."""

    bottom: float = 0.06
    """Below what is seen."""
    top: float = 0.62
    """Nothing of it is higher."""
    button: tuple[float, float] = (0.012, 0.318)
    """(x, z) where the two fronts meet."""
    side_of_neck: tuple[float, float] = (0.068, 0.500)
    """(x, z) the opening's edge runs towards."""
    nape: tuple[tuple[float, float], tuple[float, float]] = ((-0.06, 0.484), (0.06, 0.532))
    """(y, z) of the cut around the neck, in front and at the back."""
    neck: float = 0.066
    """Half the width of that cut."""
    shoulder: tuple[float, float, float] = (0.140, 0.40, 0.022)
    """The pads: x where they are thickest, z above which they begin, and how thick."""
    cuff: float = 0.020
    """How far the sleeve ends before the wrist."""
    sleeves: float = 0.0
    """How much of their cut the sleeves keep in each frame of draping, next to the torso's."""
    buttons: tuple[float, ...] = (0.300,)
    """Heights."""
    dense: float = DENSE
    """Vertices of the breast closer than this are drawn together before it is smoothed."""


def wool() -> bpy.types.Material:
    """Fine dark blue suiting."""
    return materials.woven("wool", (0.016, 0.024, 0.050), 0.75, 0.35)


def silk() -> bpy.types.Material:
    """Ivory silk."""
    return materials.woven("silk", (0.72, 0.68, 0.62), 0.42, 0.1)


def blazer(
    human: Human,
    arms: Arms,
    desk: float | None = None,
    made: Cut | None = None,
    look: Callable[[], bpy.types.Material] = wool,
) -> list[Worn]:
    """A blazer, its lapels, placket and buttons; no sleeve sinks into a desk of that height."""
    made = made or Cut()
    jacket = _jacket(human, arms, desk, made, look)
    fronts = [lapel(jacket, made.button[1], side) for side in (1.0, -1.0)]
    edge = placket(jacket, made.button[1], made.bottom + 0.04)
    return [jacket, *fronts, edge, *(button(jacket, height) for height in made.buttons)]


def _jacket(
    human: Human, arms: Arms, desk: float | None, made: Cut, look: Callable[[], bpy.types.Material]
) -> Worn:
    """Cut around the body with its arms spread, then hung on the body as it sits."""
    points, polygons, share = around(human, arms, made.bottom - 0.04, made.top, dense=made.dense)
    triangles = triangulated(polygons)
    arm = np.clip(sum((share[:, k] for k, n in enumerate(arms.names) if n[:5] in ("upper", "lower"))), 0, 1)
    keep = np.clip(0.10 + 0.85 * arm, 0, 1)
    wide = _padded(over(points, triangles, keep, 0.010), triangles, made)
    cloth, faces = _cut_out(human, *subdivided(wide, polygons), made)
    cloth_share = carried_over(wide, share, cloth)
    skin = over(points, triangles, keep, 0.004)

    held = np.zeros(len(cloth), bool)
    held[rim(faces)] = True
    held &= (cloth[:, 2] > made.button[1] - 0.01) & (np.abs(cloth[:, 0]) < 0.15) | (cloth[:, 2] < made.bottom)
    form = FORM * np.clip(1 - carried_over(wide, arm[:, None], cloth)[:, 0] * 1.1, made.sleeves, 1)
    hung = draped(
        cloth, faces, held, np.full(len(cloth), 0.004),
        lambda part: arms.carried(cloth, cloth_share, arms.rest, part),
        lambda part: arms.carried(skin, share, arms.rest, part),
        triangles, floor=(DESK_EDGE, desk + 0.004) if desk is not None else NOWHERE, form=form,
    )  # fmt: skip
    firm = np.where(held, 1.0, 1 - 0.9 * form / FORM)
    hung = smoothed(hung, triangulated(faces), 14, firm)  # lining lets no small folds through
    return Worn("blazer", Garment(hung, faces, cloth[:, [0, 2, 1]]), look, cloth_share, 0.0022)


def _padded(points: Floats, triangles: Ints, made: Cut) -> Floats:
    """With pads on the shoulders."""
    upwards = np.clip(vertex_normals(points, triangles)[:, 2], 0, 1) * (points[:, 2] > made.shoulder[1])
    pad = upwards * np.exp(-(((np.abs(points[:, 0]) - made.shoulder[0]) / 0.040) ** 2))
    raised: Floats = points + pad[:, None] * np.stack(
        [0.008 * np.sign(points[:, 0]), 0 * pad, made.shoulder[2] + 0 * pad], axis=1
    )
    return raised


def _cut_out(
    human: Human, cloth: Floats, faces: list[list[int]], made: Cut
) -> tuple[Floats, list[list[int]]]:
    """Without neck, opening and hands."""
    sides = ((np.array([x, 0, 0]), np.array([-np.sign(x), 0, 0])) for x in (made.neck, -made.neck))
    cloth, faces = cut(cloth, faces, [line(*made.nape, axis=1), *sides])
    mirror = np.array([-1.0, 1.0, 1.0])
    place, normal = line(made.button, made.side_of_neck, 0)
    cloth, faces = cut(cloth, faces, [(place, normal), (place * mirror, normal * mirror)], front=True)
    for side in "lr":
        hand, elbow = human.joint(f"joint-{side}-hand"), human.joint(f"joint-{side}-elbow")
        along = (hand - elbow) / np.linalg.norm(hand - elbow)
        cloth, faces = cut(cloth, faces, [(hand - along * made.cuff, along)])
    used = np.unique(np.concatenate([np.array(f) for f in faces]))
    back = {int(v): k for k, v in enumerate(used)}
    return cloth[used], [[back[v] for v in f] for f in faces]


def silk_top(human: Human, arms: Arms) -> Worn:
    """As much of it as a blazer's opening shows."""
    points, faces, share = around(human, arms, 0.02, 0.62, sleeves=False)
    wide = np.where(points[:, 2] > 0.44, 0.11, 0.075)
    faces = [f for f in faces if (np.abs(points[f, 0]) < wide[f]).all()]
    triangles = triangulated(faces)
    points = smoothed(points, triangles, 8, np.full(len(points), 0.5))
    points = points + 0.0035 * vertex_normals(points, triangles)
    mirror = np.array([-1.0, 1.0, 1.0])
    planes = [line(low, high, axis=0) for low, high in itertools.pairwise(NECKLINE)]
    planes += [(place * mirror, normal * mirror) for place, normal in planes]
    fine, faces = cut(*subdivided(points, faces), planes)
    fine_share = carried_over(points, share, fine)
    fine = arms.carried(fine, fine_share, arms.rest)
    return Worn("top", Garment(fine, faces, fine.copy()), silk, fine_share)
