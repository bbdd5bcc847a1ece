"""Each frame's mouth: its own geometry, with colours from the rendered keys nearest to it.

A point of lip, tooth or cheek keeps its identity whatever the mouth does. So a frame is drawn by asking,
for every pixel, which point of which surface shows there, and looking that point up in the key pictures
that show it, the nearest keys counting most. Light and shade change with the mouth because the keys do.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .human import Floats
from .layers import SCALE, Box
from .lens import Camera
from .person import Person, Surfaces
from .pictures import read, widened
from .raster import blank, colour, draw

FINE = 2
"""Sub-pixels along each side, against jagged edges."""

TYPICAL = 0.3
"""Weight at which a unit's travel is measured."""

NEAREST = 4
"""Keys that take part in a frame."""


class Repainter:
    """Draws lower faces from key pictures."""

    def __init__(
        self,
        person: Person,
        camera: Camera,
        box: Box,
        rest: dict[str, float],
        names: tuple[str, ...],
        keys: list[dict[str, float]],
        pictures: list[Path],
        space: Floats,
    ) -> None:
        """names are all units that will be asked for, keys the units of each picture.

        space is the keys' place in mouth space, shape (keys, dimensions).
        """
        self.camera, self.box, self.space = camera, box, space
        left, top, right, bottom = box
        self.width, self.height = round((right - left) * SCALE), round((bottom - top) * SCALE)
        self._learn(person, rest, names)
        self.pictures = np.stack([read(path).astype(np.float32) for path in pictures])
        number, weights, depth = blank(self.height, self.width)
        corners, depths, moving = [], [], []
        for key in keys:
            seen = self._corners(key)
            draw(seen, self.triangles, number, weights, depth)
            corners.append(seen)
            depths.append(_opened(depth))
            moving.append((number >= 0) & self.moves[np.maximum(number, 0)])
        self.key_corners, self.depths, self.moving = np.stack(corners), np.stack(depths), np.stack(moving)
        self._room = blank(self.height * FINE, self.width * FINE)

    def _learn(self, person: Person, rest: dict[str, float], names: tuple[str, ...]) -> None:
        """Where each unit takes each vertex: all of it is linear, but for the jaw's few degrees."""
        person.pose(rest)
        surfaces = person.surfaces()
        near = self._near(surfaces)
        used, triangles = np.unique(surfaces.triangles[near], return_inverse=True)
        self.triangles = np.ascontiguousarray(triangles.reshape(-1, 3))
        self.moves = surfaces.moves[near]
        self.points = surfaces.points[used]
        self.travel: dict[str, Floats] = {}
        for name in names:
            person.pose({**rest, name: rest.get(name, 0.0) + TYPICAL})
            self.travel[name] = (person.surfaces().points[used] - self.points) / TYPICAL
        person.pose(rest)

    def _near(self, surfaces: Surfaces) -> NDArray[np.bool_]:
        """Which triangles can show in the box."""
        seen = self._seen(surfaces.points)[surfaces.triangles]
        low, high = seen.min(axis=1), seen.max(axis=1)
        near = (high[:, 0] > -40) & (low[:, 0] < self.width + 40)
        near &= (high[:, 1] > -60) & (low[:, 1] < self.height + 60)
        found: NDArray[np.bool_] = near & (low[:, 2] < self.camera.distance + 0.10)
        return found

    def _seen(self, points: Floats) -> Floats:
        """Vertices in pixels of the box's picture, and depth."""
        seen = self.camera.project(points)
        seen[:, :2] = (seen[:, :2] - self.box[:2]) * SCALE
        return seen

    def _corners(self, units: dict[str, float]) -> Floats:
        points = self.points.copy()
        for name, weight in units.items():
            points += weight * self.travel[name]
        return self._seen(points)

    def paint(self, units: dict[str, float], place: Floats) -> NDArray[np.float32]:
        """The lower face for one set of mouth units, at its place in mouth space: BGR (h, w, 3), 0 to 255."""
        seen = self._corners(units)
        seen[:, :2] *= FINE
        number, weights, depth = self._room
        draw(seen, self.triangles, number, weights, depth)
        order, shares = self._shares(place)
        out = np.empty((self.height, self.width, 3), np.float32)
        colour(
            number, weights, self.triangles, self.moves, FINE, order, self.pictures, self.key_corners,
            self.depths, self.moving, shares, out,
        )  # fmt: skip
        return out

    def _shares(self, place: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Keys nearest first, and weights that fade to nothing where the next key would join in."""
        away = np.linalg.norm(self.space - place, axis=1)
        order = np.argsort(away)
        sorted_away = away[order]
        reach = sorted_away[min(NEAREST, len(order) - 1)] + 1e-6
        shares = np.clip(1 - sorted_away / reach, 0, 1) ** 2 / (sorted_away**2 + 0.01)
        return order, shares / shares.sum()


def _opened(depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """Depth with each pixel as deep as its deepest neighbour, so that a slanted surface hides not itself."""
    return widened(np.where(depth > 100, 0, depth).astype(np.float32))
