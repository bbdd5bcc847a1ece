"""A lip model that learns nothing and leaves every mouth at rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from networks import lips_network
from numpy.typing import NDArray

from renderer.studio.lips.fields import CELLS


class TinyLips:
    """Draws what `lips_network` draws, for crops of one size; at rest, that is what it is given."""

    references = (0, 1)

    def __init__(self, size: int) -> None:
        self._size = size

    def fields(self, weights: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        count = len(weights)
        return np.zeros((count, 5, CELLS, CELLS), np.float32), np.zeros((count, 10, CELLS, CELLS), np.float32)

    def draw(self, weights: NDArray[np.float32], around: NDArray[np.uint8]) -> NDArray[np.uint8]:
        assert len(weights) == len(around)
        assert around.shape[1] == self._size
        return around

    def export(self, path: Path) -> None:
        path.write_bytes(lips_network(cells=CELLS))


def train_tiny_lips(
    crops: NDArray[np.uint8],
    weights: NDArray[np.float32],
    rest: NDArray[np.bool_],
    work: Path,
    *,
    around: NDArray[np.uint8],
    mask: NDArray[np.float32],
    minutes: float,
    progress: Callable[[float, str], None],
) -> TinyLips:
    """Takes the place of lips.training.train_lips."""
    assert len(crops) == len(weights) == len(rest)
    assert around.shape == crops.shape
    assert mask.shape == crops.shape[1:3]
    assert minutes > 0
    assert not work.exists()
    progress(1.0, "")
    return TinyLips(crops.shape[1])
