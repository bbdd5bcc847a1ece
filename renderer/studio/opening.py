"""Which frames say what the resting mouth is.

People are asked to begin with a second or more of silence; what the mouth does then is its rest, unless
frames were picked by hand. A film that begins with talk rests where the mouth is closed and calm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..errors import StudioError
from ..settings import FPS
from .mouthspace import WEIGHTS, Points, distances, resting, to_weights, without_pose

Real = NDArray[np.floating[Any]]

OPENING = (15, 100)
"""Frames of closed mouth at the beginning that are an opening at least, and that are looked at at most."""

LATE = 12
"""Frames the opening may begin late, for who is still settling when the camera runs."""

PICKED = 2
"""Frames before and after one picked by hand that belong to it."""

NEAR_REST = 0.5
"""Typical deviations of the lips from the rest, in the mean, that still are the rest."""

PREPARED = 4
"""Frames before the first word in which the mouth gets ready for it."""

CLOSED = (0.006, 0.1)
"""The lips are closed up to this far from where they come closest: in eye distances, or this share of the way
to where they are wide apart."""

LIP_WEIGHTS = ("lip_gap", "side_gap", "jaw_drop", "width", "corner_raise")
"""The mouth weights that tell a resting mouth from others."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What this person's mouth does when it does nothing."""

    model: NDArray[np.bool_]
    """Shape (n,): frames that say what rest is; mouth weights are measured from there."""

    shown: NDArray[np.bool_]
    """Shape (n,): all frames that show it, those included."""


def find_rest(points: Points, picked: Sequence[float] | None = None) -> Rest:
    """The rest of the person in a film, shape (n, 478, 3) in pixels, NaN where there is no face.

    `picked` are seconds at which somebody saw it closed. Raises StudioError where the film shows no face
    then, or has ended.
    """
    face = without_pose(points)
    calm = resting(face)
    model = calm
    if picked is not None:
        model = _picked(points, picked)
    else:
        opening = _opening(face)
        if opening.any():
            model = opening
    lips = [WEIGHTS.index(name) for name in LIP_WEIGHTS]
    with np.errstate(invalid="ignore"):
        near = np.abs(to_weights(points, model)[:, lips]).mean(axis=1) < NEAR_REST
    return Rest(model, model | (calm & near))


def _picked(points: Points, seconds: Sequence[float]) -> NDArray[np.bool_]:
    found = np.isfinite(points).all(axis=(1, 2))
    model = np.zeros(len(points), np.bool_)
    for second in seconds:
        frame = round(second * FPS)
        if not 0 <= frame < len(points):
            raise StudioError(
                f"rest at {second:g} s: the film lasts {len(points) / FPS:.2f} s; name a time inside it"
            )
        around = np.arange(max(0, frame - PICKED), min(len(points), frame + PICKED + 1))
        if not found[around].any():
            raise StudioError(f"rest at {second:g} s: no face is found there; name another time")
        model[around[found[around]]] = True
    return model


def _opening(face: Real) -> NDArray[np.bool_]:
    """The closed mouth with which the film begins, shape (n,); nothing where it begins with talk."""
    gap = distances(face)[:, WEIGHTS.index("lip_gap")]
    low, wide = np.nanpercentile(gap, (2, 90))
    with np.errstate(invalid="ignore"):
        closed = gap <= low + max(CLOSED[0], CLOSED[1] * (wide - low))
    model = np.zeros(len(gap), np.bool_)
    early = closed[: OPENING[1] + LATE]
    runs, _ = ndimage.label(early | ndimage.binary_closing(early, np.ones(3)))
    first = np.flatnonzero(runs[: LATE + 1])
    if len(first):
        opening = np.flatnonzero(runs == runs[first[0]])
        if len(opening) >= OPENING[0]:
            model[opening[: len(opening) - PREPARED]] = True
    return np.asarray(model & np.isfinite(gap))
