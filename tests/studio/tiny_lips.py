"""A lip model that learns nothing: skin that follows the light, like the network of tests/networks.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from networks import lips_network
from numpy.typing import NDArray

from renderer.studio.lips.network import LATENT

SKIN = np.array([0.80, 0.60, 0.50], np.float32)


class TinyLips:
    """Draws what `lips_network` draws, for crops of one size."""

    def __init__(self, size: int) -> None:
        self._size = size

    def encode(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        light = crops.mean(axis=(1, 2, 3)).astype(np.float32) / 255 - SKIN.mean()
        return np.asarray(light[:, None, None, None] * np.ones(LATENT, np.float32), np.float32)

    def draw(self, weights: NDArray[np.float32], latents: NDArray[np.float32]) -> NDArray[np.uint8]:
        assert len(weights) == len(latents)
        light = latents.mean(axis=(1, 2, 3))[:, None, None, None]
        patches = (light + SKIN).clip(0, 1) * np.ones((1, self._size, self._size, 1), np.float32)
        return np.asarray(255 * patches, np.uint8)

    def export(self, path: Path) -> None:
        path.write_bytes(lips_network(latent=LATENT, size=self._size))


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
