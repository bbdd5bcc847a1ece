"""When something is before the mouth: the lower face stops looking like itself."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LIKENESSES = 8
"""Directions in which this person's lower face usually varies: opening, smiling, turning, light."""

MOST_LEARNED = 600
"""Pictures these are learned from."""

CORE = (0.6, 0.7)
"""Shares of the pictures, those most alike, that they are learned from: first and second time."""


INSIDE = ((0.5, 0.47), (0.36, 0.4))
"""Middle and radii of the ellipse that is looked at, in sides of the small picture: lips and chin. Beyond,
a head that turns a little shows collar and background."""


def unlikeness(patches: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How much of each lower face its usual variation leaves unexplained, shape (n,), in grey levels.

    `patches` has shape (n, h, w, 3).
    """
    count = len(patches)
    if count < 10:
        return np.zeros(count)
    flat = patches[:, _inside(patches.shape[1])].reshape(count, -1).astype(np.float32)
    middle = np.median(flat[:: max(1, count // MOST_LEARNED)], axis=0)
    left = _size(flat - middle)
    for share in CORE:
        core = np.flatnonzero(left <= np.quantile(left, share))
        learned = flat[core[:: max(1, len(core) // MOST_LEARNED)]]
        middle = learned.mean(axis=0)
        spread = learned - middle
        # the small matrix between pictures has the same directions as the large one between pixels
        _, vectors = np.linalg.eigh(spread @ spread.T)
        basis = np.linalg.qr(spread.T @ vectors[:, -LIKENESSES:])[0]
        away = flat - middle
        left = _size(away - (away @ basis) @ basis.T)
    return left


def _inside(size: int) -> NDArray[np.bool_]:
    y, x = (np.mgrid[:size, :size] + 0.5) / size
    (across, down), (wide, high) = INSIDE
    return np.asarray(((x - across) / wide) ** 2 + ((y - down) / high) ** 2 < 1)


def _size(rows: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(np.sqrt((rows.astype(np.float64) ** 2).mean(axis=1)))
