"""What a lip network learns from: frames of a person, at rest and as filmed, and references."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...errors import StudioError
from ..crops import hidden, mouth_mask
from ..mouthspace import WEIGHTS
from .fields import OPEN_REFERENCES, as_tensor

Crops = NDArray[np.uint8]
"""Shape (n, size, size, 3), RGB."""

LIMIT = 8.0
"""Weights are cut at this many typical deviations; more is a landmark gone astray."""

GAP, WIDTH = WEIGHTS.index("lip_gap"), WEIGHTS.index("width")


@dataclass
class Recording:
    """One person, filmed once."""

    crops: Crops
    weights: NDArray[np.float32]
    """Shape (n, k)."""

    rest: NDArray[np.bool_]
    """Shape (n,): the mouth is closed and calm."""

    around: Crops | None = None
    """Like `crops`: the same frames as clips show them, the resting mouth baked in, from which mouths are
    drawn; `crops` themselves if left out."""

    mask: NDArray[np.float32] | None = None
    """Shape (size, size): the share of a drawn patch that is shown; `crops.mouth_mask` if left out."""

    usable: NDArray[np.intp] = field(init=False)
    """Frames whose weights are known."""

    seen: NDArray[np.float32] = field(init=False)
    """What surrounds the mouth, 16x16 cells of grey, to tell which frames look alike."""

    def __post_init__(self) -> None:
        n = len(self.crops)
        if self.weights.shape[:1] != (n,) or self.rest.shape != (n,):
            raise StudioError(
                f"{n} mouth crops, {len(self.weights)} rows of weights and {len(self.rest)} marks of rest; "
                "all three must be equally long"
            )
        if self.around is None:
            self.around = self.crops
        if self.around.shape != self.crops.shape:
            raise StudioError(
                f"mouth crops of shape {self.crops.shape} with surroundings of shape {self.around.shape}; "
                "both must be alike"
            )
        self.usable = np.flatnonzero(np.isfinite(self.weights).all(axis=1))
        if len(self.usable) < 2:
            raise StudioError(f"{len(self.usable)} of {n} frames show a mouth; at least 2 are needed")
        self.weights = np.clip(np.nan_to_num(self.weights), -LIMIT, LIMIT).astype(np.float32)
        if not self.rest[self.usable].any():
            self.rest = np.zeros(n, np.bool_)
            calmest = self.usable[np.abs(self.weights[self.usable]).sum(axis=1).argsort()[:3]]
            self.rest[calmest] = True
        cell = self.crops.shape[1] // 16
        grey = self.around.mean(axis=3, dtype=np.float32) * ~hidden(self.crops.shape[1])
        self.seen = grey[:, : 16 * cell, : 16 * cell].reshape(n, 16, cell, 16, cell).mean(axis=(2, 4))

    def wanted(self, frames: NDArray[np.intp]) -> Tensor:
        """What is to be drawn for these frames, (b, 3, size, size): the filmed mouth, and where the player's
        mask fades it out, more and more of the picture that shows there."""
        filmed = as_tensor(self.crops[frames])
        share = torch.from_numpy(mouth_mask(filmed.shape[-1]) if self.mask is None else self.mask)
        shown = self.surroundings(frames)
        return shown + share * (filmed - shown)

    def surroundings(self, frames: NDArray[np.intp] | list[int]) -> Tensor:
        """What surrounds the mouth in these frames as the player shows them, (b, 3, size, size)."""
        assert self.around is not None
        return as_tensor(self.around[frames])

    def references(self) -> tuple[int, list[int]]:
        """The best reference frames: one at rest, and OPEN_REFERENCES that show most of the inner mouth.

        The first of those is the widest bared teeth, the second the widest open mouth. Sharp frames with
        the head held as it mostly is win.
        """
        merit = self._sharpness() - self._oddness()
        closed = self.usable[self.rest[self.usable]]
        off = np.abs(self.weights[closed]).sum(axis=1)
        rest = int(closed[np.argmin(off - 4 * merit[closed])])
        gap, width = self.weights[self.usable, GAP], self.weights[self.usable, WIDTH]
        most = np.percentile(gap, 98)
        if most < 1.0:  # this person never opens the mouth
            return rest, [rest] * OPEN_REFERENCES
        teeth = width - np.abs(gap - 0.5 * most) + merit[self.usable]
        wide = np.minimum(gap, most) + merit[self.usable]
        return rest, [int(self.usable[np.argmax(score)]) for score in (teeth, wide)]

    def _oddness(self) -> NDArray[np.float32]:
        """How unlike the usual the surroundings of the mouth are, 1 for the typical frame, at most 3."""
        off = np.abs(self.seen - np.median(self.seen, axis=0)).mean(axis=(1, 2))
        return np.asarray(np.clip(off / max(float(np.median(off)), 1e-3), 0, 3), np.float32)

    def _sharpness(self) -> NDArray[np.float32]:
        """Mean absolute Laplacian of every crop, over the recording's median less 1, within ±1."""
        grey = self.crops[..., 1].astype(np.float32)
        laplace = 4 * grey[:, 1:-1, 1:-1] - grey[:, :-2, 1:-1] - grey[:, 2:, 1:-1]
        energy = np.abs(laplace - grey[:, 1:-1, :-2] - grey[:, 1:-1, 2:]).mean(axis=(1, 2))
        return np.asarray(np.clip(energy / max(float(np.median(energy)), 1e-3) - 1, -1, 1), np.float32)


@dataclass
class Batch:
    """What one step of training sees; pictures in [0, 1]."""

    weights: Tensor
    """(b, k)"""

    target: Tensor
    """(b, 3, size, size): what those weights look like."""

    rest: Tensor
    """(b, 3, size, size): the frame the mouth is drawn from, at rest."""

    opened: Tensor | None = None
    """(b, OPEN_REFERENCES * 3, size, size), for networks of many people."""


def draw_batch(recording: Recording, pool: NDArray[np.intp], size: int, chance: np.random.Generator) -> Batch:
    """Frames of one person; a quarter are drawn at rest, which must be the frame as it is."""
    frames = chance.choice(pool, size).astype(int)
    weights = torch.from_numpy(recording.weights[frames])
    target, rest = recording.wanted(frames), recording.surroundings(frames)
    quiet = size // 4
    weights[:quiet], target[:quiet] = 0.0, rest[:quiet]
    return Batch(weights, target, rest)
