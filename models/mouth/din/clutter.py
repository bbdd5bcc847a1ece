"""Sounds of nothing in particular, as various as chance allows: for noises.py.

A network that learned only doors and keyboards takes a cup for speech. These kinds imitate no thing; they
cover what things have in common.
"""

from __future__ import annotations

import numpy as np

from .sounds import (
    RATE,
    Random,
    Wave,
    band,
    coloured,
    decay,
    peaked,
    place,
    room,
    slow,
    struck,
    sweep,
    times,
    uniform,
)

LOW, HIGH = 40.0, 7900.0


def pitch(random: Random, low: float = LOW, high: float = HIGH) -> float:
    """A frequency in Hz, each octave as likely as the next."""
    return float(np.exp(uniform(random, np.log(low), np.log(high))))


def moments(n: int, random: Random) -> list[int]:
    """Where things happen: at an even pace, by chance, or in groups."""
    gap = float(np.exp(uniform(random, np.log(0.04), np.log(1.5)))) * RATE
    way, at, found = int(random.integers(3)), uniform(random, 0, min(gap, n)), []
    while at < n:
        found.append(int(at))
        if way == 0:
            at += gap * uniform(random, 0.92, 1.08)
        elif way == 1:
            at += random.exponential(gap) + 100
        else:
            at += gap * (0.3 if random.random() < 0.7 else uniform(random, 2, 6))
    return found or [0]


def clatter(n: int, random: Random) -> Wave:
    """Things that are hit, and ring: wood, glass, metal, drops, steps."""
    wave = coloured(random, n, uniform(random, -6, 0)) * 10 ** uniform(random, -4, -1.8)
    things = []
    for _ in range(random.integers(1, 4)):
        low = pitch(random, 50, 4000)
        modes = np.array([pitch(random, low, HIGH) for _ in range(random.integers(1, 9))])
        ring = float(np.exp(uniform(random, np.log(0.002), np.log(0.3))))
        scratch = pitch(random, 200, 5000), uniform(random, 0, 1), uniform(random, 0.001, 0.04)
        things.append((modes, ring, scratch))
    for at in moments(n, random):
        modes, ring, (centre, rough, length) = things[int(random.integers(len(things)))]
        loud = 10 ** uniform(random, -1, 0)
        place(wave, struck(random, modes * uniform(random, 0.97, 1.03), ring), at, loud)
        scrape = band(random.standard_normal(int(6 * length * RATE) + 16), centre * 0.6, centre * 1.7)
        place(wave, scrape * decay(len(scrape), length), at, 0.3 * rough * loud)
    return room(wave, random, 0.7)


def bursts(n: int, random: Random) -> Wave:
    """Noise that comes and goes: puffs, scrapes, brushes, water, wind."""
    wave = coloured(random, n, uniform(random, -6, 0)) * 10 ** uniform(random, -4, -1.8)
    colour, typical = uniform(random, -6, 2), float(np.exp(uniform(random, np.log(0.02), np.log(1.5))))
    for at in moments(n, random)[:200]:
        length = int(min(3.0, typical * 10 ** uniform(random, -0.3, 0.3)) * RATE) + 16
        puff = coloured(random, length, colour)
        for _ in range(random.integers(0, 4)):
            centre = pitch(random, 150, 6000)
            puff = puff + band(puff, centre * 0.8, centre * 1.25) * 10 ** uniform(random, -0.5, 0.7)
        x = np.linspace(0, 1, length)
        shape = x ** uniform(random, 0.1, 2) * (1 - x) ** uniform(random, 0.3, 4)
        place(wave, puff * shape / shape.max(), at, 10 ** uniform(random, -1, 0) / puff.std())
    return room(wave, random, 0.5)


def plucks(n: int, random: Random) -> Wave:
    """Strings, bars and bells, in tune or not, alone or several at a time."""
    wave = coloured(random, n, -4) * 10 ** uniform(random, -4, -2.5)
    base, stiff = pitch(random, 60, 700), 10 ** uniform(random, -5, -2.5)
    bend = 1.0 if random.random() < 0.7 else uniform(random, 1.05, 1.5)  # harmonic, or a bell
    ring, tilt = float(np.exp(uniform(random, np.log(0.1), np.log(1.5)))), uniform(random, 0, 2)
    faster, where = uniform(random, 0.1, 1.5), uniform(random, 0.05, 0.5)
    length = int(min(1.5, 3 * ring) * RATE)
    t = times(length)
    for at in moments(n, random)[:60]:
        for _ in range(random.integers(1, 4)):
            hertz = base * 2 ** (int(random.integers(0, 25)) / 12)
            orders = np.arange(1, max(2, min(25, int(HIGH / hertz) + 1)))
            modes = hertz * orders**bend * np.sqrt(1 + stiff * orders**2)
            orders, modes = orders[modes < HIGH], modes[modes < HIGH]
            loud = orders**-tilt * np.abs(np.sin(np.pi * orders * where))
            note = np.zeros(length)
            for order, mode, level in zip(orders, modes, loud, strict=True):
                held = length if order < 6 else length // 3
                fall = np.exp(-t[:held] * (1 + faster * (order - 1)) / ring)
                note[:held] += level * fall * np.sin(2 * np.pi * mode * t[:held] + uniform(random, 0, 6.3))
            place(
                wave, peaked(note), at + int(uniform(random, 0, 0.05) * RATE), 10 ** uniform(random, -0.6, 0)
            )
    return room(wave, random, 0.5)


def wails(n: int, random: Random) -> Wave:
    """Rich tones whose pitch goes its way and whose loudness is its own: horns, tools, toys, engines."""
    wave = coloured(random, n, -4) * 10 ** uniform(random, -4, -1.5)
    for _ in range(random.integers(1, 4)):
        low = pitch(random, 50, 2500)
        hertz = slow(random, n, pitch(random, 0.1, 6), low, low * uniform(random, 1.0, 2.2))
        if random.random() < 0.3:
            step = int(uniform(random, 0.1, 0.8) * RATE)
            hertz = np.repeat(hertz[::step], step)[:n]
        tone = np.zeros(n)
        tilt = uniform(random, 0.2, 2)
        for order in range(1, max(2, min(14, int(HIGH / hertz.max())))):
            tone += sweep(order * hertz) * order**-tilt * 10 ** uniform(random, -0.7, 0)
        loud = slow(random, n, pitch(random, 0.1, 4), 0, 1)
        if random.random() < 0.5:
            loud = loud * (slow(random, n, pitch(random, 0.5, 6), -1, 1) > 0)
            loud = np.convolve(loud, np.ones(160) / 160, "same")
        wave += peaked(tone) * loud * 10 ** uniform(random, -0.7, 0)
    return room(wave, random, 0.5)
