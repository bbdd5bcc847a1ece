"""Whether anything is heard that might be speech, judged by loudness alone.

This wakes the mouth network; whether it is speech, the network decides. So what is soft or noisy counts:
waking for nothing costs a tenth of a millisecond a tick, sleeping through a word is seen.
"""

from __future__ import annotations

from collections import deque

WINDOW = 75
"""Ticks over which the lowest level counts as the noise of the place: 3 s, longer than any breath group
without a gap."""

SMOOTH = 8
"""Ticks averaged before the lowest is looked for: street noise flickers by some dB."""

FIRST_FLOOR = -80.0
"""Noise in dB assumed before any was heard: speech may begin with the first sample."""

LOWEST_FLOOR = -80.0
HIGHEST_FLOOR = -32.0
"""Steadier sounds than this are not taken for noise, in dB: someone may hold a note."""

ENTER = 8.0
"""dB over the noise at which speech begins."""

LEAVE = 4.0
"""dB over the noise under which it may have ended."""

QUIETEST = -70.0
"""No speech is softer than this, in dB. Where a microphone is turned down to peaks of -40 dB, a quarter of it
is softer than -56."""

HANG = 8
"""Ticks under LEAVE before it has ended: 320 ms, longer than the closure of a stop."""


class SpeechActivity:
    """Loudness against an adaptive noise floor, with hysteresis. One call per tick of 40 ms."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=SMOOTH)
        self._lows: deque[float] = deque(maxlen=WINDOW)
        self.reset()

    def push(self, level: float) -> bool:
        """Whether speech goes on, given the level of the next tick in dB relative to full scale."""
        self._recent.append(level)
        self._lows.append(sum(self._recent) / len(self._recent))
        floor = min(HIGHEST_FLOOR, max(LOWEST_FLOOR, min(self._lows)))
        if level > max(floor + ENTER, QUIETEST):
            self._quiet = 0
            self._active = True
        elif level < max(floor + LEAVE, QUIETEST - 4.0):
            self._quiet += 1
            self._active = self._active and self._quiet < HANG
        else:
            self._quiet = 0
        return self._active

    def reset(self) -> None:
        """Forget the place and its noise."""
        self._recent.clear()
        self._lows.clear()
        self._lows.extend([FIRST_FLOOR] * WINDOW)
        self._active = False
        self._quiet = 0
