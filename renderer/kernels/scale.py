"""A picture in another size, for screens that are not as large as the avatar."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .compiling import compiled
from .views import Bytes, packed_pixels

Words = NDArray[np.uint32]

u32 = np.uint32


def scale(picture: Bytes, out: Bytes, left: int, top: int, width: int, height: int) -> None:
    """Draw a picture into a rectangle of another, bilinear, centre on centre.

    picture  (h, w, 4), contiguous
    out      (H, W, 4), contiguous; the rectangle (left, top, width, height) lies inside it

    Each axis is rounded to nearest. Below half its size a picture loses fine detail to aliasing. Raises
    ValueError for other arrays and a rectangle that is empty or sticks out.
    """
    source, target = packed_pixels(picture), packed_pixels(out)
    if not (0 <= left < left + width <= target.shape[1] and 0 <= top < top + height <= target.shape[0]):
        raise ValueError(
            f"rectangle {left, top, width, height} in a picture {target.shape}; it must lie inside"
        )
    columns, across = steps(source.shape[1], width)
    rows, down = steps(source.shape[0], height)
    _scale(source, target, left, top, columns, across, rows, down)


def steps(source: int, target: int) -> tuple[NDArray[np.int64], Words]:
    """For each pixel of an axis the first of its two source pixels, and the share of the second in 1/256."""
    at = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    first = np.minimum(at.astype(np.int64), max(0, source - 2))
    return first, np.rint((at - first) * 256).astype(np.uint32)


@compiled
def _scale(
    source: Words,
    target: Words,
    left: int,
    top: int,
    columns: NDArray[np.int64],
    across: Words,
    rows: NDArray[np.int64],
    down: Words,
) -> None:
    width = source.shape[1]
    row = np.empty(width + 1, np.uint32)  # one more, for the neighbour of the only column
    near, far = np.empty(columns.size, np.uint32), np.empty(columns.size, np.uint32)
    for y in range(rows.size):
        below = min(rows[y] + 1, source.shape[0] - 1)
        _mix_rows(source[rows[y]], source[below], down[y], row[:width])
        row[width] = row[width - 1]
        for x in range(columns.size):
            near[x] = row[columns[x]]
            far[x] = row[columns[x] + 1]
        _mix_columns(near, far, across, target[top + y, left : left + columns.size])


@compiled
def _mix_rows(above: Words, below: Words, share: np.uint32, out: Words) -> None:
    odd, half, rest = u32(0x00FF00FF), u32(0x00800080), u32(u32(256) - share)
    for i in range(out.size):
        a, b = above[i], below[i]
        even = u32(u32(u32((a & odd) * rest) + u32((b & odd) * share)) + half)
        other = u32(u32(u32((u32(a >> u32(8)) & odd) * rest) + u32((u32(b >> u32(8)) & odd) * share)) + half)
        out[i] = (u32(even >> u32(8)) & odd) | (other & u32(0xFF00FF00))


@compiled
def _mix_columns(near: Words, far: Words, shares: Words, out: Words) -> None:
    odd, half = u32(0x00FF00FF), u32(0x00800080)
    for i in range(out.size):
        a, b, share = near[i], far[i], shares[i]
        rest = u32(u32(256) - share)
        even = u32(u32(u32((a & odd) * rest) + u32((b & odd) * share)) + half)
        other = u32(u32(u32((u32(a >> u32(8)) & odd) * rest) + u32((u32(b >> u32(8)) & odd) * share)) + half)
        out[i] = (u32(even >> u32(8)) & odd) | (other & u32(0xFF00FF00))
