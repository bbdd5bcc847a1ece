"""Several sessions of the default avatar at once, on all cores: 1, 2, 4 and as many as the machine holds."""

from __future__ import annotations

from typing import Any

from renderer.bench.order import Order
from renderer.bench.usage import cores

from .avatars import default_avatar

SECONDS, QUICK_SECONDS = 8.0, 1.0


def run(quick: bool) -> list[dict[str, Any]]:
    """How many each variant allows, and how late frames came in each try."""
    path, manifest = default_avatar()
    seconds = QUICK_SECONDS if quick else SECONDS
    return [
        {"variant": name, "cores": cores(), **Order("sessions", str(path), name, seconds).run()}
        for name in manifest.variants
    ]
