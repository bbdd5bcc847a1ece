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


def _subdivided(
    points: Floats, polygons: list[list[int]], extra: Floats
) -> tuple[Floats, list[list[int]], Floats]:
    """Each quad as four, positions by Catmull and Clark, extra values (n, k) straight."""
    mesh = bpy.data.meshes.new("cut")
    mesh.from_pydata(points.tolist(), [], polygons)
    thing = bpy.data.objects.new("cut", mesh)
    bpy.context.collection.objects.link(thing)
    smooth = thing.modifiers.new("smooth", "SUBSURF")
    smooth.levels = smooth.render_levels = 1
    fine = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
    found = np.empty(3 * len(fine.vertices), dtype=np.float32)
    fine.vertices.foreach_get("co", found)
    finer = found.reshape(-1, 3).astype(np.float64)
    faces = [list(p.vertices) for p in fine.polygons]
    bpy.data.objects.remove(thing)
    return finer, faces, carried_over(points, extra, finer)


def _cut(
    points: Floats, polygons: list[list[int]], planes: list[tuple[Floats, Floats]], front: bool
) -> tuple[Floats, list[list[int]]]:
    """What is left when everything beyond all planes is taken away; front leaves the back whole."""
    bmesh: Any = importlib.import_module("bmesh")
    mesh = bmesh.new()
    corners = [mesh.verts.new(p) for p in points]
    for polygon in polygons:
        mesh.faces.new([corners[v] for v in polygon])
    mesh.normal_update()
    facing = [f for f in mesh.faces if not front or f.calc_center_median().y < -0.01]
    for place, normal in planes:
        facing = [f for f in mesh.faces if not front or f.calc_center_median().y < -0.01]
        geometry = [*facing, *{e for f in facing for e in f.edges}, *{v for f in facing for v in f.verts}]
        bmesh.ops.bisect_plane(mesh, geom=geometry, plane_co=tuple(place), plane_no=tuple(normal))
    gone = []
    for face in mesh.faces:
        middle = np.array(face.calc_center_median())
        beyond = all((middle - place) @ normal > 0 for place, normal in planes)
        if beyond and (not front or middle[1] < -0.01):
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
    """Blazer, its lapels, and the top beneath."""
    points, polygons, share = _around(human, arms, sleeves=True)
    triangles = triangulated(polygons)
    arm = np.clip(sum((share[:, k] for k, n in enumerate(arms.names) if n[:5] in ("upper", "lower"))), 0, 1)
    keep = np.clip(0.10 + 0.85 * arm, 0, 1)
    soft = _over(points, triangles, keep, np.full(len(points), 0.010))
    over = np.clip(vertex_normals(soft, triangles)[:, 2], 0, 1) * (points[:, 2] > 0.40)
    pad = over * np.exp(-(((np.abs(points[:, 0]) - 0.140) / 0.040) ** 2))
    soft[:, 2] += 0.014 * pad
    soft[:, 0] += 0.006 * pad * np.sign(points[:, 0])
    cloth, faces, cloth_share = _subdivided(soft, polygons, share)
    around = [
        _line(*NAPE, axis=1),
        *((np.array([x, 0, 0]), np.array([-np.sign(x), 0, 0])) for x in (NECK, -NECK)),
    ]
    cloth, faces = _cut(cloth, faces, around, front=False)
    left, right = _line(BUTTON, SIDE_OF_NECK, 0), _line(BUTTON, SIDE_OF_NECK, 0)
    mirror = np.array([-1.0, 1.0, 1.0])
    cloth, faces = _cut(cloth, faces, [left, (right[0] * mirror, right[1] * mirror)], front=True)
    for side, sign in (("l", 1.0), ("r", -1.0)):
        hand, elbow = human.joint(f"joint-{side}-hand"), human.joint(f"joint-{side}-elbow")
        along = (hand - elbow) / np.linalg.norm(hand - elbow)
        cloth, faces = _cut(cloth, faces, [(hand - along * CUFF, along)], front=False)
        del sign
    used = np.unique(np.concatenate([np.array(f) for f in faces]))
    back = {int(v): k for k, v in enumerate(used)}
    cloth, faces = cloth[used], [[back[v] for v in f] for f in faces]
    cloth_share = carried_over(soft, share, cloth)

    def carried(part: float) -> Floats:
        matrix = arms.blended(arms.matrices(arms.rest, part), cloth_share)
        found: Floats = np.einsum("nij,nj->ni", matrix[:, :, :3], cloth) + matrix[:, :, 3]
        return found

    skin = _over(points, triangles, keep, np.full(len(points), 0.004))

    def body(part: float) -> Floats:
        matrix = arms.blended(arms.matrices(arms.rest, part), share)
        found: Floats = np.einsum("nij,nj->ni", matrix[:, :, :3], skin) + matrix[:, :, 3]
        return found

    held = np.zeros(len(cloth), bool)
    held[rim(faces)] = True
    held &= (cloth[:, 2] > BUTTON[1] - 0.01) & (np.abs(cloth[:, 0]) < 0.15) | (cloth[:, 2] < BOTTOM)
    room = np.full(len(cloth), 0.004)
    form = FORM * np.clip(1 - carried_over(soft, arm[:, None], cloth)[:, 0] * 1.1, 0.0, 1)
    hung = draped(
        cloth, faces, held, room, carried, body, triangles, floor=(DESK_EDGE, desk + 0.004), form=form
    )
    firm = np.where(held, 1.0, 1 - 0.9 * form / FORM)
    hung = smoothed(hung, triangulated(faces), 14, firm)  # lining lets no small folds through
    across = np.stack([cloth[:, 0], cloth[:, 2], cloth[:, 1]], axis=1)
    jacket = Worn("blazer", Garment(hung, faces, across), wool, cloth_share, 0.0022)

    top_points, top_faces, top_share = _around(human, arms, sleeves=False)
    top_faces = [f for f in top_faces if np.abs(top_points[f, 0]).max() < 0.075]  # the rest is never seen
    flat = triangulated(top_faces)
    top_points = smoothed(top_points, flat, 8, np.full(len(top_points), 0.5))
    top_points = top_points + 0.0035 * vertex_normals(top_points, flat)[:, :]
    fine, top_faces, fine_share = _subdivided(top_points, top_faces, top_share)
    fine, top_faces = _cut(fine, top_faces, [_line(*SHIRT, axis=1)], front=False)
    fine_share = carried_over(top_points, top_share, fine)
    matrix = arms.blended(arms.matrices(arms.rest), fine_share)
    fine = np.einsum("nij,nj->ni", matrix[:, :, :3], fine) + matrix[:, :, 3]
    top = Worn("top", Garment(fine, top_faces, fine.copy()), silk, fine_share)
    fronts = [lapel(jacket, BUTTON[1], side) for side in (1.0, -1.0)]
    return [jacket, *fronts, placket(jacket, BUTTON[1]), button(jacket, BUTTON[1] - 0.018), top]


def _over(points: Floats, triangles: Ints, keep: Floats, clear: Floats) -> Floats:
    """The body as a stiff cloth sees it: hollows bridged, never nearer to the skin than clear (n,)."""
    normals = vertex_normals(points, triangles)
    found = points
    for turns in (60, 14, 8):
        found = smoothed(found, triangles, turns, keep)
        height = np.sum((found - points) * normals, axis=1)
        found = (
            found
            + (np.maximum(clear - height, 0) + (clear - height) * keep * (height > clear))[:, None] * normals
        )
    return smoothed(found, triangles, 10, keep)  # no small shapes show through
