"""One presenter in Blender: builds every object once, then moves them all to a face and a gaze."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from . import clothes, materials
from .face import painted
from .hair import Scalp, brows, lashes, triangulated
from .human import Floats, Human, Ints, turned
from .mouth import LOWER, UPPER, Arch, arch, rigid_fit
from .strands import Strands

EYE_SCALE = 1.0
REST_GAZE = 3.5
"""Degrees by which the eyes look down at rest; level, the lids of this face would cover the pupils."""

LOWEST = 0.57
"""Metres: skin below this is under the pullover and left out."""


@dataclass(frozen=True, slots=True)
class Surfaces:
    """Everything solid, as one list of triangles."""

    points: Floats
    """Shape (n, 3), metres, as posed now."""
    triangles: Ints
    """Shape (t, 3)."""
    moves: NDArray[np.bool_]
    """Shape (t,): does it move with the face? Clothes do not."""
    head_share: Floats
    """Shape (n,): how much each vertex follows the head."""


class Person:
    """All objects of the presenter; pose() moves them."""

    def __init__(self, human: Human) -> None:
        self.human = human
        self.scalp = Scalp(human)
        self.skin = self._skin()
        self.eyes = [self._eye(side) for side in ("l", "r")]
        ivory, gum = materials.teeth(), materials.flesh("gum", (0.50, 0.16, 0.14), 0.32)
        self.arches = [self._arch(arch(human, upper), upper, ivory, gum) for upper in (True, False)]
        self.tongue = self._tongue()
        strand = materials.hair()
        self.scalp_hair = _curves("hair", self.scalp.strands(), human.rest, strand)
        self.brow_strands = brows(human)
        self.brows = _curves("brows", self.brow_strands, human.rest, materials.hair("brow", 0.92, 0.5))
        lash = lashes(human.rest)
        radius = 0.00013 * np.linspace(1.0, 0.2, lash.shape[1])
        self.lashes = _new_curves("lashes", lash, radius, materials.hair("lash", 0.97, 0.5))
        body, band = clothes.pullover(human)
        self.clothes = [
            clothes.to_object("pullover", body, materials.knit("pullover", (0.028, 0.032, 0.042))),
            clothes.to_object("collar", band, materials.knit("collar", (0.024, 0.028, 0.037))),
        ]

    def pose(self, units: dict[str, float], gaze: tuple[float, float] = (0.0, 0.0)) -> Floats:
        """Face units, and the gaze in degrees (left of his, up); returns the posed base vertices."""
        base = self.human.with_units(units)
        self._move_skin(base[self._kept])
        for eye, (rest, centre) in zip(self.eyes, self._eye_rest, strict=True):
            vector = np.radians([REST_GAZE - gaze[1], 0.0, gaze[0]])
            _move(eye, turned(rest, vector, centre))
        for objects, (first, last), rest_points in zip(
            self.arches, (UPPER, LOWER), self._arch_rest, strict=True
        ):
            if first == LOWER[0]:
                rotation, shift = rigid_fit(self.human.rest[first:last], base[first:last])
                for thing, points in zip(objects, rest_points, strict=True):
                    _move(thing, points @ rotation.T + shift)
        _move(self.tongue, base[self._tongue_kept])
        _move_curves(self.brows, self.brow_strands.positions(base))
        _move_curves(self.lashes, lashes(base))
        return base

    def surfaces(self) -> Surfaces:
        """Skin, eyes, teeth, tongue and clothes as they are now."""
        solid = [self.skin, *self.eyes, *(thing for pair in self.arches for thing in pair), self.tongue]
        if not hasattr(self, "_triangles"):
            self._topology([*solid, *self.clothes], len(solid))
        points = [_points(thing) for thing in solid] + self._clothes_points
        return Surfaces(np.concatenate(points), self._triangles, self._moves, self._head_share)

    def _topology(self, things: list[bpy.types.Object], solid: int) -> None:
        """Triangles and head shares, which never change; clothes in their finished, smooth form."""
        base = self.human.lowered_arms(self.human.rest, clothes.ARMS_DOWN)
        tree = cKDTree(base[:13380])
        triangles, moves, shares, start = [], [], [], 0
        self._clothes_points: list[Floats] = []
        for k, thing in enumerate(things):
            mesh = thing.data
            if k >= solid or thing is self.tongue:
                evaluated = (
                    thing.evaluated_get(bpy.context.evaluated_depsgraph_get()) if k >= solid else thing
                )
                mesh = evaluated.data
            polygons = [list(polygon.vertices) for polygon in mesh.polygons]
            found = triangulated(polygons)
            triangles.append(found + start)
            moves.append(np.full(len(found), k < solid))
            points = _points_of(mesh)
            start += len(points)
            if k >= solid:
                self._clothes_points.append(points)
            if thing is self.skin or k >= solid:
                distance, nearest = tree.query(points, k=3)
                near = 1 / np.maximum(distance, 1e-5)
                share = np.sum(near * self.human.head_share[nearest], axis=1) / near.sum(axis=1)
                shares.append(share if thing is self.skin else np.minimum(share, 0.12))
            else:
                shares.append(np.ones(len(points)))
        self._triangles, self._moves = np.concatenate(triangles), np.concatenate(moves)
        self._head_share = np.concatenate(shares)

    def _skin(self) -> bpy.types.Object:
        surface = self.human.surfaces["body"]
        rest = self.human.rest
        keep = [k for k, p in enumerate(surface.polygons) if rest[p, 2].min() > LOWEST]
        keep = [k for k in keep if np.abs(rest[surface.polygons[k], 0]).max() < 0.125]
        self._kept = np.unique(np.concatenate([surface.polygons[k] for k in keep]))
        thing = _mesh("skin", rest, self._kept, [surface.polygons[k] for k in keep], materials.skin())
        uv = thing.data.uv_layers.new(name="uv")
        corners = np.concatenate([surface.uv_polygons[k] for k in keep])
        uv.data.foreach_set("uv", surface.uvs[corners].astype(np.float32).ravel())
        for name, values in painted(self.human, self.scalp).items():
            layer = thing.data.attributes.new(name, "FLOAT", "POINT")
            layer.data.foreach_set("value", values[self._kept].astype(np.float32))
        _smooth(thing, 2)
        return self._subdivided(thing)

    def _subdivided(self, coarse: bpy.types.Object) -> bpy.types.Object:
        """The finished fine mesh; the coarse one stays, unseen, to work out where the fine vertices go."""
        self._coarse = coarse
        fine = bpy.data.meshes.new_from_object(coarse.evaluated_get(bpy.context.evaluated_depsgraph_get()))
        thing = bpy.data.objects.new("skin", fine)
        bpy.context.collection.objects.link(thing)
        coarse.hide_render = True
        return thing

    def _move_skin(self, points: Floats) -> None:
        _move(self._coarse, points)
        evaluated = self._coarse.evaluated_get(bpy.context.evaluated_depsgraph_get())
        smooth = np.empty(3 * len(self.skin.data.vertices), dtype=np.float32)
        evaluated.data.vertices.foreach_get("co", smooth)
        self.skin.data.vertices.foreach_set("co", smooth)
        self.skin.data.update()

    def _eye(self, side: str) -> bpy.types.Object:
        """A ball with the cornea's bulge; coordinates for its paint in millimetres."""
        surface = self.human.surfaces[f"helper-{side}-eye"]
        outline = self.human.rest[np.unique(np.concatenate(surface.polygons))]
        centre = 0.5 * (outline.min(axis=0) + outline.max(axis=0))
        radius = float(np.median(np.linalg.norm(outline - centre, axis=1))) * EYE_SCALE
        rings, sides = 48, 48
        angle = np.linspace(0, np.pi, rings + 1)
        limbus = np.radians(27.0)
        bulge = radius * 0.075 * np.clip(1 - (angle / limbus) ** 2, 0, 1) ** 1.2
        reach = radius + bulge
        around = np.linspace(0, 2 * np.pi, sides, endpoint=False)
        points = np.stack([
            np.outer(reach * np.sin(angle), np.cos(around)),
            np.outer(-reach * np.cos(angle), np.ones(sides)),
            np.outer(reach * np.sin(angle), np.sin(around)),
        ], axis=-1).reshape(-1, 3)  # fmt: skip
        polygons = [
            [a + s, a + sides + s, a + sides + (s + 1) % sides, a + (s + 1) % sides]
            for a in range(0, rings * sides, sides)
            for s in range(sides)
        ]
        if not hasattr(self, "_eye_rest"):
            self._eye_rest: list[tuple[Floats, Floats]] = []
        self._eye_rest.append((points + centre, centre))
        thing = _mesh(f"eye {side}", points + centre, np.arange(len(points)), polygons, materials.eye())
        scaled = points * (15.5 / (radius * 1000)) * 1000
        thing.data.attributes["rest"].data.foreach_set("vector", scaled.astype(np.float32).ravel())
        return thing

    def _arch(
        self, row: Arch, upper: bool, ivory: bpy.types.Material, gum: bpy.types.Material
    ) -> list[bpy.types.Object]:
        name = "upper" if upper else "lower"
        everything = np.arange(len(row.teeth))
        teeth = _mesh(f"{name} teeth", row.teeth, everything, row.teeth_polygons, ivory)
        for key, values in (("height", row.height), ("depth", row.depth)):
            layer = teeth.data.attributes.new(key, "FLOAT", "POINT")
            layer.data.foreach_set("value", values.astype(np.float32))
        gums = _mesh(f"{name} gum", row.gum, np.arange(len(row.gum)), row.gum_polygons, gum)
        if not hasattr(self, "_arch_rest"):
            self._arch_rest: list[list[Floats]] = []
        self._arch_rest.append([row.teeth, row.gum])
        return [teeth, gums]

    def _tongue(self) -> bpy.types.Object:
        polygons = self.human.surfaces["helper-tongue"].polygons
        self._tongue_kept = np.unique(np.concatenate(polygons))
        look = materials.flesh("tongue", (0.52, 0.19, 0.17), 0.38)
        thing = _mesh("tongue", self.human.rest, self._tongue_kept, polygons, look)
        _smooth(thing, 1)
        return thing


