"""The lip patch, drawn into a frame: warp, colour, feather and blend in one pass over the rows.

Three loops take each row, because only then does the compiler vectorise the arithmetic: a gather of
patch pixels keeps a fused loop scalar (it took 3.7 times as long). Patch pixels are packed, B G R and
opacity in eight bits each, two neighbours in one 64-bit word, so a gather is two loads a pixel.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .compiling import compiled
from .views import packed_pixels

SHRINK = 1.5
"""A patch that shrinks by more is averaged 2x2 first: bilinear sampling would skip pixels (Nyquist at
2; the margin keeps fine lip lines from flickering while the head moves)."""

LARGEST = 4096
"""Pixels of a patch's side: positions are fixed-point numbers of 16 + 16 bits."""

Reals = NDArray[np.float32]

i32, u32, u64, f32 = np.int32, np.uint32, np.uint64, np.float32


def paste_patch(
    frame: NDArray[np.uint8], patch: Reals, mask: Reals, affine: Reals, colour: Reals, opacity: float
) -> None:
    """Draw a patch into a frame, in place. Parts outside the frame are left out.

    frame    (H, W, 4) B G R X, contiguous; X is kept
    patch    (3, S, S) R G B in [0, 1]
    mask     (S, S) share of the patch in [0, 1], 0 at its border
    affine   (2, 3) from patch pixels to frame pixels; whole numbers are the centres of pixels
    colour   (2, 3) gain and offset of R, G, B in [0, 1]
    opacity  0 leaves the frame as it is, 1 draws the patch by its mask

    Within two levels of 255 of exact arithmetic. Raises ValueError for arrays of other shapes or types
    and for an affine map that cannot be inverted.
    """
    pixels = packed_pixels(frame)
    _check(patch, mask, affine, colour)
    if opacity <= 0.0:
        return
    forward = affine.astype(np.float64)
    scale = math.sqrt(abs(forward[0, 0] * forward[1, 1] - forward[0, 1] * forward[1, 0]))
    if not 1e-6 < scale < 1e6:  # also false for NaN
        raise ValueError(f"affine map {affine.tolist()} cannot be inverted; rebuild the avatar's track")
    while scale * SHRINK < 1.0 and patch.shape[1] >= 4:
        patch, mask = _halve(patch, mask)
        forward[:, 2] += 0.5 * (forward[:, 0] + forward[:, 1])  # a halved patch's pixel lies between two
        forward[:, :2] *= 2.0
        scale *= 2.0
    size = patch.shape[1]
    words = np.empty(size * size, np.uint64)
    # A copy, because a read-only array would be another type to the compiler.
    _pack(patch, mask, colour.copy(), f32(min(opacity, 1.0)), words)
    inverse = _inverse(forward)
    rows = forward[1, 2] + (size - 1) * np.array(
        [0.0, forward[1, 0], forward[1, 1], forward[1, 0] + forward[1, 1]]
    )
    first = max(0, math.ceil(rows.min()))
    last = min(frame.shape[0] - 1, math.floor(rows.max()))
    _place(pixels, words, size, inverse, first, last)


def _inverse(affine: NDArray[np.float64]) -> NDArray[np.float64]:
    """The map back, shape (2, 3). By hand: np.linalg wakes BLAS threads, which then spin for a whole core."""
    (a, b, x), (c, d, y) = affine
    linear = np.array([[d, -b], [-c, a]]) / (a * d - b * c)
    back = -(linear[:, 0] * x + linear[:, 1] * y)
    return np.column_stack([linear, back])


def _check(patch: Reals, mask: Reals, affine: Reals, colour: Reals) -> None:
    size = patch.shape[-1]
    wanted = ((3, size, size), (size, size), (2, 3), (2, 3))
    for name, array, shape in zip(
        ("patch", "mask", "affine", "colour"), (patch, mask, affine, colour), wanted, strict=True
    ):
        if array.dtype != np.float32 or array.shape != shape or not array.flags.c_contiguous:
            raise ValueError(f"{name} is {array.dtype} {array.shape}; contiguous float32 {shape} expected")
    if not 2 <= size <= LARGEST:
        raise ValueError(f"a patch of {size} x {size} pixels; 2 to {LARGEST} expected")


