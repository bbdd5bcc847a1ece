"""One part of the measuring, in a process of its own: start-up and memory are nobody else's then."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from ..errors import RendererError
from .usage import keep_to

Part = Literal["about", "startup", "frames", "live", "sessions"]

ANSWER = "bench: "
"""Begins the line of standard output that carries the figures; libraries may print others."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to measure."""

    part: Part
    avatar: str
    """Path of the package."""

    variant: str
    seconds: float
    """Of each measurement of the part."""

    cores: int | None = None
    """Processors it may use; all if left out."""

    low_memory: bool = False

    def run(self) -> dict[str, Any]:
        """Have it measured by a fresh interpreter. Raises RendererError with its last words if it fails."""
        command = [sys.executable, "-m", "renderer.bench", json.dumps(asdict(self)), repr(time.time())]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        answers = [line for line in done.stdout.splitlines() if line.startswith(ANSWER)]
        if done.returncode or not answers:
            words = done.stderr.strip().splitlines() or [f"it ended with exit code {done.returncode}"]
            if self.part == "about":
                raise RendererError(words[-1])
            raise RendererError(f"measuring {self.part} of {self.variant} failed: {words[-1]}")
        figures: dict[str, Any] = json.loads(answers[-1].removeprefix(ANSWER))
        return figures


def carry_out(order: Order, began: float) -> dict[str, Any]:
    """Measure here. `began` is when this process was started, as of `time.time`."""
    if order.cores is not None:
        keep_to(order.cores)
    if order.part == "about":
        from .about import about

        return about(Path(order.avatar))
    if order.part == "startup":
        from .startup import measure_startup

        return measure_startup(Path(order.avatar), order.variant, order.low_memory, began)
    from ..avatar import open_avatar
    from ..settings import Settings
    from .frames import measure_frames
    from .live import measure_live
    from .sessions import measure_sessions

    settings = Settings(
        variant=order.variant,
        pixels="bgra",
        low_memory=order.low_memory,
        queue_frames=2 if order.low_memory else 3,
    )
    with open_avatar(order.avatar) as avatar:
        if order.part == "frames":
            return measure_frames(avatar, settings, order.seconds)
        if order.part == "live":
            return measure_live(avatar, settings, order.seconds)
        return measure_sessions(avatar, settings, order.seconds)
