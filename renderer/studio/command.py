"""`avatar build`: a film of a person becomes an avatar."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..errors import MissingExtra, StudioError

HELP = """Build an avatar from FOOTAGE, a film of one person.

Good footage: one person facing the camera, head and shoulders or more, the face lit evenly, nothing before
the mouth, the camera on a stand; a minute or two of talking, and some seconds of quiet listening. Sound is
not needed. 720p or more, any frame rate, mp4, mov, webm or mkv.

What is made: listening and speaking clips that close on themselves, and a clip of every gesture that leads
back to where it began, all with the mouth at rest; a small network that draws this person's mouth; all in one
file that is checked when it is opened. --list-segments shows beforehand which stretches those are.

\b
    avatar build me.mp4 -o me.avatar --consent own-face
    avatar build me.mp4 --list-segments > me.txt      edit me.txt, then add --segments me.txt
    avatar build anna.mov -o anna.avatar --consent anna-signed.pdf --minutes 20
    avatar build anna.mov -o anna.avatar --consent anna-signed.pdf --background green --variants 720p,portrait
    avatar play me.avatar hello.wav

Takes about four minutes for half a minute of footage on two free cores. Ctrl-C stops it; the same command
goes on from there. The file appears when all is done.
"""


def add_build_command(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("build", help=HELP)(build)


def build(
    footage: Annotated[Path, typer.Argument(metavar="FOOTAGE", help="The film.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="X.avatar", help="The avatar to write.")
    ] = None,
    consent: Annotated[
        str | None,
        typer.Option(
            metavar="own-face|synthetic|FILE",
            help="By what right the person is shown: it is you, it is nobody real, or FILE is the signed "
            "authorisation (its name and SHA-256 are noted, the file stays with you).",
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Shown to people; made from X if left out.")] = None,
    licence: Annotated[
        str, typer.Option(help="What others may do with the avatar, such as CC-BY-4.0.")
    ] = "all rights reserved",
    minutes: Annotated[
        float,
        typer.Option(help="Minutes of training at most; it ends by itself before long. 2 give a first look."),
    ] = 12.0,
    variants: Annotated[
        str,
        typer.Option(
            help="Sizes by their short side, the first is the usual one; with -portrait or -landscape a "
            "crop of that shape, if the person fits; all for 1080p, 720p, 540p and the other orientation."
        ),
    ] = "720p,540p",
    background: Annotated[
        str | None,
        typer.Option(
            metavar="keep|green|white|matte",
            help="What becomes of the background: kept, keyed off a green or white screen, or cut out "
            "by the film's matte. Left out: by the matte if there is one, else kept.",
        ),
    ] = None,
    matte: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A film of the matte, white where the person is; of exactly the size and length of FOOTAGE.",
        ),
    ] = None,
    evaluate: Annotated[
        bool,
        typer.Option(
            "--evaluate",
            help="Also teach lips without the last fifth of the film, rebuild that fifth and compare; takes "
            "the time of the training once more.",
        ),
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write what it has come to as a page with pictures, all in one file."
        ),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --evaluate: write its figures for programs."),
    ] = None,
    segments: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Take these stretches of the film: lines of start, end (seconds), role (listening, speaking "
            "or gesture) and name. --list-segments prints such a file.",
        ),
    ] = None,
    list_segments: Annotated[
        bool, typer.Option("--list-segments", help="Show which stretches become clips, and build nothing.")
    ] = False,
    thumbnails: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="With --list-segments: write pictures of them to FOLDER."),
    ] = None,
    rest: Annotated[
        str | None,
        typer.Option(
            metavar="SECONDS",
            help="When the mouth is closed and at rest, such as 0.4,1.2; the opening silence if left out.",
        ),
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processor cores to use; all if left out.")] = None,
    log: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Add to this log; it is build.log in the work folder if left out."),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(help="Keep finished stages in this folder; the user's cache until done, if left out."),
    ] = None,
) -> None:
    """Build an avatar from a film."""
    try:
        from .build import build_avatar, expected_seconds, plan_avatar
        from .build_page import page_of
        from .footage import probe
        from .options import BuildOptions, consent_from, seconds_from
        from .progress import ShownProgress
        from .segment_file import segment_lines
        from .thumbnails import write_thumbnails
        from .work import WorkFolder
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"{error.name} is not installed; building avatars needs it: pip install 'avatar-renderer[studio]'"
        ) from error
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    picked = None if rest is None else seconds_from(rest)
    if list_segments:
        with ShownProgress(console) as progress:
            plan = plan_avatar(
                footage,
                WorkFolder(footage, work),
                progress,
                segments,
                picked,
                background,  # type: ignore[arg-type]
                matte,
            )
            progress.end()
        typer.echo("\n".join(segment_lines(plan.segments, plan.look)))
        if thumbnails is not None:
            console.print(
                f"pictures: {write_thumbnails(thumbnails, plan.footage, plan.segments)}", markup=False
            )
        return
    if thumbnails is not None:
        raise typer.BadParameter("belongs to --list-segments; add that", param_hint="'--thumbnails'")
    if output is None:
        raise typer.BadParameter(
            "where should the avatar go? Name a file: -o me.avatar", param_hint="'--output'"
        )
    if consent is None:
        raise typer.BadParameter(
            "by what right is the person shown? own-face, synthetic, or the signed authorisation",
            param_hint="'--consent'",
        )
    if json is not None and not evaluate:
        raise typer.BadParameter("belongs to --evaluate; add that", param_hint="'--json'")
    for target in (html, json):
        if target is not None and not target.absolute().parent.is_dir():
            raise StudioError(f"{target.parent}: no such folder to put {target.name} in; make it first")
    options = BuildOptions(
        consent=consent_from(consent),
        licence=licence,
        name=name,
        minutes=minutes,
        variants=tuple(part.strip() for part in variants.split(",") if part.strip()),
        evaluate=evaluate,
        segments=segments,
        rest=picked,
        work=work,
        background=background,  # type: ignore[arg-type]
        matte=matte,
        log=log,
        jobs=jobs or os.cpu_count() or 1,
    )
    console.print(estimate(probe(footage).duration, expected_seconds(probe(footage), options)), markup=False)
    try:
        with ShownProgress(console) as progress:
            report = build_avatar(footage, output, options, progress)
    except KeyboardInterrupt:
        console.print("avatar: stopped; the same command goes on from here")
        raise
    console = Console(highlight=False, soft_wrap=True)
    for line in report.lines():
        console.print(line, markup=False)
    if html is not None:
        html.write_text(page_of(report), encoding="utf-8")
    if json is not None and report.evaluation is not None:
        json.write_text(report.evaluation.to_json(), encoding="utf-8")
    for written in (html, json):
        if written is not None and written.exists():
            console.print(f"written: {written}", markup=False)


def estimate(footage: float, stages: dict[str, float]) -> str:
    """What is said before the long work, for `footage` seconds of film and the seconds of every stage."""
    minutes = sum(stages.values()) / 60
    longest = max(stages, key=lambda stage: stages[stage])
    return (
        f"{footage:.0f} s of film: about {max(1, round(minutes))} min on two free cores, "
        f"{stages[longest] / 60:.0f} of it {longest}"
    )
