"""The pixel loops: arrays in, arrays out, compiled by numba, each with a NumPy twin in `twins`.

Colours of frames are B, G, R and a fourth byte; of lip patches R, G, B in [0, 1].
"""

from __future__ import annotations

import numpy as np

from .blend import composite, cross_fade, set_opacity
from .morph import morph
from .paste import paste_patch
from .pixels import bgra_to_bgr, bgra_to_rgb, yuv420_to_bgrx
from .scale import scale

__all__ = [
    "paste_patch",
    "cross_fade",
    "composite",
    "set_opacity",
    "morph",
    "bgra_to_bgr",
    "bgra_to_rgb",
    "yuv420_to_bgrx",
    "scale",
    "warm_up",
]


def warm_up() -> None:
    """Compile every kernel, or load what an earlier run compiled, so that no frame has to wait for it.

    The first time on a machine this takes some seconds, afterwards some hundredths.
    """
    frame, other, out = (np.zeros((4, 4, 4), np.uint8) for _ in range(3))
    patch, mask = np.zeros((3, 8, 8), np.float32), np.zeros((8, 8), np.float32)
    small = np.array([[0.25, 0.0, 0.0], [0.0, 0.25, 0.0]], np.float32)  # small enough to be halved
    for is_writeable in (True, False):  # two types to the compiler, and packages keep their masks safe
        mask.flags.writeable = is_writeable
        paste_patch(frame, patch, mask, small, np.zeros((2, 3), np.float32), 1.0)
        paste_patch(frame, patch, mask, small * 4, np.zeros((2, 3), np.float32), 1.0)
    cross_fade(frame, other, 0.5, out)
    morph(frame, other, small, small, (2.0, 2.0), 2.0, 0.5, out)
    set_opacity(frame[..., 0].copy(), frame)
    composite(frame, other)
    three = np.zeros((4, 4, 3), np.uint8)
    bgra_to_bgr(frame, three)
    bgra_to_rgb(frame, three)
    plane = np.zeros((4, 4), np.uint8)
    yuv420_to_bgrx(plane, plane[:2, :2], plane[:2, :2], out)
    scale(frame, out, 0, 0, 3, 3)
