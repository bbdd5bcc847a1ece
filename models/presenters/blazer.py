"""A blazer with lapels over a silk top: cut from the body, draped, lapels folded out along its edge."""

from __future__ import annotations

import importlib
from typing import Any

import bpy
import numpy as np

from . import materials
from .arms import Arms, carried_over
from .clothes import Garment, Worn, smoothed
from .drape import draped
from .hair import triangulated, vertex_normals
from .human import Floats, Human, Ints
from .lapels import button, lapel, placket, rim
from .objects import points_of, smooth

BOTTOM = 0.06
"""Metres: the blazer ends below the desk."""

BUTTON = (0.012, 0.318)
"""(x, z) where the two fronts meet."""

SIDE_OF_NECK = (0.068, 0.500)
"""(x, z) the opening's edge runs towards."""

NAPE = ((-0.06, 0.484), (0.06, 0.532))
"""(y, z) of the cut around the neck, in front and at the back."""

NECK = 0.066
"""Half the width of that cut."""

FORM = 0.35
"""How much of its cut the torso keeps in each frame of draping: a blazer is lined. Sleeves fall freely."""

DESK_EDGE = -0.16
"""Metres: before this y no sleeve sinks into the desk."""

FRONT = -0.01
"""Metres: faces before this y are the front."""

CUFF = 0.020
"""Metres the sleeve ends before the wrist."""

SHIRT = ((-0.115, 0.418), (0.06, 0.560))
"""(y, z) of the top's neckline."""


def _around(human: Human, arms: Arms, sleeves: bool) -> tuple[Floats, list[list[int]], Floats]:
    """Part of the skin a garment covers, smoothed: points, polygons, bone shares."""
    base = human.rest
    hand = sum((arms.share[:, k] for k, n in enumerate(arms.names) if n[:5] in ("wrist", "finge", "metac")),
               np.zeros(len(base)))  # fmt: skip
    arm = sum((arms.share[:, k] for k, n in enumerate(arms.names) if n[:5] in ("upper", "lower")), hand)
    skip = (base[:, 2] < BOTTOM - 0.04) & (arm < 0.3) | (base[:, 2] > 0.62) | (hand > 0.92)
    if not sleeves:
        skip |= arm > 0.75
    skip |= human.head_share > 0.8
    polygons = [p for p in human.surfaces["body"].polygons if not skip[p].any()]
    used = np.unique(np.concatenate(polygons))
    back = {int(v): k for k, v in enumerate(used)}
    return base[used], [[back[v] for v in p] for p in polygons], arms.share[used]


def _subdivided(points: Floats, polygons: list[list[int]]) -> tuple[Floats, list[list[int]]]:
    """Each quad as four, after Catmull and Clark."""
    mesh = bpy.data.meshes.new("cut")
    mesh.from_pydata(points.tolist(), [], polygons)
    thing = bpy.data.objects.new("cut", mesh)
    bpy.context.collection.objects.link(thing)
    smooth(thing, 1)
    fine = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
    found = points_of(fine), [list(p.vertices) for p in fine.polygons]
    bpy.data.objects.remove(thing)
    return found


def _cut(
    points: Floats, polygons: list[list[int]], planes: list[tuple[Floats, Floats]], front: bool = False
) -> tuple[Floats, list[list[int]]]:
    """What is left when everything beyond all planes is taken away; front leaves the back whole."""
    bmesh: Any = importlib.import_module("bmesh")
    mesh = bmesh.new()
    corners = [mesh.verts.new(p) for p in points]
    for polygon in polygons:
        mesh.faces.new([corners[v] for v in polygon])
    mesh.normal_update()
    for place, normal in planes:
        facing = [f for f in mesh.faces if not front or f.calc_center_median().y < FRONT]
        edges = dict.fromkeys(e for f in facing for e in f.edges)  # in order, so that every run cuts alike
        geometry = [*facing, *edges, *dict.fromkeys(v for f in facing for v in f.verts)]
        bmesh.ops.bisect_plane(mesh, geom=geometry, plane_co=tuple(place), plane_no=tuple(normal))
    gone = []
    for face in mesh.faces:
        middle = np.array(face.calc_center_median())
        beyond = all((middle - place) @ normal > 0 for place, normal in planes)
        if beyond and (not front or middle[1] < FRONT):
            gone.append(face)
    bmesh.ops.delete(mesh, geom=gone, context="FACES")
    mesh.verts.index_update()
    found = np.array([v.co for v in mesh.verts]), [[v.index for v in f.verts] for f in mesh.faces]
    mesh.free()
    return found


def _line(low: tuple[float, float], high: tuple[float, float], axis: int) -> tuple[Floats, Floats]:
    """A plane through two points of a side (axis 1) or front (axis 0) view; its normal points up or in."""
    (a0, z0), (a1, z1) = low, high
    place, normal = np.zeros(3), np.zeros(3)
    place[axis], place[2] = a0, z0
    normal[axis], normal[2] = -(z1 - z0), a1 - a0
    normal /= np.linalg.norm(normal)
    return place, normal


def wool() -> bpy.types.Material:
    """Fine dark blue suiting."""
    return materials.woven("wool", (0.016, 0.024, 0.050), 0.75, 0.35)


def silk() -> bpy.types.Material:
    """Ivory silk."""
    return materials.woven("silk", (0.72, 0.68, 0.62), 0.42, 0.1)


