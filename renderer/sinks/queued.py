"""What loudspeakers have in common that take their samples from a queue, each at its own pace."""

from __future__ import annotations

from ..types import Samples
from .soundqueue import SoundQueue


class QueuedSpeaker:
    """A `Speaker` but for the device: that takes from `_queue`, and tells the time by which it is heard."""

    def __init__(self, sample_rate: int) -> None:
        self.sample_rate = sample_rate
        self._queue = SoundQueue(sample_rate)

    @property
    def accepted(self) -> int:
        return self._queue.accepted

    @property
    def position(self) -> int:
        return self._queue.position(self._now())

    @property
    def room(self) -> int:
        return self._queue.room

    @property
    def underruns(self) -> int:
        return self._queue.underruns

    def play(self, samples: Samples) -> int:
        return self._queue.put(samples)

    def flush(self) -> None:
        self._queue.flush()

    def attend(self) -> None:
        """Nothing to look after."""

    def _now(self) -> float:
        """Seconds of the clock by which `SoundQueue.take` was told when its samples will be heard."""
        raise NotImplementedError
