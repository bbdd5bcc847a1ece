"""From one order of pixels to another, into buffers that already exist."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .compiling import compiled
from .views import Bytes, check_picture, packed_pixels, padded_rows

Matrix = Literal["bt709", "bt601"]

SHIFT = 14
"""Bits behind the point of the colour arithmetic: 24 bits for a value, and no overflow in 32."""

KR_KB: dict[Matrix, tuple[float, float]] = {"bt709": (0.2126, 0.0722), "bt601": (0.299, 0.114)}
"""Weights of red and blue in the luma (ITU-R BT.709-6 and BT.601-7)."""

i32, u32 = np.int32, np.uint32


def bgra_to_bgr(pixels: Bytes, out: Bytes) -> None:
    """Leave the fourth channel away: uint8 (H, W, 4) into (H, W, 3), both contiguous."""
    _three(pixels, out, False)


def bgra_to_rgb(pixels: Bytes, out: Bytes) -> None:
    """Leave the fourth channel away and turn the others: uint8 (H, W, 4) into (H, W, 3), contiguous."""
    _three(pixels, out, True)


def yuv420_to_bgrx(
    y: Bytes, u: Bytes, v: Bytes, out: Bytes, matrix: Matrix = "bt709", full_range: bool = False
) -> None:
    """Planes of a yuv420p picture into B G R X, X = 255; each chroma sample serves four pixels.

    y           (H, W), u and v (ceil(H / 2), ceil(W / 2)); uint8. Windows on padded rows are welcome,
                such as `rows[:, :width]` of a decoder's plane
    out         (H, W, 4), contiguous
    matrix      what the stream is tagged with
    full_range  luma 0 to 255 instead of 16 to 235

    Raises ValueError for other shapes or types.
    """
    target = packed_pixels(out)
    height, width = target.shape
    half = ((height + 1) // 2, (width + 1) // 2)
    for name, plane, shape in (("y", y, (height, width)), ("u", u, half), ("v", v, half)):
        if plane.dtype != np.uint8 or plane.shape != shape:
            raise ValueError(f"plane {name} is {plane.dtype} {plane.shape}; uint8 {shape} expected")
    factors = yuv_factors(matrix, full_range)
    _convert(padded_rows(y), padded_rows(u), padded_rows(v), factors, target)


def yuv_factors(matrix: Matrix, full_range: bool) -> NDArray[np.int32]:
    """Black level, gain of luma, V to red, U and V to green, U to blue; gains times 2**SHIFT."""
    red, blue = KR_KB[matrix]
    green = 1.0 - red - blue
    black, luma, chroma = (0, 255.0, 255.0) if full_range else (16, 219.0, 224.0)
    gains = np.array(
        [
            255 / luma,
            2 * (1 - red) * 255 / chroma,
            -2 * blue * (1 - blue) / green * 255 / chroma,
            -2 * red * (1 - red) / green * 255 / chroma,
            2 * (1 - blue) * 255 / chroma,
        ]
    )
    return np.array([black, *np.rint(gains * 2**SHIFT)], np.int32)


def _three(pixels: Bytes, out: Bytes, turn: bool) -> None:
    check_picture(pixels, 4)
    check_picture(out, 3)
    if pixels.shape[:2] != out.shape[:2]:
        raise ValueError(f"{pixels.shape[:2]} pixels into {out.shape[:2]}; one size expected")
    if turn:
        _to_rgb(pixels.reshape(-1), out.reshape(-1))
    else:
        _to_bgr(pixels.reshape(-1), out.reshape(-1))


@compiled
def _to_bgr(pixels: Bytes, out: Bytes) -> None:
    for i in range(out.size // 3):
        out[3 * i] = pixels[4 * i]
        out[3 * i + 1] = pixels[4 * i + 1]
        out[3 * i + 2] = pixels[4 * i + 2]


@compiled
def _to_rgb(pixels: Bytes, out: Bytes) -> None:
    for i in range(out.size // 3):
        out[3 * i] = pixels[4 * i + 2]
        out[3 * i + 1] = pixels[4 * i + 1]
        out[3 * i + 2] = pixels[4 * i]


@compiled
def _convert(y: Bytes, u: Bytes, v: Bytes, factors: NDArray[np.int32], out: NDArray[np.uint32]) -> None:
    height, width = out.shape
    half = (width + 1) // 2
    # The chroma part of one row, spread to full width: two rows use it, and the loop stays straight.
    red, green, blue = (
        np.empty(2 * half, np.int32),
        np.empty(2 * half, np.int32),
        np.empty(2 * half, np.int32),
    )
    for row in range(height):
        if row % 2 == 0:
            _chroma(u[row // 2, :half], v[row // 2, :half], factors, red, green, blue)
        _luma(y[row, :width], factors, red[:width], green[:width], blue[:width], out[row])


@compiled
def _chroma(
    u: Bytes,
    v: Bytes,
    factors: NDArray[np.int32],
    red: NDArray[np.int32],
    green: NDArray[np.int32],
    blue: NDArray[np.int32],
) -> None:
    v_red, u_green, v_green, u_blue = factors[2], factors[3], factors[4], factors[5]
    for i in range(u.size):
        p, q = i32(i32(u[i]) - i32(128)), i32(i32(v[i]) - i32(128))
        r, g, b = i32(q * v_red), i32(i32(p * u_green) + i32(q * v_green)), i32(p * u_blue)
        red[2 * i], red[2 * i + 1] = r, r
        green[2 * i], green[2 * i + 1] = g, g
        blue[2 * i], blue[2 * i + 1] = b, b


@compiled
def _luma(
    y: Bytes,
    factors: NDArray[np.int32],
    red: NDArray[np.int32],
    green: NDArray[np.int32],
    blue: NDArray[np.int32],
    out: NDArray[np.uint32],
) -> None:
    black, gain = factors[0], factors[1]
    half, shift, low, high = i32(1 << (SHIFT - 1)), i32(SHIFT), i32(0), i32(255)
    for i in range(out.size):
        level = i32(i32(i32(i32(y[i]) - black) * gain) + half)
        r = i32(min(max(i32(i32(level + red[i]) >> shift), low), high))
        g = i32(min(max(i32(i32(level + green[i]) >> shift), low), high))
        b = i32(min(max(i32(i32(level + blue[i]) >> shift), low), high))
        out[i] = u32(i32(b | i32(g << i32(8))) | i32(r << i32(16))) | u32(0xFF000000)
