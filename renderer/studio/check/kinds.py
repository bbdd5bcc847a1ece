"""The three kinds of recording, and the limits that differ between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

KindName = Literal["studio", "instant", "4k"]

GIGABYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of recording (R-B2 to R-B4)."""

    name: KindName
    words: str
    shortest: float
    """Seconds under which it is refused (R-C2)."""

    advised: float
    """Seconds under which the stricter of two sources refuses it (R-C1)."""

    largest: int
    """Bytes (R-C3)."""

    sizes: tuple[tuple[int, int], ...]
    """Long and short side that are accepted (R-C5)."""

    needs_sound: bool
    """R-C11, R-F24."""

    longest: float = 600.0
    """Seconds (R-C1, R-C2)."""


FULL_HD, UHD = (1920, 1080), (3840, 2160)

KINDS: dict[KindName, Kind] = {
    "studio": Kind("studio", "the person's own lips and teeth", 120, 180, 5 * GIGABYTE, (FULL_HD, UHD), True),
    "instant": Kind("instant", "lips and teeth made up", 60, 60, 5 * GIGABYTE, (FULL_HD, UHD), False),
    "4k": Kind("4k", "as studio, shown in 4K", 120, 180, 10 * GIGABYTE, (UHD,), True),
}
