"""Sounds that are no speech, computed: what else an avatar hears, and must not move its lips to.

Every call draws new parameters, so one kind never sounds the same twice. The same generator state gives
the same samples.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from renderer.types import Samples

from . import clutter, music
from .sounds import (
    RATE,
    Random,
    airflow,
    band,
    clicks,
    coloured,
    decay,
    microphone,
    peaked,
    place,
    room,
    slow,
    struck,
    sweep,
    times,
    uniform,
)

Wave = NDArray[np.float64]


def make(kind: str, seconds: float, random: np.random.Generator) -> Samples:
    """`seconds` of one of `KINDS` or `HELD_OUT` at 16 kHz, shape (n,), its peak 0.5; as devices give it."""
    made = (_KINDS.get(kind) or _HELD_OUT[kind])(round(seconds * RATE), random)
    return peaked(microphone(made, random)).astype(np.float32)


# Steady: machines, air, the street


def hum(n: int, random: Random) -> Wave:
    """The mains: 50 or 60 Hz and harmonics of it, sometimes a rectifier's buzz, over a little hiss."""
    base = float(random.choice([50.0, 60.0])) * uniform(random, 0.998, 1.002)
    wave = music.tone(base, n, random, uniform(random, 0.3, 2.2)) + 0.3 * music.tone(2 * base, n, random)
    wave = wave * slow(random, n, 0.3, 1 - uniform(random, 0, 0.3), 1)
    return np.asarray(wave + coloured(random, n, uniform(random, -6, 0)) * uniform(random, 0.001, 0.1))


def hiss(n: int, random: Random) -> Wave:
    """Noise of any steady colour, white and pink and brown among them, at times through a band."""
    wave = coloured(random, n, float(random.choice([0, -3, -6, uniform(random, -9, 2)])))
    if random.random() < 0.4:
        wave = band(wave, uniform(random, 20, 800), uniform(random, 1500, 8000))
    return wave


def air(n: int, random: Random) -> Wave:
    """A fan or air conditioning: coloured noise that swells slowly, resonances, the whine of a motor."""
    wave = coloured(random, n, uniform(random, -8, -3))
    for _ in range(random.integers(0, 4)):
        centre = uniform(random, 80, 2500)
        wave = wave + band(wave, centre * 0.9, centre * 1.1) * uniform(random, 1, 4)
    wave *= slow(random, n, uniform(random, 0.05, 0.6), uniform(random, 0.3, 0.9), 1)
    if random.random() < 0.6:
        hertz = uniform(random, 40, 400) * slow(random, n, 0.2, 0.99, 1.01)
        phase = 2 * np.pi * np.cumsum(hertz) / RATE
        whine = sum(np.sin(k * phase) * 10 ** uniform(random, -1.5, 0) for k in range(1, 9))
        wave = wave / wave.std() + whine * uniform(random, 0.02, 0.6)
    if random.random() < 0.3:  # blades
        wave *= 1 + uniform(random, 0.1, 0.5) * np.sin(2 * np.pi * uniform(random, 4, 40) * times(n))
    return wave


