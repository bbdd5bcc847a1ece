"""Batches of speech as it may reach an avatar: loud or soft, in noise, through a telephone, by anyone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from renderer.features import BANDS, COLUMNS, MEL_SPREAD, SILENT_MEL, extract
from renderer.settings import ANALYSIS_RATE

from .corpus.prepare import Example
from .turns import Row, Turns

TICKS = 96
NOISE_ALONE = 0.2
"""Share of sequences in which nobody speaks."""

IN_DIN = 0.35
"""Share of the others in which something else is heard, 3 to 30 dB under the speech."""

ABRUPT = 0.5
"""Share of the noises alone that begin in the middle of a sequence, out of silence."""

HISS = 60
"""Seconds of noise to draw from."""

DECADES = MEL_SPREAD / 10.0
"""Powers of ten of power in one unit of mel."""


@dataclass(slots=True)
class Batch:
    """Sequences of TICKS ticks; targets are NaN where unknown."""

    mel: Tensor
    weights: Tensor
    phones: Tensor
    voice: Tensor


class Batches:
    """Draws sequences at random, groups in given shares, and disguises them."""

    def __init__(
        self,
        sources: dict[str, tuple[float, list[Example]]],
        seed: int,
        din: list[NDArray[np.float32]],
        alone: float = NOISE_ALONE,
    ) -> None:
        self.random = np.random.default_rng(seed)
        hiss = self.random.normal(0, 0.1, HISS * ANALYSIS_RATE).astype(np.float32)
        mel = extract(hiss)[0].reshape(-1, BANDS)
        self.hiss = mel - mel.mean(axis=0)
        """How the bands of steady noise tremble, shape (columns, 80)."""
        self.din = din
        self.alone = alone
        self.turns = Turns(sources, self.random, din)

    def draw(self, size: int) -> Batch:
        """A batch of `size` sequences."""
        mel = np.full((size, TICKS, COLUMNS * BANDS), SILENT_MEL, np.float32)
        weights = np.zeros((size, TICKS, 10), np.float32)
        phones = np.zeros((size, TICKS, 40), np.float32)
        phones[..., 0] = 1.0
        voice = np.zeros((size, TICKS), np.float32)
        for row in range(size):
            if self.random.random() < self.alone:
                continue
            self.turns.draw(Row(mel[row], weights[row], phones[row], voice[row]))
        mel = self._disguise(mel.reshape(size, TICKS * COLUMNS, BANDS)).reshape(mel.shape)
        return Batch(*(torch.from_numpy(array) for array in (mel, weights, phones, voice)))

    def _disguise(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """What a device hears of it. Din is coloured by itself: else whatever is narrow would be speech."""
        size = len(mel)
        speech = self._through_the_air(self._other_throats(mel))
        loud = np.percentile(speech.reshape(size, -1), 97, axis=1)
        alone = loud < SILENT_MEL + 0.6
        din = self._through_the_air(self._din(size, mel.shape[1], loud, alone))
        hiss = self._noise(mel.shape[1], loud, alone)
        power = sum(10.0 ** (DECADES * part) for part in (speech, din, hiss))
        heard = np.log10(power) / DECADES
        narrow = self.random.random(size) < 0.1
        heard[narrow] += self._telephones(size, 1.0)[narrow][:, None]
        return np.maximum(heard, SILENT_MEL).astype(np.float32)

    def _through_the_air(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """Coloured, louder or softer, a fifth of it as through a telephone."""
        size = len(mel)
        gain = self.random.uniform(-1.0, 0.5, (size, 1))
        change = self._curves(size, 0.25) + gain + self._telephones(size, 0.2)
        return mel + change[:, None, :].astype(np.float32)

    def _telephones(self, size: int, share: float) -> NDArray[np.float64]:
        """What narrow lines take away, shape (size, 80), in so many rows."""
        cut = np.zeros((size, BANDS))
        for row in np.flatnonzero(self.random.random(size) < share):
            cut[row, self.random.integers(50, 75) :] = -5.0
            cut[row, : self.random.integers(0, 8)] = -1.0
        return cut

    def _din(
        self, size: int, columns: int, loud: NDArray[np.float32], alone: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Noises of the pool, alone at any level, else under the speech in some rows."""
        din = np.full((size, columns, BANDS), SILENT_MEL * 2, np.float32)
        random = self.random
        for row in range(size):
            if not alone[row] and random.random() > IN_DIN:
                continue
            level = random.uniform(-0.7, 2.0) if alone[row] else loud[row] - random.uniform(0.15, 1.5)
            sound = self.din[int(random.integers(len(self.din)))]
            first = int(random.integers(0, columns // 2)) if random.random() < ABRUPT else 0
            start = int(random.integers(0, len(sound)))
            part = np.resize(np.roll(sound, -start, axis=0), (columns - first, BANDS))
            din[row, first:] = part + level
        return din

    def _other_throats(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """Vocal tract length perturbation: the bands stretched by up to 12 % (Jaitly and Hinton, 2013)."""
        stretch = self.random.uniform(0.88, 1.12, len(mel))
        warped = np.empty_like(mel)
        for row, factor in enumerate(stretch):
            at = np.minimum(np.arange(BANDS) * factor, BANDS - 1.001)
            low = at.astype(int)
            part = (at - low).astype(np.float32)
            warped[row] = mel[row][:, low] * (1 - part) + mel[row][:, low + 1] * part
        return warped

    def _curves(self, size: int, spread: float) -> NDArray[np.float64]:
        """Smooth random curves over the bands, in units of mel."""
        bands = np.linspace(0, 1, BANDS)
        waves = np.cos(np.pi * np.arange(5)[:, None] * bands[None, :])
        return np.asarray(self.random.normal(0, spread, (size, 5)) * np.array([0, 1, 1, 0.7, 0.5]) @ waves)

    def _noise(
        self, columns: int, loud: NDArray[np.float32], alone: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Steady noise of a random colour, 8 to 48 dB under the loudest speech; none in half."""
        size, random = len(loud), self.random
        peak = np.where(alone, random.uniform(-1.5, 1.2, size), loud)
        below = np.where(alone, random.uniform(0.0, 3.0, size), random.uniform(0.4, 2.4, size))
        colour = self._curves(size, 0.4) - np.linspace(0, 1, BANDS) * random.uniform(-0.6, 1.0, (size, 1))
        level = (peak - below)[:, None] + colour
        level[random.random(size) < 0.5] = -9.0
        starts = random.integers(0, len(self.hiss) - columns, size)
        flicker = np.stack([self.hiss[start : start + columns] for start in starts])
        slow = np.repeat(random.normal(0, 0.1, (size, (columns + 15) // 16, 1)), 16, axis=1)[:, :columns]
        return np.asarray(level[:, None, :] + flicker + slow)
