"""The README's figures come from the result file, not from a keyboard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- speed: written by `make bench` -->", "<!-- /speed -->"


def update(results: Path, page: Path = README) -> None:
    """Write the figures of `results` between the page's two marks."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(
        f"{before}{BEGIN}\n{table(json.loads(results.read_text()))}{END}{after}", encoding="utf-8"
    )


def table(kept: dict[str, Any]) -> str:
    """The figures as a table in Markdown, with the machine they were measured on."""
    machine = kept["machine"]
    lines = [
        "| one core, one thread | listening | speaking | frames a second, speaking | first frame | memory |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for row in kept["frames"]:
        cells = (
            f"{row['width']}x{row['height']}",
            f"{row['listening_ms']['p50']:.1f} ms",
            f"{row['speaking_ms']['p50']:.1f} ms",
            f"{1000 / row['speaking_ms']['mean']:.0f}",
            f"{row['first_frame_s']:.1f} s",
            f"{row['peak_memory_mb']:.0f} MB",
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        f"Median per frame on {machine['processor']}, {machine['cores']} cores, Python {machine['python']}, "
        f"{machine['measured']}; 25 frames a second leave 40 ms ([how measured](benchmarks/README.md)).",
        "",
    ]
    return "\n".join(lines)
