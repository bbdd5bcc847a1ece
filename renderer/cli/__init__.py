"""The command `avatar`: every verb a person can type. Each verb lives in the room it belongs to."""

from __future__ import annotations

import signal
import sys
from importlib import metadata
from typing import Annotated

import typer
from rich.console import Console

from ..errors import RendererError
from ..studio.check.command import add_check_command
from ..studio.command import add_build_command
from .bench import add_bench_command
from .fetch import add_fetch_command
from .inspect import add_inspect_command
from .listing import add_list_command
from .play import add_play_command
from .render import add_render_command

HELP = """Turns speech into a talking face, live, on an ordinary CPU.

AVATAR is a name (avatar list shows them), the path of a .avatar file or an http(s) address, which is
fetched once; left out, it is the avatar that ships with the program. AUDIO is any recording of speech.

\b
    avatar play hello.wav
    avatar render anna.avatar hello.wav -o hello.mp4
    avatar bench
    avatar check me.mp4
    avatar build me.mp4 -o me.avatar --consent own-face
"""


def build_app() -> typer.Typer:
    """The command with all its verbs."""
    app = typer.Typer(
        name="avatar",
        no_args_is_help=True,
        invoke_without_command=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for add in (
        add_play_command,
        add_render_command,
        add_bench_command,
        add_check_command,
        add_build_command,
        add_inspect_command,
        add_fetch_command,
        add_list_command,
    ):
        add(app)
    app.callback(help=HELP)(_about)
    return app


def _about(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)
    ] = False,
) -> None:
    if version:
        typer.echo(f"avatar-renderer {metadata.version('avatar-renderer')}")
        raise typer.Exit


def main() -> None:
    """Run the command; the only place that turns errors into exit codes."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that files and threads are given back
    try:
        build_app()()
    except (RendererError, OSError) as error:  # OSError: names too long, disks full and their like
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"avatar: {error}", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
