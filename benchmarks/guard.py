"""`python -m benchmarks.guard`: fails when a kernel has lost its vectorisation.

A changed line or a new compiler can turn a vector loop into a scalar one without any test noticing. Times
differ between machines, so each kernel is held against itself, compiled with vectorisation switched off.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile

from .kernels import cases
from .timing import time_call

LEAST = 1.8
"""How many times faster than its scalar self a kernel must be. A lost vectorisation makes it 1; the least
measured is 2.6 (README.md)."""

TRIES = 3
"""A busy machine may spoil one measurement; a lost vectorisation spoils all."""

SCALAR = {"NUMBA_LOOP_VECTORIZE": "0", "NUMBA_SLP_VECTORIZE": "0"}
MEASURE = "--measure"


def main() -> None:
    """Exit with 1 and the names of the kernels that are too slow, else with 0."""
    if MEASURE in sys.argv:
        print(json.dumps(measure()))
        return
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as cache:  # machine code that must not be mistaken for the real one
        for _ in range(TRIES):
            scalar, vector = _measured(SCALAR, cache), _measured({}, None)
            best = {job: max(best.get(job, 0.0), scalar[job] / vector[job]) for job in vector}
            if min(best.values()) >= LEAST:
                break
    for job, ratio in best.items():
        print(f"{job}: {ratio:.1f} times faster than its scalar self")
    slow = [job for job, ratio in best.items() if ratio < LEAST]
    if slow:
        sys.exit(
            f"no longer vectorised: {', '.join(slow)}; at least {LEAST} times expected "
            "(benchmarks/README.md says how to look)"
        )


def measure() -> dict[str, float]:
    """Milliseconds of each guarded job, at best, in this process."""
    return {case.name: time_call(case.kernel, 0.2).best for case in cases() if case.is_guarded}


def _measured(environment: dict[str, str], cache: str | None) -> dict[str, float]:
    extra = environment if cache is None else {**environment, "NUMBA_CACHE_DIR": cache}
    command = [sys.executable, "-m", "benchmarks.guard", MEASURE]
    told = subprocess.run(
        command, env={**os.environ, **extra}, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    result: dict[str, float] = json.loads(told)
    return result


if __name__ == "__main__":
    main()
