"""What start-up and memory go into: each step of them in a fresh process, one after another.

A real start does two of them at once (`open_avatar` gets the kernels ready beside the package), so they add
up to a little more than the first frame of `frames` takes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from renderer.bench.usage import memory

STARTED = "first frame"
"""The step with which a start is over."""

RUNS, QUICK_RUNS = 5, 1
SPEECH = 3.0
"""Seconds spoken at the end, after which the memory of speaking is known."""


def run(quick: bool) -> list[dict[str, Any]]:
    """Of each step: "ms", the median of some runs, and the megabytes after it, "resident" and "own"."""
    runs = [_fresh() for _ in range(QUICK_RUNS if quick else RUNS)]
    rows = []
    for step in zip(*runs, strict=True):
        times = sorted(float(told["ms"]) for told in step)
        rows.append({**step[-1], "ms": times[len(times) // 2]})
    return rows


def _fresh() -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "benchmarks.startup", repr(time.time())]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return told


def steps(began: float) -> Iterator[dict[str, Any]]:
    """Go through them here; `began` is when this process was started, as of `time.time`."""
    last = time.perf_counter()

    def done(name: str, seconds: float | None = None) -> dict[str, Any]:
        nonlocal last
        spent = time.perf_counter() - last if seconds is None else seconds
        held = memory()
        told = {"name": name, "ms": spent * 1e3, **{key: held.get(key, 0.0) for key in ("resident", "own")}}
        last = time.perf_counter()  # looking at the memory does not count
        return told

    yield done("Python", time.time() - began)
    for words, name in IMPORTS.items():
        import_module(name)
        yield done(words)
    for words, step in _opening():
        step()
        yield done(words)


IMPORTS = {
    "import NumPy": "numpy",
    "import FFmpeg (PyAV)": "av",
    "import ONNX Runtime": "onnxruntime",
    "import pydantic": "pydantic",
    "import numba": "numba",
    "import the rest": "renderer.avatar",
}


def _opening() -> Iterator[tuple[str, Callable[[], object]]]:
    from renderer.avatar import Avatar
    from renderer.bench.speech import RATE, speech
    from renderer.kernels import warm_up
    from renderer.memory import let_go_of_the_compiler
    from renderer.package.reader import open_package
    from renderer.settings import Settings
    from renderer.store import find_avatar

    held: list[Any] = []
    yield "kernels ready", warm_up
    yield "package checked", lambda: held.append(open_package(find_avatar(None)))
    yield "mouth network", lambda: held.append(Avatar(held[0]))
    yield "compiler given back", let_go_of_the_compiler
    yield "session", lambda: held.append(held[1].session(Settings(pixels="bgra")))
    yield STARTED, lambda: next(held[2])

    def speak() -> None:
        held[2].push(speech(SPEECH), RATE)
        for _ in range(round(SPEECH * 25)):
            next(held[2])

    yield f"{SPEECH:.0f} s of speech", speak
    yield "closed", lambda: (held[2].close(), held[1].close())


if __name__ == "__main__":
    print(json.dumps(list(steps(float(sys.argv[1])))))
