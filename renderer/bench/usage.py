"""What this process takes of the machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .limits import room_in_group

STATUS = Path("/proc/self/status")


def memory() -> dict[str, float]:
    """Megabytes of this process, as far as the system tells.

    resident  in memory now
    own       the share of it that is this process's alone; the rest is program code, which the system lends
              to all processes alike and takes back when it needs room
    peak      the most that was resident
    """
    if STATUS.exists():
        told = dict(line.split(":", 1) for line in STATUS.read_text().splitlines() if ":" in line)
        wanted = {"resident": "VmRSS", "own": "RssAnon", "peak": "VmHWM"}
        return {name: int(told[key].split()[0]) / 1024 for name, key in wanted.items() if key in told}
    try:
        import resource
    except ImportError:  # Windows
        return {}
    unit = 2**20 if sys.platform == "darwin" else 1024
    return {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit}


def free_memory() -> float | None:
    """Megabytes that programs may still take here; None where the system does not tell."""
    facts = Path("/proc/meminfo")
    if not facts.exists():
        return None
    told = dict(line.split(":", 1) for line in facts.read_text().splitlines())
    rooms = [int(told["MemAvailable"].split()[0]) / 1024] if "MemAvailable" in told else []
    if (room := room_in_group()) is not None:
        rooms.append(room)
    return min(rooms, default=None)


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def keep_to(count: int) -> None:
    """Use no more than so many processors from now on. Raises ValueError where that cannot be had."""
    if not hasattr(os, "sched_setaffinity"):
        raise ValueError("this system does not let a program keep to some processors; leave --threads out")
    free = sorted(os.sched_getaffinity(0), reverse=True)  # the first one serves most interrupts
    if not 1 <= count <= len(free):
        raise ValueError(f"{count} processors; 1 to {len(free)} expected here")
    os.sched_setaffinity(0, free[:count])
