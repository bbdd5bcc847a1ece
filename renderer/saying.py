"""Texts on their way into a session: spoken one after another, sentence by sentence, beside all else.

    say ─► Sayer (a thread while there is something to say) ─► the session's push

An interruption is noticed before each piece: nothing of a text said before it is pushed after it. A voice
that can be stopped is stopped in the middle of a piece, so that the next text need not wait for it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from .errors import SessionClosed
from .voices.speaking import Spoken

GOODBYE = 10.0
"""Seconds a voice may take to end what it is at when a session closes. One that can be stopped needs none."""

LOOK = 0.02
"""Seconds between two tries to stop it: the first may come just before it begins."""

Stop = Callable[[int], None]
"""Stops what a voice does in the thread of this number; see `voices.voice.Stoppable`."""


class Listener(Protocol):
    """Where texts go: a session. `cuts` is the number of interruptions before the text was said."""

    def is_wanted(self, cuts: int) -> bool:
        """Whether the text has not been interrupted."""

    def hear(self, spoken: Spoken | None, cuts: int) -> bool:
        """Take the next piece of a text, or its end; whether it was wanted. May wait for room."""

    def fail(self, error: Exception) -> None:
        """Learn what a voice raised; the rest of its text is left out."""


class _Text(NamedTuple):
    pieces: Iterator[Spoken]
    cuts: int
    stop: Stop | None


class Sayer:
    """Says texts in turn. Its methods may be called from any thread."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self._texts: deque[_Text] = deque()
        self._said: _Text | None = None
        self._thread: threading.Thread | None = None
        self._is_working = False
        self._is_open = True

    def say(self, pieces: Iterator[Spoken], cuts: int, stop: Stop | None = None) -> None:
        """Say this after all before it, unless there are more interruptions than `cuts` by then."""
        with self._lock:
            if not self._is_open:
                raise SessionClosed("this session is closed; open another with avatar.session()")
            self._texts.append(_Text(pieces, cuts, stop))
            if not self._is_working:
                self._is_working = True
                self._thread = threading.Thread(target=self._work, name="avatar-voice", daemon=True)
                self._thread.start()

    def cut(self) -> None:
        """Stop the voice if nobody wants any more what it says."""
        with self._lock:  # the text cannot change meanwhile: the next one is never stopped in its place
            text, thread = self._said, self._thread
            if text is None or text.stop is None or thread is None or thread.ident is None:
                return
            if not self._is_wanted(text):
                text.stop(thread.ident)

    @property
    def has_ended(self) -> bool:
        """Whether its thread is gone, or is the caller."""
        thread = self._thread
        return thread is None or not thread.is_alive() or thread is threading.current_thread()

    def end(self) -> None:
        """Say no more."""
        with self._lock:
            self._is_open = False
            self._texts.clear()
        self.cut()

    def join(self) -> None:
        """Wait for the voice to end what it is at; RuntimeError if it does not."""
        gives_up = time.monotonic() + GOODBYE
        while not self.has_ended:
            if time.monotonic() > gives_up:
                raise RuntimeError(f"the session's voice did not end within {GOODBYE:g} s; it is stuck")
            self.cut()
            if self._thread is not None:
                self._thread.join(LOOK)

    def _work(self) -> None:
        while (text := self._next()) is not None:
            try:
                self._say(text)
            except Exception as error:
                if not self._is_wanted(text):
                    continue  # it was stopped
                with contextlib.suppress(Exception):  # the session is closed or has failed: its viewer learns
                    self._listener.hear(None, text.cuts)
                    self._listener.fail(error)

    def _next(self) -> _Text | None:
        with self._lock:
            self._said = self._texts.popleft() if self._texts else None
            self._is_working = self._said is not None
            return self._said

    def _say(self, text: _Text) -> None:
        if not self._is_wanted(text):
            return  # before anything of it is made
        for spoken in text.pieces:
            if not self._listener.hear(spoken, text.cuts):
                return
        self._listener.hear(None, text.cuts)

    def _is_wanted(self, text: _Text) -> bool:
        return self._is_open and self._listener.is_wanted(text.cuts)
