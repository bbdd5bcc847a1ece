"""Everything there is to know about a device, one part after another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import AvatarError
from .machine import machine
from .order import Order, Part
from .usage import cores
from .verdict import runs, too_slow, verdict

PARTS: dict[Part, str] = {
    "startup": "start-up",
    "frames": "frames, flat out",
    "live": "in real time",
    "sessions": "sessions at once",
}

Tell = Callable[[int, int, str], None]
"""Told before each part: how many are done, of how many, and what comes."""

STARTUPS = 3
"""Start-ups measured; the median is told. The first one also reads what no disk cache holds yet."""


def survey(
    path: Path,
    variant: str | None,
    seconds: float,
    limit: int | None,
    low_memory: bool,
    tell: Tell,
) -> dict[str, Any]:
    """Measure an avatar's variant, its first if none is named; the smaller ones too where that is too slow.

    seconds  of each measurement
    limit    processors that may be used
    Returns figures as of the modules named in PARTS, "machine", "avatar", "variant", "verdict". Raises
    AvatarError for a variant the avatar does not have.
    """
    told = Order("about", str(path), variant or "", seconds).run()
    variants: dict[str, dict[str, int]] = told["variants"]
    name = variant or next(iter(variants))
    if name not in variants:
        raise AvatarError(f"{path}: no variant {name!r}; it has {', '.join(variants)}")
    size = variants[name]
    figures: dict[str, Any] = {
        "machine": machine(),
        "avatar": told["id"],
        "variant": {"name": name, **size},
        "seconds": seconds,
        "processors": cores() if limit is None else limit,
        "low_memory": low_memory,
    }

    def measured(part: Part, of: str = name) -> dict[str, Any]:
        return Order(part, str(path), of, seconds, limit, low_memory).run()

    steps = STARTUPS - 1 + len(PARTS)
    done = 0
    for part, words in PARTS.items():
        tries = []
        for _ in range(STARTUPS if part == "startup" else 1):
            tell(done, steps, words)
            tries.append(measured(part))
            done += 1
        tries.sort(key=lambda tried: float(tried["seconds"]["all"]) if part == "startup" else 0.0)
        figures[part] = tries[len(tries) // 2]
    figures["others"] = {}
    if not runs(figures["frames"], figures["live"]):
        smaller = sorted(
            (other for other in variants.items() if _pixels(other[1]) < _pixels(size)),
            key=lambda other: -_pixels(other[1]),
        )
        for number, (other, _) in enumerate(smaller):
            tell(steps + number, steps + len(smaller), f"frames of {other}")
            figures["others"][other] = measured("frames", other)
            if not too_slow(figures["others"][other]):
                break
    figures["verdict"] = verdict(figures)
    return figures


def _pixels(size: dict[str, int]) -> int:
    return size["width"] * size["height"]
