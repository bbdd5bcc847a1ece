"""Sound out, and how much of it has been heard: the master clock of everything that shows a picture."""

from __future__ import annotations

from typing import Protocol

from ..types import Samples


class Speaker(Protocol):
    """A queue of samples that a loudspeaker empties. Positions are samples since it was opened."""

    sample_rate: int

    @property
    def name(self) -> str:
        """What plays, for people to read."""

    @property
    def accepted(self) -> int:
        """Where the next samples played will begin."""

    @property
    def position(self) -> int:
        """Samples heard, as exactly as the device tells; silence for want of samples does not count."""

    @property
    def room(self) -> int:
        """Samples that can be queued now."""

    @property
    def underruns(self) -> int:
        """Gaps: how often the queue ran empty and was filled again."""

    def play(self, samples: Samples) -> int:
        """Queue samples and return where they begin. Raises ValueError for more than there is room for."""

    def flush(self) -> None:
        """Throw away at once what is queued and not yet with the device."""

    def attend(self) -> None:
        """Look after the device; to be called several times a second."""

    def close(self) -> None:
        """Give the device back."""
