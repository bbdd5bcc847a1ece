"""The lips of one avatar: mouth weights in, how the mouth moves out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .package.reader import Package


class Fields(NamedTuple):
    """How a mouth is drawn from its clip's own pixels (kernels.mouth.draw_mouth)."""

    skin: NDArray[np.float32]
    """Shape (5, cells, cells), over the crop: where its pixels come from, and light added."""

    inner: NDArray[np.float32]
    """Shape (10, cells, cells), over the inner window: teeth and tongue, from references and paint."""


class LipDecoder:
    """Moves one person's lips. Keeps no state: all sessions of an avatar share it."""

    def __init__(self, package: Package) -> None:
        mouth, lips = package.manifest.mouth, package.manifest.lips
        self._network = package.lips
        self._gain = np.array(mouth.gain, np.float32)
        self._low = np.array(mouth.low, np.float32)
        self._high = np.array(mouth.high, np.float32)
        self.mask: NDArray[np.float32] = package.mask()
        """Shape (cells, cells): how much of the drawn mouth is shown, feathered to 0 at its border."""

        self.window = lips.window
        """Left, top and side of the inner window, in crop pixels."""

        self.size = lips.size
        """Pixels along a side of the crop."""

    def draw(self, weights: NDArray[np.float32]) -> Fields:
        """The mouth at `weights`, shape (k,), which are first scaled and limited to what this person does."""
        own = np.clip(weights * self._gain, self._low, self._high)[None].astype(np.float32)
        skin, inner = self._network.run(["skin", "inner"], {"weights": own})
        return Fields(skin[0], inner[0])
