"""`python -m benchmarks`: a table of what is fast and how fast; the full run also keeps the figures."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from . import kernels
from .machine import machine

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Measure, print, and keep unless it was quick."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds; for working, not for quoting")
    quick = parser.parse_args().quick
    console = Console(highlight=False)
    facts = machine()
    console.print(", ".join(f"{name} {value}" for name, value in facts.items()), style="dim", soft_wrap=True)
    table = Table(title="Pixel loops, 1280x720, one thread (ms)")
    for heading in ("job", "best", "median", "p95", "NumPy twin", "times faster", "OpenCV"):
        table.add_column(heading, justify="left" if heading == "job" else "right")
    results = []
    for result in kernels.run(quick):
        results.append(result)
        table.add_row(
            result.name,
            f"{result.kernel.best:.3f}",
            f"{result.kernel.median:.3f}",
            f"{result.kernel.p95:.3f}",
            f"{result.twin.best:.1f}",
            f"{result.ratio:.0f}",
            "" if result.opencv is None else f"{result.opencv.best:.3f}",
        )
    console.print(table)
    if not quick:
        RESULTS.mkdir(exist_ok=True)
        kept = {"machine": facts, "kernels": [result.facts() for result in results]}
        (RESULTS / "kernels.json").write_text(json.dumps(kept, indent=1) + "\n")
        console.print("kept in benchmarks/results/kernels.json")


if __name__ == "__main__":
    main()