def street(n: int, random: Random) -> Wave:
    """Rumble, cars that pass, now and then a horn."""
    wave = coloured(random, n, uniform(random, -10, -5))
    for _ in range(random.poisson(n / RATE / 4)):
        length = int(uniform(random, 1.5, 6) * RATE)
        tyres = band(coloured(random, length, -4), uniform(random, 100, 400), uniform(random, 1500, 5000))
        pass_by = np.exp(-(np.linspace(-3, 3, length) ** 2) * uniform(random, 0.5, 2))
        loud = uniform(random, 1, 12) * float(wave.std())
        place(wave, tyres * pass_by, int(random.integers(-length // 2, n)), loud)
    if random.random() < 0.15:
        length = int(uniform(random, 0.2, 1.2) * RATE)
        hertz = uniform(random, 300, 450)
        horn = music.tone(hertz, length, random) + music.tone(1.26 * hertz, length, random)
        place(wave, horn, int(random.integers(0, n)), uniform(random, 0.1, 1))
    return wave


# People who do not speak


def breath(n: int, random: Random) -> Wave:
    """Somebody breathing near the microphone: in through the mouth or nose, out, a pause."""
    wave = coloured(random, n, -3) * 10 ** uniform(random, -3, -1.7)
    at, loud = int(uniform(random, 0, 1) * RATE), 10 ** random.uniform(-1.0, 0, 2)
    while at < n:
        for way in (0, 1):
            length = int(uniform(random, 0.25, 1.6 if way else 1.1) * RATE)
            puff = airflow(random, length, 0.15)
            rise = np.linspace(0, 1, length) ** uniform(random, 0.5, 2)
            envelope = rise * (1 - np.linspace(0, 1, length)) ** uniform(random, 0.6, 3)
            gain = loud[way] * 10 ** random.uniform(-0.2, 0.1) / max(envelope.max(), 1e-9)
            place(wave, puff * envelope * slow(random, length, 12, 0.7, 1), at, gain)
            at += int(length * uniform(random, 0.8, 1.1))
        at += int(uniform(random, 0.1, 2.5) * RATE)
    return wave


def throat(n: int, random: Random) -> Wave:
    """Coughs and sniffs: bursts of noise through a tract, a second or more apart."""
    wave = coloured(random, n, -5) * 0.003
    at = int(uniform(random, 0, 2) * RATE)
    while at < n:
        for _ in range(random.integers(1, 4)):
            length = int(uniform(random, 0.08, 0.4) * RATE)
            burst = coloured(random, length, uniform(random, -4, 0))
            low = uniform(random, 250, 700)
            burst = burst + 3 * band(burst, low, low * 1.6) + 2 * band(burst, low * 2.5, low * 4)
            place(
                wave, burst * decay(length, uniform(random, 0.03, 0.15), 0.006), at, uniform(random, 0.3, 1)
            )
            at += int(uniform(random, 0.2, 0.5) * RATE)
        at += int(uniform(random, 1, 5) * RATE)
    return room(wave, random)


def applause(n: int, random: Random) -> Wave:
    """Few hands or a hall full, swelling and dying down."""
    wave = np.zeros(n)
    for at in clicks(random, n, float(np.exp(uniform(random, np.log(3), np.log(120))))):
        length = int(uniform(random, 0.01, 0.03) * RATE)
        clap = band(random.standard_normal(length), *sorted(random.uniform(500, 4500, 2)))
        place(wave, clap * decay(length, 0.006), at, 10 ** uniform(random, -0.7, 0))
    return room(wave * slow(random, n, 0.2, 0.2, 1), random, 0.8)


# Things on a desk and in a room


def typing(n: int, random: Random) -> Wave:
    """A keyboard: bursts of keys, each a click down and a softer one up, on a desk that resounds."""
    wave = coloured(random, n, -4) * 10 ** uniform(random, -4, -2.3)
    desk = random.uniform(120, 700, 2)
    keys = random.uniform(1200, 6500, 4)
    at = int(uniform(random, 0, 1) * RATE)
    pace = uniform(random, 0.07, 0.28)
    while at < n:
        for _ in range(random.integers(2, 25)):
            for down in (1.0, uniform(random, 0.1, 0.6)):
                wood = struck(random, desk * uniform(random, 0.9, 1.1), 0.02)
                key = struck(random, keys * uniform(random, 0.9, 1.1), 0.006)
                place(wave, wood, at, down * uniform(random, 0.1, 0.8))
                loud = down * uniform(random, 0.3, 1)
                place(wave, key, at, loud)
                place(wave, _tick(random), at, 0.5 * loud)
                at += int(uniform(random, 0.02, 0.09) * RATE)
            at += int(random.gamma(3, pace / 3) * RATE)
        at += int(random.exponential(1.2) * RATE)
    return room(wave, random, 0.3)


def mouse(n: int, random: Random) -> Wave:
    """Clicks of a mouse, its wheel, and its sliding over the desk."""
    wave = coloured(random, n, -4) * 10 ** uniform(random, -4, -2.5)
    body = random.uniform(1500, 5000, 3)
    for at in clicks(random, n, uniform(random, 0.4, 3)):
        for later in (0.0, uniform(random, 0.05, 0.15)):
            when, loud = at + int(later * RATE), uniform(random, 0.4, 1)
            place(wave, struck(random, body, 0.004), when, loud)
            place(wave, _tick(random), when, 0.4 * loud)
    for at in clicks(random, n, 0.3):
        slide = band(random.standard_normal(int(uniform(random, 0.1, 0.6) * RATE)), 800, 6000)
        place(wave, slide * np.hanning(len(slide)), at, uniform(random, 0.01, 0.1))
    return room(wave, random, 0.2)


def door(n: int, random: Random) -> Wave:
    """Slams, knocks and things put down, in a room."""
    wave = coloured(random, n, -6) * 10 ** uniform(random, -4, -2.3)
    for at in clicks(random, n, uniform(random, 0.2, 0.9)):
        knocks = 1 if random.random() < 0.6 else int(random.integers(2, 6))
        modes = random.uniform(45, 600, 9)
        ring = uniform(random, 0.03, 0.15)
        for _ in range(knocks):
            loud, latch = uniform(random, 0.3, 1), random.uniform(600, 4000, 6)
            place(wave, struck(random, modes, ring), at, loud)
            place(wave, struck(random, latch, ring / 4), at, uniform(random, 0.1, 0.6) * loud)
            at += int(uniform(random, 0.12, 0.3) * RATE)
    return room(wave, random, 0.9)


def paper(n: int, random: Random) -> Wave:
    """Leaves turned and crumpled: crackle in gusts."""
    wave = np.zeros(n)
    for at in clicks(random, n, uniform(random, 100, 500)):
        place(wave, _tick(random), at, random.exponential(0.3))
    wave = band(wave, uniform(random, 500, 2000), 7900)
    wave += 0.1 * wave.std() * coloured(random, n, 1)
    gusts = np.clip(slow(random, n, uniform(random, 1, 4), -1, 1), 0, 1)
    return np.asarray(wave * gusts + coloured(random, n, -4) * wave.std() * 0.02)


def beeps(n: int, random: Random) -> Wave:
    """A telephone, an alarm, a till: one or two tones on and off, pure or rich."""
    wave = coloured(random, n, -4) * 0.002
    pitches = uniform(random, 350, 2800) * np.array([1.0, *random.choice([1.0, 1.19, 1.25, 1.33, 1.5], 3)])
    on, off = uniform(random, 0.04, 0.5), uniform(random, 0.03, 0.4)
    count, pause = int(random.integers(1, 12)), uniform(random, 0.3, 3)
    rich, at = random.random() < 0.5, int(uniform(random, 0, 1) * RATE)
    while at < n:
        for number in range(count):
            length, hertz = int(on * RATE), float(pitches[number % len(pitches)])
            sound = music.tone(hertz, length, random) if rich else sweep(np.full(length, hertz))
            ends = np.minimum(1, np.minimum(np.arange(length), np.arange(length)[::-1]) / 80)
            place(wave, sound * ends, at, 0.7)
            at += int((on + off) * RATE)
        at += int(pause * RATE)
    return room(wave, random, 0.5)


def birds(n: int, random: Random) -> Wave:
    """Chirps through a window."""
    wave = coloured(random, n, -5) * 0.01
    for at in clicks(random, n, uniform(random, 0.5, 3)):
        low, high = sorted(random.uniform(1800, 6500, 2))
        length = int(uniform(random, 0.03, 0.2) * RATE)
        for number in range(random.integers(1, 7)):
            curve = np.interp(np.linspace(0, 1, length), np.linspace(0, 1, 4), random.uniform(low, high, 4))
            chirp = sweep(curve) * np.hanning(length)
            place(wave, chirp, at + int(number * length * uniform(random, 1.1, 1.6)), uniform(random, 0.2, 1))
    return room(wave, random, 0.5)


# What training must not hear, so that quiet.py judges honestly


def rain(n: int, random: Random) -> Wave:
    """Rain on a window, and thunder."""
    wave = coloured(random, n, -2) * 0.05 * slow(random, n, 0.3, 0.5, 1)
    for at in clicks(random, n, 150):
        drop = struck(random, random.uniform(500, 6000, 2), uniform(random, 0.001, 0.006))
        place(wave, drop, at, random.exponential(0.3))
    for at in clicks(random, n, 0.1):
        roll = coloured(random, 3 * RATE, -9) * decay(3 * RATE, 0.8, 0.1) * slow(random, 3 * RATE, 6, 0.2, 1)
        place(wave, roll, at, 0.5)
    return wave


def footsteps(n: int, random: Random) -> Wave:
    """Shoes on a floor, coming and going."""
    wave = coloured(random, n, -5) * 0.003
    floor, heel = random.uniform(60, 350, 4), random.uniform(700, 3000, 4)
    at, pace = int(0.3 * RATE), uniform(random, 0.4, 0.7)
    near = slow(random, n, 0.2, 0.1, 1)
    while at < n:
        place(wave, struck(random, floor, 0.04), at, near[at])
        place(wave, struck(random, heel, 0.008), at + 30, 0.6 * near[at])
        scrape = band(random.standard_normal(1600), 500, 5000) * np.hanning(1600)
        place(wave, scrape, at + 900, 0.1 * near[at])
        at += int(pace * uniform(random, 0.93, 1.07) * RATE)
    return room(wave, random, 0.6)


def dishes(n: int, random: Random) -> Wave:
    """Plates, cups and cutlery."""
    wave = coloured(random, n, -4) * 0.002
    for at in clicks(random, n, uniform(random, 1, 4)):
        modes = uniform(random, 600, 3000) * np.cumprod(np.r_[1, random.uniform(1.15, 1.9, 5)])
        clink = struck(random, modes[modes < 7900], uniform(random, 0.02, 0.25))
        for number in range(random.integers(1, 4)):
            place(wave, clink, at + int(number * uniform(random, 0.03, 0.15) * RATE), 0.6**number)
    return room(wave, random, 0.6)


def _tick(random: Random) -> Wave:
    return random.standard_normal(48) * decay(48, 0.0008)


_MUSIC: dict[str, Callable[[int, Random], Wave]] = {
    "chords": music.chords,
    "arpeggio": music.arpeggio,
    "melody": music.melody,
    "bass": music.bass,
    "drums": music.drums,
    "pad": music.pad,
    "band": music.band,
}
_KINDS: dict[str, Callable[[int, Random], Wave]] = {
    "hum": hum,
    "hiss": hiss,
    "air": air,
    "street": street,
    "breath": breath,
    "throat": throat,
    "applause": applause,
    "typing": typing,
    "mouse": mouse,
    "door": door,
    "paper": paper,
    "beeps": beeps,
    "birds": birds,
    "clatter": clutter.clatter,
    "bursts": clutter.bursts,
    "plucks": clutter.plucks,
    "wails": clutter.wails,
    **_MUSIC,
}
_HELD_OUT: dict[str, Callable[[int, Random], Wave]] = {
    "rain": rain,
    "footsteps": footsteps,
    "dishes": dishes,
    "guitar": music.guitar,
    "siren": music.siren,
}

KINDS: tuple[str, ...] = tuple(_KINDS)
"""What training may hear."""

HELD_OUT: tuple[str, ...] = tuple(_HELD_OUT)
"""What only judges hear (quiet.py): never train on these."""

MUSIC: tuple[str, ...] = tuple(_MUSIC)
"""Those of KINDS that are music."""
