"""Two whole frames into one: by one share for all pixels, or by a matte.

A loop that writes into an array it also reads is vectorised only where it says so itself: `cross_fade` into
one of its pictures takes nine times as long as into a third, `composite` is made to work in place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .compiling import compiled
from .views import Bytes, packed_pixels, padded_rows

BLACK, WHITE = 16, 235
"""Luma of a matte where nothing and where everything is opaque (limited range, as in the pictures)."""

i32, u16, u32 = np.int32, np.uint16, np.uint32


def cross_fade(a: Bytes, b: Bytes, share: float, out: Bytes) -> None:
    """out = a + (b - a) * share, rounded to nearest; `share` in [0, 1] counts in steps of 1/256.

    a, b, out: uint8, contiguous, of one shape; `out` may be `a` or `b`. Raises ValueError otherwise.
    """
    for array in (a, b, out):
        if array.dtype != np.uint8 or array.shape != out.shape or not array.flags.c_contiguous:
            raise ValueError(
                f"cross-fade of {a.dtype} {a.shape} and {b.dtype} {b.shape} into {out.dtype} {out.shape}; "
                "contiguous uint8 arrays of one shape expected"
            )
    weight = round(min(max(share, 0.0), 1.0) * 256)
    _fade(a.reshape(-1), b.reshape(-1), u16(weight), out.reshape(-1))


def set_opacity(luma: Bytes, out: Bytes) -> None:
    """A matte's picture into the fourth channel: luma 16 to 235 becomes opacity 0 to 255.

    luma   uint8 (H, W); rows may be longer, as a decoder pads them
    out    uint8 (H, W, 4), contiguous
    Raises ValueError otherwise.
    """
    target = packed_pixels(out)
    if luma.dtype != np.uint8 or luma.shape[0] != target.shape[0] or luma.shape[1] < target.shape[1]:
        raise ValueError(f"a matte of {luma.dtype} {luma.shape}; uint8 {target.shape} expected")
    _set_opacity(padded_rows(luma), target)


def composite(frame: Bytes, background: Bytes) -> None:
    """Put a background behind a frame, in place: frame where it is opaque, background where it is not.

    frame       uint8 (H, W, 4), contiguous, B G R A; becomes B G R X, X = 255
    background  uint8 (H, W, 4), contiguous, another array; its fourth channel is not looked at
    Rounded to nearest. Raises ValueError otherwise.
    """
    pixels, behind = packed_pixels(frame), packed_pixels(background)
    if pixels.shape != behind.shape:
        raise ValueError(f"frame {pixels.shape}, background {behind.shape}; one size expected")
    _composite(pixels.reshape(-1), behind.reshape(-1))


@compiled
def _fade(a: Bytes, b: Bytes, weight: np.uint16, out: Bytes) -> None:
    rest = u16(u16(256) - weight)
    for i in range(out.size):
        out[i] = u16(u16(u16(u16(a[i]) * rest) + u16(u16(b[i]) * weight)) + u16(128)) >> u16(8)


@compiled
def _set_opacity(luma: Bytes, out: NDArray[np.uint32]) -> None:
    for y in range(out.shape[0]):
        _set_row(luma[y, : out.shape[1]], out[y])


@compiled
def _set_row(luma: Bytes, out: NDArray[np.uint32]) -> None:
    gain, half = i32(255 * 65536 // (WHITE - BLACK) + 1), i32(32768)
    for i in range(out.size):
        level = i32(i32(i32(i32(luma[i]) - i32(BLACK)) * gain) + half) >> i32(16)
        opacity = u32(min(max(i32(level), i32(0)), i32(255)))
        out[i] = u32(out[i] & u32(0xFFFFFF)) | u32(opacity << u32(24))


@compiled
def _composite(frame: NDArray[np.uint32], background: NDArray[np.uint32]) -> None:
    odd, half = u32(0x00FF00FF), u32(0x00800080)
    for i in range(frame.size):
        f, b = frame[i], background[i]
        share = u32(f >> u32(24))
        rest = u32(u32(255) - share)
        # Two channels a word; t / 255 to the nearest is (t + 128 + ((t + 128) >> 8)) >> 8.
        br = u32(u32(u32((f & odd) * share) + u32((b & odd) * rest)) + half)
        gx = u32(u32(u32((u32(f >> u32(8)) & odd) * share) + u32((u32(b >> u32(8)) & odd) * rest)) + half)
        br = u32(u32(br + (u32(br >> u32(8)) & odd)) >> u32(8)) & odd
        gx = u32(gx + (u32(gx >> u32(8)) & odd)) & u32(0x0000FF00)
        frame[i] = br | gx | u32(0xFF000000)