def _mesh(
    name: str, points: Floats, kept: Ints, polygons: list[list[int]], look: bpy.types.Material
) -> bpy.types.Object:
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


def _points(thing: bpy.types.Object) -> Floats:
    return _points_of(thing.data)


def _points_of(mesh: bpy.types.Mesh) -> Floats:
    found = np.empty(3 * len(mesh.vertices), dtype=np.float32)
    mesh.vertices.foreach_get("co", found)
    return found.reshape(-1, 3).astype(np.float64)


def _smooth(thing: bpy.types.Object, levels: int) -> None:
    modifier = thing.modifiers.new("smooth", "SUBSURF")
    modifier.levels = modifier.render_levels = levels


def _move(thing: bpy.types.Object, points: Floats) -> None:
    thing.data.vertices.foreach_set("co", points.astype(np.float32).ravel())
    thing.data.update()


def _curves(name: str, strands: Strands, base: Floats, look: bpy.types.Material) -> bpy.types.Object:
    return _new_curves(name, strands.positions(base), strands.radius, look)


def _new_curves(name: str, points: Floats, radius: Floats, look: bpy.types.Material) -> bpy.types.Object:
    data = bpy.data.hair_curves.new(name)
    data.add_curves([points.shape[1]] * points.shape[0])
    data.materials.append(look)
    thickness = data.attributes.get("radius") or data.attributes.new("radius", "FLOAT", "POINT")
    thickness.data.foreach_set("value", np.tile(radius, len(points)).astype(np.float32))
    thing = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(thing)
    _move_curves(thing, points)
    return thing


def _move_curves(thing: bpy.types.Object, points: Floats) -> None:
    thing.data.attributes["position"].data.foreach_set("vector", points.astype(np.float32).ravel())
    thing.data.update_tag()
