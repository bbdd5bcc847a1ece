"""Somebody talking: phrase after phrase, and what is heard and seen between them.

Between two phrases people draw breath, and their lips part as they do. The same noise with nobody speaking
before it is none of an avatar's business (`augment.py` draws that), and so is whatever else is heard between
two phrases. Nobody filmed the pauses of most recordings, so short ones are left open: some people shut their
lips in them, some leave them ajar.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renderer.features import BANDS, COLUMNS

from .corpus.prepare import Example
from .din.breaths import breaths

Array = NDArray[np.float32]

PARTED = np.array([1.31, 1.03, 0.23, -0.75, 1.00, -0.75, 0.71, -0.17, 1.04, 0.84], np.float32)
"""The mouth of the speaker of grid_s1 four ticks before he speaks, the mean of 873 sentences."""

WIDER = (1.2, 1.9)
"""Times as far lips part within a turn: in the pauses of the talk clips by 1.0 to 2.7 deviations."""

LATE = 0.3
"""Share of sequences that begin with silence, of at most `LEAD` ticks."""

LEAD = 40
SHORT = (24, 60)
"""Ticks of the first phrase in half of the sequences, so that there is a pause in them."""

PAUSED = 0.75
"""Share of phrases with a pause before them, of 1 to `PAUSE` ticks of silence."""

PAUSE = 13
OPEN = 10
"""Ticks of a pause in which lips may be as they like."""

BREATHED, DISTURBED = 0.5, 0.25
"""Shares of pauses that end with a breath, and with another noise."""

BELOW = (0.6, 1.8)
"""How far a breath lies below the loudest speech before it, in units of mel: 12 to 36 dB."""

ONSET = 0.2
"""Share of phrases that begin where the recording's speech does, besides those after a breath."""

PACED, PACES = 0.5, (0.8, 1.3)
"""Share of phrases said faster or slower than they were, at the same pitch, and how many times as fast:
people talk faster than they read."""

KINDS = 500
"""Breaths to choose from."""


@dataclass(frozen=True, slots=True)
class Row:
    """One sequence of a batch, to be written to: views of its arrays, a tick in each row."""

    mel: Array
    weights: Array
    phones: Array
    voice: Array


class Turns:
    """Draws turns at random, their recordings from groups in given shares."""

    def __init__(
        self,
        sources: dict[str, tuple[float, list[Example]]],
        random: np.random.Generator,
        din: list[Array],
    ) -> None:
        self._random, self._din = random, din
        self._sources = [examples for _, examples in sources.values()]
        share = np.array([share for share, _ in sources.values()])
        self._share = share / share.sum()
        self._breaths = breaths(KINDS)

    def draw(self, row: Row) -> None:
        """Fill a sequence in which nobody speaks yet."""
        random, ticks = self._random, len(row.mel)
        at = int(random.integers(1, LEAD)) if random.random() < LATE else 0
        most = int(random.integers(*SHORT)) if random.random() < 0.5 else ticks
        at = self._phrase(row, at, most, from_onset=random.random() < ONSET)
        while at < ticks - 8:
            was_heard = False
            if random.random() < PAUSED:
                at, was_heard = self._pause(row, at)
            at = self._phrase(row, at, ticks, from_onset=was_heard or random.random() < ONSET)

    def _phrase(self, row: Row, at: int, most: int, from_onset: bool) -> int:
        """Somebody speaks from a tick on, for so many at most. Returns where it ends."""
        one, random = self._one(), self._random
        start = int(random.integers(0, max(1, len(one.mel) - 40)))
        speech = np.flatnonzero(one.voice > 0.5)
        if from_onset and len(speech):
            start = max(0, int(speech[0]) - int(random.integers(0, 4)))
        pace = float(random.uniform(*PACES)) if random.random() < PACED else 1.0
        n = max(0, min(len(row.mel) - at, int((len(one.mel) - start) / pace), most))
        here, there = slice(at, at + n), slice(start, start + math.ceil(n * pace))
        row.mel[here] = _at_pace(one.mel[there].reshape(-1, BANDS), pace, n * COLUMNS).reshape(
            n, COLUMNS * BANDS
        )
        row.voice[here] = _at_pace(one.voice[there, None], pace, n)[:, 0] > 0.5
        row.weights[here] = _at_pace(one.weights[there], pace, n)
        row.phones[here] = _at_pace(one.phones[there], pace, n)
        row.weights[at : at + 1] = np.nan  # two recordings meet
        return at + n

    def _pause(self, row: Row, at: int) -> tuple[int, bool]:
        """Silence, and then perhaps a noise. Returns where it ends, and whether there was one."""
        random = self._random
        loud = float(np.percentile(row.mel[:at], 97))
        silence = int(random.integers(1, PAUSE + 1))
        row.weights[at : at + min(silence, OPEN)] = np.nan
        at += silence
        kind = random.random()
        if kind >= BREATHED + DISTURBED or at >= len(row.mel) - 8:
            return at, False
        is_breath = kind < BREATHED
        noise = self._breath() if is_breath else self._noise()
        n = min(len(noise), len(row.mel) - at)
        here = slice(at, at + n)
        row.mel[here] = np.maximum(noise[:n] + loud - random.uniform(*BELOW), row.mel[here])
        row.weights[at - 2 : at] = np.nan
        if is_breath:
            opened = np.clip((np.arange(n) + 1.5) / 3, 0, 1).astype(np.float32)
            row.weights[here] = PARTED * np.float32(random.uniform(*WIDER)) * opened[:, None]
            row.voice[here] = 1.0
        return at + n, True

    def _one(self) -> Example:
        examples = self._sources[int(self._random.choice(len(self._sources), p=self._share))]
        return examples[int(self._random.integers(len(examples)))]

    def _breath(self) -> Array:
        return self._breaths[int(self._random.integers(len(self._breaths)))]

    def _noise(self) -> Array:
        """As much of any noise."""
        sound = self._din[int(self._random.integers(len(self._din)))]
        ticks = int(self._random.integers(5, 16))
        start = int(self._random.integers(0, len(sound) - ticks * COLUMNS))
        return sound[start : start + ticks * COLUMNS].reshape(ticks, COLUMNS * BANDS)


def _at_pace(rows: Array, pace: float, n: int) -> Array:
    """`n` rows of what goes by `pace` times as fast; NaN where a neighbour is."""
    if pace == 1.0 or not n:
        return rows[:n]
    at = np.clip((np.arange(n) + 0.5) * pace - 0.5, 0, len(rows) - 1)
    before = at.astype(int)
    part = (at - before).astype(np.float32)[:, None]
    return np.asarray(
        rows[before] * (1 - part) + rows[np.minimum(before + 1, len(rows) - 1)] * part, np.float32
    )
