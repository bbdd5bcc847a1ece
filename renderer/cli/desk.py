"""What the viewer's keys do to a session, and the subtitles under it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from ..session import Session
from ..sinks.keys import GESTURES, WindowEvent
from ..types import VideoFrame
from .feeding import Feeder

LINE = 42
"""Letters of a line of subtitles, as broadcasters have it; the words before them go."""


class Desk:
    """Serves the window of one session."""

    def __init__(self, session: Session, feeder: Feeder, subtitles: bool) -> None:
        self._session, self._feeder = session, feeder
        self._has_subtitles, self._is_paused = subtitles, False
        self._utterance: int | None = None
        self._words: deque[str] = deque()

    def on_event(self, event: WindowEvent) -> None:
        """Do what a key asks for."""
        if event is WindowEvent.INTERRUPT:
            self._feeder.stop()
            self._session.interrupt()
        elif event is WindowEvent.PAUSE:
            self._is_paused = not self._is_paused
            (self._session.pause if self._is_paused else self._session.resume)()
        elif event is WindowEvent.TOGGLE_SUBTITLES:
            self._has_subtitles = not self._has_subtitles
        elif event in GESTURES:
            self._session.gesture(self._session.gestures[GESTURES.index(event)])

    def frames(self, stay: bool, caption: Callable[[str], None]) -> Iterator[VideoFrame]:
        """The frames to show, each with its subtitles."""
        for frame in self._feeder.frames(stay):
            if frame.utterance != self._utterance:
                self._utterance = frame.utterance
                self._words.clear()
            for word in frame.words:
                self._words.append(word.text)
                while len(self._words) > 1 and len(" ".join(self._words)) > LINE:
                    self._words.popleft()
            caption(" ".join(self._words) if self._has_subtitles else "")
            yield frame
