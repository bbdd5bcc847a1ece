"""Batches of speech as it may reach an avatar: loud or soft, in noise, through a telephone, by anyone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from renderer.features import BANDS, COLUMNS, MEL_SPREAD, SILENT_MEL

from .din import Din
from .network import HEARD
from .prepare import Example

TICKS = 96
NOISE_ALONE = 0.15
"""Share of sequences in which nobody speaks."""

BEHIND = 0.5
"""Share of the others with something else to hear behind the speech."""

TELEPHONE = 0.3

DECADES = MEL_SPREAD / 10.0
"""Powers of ten of power in one unit of mel."""


@dataclass(slots=True)
class Batch:
    """Sequences of TICKS ticks."""

    mel: Tensor
    weights: Tensor
    """NaN where two recordings meet."""

    heard: Tensor
    """NaN where nobody speaks."""

    voice: Tensor


class Batches:
    """Draws sequences at random, groups in given shares, and disguises them."""

    def __init__(self, sources: dict[str, tuple[float, list[Example]]], seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.din = Din(self.random)
        self.sources = [examples for _, examples in sources.values()]
        self.chances = []
        for examples in self.sources:
            lengths = np.array([len(one.mel) for one in examples], float)
            self.chances.append(lengths / lengths.sum())
        share = np.array([share for share, _ in sources.values()])
        self.share = share / share.sum()

    def draw(self, size: int) -> Batch:
        """A batch of `size` sequences."""
        mel = np.full((size, TICKS, COLUMNS * BANDS), SILENT_MEL, np.float32)
        weights = np.zeros((size, TICKS, 10), np.float32)
        heard = np.full((size, TICKS, HEARD), np.nan, np.float32)
        voice = np.zeros((size, TICKS), np.float32)
        spoken = self.random.random(size) >= NOISE_ALONE
        for row in np.flatnonzero(spoken):
            at = (
                int(self.random.integers(1, 40)) if self.random.random() < 0.3 else 0
            )  # digital silence first
            while at < TICKS - 8:
                one = self._one()
                start = int(self.random.integers(0, max(1, len(one.mel) - 40)))
                n = min(TICKS - at, len(one.mel) - start)
                here, there = slice(at, at + n), slice(start, start + n)
                mel[row, here], voice[row, here] = one.mel[there], one.voice[there]
                weights[row, here], heard[row, here] = one.weights[there], one.heard[there]
                weights[row, at] = np.nan
                at += n
        disguised = self._disguise(mel.reshape(size, TICKS * COLUMNS, BANDS), spoken).reshape(mel.shape)
        return Batch(*(torch.from_numpy(array) for array in (disguised, weights, heard, voice)))

    def _one(self) -> Example:
        source = int(self.random.choice(len(self.sources), p=self.share))
        return self.sources[source][
            int(self.random.choice(len(self.chances[source]), p=self.chances[source]))
        ]

    def _disguise(self, mel: NDArray[np.float32], spoken: NDArray[np.bool_]) -> NDArray[np.float32]:
        size, columns, _ = mel.shape
        random = self.random
        mel = self._other_throats(mel)
        # Speech that peaks at -40 dB is to be followed as well as speech at full scale
        gain = np.where(
            random.random(size) < 0.7, random.uniform(-0.8, 0.4, size), random.uniform(-2.0, 0.4, size)
        )
        mel = mel + (self._curves(size, 0.25) + gain[:, None])[:, None, :].astype(np.float32)
        mel = mel + self._telephones(size)[:, None, :]
        loud = np.where(spoken, np.percentile(mel.reshape(size, -1), 97, axis=1), 0.0)
        power = 10.0 ** (DECADES * mel) + 10.0 ** (DECADES * self._hiss(loud, columns))
        power += 10.0 ** (DECADES * self._noises(loud, spoken, columns))
        return np.maximum(np.log10(power) / DECADES, SILENT_MEL).astype(np.float32)

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

    def _telephones(self, size: int) -> NDArray[np.float32]:
        """What a narrow line takes from the bands, in units of mel."""
        cut = np.zeros((size, BANDS), np.float32)
        for row in np.flatnonzero(self.random.random(size) < TELEPHONE):
            cut[row, self.random.integers(50, 75) :] = -5.0
            cut[row, : self.random.integers(0, 8)] = -1.0
        return cut

    def _curves(self, size: int, spread: float) -> NDArray[np.float64]:
        """Smooth random curves over the bands, in units of mel."""
        bands = np.linspace(0, 1, BANDS)
        waves = np.cos(np.pi * np.arange(5)[:, None] * bands[None, :])
        return np.asarray(self.random.normal(0, spread, (size, 5)) * np.array([0, 1, 1, 0.7, 0.5]) @ waves)

    def _hiss(self, loud: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
        """Steady noise of a random colour, 8 to 50 dB under the loudest speech; none in a third."""
        size, random = len(loud), self.random
        colour = self._curves(size, 0.4) - np.linspace(0, 1, BANDS) * random.uniform(-0.6, 1.0, (size, 1))
        level = (loud - random.uniform(0.4, 2.5, size))[:, None] + colour
        level[random.random(size) < 0.33] = -9.0
        return np.asarray(level[:, None, :] + self.din.hiss(size, columns))

    def _noises(
        self, loud: NDArray[np.float64], spoken: NDArray[np.bool_], columns: int
    ) -> NDArray[np.float64]:
        """Sounds that are no speech: alone at -65 to -6 dB, behind speech 0 to 25 dB under it.

        Half of those alone begin at once out of digital silence, as where a microphone is switched on.
        """
        size, random = len(loud), self.random
        noise = self.din.draw(size, columns)
        alone = random.uniform(-65.0, -6.0, size) / MEL_SPREAD
        level = np.where(spoken, loud - self.din.LOUD_BAND - random.uniform(0.0, 1.25, size), alone)
        level[spoken & (random.random(size) >= BEHIND)] = -30.0
        # Through other microphones than the speech: else whatever is narrow or coloured comes to mean speech
        noise = noise + self._curves(size, 0.25)[:, None, :] + self._telephones(size)[:, None, :]
        noise = noise + level[:, None, None]
        for row in np.flatnonzero(~spoken & (random.random(size) < 0.5)):
            noise[row, : COLUMNS * int(random.integers(1, TICKS // 2))] = -30.0
        return np.asarray(noise)
