"""Frames on the screen, their sound in the room, and the sound as the clock of both."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from ..memory import give_back
from ..presentation import Counts, Presentation, Turn
from ..session import Session
from ..timeline import Timeline
from ..types import Picture, VideoFrame
from .keys import WindowEvent
from .speaker import Speaker

AHEAD = 0.100
"""Seconds of sound queued ahead: outlasts a stall of two frames."""

AHEAD_SILENT = 0.060
"""The same while nobody speaks: an answer waits behind it, and a gap in silence is not heard."""

PATIENCE = 0.010
"""Seconds between two looks at the viewer's keys, and the longest sleep."""

TIDY_AFTER = 250
"""Frames after which memory that was freed goes back to the system, in the next silence. That takes a
millisecond or two; decoders that come and go as clips are left and entered leave holes of 12 MB."""


class Screen(Protocol):
    """What shows frames; see `renderer.sinks.window.Window`."""

    def show(self, pixels: Picture) -> None: ...

    def events(self) -> Iterator[WindowEvent]: ...


@dataclass(slots=True)
class PlayStats:
    """What became of the frames."""

    counts: Counts = field(default_factory=Counts)
    underruns: int = 0
    """Gaps in the sound."""

    cut: int = 0
    """Frames taken back by interruptions, and silent ones by answers."""

    was_closed: bool = False
    """The viewer ended it, not the frames."""


def play(
    frames: Iterable[VideoFrame],
    window: Screen,
    speaker: Speaker,
    timeline: Timeline,
    on_event: Callable[[WindowEvent], None] | None = None,
    wait: Callable[[float], None] = time.sleep,
    session: Session | None = None,
) -> PlayStats:
    """Show and sound frames until they end or the viewer closes the window.

    frames    as of a session or of `render`, B G R X; asked for about AHEAD of their time
    timeline  the frames' own; its sample rate is the speaker's
    on_event  told of each event of the window
    wait      sleeps; tests move their clock instead
    session   where the frames come from: when it is interrupted, by whomever, or begins to speak, what is
              queued is thrown away, and the pictures go on from the one that was seen last

    The window and the speaker stay open.
    """
    if speaker.sample_rate != timeline.sample_rate:
        raise ValueError(f"a speaker of {speaker.sample_rate} samples a second for {timeline.sample_rate}")
    return _Player(iter(frames), window, speaker, timeline, on_event, session).run(wait)


class _Player:
    def __init__(
        self,
        frames: Iterator[VideoFrame],
        window: Screen,
        speaker: Speaker,
        timeline: Timeline,
        on_event: Callable[[WindowEvent], None] | None,
        session: Session | None,
    ) -> None:
        self._session = session
        self._cuts = 0 if session is None else session.interruptions
        self._frames, self._window, self._speaker, self._on_event = frames, window, speaker, on_event
        self._presentation = Presentation(timeline)
        self._stats = PlayStats(self._presentation.counts)
        self._pending: deque[tuple[VideoFrame, int]] = deque()
        self._rate = timeline.sample_rate
        self._ahead = AHEAD_SILENT
        self._has_ended = False
        self._tidied = 0

    def run(self, wait: Callable[[float], None]) -> PlayStats:
        underruns = self._speaker.underruns
        while self._listen():
            self._speaker.attend()
            self._cut()
            asked = self._ask()
            shown = self._present()
            if self._has_ended and not self._pending and self._speaker.position >= self._speaker.accepted:
                break
            if not asked and not shown:
                pause = self._pause()
                if pause >= PATIENCE:
                    self._tidy()
                wait(pause)
        self._stats.underruns = self._speaker.underruns - underruns
        return self._stats

    def _listen(self) -> bool:
        """Do what the viewer asks for. False once that is to end."""
        for event in self._window.events():
            if self._on_event is not None:
                self._on_event(event)
            if event is WindowEvent.CLOSE:
                self._speaker.flush()
                self._stats.was_closed = True
                return False
        return True

    def _cut(self) -> None:
        """Throw away what is queued if the session was interrupted since, or has an answer to the silence."""
        if self._session is None:
            return
        was_cut = self._session.interruptions != self._cuts
        if not was_cut and not (self._is_silent() and self._session.has_answer):
            return
        self._cuts = self._session.interruptions
        self._speaker.flush()
        if self._pending:
            self._session.take_back(after=self._pending[0][0].index - 1)
        self._stats.cut += len(self._pending)
        self._pending.clear()
        self._presentation.cut()

    def _is_silent(self) -> bool:
        """Whether nothing but silence is queued."""
        return bool(self._pending) and all(frame.utterance is None for frame, _ in self._pending)

    def _ask(self) -> bool:
        """Take one frame if too little is queued. The sound goes to the speaker, the picture waits."""
        queued = self._speaker.accepted - self._speaker.position
        if self._has_ended or queued >= self._ahead * self._rate:
            return False
        frame = next(self._frames, None)
        if frame is None:
            self._has_ended = True
            return False
        self._ahead = AHEAD_SILENT if frame.utterance is None else AHEAD
        self._pending.append((frame, self._speaker.play(frame.sound)))
        return True

    def _present(self) -> bool:
        """Decide about the next frame. True if it was shown or dropped."""
        if not self._pending:
            return False
        frame, start = self._pending[0]
        turn = self._presentation.turn(start, self._speaker.position)
        if turn is Turn.HOLD:
            return False
        self._pending.popleft()
        if turn is Turn.SHOW:
            self._window.show(frame.pixels)
        return True

    def _tidy(self) -> None:
        """Give back what was freed since, now and then, while nothing is said."""
        shown = self._stats.counts.shown
        if shown - self._tidied >= TIDY_AFTER and self._is_silent():
            self._tidied = shown
            give_back()

    def _pause(self) -> float:
        """Seconds in which nothing will be due, a millisecond at least."""
        pause = PATIENCE
        if self._pending:
            start = self._pending[0][1]
            pause = min(pause, self._presentation.seconds_until(start, self._speaker.position))
        return max(pause, 0.001)
