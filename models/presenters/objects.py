"""Meshes and curves in Blender: made once, then moved by arrays."""

from __future__ import annotations

import bpy
import numpy as np

from .human import Floats, Ints
from .strands import Strands


def new_mesh(
    name: str, points: Floats, kept: Ints, polygons: list[list[int]], look: bpy.types.Material
) -> bpy.types.Object:
    """Some vertices of the base mesh as an object, with where they were at rest."""
    back = {int(v): k for k, v in enumerate(kept)}
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(points[kept].tolist(), [], [[back[v] for v in p] for p in polygons])
    mesh.shade_smooth()
    layer = mesh.attributes.new("rest", "FLOAT_VECTOR", "POINT")
    layer.data.foreach_set("vector", points[kept].astype(np.float32).ravel())
    mesh.materials.append(look)
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.collection.objects.link(thing)
    return thing


def points_now(thing: bpy.types.Object) -> Floats:
    """Its vertices, shape (n, 3)."""
    return points_of(thing.data)


def points_of(mesh: bpy.types.Mesh) -> Floats:
    """The vertices of a mesh, shape (n, 3)."""
    found = np.empty(3 * len(mesh.vertices), dtype=np.float32)
    mesh.vertices.foreach_get("co", found)
    return found.reshape(-1, 3).astype(np.float64)


def smooth(thing: bpy.types.Object, levels: int) -> None:
    """Subdivided when drawn."""
    modifier = thing.modifiers.new("smooth", "SUBSURF")
    modifier.levels = modifier.render_levels = levels


def move(thing: bpy.types.Object, points: Floats) -> None:
    """All vertices at once."""
    thing.data.vertices.foreach_set("co", points.astype(np.float32).ravel())
    thing.data.update()


def grown(name: str, strands: Strands, base: Floats, look: bpy.types.Material) -> bpy.types.Object:
    """Strands as an object."""
    return new_curves(name, strands.positions(base), strands.radius, look)


def new_curves(name: str, points: Floats, radius: Floats, look: bpy.types.Material) -> bpy.types.Object:
    """Curves (n, points, 3) with a radius (points,) as an object."""
    data = bpy.data.hair_curves.new(name)
    data.add_curves([points.shape[1]] * points.shape[0])
    data.materials.append(look)
    thickness = data.attributes.get("radius") or data.attributes.new("radius", "FLOAT", "POINT")
    thickness.data.foreach_set("value", np.tile(radius, len(points)).astype(np.float32))
    thing = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(thing)
    move_curves(thing, points)
    return thing


def move_curves(thing: bpy.types.Object, points: Floats) -> None:
    """All points of all curves at once."""
    thing.data.attributes["position"].data.foreach_set("vector", points.astype(np.float32).ravel())
    thing.data.update_tag()
