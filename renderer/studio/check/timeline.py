"""The recording as a strip: what was measured along it, what is usable, and where the faults are."""

from __future__ import annotations

import math
from html import escape

import numpy as np

from .findings import Span, clock
from .report import CheckReport, Track
from .rules import RULES

WIDTH, LEFT = 1000, 150
"""Units of the picture; names stand left of the strips."""

HEIGHT, GAP = 46, 10

BAR = 14

TICKS = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
"""Seconds that marks of the time axis may be apart."""


def timeline(report: CheckReport) -> str:
    """An SVG picture."""
    seconds = max(report.seconds, 0.1)
    parts: list[str] = []
    y = 4
    bars = [("usable", report.usable, "usable"), ("gestures", report.gestures, "gesture")]
    for status, name in (("fail", "fails"), ("warn", "warnings")):
        spans = [
            (span, RULES[finding.rule].title)
            for finding in report.findings
            if finding.status == status and finding.rule != "continuous"
            for span in finding.spans
        ]
        if spans:
            parts.append(_label(y + BAR - 3, name))
            parts.extend(_bar(span, y, seconds, status, title) for span, title in spans)
            y += BAR + GAP
    for name, stretch, style in bars:
        if stretch:
            parts.append(_label(y + BAR - 3, name))
            parts.extend(_bar(span, y, seconds, style, name) for span in stretch)
            y += BAR + GAP
    first = y
    for track in report.tracks:
        parts.append(_label(y + HEIGHT / 2 + 4, track.name))
        parts.append(f'<rect class="ground" x="{LEFT}" y="{y}" width="{WIDTH - LEFT}" height="{HEIGHT}"/>')
        parts.append(_line(track, y))
        y += HEIGHT + GAP
    shades = [
        f'<rect class="{finding.status} shade" x="{_x(span.start, seconds):.1f}" y="{first}" '
        f'width="{_width(span, seconds):.1f}" height="{y - first - GAP}"/>'
        for finding in report.findings
        if finding.status in ("fail", "warn") and finding.rule != "continuous"
        for span in finding.spans
        if span.seconds < 0.6 * seconds
    ]
    axis = _axis(seconds, y + 10)
    return (
        f'<svg viewBox="0 0 {WIDTH} {y + 18}" role="img" aria-label="time line">'
        + "".join([*parts, *shades, *axis])
        + "</svg>"
    )


def _x(second: float, seconds: float) -> float:
    return LEFT + (WIDTH - LEFT) * second / seconds


def _width(span: Span, seconds: float) -> float:
    return max(2.0, _x(span.end, seconds) - _x(span.start, seconds))


def _label(y: float, text: str) -> str:
    return f'<text x="{LEFT - 10}" y="{y:.0f}" text-anchor="end">{escape(text)}</text>'


def _bar(span: Span, y: float, seconds: float, style: str, title: str) -> str:
    return (
        f'<rect class="{style}" x="{_x(span.start, seconds):.1f}" y="{y}" '
        f'width="{_width(span, seconds):.1f}" height="{BAR}" rx="2">'
        f"<title>{escape(title)} {span}</title></rect>"
    )


def _line(track: Track, y: float) -> str:
    """One track as lines, broken where there is nothing."""
    values = np.clip((track.values - track.low) / (track.high - track.low), 0.0, 1.0)
    steps = (WIDTH - LEFT) / max(1, len(values) - 1)
    path, is_down = [], False
    for number, value in enumerate(values):
        if not math.isfinite(value):
            is_down = False
            continue
        path.append(f"{'L' if is_down else 'M'}{LEFT + number * steps:.1f} {y + HEIGHT * (1 - value):.1f}")
        is_down = True
    note = f"{track.name}: {track.low:g} to {track.high:.4g} {track.unit}"
    return f'<path class="track" d="{"".join(path)}"><title>{escape(note)}</title></path>'


def _axis(seconds: float, y: float) -> list[str]:
    every = next((tick for tick in TICKS if seconds / tick <= 12), seconds / 10)
    marks = []
    for number in range(int(seconds / every) + 1):
        x = _x(number * every, seconds)
        text = clock(number * every).removesuffix(".0")
        anchor = "end" if x > WIDTH - 20 else "middle"
        marks.append(f'<text x="{x:.1f}" y="{y:.0f}" text-anchor="{anchor}">{text}</text>')
    return marks
