"""Whether a mouth is seen: it comes when speech is heard for some frames, and goes after some without."""

from __future__ import annotations

from typing import NamedTuple


class Gate(NamedTuple):
    """When the network's probability of speech counts, and for how long it must."""

    over: float
    """Probability over which the mouth may appear ..."""

    agreed: int
    """... after so many frames in a row: a click is no speech. The network hears speech from some frames
    before its sound, so nothing is late."""

    under: float
    """Probability under which it may go ..."""

    linger: int
    """... after more frames in a row than these: short pauses keep it."""


SURE = Gate(over=0.95, agreed=3, under=0.4, linger=4)
"""Speech."""

LIKELY = Gate(over=0.3, agreed=3, under=0.15, linger=2)
"""What may be speech: the first of a soft beginning, say."""

RISE = 1 / 2
FALL = 1 / 5
"""Presence gained and lost in a frame: it is up as the sound begins, and gone in five frames."""


class Presence:
    """One gate's view. One call per frame; the values depend on the past frames alone."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._wanted = False
        self._over = self._under = 0
        self._value = 0.0

    def step(self, voice: float) -> float:
        """How present the mouth is, 0 to 1, given the next frame's probability of speech."""
        gate = self._gate
        self._over = self._over + 1 if voice > gate.over else 0
        self._under = self._under + 1 if voice < gate.under else 0
        if self._over >= gate.agreed:
            self._wanted = True
        elif self._under > gate.linger:
            self._wanted = False
        self._value = min(1.0, max(0.0, round(self._value + (RISE if self._wanted else -FALL), 6)))
        return self._value
