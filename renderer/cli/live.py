"""A person at the microphone of `avatar play`: --mic and --listen."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from rich.console import Console

from ..errors import VoiceError

if TYPE_CHECKING:
    from ..listening import Answer, Live
    from ..session import Session
    from ..types import VideoFrame
    from ..voices.voice import Voice

Mic = Annotated[bool, typer.Option("--mic", help="Your own voice drives it; silently, unless --aloud.")]
Aloud = Annotated[bool, typer.Option("--aloud", help="With --mic: sound the voice too (wear headphones).")]
Listen = Annotated[bool, typer.Option("--listen", help="It stops talking when you speak to the microphone.")]
Device = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Which microphone, by name or number; or a recording in its place."),
]
AnswerName = Annotated[
    str | None,
    typer.Option(
        "--answer",
        metavar="MODULE:FUNCTION",
        help="With --listen: your function from (samples, rate) to the text to say, or None.",
    ),
]


def check_options(mic: bool, aloud: bool, listen: bool, device: str | None, answer: str | None) -> None:
    """Raise BadParameter for options that do not go together."""
    if mic and listen:
        raise typer.BadParameter("--mic and --listen; one of them expected")
    for is_given, option, needed in (
        (aloud and not mic, "--aloud", "--mic"),
        (answer is not None and not listen, "--answer", "--listen"),
        (device is not None and not (mic or listen), "--device", "--mic or --listen"),
    ):
        if is_given:
            raise typer.BadParameter(f"{option} is for {needed}; add it")


def begin_puppet(session: Session, device: str | None, aloud: bool) -> Live:
    """Let a voice drive the avatar."""
    from ..listening import Puppet
    from ..sources.source import open_source

    source = open_source(device)
    session.set_volume(1.0 if aloud else 0.0)
    return Puppet(session, source)


def begin_listening(
    session: Session, device: str | None, answer: Answer | None, voice: Voice | None, stop: Callable[[], None]
) -> Live:
    """Let a person talk with it; `stop` is called when they begin."""
    from ..listening import Listener
    from ..sources.source import open_source

    return Listener(session, open_source(device), answer, voice, lambda speaks: stop() if speaks else None)


def answer_of(name: str) -> Answer:
    """The function that MODULE:FUNCTION names; the module may lie in the current folder."""
    module, colon, function = name.partition(":")
    if not (module and colon and function):
        raise typer.BadParameter(f"--answer {name}; MODULE:FUNCTION expected, such as mybot:answer")
    sys.path.insert(0, str(Path.cwd()))
    try:
        found: Any = getattr(importlib.import_module(module), function, None)
    except ModuleNotFoundError as error:
        raise typer.BadParameter(f"--answer {name}: {error}; a module here or installed expected") from None
    finally:
        sys.path.remove(str(Path.cwd()))
    if not callable(found):
        raise VoiceError(f"--answer {name}: {module} has no function {function}; name one of its functions")
    return cast("Answer", found)


def tolerant(live: Live) -> Iterator[VideoFrame]:
    """Its frames. What goes wrong beside them is told, and they go on."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    while True:
        try:
            live.check()
        except Exception as error:
            console.print(f"avatar: {error}", markup=False)
        try:
            frame = live.take()
        except StopIteration:
            return
        yield frame
