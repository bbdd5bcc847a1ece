"""A survey as one self-contained page."""

from __future__ import annotations

from html import escape
from typing import Any

from .rows import SUMS, TABLES, Row, heading, versions
from .stages import REST, STAGES
from .verdict import FRAME

COLOURS = ("#4e79a7", "#76b7b2", "#59a14f", "#f28e2b", "#e15759", "#b07aa1", "#9c755f", "#bab0ac")
"""Of the stages, in their order; told apart by people who see red and green alike by their place too."""

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:56em;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;margin:1.5em 0}th,td{padding:.2em .9em;text-align:right}
th:first-child,td:first-child{text-align:left}th{border-bottom:2px solid #ccc}
tr.sum td{font-weight:600}
.verdict{padding:.7em 1em;border-left:6px solid #59a14f;background:#f3f8f2}
.verdict.slow{border-color:#e15759;background:#fdf3f2}.small{color:#666;font-size:13px}
.bar{display:flex;height:26px;background:#eee;margin:.2em 0 .6em}.bar i{display:block;height:100%}
.key i{display:inline-block;width:.9em;height:.9em;margin:0 .35em 0 .9em;vertical-align:-.1em}
@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}.bar{background:#333}
.verdict{background:#1f2a1f}.verdict.slow{background:#2c1f1f}}
"""


def page_of(figures: dict[str, Any]) -> str:
    """The page, as HTML with everything inside."""
    told = figures["verdict"]
    busy = f'<p class="small">{escape(told["busy"])}</p>' if told["busy"] else ""
    title = escape(heading(figures))
    body = [
        f"<h1>{title}</h1>",
        f'<p class="verdict{"" if told["runs"] else " slow"}">{escape(told["words"])}</p>{busy}',
        *_bars(figures),
        *(_table(*rows(figures)) for rows in TABLES),
        f'<p class="small">{escape(versions(figures))}</p>',
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body>{''.join(body)}</body></html>\n"
    )


def _bars(figures: dict[str, Any]) -> list[str]:
    """Mean milliseconds of each stage along the 40 of a frame."""
    names = (*STAGES, REST)
    key = "".join(f'<i style="background:{c}"></i>{n}' for c, n in zip(COLOURS, names, strict=True))
    parts = [f'<p class="key small">mean of a frame, of {FRAME:.0f} ms:{key}</p>']
    for state in ("listening", "speaking"):
        told = figures["frames"][state]
        scale = 100 / max(FRAME, told["frame"]["mean"])
        bars = "".join(
            f'<i style="width:{max(0.0, told[name]["mean"]) * scale:.2f}%;background:{colour}" '
            f'title="{name} {told[name]["mean"]:.2f} ms"></i>'
            for name, colour in zip(names, COLOURS, strict=True)
        )
        parts.append(f"<div>{state}, {told['frame']['mean']:.2f} ms</div><div class=bar>{bars}</div>")
    return parts


def _table(head: Row, rows: list[Row]) -> str:
    def line(tag: str, row: Row) -> str:
        kind = " class=sum" if row[0] in SUMS else ""
        return f"<tr{kind}>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in row)}</tr>"

    return f"<table>{line('th', head)}{''.join(line('td', row) for row in rows)}</table>"
