"""The resting mouth, baked into frames: what a listening avatar shows costs nothing while it plays.

A donor's landmarks are brought to where the resting face's lie in the frame (rest.py), its picture is
stretched to them, its light is matched where both show the same skin (light.py), and it is feathered in.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from . import light
from .footage import Picture
from .mouthspace import Points
from .rest import CHIN, CONTROLS, RestPlan

Real = NDArray[np.floating[Any]]

COVERED = [
    CONTROLS.index(name)
    for name in (136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 164, 206, 426, 216, 436, 212, 432)
]
"""Places among CONTROLS between which everything is carried over."""

GRID = 12
"""Pixels between the places where the stretch is computed; between them it is interpolated."""

BORDER = (0.05, 0.12)
"""How far beyond those the carried mouth reaches whole, and over what it fades, in eye distances."""


@dataclass(frozen=True, slots=True)
class Donor:
    """The lower face of a resting frame."""

    window: Picture
    corner: tuple[int, int]
    """Column and row of the window's first pixel in its frame."""

    points: Real
    """Shape (len(CONTROLS), 2): where the frame's landmarks are, in pixels of the frame."""


def take_donors(pictures: Iterable[Picture], plan: RestPlan, points: Points) -> list[Donor]:
    """Cut the donors' faces out of the footage; reads `pictures` once, in their order."""
    wanted = {int(frame) for frame in plan.donors}
    taken: dict[int, Donor] = {}
    for frame, picture in enumerate(pictures):
        if frame in wanted:
            at = points[frame, list(CONTROLS), :2].astype(np.float64)
            margin = 0.5 * float(np.linalg.norm(points[frame, 263, :2] - points[frame, 33, :2]))
            left, top, right, bottom = _box(at, margin, picture.shape)
            taken[frame] = Donor(picture[top:bottom, left:right].copy(), (left, top), at)
        if len(taken) == len(wanted):
            break
    return [taken[int(frame)] for frame in plan.donors]


def measure_light(
    pictures: Iterable[Picture], plan: RestPlan, donors: list[Donor], points: Points
) -> NDArray[np.float32]:
    """What the carried mouth lacks of every frame's light (`RestPlan.light`); reads `pictures` once."""
    cells = np.zeros((len(plan.share), light.CELLS, light.CELLS, 3), np.float32)
    known = np.zeros(len(plan.share), np.bool_)
    for frame, picture in enumerate(itertools.islice(pictures, len(known))):
        if plan.share[frame] > 0.0:
            lent = _lend(picture, frame, plan, donors, points)
            same = _same_things(lent.target, lent.own, lent.unit, lent.mask.shape)
            guessed = light.guess(lent.window - lent.carried, same, lent.mask, lent.unit)
            cells[frame] = light.to_cells(guessed, lent.middle, lent.unit, lent.mask.shape)
            known[frame] = True
    return light.steadied(cells, known)


def bake(picture: Picture, frame: int, plan: RestPlan, donors: list[Donor], points: Points) -> Picture:
    """A copy of one frame of the footage with its mouth at rest."""
    share = float(plan.share[frame])
    if share <= 0.0:
        return picture
    lent = _lend(picture, frame, plan, donors, points)
    lit = lent.carried + light.from_cells(plan.light[frame], lent.middle, lent.unit, lent.mask.shape)
    left, top, right, bottom = lent.box
    blended = lent.window + (share * lent.mask)[..., None] * (lit - lent.window)
    result = picture.copy()
    result[top:bottom, left:right] = np.clip(np.rint(blended), 0, 255).astype(np.uint8)
    return result


@dataclass(frozen=True, slots=True)
class _Lent:
    """A donor's mouth where it belongs in a frame. Points are in pixels of the window."""

    box: tuple[int, int, int, int]
    """Left, top, right, bottom of the window in the frame."""

    window: NDArray[np.float32]
    """Shape (h, w, 3): the frame there."""

    carried: NDArray[np.float32]
    """Shape (h, w, 3): the mouth that is carried over, in its own light."""

    mask: NDArray[np.float32]
    """Shape (h, w): how far it covers the frame."""

    target: Real
    own: Real
    """Shape (len(CONTROLS), 2): landmarks of the resting face, and of the frame's."""

    unit: float
    """Eye distance in pixels."""

    @property
    def middle(self) -> Real:
        """Of what is covered."""
        return np.asarray(self.target[COVERED].mean(axis=0))


