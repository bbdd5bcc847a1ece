"""`avatar bench`: whether this device is fast enough, and for how many."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from .fetch import locate

if TYPE_CHECKING:
    from ..bench.rows import Row

TOO_SLOW = 3
"""The exit code where the variant does not run on this device: a host's sign to draw elsewhere."""


def add_bench_command(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("bench")(bench)


def bench(
    avatar: Annotated[
        str | None, typer.Argument(metavar="[AVATAR]", help="A name, an address, a file or a folder.")
    ] = None,
    variant: Annotated[
        str | None, typer.Option(help="Resolution, such as 720p or 540p; `avatar inspect` lists them.")
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=0.5, max=600, help="How long each measurement takes; there are about ten.")
    ] = 5.0,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Processor cores that may be used; all if left out.")
    ] = None,
    low_memory: Annotated[
        bool, typer.Option("--low-memory", help="As on a small device (`Settings.low_memory`).")
    ] = False,
    as_json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all figures; - is standard output.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write them as a page with bars.")
    ] = None,
) -> None:
    """Measure this device: what a frame costs, how many sessions it holds, how long one waits.

    Nothing is shown and nothing is heard; it takes about a minute. The last line says which variant runs
    here, and what to do if none does; then the exit code is 3.

    \b
        avatar bench
        avatar bench anna.avatar --variant 540p --threads 1
        avatar bench --seconds 1 --json -
        avatar bench --html bench.html
    """
    from ..bench.survey import survey
    from ..bench.usage import cores

    if threads is not None and threads > cores():
        raise typer.BadParameter(f"--threads {threads}; 1 to {cores()} expected on this device")
    path = locate(avatar)
    for target in (as_json, page):
        if target is not None and not target.absolute().parent.is_dir():
            raise typer.BadParameter(f"{target}: there is no folder {target.parent}; make it first")
    with _bar() as bar:
        task = bar.add_task("", total=1)

        def tell(done: int, of: int, words: str) -> None:
            bar.update(task, description=words, completed=done, total=of)

        figures = survey(path, variant, seconds, threads, low_memory, tell)
    # only now: they import what takes memory, and small devices have none to spare while they are measured
    from ..bench.page import page_of
    from ..bench.rows import TABLES, heading, versions

    is_piped = as_json is not None and str(as_json) == "-"
    if as_json is not None:
        text = json.dumps(figures, indent=1) + "\n"
        if is_piped:
            typer.echo(text, nl=False)
        else:
            as_json.write_text(text, encoding="utf-8")
    if page is not None:
        page.write_text(page_of(figures), encoding="utf-8")
    console = Console(stderr=is_piped, highlight=False)
    if not is_piped:
        console.print(heading(figures), soft_wrap=True)
        console.print(versions(figures), style="dim", soft_wrap=True)
        for rows in TABLES:
            console.print(_table(*rows(figures)))
    _judge(console, figures["verdict"])


def _judge(console: Console, verdict: dict[str, Any]) -> None:
    if verdict["busy"]:
        console.print(verdict["busy"], style="dim", soft_wrap=True)
    console.print(verdict["words"], style="green" if verdict["runs"] else "red", soft_wrap=True)
    if not verdict["runs"]:
        raise typer.Exit(TOO_SLOW)


def _table(head: Row, rows: list[Row]) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for number, name in enumerate(head):
        table.add_column(name, justify="right" if number else "left")
    for row in rows:
        table.add_row(*row, end_section=row is rows[-1])
    return table


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
