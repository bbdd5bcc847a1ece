"""What is behind Nora: a reception with a window, a plant and a shelf, painted by code and out of focus."""

from __future__ import annotations

import numpy as np
from scipy.signal import fftconvolve

from .human import Floats

SIZE = (3.0, 1.8)
"""Width and height of the painted wall, metres; the camera sees 1.9 by 1.05 of it."""

LOW = -0.45
"""Height of its lower edge, metres."""

FINE = 360
"""Pixels to the metre."""

LENS = 0.030
"""Metres: radius of the disc that a point is blurred to."""

WALL = np.array([0.105, 0.135, 0.150])
DAY = np.array([0.62, 0.72, 0.80])
WOOD = np.array([0.150, 0.085, 0.050])
LEAF = np.array([0.032, 0.056, 0.030])
LAMP = np.array([0.95, 0.62, 0.34])
BOOKS = np.array([
    (0.20, 0.07, 0.05), (0.05, 0.09, 0.14), (0.28, 0.24, 0.18), (0.06, 0.12, 0.10), (0.24, 0.15, 0.06),
    (0.11, 0.12, 0.14), (0.34, 0.31, 0.27),
])  # fmt: skip
"""Linear RGB."""


def reception(seed: int = 4) -> Floats:
    """The blurred picture, linear RGB, rows from below, shape (height, width, 3)."""
    random = np.random.default_rng(seed)
    wide, high = round(SIZE[0] * FINE), round(SIZE[1] * FINE)
    row, column = np.mgrid[0:high, 0:wide]
    x, z = column / FINE - SIZE[0] / 2, row / FINE + LOW
    picture = WALL * (0.62 + 0.45 * np.clip((z - LOW) / SIZE[1], 0, 1))[..., None]
    picture = picture + np.exp(-(((x + 0.7) / 0.75) ** 2))[..., None] * DAY * 0.10
    picture = picture + np.exp(-((x / 0.55) ** 2 + ((z - 0.55) / 0.5) ** 2))[..., None] * DAY * 0.06
    _window(picture, x, z)
    _shelf(picture, x, z, random)
    _plant(picture, x, z, random)
    edge = np.arange(-LENS, LENS, 1 / FINE)
    disc = (np.hypot(edge[:, None], edge[None]) <= LENS).astype(float)
    room = len(edge) // 2 + 1
    padded = np.pad(picture, ((room, room), (room, room), (0, 0)), mode="edge")
    blurred: Floats = np.stack(
        [fftconvolve(padded[..., k], disc / disc.sum(), mode="same") for k in range(3)], axis=-1
    )
    return np.clip(blurred[room:-room, room:-room], 0.0, None)


def _fill(picture: Floats, where: Floats, colour: Floats, share: float = 1.0) -> None:
    """Paint colour over picture where the mask is, in place."""
    cover = share * where[..., None]
    picture *= 1 - cover
    picture += cover * colour


def _window(picture: Floats, x: Floats, z: Floats) -> None:
    """Tall panes on the left, a sheer curtain's folds over them."""
    for left, right in ((-1.30, -0.98), (-0.95, -0.66)):
        pane = ((x > left) & (x < right) & (z > 0.02)).astype(float)
        folds = 0.80 + 0.20 * np.sin(95.0 * x + 2.2 * np.sin(17.0 * x))
        light = DAY * (0.40 + 0.28 * np.clip(z / 0.9, 0, 1))[..., None] * folds[..., None]
        _fill(picture, pane, light)


def _shelf(picture: Floats, x: Floats, z: Floats, random: np.random.Generator) -> None:
    """Boards on the right with books, a bowl and a lamp's glow."""
    for board, first in ((0.28, 0.42), (0.62, 0.56)):
        at = 0.38
        while at < 1.30:
            width, height = random.uniform(0.022, 0.050), random.uniform(0.13, 0.21)
            if at < first + 0.25 and random.random() < 0.85:
                spine = ((x > at) & (x < at + width) & (z > board) & (z < board + height)).astype(float)
                _fill(picture, spine, BOOKS[random.integers(len(BOOKS))] * random.uniform(0.6, 1.0))
            at += width
        plank = ((x > 0.33) & (z > board - 0.028) & (z < board)).astype(float)
        _fill(picture, plank, WOOD)
    bowl = (((x - 0.83) / 0.06) ** 2 + ((z - 0.665) / 0.045) ** 2 < 1).astype(float)
    _fill(picture, bowl, np.array([0.30, 0.27, 0.23]))
    glow = np.exp(-(((x - 0.80) / 0.20) ** 2 + ((z - 0.40) / 0.17) ** 2))
    picture += glow[..., None] * LAMP * 0.16
    shade = ((np.abs(x - 0.80) < 0.055) & (z > 0.37) & (z < 0.46)).astype(float)
    _fill(picture, shade, LAMP * 0.85)
    foot = ((np.abs(x - 0.80) < 0.008) & (z > 0.28) & (z < 0.37)).astype(float)
    _fill(picture, foot, WOOD * 0.5)


def _plant(picture: Floats, x: Floats, z: Floats, random: np.random.Generator) -> None:
    """Long leaves from a pot below the picture, before the window."""
    for _ in range(34):
        lean = random.normal(0.0, 0.42)
        length = random.uniform(0.40, 0.80)
        root = np.array([-0.66 + random.normal(0, 0.035), -0.25])
        along = np.linspace(0, 1, 40)
        bow = lean * (along + 0.9 * along**2) * 0.5
        path = root + np.stack([bow * length, along * length * (1 - 0.25 * np.abs(lean) * along)], axis=1)
        colour = LEAF * random.uniform(0.7, 2.1) * np.array([random.uniform(0.8, 1.3), 1.0, 1.0])
        for k, (px, pz) in enumerate(path):
            half = 0.020 * np.sin(np.pi * min(along[k] * 0.95 + 0.04, 1.0)) + 0.003
            near = (
                slice(*_range(pz, half, LOW, x.shape[0])),
                slice(*_range(px, half, -SIZE[0] / 2, x.shape[1])),
            )
            part = picture[near]
            inside = np.hypot(x[near] - px, z[near] - pz) < half
            part[inside] = colour


def _range(middle: float, half: float, low: float, count: int) -> tuple[int, int]:
    """Rows or columns within half of middle."""
    first = int(np.clip((middle - half - low) * FINE, 0, count))
    last = int(np.clip((middle + half - low) * FINE + 2, 0, count))
    return first, last
