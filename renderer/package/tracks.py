"""What the studio found out about every frame of a clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..errors import AvatarError
from .arrays import read_arrays

_REMEDY = "build the avatar again"


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Where the mouth is in each frame of one clip in one variant. The arrays cannot be written to."""

    affine: NDArray[np.float32]
    """Shape (frames, 2, 3): from mouth crop to frame; whole numbers are the centres of pixels."""

    drivable: NDArray[np.float32]
    """Shape (frames,): how far the mouth may be drawn, 0 (a hand covers it) to 1."""

    @classmethod
    def read(cls, file: BinaryIO, where: str, frame: tuple[int, int], frames: int, size: int) -> Track:
        """Read and check a .track.npz for `frames` frames and a mouth crop of `size` pixels a side.

        `frame` is width and height of the pictures. Raises AvatarError.
        """
        shapes = {"affine": (frames, 2, 3), "drivable": (frames,)}
        track = cls(**read_arrays(file, where, {name: ("<f4", shape) for name, shape in shapes.items()}))
        edge = size - 1
        corners = track.affine @ np.array([(0, edge, 0, edge), (0, 0, edge, edge), (1, 1, 1, 1)], np.float32)
        sides = np.array(frame, np.float32)[:, None]
        beside = ((corners < -sides) | (corners > 2 * sides)).any(axis=(1, 2))
        flat = np.abs(np.linalg.det(track.affine[:, :, :2].astype(np.float64))) < 1e-6
        for what, wrong in (("is far outside the picture", beside), ("has no area", flat)):
            if wrong.any():
                raise AvatarError(
                    f"{where}: affine: the mouth of frame {int(wrong.argmax())} {what}; "
                    f"a place in {frame[0]}x{frame[1]} expected; {_REMEDY}"
                )
        if track.drivable.min() < 0 or track.drivable.max() > 1:
            raise AvatarError(f"{where}: drivable has values outside 0 to 1; shares expected; {_REMEDY}")
        return track


def read_mask(file: BinaryIO, where: str, size: int) -> NDArray[np.float32]:
    """Read and check a .mask.npz: shape (size, size), 0 to 1, nothing at the border. Raises AvatarError."""
    mask = read_arrays(file, where, {"mask": ("<f4", (size, size))})["mask"]
    border = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    if mask.min() < 0 or mask.max() > 1 or border.max() > 1 / 255 or mask.max() < 0.5:
        raise AvatarError(
            f"{where}: mask from {mask.min():.3g} to {mask.max():.3g}, up to {border.max():.3g} at the rim; "
            f"shares of 0 to 1 that end at the border expected; {_REMEDY}"
        )
    return mask


def read_references(file: BinaryIO, where: str, side: int) -> NDArray[np.uint8]:
    """Read and check a .references.npz: shape (2, side, side, 3), R G B. Raises AvatarError."""
    return read_arrays(file, where, {"pictures": ("|u1", (2, side, side, 3))})["pictures"]
