"""One presenter in Blender: builds every object once, then moves them all to a face and a gaze."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from . import clothes, materials
from .arms import Arms, carried_over
from .face import painted
from .hair import BROW, Scalp, brows, lashes, triangulated
from .human import Floats, Human, Ints, turned
from .lids import CORNEA, LIMBUS, Lids
from .mouth import LOWER, UPPER, Arch, arch, rigid_fit, rounding
from .objects import grown, move, move_curves, new_curves, new_mesh, points_now, points_of, smooth
from .presenter import Presenter

EYE_SCALE = 1.0
HAND = ("wrist", "metacarpal", "finger", "lowerarm02")
"""Bones whose skin shows below a sleeve."""

INSIDE = 0.88
"""How much darker it is behind rounded lips: they stand off the teeth by more than this base mesh's do."""

REST_GAZE = 3.5
"""Degrees by which the eyes look down at rest; level, the lids of this face would cover the pupils."""


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

    def __init__(self, who: Presenter) -> None:
        self.who = who
        self._carried: list[tuple[bpy.types.Object, Floats, Floats]] = []
        self.human = human = Human(who.shape)
        self.arms = Arms(human, who.reach, who.opened) if who.reach and who.opened else None
        self.scalp = Scalp(human, who.hairline, 0.26 if who.reach else 0.09)
        self.lids = Lids(human)
        look = who.look
        self.skin = self._skin()
        self.eyes = [self._eye(side) for side in ("l", "r")]
        self.shade = materials.Shade()
        ivory = materials.teeth(look, self.shade)
        gum = materials.flesh("gum", (0.50, 0.16, 0.14), 0.32, self.shade)
        self.arches = [self._arch(arch(human, upper), upper, ivory, gum) for upper in (True, False)]
        self.tongue = self._tongue()
        strand = materials.hair("hair", look.hair_melanin, look.hair_redness)
        self.scalp_hair = grown("hair", who.hair(self.scalp), human.rest, strand)
        course = BROW if who.brows is None else who.brows
        self.brow_strands = brows(human, course, who.brow_hairs)
        brow = materials.hair("brow", look.brow_melanin, roughness=0.5)
        self.brows = grown("brows", self.brow_strands, human.rest, brow)
        lash = lashes(human.rest)
        radius = 0.00013 * who.lashes * np.linspace(1.0, 0.2, lash.shape[1])
        self.lashes = new_curves("lashes", lash, radius, materials.hair("lash", 0.97, roughness=0.5))
        self.clothes = [self._worn(worn) for worn in who.dress(human, self.arms)]

    def pose(
        self, units: dict[str, float], gaze: tuple[float, float] = (0.0, 0.0), opened: float = 0.0
    ) -> Floats:
        """Face units, the gaze in degrees (left of theirs, up), and how far the hands are opened, 0 to 1.

        Returns the posed base vertices.
        """
        blinks = {name: weight for name, weight in units.items() if name.startswith("eyeBlink")}
        base = self.human.with_units({name: w for name, w in units.items() if name not in blinks})
        base = self.lids.closed(base, blinks)
        if self.arms:
            base = self.arms.posed(base, self.arms.at(opened))
            if opened != self._now:
                self._move_clothes(self.arms, opened)
        self._move_skin(base[self._kept])
        for eye, (rest, centre) in zip(self.eyes, self._eye_rest, strict=True):
            vector = np.radians([REST_GAZE - gaze[1], 0.0, gaze[0]])
            move(eye, turned(rest, vector, centre))
        for objects, (first, last), rest_points in zip(
            self.arches, (UPPER, LOWER), self._arch_rest, strict=True
        ):
            if first == LOWER[0]:
                rotation, shift = rigid_fit(self.human.rest[first:last], base[first:last])
                for thing, points in zip(objects, rest_points, strict=True):
                    move(thing, points @ rotation.T + shift)
        move(self.tongue, base[self._tongue_kept])
        self.shade.set(1 - INSIDE * rounding(units))
        move_curves(self.brows, self.brow_strands.positions(base))
        move_curves(self.lashes, lashes(base))
        return base

    _now = 0.0
    """How far the hands are opened."""

    def _worn(self, worn: clothes.Worn) -> bpy.types.Object:
        """The finished fine garment; what the arms carry remembers how."""
        thing = clothes.to_object(worn)
        if worn.share is None:
            return thing
        fine = bpy.data.meshes.new_from_object(thing.evaluated_get(bpy.context.evaluated_depsgraph_get()))
        bpy.data.objects.remove(thing)
        finished = bpy.data.objects.new(worn.name, fine)
        bpy.context.collection.objects.link(finished)
        cloth = np.empty(3 * len(fine.vertices), dtype=np.float32)
        fine.attributes["cloth"].data.foreach_get("vector", cloth)
        # found in the cloth's own coordinates: as worn, a sleeve touches the body, which goes another way
        share = carried_over(worn.garment.cloth, worn.share, cloth.reshape(-1, 3).astype(np.float64))
        self._carried.append((finished, points_of(fine), share))
        return finished

    def _move_clothes(self, arms: Arms, opened: float) -> None:
        """Sleeves go with the arms, from the resting pose on."""
        rest, now = arms.matrices(arms.rest), arms.matrices(arms.at(opened))
        turned_on = now[:, :, :3] @ np.swapaxes(rest[:, :, :3], 1, 2)
        shift = now[:, :, 3:] - turned_on @ rest[:, :, 3:]
        onward = np.concatenate([turned_on, shift], axis=2)  # from the resting pose to this one, bone by bone
        for thing, points, share in self._carried:
            matrix = arms.blended(onward, share)
            move(thing, np.einsum("nij,nj->ni", matrix[:, :, :3], points) + matrix[:, :, 3])
        self._now = opened

    def surfaces(self) -> Surfaces:
        """Skin, eyes, teeth, tongue and clothes as they are now."""
        solid = [self.skin, *self.eyes, *(thing for pair in self.arches for thing in pair), self.tongue]
        if not hasattr(self, "_triangles"):
            self._topology([*solid, *self.clothes], len(solid))
        carried = {thing: points_now(thing) for thing, _, _ in self._carried}
        worn = [
            carried.get(thing, still) for thing, still in zip(self.clothes, self._clothes_points, strict=True)
        ]
        points = [points_now(thing) for thing in solid] + worn
        return Surfaces(np.concatenate(points), self._triangles, self._moves, self._head_share)

    def _topology(self, things: list[bpy.types.Object], solid: int) -> None:
        """Triangles and head shares, which never change; clothes in their finished, smooth form."""
        base = self.human.lowered_arms(self.human.rest, clothes.ARMS_DOWN)
        if self.arms:
            base = self.arms.posed(self.human.rest, self.arms.rest)
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
            points = points_of(mesh)
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
        low, far = self.who.neck
        seen = (rest[:, 2] > low) & (np.abs(rest[:, 0]) < far)
        if self.arms:
            hand = np.array([name.startswith(HAND) for name in self.arms.names])
            seen |= self.arms.share[:, hand].sum(axis=1) > 0.12
        keep = [k for k, p in enumerate(surface.polygons) if seen[p].all()]
        self._kept = np.unique(np.concatenate([surface.polygons[k] for k in keep]))
        thing = new_mesh(
            "skin", rest, self._kept, [surface.polygons[k] for k in keep], materials.skin(self.who.look)
        )
        uv = thing.data.uv_layers.new(name="uv")
        corners = np.concatenate([surface.uv_polygons[k] for k in keep])
        uv.data.foreach_set("uv", surface.uvs[corners].astype(np.float32).ravel())
        for name, values in painted(self.human, self.scalp, self.lids).items():
            layer = thing.data.attributes.new(name, "FLOAT", "POINT")
            layer.data.foreach_set("value", values[self._kept].astype(np.float32))
        smooth(thing, 2)
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
        move(self._coarse, points)
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
        limbus = np.radians(LIMBUS)
        bulge = radius * CORNEA * np.clip(1 - (angle / limbus) ** 2, 0, 1) ** 1.2
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
        thing = new_mesh(
            f"eye {side}", points + centre, np.arange(len(points)), polygons, materials.eye(self.who.look)
        )
        scaled = points * (15.5 / (radius * 1000)) * 1000
        thing.data.attributes["rest"].data.foreach_set("vector", scaled.astype(np.float32).ravel())
        return thing

    def _arch(
        self, row: Arch, upper: bool, ivory: bpy.types.Material, gum: bpy.types.Material
    ) -> list[bpy.types.Object]:
        name = "upper" if upper else "lower"
        everything = np.arange(len(row.teeth))
        teeth = new_mesh(f"{name} teeth", row.teeth, everything, row.teeth_polygons, ivory)
        for key, values in (("height", row.height), ("depth", row.depth)):
            layer = teeth.data.attributes.new(key, "FLOAT", "POINT")
            layer.data.foreach_set("value", values.astype(np.float32))
        gums = new_mesh(f"{name} gum", row.gum, np.arange(len(row.gum)), row.gum_polygons, gum)
        if not hasattr(self, "_arch_rest"):
            self._arch_rest: list[list[Floats]] = []
        self._arch_rest.append([row.teeth, row.gum])
        return [teeth, gums]

    def _tongue(self) -> bpy.types.Object:
        polygons = self.human.surfaces["helper-tongue"].polygons
        self._tongue_kept = np.unique(np.concatenate(polygons))
        look = materials.flesh("tongue", (0.52, 0.19, 0.17), 0.38, self.shade)
        thing = new_mesh("tongue", self.human.rest, self._tongue_kept, polygons, look)
        smooth(thing, 1)
        return thing
