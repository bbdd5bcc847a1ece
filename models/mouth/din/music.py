"""Music without voices, composed by chance: for noises.py."""

from __future__ import annotations

import numpy as np

from .sounds import (
    RATE,
    Random,
    Wave,
    clicks,
    coloured,
    decay,
    place,
    room,
    slow,
    struck,
    sweep,
    times,
    uniform,
)
from .sounds import band as between

TABLE = 2048
"""Samples in the stored cycle a tone is read from."""

SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 6, 7, 10))
"""Semitones of major, minor, pentatonic and blues."""


class Tune:
    """A key, a pace and what sounds when."""

    def __init__(self, random: Random) -> None:
        self.scale = SCALES[int(random.integers(len(SCALES)))]
        self.key = uniform(random, 33, 45)
        self.beat = 60 / uniform(random, 60, 170)
        self.roots = random.integers(0, len(self.scale), 4)

    def hertz(self, degree: int, octave: int = 1) -> float:
        """Pitch of a step of the scale."""
        turns, step = divmod(int(degree), len(self.scale))
        return float(440.0 * 2 ** ((self.key + 12 * (octave + turns) + self.scale[step] - 69) / 12))

    def root(self, beat: float) -> int:
        """The step on which the chord of this beat stands."""
        return int(self.roots[int(beat // 4) % 4])


def tone(hertz: float | Wave, n: int, random: Random, tilt: float | None = None) -> Wave:
    """A steady tone with harmonics, about 1 loud; `tilt` is how fast they fall: 0.6 bright, 3 dull."""
    tilt = uniform(random, 0.6, 3) if tilt is None else tilt
    top = float(np.max(hertz))
    orders = np.arange(1, max(2, min(60, int(7900 / top) + 1)))
    bins = np.zeros(TABLE // 2 + 1, complex)
    loud = orders**-tilt * 10 ** random.uniform(-0.5, 0.2, len(orders))
    if random.random() < 0.3:
        loud[1::2] *= 0.1  # a pipe closed at one end
    bins[orders] = loud * np.exp(1j * random.uniform(0, 6.3, len(orders)))
    cycle = np.fft.irfft(bins, TABLE)
    cycle /= np.abs(cycle).max()
    phase = np.cumsum(np.broadcast_to(np.asarray(hertz) * (TABLE / RATE), n)) + uniform(random, 0, TABLE)
    return np.asarray(cycle[phase.astype(np.int64) % TABLE])


def plucked(hertz: float, seconds: float, random: Random, tilt: float, ring: float) -> Wave:
    """A string or bar: bright at first, dull soon."""
    n = int(seconds * RATE)
    wave = tone(hertz, n, random, tilt) * decay(n, ring * 0.3, 0.003)
    wave += tone(hertz, n, random, tilt + 1) * decay(n, ring, 0.004)
    return np.asarray(wave * np.minimum(1, np.arange(n)[::-1] / 200))


def chords(n: int, random: Random) -> Wave:
    """A keyboard: three or four notes at a time, on the beat or broken."""
    tune, wave = Tune(random), np.zeros(n)
    tilt, ring, broken = uniform(random, 0.8, 2.5), uniform(random, 0.3, 2), uniform(random, 0, 0.08)
    every = float(random.choice([0.5, 1, 2, 4]))
    beat = 0.0
    while (at := int(beat * tune.beat * RATE)) < n:
        loud = uniform(random, 0.4, 1)
        for number, step in enumerate((0, 2, 4, 6)[: random.integers(2, 5)]):
            hertz = tune.hertz(tune.root(beat) + step, int(random.integers(1, 4)))
            note = plucked(hertz, min(3.0, every * tune.beat * 1.3), random, tilt, ring)
            place(wave, note, at + int(number * broken * RATE), 0.4 * loud)
        beat += every if random.random() < 0.8 else every * 1.5
    return room(wave, random)


def arpeggio(n: int, random: Random) -> Wave:
    """Single plucked notes running up and down a chord."""
    tune, wave = Tune(random), np.zeros(n)
    tilt, ring = uniform(random, 0.8, 2.5), uniform(random, 0.1, 0.8)
    every, octave = float(random.choice([0.25, 0.5])), int(random.integers(2, 4))
    pattern = random.permutation([0, 2, 4, 7, 9])
    beat, number = 0.0, 0
    while (at := int(beat * tune.beat * RATE)) < n:
        if random.random() < 0.93:
            hertz = tune.hertz(tune.root(beat) + int(pattern[number % len(pattern)]), octave)
            place(wave, plucked(hertz, min(1.5, 3 * ring), random, tilt, ring), at, uniform(random, 0.4, 1))
        beat, number = beat + every, number + 1
    return room(wave, random)


def melody(n: int, random: Random) -> Wave:
    """A wind or bowed instrument: held notes that swell, with vibrato, slides and breath."""
    tune, wave = Tune(random), np.zeros(n)
    octave, tilt = int(random.integers(2, 4)), uniform(random, 0.8, 2.5)
    shake, breathy = uniform(random, 0, 0.012), uniform(random, 0, 0.08)
    beat, step, before = 0.0, 0, tune.hertz(0, octave)
    while (at := int(beat * tune.beat * RATE)) < n:
        held = float(random.choice([0.5, 1, 1, 2, 3]))
        step = int(np.clip(step + random.integers(-3, 4), -5, 8))
        if random.random() < 0.88:
            length = int(held * tune.beat * RATE * uniform(random, 0.8, 1))
            t = times(length)
            hertz = tune.hertz(step, octave)
            slide = hertz + (before - hertz) * np.exp(-t / 0.03)
            late = np.clip((t - 0.15) * 4, 0, 1)
            curve = slide * (1 + shake * late * np.sin(2 * np.pi * uniform(random, 4.5, 6.5) * t))
            ends = np.minimum(t / uniform(random, 0.02, 0.12), (length / RATE - t) / 0.06)
            swell = np.clip(ends, 0, 1) * slow(random, length, 2, 0.6, 1)
            note = tone(curve, length, random, tilt) + breathy * coloured(random, length, -2)
            place(wave, note * swell, at, 0.7)
            before = hertz
        beat += held
    return room(wave, random)


def bass(n: int, random: Random) -> Wave:
    """Low notes on the roots."""
    tune, wave = Tune(random), np.zeros(n)
    tilt, ring = uniform(random, 1, 3), uniform(random, 0.15, 0.8)
    every = float(random.choice([0.5, 0.5, 1]))
    beat = 0.0
    while (at := int(beat * tune.beat * RATE)) < n:
        if random.random() < 0.85:
            step = tune.root(beat) + int(random.choice([0, 0, 0, 4, 7]))
            place(wave, plucked(tune.hertz(step, 0), min(1.5, 3 * ring), random, tilt, ring), at, 0.8)
        beat += every
    return room(wave, random, 0.2)


def drums(n: int, random: Random) -> Wave:
    """Kick, snare and hats in sixteenths; every bar much like the last."""
    wave = np.zeros(n)
    sixteenth = 60 / uniform(random, 70, 170) / 4
    t = times(RATE // 4)
    kick = sweep(uniform(random, 40, 60) + uniform(random, 60, 180) * np.exp(-t / 0.03))
    kick *= decay(len(t), uniform(random, 0.05, 0.12))
    snare = between(random.standard_normal(len(t)), 500, 7000) * decay(len(t), uniform(random, 0.03, 0.1))
    snare += sweep(np.full(len(t), uniform(random, 150, 250))) * decay(len(t), 0.05)
    hat = between(random.standard_normal(len(t)), 5000, 7900) * decay(len(t), uniform(random, 0.01, 0.06))
    chance = np.full((3, 16), 0.03)
    chance[0, [0, 8]], chance[1, [4, 12]] = 0.95, 0.95
    chance[0, random.integers(0, 16, 3)] = 0.6
    chance[2, :: int(random.choice([1, 2, 4]))] = 0.9
    level = random.uniform(0.2, 1, 3) * np.array([1.0, 0.4, 0.15])
    swing = uniform(random, 0, 0.3) * sixteenth
    step = 0
    while (at := int(step * sixteenth * RATE)) < n:
        for drum, odds, loud in zip((kick, snare, hat), chance[:, step % 16], level, strict=True):
            if random.random() < odds:
                late = int(swing * RATE) * (step % 2)
                place(wave, drum, at + late, loud * uniform(random, 0.6, 1))
        step += 1
    return room(wave, random, 0.4)


def pad(n: int, random: Random) -> Wave:
    """Held chords of detuned voices through a filter that opens and closes slowly."""
    tune, wave = Tune(random), np.zeros(n)
    bar = max(1.5, 4 * tune.beat)
    tilt = uniform(random, 1, 2.5)
    for number in range(int(n / RATE / bar) + 1):
        length = int(min((bar + 0.8) * RATE, n - number * bar * RATE))
        t = times(max(0, length))
        swell = np.clip(np.minimum(t / 0.7, (bar + 0.8 - t) / 0.8), 0, 1)
        for step in (0, 2, 4):
            hertz = tune.hertz(tune.root(4 * number) + step, int(random.integers(1, 3)))
            for detuned in (0.996, 1.003):
                place(
                    wave, tone(hertz * detuned, len(t), random, tilt) * swell, int(number * bar * RATE), 0.2
                )
    bright = slow(random, n, 0.3, 0, 1)
    return room(wave * bright + between(wave, 20, 700) * (1 - bright), random, 0.8)


def band(n: int, random: Random) -> Wave:
    """Several of them together; each keeps its own time, which only a musician minds."""
    wave = np.zeros(n)
    parts = [chords, arpeggio, melody, pad]
    chosen = [parts[int(k)] for k in random.permutation(len(parts))[: random.integers(1, 3)]]
    for part in (*chosen, bass, drums):
        made = part(n, random)
        wave += made / max(float(made.std()), 1e-9) * 10 ** uniform(random, -0.7, 0)
    return np.asarray(np.tanh(wave / wave.std() * uniform(random, 0.15, 0.8)))  # mastered


def guitar(n: int, random: Random) -> Wave:
    """Strings that were plucked, by delay and averaging (Karplus and Strong, 1983)."""
    tune, wave = Tune(random), np.zeros(n)
    every = float(random.choice([0.5, 1]))
    beat = 0.0
    while (at := int(beat * tune.beat * RATE)) < n:
        for number, step in enumerate((0, 2, 4)[: random.integers(1, 4)]):
            period = int(RATE / tune.hertz(tune.root(beat) + step, int(random.integers(1, 3))))
            cycle = random.uniform(-1, 1, period)
            turns = []
            for _ in range(int(1.2 * RATE / period)):
                turns.append(cycle)
                cycle = 0.498 * (cycle + np.roll(cycle, 1))
            place(wave, np.concatenate(turns), at + number * 300, 0.4)
        beat += every
    return room(wave, random)


def siren(n: int, random: Random) -> Wave:
    """An ambulance or a car's alarm: a rich tone whose pitch wanders."""
    low, high = sorted(random.uniform(350, 1600, 2))
    turn = times(n) * uniform(random, 0.2, 3) % 1
    curve = (
        np.where(turn < 0.5, low, high)
        if random.random() < 0.5
        else low + (high - low) * np.abs(2 * turn - 1)
    )
    wave = tone(curve, n, random, uniform(random, 0.6, 1.5)) * slow(random, n, 0.2, 0.1, 1)
    for at in clicks(random, n, 0.2):
        place(wave, struck(random, random.uniform(80, 900, 4), 0.1), at, 0.5)
    return room(wave, random, 0.8)
