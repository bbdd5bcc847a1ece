"""Head turns, breath and brows, as an exact warp of the straight picture.

Every pixel's point on the body is known; moved in space and seen again by the camera, it tells where the
pixel goes. A few pixels of travel before a plain wall leave no gap to fill.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter

from .human import Floats, turned
from .layers import SCALE
from .person import Person
from .pictures import Picture, enlarged, looked_up
from .raster import blank, draw

STEP = 4
"""Footage pixels between the points of the motion field."""

FADE = 80.0
"""Footage pixels over which the wall behind stops moving along."""

BREATH = 0.0020
"""Metres the chest rises."""


class Mover:
    """Warps straight pictures."""

    def __init__(self, person: Person) -> None:
        who = person.who
        camera, rest, brow = who.camera, who.rest, who.brow_raise
        self.camera, self.body = camera, who.body
        person.pose({**rest, **{name: rest.get(name, 0.0) + w for name, w in brow.items()}})
        raised = person.surfaces().points
        person.pose(rest)
        surfaces = person.surfaces()
        self.height, self.width = camera.height // STEP, camera.width // STEP
        number, weights, depth = blank(self.height, self.width)
        seen = camera.project(surfaces.points)
        seen[:, :2] /= STEP
        draw(seen, surfaces.triangles, number, weights, depth)
        self.hit = number >= 0
        corner = surfaces.triangles[number[self.hit]]
        u, v = weights[self.hit].T.astype(np.float64)
        share = np.stack([1 - u - v, u, v], axis=1)
        self.points = np.einsum("nk,nkx->nx", share, surfaces.points[corner])
        self.raise_ = np.einsum("nk,nkx->nx", share, (raised - surfaces.points)[corner])
        self.head = np.einsum("nk,nk->n", share, surfaces.head_share[corner])
        self.from_ = camera.project(self.points)[:, :2]
        away, nearest = distance_transform_edt(~self.hit, return_indices=True)
        self.nearest = tuple(nearest)
        self.fade = np.exp(-((away * STEP / FADE) ** 2))
        self.pivot: Floats = person.human.joint("joint-head") + np.array([0.0, 0.01, -0.035])
        y, x = np.mgrid[0 : camera.height, 0 : camera.width].astype(np.float32)
        self.grid = np.stack([x, y], axis=-1)
        half = (STEP - 1) / 2
        self.coarse = np.ascontiguousarray(self.grid[::STEP, ::STEP] + np.float32(half))

    def field(self, head: Floats, sway: Floats, breath: float, brow: float) -> NDArray[np.float32]:
        """How far away each pixel of the frame was before: footage pixels (h, w, 2)."""
        nod, turn, tilt = np.radians(head)
        points = self.points + brow * self.raise_
        vectors = self.head[:, None] * np.array([nod, -tilt, turn])
        low, high = self.body.chest
        chest = np.clip((self.points[:, 2] - low) / (high - low), 0, 1)
        chest = chest * chest * (3 - 2 * chest)
        carried = self.head + self.body.sway * (1 - self.head) * chest
        points = turned(points, vectors, self.pivot) + carried[:, None] * sway
        points[:, 2] += BREATH * breath * chest * (1 - 0.55 * self.head)
        points[:, 0] *= 1 + 0.004 * breath * chest * (1 - self.head)
        travel = np.zeros((self.height, self.width, 2))
        travel[self.hit] = self.camera.project(points)[:, :2] - self.from_
        travel = travel[self.nearest] * self.fade[..., None]
        travel = np.stack([gaussian_filter(travel[..., k], 1.3) for k in range(2)], axis=-1)
        source = self.coarse.copy()
        for _ in range(4):  # where did the point come from that is here now?
            at = ((source + 0.5) / STEP - 0.5).astype(np.float32)
            came = looked_up(travel.astype(np.float32), at, cubic=False)
            source = self.coarse - came
        return enlarged(source - self.coarse, self.camera.width, self.camera.height)

    def warp(self, picture: Picture, field: NDArray[np.float32]) -> Picture:
        """The footage frame from a layer-sized picture and its motion."""
        at = ((self.grid + field + 0.5) * SCALE - 0.5).astype(np.float32)
        frame: Picture = looked_up(picture, at, cubic=True)
        return frame