def blazer(human: Human, arms: Arms, desk: float) -> list[Worn]:
    """Blazer, its lapels, placket and button, and the top beneath."""
    jacket = _jacket(human, arms, desk)
    fronts = [lapel(jacket, BUTTON[1], side) for side in (1.0, -1.0)]
    fastened = [placket(jacket, BUTTON[1]), button(jacket, BUTTON[1] - 0.018)]
    return [jacket, *fronts, *fastened, _top(human, arms)]


def _jacket(human: Human, arms: Arms, desk: float) -> Worn:
    """Cut around the body with its arms spread, then hung on the body as it sits."""
    points, polygons, share = _around(human, arms, sleeves=True)
    triangles = triangulated(polygons)
    arm = np.clip(sum((share[:, k] for k, n in enumerate(arms.names) if n[:5] in ("upper", "lower"))), 0, 1)
    keep = np.clip(0.10 + 0.85 * arm, 0, 1)
    wide = _padded(_over(points, triangles, keep, 0.010), triangles)
    cloth, faces = _cut_out(human, *_subdivided(wide, polygons))
    cloth_share = carried_over(wide, share, cloth)
    skin = _over(points, triangles, keep, 0.004)

    held = np.zeros(len(cloth), bool)
    held[rim(faces)] = True
    held &= (cloth[:, 2] > BUTTON[1] - 0.01) & (np.abs(cloth[:, 0]) < 0.15) | (cloth[:, 2] < BOTTOM)
    form = FORM * np.clip(1 - carried_over(wide, arm[:, None], cloth)[:, 0] * 1.1, 0.0, 1)
    hung = draped(
        cloth, faces, held, np.full(len(cloth), 0.004),
        lambda part: arms.carried(cloth, cloth_share, arms.rest, part),
        lambda part: arms.carried(skin, share, arms.rest, part),
        triangles, floor=(DESK_EDGE, desk + 0.004), form=form,
    )  # fmt: skip
    firm = np.where(held, 1.0, 1 - 0.9 * form / FORM)
    hung = smoothed(hung, triangulated(faces), 14, firm)  # lining lets no small folds through
    return Worn("blazer", Garment(hung, faces, cloth[:, [0, 2, 1]]), wool, cloth_share, 0.0022)


def _padded(points: Floats, triangles: Ints) -> Floats:
    """With pads on the shoulders."""
    upwards = np.clip(vertex_normals(points, triangles)[:, 2], 0, 1) * (points[:, 2] > 0.40)
    pad = upwards * np.exp(-(((np.abs(points[:, 0]) - 0.140) / 0.040) ** 2))
    raised: Floats = points + pad[:, None] * np.stack(
        [0.006 * np.sign(points[:, 0]), 0 * pad, 0.014 + 0 * pad], axis=1
    )
    return raised


def _cut_out(human: Human, cloth: Floats, faces: list[list[int]]) -> tuple[Floats, list[list[int]]]:
    """Without neck, opening and hands."""
    sides = ((np.array([x, 0, 0]), np.array([-np.sign(x), 0, 0])) for x in (NECK, -NECK))
    cloth, faces = _cut(cloth, faces, [_line(*NAPE, axis=1), *sides])
    mirror = np.array([-1.0, 1.0, 1.0])
    place, normal = _line(BUTTON, SIDE_OF_NECK, 0)
    cloth, faces = _cut(cloth, faces, [(place, normal), (place * mirror, normal * mirror)], front=True)
    for side in "lr":
        hand, elbow = human.joint(f"joint-{side}-hand"), human.joint(f"joint-{side}-elbow")
        along = (hand - elbow) / np.linalg.norm(hand - elbow)
        cloth, faces = _cut(cloth, faces, [(hand - along * CUFF, along)])
    used = np.unique(np.concatenate([np.array(f) for f in faces]))
    back = {int(v): k for k, v in enumerate(used)}
    return cloth[used], [[back[v] for v in f] for f in faces]


def _top(human: Human, arms: Arms) -> Worn:
    """As much of it as the blazer's opening shows."""
    points, faces, share = _around(human, arms, sleeves=False)
    faces = [f for f in faces if np.abs(points[f, 0]).max() < 0.075]
    triangles = triangulated(faces)
    points = smoothed(points, triangles, 8, np.full(len(points), 0.5))
    points = points + 0.0035 * vertex_normals(points, triangles)
    fine, faces = _cut(*_subdivided(points, faces), [_line(*SHIRT, axis=1)])
    fine_share = carried_over(points, share, fine)
    fine = arms.carried(fine, fine_share, arms.rest)
    return Worn("top", Garment(fine, faces, fine.copy()), silk, fine_share)


def _over(points: Floats, triangles: Ints, keep: Floats, clear: float) -> Floats:
    """The body as a stiff cloth sees it: hollows bridged, hardly nearer to the skin than clear, metres."""
    normals = vertex_normals(points, triangles)
    found = points
    for turns in (60, 14, 8):
        found = smoothed(found, triangles, turns, keep)
        missing = clear - np.sum((found - points) * normals, axis=1)
        found = found + (np.maximum(missing, 0) + np.minimum(missing, 0) * keep)[:, None] * normals
    return smoothed(found, triangles, 10, keep)  # no small shapes show through
