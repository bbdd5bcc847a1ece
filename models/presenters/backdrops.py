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
    # middle and half width, upper and lower edge, in widths of the picture from its upper left; added light
    (1.03, 0.14, 0.02, 1.12, 34.0), (0.74, 0.11, 0.06, 1.06, 20.0), (-0.02, 0.14, 0.12, 2.0, -20.0),
)  # fmt: skip
"""A window's light on his left, and a door in shade on his right."""

LEAVES = (
    # middle (x, y), half length and half width, in widths of the picture; degrees from upright
    (0.060, 0.60, 0.190, 0.034, 16.0), (-0.010, 0.56, 0.180, 0.032, -6.0), (0.120, 0.70, 0.150, 0.032, 38.0),
    (0.020, 0.74, 0.150, 0.038, 4.0), (0.140, 0.86, 0.120, 0.030, 62.0), (0.010, 0.96, 0.160, 0.050, -14.0),
)  # fmt: skip
"""A plant in the corner."""

LEAF = (0.60, 0.74, 0.62)
"""Share of red, green and blue that is left before the wall where a leaf is."""

SCREEN = (38, 158, 62)
"""R, G, B of a green screen as cameras see it, evenly lit."""


def room(width: int, height: int) -> Picture:
    """A bright wall with a window's light on one side, far out of focus."""
    y, x = np.mgrid[0:height, 0:width] / width
    near, far = np.array(WALL)
    away = np.clip(0.62 * (1 - x) + 0.30 * np.maximum(y - 0.25, 0), 0, 1)[..., None]
    picture: Floats = near + (far - near) * away * away * (3 - 2 * away)
    for middle, half, top, bottom, light in PANES:
        inside = _soft(x, middle - half, middle + half, 0.16) * _soft(y, top, bottom, 0.30)
        picture = picture + (light * inside)[..., None] * [1.0, 0.99, 0.95]
    for across, down, half, thick, degrees in LEAVES:
        sine, cosine = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
        along = (x - across) * sine - (y - down) * cosine
        beside = (x - across) * cosine + (y - down) * sine
        share = 0.75 * np.exp(-((along / half) ** 4) - (beside / thick) ** 2)[..., None]
        picture = picture * (1 - share * (1 - np.array(LEAF)))
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
