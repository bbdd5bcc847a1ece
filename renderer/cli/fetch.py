"""`avatar fetch`: bring an avatar from elsewhere, and the bar that every verb shows meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


def add_fetch_command(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("fetch")(fetch)


def fetch(
    name: Annotated[
        str, typer.Argument(metavar="NAME|URL", help="A name of the registry, or an http(s) address.")
    ],
) -> None:
    """Fetch an avatar and keep it, so that it opens by its name without a network.

    `avatar list --remote` shows the names to be had. What breaks off is resumed the next time; what is not
    as promised is not kept. An address may end in #sha256=... to say what is expected. The path is printed.

    \b
        avatar fetch anna
        avatar fetch https://example.com/anna.avatar

    AVATAR_REGISTRY names a registry (a file or an address), AVATAR_MIRROR an address to fetch from instead,
    AVATAR_CACHE the folder where avatars are kept.
    """
    from ..store import fetch_avatar

    with _Bar(name) as bar:
        path = fetch_avatar(name, bar.tell, bar.waiting)
    typer.echo(str(path))


def locate(name: str | None) -> Path:
    """The avatar's file; one from elsewhere is fetched, with a bar."""
    from ..store import find_avatar

    with _Bar(name or "") as bar:
        return find_avatar(name, bar.tell, bar.waiting)


class _Bar:
    """A bar that appears with the first byte."""

    def __init__(self, name: str) -> None:
        self._name = name.rpartition("/")[2].partition("?")[0].partition("#")[0]
        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._is_shown = False

    def tell(self, have: int, total: int | None) -> None:
        if not self._is_shown:
            self._progress.start()
            self._task = self._progress.add_task(self._name, total=total)
            self._is_shown = True
        self._progress.update(self._task, completed=have, total=total)

    def waiting(self) -> None:
        self._console.print(f"{self._name}: another process is fetching it; waiting", markup=False)

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_shown:
            self._progress.stop()
