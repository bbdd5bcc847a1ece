"""The mouth never jumps: where what drives it changes, the difference is carried over and let fade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .types import MouthFrame

CLOSING = 3
"""Frames (120 ms) in which a mouth closes when its sound breaks off, and opens when that goes on."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What easing remembers from one frame to the next."""

    drawn: MouthFrame | None = None
    """The mouth drawn last; None at rest."""

    source: int | None = None
    """Number of the utterance that drove it; None if none did."""

    weights: NDArray[np.float32] | float = 0.0
    presence: float = 0.0
    """How far the mouth was from the new one when its source changed last."""

    left: int = 0
    """Frames over which some of that difference is still seen."""


class Easing:
    """Follows the mouth of whatever speaks; fades over changes of the speaker (sound that breaks off or goes
    on, an interruption, the next utterance coming too soon), as games blend from one animation to another
    ("inertialization", Bollo, GDC 2018).

    An utterance that begins while the mouth rests is followed to the bit: it eases in by itself.
    """

    def __init__(self) -> None:
        self.memory = Memory()

    def step(self, mouth: MouthFrame | None, source: int | None) -> MouthFrame | None:
        """The mouth to draw, given the next one wanted (None is rest) and the utterance it belongs to."""
        memory = self.memory
        weights, presence, left = memory.weights, memory.presence, memory.left
        if source != memory.source and not (memory.drawn is None and (mouth is None or mouth.index == 0)):
            weights = _weights(memory.drawn) - _weights(mouth)
            presence = _presence(memory.drawn) - _presence(mouth)
            left = CLOSING
        left = max(0, left - 1)
        drawn = mouth
        if left:
            share = left / CLOSING
            seen = min(1.0, max(0.0, _presence(mouth) + presence * share))
            eased = np.asarray(_weights(mouth) + weights * np.float32(share), np.float32)
            drawn = MouthFrame(eased, seen, 0 if mouth is None else mouth.index)
        if drawn is not None and drawn.presence == 0.0:
            drawn = None
        self.memory = Memory(drawn, source, weights, presence, left)
        return drawn


def _weights(mouth: MouthFrame | None) -> NDArray[np.float32] | float:
    return 0.0 if mouth is None else mouth.weights


def _presence(mouth: MouthFrame | None) -> float:
    return 0.0 if mouth is None else mouth.presence
