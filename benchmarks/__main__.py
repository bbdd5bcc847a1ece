"""`python -m benchmarks [CASE ...]`: tables of how fast it is; the full run also keeps the figures."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from renderer.bench.machine import machine
from renderer.errors import RendererError

from . import decoding, frames, kernels, lips, pages, profile, sessions, small, startup, tables
from .pages import RESULTS

CASES: dict[str, Callable[[bool], list[dict[str, Any]]]] = {
    "kernels": lambda quick: [result.facts() for result in kernels.run(quick)],
    "decoding": decoding.run,
    "lips": lips.run,
    "frames": frames.run,
    "sessions": sessions.run,
    "small": small.run,
    "startup": startup.run,
    "profile": profile.run,
}


def main() -> None:
    """Measure, print, and keep unless it was quick."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"{', '.join(CASES)}; all if left out")
    parser.add_argument("--quick", action="store_true", help="half a minute; for working, not for quoting")
    parser.add_argument("--results", type=Path, default=None, help="keep the figures in this folder instead")
    parser.add_argument(
        "--pages", action="store_true", help="only remake the pages' figures and pictures from the results"
    )
    given = parser.parse_args()
    if unknown := set(given.cases) - set(CASES):
        parser.error(f"no case {', '.join(sorted(unknown))}; {', '.join(CASES)} expected")
    console = Console(highlight=False)
    if given.pages:
        pages.update()
        return
    facts = machine()
    console.print(", ".join(f"{name} {value}" for name, value in facts.items()), style="dim", soft_wrap=True)
    folder = given.results or (None if given.quick else RESULTS)
    for name in given.cases or CASES:
        try:
            with console.status(f"measuring {name}"):
                rows = CASES[name](given.quick)
        except RendererError as error:  # a right that is missing, say; what was kept of it stays
            console.print(f"{name} left out: {error}", style="yellow", soft_wrap=True)
            continue
        console.print(tables.table(name, rows))
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.json").write_text(json.dumps({"machine": facts, name: rows}, indent=1) + "\n")
    if folder is not None:
        console.print(f"kept in {folder}", soft_wrap=True)
    if folder == RESULTS:
        pages.update()
        console.print("the README, docs/performance.md and the pictures are remade from it")


if __name__ == "__main__":
    main()
