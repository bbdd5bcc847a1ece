"""Two whole frames into one: by one share for all pixels, or by a matte."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .compiling import compiled
from .views import Bytes, packed_pixels

u16, u32 = np.uint16, np.uint32


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


def composite(frame: Bytes, alpha: Bytes, background: Bytes, out: Bytes) -> None:
    """out = frame where `alpha` is 255, background where it is 0, rounded to nearest between.

    frame, background, out: uint8 (H, W, 4), contiguous; all four channels are mixed; `out` may be either
    alpha: uint8 (H, W), contiguous
    Raises ValueError otherwise.
    """
    pixels, behind, target = packed_pixels(frame), packed_pixels(background), packed_pixels(out)
    if alpha.dtype != np.uint8 or not alpha.flags.c_contiguous:
        raise ValueError(f"a matte of {alpha.dtype} with strides {alpha.strides}; contiguous uint8 expected")
    if not alpha.shape == pixels.shape == behind.shape == target.shape:
        raise ValueError(
            f"frame {pixels.shape}, matte {alpha.shape}, background {behind.shape}, out {target.shape}; "
            "one size expected"
        )
    _composite(pixels.reshape(-1), alpha.reshape(-1), behind.reshape(-1), target.reshape(-1))


@compiled
def _fade(a: Bytes, b: Bytes, weight: np.uint16, out: Bytes) -> None:
    rest = u16(u16(256) - weight)
    for i in range(out.size):
        out[i] = u16(u16(u16(u16(a[i]) * rest) + u16(u16(b[i]) * weight)) + u16(128)) >> u16(8)


@compiled
def _composite(
    frame: NDArray[np.uint32], alpha: Bytes, background: NDArray[np.uint32], out: NDArray[np.uint32]
) -> None:
    odd, half = u32(0x00FF00FF), u32(0x00800080)
    for i in range(out.size):
        share = u32(alpha[i])
        rest = u32(u32(255) - share)
        f, b = frame[i], background[i]
        # Two channels a word; t / 255 to the nearest is (t + 128 + ((t + 128) >> 8)) >> 8.
        br = u32(u32(u32((f & odd) * share) + u32((b & odd) * rest)) + half)
        gx = u32(u32(u32((u32(f >> u32(8)) & odd) * share) + u32((u32(b >> u32(8)) & odd) * rest)) + half)
        br = u32(u32(br + (u32(br >> u32(8)) & odd)) >> u32(8)) & odd
        gx = u32(gx + (u32(gx >> u32(8)) & odd)) & u32(0xFF00FF00)
        out[i] = br | gx
