"""Results as pictures with bars: where a frame's milliseconds go, and what a start and memory are made of."""

from __future__ import annotations

from html import escape
from typing import Any

from renderer.bench.page import COLOURS
from renderer.bench.stages import REST, STAGES

from .startup import STARTED

WIDTH, LEFT, RIGHT = 860, 150, 70
BAR, GAP, TOP = 26, 16, 46
STEP, STEP_LEFT, STEP_WIDTH, MEMORY_LEFT, MEMORY_WIDTH = 21, 170, 230, 460, 310


def stages(variants: list[dict[str, Any]]) -> str:
    """An SVG with a bar for each variant, listening and speaking: means of the stages, as of `frames.run`."""
    rows = [
        (f"{row['width']}x{row['height']} {side}", row["stages_ms"][side])
        for row in variants
        for side in ("listening", "speaking")
    ]
    names = (*STAGES, REST)
    longest = max(sum(max(0.0, stages[name]["mean"]) for name in names) for _, stages in rows)
    scale = (WIDTH - LEFT - RIGHT) / longest
    parts = [_key(names)]
    for number, (title, stages) in enumerate(rows):
        parts.append(_bar(title, stages, names, scale, TOP + number * (BAR + GAP)))
    return _svg(parts, TOP + len(rows) * (BAR + GAP))


def steps(rows: list[dict[str, Any]]) -> str:
    """An SVG of the steps of a start: the time of each, and the memory after it, as of `startup.run`."""
    parts = [
        f'<text x="{STEP_LEFT}" y="16">milliseconds</text>',
        f'<text x="{MEMORY_LEFT}" y="16">megabytes after it: own, and program code</text>',
    ]
    longest = max(row["ms"] for row in rows[: _started(rows)])
    most = max(row["resident"] for row in rows)
    for number, row in enumerate(rows):
        top = 26 + number * STEP
        parts.append(f'<text x="0" y="{top + 12}">{escape(row["name"])}</text>')
        if number < _started(rows):
            width = row["ms"] / longest * STEP_WIDTH
            parts.append(_box(STEP_LEFT, top, width, COLOURS[3]))
            parts.append(f'<text x="{STEP_LEFT + width + 5:.0f}" y="{top + 12}">{row["ms"]:.0f}</text>')
        scale = MEMORY_WIDTH / most
        parts.append(_box(MEMORY_LEFT, top, row["own"] * scale, COLOURS[0]))
        parts.append(
            _box(MEMORY_LEFT + row["own"] * scale, top, (row["resident"] - row["own"]) * scale, COLOURS[1])
        )
        right = MEMORY_LEFT + row["resident"] * scale + 5
        parts.append(f'<text x="{right:.0f}" y="{top + 12}">{row["own"]:.0f} of {row["resident"]:.0f}</text>')
    return _svg(parts, 26 + len(rows) * STEP)


def _started(rows: list[dict[str, Any]]) -> int:
    """How many steps a start has."""
    return next(number for number, row in enumerate(rows, 1) if row["name"] == STARTED)


def _box(left: float, top: int, width: float, colour: str) -> str:
    return f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{STEP - 5}" fill="{colour}"/>'


def _svg(parts: list[str], height: int) -> str:
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
