"""The resting mouth, baked into every frame: what a listening avatar shows costs nothing while it plays.

Where the person rests, a frame keeps its own pixels. Elsewhere the lower face of the best resting frame
of the same footage is carried over: its landmarks are posed like the frame's head, its picture is
stretched to them (thin plate), its light is matched around the border, and it is feathered in. Real skin
and real lips stay as sharp as they were filmed, which no decoder of a few megabytes reaches.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .footage import Picture
from .mouthspace import WEIGHTS, Points, without_pose

Real = NDArray[np.floating[Any]]

MOST_DONORS = 10
"""Resting frames at most from which mouths are taken; each is one more pose of the head."""

OPEN = {"lip_gap": 0.35, "side_gap": 0.45, "jaw_drop": 1.2, "protrusion": 2.5}
"""From these weights on (typical deviations) a mouth is not at rest any more."""

EASE = 4
"""Frames over which a frame's own resting mouth becomes the carried one, and back."""

SWITCH = 8
"""Frames over which one donor's mouth becomes another's."""

STEADY = 2.0
"""Standard deviation in frames of the Gaussian that steadies carried landmarks."""

GRID = 12
"""Pixels between the places where the stretch is computed; between them it is interpolated."""

LIPS: tuple[int, ...] = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40)
LIPS += (185, 78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)
CHIN = (58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288)
UNDER_LIP = (18, 200, 199, 175, 83, 313, 106, 335, 204, 424, 32, 262, 208, 428, 210, 430, 211, 431)
CHEEKS: tuple[int, ...] = (
    2,
    97,
    326,
    98,
    327,
    164,
    167,
    393,
    165,
    391,
    92,
    322,
    206,
    426,
    216,
    436,
    212,
    432,
    214,
    434,
)
CHEEKS += (205, 425, 207, 427, 192, 416, 135, 364, 169, 394, 170, 395, 138, 367, 50, 280, 187, 411)
STILL = (1, 2, 4, 5, 6, 48, 278, 98, 327, 64, 294, 129, 358, 50, 280, 116, 345, 123, 352, 234, 454, 93, 323)
"""Nose, upper cheeks, ears: what neither speech nor rest moves."""

CONTROLS = LIPS + CHIN + UNDER_LIP + CHEEKS + (4, 5, 6, 48, 278, 50, 280, 116, 345, 93, 323)
COVERED = [
    CONTROLS.index(name)
    for name in (136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 164, 206, 426, 216, 436, 212, 432)
]
"""Places among CONTROLS between which everything is carried over."""


@dataclass(frozen=True, slots=True)
class Donor:
    """The lower face of a resting frame."""

    window: Picture
    corner: tuple[int, int]
    """Column and row of the window's first pixel in its frame."""

    points: Real
    """Shape (len(CONTROLS), 2): where the frame's landmarks are, in pixels of the frame."""


@dataclass(frozen=True, slots=True)
class RestPlan:
    """What is carried where, for every frame of the footage."""

    share: NDArray[np.float32]
    """Shape (n,): how much of the carried mouth is seen, 0 (the frame's own) to 1."""

    donors: NDArray[np.intp]
    """Shape (d,): the resting frames that mouths are taken from."""

    blend: NDArray[np.float32]
    """Shape (n, d): share of each donor; each row adds up to 1."""

    targets: NDArray[np.float32]
    """Shape (n, len(CONTROLS), 2): where the resting face's landmarks lie in every frame, in pixels."""


def plan_rest(points: Points, weights: Real, affine: Real, usable: NDArray[np.bool_]) -> RestPlan:
    """Decide for every frame whether its mouth rests, and whose mouth it gets if it does not.

    `points` has shape (n, 478, 3) in pixels, NaN where there is no face; `weights`, shape (n, 10), are
    its mouth weights; `affine`, shape (n, 2, 3), is the mouth crop's track; `usable`, shape (n,), says
    which frames show the mouth sharp and uncovered.
    """
    found = np.isfinite(weights).all(axis=1)
    face = without_pose(points)
    donors = _choose_donors(points, weights, found & usable)
    shape = np.median(face[donors], axis=0)
    targets = _steadied(_posed(shape, points, face, found), affine, found)
    blend = _assign(_poses(points, found), donors)
    return RestPlan(_share(weights, found), donors, blend, targets[:, list(CONTROLS)].astype(np.float32))


def fingerprint(plan: RestPlan) -> str:
    """Another text for every other plan."""
    parts = (plan.share, plan.donors.astype(np.int64), plan.blend, plan.targets)
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()


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


