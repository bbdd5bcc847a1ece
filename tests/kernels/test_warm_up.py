"""After `warm_up` no frame waits for the compiler."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest

from renderer import kernels

ROOMS = [
    importlib.import_module(f"renderer.kernels.{name}")
    for name in ("blend", "morph", "mouth", "mouth_rows", "mouth_mix", "pixels", "scale")
]


def compilations() -> int:
    members: list[Any] = [m for room in ROOMS for m in vars(room).values()]
    return sum(len(m.signatures) for m in members if hasattr(m, "signatures"))


@pytest.mark.parametrize("is_frozen", [False, True], ids=["writeable", "read-only"])
def test_nothing_is_compiled_after_the_warm_up(is_frozen: bool) -> None:
    kernels.warm_up()
    before = compilations()
    frame = np.zeros((50, 60, 4), np.uint8)
    skin, inner = np.zeros((5, 32, 32), np.float32), np.zeros((10, 32, 32), np.float32)
    mask, pictures = np.ones((32, 32), np.float32), np.zeros((2, 40, 40, 4), np.uint8)
    affine = np.eye(2, 3, dtype=np.float32)
    for array in (mask, pictures, affine):
        array.flags.writeable = not is_frozen
    kernels.draw_mouth(frame, skin, inner, mask, pictures, (8, 6, 16), 32, affine, 0.5)
    kernels.cross_fade(frame, frame.copy(), 0.5, frame)
    kernels.morph(frame, frame.copy(), affine, affine, (9.0, 9.0), 5.0, 0.5, frame.copy())
    kernels.set_opacity(np.zeros((50, 64), np.uint8), frame)
    kernels.composite(frame, frame.copy())
    kernels.bgra_to_rgb(frame, np.zeros((50, 60, 3), np.uint8))
    kernels.bgra_to_bgr(frame, np.zeros((50, 60, 3), np.uint8))
    rows = np.zeros((50, 64), np.uint8)
    kernels.yuv420_to_bgrx(rows[:, :60], rows[:25, :30], rows[:25, :30], frame, "bt601", True)
    kernels.scale(frame, np.zeros((90, 80, 4), np.uint8), 5, 5, 70, 80)
    assert before > 0
    assert compilations() == before
