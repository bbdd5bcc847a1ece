"""`avatar list`: which avatars can be opened by name, and which can be had."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text


def add_list_command(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("list")(list_all)


def list_all(
    remote: Annotated[
        bool, typer.Option("--remote", help="Show the avatars that the registry has to fetch.")
    ] = False,
    posters: Annotated[bool, typer.Option("--posters", help="With a picture of each, in colour.")] = False,
) -> None:
    """Show the avatars that can be opened by name, and where they are.

    With --posters, a picture of each, drawn in characters.

    With --remote, those of the registry that AVATAR_REGISTRY names (a file or an address); where the network
    is absent, as it was last seen.

    \b
        avatar list --posters
        AVATAR_REGISTRY=https://example.com/avatars.json avatar list --remote
    """
    console = Console(highlight=False, soft_wrap=True)
    if remote:
        _list_remote(console)
    else:
        _list_here(console, posters)


def _list_here(console: Console, posters: bool) -> None:
    from .. import resources
    from ..store import home, list_avatars

    table = _table("name", "where", "path")
    places = list_avatars()
    for place in places:
        default = " (default)" if place.name == resources.DEFAULT_AVATAR else ""
        table.add_row(Text(place.name + default), place.where, Text(str(place.path)))
    if places:
        console.print(table)
    if posters:
        from .posters import poster

        for place in places:
            console.print(Text(f"\n{place.name}"))
            console.print(poster(place.path), end="")
    console.print(f"Put your own into {home()}; avatar fetch brings others", markup=False)


def _list_remote(console: Console) -> None:
    from ..store import REGISTRY_VARIABLE, home, list_avatars, read_registry

    registry = read_registry()
    if registry is None:
        console.print(
            f"No registry of avatars is named: set {REGISTRY_VARIABLE} to a file or an address, "
            f"or put registry.json into {home()} (docs/fetch.md shows one)",
            markup=False,
        )
        return
    here = {place.name: place.where for place in list_avatars()}
    table = _table("name", "size", "here", "title", "poster")
    for name, entry in registry.avatars.items():
        size = f"{entry.size / 1_000_000:.1f} MB"
        table.add_row(name, size, here.get(name, ""), Text(entry.title), Text(entry.poster or ""))
    console.print(table)
    console.print("avatar fetch NAME brings one, and so does its first use", markup=False)


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
