"""`python -m benchmarks.guard`: fails when a kernel has lost its vectorisation, or its speed altogether.

A changed line or a new compiler can turn a vector loop into a scalar one without any test noticing. Times
differ between machines, so each kernel is held against itself, compiled with vectorisation switched off, and
against its NumPy twin.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile

from .kernels import cases
from .timing import time_call

LEAST = 1.5
"""How many times faster than its scalar self a kernel must be. A lost vectorisation makes it 1; the least
measured is 1.9 (README.md)."""

LEAST_TO_TWIN = 12.0
"""How many times faster than its NumPy twin. The least measured is 47, and what NumPy takes varies by 2.5; a
kernel that is copied once too often, or no longer compiled, falls below."""

TRIES = 3
"""A busy machine may spoil one measurement; a lost vectorisation spoils all."""

SCALAR = {"NUMBA_LOOP_VECTORIZE": "0", "NUMBA_SLP_VECTORIZE": "0"}
MEASURE = "--measure"

Times = dict[str, "tuple[float, float]"]
"""Milliseconds of each guarded job at best: by the kernel, and by its twin."""


def main() -> None:
    """Exit with 1 and the names of the kernels that are too slow, else with 0."""
    if MEASURE in sys.argv:
        print(json.dumps(measure()))
        return
    best: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as cache:  # machine code that must not be mistaken for the real one
        for _ in range(TRIES):
            best = better(best, ratios(_measured(SCALAR, cache), _measured({}, None)))
            if not too_slow(best):
                break
    for job, (scalar, twin) in best.items():
        print(f"{job}: {scalar:.1f} times faster than its scalar self, {twin:.0f} times than its NumPy twin")
    if slow := too_slow(best):
        sys.exit(
            f"no longer vectorised: {', '.join(slow)}; at least {LEAST} times faster than without vectors, "
            f"{LEAST_TO_TWIN:.0f} times than NumPy, expected (benchmarks/README.md says how to look)"
        )


def measure() -> Times:
    """Time every guarded job in this process."""
    return {
        case.name: (time_call(case.kernel, 0.2).best, time_call(case.twin, 0.0, least=3).best)
        for case in cases()
        if case.is_guarded
    }


def ratios(scalar: Times, vector: Times) -> dict[str, tuple[float, float]]:
    """How many times faster each job is than its scalar self, and than its twin."""
    return {job: (scalar[job][0] / own, twin / own) for job, (own, twin) in vector.items()}


def better(
    one: dict[str, tuple[float, float]], other: dict[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """The larger of the ratios of two measurements."""
    nothing = (0.0, 0.0)
    return {
        job: (max(found[0], one.get(job, nothing)[0]), max(found[1], one.get(job, nothing)[1]))
        for job, found in other.items()
    }


def too_slow(best: dict[str, tuple[float, float]]) -> list[str]:
    """The jobs whose ratios are below what is asked for."""
    return [job for job, (scalar, twin) in best.items() if scalar < LEAST or twin < LEAST_TO_TWIN]


def _measured(environment: dict[str, str], cache: str | None) -> Times:
    extra = environment if cache is None else {**environment, "NUMBA_CACHE_DIR": cache}
    command = [sys.executable, "-m", "benchmarks.guard", MEASURE]
    told = subprocess.run(
        command, env={**os.environ, **extra}, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return {job: (own, twin) for job, (own, twin) in json.loads(told).items()}


if __name__ == "__main__":
    main()
