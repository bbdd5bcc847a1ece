"""Whole frames of the default avatar on one core: what listening and speaking cost, start-up, memory.

Each part of each variant runs in a process of its own (`renderer.bench`), as `avatar bench` does it. The full
run has 1080p too, made for it (`enlarged`).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from renderer.bench.order import Order, Part
from renderer.bench.stages import REST, STAGES

from .avatars import default_avatar
from .enlarged import HEIGHT, NAME, WIDTH, enlarged

SECONDS, QUICK_SECONDS = 10.0, 1.0
STARTS, QUICK_STARTS = 5, 1


def run(quick: bool) -> list[dict[str, Any]]:
    """Measure every variant of the default avatar."""
    path, manifest = default_avatar()
    rows = [
        _variant(path, name, (size.width, size.height), quick) for name, size in manifest.variants.items()
    ]
    if not quick:
        with tempfile.TemporaryDirectory() as folder:
            larger, _ = enlarged(Path(folder))
            rows.insert(0, _variant(larger, NAME, (WIDTH, HEIGHT), quick))
    return rows


def _variant(avatar: Path, name: str, size: tuple[int, int], quick: bool) -> dict[str, Any]:
    """The figures of one variant."""
    seconds = QUICK_SECONDS if quick else SECONDS

    def measured(part: Part) -> dict[str, Any]:
        return Order(part, str(avatar), name, seconds, cores=1).run()

    starts = [measured("startup") for _ in range(QUICK_STARTS if quick else STARTS)]
    start = sorted(starts, key=lambda told: float(told["seconds"]["all"]))[len(starts) // 2]
    return row(name, size, start, measured("frames"), measured("live"))


def row(
    variant: str,
    size: tuple[int, int],
    start: dict[str, Any],
    frames: dict[str, Any],
    live: dict[str, Any],
) -> dict[str, Any]:
    """What is kept of a variant's figures."""
    sides = ("listening", "speaking")
    return {
        "variant": variant,
        "width": size[0],
        "height": size[1],
        "first_frame_s": start["seconds"]["all"],
        "start_s": start["seconds"],
        "start_memory_mb": {step: told.get("resident") for step, told in start["memory"].items()},
        **{f"{side}_ms": {**frames[side]["frame"], "processor": frames[side]["processor"]} for side in sides},
        "stages_ms": {side: {name: frames[side][name] for name in (*STAGES, REST)} for side in sides},
        "peak_memory_mb": live["speaking"]["memory_mb"].get("peak", 0.0),
        "live": live,
    }
