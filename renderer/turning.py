"""One clip turning into another, with one face on the way instead of two."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .kernels.blend import cross_fade
from .kernels.morph import morph
from .types import Picture

Reals = NDArray[np.float32]

NEAR = 0.01
"""Sides of the mouth crop: faces no further apart are not seen double in a plain cross-fade."""

HEAD = 2.2
"""Sides of the mouth crop from between the eyes to where nothing is bent any more; half of it is the head."""

STEEPNESS = 2.0
"""How much faster the one turns into the other than the face moves: what else is double is so for three or
four frames of a long fade."""


class Place(NamedTuple):
    """Where the mouth is in a frame."""

    affine: Reals
    """Shape (2, 3): from mouth crop to frame."""

    drivable: float


def turn(
    leaving: Picture, arriving: Picture, left: Place, entered: Place, size: int, share: float, out: Picture
) -> Place:
    """Draw what lies between two pictures, `share` of the way, into `out`; returns where its mouth is.

    leaving, arriving, out   uint8 (H, W, 4), contiguous; `out` is neither of the others
    left, entered            where the mouth is in `leaving` and in `arriving`
    size                     side of the mouth crop in its own pixels

    Faces that are apart are brought together: each picture is bent around the face, which moves steadily
    from the one place to the other, while the one picture turns into the other in the middle of the way.
    """
    affine = left.affine + np.float32(share) * (entered.affine - left.affine)
    edge = size - 1
    corners = np.array([(0, edge, 0, edge), (0, 0, edge, edge), (1, 1, 1, 1)], np.float32)
    ways = (entered.affine - left.affine) @ corners
    side = float(np.hypot(affine[0, 0], affine[1, 0])) * edge
    if np.hypot(ways[0], ways[1]).max() <= NEAR * side:
        cross_fade(leaving, arriving, share, out)
    else:
        eyes = affine @ np.array([edge / 2, 0, 1], np.float32)
        centre = float(eyes[0]), float(eyes[1])
        share = _eased((share - 0.5) * STEEPNESS + 0.5)
        bends = _bend(left.affine, affine), _bend(entered.affine, affine)
        morph(leaving, arriving, *bends, centre, HEAD * side, share, out)
    return Place(affine, left.drivable + share * (entered.drivable - left.drivable))


def _bend(place: Reals, between: Reals) -> Reals:
    """From the pixels of a face that is `between` to those of the same at `place`, shape (2, 3).

    Inverted by hand: np.linalg wakes BLAS threads, which then spin for a whole core.
    """
    (a, b, x), (c, d, y) = between.astype(np.float64)
    (e, f, left), (g, h, top) = place.astype(np.float64)
    area = a * d - b * c
    onto = np.array([[e * d - f * c, f * a - e * b, 0], [g * d - h * c, h * a - g * b, 0]]) / area
    onto[:, 2] = left - onto[0, 0] * x - onto[0, 1] * y, top - onto[1, 0] * x - onto[1, 1] * y
    return np.asarray(onto, np.float32)


def _eased(share: float) -> float:
    """From 0 to 1, slowly at both ends."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)
