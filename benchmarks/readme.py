"""The README's figures come from the result files, not from a keyboard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- speed: written by `make bench` -->", "<!-- /speed -->"


def update(results: Path, page: Path = README) -> None:
    """Write the figures of a folder of results between the page's two marks."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{table(results)}{END}{after}", encoding="utf-8")


def table(results: Path) -> str:
    """The figures as a table in Markdown, with the machine they were measured on."""
    kept = json.loads((results / "frames.json").read_text())
    machine, holds = kept["machine"], _holds(results / "sessions.json")
    heads = [
        "one core, one thread",
        "listening",
        "speaking",
        "frames a second, speaking",
        "first frame",
        "memory",
    ]
    if holds:
        heads.append("sessions at once, all cores")
    lines = [f"| {' | '.join(heads)} |", f"|---{'|---:' * (len(heads) - 1)}|"]
    for row in kept["frames"]:
        cells = [
            f"{row['width']}x{row['height']}",
            f"{row['listening_ms']['p50']:.1f} ms",
            f"{row['speaking_ms']['p50']:.1f} ms",
            f"{1000 / row['speaking_ms']['mean']:.0f}",
            f"{row['first_frame_s']:.1f} s",
            f"{row['peak_memory_mb']:.0f} MB",
        ]
        if holds:
            cells.append(str(holds[row["variant"]]))
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        f"Median per frame on {machine['processor']}, {machine['cores']} cores, Python {machine['python']}, "
        f"{machine['measured']}; 25 frames a second leave 40 ms ([how measured](benchmarks/README.md)).",
        "",
    ]
    return "\n".join(lines)


def _holds(results: Path) -> dict[str, int]:
    """How many sessions of each variant ran at once, where that was measured."""
    if not results.exists():
        return {}
    rows: list[dict[str, Any]] = json.loads(results.read_text())["sessions"]
    return {row["variant"]: int(row["holds"]) for row in rows}
