"""`avatar inspect`: what is inside a package, and whether it is sound."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from .fetch import locate


def add_inspect_command(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("inspect")(inspect)


def inspect(
    avatar: Annotated[
        str | None,
        typer.Argument(metavar="[AVATAR]", help="A name, an address, a file or a folder."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest, as JSON.")] = False,
) -> None:
    """Check an avatar package and show what is inside.

    Everything is checked: names, sizes, hashes, clips, tracks, the lip network. Any fault is said in one
    line, and the exit code is 1.

    \b
        avatar inspect anna.avatar
        avatar inspect anna.avatar --json
    """
    from ..package.inspection import inspect_package
    from ..package.reader import open_package
    from ..package.writer import to_json

    path = locate(avatar)
    if as_json:
        with open_package(path) as package:
            typer.echo(to_json(package.manifest), nl=False)
    else:
        Console(highlight=False).print(inspect_package(path))
