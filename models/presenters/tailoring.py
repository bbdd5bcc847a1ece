"""Tailoring: meshes cut by planes, made finer, and laid over a body."""

from __future__ import annotations

import importlib
from typing import Any

import bpy
import numpy as np

from .arms import Arms
from .clothes import smoothed
from .hair import vertex_normals
from .human import Floats, Human, Ints
from .objects import points_of, smooth

FRONT = -0.01
"""Metres: faces before this y are the front."""

DENSE = 0.003
"""Metres: vertices of the breast closer than this become one, unless told otherwise."""


def around(
    human: Human, arms: Arms, bottom: float, top: float, sleeves: bool = True, dense: float = DENSE
) -> tuple[Floats, list[list[int]], Floats]:
    """The skin between two heights that a garment covers, without hands: points, polygons, bone shares."""
    base = human.rest
    hand = sum((arms.share[:, k] for k, n in enumerate(arms.names) if n[:5] in ("wrist", "finge", "metac")),
               np.zeros(len(base)))  # fmt: skip
    arm = sum((arms.share[:, k] for k, n in enumerate(arms.names) if n[:5] in ("upper", "lower")), hand)
    skip = (base[:, 2] < bottom) & (arm < 0.3) | (base[:, 2] > top) | (hand > 0.92)
    if not sleeves:
        skip |= arm > 0.75
    skip |= human.head_share > 0.8
    polygons = [p for p in human.surfaces["body"].polygons if not skip[p].any()]
    used = np.unique(np.concatenate(polygons))
    back = {int(v): k for k, v in enumerate(used)}
    fine = np.zeros(len(base), bool)
    for side in "LR":
        fine[[vertex for vertex, weight in human.bones[f"breast.{side}"] if weight > 0.3]] = True
    return _evened(base[used], [[back[v] for v in p] for p in polygons], arms.share[used], fine[used] * dense)


def _evened(
    points: Floats, polygons: list[list[int]], share: Floats, dense: Floats
) -> tuple[Floats, list[list[int]], Floats]:
    """Vertices nearer than dense, (n,), drawn together: no smoothing smooths a mesh so fine."""
    order = np.arange(len(points))
    for polygon in polygons:
        for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True):
            if np.linalg.norm(points[a] - points[b]) < min(dense[a], dense[b]):
                one, other = sorted((order[a], order[b]))
                order[order == other] = one
    _, group = np.unique(order, return_inverse=True)
    number = np.bincount(group)[:, None]

    def mean(values: Floats) -> Floats:
        total: Floats = np.stack([np.bincount(group, column) for column in values.T], axis=1)
        return total / number

    found = []
    for polygon in polygons:
        corners = list(dict.fromkeys(int(group[v]) for v in polygon))
        if len(corners) > 2:
            found.append(corners)
    return mean(points), found, mean(share)


def subdivided(points: Floats, polygons: list[list[int]]) -> tuple[Floats, list[list[int]]]:
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


def cut(
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


def line(low: tuple[float, float], high: tuple[float, float], axis: int) -> tuple[Floats, Floats]:
    """A plane through two points of a side (axis 1) or front (axis 0) view; its normal points up or in."""
    (a0, z0), (a1, z1) = low, high
    place, normal = np.zeros(3), np.zeros(3)
    place[axis], place[2] = a0, z0
    normal[axis], normal[2] = -(z1 - z0), a1 - a0
    normal /= np.linalg.norm(normal)
    return place, normal


def over(points: Floats, triangles: Ints, keep: Floats, clear: float) -> Floats:
    """The body as a stiff cloth sees it: hollows bridged, hardly nearer to the skin than clear, metres."""
    normals = vertex_normals(points, triangles)
    found = points
    for turns in (60, 14, 8):
        found = smoothed(found, triangles, turns, keep)
        missing = clear - np.sum((found - points) * normals, axis=1)
        found = found + (np.maximum(missing, 0) + np.minimum(missing, 0) * keep)[:, None] * normals
    return smoothed(found, triangles, 10, keep)  # no small shapes show through
