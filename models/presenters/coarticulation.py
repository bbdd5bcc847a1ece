"""The mouth over time, from phonemes.

Coarticulation after Cohen and Massaro (1993): every viseme has a dominance that rises and falls around
it; at each moment a face unit is the dominance-weighted mean of all visemes' targets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .human import Floats
from .visemes import SIDES, Viseme, expanded, visemes_of
from .voice import Phone

FPS = 25
"""Frames a second."""

ANTICIPATION = 0.045
"""Seconds by which the lips lead the sound, as in people."""

REACH = 0.6
"""Seconds beyond which a viseme is not felt."""


@dataclass(frozen=True, slots=True)
class Articulation:
    """How somebody speaks."""

    jaw: float = 1.0
    pucker: float = 1.0
    funnel: float = 1.0
    """How far the mouth opens and rounds, times what visemes.py says."""
    narrowing: float = 0.0
    """How far rounding draws the corners in besides, as weight of mouthStretch taken away: at full weight
    mouthPucker narrows this base mesh's mouth by a sixth, people's by a third."""
    unsmiling: float = 0.0
    """How much of the resting face's smile rounding takes away."""
    raising: float = 0.0
    """How far the upper lip rises with an opening jaw, as weight of mouthUpperUp for each of jawOpen: this
    base mesh's jaw leaves the lip where it is."""
    thinning: float = 0.0
    """How far that draws the lip thin, as weight of mouthRollUpper for each of jawOpen."""
    spreading: float = 0.0
    """How much of its width an opening mouth keeps, as weight of mouthStretch for each of jawOpen, which
    alone draws this base mesh's corners in."""
    sobering: float = 0.0
    """How much of the resting face's smile an opening jaw takes away, as weight for each of jawOpen."""


PLAIN = Articulation()


def mouth_curves(
    spoken: list[list[Phone]], time: Floats, manner: Articulation
) -> tuple[tuple[str, ...], Floats]:
    """Face units of mouth and jaw over time."""
    segments: list[tuple[Viseme, float, float]] = []
    end = -9.0
    for phones in spoken:
        segments += [(visemes_of("")[0], end, phones[0].start), *_segments(phones)]
        end = phones[-1].end
    segments.append((visemes_of("")[0], end, time[-1] + 9.0))

    names = sorted(
        {name for viseme, _, _ in segments for name in expanded(viseme.units)}
        | {"mouthClose", "tongueOut"}
        | ({"mouthRollUpper"} if manner.thinning else set())
    )
    fine = np.repeat(time, 4) + np.tile(np.arange(4) / (4 * FPS), len(time)) - 1.5 / (4 * FPS) + ANTICIPATION
    weighted = np.zeros((len(fine), len(names)))
    dominance = np.full((len(fine), len(names)), 1e-6)
    closing = np.zeros(len(fine))
    for viseme, start, end in segments:
        near = slice(*np.searchsorted(fine, (start - REACH, end + REACH)))
        now = fine[near]
        away = np.maximum(np.maximum(start - now, now - end), 0.0)
        inside = (end - start) / 2
        centre_away = np.abs(now - (start + end) / 2) / max(inside, 1e-3)
        reach = np.exp(-((away / viseme.spread) ** 1.5) * 2.2) * (1.0 - 0.25 * np.minimum(centre_away, 1))
        units = expanded(viseme.units)
        units["tongueOut"] = viseme.tongue
        for k, name in enumerate(names):
            if name == "mouthClose":
                continue
            strength = (viseme.jaw if name == "jawOpen" else viseme.lips) * reach
            dominance[near, k] += strength
            weighted[near, k] += strength * units.get(name, 0.0)
        if viseme.closed:
            hold = np.clip(1 - (np.abs(now - (start + end) / 2) - max(inside * 0.75, 0.022)) / 0.045, 0, 1)
            closing[near] = np.maximum(closing[near], hold * hold * (3 - 2 * hold))
    curves = weighted / dominance
    _articulate(curves, names, closing, manner)
    framed = curves.reshape(len(time), 4, len(names))  # four moments a frame: a shutter, and no aliasing
    held = framed.mean(axis=1)
    sharp = closing.reshape(len(time), 4).max(axis=1) > 0.98
    tightest = closing.reshape(len(time), 4).argmax(axis=1)
    held[sharp] = framed[np.nonzero(sharp)[0], tightest[sharp]]  # a closure is never averaged open
    held[np.abs(held) < 0.004] = 0.0
    return tuple(names), held


def _articulate(curves: Floats, names: list[str], closing: Floats, manner: Articulation) -> None:
    """From what visemes ask to what this person does, and lips closed where they touch; in place."""
    curves[:, names.index("jawOpen")] *= manner.jaw
    curves[:, names.index("mouthPucker")] *= manner.pucker
    curves[:, names.index("mouthFunnel")] *= manner.funnel
    rounded = curves[:, names.index("mouthPucker")] + 0.6 * curves[:, names.index("mouthFunnel")]
    jaw = curves[:, names.index("jawOpen")]
    curves[:, names.index("mouthClose")] = closing * (jaw + 0.016)
    parted = jaw * (1 - closing) * np.clip(1 - rounded, 0, 1)
    spread = manner.spreading * parted - manner.narrowing * rounded
    sober = manner.sobering * parted + manner.unsmiling * rounded
    for side in SIDES:
        curves[:, names.index(f"mouthStretch{side}")] += spread
        curves[:, names.index(f"mouthSmile{side}")] -= sober
        curves[:, names.index(f"mouthUpperUp{side}")] += manner.raising * parted
        for unit in ("mouthUpperUp", "mouthLowerDown"):
            curves[:, names.index(unit + side)] *= 1 - closing
    curves[:, names.index("mouthFunnel")] *= 1 - closing
    if manner.thinning:
        curves[:, names.index("mouthRollUpper")] = manner.thinning * parted


def _segments(phones: list[Phone]) -> list[tuple[Viseme, float, float]]:
    """Each phoneme's visemes with start and end."""
    found = []
    for phone in phones:
        parts = visemes_of(phone.name)
        width = (phone.end - phone.start) / len(parts)
        for k, viseme in enumerate(parts):
            found.append((viseme, phone.start + k * width, phone.start + (k + 1) * width))
    return found