def _halve(patch: Reals, mask: Reals) -> tuple[Reals, Reals]:
    half = patch.shape[1] // 2
    small, small_mask = np.empty((3, half, half), np.float32), np.empty((half, half), np.float32)
    for plane in range(3):
        _average(patch[plane], small[plane])
    _average(mask, small_mask)
    return small, small_mask


@compiled
def _average(plane: Reals, half: Reals) -> None:
    quarter = f32(0.25)
    for y in range(half.shape[0]):
        for x in range(half.shape[1]):
            above = plane[2 * y, 2 * x] + plane[2 * y, 2 * x + 1]
            below = plane[2 * y + 1, 2 * x] + plane[2 * y + 1, 2 * x + 1]
            half[y, x] = (above + below) * quarter


@compiled
def _pack(patch: Reals, mask: Reals, colour: Reals, opacity: np.float32, words: NDArray[np.uint64]) -> None:
    """Pixel i into the low half of word i and the high half of word i - 1."""
    red, green, blue = patch[0].reshape(-1), patch[1].reshape(-1), patch[2].reshape(-1)
    share = mask.reshape(-1)
    pixels = np.empty(words.size, np.uint32)
    full, half, low, high = f32(255.0), f32(0.5), f32(0.0), f32(255.5)
    gain_r, gain_g, gain_b = colour[0, 0] * full, colour[0, 1] * full, colour[0, 2] * full
    add_r, add_g, add_b = (
        colour[1, 0] * full + half,
        colour[1, 1] * full + half,
        colour[1, 2] * full + half,
    )
    gain_a = opacity * full
    for i in range(words.size):
        r = i32(min(max(red[i] * gain_r + add_r, low), high))
        g = i32(min(max(green[i] * gain_g + add_g, low), high))
        b = i32(min(max(blue[i] * gain_b + add_b, low), high))
        a = i32(min(max(share[i] * gain_a + half, low), high))
        pixels[i] = u32(b | (g << i32(8)) | (r << i32(16)) | (a << i32(24)))
    for i in range(words.size - 1):
        words[i] = u64(pixels[i]) | (u64(pixels[i + 1]) << u64(32))
    words[words.size - 1] = u64(pixels[words.size - 1])


@compiled
def _place(
    frame: NDArray[np.uint32],
    words: NDArray[np.uint64],
    size: int,
    inverse: NDArray[np.float64],
    first: int,
    last: int,
) -> None:
    width = frame.shape[1]
    at, right, down = np.empty(width, np.uint32), np.empty(width, np.uint32), np.empty(width, np.uint32)
    above, below = np.empty(width, np.uint64), np.empty(width, np.uint64)
    far = size - 1.0
    for y in range(first, last + 1):
        left, end = 0.0, width - 1.0  # the columns where 0 <= u <= far and 0 <= v <= far
        for axis in range(2):
            start, slope = inverse[axis, 1] * y + inverse[axis, 2], inverse[axis, 0]
            if abs(slope) > 1e-9:
                enter, leave = -start / slope, (far - start) / slope
                left, end = max(left, min(enter, leave)), min(end, max(enter, leave))
            elif start < 0.0 or start > far:
                end = -1.0
        x = math.ceil(left)
        count = math.floor(end) + 1 - x
        if count <= 0:
            continue
        u = inverse[0, 0] * x + inverse[0, 1] * y + inverse[0, 2]
        v = inverse[1, 0] * x + inverse[1, 1] * y + inverse[1, 2]
        _locate(u, v, inverse[0, 0], inverse[1, 0], i32(size), at[:count], right[:count], down[:count])
        _fetch(words, u32(size), at[:count], above[:count], below[:count])
        _mix(above[:count], below[:count], right[:count], down[:count], frame[y, x : x + count])


