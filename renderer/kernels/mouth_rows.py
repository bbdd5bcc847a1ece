"""A piece of a row of a mouth: where each of its pixels lies, what is fetched there, and how it is mixed.

Pixels and cells are packed in 32 bits, two neighbours in one 64-bit word, so that a gather is two loads a
pixel and everything else becomes vectors. Colours are float32, 0 to 255, in the order B G R. What lies in one
array lies BLOCK apart in it, line after line: distances that the compiler knows let it see that nothing
overlaps (with arrays of their own, `mix_cubic` and `put_paint` stayed scalar and took five times as long).
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
def _mixed(near: np.uint32, far: np.uint32, gx: np.uint32, fx: np.uint32) -> tuple[np.uint32, np.uint32]:
    """Two neighbours mixed, in 16 bits each: channels 0 and 2, then 1 and 3."""
    odd = u32(0x00FF00FF)
    even = u32(u32((near & odd) * gx) + u32((far & odd) * fx))
    return even, u32(u32((u32(near >> u32(8)) & odd) * gx) + u32((u32(far >> u32(8)) & odd) * fx))


@compiled
def _four(
    above: np.uint64, below: np.uint64, fx: np.uint32, fy: np.uint32
) -> tuple[np.float32, np.float32, np.float32, np.float32]:
    """Four channels of eight bits, mixed from four neighbours, exact in 24 bits: 0 to 255."""
    lower, high, unit = u32(0xFFFF), u32(16), f32(1 / 65536)
    gx, gy = u32(u32(256) - fx), u32(u32(256) - fy)
    top_even, top_odd = _mixed(u32(above), u32(above >> u64(32)), gx, fx)
    low_even, low_odd = _mixed(u32(below), u32(below >> u64(32)), gx, fx)
    return (
        f32(i32(u32((top_even & lower) * gy) + u32((low_even & lower) * fy))) * unit,
        f32(i32(u32((top_odd & lower) * gy) + u32((low_odd & lower) * fy))) * unit,
        f32(i32(u32(u32(top_even >> high) * gy) + u32(u32(low_even >> high) * fy))) * unit,
        f32(i32(u32(u32(top_odd >> high) * gy) + u32(u32(low_odd >> high) * fy))) * unit,
    )


@compiled
def mix_light(words: Words, part: Pixels, count: int, opacity: np.float32, added: Reals) -> None:
    """Added B G R, and the share of the drawn mouth in [0, 1]: four lines."""
    none, unit = f32(128.0), opacity * f32(1 / 255)
    for i in range(count):
        b, g, r, a = _four(words[i], words[BLOCK + i], part[i], part[BLOCK + i])
        added[i], added[BLOCK + i] = b - none, g - none
        added[2 * BLOCK + i], added[3 * BLOCK + i] = r - none, a * unit


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
def mix_flow(words: Words, line: int, part: Pixels, first: int, count: int, flow: Reals, into: int) -> None:
    """Flow x and y in crop pixels, from 16 bits each, exact in 32; into two lines from `into` on."""
    above, below, across, up = line * BLOCK, (line + 1) * BLOCK, into * BLOCK, (into + 1) * BLOCK
    lower, high, one = u32(0xFFFF), u32(16), u32(1)
    unit, none = f32(1 / 32768 / 512), f32(64.0)
    for i in range(count):
        fx, fy = part[first + i], part[BLOCK + first + i]
        gx, gy = u32(u32(256) - fx), u32(u32(256) - fy)
        a, b = u32(words[above + i]), u32(words[above + i] >> u64(32))
        c, d = u32(words[below + i]), u32(words[below + i] >> u64(32))
        top_x = u32(u32((a & lower) * gx) + u32((b & lower) * fx))
        low_x = u32(u32((c & lower) * gx) + u32((d & lower) * fx))
        top_y = u32(u32(u32(a >> high) * gx) + u32(u32(b >> high) * fx))
        low_y = u32(u32(u32(c >> high) * gx) + u32(u32(d >> high) * fx))
        p, q = u32(u32(top_x * gy) + u32(low_x * fy)), u32(u32(top_y * gy) + u32(low_y * fy))
        flow[across + i] = f32(i32(p >> one)) * unit - none
        flow[up + i] = f32(i32(q >> one)) * unit - none


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


@compiled
def _cubic(t: np.float32) -> tuple[np.float32, np.float32, np.float32, np.float32]:
    """Weights of four neighbours, `t` beyond the second (Keys 1981, a = -1/2)."""
    half, one, two, three, four, five = f32(0.5), f32(1.0), f32(2.0), f32(3.0), f32(4.0), f32(5.0)
    first = half * t * (t * (two - t) - one)
    second = half * (t * t * (three * t - five) + two)
    third = half * t * (t * (four - three * t) + one)
    return first, second, third, one - first - second - third


@compiled
def _line(
    left: np.uint64, right: np.uint64, w: tuple[np.float32, np.float32, np.float32, np.float32]
) -> tuple[np.float32, np.float32, np.float32]:
    """B G R of four pixels in a row, weighed."""
    a, b, c, d = u32(left), u32(left >> u64(32)), u32(right), u32(right >> u64(32))
    byte, eight, sixteen = u32(255), u32(8), u32(16)
    return (
        f32(i32(a & byte)) * w[0]
        + f32(i32(b & byte)) * w[1]
        + f32(i32(c & byte)) * w[2]
        + f32(i32(d & byte)) * w[3],
        f32(i32(u32(a >> eight) & byte)) * w[0]
        + f32(i32(u32(b >> eight) & byte)) * w[1]
        + f32(i32(u32(c >> eight) & byte)) * w[2]
        + f32(i32(u32(d >> eight) & byte)) * w[3],
        f32(i32(u32(a >> sixteen) & byte)) * w[0]
        + f32(i32(u32(b >> sixteen) & byte)) * w[1]
        + f32(i32(u32(c >> sixteen) & byte)) * w[2]
        + f32(i32(u32(d >> sixteen) & byte)) * w[3],
    )


@compiled
def mix_cubic(words: Words, part: Reals, count: int, drawn: Reals) -> None:
    """B G R by cubic convolution, from what `fetch_cubic` fetched."""
    for i in range(count):
        w, v = _cubic(part[i]), _cubic(part[BLOCK + i])
        b0, g0, r0 = _line(words[i], words[BLOCK + i], w)
        b1, g1, r1 = _line(words[2 * BLOCK + i], words[3 * BLOCK + i], w)
        b2, g2, r2 = _line(words[4 * BLOCK + i], words[5 * BLOCK + i], w)
        b3, g3, r3 = _line(words[6 * BLOCK + i], words[7 * BLOCK + i], w)
        drawn[i] = b0 * v[0] + b1 * v[1] + b2 * v[2] + b3 * v[3]
        drawn[BLOCK + i] = g0 * v[0] + g1 * v[1] + g2 * v[2] + g3 * v[3]
        drawn[2 * BLOCK + i] = r0 * v[0] + r1 * v[1] + r2 * v[2] + r3 * v[3]


@compiled
def put_paint(words: Words, part: Pixels, count: int, shares: Reals, drawn: Reals, first: int) -> None:
    """Make room for what is inside, and paint. Gives the shares of both references, two lines.

    `words` holds shares in lines 4 and 5, paint in 6 and 7. What is drawn begins `first` pixels on.
    """
    unit, one = f32(1 / 255), f32(1.0)
    for i in range(count):
        fx, fy, k = part[i], part[BLOCK + i], first + i
        painted, second, ahead, _ = _four(words[4 * BLOCK + i], words[5 * BLOCK + i], fx, fy)
        blue, green, red, _ = _four(words[6 * BLOCK + i], words[7 * BLOCK + i], fx, fy)
        painted, second, ahead = painted * unit, second * unit, ahead * unit
        kept = one - painted - second - ahead
        drawn[k] = drawn[k] * kept + blue * painted
        drawn[BLOCK + k] = drawn[BLOCK + k] * kept + green * painted
        drawn[2 * BLOCK + k] = drawn[2 * BLOCK + k] * kept + red * painted
        shares[i], shares[BLOCK + i] = ahead, second


@compiled
def put_reference(
    words: Words, part: Pixels, count: int, shares: Reals, line: int, drawn: Reals, first: int
) -> None:
    """Add a share, line `line`, of a reference."""
    of = line * BLOCK
    for i in range(count):
        b, g, r, _ = _four(words[i], words[BLOCK + i], part[i], part[BLOCK + i])
        share, k = shares[of + i], first + i
        drawn[k] += b * share
        drawn[BLOCK + k] += g * share
        drawn[2 * BLOCK + k] += r * share


@compiled
def blend(drawn: Reals, added: Reals, first: int, row: Pixels) -> None:
    """Light added, and what is drawn laid over a row of the frame by its share.

    `added` begins `first` pixels on.
    """
    low, high, half, byte = f32(0.0), f32(255.0), f32(0.5), u32(255)
    for i in range(row.size):
        pixel, k = row[i], first + i
        part = added[3 * BLOCK + k]
        old_b, old_g = f32(i32(pixel & byte)), f32(i32(u32(pixel >> u32(8)) & byte))
        old_r = f32(i32(u32(pixel >> u32(16)) & byte))
        b = min(max(drawn[i] + added[k], low), high)
        g = min(max(drawn[BLOCK + i] + added[BLOCK + k], low), high)
        r = min(max(drawn[2 * BLOCK + i] + added[2 * BLOCK + k], low), high)
        new_b = u32(i32(old_b + (b - old_b) * part + half))
        new_g = u32(i32(old_g + (g - old_g) * part + half))
        new_r = u32(i32(old_r + (r - old_r) * part + half))
        row[i] = u32(new_b | u32(new_g << u32(8)) | u32(new_r << u32(16)) | (pixel & u32(0xFF000000)))
