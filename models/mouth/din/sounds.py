"""The workbench of noises.py: noise of a colour, things that are struck, rooms that answer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from renderer.settings import ANALYSIS_RATE as RATE

Random = np.random.Generator
Wave = NDArray[np.float64]

__all__ = [
    "RATE", "Random", "Wave", "airflow", "band", "clicks", "coloured", "decay", "microphone", "peaked",
    "place", "room", "slow", "struck", "sweep", "times", "uniform",
]  # fmt: skip

BLOCK = 4096
"""Transforms are a multiple of this long: other lengths may have large prime factors."""


def uniform(random: Random, low: float, high: float) -> float:
    """One number between `low` and `high`."""
    return float(random.uniform(low, high))


def times(n: int) -> Wave:
    """Seconds since the first of n samples."""
    return np.arange(n) / RATE


def peaked(wave: Wave, peak: float = 0.5) -> Wave:
    """The same sound with this peak; silence stays silence."""
    return np.asarray(wave * (peak / max(float(np.abs(wave).max(initial=0.0)), 1e-9)))


def coloured(random: Random, n: int, decibels: float) -> Wave:
    """Noise of deviation 1 whose power changes by so many dB in an octave: 0 white, -3 pink, -6 brown."""
    size = _size(n)
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    shape = np.maximum(hertz, 20.0) ** (decibels / 6.02)
    bins = random.standard_normal((2, len(hertz)), np.float32) * shape
    wave = np.fft.irfft(bins[0] + 1j * bins[1], size)[:n]
    return np.asarray(wave / max(float(wave.std()), 1e-9)) if n else wave


def band(wave: Wave, low: float, high: float) -> Wave:
    """What lies between two frequencies in Hz, with soft edges; its deviation is as before."""
    size = _size(len(wave))
    hertz = np.maximum(np.fft.rfftfreq(size, 1 / RATE), 1.0)
    shape = 1 / np.sqrt((1 + (low / hertz) ** 6) * (1 + (hertz / high) ** 6))
    out = np.fft.irfft(np.fft.rfft(wave, size) * shape, size)[: len(wave)]
    return np.asarray(out * (wave.std() / max(float(out.std()), 1e-9)))


def airflow(random: Random, n: int, rush: float) -> Wave:
    """Air through a throat and a mouth: three resonances over `rush` times as much plain noise."""
    air = coloured(random, n, uniform(random, -4, 1))
    heard = rush * air
    for centre in (uniform(random, 300, 900), uniform(random, 1000, 2200), uniform(random, 2400, 5500)):
        heard = heard + band(air, centre * 0.8, centre * 1.25) * 10 ** uniform(random, -0.7, 0.5)
    return heard


def slow(random: Random, n: int, hertz: float, low: float, high: float) -> Wave:
    """A smooth random curve between `low` and `high` that turns about `hertz` times a second."""
    points = int(n / RATE * hertz) + 3
    at = (np.arange(n) / RATE * hertz + uniform(random, 0, 1)) if n else np.zeros(0)
    values = random.uniform(low, high, points)
    part = at % 1
    before = at.astype(int)
    blend = (1 - np.cos(np.pi * part)) / 2
    return np.asarray(values[before] * (1 - blend) + values[before + 1] * blend)


def decay(n: int, seconds: float, attack: float = 0.0005) -> Wave:
    """An envelope that jumps up within `attack` seconds and falls to 1/e every `seconds`."""
    t = times(n)
    return np.asarray(np.minimum(1.0, (t + 1 / RATE) / attack) * np.exp(-t / seconds))


def sweep(hertz: Wave) -> Wave:
    """A sine of these frequencies, sample by sample."""
    return np.asarray(np.sin(2 * np.pi * np.cumsum(hertz) / RATE))


def struck(random: Random, modes: Any, seconds: float) -> Wave:
    """A thing that rings at `modes` Hz for about `seconds`; each mode as loud as it happens to be hit."""
    modes = np.asarray(modes)
    n = int(min(6 * seconds, 2.0) * RATE) + 16
    t = times(n)
    ring = seconds * random.uniform(0.5, 1.3, len(modes))
    loud = 10 ** random.uniform(-1, 0, len(modes)) / len(modes) ** 0.5
    waves = np.sin(2 * np.pi * modes[:, None] * t) * np.exp(-t / ring[:, None])
    return np.asarray(loud @ waves)


def clicks(random: Random, n: int, a_second: float) -> list[int]:
    """Where things happen by chance, so many a second; at least once."""
    count = max(1, int(random.poisson(a_second * n / RATE)))
    return [int(at) for at in np.sort(random.integers(0, max(1, n), count))]


def place(wave: Wave, sound: Wave, at: int, gain: float = 1.0) -> None:
    """Add a sound at a position; what lies outside is cut off."""
    at = int(at)
    first = max(0, -at)
    last = min(len(sound), len(wave) - at)
    if last > first:
        wave[at + first : at + last] += gain * sound[first:last]


def room(wave: Wave, random: Random, share: float = 0.5) -> Wave:
    """The sound in a room, or as it was: noise that decays by 60 dB in 0.15 to 1.2 s."""
    if random.random() < 0.3 or not len(wave):
        return wave
    n = int(uniform(random, 0.15, 1.2) * RATE)
    echo = coloured(random, n, uniform(random, -3, 0)) * np.exp(-6.9 * np.arange(n) / n)
    echo *= uniform(random, 0, share) / np.sqrt((echo**2).sum())
    echo[: int(uniform(random, 0.002, 0.02) * RATE)] = 0
    echo[0] = 1.0
    size = _size(len(wave) + n)
    return np.asarray(np.fft.irfft(np.fft.rfft(wave, size) * np.fft.rfft(echo, size), size)[: len(wave)])


def microphone(wave: Wave, random: Random) -> Wave:
    """The sound as a device gives it: coloured, narrowed, overdriven or coarse, or as it was.

    Without this a network learns that whatever is narrow is speech: only speech came through telephones.
    """
    n = len(wave)
    size = _size(n)
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    shape = np.ones(len(hertz))
    if random.random() < 0.6:
        waves = np.cos(np.pi * np.arange(1, 6)[:, None] * (hertz / 8000) ** uniform(random, 0.4, 1))
        shape *= 10 ** (random.normal(0, 5, 5) * np.array([1, 1, 0.8, 0.6, 0.5]) @ waves / 20)
    if random.random() < 0.5:
        shape *= 1 / (1 + (hertz / uniform(random, 2500, 7500)) ** uniform(random, 8, 80))
    if random.random() < 0.3:
        shape *= 1 / (1 + (uniform(random, 60, 450) / np.maximum(hertz, 1)) ** uniform(random, 4, 30))
    out = np.fft.irfft(np.fft.rfft(wave, size) * shape, size)[:n]
    if random.random() < 0.15:
        most = float(np.abs(out).max(initial=0.0)) * 10 ** (-uniform(random, 2, 20) / 20)
        out = np.clip(out, -most, most)
    if random.random() < 0.15:
        step = max(float(np.abs(out).max(initial=0.0)), 1e-9) / uniform(random, 20, 500)
        out = np.round(out / step) * step
    return np.asarray(out)


def _size(n: int) -> int:
    return max(1, -(-n // BLOCK)) * BLOCK
