"""Call trees as a picture: a function lies over those it calls, as wide as the time it takes."""

from __future__ import annotations

from html import escape
from typing import Any

from renderer.bench.page import COLOURS
from renderer.bench.stages import STAGES

WIDTH, ROW, TOP, GAP = 860, 17, 20, 18
LETTER = 6.3
"""Pixels of a letter: what does not fit goes unwritten, and shows under the pointer."""

PLAIN = "#d5d5d5"
STAGE_OF = {
    f"{getattr(owner, '__name__', '')}.{name}": stage
    for stage, places in STAGES.items()
    for owner, name in places
}
"""The stage to which a function and all it calls belong."""


def draw(rows: list[dict[str, Any]]) -> str:
    """An SVG of trees as of `profile.run`, one under the other, all to one scale."""
    colours = dict(zip(STAGES, COLOURS, strict=False))
    scale = WIDTH / max(row["ms"] for row in rows)
    parts, top = [], TOP
    for row in rows:
        parts.append(f'<text x="0" y="{top - 6}">{escape(row["name"])}: {row["ms"]:.2f} ms a frame</text>')
        parts += _boxes(row["calls"], 0.0, top, scale, colours, None)
        top += ROW * _depth(row) + GAP + TOP
    style = "text{font:11px system-ui,sans-serif;fill:#222}rect{stroke:#fff;stroke-width:.6}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top - TOP}" width="{WIDTH}">'
        f'<rect width="100%" height="100%" fill="#fff"/><style>{style}</style>{"".join(parts)}</svg>\n'
    )


def _boxes(
    calls: list[dict[str, Any]],
    left: float,
    top: int,
    scale: float,
    colours: dict[str, str],
    stage: str | None,
) -> list[str]:
    parts = []
    for call in calls:
        mine = stage or _stage(call["name"])
        width, words = call["ms"] * scale, escape(f"{call['name']} {call['ms']:.2f}")
        fill = colours.get(mine or "", PLAIN)
        parts.append(
            f'<g><title>{words} ms</title><rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW}" '
            f'fill="{fill}"/>'
        )
        if len(words) * LETTER < width:
            parts.append(f'<text x="{left + 3:.1f}" y="{top + 12}">{words}</text>')
        parts.append("</g>")
        parts += _boxes(call["calls"], left, top + ROW, scale, colours, mine)
        left += width
    return parts


def _stage(name: str) -> str | None:
    """By its name: a method has its class in it, a function of a module nothing."""
    return STAGE_OF.get(name) or next(
        (of for place, of in STAGE_OF.items() if place.endswith(f".{name}")), None
    )


def _depth(tree: dict[str, Any]) -> int:
    return max((1 + _depth(call) for call in tree["calls"]), default=0)
