"""`python -m benchmarks.guard`: fails when a kernel has lost its vectorisation.

A changed line or a new compiler can turn a vector loop into a scalar one without any test noticing. Times
differ between machines, ratios to NumPy on the same machine hardly do.
"""

from __future__ import annotations

import sys

from .kernels import Case, cases
from .timing import time_call

TRIES = 3
"""A busy machine may spoil one measurement; a lost vectorisation spoils all."""


def main() -> None:
    """Exit with 1 and the names of the kernels that are too slow, else with 0."""
    everything = cases()
    slow = [complaint for case in everything if (complaint := _complaint(case))]
    for line in slow:
        print(line, file=sys.stderr)
    if slow:
        sys.exit(1)
    print(f"{len(everything)} jobs run as fast as vectors make them")


def _complaint(case: Case) -> str:
    """What is wrong with a kernel; nothing if one try in a few is fast enough."""
    best = 0.0
    for _ in range(TRIES):
        twin, kernel = time_call(case.twin, 0.1, least=3), time_call(case.kernel, 0.1)
        best = max(best, twin.best / kernel.best)
        if best >= case.least:
            return ""
    return (
        f"{case.name}: {best:.0f} times faster than NumPy, at least {case.least:.0f} expected; its loop "
        "is no longer vectorised (benchmarks/README.md says how to look)"
    )


if __name__ == "__main__":
    main()
