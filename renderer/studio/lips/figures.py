"""How good drawn mouths are: measured against filmed ones that the network never saw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..crops import mouth_mask
from .fields import LEFT, TOP, WINDOW
from .recording import Crops

STILL = 0.25
"""Share of the frames, those whose mouth weights change least, that count as still moments."""


@dataclass(frozen=True)
class LipFigures:
    """Drawn mouths against the filmed ones of the same frames."""

    psnr: float
    """dB where the mask is more than half."""

    inner_psnr: float
    """dB in the inner window: lips and teeth."""

    sharpness: float
    """Mean absolute Laplacian over the filmed frames', where the mask is more than half."""

    inner_sharpness: float
    """The same in the inner window."""

    flicker: float
    """Mean change from frame to frame in still moments, over the filmed frames'."""

    still: float
    """Mean change from frame to frame of the filmed frames in still moments, of 255."""


def compare(drawn: Crops, filmed: Crops, weights: NDArray[np.float32]) -> LipFigures:
    """Figures of consecutive frames, at least two; `weights` has shape (n, k)."""
    size = filmed.shape[1]
    shown = mouth_mask(size) > 0.5
    inner = np.zeros_like(shown)
    cell = size // 32
    inner[TOP * cell : (TOP + WINDOW) * cell, LEFT * cell : (LEFT + WINDOW) * cell] = True
    inner &= shown
    moved = np.abs(np.diff(weights, axis=0)).sum(axis=1)
    still = np.flatnonzero(moved <= np.quantile(moved, STILL))
    change = [_change(crops, still, shown) for crops in (drawn, filmed)]
    sharp = [_laplacian(crops) for crops in (drawn, filmed)]
    return LipFigures(
        psnr=_psnr(drawn, filmed, shown),
        inner_psnr=_psnr(drawn, filmed, inner),
        sharpness=float(sharp[0][:, shown].mean() / sharp[1][:, shown].mean()),
        inner_sharpness=float(sharp[0][:, inner].mean() / sharp[1][:, inner].mean()),
        flicker=change[0] / change[1],
        still=change[1],
    )


def _psnr(drawn: Crops, filmed: Crops, where: NDArray[np.bool_]) -> float:
    error = drawn[:, where].astype(np.float32) - filmed[:, where].astype(np.float32)
    return float(10 * np.log10(255**2 / max(float((error**2).mean()), 1e-6)))


def _laplacian(crops: Crops) -> NDArray[np.float32]:
    """Absolute Laplacian of the grey picture, shape (n, size, size), 0 at the border."""
    grey = crops.mean(axis=3, dtype=np.float32)
    energy: NDArray[np.float32] = np.zeros_like(grey)
    middle: NDArray[np.float32] = 4 * grey[:, 1:-1, 1:-1] - grey[:, :-2, 1:-1] - grey[:, 2:, 1:-1]
    energy[:, 1:-1, 1:-1] = np.abs(middle - grey[:, 1:-1, :-2] - grey[:, 1:-1, 2:])
    return energy


def _change(crops: Crops, frames: NDArray[np.intp], where: NDArray[np.bool_]) -> float:
    after = crops[frames + 1][:, where].astype(np.float32)
    return float(np.abs(after - crops[frames][:, where]).mean())
