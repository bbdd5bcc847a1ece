"""By what a mouth is drawn, and the drawing itself in crops, where networks learn.

Pictures are float32 in [0, 1]. The player's kernel draws the same in frames (kernels/mouth.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

OPEN_REFERENCES = 2
"""Pictures of the open mouth to take teeth and tongue from, besides the one of the resting mouth."""

# The inner window, in 1/32 of the crop. It holds all lip landmarks in every frame of 15 of 20 recordings and
# in 73 % at worst: the corners of a broad smile leave it, and are bent only.
TOP, LEFT, WINDOW = 6, 8, 16

CELLS = 64
"""Cells a side of the fields."""


class Fields(NamedTuple):
    """By what a mouth is drawn."""

    skin: Tensor
    """(b, 5, CELLS, CELLS) over the crop: flow x and y in shares of its side, added R G B."""

    inner: Tensor
    """(b, 10, CELLS, CELLS) over the inner window: flow x and y of each open reference, shares of both and
    of the paint, R G B of the paint."""


def window(size: int) -> tuple[float, float, float]:
    """Left, top and side of the inner window in pixels of a crop of `size`."""
    return size * LEFT / 32, size * TOP / 32, size * WINDOW / 32


def in_pixels(fields: Fields, size: int) -> Fields:
    """Fields with flows in pixels of a crop of `size`, as the player wants them."""
    flow, light = fields.skin.split([2, 3], dim=1)
    flows, rest = fields.inner.split([2 * OPEN_REFERENCES, OPEN_REFERENCES + 4], dim=1)
    return Fields(torch.cat([size * flow, light], dim=1), torch.cat([size * flows, rest], dim=1))


def drawn_by(fields: Fields, rest: Tensor, opened: Tensor) -> Tensor:
    """Crops drawn by fields, (b, 3, size, size) in [0, 1].

    `rest` (b, 3, size, size) are the crops with the mouth at rest, `opened` (b or 1, OPEN_REFERENCES * 3,
    size, size) the references.
    """
    size = rest.shape[-1]
    half = size // 2
    skin, inner = resize(fields.skin, size), resize(fields.inner, half)
    whole = _identity_grid(size)
    bent = _bent(rest, skin[:, :2], whole)
    grid = in_window(whole.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    flows, shares, paint = inner.split([2 * OPEN_REFERENCES, OPEN_REFERENCES + 1, 3], dim=1)
    below = in_window(bent)
    change = shares[:, -1:] * (paint - below)
    for number in range(OPEN_REFERENCES):
        reference = opened[:, 3 * number : 3 * number + 3].expand(len(rest), -1, -1, -1)
        seen = _bent(reference, flows[:, 2 * number : 2 * number + 2], grid)
        change = change + shares[:, number : number + 1] * (seen - below)
    return torch.clamp(bent + spread(change) + skin[:, 2:], 0, 1)


def _bent(picture: Tensor, flow: Tensor, grid: Tensor) -> Tensor:
    """A picture seen through a flow (b, 2, ., .), in shares of the crop, at the positions of `grid`."""
    where = grid + 2 * flow.permute(0, 2, 3, 1)
    return F.grid_sample(picture, where, padding_mode="border", align_corners=False)


def in_window(maps: Tensor) -> Tensor:
    """The inner window of maps that cover the whole crop."""
    cell = maps.shape[-1] // 32
    rows, columns = slice(TOP * cell, (TOP + WINDOW) * cell), slice(LEFT * cell, (LEFT + WINDOW) * cell)
    return maps[..., rows, columns]


def spread(maps: Tensor) -> Tensor:
    """Maps of the inner window laid into maps of the whole crop, zero elsewhere."""
    cell = maps.shape[-1] // WINDOW
    rest = 32 - WINDOW
    return F.pad(maps, (LEFT * cell, (rest - LEFT) * cell, TOP * cell, (rest - TOP) * cell))


def resize(maps: Tensor, side: int) -> Tensor:
    if maps.shape[-1] == side:
        return maps
    return F.interpolate(maps, size=(side, side), mode="bilinear", align_corners=False)


def _identity_grid(side: int) -> Tensor:
    """Sampling positions that change nothing, (1, side, side, 2), as `grid_sample` counts them."""
    line = (torch.arange(side, dtype=torch.float32) + 0.5) / side * 2 - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([x, y], dim=-1)[None]


def taper(side: int) -> Tensor:
    """The inner window's own border: 1 within, falling to 0 over its outer 1/16, (1, 1, side, side)."""
    line = torch.arange(side, dtype=torch.float32) + 0.5
    edge = (torch.minimum(line, side - line) / (side / 16)).clamp(0, 1)
    return (edge[:, None] * edge[None, :])[None, None]


def as_tensor(crops: np.ndarray) -> Tensor:  # type: ignore[type-arg]
    """uint8 (n, size, size, 3) -> float32 (n, 3, size, size) in [0, 1]"""
    return torch.from_numpy(np.ascontiguousarray(crops)).permute(0, 3, 1, 2).float() / 255
