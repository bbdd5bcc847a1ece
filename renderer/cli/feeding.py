"""What is to be said, and its way into a session: recordings, standard input, texts."""

from __future__ import annotations

import contextlib
import itertools
import sys
import threading
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import SessionClosed, TextError
from ..settings import FPS
from ..types import State
from .arguments import STDIN
from .live import tolerant

if TYPE_CHECKING:
    from ..listening import Live
    from ..session import Session
    from ..types import Cue, Samples, VideoFrame

STDIN_RATE = 16_000
"""Samples a second of PCM that comes through standard input."""

STDIN_CHUNK = 1280
"""Bytes read from standard input at a time: one frame, 40 ms."""

LINGER = FPS
"""Frames of listening after the speech before the window closes by itself."""

Piece = tuple["Samples", int, "tuple[Cue, ...]"]
"""Sound, its samples a second, and what happens in it."""


def sound_of(audio: str | None, rate: int) -> Iterator[Piece]:
    """A recording or standard input, portion by portion. A file is looked at here and now."""
    from ..audio import read_sound

    if audio is None:
        return iter(())
    if audio == STDIN:
        return ((samples, STDIN_RATE, ()) for samples in _stdin())
    return _begun((samples, rate, ()) for samples in read_sound(audio, rate))


def sound_of_text(text: str, voice: str | None, speed: float, gestures: Collection[str]) -> Iterator[Piece]:
    """A text in a voice, sentence by sentence. Its first sentence is made here and now."""
    from ..voices.choosing import open_voice
    from ..voices.script import check_gestures
    from ..voices.speaking import speech
    from ..voices.ssml import parse

    script = parse(text)
    check_gestures(script, gestures)
    spoken = speech(script, open_voice(voice, speed))
    return _begun((piece.samples, piece.sample_rate, piece.cues) for piece in spoken)


def text_of(say: str) -> str:
    """What `--say` says: the text itself, or what is in the file after an @."""
    if not say.startswith("@"):
        return say
    path = Path(say[1:]).expanduser()
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise TextError(f"{path}: no such file; @FILE names a text in UTF-8") from None
    except UnicodeDecodeError as error:
        raise TextError(f"{path}: not in UTF-8 ({error.reason}); save the text as UTF-8") from None


class Feeder:
    """Feeds a session from its own thread, since reading may block, and knows when all has been said."""

    def __init__(self, session: Session, pieces: Iterator[Piece]) -> None:
        self._session, self._pieces = session, pieces
        self.live: Live | None = None
        """Who listens beside it, if anybody."""
        self._is_fed = threading.Event()
        self._is_stopped = threading.Event()
        self._failure: Exception | None = None
        self._is_heard = True
        session.on("speech_started", lambda: self._hear(False))
        session.on("speech_ended", lambda **_: self._hear(True))
        threading.Thread(target=self._feed, name="avatar-speech", daemon=True).start()

    def frames(self, stay: bool) -> Iterator[VideoFrame]:
        """The session's frames until everything has been said, and a moment of listening; or for ever."""
        left = LINGER
        for frame in self._session if self.live is None else tolerant(self.live):
            yield frame
            if self._failure is not None:
                raise self._failure
            if self._is_over() and frame.state is not State.THINKING and not stay:
                left -= 1
                if left == 0:
                    return
            else:
                left = LINGER

    def stop(self) -> None:
        """Feed no more."""
        self._is_stopped.set()

    def _is_over(self) -> bool:
        return self._is_fed.is_set() and self._is_heard and (self.live is None or self.live.is_over)

    def _hear(self, is_heard: bool) -> None:
        self._is_heard = is_heard

    def _feed(self) -> None:
        try:
            for samples, rate, cues in self._pieces:
                if self._is_stopped.is_set():
                    break
                self._session.push(samples, rate, cues)
        except SessionClosed:
            pass  # the window was closed in the middle of a word
        except Exception as error:
            self._failure = error  # told where frames are taken
        finally:
            # stopped or broken off, too: an interruption may have come between the look and the push
            with contextlib.suppress(SessionClosed):
                self._session.finish()
            self._is_fed.set()


def _begun(pieces: Iterator[Any]) -> Iterator[Any]:
    """The same, with the first one there already: so a wrong file is told before a window opens."""
    return itertools.chain(list(itertools.islice(pieces, 1)), pieces)


def _stdin() -> Iterator[Samples]:
    odd = b""
    # unbuffered: what is there now is said now
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as pcm:
        while data := pcm.read(STDIN_CHUNK):
            data, odd = odd + data, b""
            if len(data) % 2:
                data, odd = data[:-1], data[-1:]
            yield np.frombuffer(data, "<i2").astype(np.float32) / 32768.0
