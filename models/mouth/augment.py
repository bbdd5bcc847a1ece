"""Batches of speech as it may reach an avatar: loud or soft, in noise, through a telephone, by anyone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
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

THROATS = (0.88, 1.12)
"""Times as long a vocal tract."""

OTHER_VOICES = 0.6
"""Share of sequences with another voice."""

PITCHES = (0.65, 1.5)
"""How many of its harmonics fill the place of one: over 1 it is lower. Few are recorded, and many talk."""

DEEPEST = 1.3
"""Times as deep they may be; 0 is a whisper."""

WIDEST = 9
"""Bands over which a voice's harmonics are smoothed away."""

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
        speech = self._through_the_air(self._other_people(mel))
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

    def _other_people(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same words out of another throat and with another voice.

        What a throat does is smooth over the bands, and is stretched by up to 12 % (vocal tract length
        perturbation: Jaitly and Hinton, 2013). What is left are the voice's harmonics: they are stretched
        apart from it, and raised or flattened, down to a whisper.
        """
        size = len(mel)
        throat = _smooth(mel)
        stretched = _stretched(throat, self.random.uniform(*THROATS, size))
        other = self.random.random(size) < OTHER_VOICES
        lowest, highest = np.log(PITCHES)
        pitch = np.where(other, np.exp(self.random.uniform(lowest, highest, size)), 1.0)
        depth = np.where(other, self.random.uniform(0.0, DEEPEST, size), 1.0).astype(np.float32)
        return stretched + _stretched(mel - throat, pitch) * depth[:, None, None]

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


def _smooth(mel: NDArray[np.float32]) -> NDArray[np.float32]:
    """Without what changes from band to band."""
    window = np.hanning(WIDEST + 2)[1:-1]
    return np.asarray(ndimage.convolve1d(mel, window / window.sum(), axis=-1, mode="nearest"), np.float32)


def _stretched(mel: NDArray[np.float32], factors: NDArray[np.float64]) -> NDArray[np.float32]:
    """Sequences whose band k shows what band k * factor did."""
    out = np.empty_like(mel)
    for row, factor in enumerate(factors):
        at = np.minimum(np.arange(BANDS) * factor, BANDS - 1.001)
        low = at.astype(int)
        part = (at - low).astype(np.float32)
        out[row] = mel[row][:, low] * (1 - part) + mel[row][:, low + 1] * part
    return out
