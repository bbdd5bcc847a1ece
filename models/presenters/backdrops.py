"""What can be behind somebody who was rendered before nothing: a bright room out of focus, a green screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .human import Floats

if TYPE_CHECKING:
    from .pictures import Picture

WALL = ((206.0, 200.0, 190.0), (150.0, 148.0, 146.0))
"""R, G, B of the room's wall beside the window and in its far corner."""

PANES = (
    # middle and half width, lower and upper edge, in widths of the picture from its upper left; added light
    (1.02, 0.115, 0.06, 0.98, 30.0), (0.76, 0.095, 0.10, 0.94, 20.0), (0.02, 0.10, 0.22, 0.86, -16.0),
)  # fmt: skip
"""A window's light on his left, and a door in shade on his right."""

SCREEN = (38, 158, 62)
"""R, G, B of a green screen as cameras see it, evenly lit."""


def room(width: int, height: int) -> Picture:
    """A bright wall with a window's light on one side, far out of focus."""
    y, x = np.mgrid[0:height, 0:width] / width
    near, far = np.array(WALL)
    away = np.clip(0.62 * (1 - x) + 0.30 * np.maximum(y - 0.25, 0), 0, 1)[..., None]
    picture: Floats = near + (far - near) * away * away * (3 - 2 * away)
    for middle, half, top, bottom, light in PANES:
        inside = _soft(x, middle - half, middle + half, 0.11) * _soft(y, top, bottom, 0.20)
        picture = picture + (light * inside)[..., None] * [1.0, 0.99, 0.95]
    dim = 1 - 0.16 * np.clip((y - 0.9) / 0.9, 0, 1)[..., None]
    drawn: Picture = np.clip(picture * dim + 0.5, 0, 255).astype(np.uint8)[..., ::-1].copy()
    return drawn


def screen(width: int, height: int) -> Picture:
    """A green screen."""
    return np.broadcast_to(np.array(SCREEN[::-1], np.uint8), (height, width, 3)).copy()


BACKDROPS = {"room": room, "screen": screen}


def _soft(value: Floats, low: float, high: float, edge: float) -> Floats:
    """1 between low and high, falling off over edge."""
    inside = np.clip(np.minimum(value - low, high - value) / edge + 0.5, 0, 1)
    eased: Floats = inside * inside * (3 - 2 * inside)
    return eased
