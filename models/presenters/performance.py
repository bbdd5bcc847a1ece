"""What he does, frame by frame: mouth from phonemes, blinks, head, breath. Pure NumPy, no Blender.

Coarticulation after Cohen and Massaro (1993): every viseme has a dominance that rises and falls around
it; at each moment a face unit is the dominance-weighted mean of all visemes' targets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .human import Floats
from .visemes import Viseme, expanded, visemes_of
from .voice import Phone

FPS = 25
CYCLE = 150
"""Frames after which head, breath and blinks repeat exactly: the listening loop."""

LISTEN = 8.4
"""Seconds of silence before he speaks."""

TAIL = 1.4
"""Seconds of silence after."""

ANTICIPATION = 0.045
"""Seconds by which the lips lead the sound, as in people."""

BLINK = (0.45, 1.0, 1.0, 0.75, 0.45, 0.2)
"""Lid weight in the frames of one blink: fast down, slower up."""

CYCLE_BLINKS = (38, 112)
"""Frames of the cycle at which a blink begins."""


@dataclass(frozen=True, slots=True)
class Performance:
    """Everything that moves, one row per frame at 25 a second."""

    mouth_names: tuple[str, ...]
    mouth: Floats
    """Face units of mouth and jaw, shape (frames, len(mouth_names))."""
    blink: Floats
    """Lid weight, shape (frames,)."""
    gaze: Floats
    """Degrees to his left, degrees up, shape (frames, 2)."""
    head: Floats
    """Turn in degrees: nod (down), turn (to his left), tilt (to his right); shape (frames, 3)."""
    sway: Floats
    """Shift of the head, metres, shape (frames, 3)."""
    breath: Floats
    """0 out to 1 in, shape (frames,)."""
    brow: Floats
    """How far the brows are raised beyond rest, shape (frames,)."""


def perform(phones: list[Phone], seconds: float) -> Performance:
    """Silence, speech of the given length, silence."""
    frames = int(np.ceil((LISTEN + seconds + TAIL) * FPS))
    time = np.arange(frames) / FPS
    moved = [Phone(p.name, p.start + LISTEN, p.end + LISTEN) for p in phones]
    names, mouth = mouth_curves(moved, time)
    speaking = envelope(moved, time)
    head, sway, stress = head_motion(moved, time, speaking)
    return Performance(
        mouth_names=names,
        mouth=mouth,
        blink=blinks(moved, frames),
        gaze=gazes(frames),
        head=head,
        sway=sway,
        breath=0.5 - 0.5 * np.cos(2 * np.pi * 2 * time * FPS / CYCLE),
        brow=0.30 * stress,
    )


def mouth_curves(phones: list[Phone], time: Floats) -> tuple[tuple[str, ...], Floats]:
    """Face units of mouth and jaw over time."""
    segments: list[tuple[Viseme, float, float]] = [(visemes_of("")[0], -9.0, phones[0].start)]
    for phone in phones:
        parts = visemes_of(phone.name)
        width = (phone.end - phone.start) / len(parts)
        for k, viseme in enumerate(parts):
            segments.append((viseme, phone.start + k * width, phone.start + (k + 1) * width))
    segments.append((visemes_of("")[0], phones[-1].end, time[-1] + 9.0))

    names = sorted(
        {name for viseme, _, _ in segments for name in expanded(viseme.units)} | {"mouthClose", "tongueOut"}
    )
    fine = np.repeat(time, 4) + np.tile(np.arange(4) / (4 * FPS), len(time)) - 1.5 / (4 * FPS) + ANTICIPATION
    weighted = np.zeros((len(fine), len(names)))
    dominance = np.full((len(fine), len(names)), 1e-6)
    closing = np.zeros(len(fine))
    for viseme, start, end in segments:
        away = np.maximum(np.maximum(start - fine, fine - end), 0.0)
        inside = (end - start) / 2
        centre_away = np.abs(fine - (start + end) / 2) / max(inside, 1e-3)
        reach = np.exp(-((away / viseme.spread) ** 1.5) * 2.2) * (1.0 - 0.25 * np.minimum(centre_away, 1))
        units = expanded(viseme.units)
        units["tongueOut"] = viseme.tongue
        for k, name in enumerate(names):
            if name == "mouthClose":
                continue
            strength = (viseme.jaw if name == "jawOpen" else viseme.lips) * reach
            dominance[:, k] += strength
            weighted[:, k] += strength * units.get(name, 0.0)
        if viseme.closed:
            hold = np.clip(1 - (np.abs(fine - (start + end) / 2) - max(inside * 0.75, 0.022)) / 0.045, 0, 1)
            closing = np.maximum(closing, hold * hold * (3 - 2 * hold))
    curves = weighted / dominance
    jaw = curves[:, names.index("jawOpen")]
    curves[:, names.index("mouthClose")] = closing * (jaw + 0.016)
    for name in (
        "mouthLowerDownLeft",
        "mouthLowerDownRight",
        "mouthUpperUpLeft",
        "mouthUpperUpRight",
        "mouthFunnel",
    ):
        if name in names:
            curves[:, names.index(name)] *= 1 - closing
    framed = curves.reshape(len(time), 4, len(names))  # four moments a frame: a shutter, and no aliasing
    held = framed.mean(axis=1)
    sharp = closing.reshape(len(time), 4).max(axis=1) > 0.98
    tightest = closing.reshape(len(time), 4).argmax(axis=1)
    held[sharp] = framed[np.nonzero(sharp)[0], tightest[sharp]]  # a closure is never averaged open
    held[np.abs(held) < 0.004] = 0.0
    return tuple(names), held


def envelope(phones: list[Phone], time: Floats) -> Floats:
    """1 while he speaks, eased over half a second outside."""
    start, end = phones[0].start, phones[-1].end
    away = np.maximum(np.maximum(start - time, time - end), 0) / 0.7
    smooth = np.clip(1 - away, 0, 1)
    eased: Floats = smooth * smooth * (3 - 2 * smooth)
    return eased


def blinks(phones: list[Phone], frames: int) -> Floats:
    """Blinks of the cycle while listening; while speaking at pauses and every two to four seconds."""
    lids = np.zeros(frames)
    first = int(LISTEN * FPS)
    starts = [c + s for c in range(0, first, CYCLE) for s in CYCLE_BLINKS if c + s + len(BLINK) < first]
    last = starts[-1]
    for phone in phones:
        begin = int(phone.start * FPS)
        pause = not phone.name and phone.end - phone.start > 0.12
        if (pause and begin - last > 45) or begin - last > 95:
            starts.append(begin)
            last = begin
    for start in starts:
        stop = min(start + len(BLINK), frames)
        lids[start:stop] = BLINK[: stop - start]
    lids[-3:] = 0
    return lids


GAZES = ((0.0, 0.0), (1.6, 0.3), (-1.4, -0.4), (0.6, 0.9))
"""Where the eyes rest, degrees; mostly in the lens."""


def gazes(frames: int) -> Floats:
    """Small jumps of the eyes, repeating with the cycle."""
    plan = ((0, 0), (52, 1), (66, 0), (95, 3), (112, 2), (124, 0))
    gaze = np.zeros((frames, 2))
    for k in range(frames):
        inside = k % CYCLE
        gaze[k] = GAZES[[g for start, g in plan if start <= inside][-1]]
    return gaze


def head_motion(phones: list[Phone], time: Floats, speaking: Floats) -> tuple[Floats, Floats, Floats]:
    """Head turn (degrees), head shift (metres) and stress (0 to 1)."""
    turn = 2 * np.pi * time * FPS / CYCLE
    head = np.stack([
        0.45 * np.sin(turn + 0.4) + 0.22 * np.sin(2 * turn + 1.9),
        0.75 * np.sin(turn + 2.0) + 0.25 * np.sin(3 * turn),
        0.40 * np.sin(turn + 4.1) + 0.18 * np.sin(2 * turn + 0.3),
    ], axis=1)  # fmt: skip
    sway = np.stack([
        0.0016 * np.sin(turn + 1.0), 0.0010 * np.sin(turn + 2.2), 0.0006 * np.sin(2 * turn),
    ], axis=1)  # fmt: skip

    random = np.random.default_rng(11)
    slow = np.zeros((len(time), 3))
    for hertz, size in ((0.23, 1.0), (0.41, 0.7), (0.77, 0.35)):
        phase = random.uniform(0, 2 * np.pi, 3)
        slow += size * np.sin(2 * np.pi * hertz * time[:, None] * (1 + 0.07 * np.arange(3)) + phase)
    stress = np.zeros(len(time))
    nod = np.zeros(len(time))
    last = -9.0
    for phone in phones:
        vowel = phone.name[:1] in tuple("aæɑɔoeɛiuɜʌ") and phone.end - phone.start > 0.085
        if vowel and phone.start - last > 0.55:
            last = phone.start
            nod += random.uniform(0.5, 1.0) * np.exp(-(((time - phone.start - 0.06) / 0.15) ** 2))
            if random.random() < 0.5:
                stress += random.uniform(0.5, 1.0) * np.exp(-(((time - phone.start - 0.04) / 0.22) ** 2))
    talk = slow * np.array([0.75, 1.35, 0.85]) + np.stack([1.5 * nod - 0.5, 0 * nod, 0 * nod], axis=1)
    head = head + speaking[:, None] * talk
    sway = sway + speaking[:, None] * slow[:, [1, 0, 2]] * np.array([0.0018, 0.0012, 0.0005])
    return head, sway, np.clip(stress, 0, 1) * speaking
