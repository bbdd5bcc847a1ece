"""Made-up figures of a survey, as a device of some speed would give them."""

from __future__ import annotations

from typing import Any

from renderer.bench.spread import spread
from renderer.bench.stages import REST, STAGES


def frames(milliseconds: float) -> dict[str, Any]:
    """Frames of so many milliseconds, some a little slower."""
    side: dict[str, Any] = {"processor": milliseconds}
    for name in (*STAGES, REST, "frame"):
        share = 1.0 if name == "frame" else 1 / 8
        side[name] = spread([milliseconds * share * (1 + 0.001 * i) for i in range(50)])
    rate = 1000 / milliseconds
    flat_out = {"fps": rate, "real_time_factor": 25 / rate}
    return {"listening": side, "speaking": side, "flat_out": flat_out}


def paced(lost: int = 0) -> dict[str, Any]:
    """A run in real time in which so many frames were dropped."""
    return {
        "shown": 125 - lost,
        "dropped": lost,
        "late": 0,
        "skew_ms": -7.9,
        "gaps": 0,
        "processor": 0.12,
        "memory_mb": {"resident": 220.0, "own": 150.0, "peak": 240.0},
    }


def figures(milliseconds: float, lost: int = 0, others: dict[str, float] | None = None) -> dict[str, Any]:
    """A survey without its verdict; `others` are the variants measured beside, with their milliseconds."""
    return {
        "machine": {"processor": "Chip & Co <2>", "cores": "2", "system": "Linux", "load": "0.3"},
        "avatar": "anna",
        "variant": {"name": "720p", "width": 1280, "height": 720},
        "seconds": 5.0,
        "processors": 2,
        "low_memory": False,
        "startup": {"seconds": {"interpreter": 0.1, "import": 0.4, "all": 0.9}, "memory": {}},
        "frames": frames(milliseconds),
        "live": {"listening": paced(), "speaking": paced(lost), "waiting": {"answer": spread([30.0, 70.0])}},
        "sessions": {
            "holds": 4,
            "tries": [{"sessions": 4, "frames": 500, "late": 0, "processor": 0.9}],
            "flat_out": {"fps": 1900 / milliseconds},
        },
        "others": {name: frames(each) for name, each in (others or {}).items()},
    }
