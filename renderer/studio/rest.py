"""Where the footage shows the mouth at rest, and from which of those frames it is carried to the others.

Where the person rests, a frame keeps its own pixels. Elsewhere the lower face of a resting frame with a
similar pose is carried over (baking.py). Real skin and real lips stay as sharp as they were filmed, which
no decoder of a few megabytes reaches.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .crops import NOSE, in_crops
from .light import CELLS
from .mouthspace import WEIGHTS, Points, mouth_width, without_pose
from .opening import LIP_WEIGHTS

Real = NDArray[np.floating[Any]]

MOST_DONORS = 10
"""Resting frames at most from which mouths are taken; each is one more pose of the head."""

PREFERRED = 0.25
"""How much more strained than a frame of the opening another may be that lends its mouth in its place."""

OPEN = {"lip_gap": 0.35, "side_gap": 0.45, "jaw_drop": 1.2, "protrusion": 2.5}
"""From these weights on (typical deviations) a mouth is not at rest any more."""

ASIDE = 0.12
"""From so many widths of the mouth beside where they rest the lips are pulled aside, which no weight tells.
Heads that turn seem to move them by 0.1 at most, grimaces by 0.16 and more."""

EASE = 6
"""Frames over which a frame's own resting mouth becomes the carried one, and back. Four are seen, ten leave
few frames their own mouth."""

SWITCH = 8
"""Frames over which one donor's mouth becomes another's."""

STEADY = 2.0
"""Standard deviation in frames of the Gaussian that steadies the carried mouth's shape."""

LIPS: tuple[int, ...] = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40)
LIPS += (185, 78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)
CHIN = (58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288)
UNDER_LIP = (18, 200, 199, 175, 83, 313, 106, 335, 204, 424, 32, 262, 208, 428, 210, 430, 211, 431)
CHEEKS: tuple[int, ...] = (2, 97, 326, 98, 327, 164, 167, 393, 165, 391, 92, 322, 206, 426, 216, 436, 212)
CHEEKS += (432, 214, 434, 205, 425, 207, 427, 192, 416, 135, 364, 169, 394, 170, 395, 138, 367, 50, 280)
CHEEKS += (187, 411)

WIDE = (1.0, 1.0, 1.0, 0.8, 0.5, 0.2, 0.0, 0.0, 0.0, 0.2, 0.5, 0.8, 1.0, 1.0, 1.0)
"""How far each point of CHIN is brought to the frame's own outline: wholly beside the mouth, where what is
carried fades into the frame, and not at all at the chin, which rests."""

CONTROLS = LIPS + CHIN + UNDER_LIP + CHEEKS + (4, 5, 6, 48, 278, 116, 345, 93, 323)


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

    light: NDArray[np.float32]
    """Shape (n, CELLS, CELLS, 3): grey levels added to the carried mouth, in cells around it (light.py)."""


def plan_rest(
    points: Points,
    weights: Real,
    affine: Real,
    drivable: Real,
    sharp: NDArray[np.bool_],
    model: NDArray[np.bool_],
) -> RestPlan:
    """Decide for every frame whether its mouth rests, and whose mouth it gets if it does not.

    `points` has shape (n, 478, 3) in pixels, NaN where there is no face; `weights`, shape (n, 10), are
    its mouth weights; `affine`, shape (n, 2, 3), is the mouth crop's track; `drivable`, shape (n,), is 0
    where the mouth is covered or turned away and is left alone; `sharp`, shape (n,), says which frames
    may lend their mouth; `model`, shape (n,), which say what rest is. The light is not known yet
    (body.match_light).
    """
    found = np.isfinite(weights).all(axis=1)
    face = without_pose(points)
    usable = found & (drivable > 0.99)
    usable = usable if usable.any() else found
    aside = pulled_aside(face, drivable, model)
    lending = usable & sharp & ~aside
    donors = _choose_donors(points, weights, lending if lending.any() else usable, model)
    said = usable & model & ~aside
    shape = np.median(face[said if said.any() else donors], axis=0)
    targets = _carried(_posed(shape, points, face, found), points, affine, found)
    blend = _assign(_poses(points, found), donors)
    share = np.asarray(_share(weights, aside, found) * drivable, np.float32)
    dark = np.zeros((len(points), CELLS, CELLS, 3), np.float32)
    return RestPlan(share, donors, blend, targets[:, list(CONTROLS)].astype(np.float32), dark)


