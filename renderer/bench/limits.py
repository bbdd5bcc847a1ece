"""How much memory a group of processes may still take: containers have less than their machine (Linux)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

GROUPS = Path("/sys/fs/cgroup")
MINE = Path("/proc/self/cgroup")

_UNLIMITED = 1 << 60
"""Bytes from which a limit is none: version 1 writes a number near 2**63."""


def room_in_group(mine: Path = MINE, groups: Path = GROUPS) -> float | None:
    """Megabytes left to this process's control group and to those around it; None where nothing is limited.

    mine, groups  where the system tells who is in which group, and what each may take (cgroups(7))
    """
    rooms = []
    for folder, limit, used, file_pages in _groups(mine, groups):
        try:
            most = (folder / limit).read_text().strip()
            if most == "max" or int(most) >= _UNLIMITED:
                continue
            taken = int((folder / used).read_text())
            told = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
        except (OSError, ValueError):
            continue
        given_back = sum(int(told.get(name, 0)) for name in file_pages)  # when somebody needs the room
        rooms.append((int(most) - taken + given_back) / 2**20)
    return min(rooms, default=None)


def _groups(mine: Path, groups: Path) -> Iterator[tuple[Path, str, str, tuple[str, ...]]]:
    """Folders of the groups this process is in, and the files in them, for both versions of the interface."""
    if not mine.exists():
        return
    for line in mine.read_text().splitlines():
        _, kinds, path = line.split(":", 2)
        names: tuple[str, str, tuple[str, ...]]
        if kinds == "":
            top, names = groups, ("memory.max", "memory.current", ("active_file", "inactive_file"))
        elif "memory" in kinds.split(","):
            top = groups / "memory"
            pages = ("total_active_file", "total_inactive_file")
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", pages)
        else:
            continue
        inside = PurePosixPath(path.lstrip("/"))
        for each in (inside, *inside.parents):
            yield (top / each, *names)
