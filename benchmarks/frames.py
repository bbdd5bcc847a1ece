"""Whole frames of the default avatar: what listening and speaking cost, how fast it goes flat out.

Each variant runs in a process of its own, so that start-up and memory are its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

SPEECH = Path(__file__).parent.parent / "examples" / "hello.opus"

SECONDS = 10.0
QUICK_SECONDS = 2.0


def run(quick: bool) -> list[dict[str, Any]]:
    """Measure every variant of the default avatar."""
    from renderer import open_avatar

    with open_avatar() as avatar:
        names = list(avatar.manifest.variants)
    return [_in_own_process(name, QUICK_SECONDS if quick else SECONDS) for name in names]


def measure(variant: str, seconds: float) -> dict[str, Any]:
    """Open, then draw listening and speaking for `seconds` of film each, in this process."""
    began = time.perf_counter()
    from renderer import Settings, open_avatar
    from renderer.audio import load_sound

    settings = Settings(variant=variant, pixels="bgra")
    with open_avatar() as avatar:
        first = next(avatar.render(np.zeros(640, np.float32), 16_000, settings))
        first_frame = time.perf_counter() - began
        sound = np.tile(load_sound(SPEECH, 48_000), 4)[: round(seconds * 48_000)]
        listening = _timed(avatar.render(sound[:0], 48_000, settings, before=seconds))
        speaking = _timed(avatar.render(sound, 48_000, settings))
    return {
        "variant": variant,
        "width": first.pixels.shape[1],
        "height": first.pixels.shape[0],
        "first_frame_s": first_frame,
        "listening_ms": listening,
        "speaking_ms": speaking,
        "peak_memory_mb": _peak_memory(),
    }


def _timed(frames: Any) -> dict[str, float]:
    """Milliseconds a frame: processor time of this process, and by the clock."""
    spent = []
    processor = time.process_time()
    began = last = time.perf_counter()
    for _ in frames:
        now = time.perf_counter()
        spent.append(now - last)
        last = now
    count = len(spent)
    return {
        "processor": (time.process_time() - processor) / count * 1e3,
        "p50": float(np.percentile(spent, 50)) * 1e3,
        "p95": float(np.percentile(spent, 95)) * 1e3,
        "mean": (last - began) / count * 1e3,
    }


def _peak_memory() -> float:
    """Most megabytes resident so far. getrusage would count what the parent held before this began."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_own_process(variant: str, seconds: float) -> dict[str, Any]:
    call = f"measure({variant!r}, {seconds})"
    code = f"import json; from benchmarks.frames import measure; print(json.dumps({call}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts
