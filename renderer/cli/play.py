"""`avatar play`: the avatar in a window, with its sound."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ..settings import Settings
from .arguments import (
    STDIN,
    Articulation,
    MouthGain,
    Say,
    Speed,
    VariantName,
    VoiceName,
    avatar_and_audio,
    background_of,
)
from .feeding import Feeder, sound_of, sound_of_text, text_of
from .fetch import locate
from .live import (
    Aloud,
    AnswerName,
    Device,
    Listen,
    Mic,
    answer_of,
    begin_listening,
    begin_puppet,
    check_options,
)

if TYPE_CHECKING:
    from ..timeline import Timeline
    from ..types import VideoFrame


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
    say: Say = None,
    voice: VoiceName = None,
    speed: Speed = 1.0,
    mic: Mic = False,
    aloud: Aloud = False,
    listen: Listen = False,
    device: Device = None,
    answer: AnswerName = None,
    variant: VariantName = None,
    fullscreen: Annotated[bool, typer.Option("--fullscreen", "-f", help="Fill the screen.")] = False,
    stay: Annotated[
        bool, typer.Option("--stay", help="Go on listening when the speech is over, until closed.")
    ] = False,
    background: Annotated[
        str | None,
        typer.Option(
            metavar="COLOUR|PICTURE|FILM",
            help="Behind an avatar with a matte: #2080ff, a picture, a film. A colour fills any borders.",
        ),
    ] = None,
    subtitles: Annotated[bool, typer.Option("--subtitles", help="Show the words of TEXT.")] = False,
    gestures: Annotated[
        bool, typer.Option("--gestures/--no-gestures", help="Make gestures now and then while speaking.")
    ] = True,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="-", help="Write to standard output instead of a window."),
    ] = None,
    mouth_gain: MouthGain = 1.0,
    articulation: Articulation = 1.0,
) -> None:
    """Show an avatar in a window, speaking AUDIO, saying TEXT, or just listening.

    Space interrupts it, P holds the word, 1 to 9 make its gestures, S shows the words, F the frame rate, H
    all keys; Esc or closing the window ends it. The sound is the clock: where there is no loudspeaker the
    picture runs by itself. With -o - pictures and sound go to standard output in real time, as a NUT stream
    that ffmpeg and ffplay read.

    \b
        avatar play hello.wav
        avatar play anna.avatar --fullscreen --background lobby.jpg
        avatar play --say "Good morning" --voice en-gb --subtitles
        avatar play --say 'Please <insert-action type="nod"/> come in <break time="1s"/> and sit down'
        avatar play --mic
        avatar play --say @welcome.txt --listen --answer mybot:answer
        ffmpeg -i talk.mp4 -f s16le -ar 16000 -ac 1 - | avatar play -
        avatar play hello.wav -o - | ffmpeg -i - -f v4l2 /dev/video10
    """
    from ..avatar import open_avatar
    from ..memory import keep_large_blocks_apart
    from ..sinks.player import play as play_frames
    from ..sinks.sound import open_speaker
    from ..sinks.window import Window
    from ..timeline import Timeline
    from ..voices.choosing import open_voice
    from .desk import Desk

    name, audio = avatar_and_audio(words, say)
    if output not in (None, STDIN):
        raise typer.BadParameter(f"-o {output}; only - can be played into, avatar render writes files")
    check_options(mic, aloud, listen, device, answer)
    settings = Settings(
        variant=variant,
        pixels="bgra" if output is None else "rgb",
        mouth_gain=mouth_gain,
        articulation=articulation,
        random_gestures=gestures,
    )
    keep_large_blocks_apart()
    with contextlib.ExitStack() as stack:
        avatar = stack.enter_context(open_avatar(locate(name)))
        if say is None:
            pieces = sound_of(audio, settings.sound_rate)
        else:
            pieces = sound_of_text(text_of(say), voice, speed, avatar.gestures)
        behind = None if background is None else background_of(background)
        session = stack.enter_context(avatar.session(settings))
        is_border = isinstance(behind, tuple) and output is None and not session.has_matte
        if behind is not None and not is_border:
            session.set_background(behind)
        feeder = Feeder(session, pieces)
        if mic:
            feeder.live = stack.enter_context(begin_puppet(session, device, aloud))
        elif listen:
            answers = None if answer is None else answer_of(answer)
            speaker_voice = None if answers is None else open_voice(voice, speed)
            feeder.live = stack.enter_context(
                begin_listening(session, device, answers, speaker_voice, feeder.stop)
            )
        stays = stay or (audio is None and say is None and feeder.live is None)
        timeline = Timeline(settings.sound_rate, avatar.manifest.rate)
        if output is not None:
            _write(feeder.frames(stays), timeline)
            return
        _, size = avatar.variant(settings)
        desk = Desk(session, feeder, subtitles)
        window = stack.enter_context(
            Window(
                size.width,
                size.height,
                avatar.manifest.name,
                fullscreen,
                gestures=session.gestures,
                border=behind if isinstance(behind, tuple) else (0, 0, 0),
            )
        )
        speaker = open_speaker(settings.sound_rate)
        stack.callback(speaker.close)
        frames = desk.frames(stays, window.caption)
        stats = play_frames(frames, window, speaker, timeline, desk.on_event, session=session)
    counts = stats.counts
    Console(stderr=True, highlight=False).print(
        f"{counts.shown} frames shown, {counts.dropped} dropped, {counts.held} late; "
        f"sound through {speaker.name}, gaps in it: {stats.underruns}",
        soft_wrap=True,
    )


def _write(frames: Iterator[VideoFrame], timeline: Timeline) -> None:
    """Frames to standard output as they become due."""
    from ..sinks.pipe import write_stream
    from ..sinks.raw import paced

    if sys.stdout.isatty():
        raise typer.BadParameter("-o - writes a stream of pictures; give it to a program: | ffplay -")
    write_stream(sys.stdout.buffer, paced(frames, timeline), timeline)
