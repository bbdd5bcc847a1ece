"""How the pixels of a piece of a row of a mouth are mixed from what was fetched (`mouth_rows`).

Colours are float32, 0 to 255, in the order B G R; lines of an array lie BLOCK apart.
"""

from __future__ import annotations

import numpy as np

from .compiling import compiled
from .mouth_rows import BLOCK, Pixels, Reals, Words

i32, u32, u64, f32 = np.int32, np.uint32, np.uint64, np.float32


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
