"""`avatar play`: the avatar in a window, with its sound."""

from __future__ import annotations

import contextlib
from typing import Annotated

import typer
from rich.console import Console

from ..settings import Settings
from .arguments import Say, Speed, VoiceName, avatar_and_audio
from .feeding import Feeder, sound_of, sound_of_text, text_of
from .fetch import locate


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
    variant: Annotated[
        str | None, typer.Option(help="Resolution, such as 720p or 540p; `avatar inspect` lists them.")
    ] = None,
    fullscreen: Annotated[bool, typer.Option("--fullscreen", "-f", help="Fill the screen.")] = False,
    stay: Annotated[
        bool, typer.Option("--stay", help="Go on listening when the speech is over, until closed.")
    ] = False,
    mouth_gain: Annotated[
        float, typer.Option(min=0, max=WIDEST, help="How wide the mouth opens; 1 is as the person does.")
    ] = 1.0,
    articulation: Annotated[
        float,
        typer.Option(
            min=MUMBLED, max=CLEAREST, help="How clearly the lips tell sounds apart; below 1 mumbles."
        ),
    ] = 1.0,
) -> None:
    """Show an avatar in a window, speaking AUDIO, saying TEXT, or just listening.

    Space interrupts it, F shows the frame rate, H the keys, Esc or closing the window ends it. The sound
    is the clock: where there is no loudspeaker the picture runs by itself.

    \b
        avatar play hello.wav
        avatar play anna.avatar --fullscreen
        avatar play --say "Good morning" --voice en-gb
        avatar play --say 'Please <insert-action type="nod"/> come in <break time="1s"/> and sit down'
        ffmpeg -i talk.mp4 -f s16le -ar 16000 -ac 1 - | avatar play -
    """
    from ..avatar import open_avatar
    from ..sinks.player import play as play_frames
    from ..sinks.sound import open_speaker
    from ..sinks.window import Window, WindowEvent
    from ..timeline import Timeline

    name, audio = avatar_and_audio(words, say)
    settings = Settings(variant=variant, pixels="bgra", mouth_gain=mouth_gain, articulation=articulation)
    with contextlib.ExitStack() as stack:
        avatar = stack.enter_context(open_avatar(locate(name)))
        if say is None:
            pieces = sound_of(audio, settings.sound_rate)
        else:
            pieces = sound_of_text(text_of(say), voice, speed, avatar.gestures)
        _, size = avatar.variant(settings)
        window = stack.enter_context(Window(size.width, size.height, avatar.manifest.name, fullscreen))
        speaker = open_speaker(settings.sound_rate)
        stack.callback(speaker.close)
        session = stack.enter_context(avatar.session(settings))
        speech = Feeder(session, pieces)

        def on_event(event: WindowEvent) -> None:
            if event is WindowEvent.INTERRUPT:
                speech.stop()
                session.interrupt()

        frames = speech.frames(stay or (audio is None and say is None))
        timeline = Timeline(settings.sound_rate, avatar.manifest.rate)
        stats = play_frames(frames, window, speaker, timeline, on_event, session=session)
    counts = stats.counts
    Console(stderr=True, highlight=False).print(
        f"{counts.shown} frames shown, {counts.dropped} dropped, {counts.held} late; "
        f"sound through {speaker.name}, gaps in it: {stats.underruns}",
        soft_wrap=True,
    )
