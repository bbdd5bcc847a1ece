"""`avatar list`: which avatars can be opened by name."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text


def add_list_command(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("list")(list_all)


def list_all() -> None:
    """Show the avatars that can be opened by name, and where they are."""
    from .. import resources
    from ..store import home, list_avatars

    console = Console(highlight=False, soft_wrap=True)
    table = Table(box=None, header_style="dim")
    for column in ("name", "where", "path"):
        table.add_column(column, overflow="fold")
    places = list_avatars()
    for place in places:
        default = " (default)" if place.name == resources.DEFAULT_AVATAR else ""
        table.add_row(Text(place.name + default), place.where, Text(str(place.path)))
    if places:
        console.print(table)
    console.print(f"Put your own into {home()}", markup=False)
