"""A person at the microphone: drives the avatar with their own voice, or talks with it.

Source ─► Hearing ─► Puppet: the session's push
                 └─► Listener: the session's interrupt, and an answer that it says
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar

import numpy as np

from .errors import DeviceLost, SessionClosed
from .hearing import Change, Heard, Hearing
from .session import Session
from .settings import ANALYSIS_RATE
from .sources.source import Source
from .types import Samples, VideoFrame
from .voices.choosing import VoiceChoice

Answer = Callable[[Samples, int], "str | None"]
"""Understands what a person said, shape (n,) and its samples a second, and returns what to say, if anything.
Speech recognition and whatever thinks go here."""

_Self = TypeVar("_Self", bound="Live")


TURN = 10
"""Ticks (400 ms) added to the 320 ms after which speech counts as ended: people pause within a sentence."""


class Live:
    """A source, read in a thread of its own. Iterate for the session's frames.

    The session stays the caller's to close, after this.
    """

    def __init__(self, session: Session, source: Source, patience: int = 0) -> None:
        self._session, self._source = session, source
        self._hearing = Hearing(patience)
        self._lock = threading.Lock()
        self._failure: Exception | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="avatar-ear", daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether the source has ended: a recording does."""
        return self._is_over.is_set()

    def __iter__(self) -> Iterator[VideoFrame]:
        return self

    def __next__(self) -> VideoFrame:
        """The session's next frame, after `check`."""
        self.check()
        return self.take()

    def take(self) -> VideoFrame:
        """The session's next frame, whatever went wrong beside it."""
        frame = next(self._session)
        with self._lock:
            self._hearing.played(frame.sound)
        return frame

    def check(self) -> None:
        """Raise what went wrong since the last time, once: a lost microphone, an answer that failed.

        The frames go on, and so does the listening once the microphone is found again.
        """
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def close(self) -> None:
        """End the listening and its threads; closes the source."""
        self._source.close()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _listen(self) -> None:
        try:
            while (tick := self._read()) is not None:
                with self._lock:
                    heard = self._hearing.push(tick)
                self._hear(heard)
            self._end()
        except SessionClosed:
            pass
        except Exception as error:
            self._failure = error  # told where frames are taken
        finally:
            self._is_over.set()

    def _read(self) -> Samples | None:
        """The source's next tick. Where it is lost, that is told, what was being said ends, and it waits."""
        while True:
            try:
                return self._source.read()
            except DeviceLost as error:
                self._failure = error
                with self._lock:
                    self._hearing.hush()
                self._end()

    def _hear(self, heard: Heard) -> None:
        raise NotImplementedError

    def _end(self) -> None:
        """The source is over, perhaps in the middle of a word."""


class Puppet(Live):
    """The avatar says what is said into the microphone, 0.3 s later, and listens between.

    The session's volume is the caller's to choose: aloud, the voice comes back through the microphone.
    """

    _speaks = False

    def _hear(self, heard: Heard) -> None:
        if len(heard.samples):
            self._session.push(heard.samples, ANALYSIS_RATE)
            self._speaks = True
        if heard.change is Change.ENDED:
            self._end()

    def _end(self) -> None:
        if self._speaks:
            self._session.finish()
            self._speaks = False


class Listener(Live):
    """A person talks with the avatar, and may break in: what it says is cut off, and it listens."""

    def __init__(
        self,
        session: Session,
        source: Source,
        answer: Answer | None = None,
        voice: VoiceChoice = None,
        on_speech: Callable[[bool], None] | None = None,
    ) -> None:
        """Begin to listen.

        answer     called with each thing said, in a thread of its own; meanwhile the avatar thinks. What it
                   returns is said, unless the person has gone on by then. What it raises is told where
                   frames are taken.
        voice      says the answers
        on_speech  told in the listening thread when a person begins (True), before the interruption, and ends
        """
        self._answer, self._voice, self._on_speech = answer, voice, on_speech
        self._said: list[Samples] = []
        self._turn = 0
        self._thinker = ThreadPoolExecutor(1, "avatar-answer")
        super().__init__(session, source, TURN)

    def close(self) -> None:
        """As of all; waits for the answer that is being thought of."""
        super().close()
        self._thinker.shutdown(cancel_futures=True)

    def _hear(self, heard: Heard) -> None:
        if heard.change is Change.BEGAN:
            self._turn += 1
            self._tell(True)
            self._session.interrupt()
        if len(heard.samples):
            self._said.append(heard.samples)
        if heard.change is Change.ENDED:
            self._end()

    def _end(self) -> None:
        if not self._said:
            return
        said, self._said = self._said, []
        self._tell(False)
        if self._answer is not None:
            self._session.think()
            self._thinker.submit(self._think, said, self._turn, self._answer)

    def _think(self, said: list[Samples], turn: int, answer: Answer) -> None:
        text = None
        try:
            text = answer(np.concatenate(said), ANALYSIS_RATE)
        except Exception as error:
            self._failure = error
        if turn != self._turn:
            return  # the person has gone on
        try:
            if text:
                self._session.say(text, self._voice)
            else:
                self._session.interrupt()  # nothing to say: think no more
        except SessionClosed:
            pass
        except Exception as error:  # what `say` raises of a text or a voice
            self._failure = error
            self._session.interrupt()

    def _tell(self, speaks: bool) -> None:
        if self._on_speech is not None:
            self._on_speech(speaks)
