"""What lips look like in each English speech sound: the table a phoneme-driven mouth is drawn from.

Hand-made, as such tables are: openness by the height of the vowel and the place of the consonant, width by
rounding. The nine mouths of Preston Blair (Cartoon Animation, 1994), which rhubarb-lip-sync draws too, lie
among these.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from renderer.settings import FPS

SMOOTH_MS = 130
"""Length of the Hann window that stands for coarticulation."""

STEP_MS = 10
"""pocketsphinx counts in steps of 10 ms."""

_WIDE, _NEUTRAL, _ROUND, _PUCKERED = 0.4, 0.2, -1.0, -2.0

VISEMES = {
    "SIL": (0.0, 0.0),
    "P": (0.0, -0.3), "B": (0.0, -0.3), "M": (0.0, -0.3),
    "F": (0.3, 0.0), "V": (0.3, 0.0),
    "AA": (2.6, _NEUTRAL), "AE": (1.9, 0.3), "AH": (1.6, 0.3), "AO": (1.8, _ROUND), "AW": (2.2, 0.3),
    "AY": (2.2, 0.3), "EH": (1.6, 0.3), "EY": (1.4, 0.3), "ER": (1.1, _ROUND), "IH": (1.1, _WIDE),
    "IY": (0.9, _WIDE), "OW": (1.3, _ROUND), "OY": (1.4, _ROUND), "UH": (1.0, _PUCKERED),
    "UW": (0.7, _PUCKERED), "W": (0.5, _PUCKERED), "R": (0.9, _ROUND), "L": (1.3, 0.0), "Y": (0.9, _WIDE),
    "HH": (1.3, 0.3), "TH": (0.9, _WIDE), "DH": (0.9, _WIDE), "T": (0.8, _WIDE), "D": (0.8, _WIDE),
    "N": (0.9, _WIDE), "S": (0.7, _WIDE), "Z": (0.7, _WIDE), "K": (1.0, _WIDE), "G": (1.0, _WIDE),
    "NG": (1.0, _WIDE), "SH": (0.8, _PUCKERED), "ZH": (0.8, _PUCKERED),
    "CH": (0.8, _WIDE), "JH": (0.8, _WIDE),
}  # fmt: skip
"""`lip_gap` and `width` of each sound of CMUdict, in typical deviations (docs/mouth-space.md)."""

Span = tuple[int, int, str]
"""First and one past the last step of a sound, and its name; noises, such as +NSN+, are no sounds."""


def drawn(spans: list[Span], ticks: int) -> NDArray[np.float32]:
    """`lip_gap` and `width` while these sounds are said, smoothed, shape (ticks, 2)."""
    steps = round(1000 / FPS / STEP_MS)
    shapes = np.zeros((ticks * steps, 2))
    for first, end, sound in spans:
        shapes[first:end] = VISEMES.get(sound, VISEMES["SIL"])
    window = np.hanning(SMOOTH_MS // STEP_MS + 2)
    window /= window.sum()
    smooth = np.stack([np.convolve(column, window, "same")[: len(shapes)] for column in shapes.T], axis=1)
    return np.asarray(smooth.reshape(ticks, steps, 2).mean(axis=1), np.float32)
