"""How strongly a mouth speaks: how wide it opens, and how clearly it articulates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MEMORY = 12
"""Frames (0.5 s) over which the running average forgets: two syllables."""

LIP_GAP = 1
"""Which weight tells how far the lips are apart (docs/mouth-space.md)."""

GAPS = (1, 4)
"""The weights whose 0 is a seal of the lips: in the middle, and towards the corners."""

PARTED = 1.0
"""lip_gap in typical deviations at which the lips are plainly open. Below it the controls fade: they may
close lips further, and never open a closure."""

Weights = NDArray[np.float32]


class Expression:
    """Scales the mouth's movement. One call per frame; what comes out depends on past frames alone."""

    def __init__(self, gain: float = 1.0, articulation: float = 1.0) -> None:
        self._average: Weights = np.zeros(1, np.float32)
        self.express(gain, articulation)

    def express(self, gain: float, articulation: float, over: int = 0) -> None:
        """Choose anew, from the next frame on, or little by little `over` so many frames."""
        self._wanted, self._left = (gain, articulation), over
        if over == 0:
            self._gain, self._articulation = gain, articulation

    def step(self, weights: Weights) -> Weights:
        """The weights (k,) of the next frame, as wide and as clear as chosen.

        Articulation multiplies the distance from the running average, gain the distance from rest.
        """
        if self._left:
            self._approach()
        self._average = self._average + (weights - self._average) / np.float32(MEMORY)
        if self._gain == 1.0 and self._articulation == 1.0:
            return weights
        open_share = np.float32(np.clip(weights[LIP_GAP] / PARTED, 0.0, 1.0))
        moved = np.float32(self._articulation - 1.0) * (weights - self._average)
        if self._articulation < 1.0:
            moved *= open_share  # a closure stays whole: lips, jaw and corners as the network says
        spoken = weights + moved
        scaled = spoken * np.float32(self._gain)
        if self._gain > 1.0:
            for gap in GAPS:
                scaled[gap] = spoken[gap] * np.float32(1.0 + (self._gain - 1.0) * float(open_share))
        return np.asarray(scaled, np.float32)

    def _approach(self) -> None:
        """Come nearer to what was chosen."""
        gain, articulation = self._wanted
        self._gain += (gain - self._gain) / self._left
        self._articulation += (articulation - self._articulation) / self._left
        self._left -= 1
        if self._left == 0:
            self._gain, self._articulation = gain, articulation

    def reset(self) -> None:
        """Forget how the mouth moved; the average begins at rest."""
        self._average = np.zeros(1, np.float32)
