"""A store of sounds that are no speech, as the network hears them, for training to draw from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from renderer.features import BANDS, MEL_SPREAD, SILENT_MEL, extract
from renderer.settings import ANALYSIS_RATE

from .. import noises

SECONDS = 6
SOUNDS = 500
"""Different sounds in the store: 50 minutes."""

OFTEN = ("clatter", "bursts", "plucks", "wails")
"""Kinds without a model in nature; they are drawn twice as often, since variety is what keeps lips still."""


class Din:
    """Log-mel columns of computed noises, each scaled to an RMS of 0 dB."""

    LOUD_BAND = 0.0
    """How far, in units of mel, the loudest band of a sound lies over its RMS: about nothing."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        kinds = [*noises.KINDS, *(kind for kind in OFTEN if kind in noises.KINDS)]
        made = []
        for number in range(SOUNDS):
            samples = noises.make(kinds[number % len(kinds)], SECONDS, random)
            level = 20 * np.log10(float(np.sqrt(np.mean(samples**2))) + 1e-9)
            mel = extract(samples)[0].reshape(-1, BANDS)
            mel = np.where(mel <= SILENT_MEL + 1e-6, -30.0, mel - level / MEL_SPREAD)
            made.append(mel.astype(np.float32))
        self._sounds = made
        hiss = extract(random.normal(0, 0.1, 60 * ANALYSIS_RATE).astype(np.float32))[0].reshape(-1, BANDS)
        self._hiss = hiss - hiss.mean(axis=0)

    def draw(self, size: int, columns: int) -> NDArray[np.float64]:
        """Shape (size, columns, 80): stretches of sounds, some joined of two."""
        drawn = np.empty((size, columns, BANDS))
        for row in range(size):
            at = 0
            while at < columns:
                one = self._sounds[int(self._random.integers(len(self._sounds)))]
                start = int(self._random.integers(0, len(one) // 2))
                n = min(columns - at, len(one) - start)
                drawn[row, at : at + n] = one[start : start + n]
                at += n
        return drawn

    def hiss(self, size: int, columns: int) -> NDArray[np.float64]:
        """How the bands of steady noise tremble around their level, shape (size, columns, 80)."""
        starts = self._random.integers(0, len(self._hiss) - columns, size)
        flicker = np.stack([self._hiss[start : start + columns] for start in starts])
        slow = self._random.normal(0, 0.1, (size, (columns + 15) // 16, 1))
        return np.asarray(flicker + np.repeat(slow, 16, axis=1)[:, :columns])
