"""Time of a call, measured so that other programs on the machine disturb little."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one call."""

    best: float
    """The least disturbed call; what ratios are made of."""

    median: float
    p95: float


def time_call(call: Callable[[], object], seconds: float, least: int = 5) -> Timing:
    """Call again and again for `seconds`, at least `least` times, after one call that is not counted."""
    call()
    spent: list[float] = []
    end = time.perf_counter() + seconds
    while len(spent) < least or time.perf_counter() < end:
        began = time.perf_counter()
        call()
        spent.append(time.perf_counter() - began)
    milliseconds = np.array(spent) * 1e3
    return Timing(
        float(milliseconds.min()), float(np.median(milliseconds)), float(np.percentile(milliseconds, 95))
    )
