"""The stretches of a recording that can be used in one piece (R-F28)."""

from __future__ import annotations

import numpy as np

from .camera import SHAKE, trembling
from .findings import Finding, Span, Status, spans_where
from .looking import Look
from .portrait import NODDED, TURNED, is_covered, is_turned
from .rhythm import cut_times

NEEDED = 60.0
"""Seconds in one piece (R-F1)."""

USABLE = 4.0
"""Seconds under which a stretch is not worth naming."""

AROUND = 0.3
"""Seconds before and after a fault that are given up with it: lips suffer there, too (R-F3)."""


def stretches(seen: Look) -> tuple[Span, ...]:
    """Stretches of USABLE seconds or more without cut, shake, lost, turned or covered face."""
    if seen.found.mean() <= 0.5:
        return ()
    good = seen.found & ~is_covered(seen) & ~is_turned(seen, TURNED[0], NODDED[1])
    shaking = np.interp(seen.times, seen.motion["time"], trembling(seen)) > SHAKE[1]
    good &= ~shaking
    faults = spans_where(~good, seen.times, least=0.12)
    edges = [(fault.start - AROUND, fault.end + AROUND) for fault in faults]
    edges += [(cut, cut) for cut in cut_times(seen)]
    edges.sort()
    found: list[Span] = []
    start = 0.0
    for begin, end in [*edges, (seen.seconds, seen.seconds)]:
        if begin - start >= USABLE:
            found.append(Span(start, begin))
        start = max(start, end)
    return tuple(found)


def judge_stretches(seen: Look) -> list[Finding]:
    """Whether there is a long one; its spans are the usable stretches themselves."""
    found = stretches(seen)
    longest = max((span.seconds for span in found), default=0.0)
    status: Status = "pass" if longest >= NEEDED - 0.1 else "warn" if longest > 0 else "fail"
    return [Finding("continuous", status, f"{len(found)}, the longest of {longest:.0f} s", found)]
