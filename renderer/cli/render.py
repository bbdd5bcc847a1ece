"""`avatar render`: a recording of speech becomes a film."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ..errors import MediaError
from ..settings import FPS, Settings
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
from .feeding import text_of
from .fetch import locate


def add_render_command(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("render")(render)


def render(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT.mp4", help="The film; .mp4, .mov or .mkv.")
    ],
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[AVATAR] [AUDIO]", help="Who speaks (optional), and the speech.", show_default=False
        ),
    ] = None,
    say: Say = None,
    voice: VoiceName = None,
    speed: Speed = 1.0,
    variant: VariantName = None,
    before: Annotated[
        float, typer.Option(min=0, max=3600, help="Seconds of listening before the speech.")
    ] = 0.0,
    after: Annotated[
        float, typer.Option(min=0, max=3600, help="Seconds of listening after the speech.")
    ] = 0.0,
    mouth_gain: MouthGain = 1.0,
    articulation: Articulation = 1.0,
    background: Annotated[
        str | None,
        typer.Option(
            metavar="COLOUR|PICTURE|FILM",
            help="Behind an avatar with a matte: #2080ff, a picture, or a film.",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
) -> None:
    """Make a film of an avatar speaking AUDIO or saying TEXT, as fast as this machine can.

    The film has as many frames as the speech needs, 25 a second, H.264 with AAC sound. It appears under its
    name only when it is complete.

    \b
        avatar render hello.wav -o hello.mp4
        avatar render anna.avatar interview.mp3 -o interview.mp4 --variant 540p
        avatar render anna.avatar hello.wav -o hello.mp4 --background lobby.mp4
        avatar render --say @welcome.ssml --voice zh -o welcome.mp4
    """
    from ..audio import sound_seconds
    from ..avatar import open_avatar
    from ..sinks.file import Mp4File
    from ..voices.choosing import open_voice

    name, audio = avatar_and_audio(words, say)
    if audio is not None:
        _check_recording(audio, output)
    elif say is None:
        raise typer.BadParameter("AUDIO is missing; name a recording of speech, or --say a text")
    text = None if say is None else text_of(say)
    behind = None if background is None else background_of(background)
    settings = Settings(variant=variant, pixels="bgra", mouth_gain=mouth_gain, articulation=articulation)
    expected = 0 if audio is None else round((sound_seconds(audio) + before + after) * FPS)
    with open_avatar(locate(name)) as avatar:
        _, size = avatar.variant(settings)
        if text is not None:
            chosen = open_voice(voice, speed)
            drawn = avatar.render_text(text, chosen, settings, before=before, after=after, background=behind)
        else:
            assert audio is not None
            drawn = avatar.render(audio, settings=settings, before=before, after=after, background=behind)
        began = time.perf_counter()
        frames = 0
        with (
            Mp4File(output, size.width, size.height, avatar.manifest.rate, settings.sound_rate) as film,
            _bar(disable=quiet) as bar,
        ):
            task = bar.add_task(output.name, total=expected or None, rate=0.0)
            for frame in drawn:
                film.write(frame)
                frames += 1
                bar.update(task, advance=1, rate=frames / (time.perf_counter() - began))
            if not frames:
                raise MediaError(
                    f"{audio or 'the text'}: not one sample of sound in it; name something with speech in it"
                )
        spent = time.perf_counter() - began
    if not quiet:
        Console(highlight=False).print(
            f"{output}: {frames} frames, {frames / FPS:.1f} s of {size.width}x{size.height}, "
            f"drawn in {spent:.1f} s ({frames / spent:.0f} frames a second)",
            soft_wrap=True,
        )


def _check_recording(audio: str, output: Path) -> None:
    if audio == STDIN:
        raise typer.BadParameter("- is for `avatar play`; render needs a file")
    if output.exists() and Path(audio).exists() and output.samefile(audio):
        raise MediaError(
            f"{output}: the film would replace the recording it is made from; choose another name"
        )


def _bar(disable: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]:.0f} frames/s"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=disable,
        transient=True,
    )
