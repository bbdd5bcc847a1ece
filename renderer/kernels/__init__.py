"""The pixel loops: arrays in, arrays out, compiled by numba, each with a NumPy twin in `twins`.

Colours of frames are B, G, R and a fourth byte; of the fields a mouth is drawn by R, G, B in [0, 1].
"""

from __future__ import annotations

import numpy as np

from .blend import composite, cross_fade, set_opacity
from .morph import morph
from .mouth import draw_mouth
from .pixels import bgra_to_bgr, bgra_to_rgb, yuv420_to_bgrx
from .scale import scale

__all__ = [
    "draw_mouth",
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
    skin, inner, mask = (
        np.zeros((5, 4, 4), np.float32),
        np.zeros((10, 4, 4), np.float32),
        np.ones((4, 4), np.float32),
    )
    pictures, place = np.zeros((2, 4, 4, 4), np.uint8), np.eye(2, 3, dtype=np.float32)
    for is_writeable in (True, False):  # two types to the compiler, and packages keep their arrays safe
        mask.flags.writeable = pictures.flags.writeable = is_writeable
        draw_mouth(frame, skin, inner, mask, pictures, (1.0, 1.0, 2.0), 4, place, 1.0)
    cross_fade(frame, other, 0.5, out)
    morph(frame, other, place, place, (2.0, 2.0), 2.0, 0.5, out)
    set_opacity(frame[..., 0].copy(), frame)
    composite(frame, other)
    three = np.zeros((4, 4, 3), np.uint8)
    bgra_to_bgr(frame, three)
    bgra_to_rgb(frame, three)
    plane = np.zeros((4, 4), np.uint8)
    yuv420_to_bgrx(plane, plane[:2, :2], plane[:2, :2], out)
    scale(frame, out, 0, 0, 3, 3)
