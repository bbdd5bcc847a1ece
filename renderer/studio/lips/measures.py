"""What tells a drawn mouth from a filmed one, pixel by pixel: pictures in, numbers out."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Shape (h, w, 3), R G B."""

Where = NDArray[np.bool_]
"""Shape (h, w)."""

Real = NDArray[np.floating[Any]]

BORDER = (0.02, 0.98)
"""Shares of a drawn patch between which the picture counts as its border."""


def squared_error(drawn: Picture, filmed: Picture, where: Where) -> float:
    """Mean squared difference of all colours, of 255 squared."""
    off = drawn[where].astype(np.float32) - filmed[where].astype(np.float32)
    return float((off * off).mean())


def psnr(error: float) -> float:
    """dB of a mean squared error; 100 at most, where nothing differs."""
    return float(10 * np.log10(255**2 / max(error, 255**2 * 1e-10)))


def likeness(drawn: Picture, filmed: Picture, where: Where) -> float:
    """Structural similarity (SSIM) of the grey pictures: Gaussian window of 1.5 pixels, Wang et al. 2004."""
    a, b = grey(drawn), grey(filmed)
    low, high = (0.01 * 255) ** 2, (0.03 * 255) ** 2

    def near(x: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(x, (11, 11), 1.5), np.float32)

    mean_a, mean_b = near(a), near(b)
    both = near(a * b) - mean_a * mean_b
    own_a, own_b = near(a * a) - mean_a**2, near(b * b) - mean_b**2
    index = (2 * mean_a * mean_b + low) * (2 * both + high)
    index /= (mean_a**2 + mean_b**2 + low) * (own_a + own_b + high)
    return float(index[where].mean())


def detail(picture: Picture, where: Where) -> float:
    """Mean absolute Laplacian of the grey picture: how much fine detail there is."""
    return float(np.abs(cv2.Laplacian(grey(picture), cv2.CV_32F))[where].mean())


def change(after: Picture, before: Picture, where: Where) -> float:
    """Mean absolute difference of two pictures in a row."""
    return float(np.abs(after[where].astype(np.float32) - before[where].astype(np.float32)).mean())


def across_border(picture: Picture, mask: Real) -> float:
    """Mean absolute slope across the soft border of a patch whose share is `mask`, shape (h, w)."""
    # away from the patch's middle: the way its share falls
    down, right = np.gradient(cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.0))
    steep = np.hypot(down, right)
    where = (mask > BORDER[0]) & (mask < BORDER[1]) & (steep > 1e-4)
    if not where.any():
        return 0.0
    picture_down, picture_right = np.gradient(grey(picture))
    slope = (picture_down * down + picture_right * right)[where] / steep[where]
    return float(np.abs(slope).mean())


def grey(picture: Picture) -> NDArray[np.float32]:
    """Luma, 0 to 255."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)
