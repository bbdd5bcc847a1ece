"""The lips of one avatar: mouth weights in, a picture of the mouth out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .package.reader import Package


class LipDecoder:
    """Draws one person's lips. Keeps no state: all sessions of an avatar share it."""

    def __init__(self, package: Package) -> None:
        mouth = package.manifest.mouth
        self._network = package.lips
        self._gain = np.array(mouth.gain, np.float32)
        self._low = np.array(mouth.low, np.float32)
        self._high = np.array(mouth.high, np.float32)
        self.mask: NDArray[np.float32] = package.mask()
        """Shape (size, size): how much of the patch is shown, feathered to 0 at its border."""

    def draw(self, weights: NDArray[np.float32], latent: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mouth at `weights`, shape (k,), on a frame's `latent`, shape (1, c, h, w).

        The weights are first scaled and limited to what this person does. Returns shape
        (3, size, size), R G B, about [0, 1].
        """
        own = np.clip(weights * self._gain, self._low, self._high)[None].astype(np.float32)
        patch: NDArray[np.float32] = self._network.run(["patch"], {"weights": own, "latent": latent})[0][0]
        return patch
