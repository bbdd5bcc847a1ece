"""A crew-neck pullover of our own: the torso, smoothed and inflated, cut at the neck, with a rib collar."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from . import materials
from .hair import triangulated, vertex_normals
from .human import Floats, Human, Ints

ARMS_DOWN = 51.0
"""Degrees by which the base's spread arms are lowered."""

NECKLINE = ((-0.080, 0.655), (0.055, 0.716))
"""(y, z) of the neckline in front and at the back, metres."""


@dataclass(frozen=True, slots=True)
class Garment:
    """A mesh with the coordinates its knit follows."""

    points: Floats
    polygons: list[list[int]]
    cloth: Floats
    """Shape (n, 3): across the columns, along them, unused; metres."""


@dataclass(frozen=True, slots=True)
class Worn:
    """A garment on somebody."""

    name: str
    garment: Garment
    look: Callable[[], bpy.types.Material]
    share: Floats | None = None
    """How the arms' bones carry it, shape (n, bones); none: it stays."""
    thickness: float = 0.0
    """Metres of cloth that its edges show."""


def smoothed(points: Floats, triangles: Ints, turns: int, keep: Floats) -> Floats:
    """Laplacian smoothing; keep (n,) is 1 where a vertex must stay."""
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    edges = np.unique(np.sort(edges, axis=1), axis=0)
    degree = np.bincount(edges.ravel(), minlength=len(points)).clip(1)[:, None]
    for _ in range(turns):
        total = np.zeros_like(points)
        np.add.at(total, edges[:, 0], points[edges[:, 1]])
        np.add.at(total, edges[:, 1], points[edges[:, 0]])
        points = points + (1 - keep)[:, None] * 0.5 * (total / degree - points)
    return points


def pullover(human: Human) -> list[Worn]:
    """The knit body and its collar."""
    base = human.lowered_arms(human.rest, ARMS_DOWN)
    polygons = [p for p in human.surfaces["body"].polygons if human.rest[p, 2].min() > 0.15
                and human.rest[p, 2].max() < 0.735 and human.head_share[p].max() < 0.9
                and np.abs(human.rest[p, 0]).max() < 0.42]  # fmt: skip
    used = np.unique(np.concatenate(polygons))
    back = {int(v): k for k, v in enumerate(used)}
    polygons = [[back[v] for v in p] for p in polygons]
    points = base[used]
    triangles = triangulated(polygons)
    neck = np.clip((points[:, 2] - 0.60) / 0.05, 0, 1) * (np.abs(points[:, 0]) < 0.12)
    points = smoothed(points, triangles, 40, np.maximum(neck, 0.0) * 0.97)
    points = points + vertex_normals(points, triangles) * (0.011 - 0.006 * neck)[:, None]

    bmesh: Any = importlib.import_module("bmesh")
    mesh = bmesh.new()
    vertices = [mesh.verts.new(p) for p in points]
    for polygon in polygons:
        mesh.faces.new([vertices[v] for v in polygon])
    (y0, z0), (y1, z1) = NECKLINE
    slope = (z1 - z0) / (y1 - y0)
    normal = np.array([0.0, -slope, 1.0]) / np.hypot(1.0, slope)
    cut = bmesh.ops.bisect_plane(
        mesh, geom=[*mesh.verts, *mesh.edges, *mesh.faces], plane_co=(0.0, y0, z0), plane_no=tuple(normal),
        clear_outer=True,
    )  # fmt: skip
    rim = np.array([v.co for v in cut["geom_cut"] if isinstance(v, bmesh.types.BMVert)])
    mesh.verts.index_update()
    body = Garment(
        points=np.array([v.co for v in mesh.verts]),
        polygons=[[v.index for v in f.verts] for f in mesh.faces],
        cloth=np.array([(v.co.x, v.co.z, 0.0) for v in mesh.verts]),
    )
    mesh.free()
    band = collar(rim[np.abs(rim[:, 0]) < 0.12], normal)
    return [
        Worn("pullover", body, lambda: materials.knit("pullover", (0.028, 0.032, 0.042))),
        Worn("collar", band, lambda: materials.knit("collar", (0.024, 0.028, 0.037))),
    ]


def collar(rim: Floats, normal: Floats) -> Garment:
    """A ribbed band swept along the neckline."""
    middle = rim.mean(axis=0)
    angle = np.arctan2(rim[:, 0], -(rim[:, 1] - middle[1]))
    order = np.argsort(angle)
    turn = np.linspace(-np.pi, np.pi, 160, endpoint=False)
    columns = [np.interp(turn, angle[order], rim[order, k], period=2 * np.pi) for k in range(3)]
    kept = []
    for column in columns:
        spectrum = np.fft.rfft(column)
        spectrum[7:] = 0
        kept.append(np.fft.irfft(spectrum, len(turn)))
    path = np.stack(kept, axis=1)
    out = path - path.mean(axis=0)
    out -= np.outer(out @ normal, normal)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    tilted = normal[None] - 0.25 * out  # the band leans in towards the neck
    tilted /= np.linalg.norm(tilted, axis=1, keepdims=True)
    sides = 14
    rows, cloth = [], []
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    for k in range(sides):
        a = 2 * np.pi * k / sides
        high = 0.0105 * np.sign(np.sin(a)) * abs(np.sin(a)) ** 0.7
        rows.append(path + tilted * (high + 0.002) + out * (0.0032 * np.cos(a) - 0.0008))
        cloth.append(np.stack([length, 0.10 * np.full(len(path), high), 0 * length], axis=1))
    count = len(turn)
    polygons = [
        [k * count + j, k * count + (j + 1) % count, ((k + 1) % sides) * count + (j + 1) % count,
         ((k + 1) % sides) * count + j]
        for k in range(sides) for j in range(count)
    ]  # fmt: skip
    return Garment(np.concatenate(rows), polygons, np.concatenate(cloth))


def to_object(worn: Worn) -> bpy.types.Object:
    """A smooth Blender object."""
    name, garment = worn.name, worn.garment
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(garment.points.tolist(), [], garment.polygons)
    mesh.shade_smooth()
    for key, values in (("rest", garment.points), ("cloth", garment.cloth)):
        layer = mesh.attributes.new(key, "FLOAT_VECTOR", "POINT")
        layer.data.foreach_set("vector", values.astype(np.float32).ravel())
    mesh.materials.append(worn.look())
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.collection.objects.link(thing)
    if worn.thickness:
        thick = thing.modifiers.new("thickness", "SOLIDIFY")
        thick.thickness, thick.offset = worn.thickness, -1.0
    smooth = thing.modifiers.new("smooth", "SUBSURF")
    smooth.levels = smooth.render_levels = 1
    return thing
