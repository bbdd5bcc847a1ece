"""What one rule has come to, and where in the recording."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Status = Literal["fail", "warn", "unknown", "pass"]
"""`fail` breaks a limit, or the avatar will show the fault; `warn` costs quality, or breaks the stricter of
two sources; `unknown` is what no program can tell from this recording."""

STATUSES: tuple[Status, ...] = ("fail", "warn", "unknown", "pass")
"""The worst first."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the recording, in seconds since its first picture."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start

    def __str__(self) -> str:
        if self.seconds < 0.15:
            return clock((self.start + self.end) / 2)
        return f"{clock(self.start)}–{clock(self.end)}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule has come to."""

    rule: str
    """Key of the rule (rules.RULES)."""

    status: Status
    figure: str
    """What was measured, in words and numbers."""

    spans: tuple[Span, ...] = ()
    """Where; empty where it is about the whole recording."""


def clock(seconds: float) -> str:
    """83.46 as 1:23.5."""
    tenths = round(max(0.0, seconds) * 10)
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    front = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{front}:{tenths // 10:02d}.{tenths % 10}"


def spans_where(
    mask: NDArray[np.bool_],
    times: NDArray[np.floating[Any]],
    *,
    least: float = 0.0,
    join: float = 0.0,
    last: float | None = None,
) -> tuple[Span, ...]:
    """Stretches in which `mask` holds, at least `least` seconds long, those `join` seconds apart as one.

    `mask` and `times` have shape (n,); each moment lasts until the next one, the last until `last`.
    """
    if not mask.any():
        return ()
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.04
    ends = np.append(times[1:], float(times[-1]) + step if last is None else last)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    found = [Span(float(times[a]), float(ends[b - 1])) for a, b in edges.reshape(-1, 2)]
    joined: list[Span] = []
    for span in found:
        if joined and span.start - joined[-1].end <= join:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(span for span in joined if span.seconds >= least - 1e-9)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Stretches in their order, those that overlap as one."""
    together: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if together and span.start <= together[-1].end:
            together[-1] = Span(together[-1].start, max(together[-1].end, span.end))
        else:
            together.append(span)
    return tuple(together)


def total(spans: tuple[Span, ...]) -> float:
    """Seconds of all of them together."""
    return sum(span.seconds for span in spans)
