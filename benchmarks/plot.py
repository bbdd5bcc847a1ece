"""Where a frame's milliseconds go, as a picture: benchmarks/results/frames.svg, drawn from frames.json."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from renderer.bench.page import COLOURS
from renderer.bench.stages import REST, STAGES

WIDTH, LEFT, RIGHT = 860, 150, 70
BAR, GAP, TOP = 26, 16, 46


def draw(results: Path) -> str:
    """An SVG with a bar for each variant, listening and speaking: means of the stages."""
    rows = [
        (f"{row['width']}x{row['height']} {side}", row["stages_ms"][side])
        for row in json.loads(results.read_text())["frames"]
        for side in ("listening", "speaking")
    ]
    names = (*STAGES, REST)
    longest = max(sum(max(0.0, stages[name]["mean"]) for name in names) for _, stages in rows)
    scale = (WIDTH - LEFT - RIGHT) / longest
    parts = [_key(names)]
    for number, (title, stages) in enumerate(rows):
        parts.append(_bar(title, stages, names, scale, TOP + number * (BAR + GAP)))
    height = TOP + len(rows) * (BAR + GAP)
    style = "text{font:13px system-ui,sans-serif;fill:#555}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}">'
        f"<style>{style}</style>{''.join(parts)}</svg>\n"
    )


def _key(names: tuple[str, ...]) -> str:
    step = WIDTH / len(names)
    return "".join(
        f'<rect x="{number * step:.0f}" y="8" width="12" height="12" fill="{colour}"/>'
        f'<text x="{number * step + 17:.0f}" y="18">{escape(name)}</text>'
        for number, (name, colour) in enumerate(zip(names, COLOURS, strict=True))
    )


def _bar(title: str, stages: dict[str, Any], names: tuple[str, ...], scale: float, top: int) -> str:
    x, parts = float(LEFT), []
    for name, colour in zip(names, COLOURS, strict=True):
        width = max(0.0, stages[name]["mean"]) * scale
        parts.append(f'<rect x="{x:.1f}" y="{top}" width="{width:.1f}" height="{BAR}" fill="{colour}"/>')
        x += width
    middle = top + BAR * 0.68
    total = sum(max(0.0, stages[name]["mean"]) for name in names)
    return (
        f'<text x="0" y="{middle:.0f}">{escape(title)}</text>{"".join(parts)}'
        f'<text x="{x + 6:.0f}" y="{middle:.0f}">{total:.1f} ms</text>'
    )
