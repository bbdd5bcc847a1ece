"""Sound on its way from those who speak to the thread that draws."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .types import Cue, Samples


@dataclass(frozen=True, slots=True)
class Sound:
    """Some sound of an utterance, or its end where `samples` is None."""

    samples: Samples | None
    sample_rate: int = 0
    cues: tuple[Cue, ...] = ()
    pushed: float | None = None
    """When the utterance was begun, with its first sound only."""

    @property
    def seconds(self) -> float:
        return 0.0 if self.samples is None else len(self.samples) / self.sample_rate


def by_the_second(samples: Samples, rate: int, cues: Sequence[Cue]) -> list[Sound]:
    """Sound cut into pieces of a second, each with the cues that lie in it."""
    pieces = []
    for first in range(0, max(1, len(samples)), rate):
        is_last = first + rate >= len(samples)
        inside = [cue for cue in cues if first <= cue.at and (is_last or cue.at < first + rate)]
        own = tuple(replace(cue, at=cue.at - first) for cue in inside)
        pieces.append(Sound(samples[first : first + rate], rate, own))
    return pieces


class Inbox:
    """Sound that waits, `most_seconds` of it and a piece more. Knows no lock: its owner holds one."""

    def __init__(self, most_seconds: float) -> None:
        self._most_seconds = most_seconds
        self._waiting: deque[Sound] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    @property
    def has_room(self) -> bool:
        """Whether more sound may come."""
        return sum(sound.seconds for sound in self._waiting) < self._most_seconds

    def put(self, sound: Sound) -> None:
        """Let it wait behind what is there."""
        self._waiting.append(sound)

    def take(self) -> Sound:
        """What has waited longest. Raises IndexError where nothing waits."""
        return self._waiting.popleft()

    def clear(self) -> None:
        """Drop what waits."""
        self._waiting.clear()
