"""What is seen behind an avatar that has a matte: a colour, a picture, or nothing at all."""

from __future__ import annotations

import re
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .kernels.scale import scale
from .types import Picture

Background = str | tuple[int, int, int] | NDArray[Any]
"""`"#2080ff"`, `"transparent"`, red, green and blue 0 to 255, or a picture: uint8 (h, w, 3) R G B or
(h, w, 4) B G R A."""

Transparent = Literal["transparent"]


def make_backdrop(background: Background, width: int, height: int) -> Picture | Transparent:
    """The background as B G R A pixels of this size, (height, width, 4), or "transparent".

    A picture of another size is scaled to cover, its middle kept. Raises ValueError for anything else.
    """
    if isinstance(background, str) and background == "transparent":
        return "transparent"
    if isinstance(background, (str, tuple)):
        out = np.empty((height, width, 4), np.uint8)
        out[...] = (*reversed(_colour(background)), 255)
        return out
    return _covering(_picture(background), width, height)


def _colour(colour: str | tuple[int, ...]) -> tuple[int, ...]:
    if isinstance(colour, str):
        if not re.fullmatch(r"#?[0-9a-fA-F]{6}", colour):
            raise ValueError(f"background {colour!r}; a colour such as #2080ff, or transparent, expected")
        return tuple(bytes.fromhex(colour.removeprefix("#")))
    if len(colour) != 3 or not all(0 <= int(part) <= 255 for part in colour):
        raise ValueError(f"background {colour!r}; red, green and blue from 0 to 255 expected")
    return tuple(int(part) for part in colour)


def _picture(array: Any) -> Picture:
    """Contiguous B G R A, a copy."""
    picture = np.asarray(array)
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in (3, 4) or not picture.size:
        raise ValueError(
            f"a background of {picture.dtype} {picture.shape}; uint8 (h, w, 3) in R G B or (h, w, 4) in "
            "B G R A expected"
        )
    out = np.full((*picture.shape[:2], 4), 255, np.uint8)
    out[..., :3] = picture[..., 2::-1] if picture.shape[2] == 3 else picture[..., :3]
    return out


def _covering(picture: Picture, width: int, height: int) -> Picture:
    share = max(width / picture.shape[1], height / picture.shape[0])
    across = min(picture.shape[1], max(1, round(width / share)))
    down = min(picture.shape[0], max(1, round(height / share)))
    left, top = (picture.shape[1] - across) // 2, (picture.shape[0] - down) // 2
    middle = np.ascontiguousarray(picture[top : top + down, left : left + across])
    if middle.shape[:2] == (height, width):
        return middle
    out = np.empty((height, width, 4), np.uint8)
    scale(middle, out, 0, 0, width, height)
    return out
