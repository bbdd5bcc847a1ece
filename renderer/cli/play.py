"""`avatar play`: the avatar in a window, with its sound."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from rich.console import Console

from ..errors import SessionClosed
from ..settings import FPS, Settings
from .arguments import STDIN, avatar_and_audio
from .fetch import locate

if TYPE_CHECKING:
    from ..session import Session
    from ..types import Samples, VideoFrame

STDIN_RATE = 16_000
"""Samples a second of PCM that comes through standard input."""

STDIN_CHUNK = 1280
"""Bytes read from standard input at a time: one frame, 40 ms."""

LINGER = FPS
"""Frames of listening after the speech before the window closes by itself."""


def add_play_command(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("play")(play)


def play(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[AVATAR] [AUDIO]",
            help="Who speaks, and the speech: a recording, or - for PCM (16 kHz, 16 bit, mono) from stdin.",
            show_default=False,
        ),
    ] = None,
    variant: Annotated[
        str | None, typer.Option(help="Resolution, such as 720p or 540p; `avatar inspect` lists them.")
    ] = None,
    fullscreen: Annotated[bool, typer.Option("--fullscreen", "-f", help="Fill the screen.")] = False,
    stay: Annotated[
        bool, typer.Option("--stay", help="Go on listening when the speech is over, until closed.")
    ] = False,
    mouth_gain: Annotated[
        float, typer.Option(min=0, max=2, help="How wide the mouth opens; 1 is as the person does.")
    ] = 1.0,
) -> None:
    """Show an avatar in a window, speaking AUDIO or just listening.

    Space interrupts it, F shows the frame rate, H the keys, Esc or closing the window ends it. The sound
    is the clock: where there is no loudspeaker the picture runs by itself.

    \b
        avatar play hello.wav
        avatar play anna.avatar --fullscreen
        espeak-ng --stdout "Good morning" | ffmpeg -i - -f s16le -ar 16000 -ac 1 - | avatar play -
    """
    from ..avatar import open_avatar
    from ..sinks.player import play as play_frames
    from ..sinks.sound import open_speaker
    from ..sinks.window import Window, WindowEvent
    from ..timeline import Timeline

    name, audio = avatar_and_audio(words)
    settings = Settings(variant=variant, pixels="bgra", mouth_gain=mouth_gain)
    with contextlib.ExitStack() as stack:
        avatar = stack.enter_context(open_avatar(locate(name)))
        sound = _sound(audio, settings.sound_rate)
        _, size = avatar.variant(settings)
        window = stack.enter_context(Window(size.width, size.height, avatar.manifest.name, fullscreen))
        speaker = open_speaker(settings.sound_rate)
        stack.callback(speaker.close)
        session = stack.enter_context(avatar.session(settings))
        speech = _Speech(session, sound)

        def on_event(event: WindowEvent) -> None:
            if event is WindowEvent.INTERRUPT:
                speech.stop()
                session.interrupt()

        frames = speech.frames(stay or audio is None)
        timeline = Timeline(settings.sound_rate, avatar.manifest.rate)
        stats = play_frames(frames, window, speaker, timeline, on_event, session=session)
    counts = stats.counts
    Console(stderr=True, highlight=False).print(
        f"{counts.shown} frames shown, {counts.dropped} dropped, {counts.held} late; "
        f"sound through {speaker.name}, gaps in it: {stats.underruns}",
        soft_wrap=True,
    )


def _sound(audio: str | None, rate: int) -> Iterator[tuple[Samples, int]]:
    """The speech, portion by portion, with its sample rate. A file is looked at here and now."""
    from ..audio import read_sound

    if audio is None:
        return iter(())
    if audio == STDIN:
        return ((samples, STDIN_RATE) for samples in _stdin())
    pieces = read_sound(audio, rate)
    first = next(pieces, None)  # so that a wrong file is told before a window opens
    rest = ((piece, rate) for piece in pieces)
    return iter(()) if first is None else _chain((first, rate), rest)


def _chain(first: tuple[Samples, int], rest: Iterator[tuple[Samples, int]]) -> Iterator[tuple[Samples, int]]:
    yield first
    yield from rest


def _stdin() -> Iterator[Samples]:
    odd = b""
    # unbuffered: what is there now is said now
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as pcm:
        while data := pcm.read(STDIN_CHUNK):
            data, odd = odd + data, b""
            if len(data) % 2:
                data, odd = data[:-1], data[-1:]
            yield np.frombuffer(data, "<i2").astype(np.float32) / 32768.0


class _Speech:
    """Feeds a session from its own thread, since reading may block, and knows when all has been said."""

    def __init__(self, session: Session, sound: Iterator[tuple[Samples, int]]) -> None:
        self._session, self._sound = session, sound
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
        for frame in self._session:
            yield frame
            if self._failure is not None:
                raise self._failure
            if self._is_fed.is_set() and self._is_heard and not stay:
                left -= 1
                if left == 0:
                    return
            else:
                left = LINGER

    def stop(self) -> None:
        """Feed no more."""
        self._is_stopped.set()

    def _hear(self, is_heard: bool) -> None:
        self._is_heard = is_heard

    def _feed(self) -> None:
        try:
            for samples, rate in self._sound:
                if self._is_stopped.is_set():
                    break
                self._session.push(samples, rate)
        except SessionClosed:
            pass  # the window was closed in the middle of a word
        except Exception as error:
            self._failure = error  # told where frames are taken
        finally:
            # stopped or broken off, too: an interruption may have come between the look and the push
            with contextlib.suppress(SessionClosed):
                self._session.finish()
            self._is_fed.set()
