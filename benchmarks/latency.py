"""`python -m benchmarks.latency`: how long a listener waits, in real time, with the player and counted sound.

The figures are those of `renderer.bench.conversation`, over more exchanges than `avatar bench` takes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from renderer import Settings, open_avatar
from renderer.bench.conversation import converse
from renderer.bench.machine import machine


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description=main.__doc__)
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--avatar", default=None)
    parser.add_argument("--json", type=Path, default=None)
    given = parser.parse_args()
    with open_avatar(given.avatar) as avatar:
        results = converse(avatar, Settings(pixels="bgra"), given.trials)
    table = Table(title="Waiting, in real time (ms)")
    for heading in ("", "p50", "p95", "worst"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, row in results.items():
        table.add_row(name, *(f"{row[key]:.0f}" for key in ("p50", "p95", "worst")))
    Console(highlight=False).print(table)
    if given.json is not None:
        given.json.write_text(json.dumps({"machine": machine(), "latency": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
