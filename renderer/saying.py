"""Texts on their way into a session: spoken one after another, sentence by sentence, beside all else.

    say ─► Sayer (a thread while there is something to say) ─► the session's push

An interruption is noticed before each piece: nothing of a text said before it is pushed after it.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from .errors import SessionClosed
from .voices.speaking import Spoken

GOODBYE = 10.0
"""Seconds a voice may take to end what it is at when a session closes; a clause takes less than two."""


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


class Sayer:
    """Says texts in turn. Its methods may be called from any thread."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self._texts: deque[_Text] = deque()
        self._thread: threading.Thread | None = None
        self._is_open = True

    def say(self, pieces: Iterator[Spoken], cuts: int) -> None:
        """Say this after all before it, unless there are more interruptions than `cuts` by then."""
        with self._lock:
            if not self._is_open:
                raise SessionClosed("this session is closed; open another with avatar.session()")
            self._texts.append(_Text(pieces, cuts))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="avatar-voice", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Say no more. Waits for the voice to end the clause it is at; RuntimeError if it does not."""
        with self._lock:
            self._is_open = False
            self._texts.clear()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(GOODBYE)
            if thread.is_alive():
                raise RuntimeError(f"the session's voice did not end within {GOODBYE:.0f} s; it is stuck")

    def _work(self) -> None:
        while (text := self._next()) is not None:
            try:
                self._say(text)
            except Exception as error:
                with contextlib.suppress(Exception):  # the session is closed or has failed: its viewer learns
                    self._listener.hear(None, text.cuts)
                    self._listener.fail(error)

    def _next(self) -> _Text | None:
        with self._lock:
            if self._texts:
                return self._texts.popleft()
            self._thread = None
            return None

    def _say(self, text: _Text) -> None:
        if not self._listener.is_wanted(text.cuts):
            return  # before anything of it is made
        for spoken in text.pieces:
            if not self._listener.hear(spoken, text.cuts):
                return
        self._listener.hear(None, text.cuts)
