"""One picture turning into another, with one face on the way instead of two.

A cross-fade of two faces that are not in the same place shows both. So around the face each picture is bent
until its face is where the other's is; away from it both stay as they are.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .blend import cross_fade
from .compiling import compiled
from .views import Bytes, packed_pixels

Reals = NDArray[np.float32]
Words = NDArray[np.uint32]

f32, i32, u32 = np.float32, np.int32, np.uint32


def morph(
    a: Bytes,
    b: Bytes,
    to_a: Reals,
    to_b: Reals,
    centre: tuple[float, float],
    reach: float,
    share: float,
    out: Bytes,
) -> None:
    """out = a + (b - a) * share, each bent around `centre`.

    a, b, out: uint8 (H, W, 4), contiguous, of one size; `out` is neither `a` nor `b`
    to_a, to_b: float32 (2, 3), from a pixel of `out` at the centre to the place in `a` and `b` shown there
    centre, reach: in pixels. Nearer than half of `reach` they hold wholly, beyond `reach` not at all
    share: in [0, 1], in steps of 1/256
    Bilinear, each step rounded to nearest. Raises ValueError for other arrays.
    """
    first, second, target = packed_pixels(a), packed_pixels(b), packed_pixels(out)
    if not first.shape == second.shape == target.shape:
        raise ValueError(
            f"a morph of {first.shape} and {second.shape} into {target.shape}; one size expected"
        )
    if min(target.shape) < 2:
        raise ValueError(f"a morph of {target.shape} pixels; two a side expected")
    if np.shares_memory(a, out) or np.shares_memory(b, out):
        raise ValueError("a morph into one of its own pictures; another one expected")
    cross_fade(a, b, share, out)
    weight = round(min(max(share, 0.0), 1.0) * 256)
    for_a, for_b = (bend.astype(np.float32) - np.eye(2, 3, dtype=np.float32) for bend in (to_a, to_b))
    _morph(first, second, for_a, for_b, f32(centre[0]), f32(centre[1]), f32(reach), u32(weight), target)


@compiled
def _morph(
    a: Words,
    b: Words,
    for_a: Reals,
    for_b: Reals,
    across: np.float32,
    down: np.float32,
    reach: np.float32,
    weight: np.uint32,
    out: Words,
) -> None:
    height, width = out.shape
    held = np.empty(width, np.float32)
    at, right, below = np.empty(width, np.int32), np.empty(width, np.uint32), np.empty(width, np.uint32)
    one, other = np.empty(width, np.uint32), np.empty(width, np.uint32)
    four = np.empty((4, width), np.uint32)
    square = reach * reach
    for y in range(max(0, math.ceil(down - reach)), min(height, math.floor(down + reach) + 1)):
        rise = f32(y) - down
        half = math.sqrt(max(square - rise * rise, f32(0)))
        left, end = max(0, math.ceil(across - half)), min(width, math.floor(across + half) + 1)
        count = end - left
        if count <= 0:
            continue
        _hold(f32(left) - across, rise * rise, square, held[:count])
        _locate(
            left, y, for_a, held[:count], i32(width), i32(height), at[:count], right[:count], below[:count]
        )
        _fetch(a.reshape(-1), i32(width), at[:count], right[:count], below[:count], four, one[:count])
        _locate(
            left, y, for_b, held[:count], i32(width), i32(height), at[:count], right[:count], below[:count]
        )
        _fetch(b.reshape(-1), i32(width), at[:count], right[:count], below[:count], four, other[:count])
        row = out[y, left:end]
        for i in range(count):
            row[i] = _mix(one[i], other[i], weight)


@compiled
def _hold(first: np.float32, rise: np.float32, square: np.float32, held: Reals) -> None:
    """How far the bend holds in each pixel of a row: 1 up to half of the reach, then smoothly down to 0."""
    scale, one, two = f32(4.0 / 3.0) / square, f32(1), f32(2)
    for i in range(held.size):
        x = first + f32(i)
        t = max((x * x + rise) * scale - f32(1.0 / 3.0), f32(0))
        rest = max(one - t, f32(0))
        held[i] = rest * rest * (one + two * t)


@compiled
def _locate(
    left: int,
    y: int,
    bend: Reals,
    held: Reals,
    width: np.int32,
    height: np.int32,
    at: NDArray[np.int32],
    right: Words,
    below: Words,
) -> None:
    """Where each pixel of a row is found: a whole position and eight bits beyond it."""
    u0 = bend[0, 1] * f32(y) + bend[0, 2]
    v0 = bend[1, 1] * f32(y) + bend[1, 2]
    du, dv = bend[0, 0], bend[1, 0]
    far, low = f32((width - 1) * 256), f32((height - 1) * 256)
    one, half, nought = f32(256), f32(0.5), f32(0)
    for i in range(held.size):
        x = f32(left + i)
        u = (x + held[i] * (du * x + u0)) * one + half
        v = (f32(y) + held[i] * (dv * x + v0)) * one + half
        p, q = i32(min(max(u, nought), far)), i32(min(max(v, nought), low))
        column, row = min(i32(p >> i32(8)), i32(width - 2)), min(i32(q >> i32(8)), i32(height - 2))
        at[i] = i32(row * width) + column
        right[i] = u32(p - i32(column << i32(8)))
        below[i] = u32(q - i32(row << i32(8)))


@compiled
def _fetch(
    pixels: Words, width: np.int32, at: NDArray[np.int32], right: Words, below: Words, four: Words, out: Words
) -> None:
    """Between the four neighbours of each place. Only the first loop jumps about in memory."""
    a, b, c, d = four[0], four[1], four[2], four[3]
    for i in range(at.size):
        first = at[i]
        a[i], b[i] = pixels[first], pixels[first + i32(1)]
        c[i], d[i] = pixels[first + width], pixels[first + width + i32(1)]
    for i in range(at.size):
        out[i] = _mix(_mix(a[i], b[i], right[i]), _mix(c[i], d[i], right[i]), below[i])


@compiled
def _mix(a: np.uint32, b: np.uint32, share: np.uint32) -> np.uint32:
    """All four channels of a + (b - a) * share / 256, to the nearest, two of them in a word."""
    odd, half, rest = u32(0x00FF00FF), u32(0x00800080), u32(u32(256) - share)
    even = u32(u32(u32((a & odd) * rest) + u32((b & odd) * share)) + half)
    other = u32(u32(u32((u32(a >> u32(8)) & odd) * rest) + u32((u32(b >> u32(8)) & odd) * share)) + half)
    return u32((u32(even >> u32(8)) & odd) | (other & u32(0xFF00FF00)))
