"""What the studio found out about every frame of a clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..errors import AvatarError
from .arrays import read_arrays

_REMEDY = "build the avatar again"


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Where the mouth is in each frame of one clip in one variant. The arrays cannot be written to."""

    affine: NDArray[np.float32]
    """Shape (frames, 2, 3): from lip patch to frame; whole numbers are the centres of pixels."""

    colour: NDArray[np.float32]
    """Shape (frames, 2, 3): gain and offset of R, G, B in [0, 1]."""

    drivable: NDArray[np.float32]
    """Shape (frames,): how far the mouth may be drawn, 0 (a hand covers it) to 1."""

    @classmethod
    def read(cls, file: BinaryIO, where: str, frame: tuple[int, int], frames: int, size: int) -> Track:
        """Read and check a .track.npz for `frames` frames and a lip patch of `size` pixels a side.

        `frame` is width and height of the pictures. Raises AvatarError.
        """
        shapes = {"affine": (frames, 2, 3), "colour": (frames, 2, 3), "drivable": (frames,)}
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


@dataclass(frozen=True, slots=True, eq=False)
class Latent:
    """What the lip decoder has to know of each frame of one clip, the same in every variant."""

    values: NDArray[np.int8]
    """Shape (frames, c, h, w)."""

    scale: NDArray[np.float32]
    """Shape (c,): the latent is values x scale."""

    def frame(self, index: int) -> NDArray[np.float32]:
        """The latent of one frame, shape (1, c, h, w)."""
        scaled: NDArray[np.float32] = self.values[index : index + 1] * self.scale[:, None, None]
        return scaled

    @classmethod
    def read(cls, file: BinaryIO, where: str, frames: int, shape: tuple[int, int, int]) -> Latent:
        """Read and check a .latent.npz for `frames` frames of `shape`. Raises AvatarError."""
        expected = {"latent": ("|i1", (frames, *shape)), "scale": ("<f4", shape[:1])}
        arrays: dict[str, NDArray[Any]] = read_arrays(file, where, expected)
        return cls(arrays["latent"], arrays["scale"])


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