def bake(picture: Picture, frame: int, plan: RestPlan, donors: list[Donor], points: Points) -> Picture:
    """A copy of one frame of the footage with its mouth at rest."""
    share = float(plan.share[frame])
    if share <= 0.0:
        return picture
    target = plan.targets[frame].astype(np.float64)
    own = points[frame, list(CONTROLS), :2].astype(np.float64)
    unit = _unit(target)
    box = _box(np.concatenate([target, own]), 0.35 * unit, picture.shape)
    left, top, right, bottom = box
    window = picture[top:bottom, left:right].astype(np.float32)
    mask = _region(target - (left, top), own - (left, top), unit, window.shape[:2])
    carried = np.zeros_like(window)
    for donor, part in zip(donors, plan.blend[frame], strict=True):
        if part > 0.0:
            carried += float(part) * _stretched(donor, target, box)
    same = _same_things(target - (left, top), own - (left, top), unit, window.shape[:2])
    carried += _light(window - carried, same, mask, unit)
    result = picture.copy()
    blended = window + (share * mask)[..., None] * (carried - window)
    result[top:bottom, left:right] = np.clip(np.rint(blended), 0, 255).astype(np.uint8)
    return result


def _share(weights: Real, found: NDArray[np.bool_]) -> NDArray[np.float32]:
    """1 wherever the mouth is open; inside longer rests it falls to 0 over EASE frames."""
    limits = [(WEIGHTS.index(name), limit) for name, limit in OPEN.items()]
    is_open = found & np.any([weights[:, index] > limit for index, limit in limits], axis=0)
    if not is_open.any():
        return np.zeros(len(weights), np.float32)
    away = ndimage.distance_transform_edt(~is_open)
    ramp = np.clip(1.0 - (away - 1.0) / EASE, 0.0, 1.0)
    # a rest too short to be reached and left in peace is covered as well
    reached = ndimage.label(ramp == 0.0)[0]
    lengths = np.bincount(reached.ravel())
    lengths[0] = EASE
    near = ndimage.distance_transform_edt(lengths[reached] < EASE, return_distances=True)
    ramp = np.where(near > 0, 1.0, ramp) if (lengths < EASE).any() else ramp
    return np.asarray(np.where(found, ramp * ramp * (3 - 2 * ramp), 0.0), np.float32)