def fingerprint(plan: RestPlan) -> str:
    """Another text for every other plan."""
    parts = (plan.share, plan.donors.astype(np.int64), plan.blend, plan.targets, plan.light)
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()


def pulled_aside(face: Real, drivable: Real, model: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Frames whose lips are pulled to one side of where they rest, shape (n,).

    `face`, shape (n, 478, 3), are landmarks without the head's pose; the others are `plan_rest`'s.
    """
    found = np.isfinite(face).all(axis=(1, 2))
    said = found & model & (drivable > 0.99)
    usual = said if said.any() else found
    off = face[:, LIPS, 0].mean(axis=1)
    return np.asarray(np.abs(off - np.median(off[usual])) > ASIDE * np.median(mouth_width(face[usual])))


def _share(weights: Real, aside: NDArray[np.bool_], found: NDArray[np.bool_]) -> NDArray[np.float32]:
    """1 wherever the mouth is open or pulled aside; inside longer rests it falls to 0 over EASE frames."""
    limits = [(WEIGHTS.index(name), limit) for name, limit in OPEN.items()]
    is_open = found & (aside | np.any([weights[:, index] > limit for index, limit in limits], axis=0))
    # rests too short to be eased into and out of are covered like talking
    rests = ndimage.label(~is_open)[0]
    is_open |= np.bincount(rests)[rests] < 3 * EASE
    if not is_open.any():
        return np.zeros(len(weights), np.float32)
    away = ndimage.distance_transform_edt(~is_open)
    ramp = np.clip(1.0 - (away - 1.0) / EASE, 0.0, 1.0)
    return np.asarray(np.where(found, ramp * ramp * (3 - 2 * ramp), 0.0), np.float32)


def _choose_donors(
    points: Points, weights: Real, usable: NDArray[np.bool_], model: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Resting frames whose poses together come near to every frame's; of the opening where it does."""
    lips = [WEIGHTS.index(name) for name in LIP_WEIGHTS]
    strain = np.where(usable, np.abs(weights[:, lips]).mean(axis=1), np.inf)
    strain += 4.0 * np.where(usable, np.clip(weights[:, lips[0]], 0, None), 0.0) - PREFERRED * model
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
    resting = np.column_stack([shape, np.ones(len(shape))])
    for frame in np.flatnonzero(found):
        # the pose, as the affine that takes the frontal face to the picture
        around = np.column_stack([face[frame], np.ones(len(face[frame]))])
        to_picture = np.linalg.lstsq(around, points[frame, :, :2].astype(np.float64), rcond=None)[0]
        posed[frame] = resting @ to_picture
    return posed


def _carried(posed: Real, points: Points, affine: Real, found: NDArray[np.bool_]) -> Real:
    """Hung from the nose and straight below it as the mouth crop is, which the head carries along; its shape
    steadied over time.

    A smile or a vowel pulls at the nose: mouth and crop then move together. Sideways crops follow the lips.
    """
    inside, own = (_filled(in_crops(places, affine), found) for places in (posed, points))
    hook = np.stack([inside[:, LIPS, 0].mean(axis=1), inside[:, NOSE, 1].mean(axis=1)], axis=1)[:, None]
    inside = np.median(hook, axis=0) + ndimage.gaussian_filter1d(
        inside - hook, STEADY, axis=0, mode="nearest"
    )
    widening = np.array(WIDE)[:, None] * _onto(inside[:, CHIN], own[:, CHIN])
    inside[:, CHIN] += ndimage.gaussian_filter1d(widening, STEADY, axis=0, mode="nearest")
    return np.asarray(np.einsum("nij,nkj->nki", affine[:, :, :2], inside) + affine[:, None, :, 2])


def _onto(places: Real, line: Real) -> Real:
    """From every place, (n, k, 2), to the nearest point of each frame's line through (n, m, 2)."""
    start, along = line[:, None, :-1], np.diff(line, axis=1)[:, None]
    off = places[:, :, None] - start
    share = ((off * along).sum(axis=-1) / np.maximum((along**2).sum(axis=-1), 1e-9)).clip(0.0, 1.0)
    ways = share[..., None] * along - off
    nearest = (ways**2).sum(axis=-1).argmin(axis=2)
    return np.asarray(np.take_along_axis(ways, nearest[..., None, None], axis=2)[:, :, 0])


def _filled(series: Real, found: NDArray[np.bool_]) -> Real:
    """A series without gaps: frames without a face repeat the nearest with one."""
    nearest = ndimage.distance_transform_edt(~found, return_distances=False, return_indices=True)[0]
    return np.asarray(series[nearest])
