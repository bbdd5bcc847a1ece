"""From one order of pixels to another, into buffers that already exist."""

from __future__ import annotations

import functools
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .compiling import compiled
from .views import Bytes, check_picture, packed_pixels, padded_rows

Matrix = Literal["bt709", "bt601"]

SHIFT = 14
"""Bits behind the point of the factors of chroma."""

FINE = 5
"""Bits behind the point of the sums, which are numbers of 16 bits: a vector holds twice as many as of 32."""

KR_KB: dict[Matrix, tuple[float, float]] = {"bt709": (0.2126, 0.0722), "bt601": (0.299, 0.114)}
"""Weights of red and blue in the luma (ITU-R BT.709-6 and BT.601-7)."""

i16, i32, u16 = np.int16, np.int32, np.uint16


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

    y           (H, W), u and v (ceil(H / 2), ceil(W / 2)); uint8. Rows may be longer, as a decoder pads
                them: what lies behind is not looked at
    out         (H, W, 4), contiguous
    matrix      what the stream is tagged with
    full_range  luma 0 to 255 instead of 16 to 235

    Rounded to nearest but for one value in a hundred, which is one beside it (70 dB from exact arithmetic).
    Raises ValueError for other shapes or types.
    """
    target = packed_pixels(out)
    height, width = target.shape
    half = ((height + 1) // 2, (width + 1) // 2)
    for name, plane, shape in (("y", y, (height, width)), ("u", u, half), ("v", v, half)):
        if plane.dtype != np.uint8 or plane.shape[0] != shape[0] or plane.shape[1] < shape[1]:
            raise ValueError(f"plane {name} is {plane.dtype} {plane.shape}; uint8 {shape} expected")
    factors = yuv_factors(matrix, full_range)
    _convert(padded_rows(y), padded_rows(u), padded_rows(v), width, factors, target.view(np.uint16))


@functools.cache
def yuv_factors(matrix: Matrix, full_range: bool) -> NDArray[np.int32]:
    """What the conversion adds and multiplies.

    Gain of luma times 4 * 2**FINE: its whole part, and 256 times the rest; black level and half a unit for
    rounding, times 2**FINE; V to red, U and V to green, U to blue, times 2**SHIFT.
    """
    red, blue = KR_KB[matrix]
    green = 1.0 - red - blue
    black, luma, chroma = (0, 255.0, 255.0) if full_range else (16, 219.0, 224.0)
    gain = 4 * 2**FINE * 255 / luma
    gains = [
        2 * (1 - red) * 255 / chroma,
        -2 * blue * (1 - blue) / green * 255 / chroma,
        -2 * red * (1 - red) / green * 255 / chroma,
        2 * (1 - blue) * 255 / chroma,
    ]
    # Half a unit of the luma, which is cut off and not rounded, is in the rounding too
    level = [int(gain), round(gain % 1.0 * 256), round(2 ** (FINE - 1) + 0.5 - black * gain / 4)]
    return np.array([*level, *np.rint(np.array(gains) * 2**SHIFT)], np.int32)


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
def _convert(
    y: Bytes, u: Bytes, v: Bytes, width: int, factors: NDArray[np.int32], out: NDArray[np.uint16]
) -> None:
    height, half = out.shape[0], (width + 1) // 2
    # The chroma part of one row: two rows use it, and the loop stays straight.
    red, green, blue = np.empty(half, np.int16), np.empty(half, np.int16), np.empty(half, np.int16)
    gain, rest = u16(factors[0]), u16(factors[1])
    for row in range(height):
        if row % 2 == 0:
            _chroma(u[row // 2, :half], v[row // 2, :half], factors, red, green, blue)
        _pairs(y[row], gain, rest, red[: width // 2], green, blue, out[row])
        if width % 2:
            level = _level(y[row, width - 1], gain, rest)
            out[row, 2 * width - 2] = _two(level, blue[-1], green[-1])
            out[row, 2 * width - 1] = u16(_byte(level, red[-1]) | u16(0xFF00))


@compiled
def _chroma(
    u: Bytes,
    v: Bytes,
    factors: NDArray[np.int32],
    red: NDArray[np.int16],
    green: NDArray[np.int16],
    blue: NDArray[np.int16],
) -> None:
    """What chroma adds to each colour, the black level and the rounding with it, times 2**FINE."""
    v_red, u_green, v_green, u_blue = factors[3], factors[4], factors[5], factors[6]
    shift = i32(SHIFT - FINE)
    start = i32(i32(factors[2] << shift) + i32(1 << (SHIFT - FINE - 1)))
    for i in range(u.size):
        p, q = i32(i32(u[i]) - i32(128)), i32(i32(v[i]) - i32(128))
        red[i] = i16(i32(i32(q * v_red) + start) >> shift)
        green[i] = i16(i32(i32(i32(p * u_green) + i32(q * v_green)) + start) >> shift)
        blue[i] = i16(i32(i32(p * u_blue) + start) >> shift)


@compiled
def _pairs(
    y: Bytes,
    gain: np.uint16,
    rest: np.uint16,
    red: NDArray[np.int16],
    green: NDArray[np.int16],
    blue: NDArray[np.int16],
    out: NDArray[np.uint16],
) -> None:
    """Two pixels a step, which share their chroma."""
    for i in range(red.size):
        r, g, b = red[i], green[i], blue[i]
        level = _level(y[2 * i], gain, rest)
        out[4 * i], out[4 * i + 1] = _two(level, b, g), u16(_byte(level, r) | u16(0xFF00))
        level = _level(y[2 * i + 1], gain, rest)
        out[4 * i + 2], out[4 * i + 3] = _two(level, b, g), u16(_byte(level, r) | u16(0xFF00))


@compiled
def _level(y: np.uint8, gain: np.uint16, rest: np.uint16) -> np.int16:
    """Luma times 2**FINE."""
    luma = u16(y)
    return i16(u16(u16(luma * gain) + u16(u16(luma * rest) >> u16(8))) >> u16(2))


@compiled
def _byte(level: np.int16, chroma: np.int16) -> np.uint16:
    """A colour, 0 to 255."""
    return u16(min(max(i16(i16(level + chroma) >> i16(FINE)), i16(0)), i16(255)))


@compiled
def _two(level: np.int16, low: np.int16, high: np.int16) -> np.uint16:
    """Two colours in one word."""
    return u16(_byte(level, low) | u16(_byte(level, high) << u16(8)))
