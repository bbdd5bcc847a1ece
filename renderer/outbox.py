"""Frames on their way to the viewer, and the ways back for those that nobody has seen."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from .pipeline import Mark
from .types import VideoFrame
from .utterances import Tick

GIVEN = 16
"""Frames given out that can still be taken back (0.6 s): more than any player keeps in a queue."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A frame with what it takes to draw it anew."""

    frame: VideoFrame
    tick: Tick | None
    mark: Mark
    pushed: float | None = None
    """When the utterance was begun, with its first frame only."""

    is_wait: bool = False
    """The sound of its utterance came too late for it."""

    was_cut: bool = False
    """An interruption lies between it and the frame before."""

    faults: tuple[Exception, ...] = ()
    """What went wrong with an utterance, which was dropped."""

    is_told: bool = False
    """Its events were told, though it could not be given out then."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is remembered of a frame given out: not its picture."""

    index: int
    tick: Tick | None
    mark: Mark
    cuts: int
    """Interruptions before it."""


class Outbox:
    """Frames that wait, `most` of them; those given out a moment ago; and those taken back.

    Knows no lock: its owner holds one.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: deque[Drawn] = deque()
        self._given: deque[Given] = deque(maxlen=GIVEN)
        self._back: deque[Drawn] = deque()  # the earliest first

    def __bool__(self) -> bool:
        return bool(self._waiting)

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= self._most

    @property
    def ends_silent(self) -> bool:
        """Whether the last frame that waits says nothing: sound may take its place."""
        return bool(self._waiting) and self._waiting[-1].tick is None

    @property
    def has_answer(self) -> bool:
        """Whether the next frame begins an utterance."""
        tick = self._waiting[0].tick if self._waiting else None
        return tick is not None and tick.mouth.index == 0

    def add(self, drawn: Drawn) -> None:
        """Let it wait behind the others."""
        self._waiting.append(drawn)

    def give(self, cuts: int) -> Drawn:
        """The next frame, after so many interruptions."""
        drawn = self._waiting.popleft()
        self._given.append(Given(drawn.frame.index, drawn.tick, drawn.mark, cuts))
        return drawn

    def ungive(self, drawn: Drawn, is_outdated: bool) -> None:
        """Put back what could not be given out; to be drawn anew if something was called since."""
        if self._given:
            self._given.pop()
        (self._back if is_outdated or self._back else self._waiting).appendleft(drawn)

    def refuse(self, drawn: Drawn) -> None:
        """Take a frame back at once: something was called while it was drawn."""
        self._back.append(drawn)

    def take_back(self) -> None:
        """Take back all that waits."""
        self._back.extend(self._waiting)
        self._waiting.clear()

    def take_back_silence(self) -> None:
        """Take back the silent frames at the end."""
        while self.ends_silent:
            self._back.appendleft(self._waiting.pop())

    def taken(self) -> list[Drawn]:
        """What was taken back, the earliest first. It is forgotten here."""
        taken = list(self._back)
        self._back.clear()
        return taken

    def unseen(self, after: int) -> list[Given]:
        """What was given out after frame number `after`, the earliest first. It is forgotten here."""
        unseen = [given for given in self._given if given.index > after]
        while self._given and self._given[-1].index > after:
            self._given.pop()
        return unseen

    def clear(self) -> None:
        """Forget everything."""
        self._waiting.clear()
        self._given.clear()
        self._back.clear()