def _lend(picture: Picture, frame: int, plan: RestPlan, donors: list[Donor], points: Points) -> _Lent:
    target = plan.targets[frame].astype(np.float64)
    own = points[frame, list(CONTROLS), :2].astype(np.float64)
    unit = _unit(target)
    box = _box(np.concatenate([target, own]), 0.35 * unit, picture.shape)
    left, top, right, bottom = box
    window = picture[top:bottom, left:right].astype(np.float32)
    carried = np.zeros_like(window)
    for donor, part in zip(donors, plan.blend[frame], strict=True):
        if part > 0.0:
            carried += float(part) * _stretched(donor, target, box)
    target, own = target - (left, top), own - (left, top)
    return _Lent(box, window, carried, _region(target, own, unit, window.shape[:2]), target, own, unit)


def _stretched(donor: Donor, target: Real, box: tuple[int, int, int, int]) -> NDArray[np.float32]:
    """The donor's picture with its landmarks brought to `target`, in the box of the target frame."""
    left, top, right, bottom = box
    columns = np.arange(left, right + GRID, GRID, dtype=np.float64)
    rows = np.arange(top, bottom + GRID, GRID, dtype=np.float64)
    places = np.stack(np.meshgrid(columns, rows), axis=-1)
    source = thin_plate(target, donor.points, places.reshape(-1, 2)).reshape(places.shape)
    source -= np.array(donor.corner)
    # bilinear between the grid's points
    u = (np.arange(left, right) - left) / GRID
    v = (np.arange(top, bottom) - top) / GRID
    mesh = np.stack(np.meshgrid(u, v), axis=-1).astype(np.float32)
    at = cv2.remap(source.astype(np.float32), mesh[..., 0], mesh[..., 1], cv2.INTER_LINEAR)
    window = donor.window.astype(np.float32)
    return np.asarray(
        cv2.remap(window, at[..., 0], at[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )


def thin_plate(source: Real, target: Real, places: Real, stiffness: float = 0.02) -> Real:
    """Where `places`, shape (m, 2), go under the thin plate that takes `source` to `target`, shape (k, 2).

    Bookstein (1989); `stiffness` keeps trembling landmarks from wrinkling the plate.
    """
    centre, size = source.mean(axis=0), source.std()
    a, b = (source - centre) / size, (places - centre) / size

    def kernel(p: Real, q: Real) -> Real:
        squared = ((p[:, None] - q[None]) ** 2).sum(axis=-1)
        return np.asarray(squared * np.log(np.maximum(squared, 1e-12)))

    count = len(a)
    flat = np.column_stack([np.ones(count), a])
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = kernel(a, a) + stiffness * np.eye(count)
    system[:count, count:], system[count:, :count] = flat, flat.T
    solved = np.linalg.solve(system, np.vstack([target, np.zeros((3, 2))]))
    return np.asarray(kernel(b, a) @ solved[:count] + np.column_stack([np.ones(len(b)), b]) @ solved[count:])


def _region(target: Real, own: Real, unit: float, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """What is covered, feathered: mouth and chin, the frame's own and the resting one's."""
    filled = _hull(np.concatenate([target[COVERED], own[COVERED]]), shape)
    outside = np.asarray(cv2.distanceTransform(1 - filled, cv2.DIST_L2, 5))
    ramp = np.clip(1.0 - (outside / unit - BORDER[0]) / BORDER[1], 0.0, 1.0)
    return np.asarray(ramp * ramp * (3.0 - 2.0 * ramp), np.float32)


def _same_things(target: Real, own: Real, unit: float, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Where both pictures show skin of the face, or both do not, shape `shape`: not where the chin moved."""
    outline = [CONTROLS.index(name) for name in (*CHIN, 116, 345, 50, 280)]
    unlike = _hull(target[outline], shape) ^ _hull(own[outline], shape)
    away = cv2.distanceTransform(1 - unlike, cv2.DIST_L2, 5) / unit
    return np.asarray(np.clip(away / 0.06 - 0.5, 0.0, 1.0), np.float32)


def _hull(points: Real, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    filled = np.zeros(shape, np.uint8)
    hull = cv2.convexHull(points.astype(np.float32))
    cv2.fillConvexPoly(filled, np.rint(np.asarray(hull)).astype(np.int32), (1,))
    return filled


def _unit(controls: Real) -> float:
    """Width of the face between the cheek bones in pixels, about 1.3 eye distances; steady while talking."""
    return float(np.linalg.norm(controls[CONTROLS.index(345)] - controls[CONTROLS.index(116)])) / 1.3


def _box(at: Real, margin: float, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what holds all points with a margin, inside a picture of `shape`."""
    low = np.floor(at.min(axis=0) - margin).astype(int).clip(0)
    high = np.ceil(at.max(axis=0) + margin).astype(int) + 1
    return int(low[0]), int(low[1]), int(min(high[0], shape[1])), int(min(high[1], shape[0]))
