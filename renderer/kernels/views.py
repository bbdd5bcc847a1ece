"""The same memory under another shape, checked: what the kernels want their arrays to look like."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


def packed_pixels(picture: Bytes) -> NDArray[np.uint32]:
    """(H, W) whole pixels of a (H, W, 4) picture, sharing its memory. Raises ValueError for another."""
    check_picture(picture, 4)
    pixels: NDArray[np.uint32] = picture.view(np.uint32)[..., 0]
    return pixels


def check_picture(picture: Bytes, channels: int) -> None:
    """Make sure of a contiguous uint8 picture (H, W, channels). Raises ValueError for another."""
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != channels:
        raise ValueError(f"a picture of {picture.dtype} {picture.shape}; uint8 (H, W, {channels}) expected")
    if not picture.flags.c_contiguous:
        raise ValueError(f"a picture with strides {picture.strides}; a contiguous one expected")


def padded_rows(plane: Bytes) -> Bytes:
    """A plane that is a window on padded rows, as the contiguous array of the rows with their padding.

    Only the columns of `plane` may be read: behind the last row the memory may belong to others.
    """
    if plane.flags.c_contiguous:
        return plane
    if plane.strides[1] == 1 and plane.strides[0] >= plane.shape[1]:
        return as_strided(plane, (plane.shape[0], plane.strides[0]), (plane.strides[0], 1))
    return np.ascontiguousarray(plane)
