"""`python -m benchmarks`: a table of what is fast and how fast; the full run also keeps the figures."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from renderer.bench.machine import machine

from . import frames, kernels, readme

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
    whole = frames.run(quick)
    console.print(_frames_table(whole))
    if not quick:
        _keep("kernels", facts, [result.facts() for result in results])
        _keep("frames", facts, whole)
        readme.update(RESULTS / "frames.json")
        console.print("kept in benchmarks/results/*.json; the README's table is remade from them")


def _frames_table(whole: list[dict[str, Any]]) -> Table:
    table = Table(title="Whole frames of the default avatar, one thread (ms)")
    for heading in ("variant", "listening", "p95", "speaking", "p95", "first frame s", "peak MB"):
        table.add_column(heading, justify="left" if heading == "variant" else "right")
    for row in whole:
        listening, speaking = row["listening_ms"], row["speaking_ms"]
        table.add_row(
            row["variant"],
            f"{listening['p50']:.2f}",
            f"{listening['p95']:.2f}",
            f"{speaking['p50']:.2f}",
            f"{speaking['p95']:.2f}",
            f"{row['first_frame_s']:.2f}",
            f"{row['peak_memory_mb']:.0f}",
        )
    return table


def _keep(name: str, facts: dict[str, str], results: list[dict[str, Any]]) -> None:
    RESULTS.mkdir(exist_ok=True)
    kept = {"machine": facts, name: results}
    (RESULTS / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
