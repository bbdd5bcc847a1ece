"""Where the face is in every frame of every clip: how far two pictures are apart without decoding either."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .package.reader import Package

Reals = NDArray[np.float32]
Frames = NDArray[np.intp]


class Poses:
    """The corners of the mouth crop, which moves, turns and grows with the head.

    corners   of each clip, shape (frames, 4, 2), in sides of the patch
    """

    def __init__(self, corners: Mapping[str, Reals]) -> None:
        self._corners = dict(corners)

    @classmethod
    def of(cls, package: Package) -> Poses:
        """Of an avatar; the first variant tells, the others show the same."""
        variant, edge = next(iter(package.manifest.variants)), package.manifest.lips.size - 1
        patch = np.array([(0, edge, 0, edge), (0, 0, edge, edge), (1, 1, 1, 1)], np.float32)
        placed = {
            clip: (package.track(variant, clip).affine @ patch).transpose(0, 2, 1)
            for clip in package.manifest.clips
        }
        sides = np.concatenate([corners[:, 1] - corners[:, 0] for corners in placed.values()])
        side = np.float32(np.median(np.hypot(sides[:, 0], sides[:, 1])))
        return cls({clip: corners / side for clip, corners in placed.items()})

    def apart(self, clip: str, frames: Frames, other: str, others: Frames) -> Reals:
        """How far the face moves from each of `frames`, shape (n,), to each of `others`, shape (m,), of
        another clip: the way of the corner that moves most, in sides of the mouth crop, shape (n, m).
        """
        from_here, to_there = self._corners[clip][frames], self._corners[other][others]
        ways = to_there[None] - from_here[:, None]
        furthest: Reals = np.hypot(ways[..., 0], ways[..., 1]).max(axis=-1)
        return furthest
