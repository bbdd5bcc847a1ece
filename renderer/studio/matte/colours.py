"""What colour the person has where the background shines through: the edge's own, not the screen's.

A picture before another background is `colour * alpha + background * (1 - alpha)`. So the colour stored must
be the person's alone, and must reach beyond the edge: coding and scaling mix neighbours.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..footage import Picture

Real = NDArray[np.floating[Any]]

NEUTRAL = (214, 217, 222)
"""R, G, B where nothing of the person is near, and what players show behind them unless told otherwise."""

REACH = (2.0, 6.0, 24.0)
"""Standard deviations of the Gaussians that carry colours outward, in pixels of 720 rows ..."""

SEEN = 0.02
"""... each used where it finds this share of known neighbours."""

ASTRAY = 28.0
"""Levels by which an edge pixel, cleared of its background, may differ from the person beside it."""

TINT = 0.25
"""Share of its difference in tint that is believed: films keep colour at half the size, so an edge has some
of the background's, and a grey sleeve cleared of that turns violet. Brightness is believed in full."""


def spread(picture: Real, known: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Colours of the known pixels carried to all others, and how far to believe them.

    `picture` is (h, w, 3), `known` (h, w). Returns (h, w, 3), and (h, w) from 1 beside what is known to 0 far
    away. Worked out at half the size: what is carried is smooth.
    """
    height, width = known.shape
    unit = min(height, width) / 720
    share = _shrunk(known.astype(np.float32), 2)
    colour = _shrunk(picture * known[..., None], 2)
    field, belief = np.zeros(colour.shape, np.float32), np.zeros(share.shape, np.float32)
    for sigma in reversed(REACH):
        # wide Gaussians are taken on a smaller picture still
        step = max(2, int(sigma * unit / 2))
        wide = sigma * unit / step
        near, few = (
            cv2.resize(
                cv2.GaussianBlur(_shrunk(plane, step / 2), (0, 0), wide),
                share.shape[::-1],
                interpolation=cv2.INTER_LINEAR,
            )
            for plane in (share, colour)
        )
        trust = np.clip(near * (1 / SEEN), 0.0, 1.0)
        field += (trust / np.maximum(near, 1e-6))[..., None] * few - trust[..., None] * field
        belief = np.maximum(belief, trust)
    size = width, height
    return (
        np.asarray(cv2.resize(field, size, interpolation=cv2.INTER_LINEAR), np.float32),
        np.asarray(cv2.resize(belief, size, interpolation=cv2.INTER_LINEAR), np.float32),
    )


def clear_colours(picture: Real, alpha: Real, behind: Real, person: Real, belief: Real) -> Picture:
    """The person's own colours, (h, w, 3), everywhere.

    `picture` (h, w, 3) is as filmed, `alpha` (h, w) in [0, 1], `behind` (h, w, 3) what shines through,
    `person` and `belief` what `spread` says of the surely opaque pixels.
    """
    result = person * belief[..., None] + (1.0 - belief[..., None]) * np.array(NEUTRAL, np.float32)
    at = np.nonzero((alpha > 0.004) & (alpha < 0.999))
    share = alpha[at][:, None]
    beside = result[at]
    cleared = (picture[at] - (1.0 - share) * behind[at]) / np.maximum(share, 0.05)
    cleared = beside + np.clip(_believed(cleared - beside), -ASTRAY, ASTRAY)
    own = beside + _believed(picture[at] - beside)
    # what is hardly opaque says hardly anything
    sure = np.clip((share - 0.25) / 0.5, 0.0, 1.0)
    mixed = beside + sure * (cleared - beside)
    result[at] = mixed + np.clip((share - 0.9) / 0.1, 0.0, 1.0) * (own - mixed)
    rounded = np.asarray(cv2.convertScaleAbs(np.maximum(result, 0.0)), np.uint8)
    whole = (alpha >= 0.999).astype(np.uint8)
    return np.asarray(cv2.copyTo(cv2.convertScaleAbs(picture), whole, rounded), np.uint8)


def _believed(difference: Real) -> NDArray[np.float32]:
    """Differences in R, G, B, (n, 3), with as much of their tint as TINT says (brightness as in BT.709)."""
    light = (difference @ np.array((0.2126, 0.7152, 0.0722), np.float32))[:, None]
    return np.asarray(light + TINT * (difference - light), np.float32)


def _shrunk(plane: Real, step: float) -> NDArray[np.float32]:
    size = max(2, round(plane.shape[1] / step)), max(2, round(plane.shape[0] / step))
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32)
