"""Where the pixels of a piece of a row of a mouth lie, and what is fetched there.

Pixels and cells are packed in 32 bits, two neighbours in one 64-bit word, so that a gather is two loads a
pixel and everything else becomes vectors (`mouth_mix`). What lies in one array lies BLOCK apart in it, line
after line: distances that the compiler knows let it see that nothing overlaps (with arrays of their own, two
loops stayed scalar and took five times as long).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .compiling import compiled

Reals = NDArray[np.float32]
Words = NDArray[np.uint64]
Pixels = NDArray[np.uint32]

BLOCK = 256
"""Pixels of a row that are worked on at a time, at most."""

i32, u32, u64, f32 = np.int32, np.uint32, np.uint64, np.float32


@compiled
def span(to: NDArray[np.float64], y: int, low: float, high: float, left: int, right: int) -> tuple[int, int]:
    """The columns of row `y`, of those from `left` to before `right`, that `to` takes between two bounds."""
    first, last = float(left), right - 1.0
    for axis in range(2):
        start, slope = to[axis, 1] * y + to[axis, 2], to[axis, 0]
        if abs(slope) > 1e-9:
            enter, leave = (low - start) / slope, (high - start) / slope
            first, last = max(first, min(enter, leave)), min(last, max(enter, leave))
        elif start < low or start > high:
            last = first - 1.0
    return math.ceil(first), math.floor(last) + 1


@compiled
def locate(to: NDArray[np.float64], x: int, y: int, side: int, count: int, at: Pixels, part: Pixels) -> None:
    """Where the pixels from column `x` on lie in a field: a whole position and eight bits beyond it.

    `part` has two lines: to the right, and down.
    """
    one = 65536.0
    u0 = i32(math.floor((to[0, 0] * x + to[0, 1] * y + to[0, 2]) * one + 0.5))
    v0 = i32(math.floor((to[1, 0] * x + to[1, 1] * y + to[1, 2]) * one + 0.5))
    du, dv = i32(math.floor(to[0, 0] * one + 0.5)), i32(math.floor(to[1, 0] * one + 0.5))
    limit, before, wide = i32((side - 1) << 16), i32(side - 2), i32(side)
    for i in range(count):
        p = i32(min(max(i32(u0 + i32(i32(i) * du)), i32(0)), limit))
        q = i32(min(max(i32(v0 + i32(i32(i) * dv)), i32(0)), limit))
        column, row = i32(min(i32(p >> i32(16)), before)), i32(min(i32(q >> i32(16)), before))
        at[i] = u32(i32(row * wide) + column)
        part[i] = u32(i32(p - i32(column << i32(16))) >> i32(8))
        part[BLOCK + i] = u32(i32(q - i32(row << i32(16))) >> i32(8))


@compiled
def locate_bent(
    to: NDArray[np.float64],
    x: int,
    y: int,
    flow: Reals,
    line: int,
    enlarged: float,
    side: int,
    count: int,
    at: Pixels,
    part: Pixels,
) -> None:
    """The same, a flow away (its x is line `line`), in a picture `enlarged` times as large as the crop."""
    u0, v0 = f32(to[0, 0] * x + to[0, 1] * y + to[0, 2]), f32(to[1, 0] * x + to[1, 1] * y + to[1, 2])
    du, dv, larger = f32(to[0, 0]), f32(to[1, 0]), f32(enlarged)
    zero, limit, before, wide = f32(0.0), f32(side - 1), i32(side - 2), i32(side)
    unit, half, across, up = f32(256.0), f32(0.5), line * BLOCK, (line + 1) * BLOCK
    for i in range(count):
        p = min(max(u0 + f32(i32(i)) * du + flow[across + i] * larger, zero), limit)
        q = min(max(v0 + f32(i32(i)) * dv + flow[up + i] * larger, zero), limit)
        column, row = i32(min(i32(p), before)), i32(min(i32(q), before))
        at[i] = u32(i32(row * wide) + column)
        part[i] = u32(i32((p - f32(column)) * unit + half))
        part[BLOCK + i] = u32(i32((q - f32(row)) * unit + half))


@compiled
def fetch(cells: Words, side: int, at: Pixels, first: int, count: int, words: Words, line: int) -> None:
    """The four neighbours of each pixel, those above into one line, those below into the next."""
    wide, above, below = u32(side), line * BLOCK, (line + 1) * BLOCK
    for i in range(count):
        k = at[first + i]
        words[above + i] = cells[k]
        words[below + i] = cells[u32(k + wide)]


@compiled
def fetch_pixels(pixels: Pixels, side: int, at: Pixels, count: int, words: Words) -> None:
    """The same, from pixels that lie alone."""
    wide, next_one = u32(side), u32(1)
    for i in range(count):
        k, m = at[i], u32(at[i] + wide)
        words[i] = u64(pixels[k]) | (u64(pixels[u32(k + next_one)]) << u64(32))
        words[BLOCK + i] = u64(pixels[m]) | (u64(pixels[u32(m + next_one)]) << u64(32))


@compiled
def fetch_cubic(source: Words, width: int, at: Pixels, count: int, words: Words) -> None:
    """Sixteen neighbours: four rows of four, the left two of row r in line 2 r, the right two in the next."""
    wide, two = u32(width), u32(2)
    for i in range(count):
        k = at[i]
        words[i], words[BLOCK + i] = source[k], source[u32(k + two)]
        k = u32(k + wide)
        words[2 * BLOCK + i], words[3 * BLOCK + i] = source[k], source[u32(k + two)]
        k = u32(k + wide)
        words[4 * BLOCK + i], words[5 * BLOCK + i] = source[k], source[u32(k + two)]
        k = u32(k + wide)
        words[6 * BLOCK + i], words[7 * BLOCK + i] = source[k], source[u32(k + two)]


@compiled
def seen(added: Reals, count: int) -> tuple[int, int]:
    """The first pixel that is drawn, and the first after the last one."""
    first, last, share = 0, count, added[3 * BLOCK :]
    while first < last and share[first] <= f32(0.0):
        first += 1
    while last > first and share[last - 1] <= f32(0.0):
        last -= 1
    return first, last


@compiled
def bend(
    flow: Reals,
    count: int,
    corner: tuple[int, int],
    forward: NDArray[np.float64],
    shape: tuple[int, ...],
    at: Pixels,
    part: Reals,
) -> None:
    """Where in the source, (h, w) with two pixels of margin, the bent skin comes from.

    `corner` is the piece's first pixel in the source. `at` is the first of its sixteen neighbours, `part`,
    two lines, how far beyond the sixth of them it lies.
    """
    xx, xy, yx, yy = f32(forward[0, 0]), f32(forward[0, 1]), f32(forward[1, 0]), f32(forward[1, 1])
    x, y, margin, wide = f32(corner[0]), f32(corner[1]), f32(2.0), i32(shape[1])
    most_x, most_y, one = f32(shape[1] - 3), f32(shape[0] - 3), i32(1)
    for i in range(count):
        across, up = flow[i], flow[BLOCK + i]
        p = min(max(x + f32(i32(i)) + xx * across + xy * up, margin), most_x)
        q = min(max(y + yx * across + yy * up, margin), most_y)
        column, row = i32(p), i32(q)
        at[i] = u32(i32(i32(row - one) * wide) + i32(column - one))
        part[i], part[BLOCK + i] = p - f32(column), q - f32(row)
