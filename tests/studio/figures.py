"""A drawn person with an arm, to find gestures in."""

from __future__ import annotations

from typing import Any

import numpy as np
from faces import draw, film_of
from numpy.typing import NDArray

from renderer.studio.loops import small_grey

WIDTH = 320


def raised(count: int, *moves: tuple[int, int, int]) -> NDArray[np.float64]:
    """How far the hand is up, 0 to 1, shape (count,): a move is (start, frames up and down, frames held)."""
    height = np.zeros(count)
    for start, takes, held in moves:
        up = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, takes // 2))
        line = np.concatenate([up, np.ones(held), up[::-1]])
        height[start : start + len(line)] = line[: count - start]
    return height


def figure(
    hand: NDArray[np.floating[Any]], sway: NDArray[np.floating[Any]] | None = None, noise: float = 0.0
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Small grey frames (n, h, w) and landmarks (n, 478, 3) of somebody whose hand goes up."""
    sway = np.zeros(len(hand)) if sway is None else sway
    points = film_of(np.zeros(len(hand)), sway, eyes=40, middle=(160, 50))
    chance = np.random.default_rng(0)
    greys = []
    for at, up, side in zip(points, hand, sway, strict=True):
        picture = draw(at, WIDTH)
        picture[150:, 90 + round(side) : 230 + round(side)] = (60, 60, 90)  # the body sways with the head
        top = round(225 - 75 * up)
        picture[top : top + 26, 185:215] = (205, 155, 130)
        noisy = picture + chance.normal(0, noise, picture.shape) if noise else picture
        greys.append(small_grey(np.clip(noisy, 0, 255).astype(np.uint8)))
    return np.stack(greys), points
