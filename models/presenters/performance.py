"""What they do, frame by frame: mouth from phonemes, blinks, head, breath. Pure NumPy, no Blender."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .coarticulation import FPS, PLAIN, Articulation, mouth_curves
from .gestures import TURN, WINDOW, gestured
from .human import Floats
from .voice import Phone


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows what."""

    listen: float
    """Seconds of silence before the first word."""
    cycle: int
    """Frames after which head, breath and blinks repeat exactly: the listening loop."""
    tail: float
    """Seconds of silence after the last word."""
    gestures: tuple[str, ...] = ()
    """Names out of gestures.GESTURES; one after each paragraph but the last."""
    sway: float = 1.0
    """How far head and body travel while speaking, times the usual."""
    pose: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """How the head is held at rest, degrees as in Performance.head: nobody sits quite straight."""
    articulation: Articulation = PLAIN


SETTLE = 0.9
"""Seconds between speech and the stillness around a gesture."""

BREATH = 75
"""Frames of one breath."""

BLINK = (0.45, 1.0, 1.0, 0.75, 0.45, 0.2)
"""Lid weight in the frames of one blink: fast down, slower up."""

CYCLE_BLINKS = (38, 112, 207, 266)
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
    """Degrees to their left, degrees up, shape (frames, 2)."""
    head: Floats
    """Turn in degrees: nod (down), turn (to their left), tilt (to their right); shape (frames, 3)."""
    sway: Floats
    """Shift of the head, metres, shape (frames, 3)."""
    breath: Floats
    """0 out to 1 in, shape (frames,)."""
    brow: Floats
    """How far the brows are raised beyond rest, shape (frames,)."""
    opened: Floats
    """How far the hands are opened, shape (frames,)."""
    windows: tuple[tuple[str, int, int], ...]
    """Stillness, gesture, stillness: name, first frame, and the frame that looks like the first again."""


def perform(paragraphs: list[list[Phone]], plan: Plan) -> tuple[Performance, list[float]]:
    """Silence, paragraphs with a gesture after each but the last, silence; and when each paragraph starts."""
    at, starts, windows = plan.listen, [], []
    spoken: list[list[Phone]] = []
    for k, phones in enumerate(paragraphs):
        starts.append(at)
        spoken.append([Phone(p.name, p.start + at, p.end + at) for p in phones])
        at += phones[-1].end
        if k < len(plan.gestures) and k + 1 < len(paragraphs):
            first = breathed(int(np.ceil((at + SETTLE) * FPS)))
            windows.append((plan.gestures[k], first, first + WINDOW))
            at = (first + WINDOW) / FPS + SETTLE
    frames = int(np.ceil((at + plan.tail) * FPS))
    time = np.arange(frames) / FPS
    everything = [phone for phones in spoken for phone in phones]
    names, mouth = mouth_curves(spoken, time, plan.articulation)
    speaking = np.max([envelope(phones, time) for phones in spoken], axis=0)
    head, sway, stress = head_motion(everything, time, speaking, plan)
    moves = gestured(windows, frames)
    still = moves.still[:, None]
    return Performance(
        mouth_names=names,
        mouth=mouth,
        blink=blinks(everything, windows, frames, plan),
        gaze=gazes(frames, plan.cycle) * (still == 0),
        head=head * (1 - still) + moves.head + plan.pose,
        sway=sway * (1 - still) + moves.sway,
        breath=0.5 - 0.5 * np.cos(2 * np.pi * time * FPS / BREATH),
        brow=0.30 * stress * (1 - moves.still) + moves.brow,
        opened=moves.opened,
        windows=tuple(windows),
    ), starts


def breathed(soonest: int) -> int:
    """The first frame from `soonest` on at which a window may begin, so that a breath turns in its middle."""
    half = BREATH / 2
    return int(np.ceil(np.ceil((soonest + TURN) / half) * half)) - TURN


def envelope(phones: list[Phone], time: Floats) -> Floats:
    """1 while they speak, eased over half a second outside."""
    start, end = phones[0].start, phones[-1].end
    away = np.maximum(np.maximum(start - time, time - end), 0) / 0.7
    smooth = np.clip(1 - away, 0, 1)
    eased: Floats = smooth * smooth * (3 - 2 * smooth)
    return eased


def blinks(phones: list[Phone], windows: list[tuple[str, int, int]], frames: int, plan: Plan) -> Floats:
    """Blinks of the cycle while listening; while speaking at pauses and every two to four seconds."""
    lids = np.zeros(frames)
    first = int(plan.listen * FPS)
    cycle = [s for s in CYCLE_BLINKS if s < plan.cycle]
    starts = [c + s for c in range(0, first, plan.cycle) for s in cycle if c + s + len(BLINK) < first]
    last = starts[-1]
    for phone in phones:
        begin = int(phone.start * FPS)
        pause = not phone.name and phone.end - phone.start > 0.12
        if (pause and begin - last > 45) or begin - last > 95:
            starts.append(begin)
            last = begin
    starts = [s for s in starts if not any(a - len(BLINK) <= s <= b for _, a, b in windows)]
    for start in starts:
        stop = min(start + len(BLINK), frames)
        lids[start:stop] = BLINK[: stop - start]
    lids[-3:] = 0
    return lids


GAZES = ((0.0, 0.0), (1.6, 0.3), (-1.4, -0.4), (0.6, 0.9))
"""Where the eyes rest, degrees; mostly in the lens."""


def gazes(frames: int, cycle: int) -> Floats:
    """Small jumps of the eyes, repeating with the cycle."""
    plan = ((0, 0), (52, 1), (66, 0), (95, 3), (112, 2), (124, 0))
    gaze = np.zeros((frames, 2))
    for k in range(frames):
        inside = k % min(cycle, 150)
        gaze[k] = GAZES[[g for start, g in plan if start <= inside][-1]]
    return gaze


def head_motion(
    phones: list[Phone], time: Floats, speaking: Floats, plan: Plan
) -> tuple[Floats, Floats, Floats]:
    """Head turn (degrees), head shift (metres) and stress (0 to 1)."""
    turn = 2 * np.pi * time * FPS / plan.cycle
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
    sway = sway + speaking[:, None] * slow[:, [1, 0, 2]] * np.array([0.0018, 0.0012, 0.0005]) * plan.sway
    return head, sway, np.clip(stress, 0, 1) * speaking
