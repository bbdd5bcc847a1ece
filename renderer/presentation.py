"""Whose turn it is on the screen: show a frame, hold the present one, or let a late one go.

The sound is the clock: what counts is how many samples have been heard, not what time it is. If the sound
stops for want of frames, the picture waits with it, so a slow machine gets slow, not out of step.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .timeline import Timeline

EARLY = 0.008
"""Seconds a frame may show before its sound: half a refresh of a 60 Hz screen, the nearest it can hit."""

STAYED = 0.020
"""Seconds a picture may outstay its frame before it counts as held; half of the 40 ms by which picture and
sound may part before anyone notices (ITU-R BT.1359-1: sound 45 ms early; EBU R 37: 40 ms)."""


class Turn(Enum):
    """What to do with the next frame."""

    SHOW = "show"
    HOLD = "hold"
    """It is not due; ask again."""

    DROP = "drop"
    """Its time is over."""


@dataclass(slots=True)
class Counts:
    """What has happened to the frames so far."""

    shown: int = 0
    dropped: int = 0
    held: int = 0
    """Pictures that stayed longer than their frame since the next one came late."""

    worst_skew: float = 0.0
    """Largest distance of a shown frame from its sound, in seconds; negative is ahead of it."""


class Presentation:
    """Decides for one frame after another."""

    def __init__(self, timeline: Timeline) -> None:
        self.counts = Counts()
        self._rate = timeline.sample_rate
        self._frame = timeline.sample_rate / timeline.fps
        self._shown_until: float | None = None

    def turn(self, start: int, heard: int) -> Turn:
        """What to do with the frame whose sound begins at sample `start`, when `heard` samples were heard.

        A frame is late by its own length when the next one is due: then it is dropped.
        """
        if heard < start - EARLY * self._rate:
            return Turn.HOLD
        if self._shown_until is not None and heard > self._shown_until + STAYED * self._rate:
            self.counts.held += 1
            self._shown_until = None
        if heard >= start + self._frame:
            self.counts.dropped += 1
            return Turn.DROP
        skew = (heard - start) / self._rate
        if abs(skew) > abs(self.counts.worst_skew):
            self.counts.worst_skew = skew
        self.counts.shown += 1
        self._shown_until = float(start + self._frame)
        return Turn.SHOW

    def cut(self) -> None:
        """What was to come was thrown away (an interruption): the picture now showing is not late."""
        self._shown_until = None

    def seconds_until(self, start: int, heard: int) -> float:
        """How long the frame that begins at `start` will still be held, at least 0."""
        return max(0.0, (start - heard) / self._rate - EARLY)
