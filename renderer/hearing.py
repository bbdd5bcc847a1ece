"""When somebody speaks to the avatar, and when it only hears itself.

A loudspeaker's sound comes back through the microphone. How much of it is learnt while the avatar speaks,
and only what is clearly louder is taken for a person. So one can break in, without the avatar breaking in
on itself; with headphones a whisper does.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum

import numpy as np

from .types import Samples

PREROLL = 10
"""Ticks (400 ms) from before speech was believed: its first sound is soft."""

BELIEVED = 3
"""Ticks (120 ms) over everything else before speech is believed: a click is shorter."""

HANG = 8
"""Ticks (320 ms) without before it has ended: longer than the closure of a stop."""

OVER_NOISE = 10.0
"""dB over the noise of the place that a person speaks at least."""

QUIETEST = -56.0
"""No speech at a microphone is softer than this, in dB."""

WINDOW = 75
"""Ticks over which the lowest level counts as the noise of the place: 3 s, longer than any breath group
without a gap."""

SMOOTH = 4
"""Ticks averaged before the lowest is looked for: street noise flickers by some dB."""

FIRST_NOISE, LOUDEST_NOISE = -60.0, -32.0
"""Noise in dB assumed before any was heard, and the loudest that is taken for noise."""

ECHO = 15
"""Ticks (600 ms) for which a played sound may come back: queue, driver, room and microphone."""

SILENT = -60.0
"""What is played softer than this, in dB, is not heard."""

OVER_ECHO = 6.0
"""dB over the echo that a person speaks at least."""

RISE, FALL = 0.1, 0.02
"""Share by which the learnt echo follows a louder and a softer one, per tick: slower than a break-in."""

LEVEL_OF_NOTHING = -120.0


class Change(Enum):
    """What has changed with a tick."""

    BEGAN = "began"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a tick has brought."""

    change: Change | None
    samples: Samples
    """What a person has said, from the preroll on: shape (n,), empty while nobody speaks."""


class Hearing:
    """Tells speech in a microphone's sound. One call per tick of 40 ms; knows no thread and no clock."""

    def __init__(self, patience: int = 0) -> None:
        """`patience` is how many ticks longer a pause may be before it ends what a person says."""
        self._hang = HANG + patience
        self._recent: deque[Samples] = deque(maxlen=PREROLL)
        self._levels: deque[float] = deque(maxlen=SMOOTH)
        self._lows: deque[float] = deque([FIRST_NOISE] * WINDOW, maxlen=WINDOW)
        self._played: deque[float] = deque([LEVEL_OF_NOTHING], maxlen=ECHO)
        self._echo = 0.0  # dB of the microphone over what is played: at first the worst is assumed
        self._over = self._under = 0
        self._speaks = False

    def played(self, sound: Samples) -> None:
        """What the loudspeaker is given, frame by frame."""
        self._played.append(level_of(sound))

    def hush(self) -> None:
        """Nothing is heard any more: whoever spoke has ended, and what comes next is another matter."""
        self._recent.clear()
        self._over, self._speaks = 0, False

    def push(self, tick: Samples) -> Heard:
        """The microphone's next tick, shape (640,)."""
        self._recent.append(tick)
        speaks = self._is_person(level_of(tick))
        if speaks == self._speaks:
            return Heard(None, tick if speaks else tick[:0])
        self._speaks = speaks
        said = np.concatenate(self._recent) if speaks else tick[:0]
        self._recent.clear()
        self._over = 0
        return Heard(Change.BEGAN if speaks else Change.ENDED, said)

    def _is_person(self, level: float) -> bool:
        is_over = level > max(self._noise(level) + OVER_NOISE, QUIETEST, self._echoed(level) + OVER_ECHO)
        self._over = max(0, self._over + (1 if is_over else -1))
        self._under = 0 if is_over else self._under + 1
        return self._under < self._hang if self._speaks else self._over >= BELIEVED

    def _noise(self, level: float) -> float:
        """The noise of the place in dB: the lowest of the last seconds. It does not count what is played."""
        if max(self._played) < SILENT:
            self._levels.append(level)
            self._lows.append(sum(self._levels) / len(self._levels))
        return min(LOUDEST_NOISE, *self._lows)

    def _echoed(self, level: float) -> float:
        """How loud what is played comes back, in dB, as far as it is known."""
        played = max(self._played)
        if played < SILENT:
            return LEVEL_OF_NOTHING
        echoed = played + self._echo
        if not self._speaks:
            observed = level - played
            self._echo += (RISE if observed > self._echo else FALL) * (observed - self._echo)
        return echoed


def level_of(sound: Samples) -> float:
    """Root mean square in dB relative to full scale, at least -120."""
    square = float(np.mean(np.square(sound))) if len(sound) else 0.0
    return max(LEVEL_OF_NOTHING, 10.0 * float(np.log10(square))) if square > 0 else LEVEL_OF_NOTHING
