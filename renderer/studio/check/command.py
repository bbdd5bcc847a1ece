"""`avatar check`: what is wrong with a recording, before an hour is spent on it."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ...errors import MissingExtra, StudioError

if TYPE_CHECKING:
    from .kinds import KindName

HELP = """Check FOOTAGE, a film of one person, before an avatar is built from it.

Every rule of the recording guide that a program can judge is judged, with what was found, what was expected,
what the avatar suffers otherwise, and where in the film it is: cuts and skipped frames, a shaking camera,
light, sharpness, turns of the head, hands before the mouth, gestures, a green screen, noise, echo, clipping,
lips and sound out of step, and more.

\b
    avatar check me.mp4 --html me.html      with pictures and time lines, in one file
    avatar check test.mp4 --trial           a trial of ten seconds: all but length, file size and resolution
    avatar check me.mp4 --kind instant      no sound needed, a minute is enough

Takes a little less than the film lasts. The exit code is 0 where nothing fails, 1 where something does.
"""


class Kinds(str, Enum):
    """What the recording is for; kinds.KINDS has the limits, which are not loaded for `--help`."""

    studio = "studio"
    instant = "instant"
    uhd = "4k"


def add_check_command(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("check", help=HELP)(check)


def check(
    footage: Annotated[Path, typer.Argument(metavar="FOOTAGE", help="The film.", show_default=False)],
    kind: Annotated[
        Kinds,
        typer.Option(
            help="studio: the person's own lips, 3 minutes with sound. instant: lips made up, 1 minute. "
            "4k: as studio, in 3840×2160."
        ),
    ] = Kinds.studio,
    trial: Annotated[
        bool, typer.Option("--trial", help="A trial take: do not judge length, file size and resolution.")
    ] = False,
    matte: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A film of its alpha channel: does it fit? (R-D11)"),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Keep the landmarks there; `avatar build --work` takes them over."
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a page with pictures and time lines, all in one file."),
    ] = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it all for programs.")] = None,
) -> None:
    """Check a film."""
    try:
        from ..progress import ShownProgress
        from .check import check_footage
        from .page import page_of
        from .table import show
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"{error.name} is not installed; checking films needs it: pip install 'avatar-renderer[studio]'"
        ) from error
    for target in (html, json):
        if target is not None and not target.absolute().parent.is_dir():
            raise StudioError(f"{target.parent}: no such folder to put {target.name} in; make it first")
    name: KindName = kind.value
    with ShownProgress(Console(stderr=True, highlight=False, soft_wrap=True)) as progress:
        report = check_footage(footage, name, is_trial=trial, matte=matte, work=work, progress=progress)
    if html is not None:
        _write(html, page_of(report))
    if json is not None:
        _write(json, report.to_json())
    show(report, Console(highlight=False))
    for target in (html, json):
        if target is not None:
            Console(highlight=False, soft_wrap=True).print(f"written: {target}", markup=False)
    if report.status == "fail":
        raise typer.Exit(1)


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StudioError(f"{target}: cannot be written ({error.strerror}); name another file") from error
