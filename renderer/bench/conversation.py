"""How long one waits, in real time: the player, its screen, and a person who is answered and breaks in.

answer     from the first pushed sample to the picture of it on the screen while it is heard
trickle    the same with sound that comes in real time, 20 ms at a time, as from a microphone
silence    from the call of `interrupt` to the moment nothing more is heard
closed     from the call of `interrupt` to the first picture with a closed mouth
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from ..avatar import Avatar
from ..easing import CLOSING
from ..session import Session
from ..settings import Settings
from ..sinks.keys import WindowEvent
from ..sinks.player import play
from ..sinks.silent import SilentSpeaker
from ..timeline import Timeline
from ..types import Picture, VideoFrame
from .speech import RATE, speech
from .spread import Spread, spread

CHUNK = RATE // 50
LONGEST = 2.0
"""Seconds of speech in an exchange; it is interrupted before."""


def converse(avatar: Avatar, settings: Settings, trials: int, seed: int = 0) -> dict[str, Spread]:
    """Milliseconds of each wait over some exchanges, every fourth of which trickles in."""
    timeline = Timeline(settings.sound_rate, avatar.manifest.rate)
    with avatar.session(settings) as session:
        stage = _Stage(session, settings.sound_rate, trials, seed)
        play(stage.frames(), stage, stage.speaker, timeline, session=session)
    return {name: spread([seconds * 1e3 for seconds in took]) for name, took in stage.took.items() if took}


class _Stage:
    """The player's screen: it notes what is shown when, and plays the other side of the conversation."""

    def __init__(self, session: Session, sample_rate: int, trials: int, seed: int) -> None:
        self.session, self.speech, self.trials = session, speech(LONGEST), trials
        self.took: dict[str, list[float]] = {"answer": [], "trickle": [], "silence": [], "closed": []}
        self.speaker = _Speaker(sample_rate, self)
        self._frames: dict[int, VideoFrame] = {}
        self._script = self._talk(random.Random(seed))
        self._due = next(self._script)
        self._asked: tuple[str, float] | None = None
        self._cut_at: float | None = None
        self._closing = 0

    def frames(self) -> Iterator[VideoFrame]:
        for frame in self.session:
            self._frames = {key: kept for key, kept in self._frames.items() if kept.index > frame.index - 20}
            self._frames[id(frame.pixels)] = frame
            yield frame

    def events(self) -> Iterator[WindowEvent]:
        while time.perf_counter() >= self._due:
            due = next(self._script, None)
            if due is None:
                yield WindowEvent.CLOSE
                return
            self._due = due

    def show(self, pixels: Picture) -> None:
        now, frame = time.perf_counter(), self._frames[id(pixels)]
        if frame.utterance is not None and self._asked is not None:
            self.took[self._asked[0]].append(now - self._asked[1])
            self._asked = None
        elif frame.utterance is None and self._cut_at is not None:
            self._closing += 1
            if self._closing == CLOSING:
                self.took["closed"].append(now - self._cut_at)
                self._cut_at, self._closing = None, 0

    def flushed(self) -> None:
        if self._cut_at is not None:
            self.took["silence"].append(time.perf_counter() - self._cut_at)

    def _talk(self, chance: random.Random) -> Iterator[float]:
        """Does something and gives the time of what is next."""
        for trial in range(self.trials):
            yield time.perf_counter() + chance.uniform(0.3, 0.8)
            self._asked = ("trickle" if trial % 4 == 3 else "answer", time.perf_counter())
            if trial % 4 == 3:
                began = time.perf_counter()
                for number, first in enumerate(range(0, RATE, CHUNK)):
                    self.session.push(self.speech[first : first + CHUNK], RATE)
                    yield began + (number + 1) * CHUNK / RATE
            else:
                self.session.push(self.speech, RATE)
            yield time.perf_counter() + chance.uniform(0.4, 0.9)
            self._cut_at, self._closing = time.perf_counter(), 0
            self.session.interrupt()
            yield time.perf_counter() + 0.4


class _Speaker(SilentSpeaker):
    """Tells the stage when what is queued is thrown away."""

    def __init__(self, sample_rate: int, stage: _Stage) -> None:
        super().__init__(sample_rate)
        self._stage = stage

    def flush(self) -> None:
        super().flush()
        self._stage.flushed()