def _choose_donors(points: Points, weights: Real, usable: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Resting frames whose poses together come near to every frame's."""
    lips = [WEIGHTS.index(name) for name in ("lip_gap", "side_gap", "jaw_drop", "width", "corner_raise")]
    strain = np.where(usable, np.abs(weights[:, lips]).mean(axis=1), np.inf)
    strain += 4.0 * np.where(usable, np.clip(weights[:, lips[0]], 0, None), 0.0)
    least = np.sort(strain)[: max(4, int(0.08 * usable.sum()))]
    calm = np.flatnonzero(usable & (strain <= max(float(least[-1]), 0.3)))
    poses = _poses(points, np.isfinite(weights).all(axis=1))
    chosen = [int(calm[np.argmin(strain[calm])])]
    while len(chosen) < min(MOST_DONORS, len(calm)):
        nearest = np.min([np.linalg.norm(poses - poses[c], axis=1) for c in chosen], axis=0)
        gains = [
            np.clip(nearest - np.linalg.norm(poses - poses[c], axis=1), 0, None).mean() - 0.02 * strain[c]
            for c in calm
        ]
        if max(gains) < 0.02:
            break
        chosen.append(int(calm[int(np.argmax(gains))]))
    return np.array(sorted(chosen), np.intp)


def _poses(points: Points, found: NDArray[np.bool_]) -> Real:
    """Turn of the head as three numbers in units of about 6 degrees, steadied; shape (n, 3)."""
    still = points[:, (33, 263, 1, 152, 10, 234, 454)].astype(np.float64)
    across = still[:, 1] - still[:, 0]
    size = np.linalg.norm(across, axis=1, keepdims=True)
    nose = (still[:, 2] - still[:, :2].mean(axis=1)) / size
    pose = np.stack([nose[:, 0], nose[:, 1], 0.5 * across[:, 1] / size[:, 0]], axis=1) / 0.06
    return np.asarray(ndimage.gaussian_filter1d(_filled(pose, found), STEADY, axis=0, mode="nearest"))


def _assign(poses: Real, donors: NDArray[np.intp]) -> NDArray[np.float32]:
    """The donor nearest in pose for every frame, with few changes (Viterbi), eased over SWITCH frames."""
    cost = np.stack([np.linalg.norm(poses - poses[d], axis=1) for d in donors], axis=1)
    change = 6.0 * (1.0 - np.eye(len(donors)))
    total, back = cost[0], np.zeros(cost.shape, np.intp)
    for frame in range(1, len(cost)):
        ways = total[:, None] + change
        back[frame] = ways.argmin(axis=0)
        total = ways.min(axis=0) + cost[frame]
    best = np.zeros(len(cost), np.intp)
    best[-1] = total.argmin()
    for frame in range(len(cost) - 1, 0, -1):
        best[frame - 1] = back[frame, best[frame]]
    blend = ndimage.uniform_filter1d(np.eye(len(donors))[best], SWITCH, axis=0, mode="nearest")
    blend[blend < 1e-6] = 0.0
    return np.asarray(blend / blend.sum(axis=1, keepdims=True), np.float32)


def _posed(shape: Real, points: Points, face: Real, found: NDArray[np.bool_]) -> Real:
    """The resting face under every frame's pose, shape (n, 478, 2), in pixels."""
    posed = np.full((len(points), len(shape), 2), np.nan)
    still = list(STILL)
    for frame in np.flatnonzero(found):
        seen = points[frame].astype(np.float64)
        # the pose, as the affine that takes the frontal face to the picture; then what is left of it on
        # the parts that do not move (the landmarks' depth is a guess)
        around = np.column_stack([face[frame], np.ones(len(face[frame]))])
        to_picture = np.linalg.lstsq(around, seen[:, :2], rcond=None)[0]
        at = np.column_stack([shape, np.ones(len(shape))]) @ to_picture
        flat = np.column_stack([at[still], np.ones(len(still))])
        rest = np.linalg.lstsq(flat, seen[still, :2] - at[still], rcond=None)[0]
        posed[frame] = at + np.column_stack([at, np.ones(len(at))]) @ rest
    return posed


def _steadied(posed: Real, affine: Real, found: NDArray[np.bool_]) -> Real:
    """Smooth in time as seen from the mouth crop, which the head carries along."""
    square = np.concatenate([affine, np.broadcast_to([[0.0, 0.0, 1.0]], (len(affine), 1, 3))], axis=1)
    back = np.linalg.inv(square)[:, :2]
    inside = np.einsum("nij,nkj->nki", back[:, :, :2], posed) + back[:, None, :, 2]
    inside = ndimage.gaussian_filter1d(_filled(inside, found), STEADY, axis=0, mode="nearest")
    return np.asarray(np.einsum("nij,nkj->nki", affine[:, :, :2], inside) + affine[:, None, :, 2])


def _filled(series: Real, found: NDArray[np.bool_]) -> Real:
    """A series without gaps: frames without a face repeat the nearest with one."""
    nearest = ndimage.distance_transform_edt(~found, return_distances=False, return_indices=True)[0]
    return np.asarray(series[nearest])


def _unit(controls: Real) -> float:
    """Width of the face between the cheek bones in pixels, about 1.3 eye distances; steady while talking."""
    return float(np.linalg.norm(controls[CONTROLS.index(345)] - controls[CONTROLS.index(116)])) / 1.3


def _box(at: Real, margin: float, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what holds all points with a margin, inside a picture of `shape`."""
    low = np.floor(at.min(axis=0) - margin).astype(int).clip(0)
    high = np.ceil(at.max(axis=0) + margin).astype(int) + 1
    return int(low[0]), int(low[1]), int(min(high[0], shape[1])), int(min(high[1], shape[0]))


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
    ramp = np.clip(1.0 - (outside / unit - 0.05) / 0.12, 0.0, 1.0)
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


def _light(
    difference: NDArray[np.float32], trust: NDArray[np.float32], mask: NDArray[np.float32], unit: float
) -> NDArray[np.float32]:
    """The slow difference in colour, known at the border of `mask`, spread into its middle.

    `difference` has shape (h, w, 3); `trust`, shape (h, w), says where it is a difference in light.
    """
    size = tuple(max(4, side // 4) for side in difference.shape[1::-1])
    small = cv2.resize(difference, size, interpolation=cv2.INTER_AREA)
    part = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    known = cv2.resize(trust, size, interpolation=cv2.INTER_AREA)
    # where the two pictures show different things, colour says nothing about light
    alike = np.exp(-((np.abs(small).max(axis=-1) / 30.0) ** 2))
    known = known * alike * (np.clip(4.0 * part * (1.0 - part), 0.0, 1.0) + 1e-4)
    sigma = 0.16 * unit / 4
    spread = cv2.GaussianBlur(small * known[..., None], (0, 0), sigma)
    weight = cv2.GaussianBlur(known, (0, 0), sigma)
    field = spread / (weight[..., None] + 1e-6)
    return np.asarray(cv2.resize(field, difference.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)
