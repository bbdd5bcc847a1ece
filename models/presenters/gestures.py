"""Nod, open hands, tilt: what head, brows and hands do, and the stillness around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .human import Floats

WINDOW = 75
"""Frames of stillness, gesture and stillness: one breath, so that the end looks like the beginning."""

LEAD = 13
"""Frames of stillness before."""

TURN = 39
"""Frame of the window at which a breath turns, in or out: the middle of the clip that the studio makes
of it, which is shorter than a breath, and so begins and ends alike."""

CALM = 14
"""Frames over which other motion dies down before the window, and comes back after it."""

RISE, HOLD = 15, 14
"""Frames in which the hands open, and stay; they close the way they came: 1.76 s in all."""


@dataclass(frozen=True, slots=True)
class Moves:
    """What gestures add, frame by frame."""

    still: Floats
    """1 where nothing else may move, shape (frames,)."""
    head: Floats
    """Degrees as in Performance.head, shape (frames, 3)."""
    sway: Floats
    """Metres, shape (frames, 3)."""
    brow: Floats
    opened: Floats


def bump(length: int, rise: int, fall: int) -> Floats:
    """0 to 1 and back, eased, shape (length,)."""
    k = np.arange(length)
    up, down = np.clip(k / rise, 0, 1), np.clip((length - k) / fall, 0, 1)
    eased: Floats = np.minimum(up, down) ** 2 * (3 - 2 * np.minimum(up, down))
    return eased


def nod() -> tuple[Floats, Floats, Floats, Floats]:
    """Down and up, then once more, smaller: head (n, 3), sway (n, 3), brow, hands."""
    n = 42
    down = np.zeros(n)
    down[:24] += 6.5 * bump(24, 11, 13)
    down[18:42] += 3.2 * bump(24, 11, 13)
    head = np.stack([down, 0 * down, 0.12 * down], axis=1)
    return head, np.zeros((n, 3)), 0.05 * down, np.zeros(n)


def hands() -> tuple[Floats, Floats, Floats, Floats]:
    """Both hands turn up and open; brows and head go along a little."""
    n = 2 * RISE + HOLD
    opened = bump(n, RISE, RISE)
    head = opened[:, None] * [-1.2, 1.0, -1.6]
    return head, opened[:, None] * [0.0, -0.004, 0.0], 0.45 * opened, opened


def tilt() -> tuple[Floats, Floats, Floats, Floats]:
    """The head leans to one side, as when one listens closely."""
    n = 46
    over = bump(n, 17, 19)
    head = over[:, None] * [1.0, 1.6, 6.0]
    return head, over[:, None] * [-0.006, -0.004, 0.0], 0.3 * over, np.zeros(n)


GESTURES = {"nod": nod, "open-hands": hands, "tilt": tilt}


def gestured(windows: list[tuple[str, int, int]], frames: int) -> Moves:
    """All gestures of a recording, each in its window (name, first frame, end)."""
    moves = Moves(np.zeros(frames), np.zeros((frames, 3)), np.zeros((frames, 3)), np.zeros(frames),
                  np.zeros(frames))  # fmt: skip
    for name, first, end in windows:
        k = np.arange(frames)
        away = np.maximum(np.maximum(first - k, k - end), 0) / CALM
        calm = np.clip(1 - away, 0, 1)
        np.maximum(moves.still, calm * calm * (3 - 2 * calm), out=moves.still)
        head, sway, brow, opened = GESTURES[name]()
        part = slice(first + LEAD, first + LEAD + len(head))
        moves.head[part] += head
        moves.sway[part] += sway
        moves.brow[part] += brow
        moves.opened[part] += opened
    return moves
