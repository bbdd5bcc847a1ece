"""Many times of one thing, in a few figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Spread = dict[str, float]
"""p50, p95, p99, worst and mean, all in milliseconds."""


def spread(milliseconds: Sequence[float]) -> Spread:
    """The figures of some times. Raises ValueError for none at all."""
    if not len(milliseconds):
        raise ValueError("no times to tell about; at least one expected")
    p50, p95, p99 = (float(p) for p in np.percentile(milliseconds, (50, 95, 99)))
    return {
        "p50": p50,
        "p95": p95,
        "p99": p99,
        "worst": max(milliseconds),
        "mean": float(np.mean(milliseconds)),
    }
