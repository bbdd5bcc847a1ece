"""What a soak has counted: sound, states, memory, and why the sound broke off where it did."""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from renderer.settings import FPS
from renderer.sinks.silent import SilentSpeaker
from renderer.types import VideoFrame

MOST_GROWTH = 5.0
"""Megabytes that may be resident more at the end than after the first minute, with all avatars closed."""

FLOOR = 10
"""Per cent of the looks at a visit's memory that lie below its floor."""


@dataclass
class Tally:
    """What happened, over all visits."""

    frames: int = 0
    shown: int = 0
    dropped: int = 0
    late: int = 0
    worst_skew_ms: float = 0.0
    utterances: int = 0
    interruptions: int = 0
    gestures: int = 0
    underruns_of_speech: int = 0
    gaps_in_speech: int = 0
    """Between two frames of one utterance: these are heard."""

    gaps_in_silence: int = 0
    waited_at_gaps_ms: list[float] = field(default_factory=list)
    """How long the threads waited for a core in the quarter of a second before each gap, all added up."""

    wrong_sound: int = 0
    late_states: int = 0
    jumps_in_number: int = 0
    answers_ms: list[float] = field(default_factory=list)
    """From the first push of an utterance that nothing stood before to its first frame."""

    memory_mb: dict[str, list[float]] = field(default_factory=dict)
    """Resident while the avatar listens and nothing waits to be said: by avatar, the floor of each visit that
    comes after the first minute."""

    medians_mb: dict[str, list[float]] = field(default_factory=dict)
    """The median of the same looks, which also tells how many decoders stood open beside the floor."""

    closed_mb: list[float] = field(default_factory=list)
    """Resident after each of those visits, all avatars closed."""

    def remember(self, name: str, looks: list[float], closed: float) -> None:
        """Add a visit to an avatar: megabytes while it listened, and with it closed.

        A visit in which the avatar never listened in quiet tells only what stayed after it.
        """
        if looks:
            self.memory_mb.setdefault(name, []).append(float(np.percentile(looks, FLOOR)))
            self.medians_mb.setdefault(name, []).append(float(np.median(looks)))
        self.closed_mb.append(closed)

    def growth_mb(self) -> float:
        """Megabytes more than after the first minute, with all avatars closed: the last round of visits, one
        to each avatar, and the first one.

        While an avatar is open one to four decoders stand beside it, of 10 MB each, by what was said when: no
        two visits are alike by less than that.
        """
        each = max(1, len(self.memory_mb))
        first, last = self.closed_mb[:each], self.closed_mb[-each:]
        return float(np.median(last) - np.median(first))

    def facts(self, threads_left: int) -> dict[str, Any]:
        """Everything, and whether it is as it should be."""
        answers = np.array(self.answers_ms or [0.0])
        drift = int(self.worst_skew_ms / 1e3 * FPS)
        wrong = self.wrong_sound + self.gaps_in_speech + self.late_states + self.jumps_in_number
        growth = self.growth_mb()
        return asdict(self) | {
            "visits": len(self.closed_mb),
            "answers_ms": {"p50": float(np.median(answers)), "worst": float(answers.max())},
            "growth_mb": growth,
            "drift_frames": drift,
            "threads_left": threads_left,
            "is_well": not (wrong or drift or threads_left) and growth <= MOST_GROWTH,
        }


class Gaps:
    """Whether the sound broke off before a frame, and whether that was for want of a core."""

    def __init__(self, speaker: SilentSpeaker, tally: Tally) -> None:
        self._speaker, self._tally = speaker, tally
        self._before: VideoFrame | None = None
        self._counted = 0
        self._waited: deque[float] = deque([_waited_ms()], maxlen=6)

    def look(self, frame: VideoFrame) -> None:
        """Once `frame` was given to the loudspeaker."""
        self._waited.append(_waited_ms())
        if self._speaker.underruns > self._counted:
            self._counted = self._speaker.underruns
            goes_on = self._before is not None and self._before.utterance == frame.utterance is not None
            self._tally.gaps_in_speech += goes_on
            self._tally.gaps_in_silence += not goes_on
            self._tally.waited_at_gaps_ms.append(round(self._waited[-1] - self._waited[0], 1))
        self._before = frame


def _waited_ms() -> float:
    """How long the threads that live have waited for a core; 0 where the system does not tell."""
    waited = 0
    for thread in Path("/proc/self/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):  # it has ended
            waited += int(thread.read_text().split()[1])
    return waited / 1e6
