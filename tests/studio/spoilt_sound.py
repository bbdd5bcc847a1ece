"""What can go wrong with the sound of a recording."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from takes import RATE, Take


def loudness(take: Take) -> float:
    """Root mean square of the loud half."""
    return float(np.sqrt(np.mean(np.sort(take.sound**2)[len(take.sound) // 2 :])))


def noisy(take: Take, decibels: float = 10.0) -> Take:
    """A noisy room, `decibels` under the speech."""
    chance = np.random.default_rng(3)
    spectrum = np.fft.rfft(chance.normal(0, 1, len(take.sound)))
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(len(take.sound), 1 / RATE), 30))
    noise = np.fft.irfft(spectrum, len(take.sound))
    noise *= loudness(take) / np.std(noise) * 10 ** (-decibels / 20)
    return replace(take, sound=(take.sound + noise).astype(np.float32))


def echoing(take: Take, seconds: float = 1.0) -> Take:
    """A hall whose sound dies away by 60 dB in `seconds`."""
    chance = np.random.default_rng(4)
    time = np.arange(int(1.2 * seconds * RATE)) / RATE
    tail = chance.normal(0, 1, len(time)) * 10 ** (-3 * time / seconds)
    tail *= 1.0 / np.sqrt((tail**2).sum())
    tail[0] += 1.0
    size = 1 << int(np.ceil(np.log2(len(take.sound) + len(tail))))
    wet = np.fft.irfft(np.fft.rfft(take.sound, size) * np.fft.rfft(tail, size), size)[: len(take.sound)]
    wet *= np.abs(take.sound).max() / np.abs(wet).max()
    return replace(take, sound=wet.astype(np.float32))


def overdriven(take: Take, start: float, seconds: float, decibels: float = 15.0) -> Take:
    """Recorded too loud for a while."""
    sound = take.sound.copy()
    part = slice(round(start * RATE), round((start + seconds) * RATE))
    gain = 10 ** (decibels / 20) * 0.7 / np.abs(sound).max()
    sound[part] = np.clip(sound[part] * gain, -1, 1)
    return replace(take, sound=sound)


def delayed(take: Take, frames: int) -> Take:
    """The sound comes `frames` frames late; early where negative."""
    shift = abs(frames) * RATE // 25
    quiet = np.zeros(shift, np.float32)
    sound = np.concatenate([quiet, take.sound[:-shift]] if frames > 0 else [take.sound[shift:], quiet])
    return replace(take, sound=sound)
