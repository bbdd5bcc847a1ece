"""The light on a lent mouth: how much of every colour its skin lacks beside the frame's own.

It is known where both pictures show the same skin, at the border, which talking moves. Guessed for one frame
at a time it trembled twice as much as filmed skin does; so it is guessed for all and steadied over time.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Real = NDArray[np.floating[Any]]

CELLS = 20
"""Cells along a side of the square that the light is kept in ..."""

SIDE = 2.0
"""... and its side in eye distances."""

DIFFERENT = 30.0
"""Grey levels by which two pictures of the same skin in other light hardly differ."""

SPREAD = 0.16
"""Standard deviation in eye distances of the Gaussian that spreads the light from the border inwards."""

STEADY = 2.5
"""Standard deviation in frames of the Gaussian that steadies it."""

SHRUNK = 4
"""The light is guessed in pictures so many times smaller."""


def guess(
    difference: NDArray[np.float32], trust: NDArray[np.float32], mask: NDArray[np.float32], unit: float
) -> Real:
    """The slow difference in colour, known at the border of `mask`, spread into its middle.

    `difference` has shape (h, w, 3), frame less lent mouth; `trust`, shape (h, w), says where it is one of
    light; `unit` is the eye distance in pixels. The answer is SHRUNK times smaller.
    """
    size = tuple(max(4, side // SHRUNK) for side in difference.shape[1::-1])
    small = cv2.resize(difference, size, interpolation=cv2.INTER_AREA)
    part = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    known = cv2.resize(trust, size, interpolation=cv2.INTER_AREA)
    # where the two pictures show different things, colour says nothing about light
    alike = np.exp(-((np.abs(small).max(axis=-1) / DIFFERENT) ** 2))
    known = known * alike * (np.clip(4.0 * part * (1.0 - part), 0.0, 1.0) + 1e-4)
    sigma = SPREAD * unit / SHRUNK
    spread = cv2.GaussianBlur(small * known[..., None], (0, 0), sigma)
    weight = cv2.GaussianBlur(known, (0, 0), sigma)
    return np.asarray(spread / (weight[..., None] + 1e-6), np.float32)


def to_cells(light: Real, middle: Real, unit: float, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """A guess for a window of `shape` in cells around its point `middle` (x, y), shape (CELLS, CELLS, 3)."""
    shrunk = np.array(light.shape[1::-1]) / np.array(shape[1::-1])
    step = SIDE * unit / CELLS
    first = (middle - step * (CELLS - 1) / 2 + 0.5) * shrunk - 0.5
    there = np.array([[step * shrunk[0], 0.0, first[0]], [0.0, step * shrunk[1], first[1]]])
    return _looked_up(light, there, (CELLS, CELLS))


def from_cells(cells: Real, middle: Real, unit: float, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The light in cells around `middle` for every pixel of a window of `shape`, shape (h, w, 3)."""
    step = SIDE * unit / CELLS
    first = (CELLS - 1) / 2 - middle / step
    return _looked_up(cells, np.array([[1 / step, 0.0, first[0]], [0.0, 1 / step, first[1]]]), shape[:2])


def steadied(cells: Real, known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The light of all frames, shape (n, CELLS, CELLS, 3), guessed in those `known`, without trembling."""
    if not known.any():
        return np.zeros(cells.shape, np.float32)
    nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)[0]
    return np.asarray(ndimage.gaussian_filter1d(cells[nearest], STEADY, axis=0, mode="nearest"), np.float32)


def _looked_up(picture: Real, affine: Real, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Every pixel (x, y) of `shape` from `picture` at `affine` (x, y, 1)."""
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(picture, affine, shape[1::-1], flags=how, borderMode=cv2.BORDER_REPLICATE), np.float32
    )