@compiled
def _locate(
    u: float,
    v: float,
    step_u: float,
    step_v: float,
    size: np.int32,
    at: NDArray[np.uint32],
    right: NDArray[np.uint32],
    down: NDArray[np.uint32],
) -> None:
    """Where each pixel of the row lies in the patch: a whole position and eight bits beyond it."""
    one = 65536.0
    u0, v0 = i32(math.floor(u * one + 0.5)), i32(math.floor(v * one + 0.5))
    du, dv = i32(math.floor(step_u * one + 0.5)), i32(math.floor(step_v * one + 0.5))
    limit, before = i32((size - 1) << 16), i32(size - 2)  # rounding must not leave the patch
    for i in range(at.size):
        p = i32(min(max(i32(u0 + i32(i32(i) * du)), i32(0)), limit))
        q = i32(min(max(i32(v0 + i32(i32(i) * dv)), i32(0)), limit))
        column, row = i32(min(i32(p >> i32(16)), before)), i32(min(i32(q >> i32(16)), before))
        at[i] = u32(i32(row * size) + column)
        right[i] = u32(i32(p - i32(column << i32(16))) >> i32(8))
        down[i] = u32(i32(q - i32(row << i32(16))) >> i32(8))


@compiled
def _fetch(
    words: NDArray[np.uint64],
    size: np.uint32,
    at: NDArray[np.uint32],
    above: NDArray[np.uint64],
    below: NDArray[np.uint64],
) -> None:
    """The four neighbours of each pixel: the only loop that jumps about in memory."""
    for i in range(at.size):
        above[i] = words[at[i]]
        below[i] = words[u32(at[i] + size)]


@compiled
def _mix(
    above: NDArray[np.uint64],
    below: NDArray[np.uint64],
    right: NDArray[np.uint32],
    down: NDArray[np.uint32],
    row: NDArray[np.uint32],
) -> None:
    """Bilinear, exact in 24 bits a channel, then the blend in float32."""
    odd, lower = u32(0x00FF00FF), u32(0xFFFF)
    unit, unit_a, half = f32(1 / 65536), f32(1 / (255 * 65536)), f32(0.5)
    for i in range(row.size):
        fx, fy = right[i], down[i]
        gx, gy = u32(u32(256) - fx), u32(u32(256) - fy)
        a, b = u32(above[i]), u32(above[i] >> u64(32))
        c, d = u32(below[i]), u32(below[i] >> u64(32))
        # Two channels of 8 bits in each word become two of 16 bits: B and R, then G and opacity.
        top_br = u32(u32((a & odd) * gx) + u32((b & odd) * fx))
        top_ga = u32(u32((u32(a >> u32(8)) & odd) * gx) + u32((u32(b >> u32(8)) & odd) * fx))
        low_br = u32(u32((c & odd) * gx) + u32((d & odd) * fx))
        low_ga = u32(u32((u32(c >> u32(8)) & odd) * gx) + u32((u32(d >> u32(8)) & odd) * fx))
        blue = f32(i32(u32((top_br & lower) * gy) + u32((low_br & lower) * fy))) * unit
        red = f32(i32(u32(u32(top_br >> u32(16)) * gy) + u32(u32(low_br >> u32(16)) * fy))) * unit
        green = f32(i32(u32((top_ga & lower) * gy) + u32((low_ga & lower) * fy))) * unit
        share = f32(i32(u32(u32(top_ga >> u32(16)) * gy) + u32(u32(low_ga >> u32(16)) * fy))) * unit_a
        pixel = row[i]
        old_b = f32(i32(pixel & u32(255)))
        old_g = f32(i32(u32(pixel >> u32(8)) & u32(255)))
        old_r = f32(i32(u32(pixel >> u32(16)) & u32(255)))
        new_b = u32(i32(old_b + (blue - old_b) * share + half))
        new_g = u32(i32(old_g + (green - old_g) * share + half))
        new_r = u32(i32(old_r + (red - old_r) * share + half))
        row[i] = u32(new_b | u32(new_g << u32(8)) | u32(new_r << u32(16)) | (pixel & u32(0xFF000000)))
