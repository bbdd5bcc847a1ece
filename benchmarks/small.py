"""A small device: one core, 300 MB for everything, `Settings.low_memory`; what `avatar bench` says of it.

The limit is a control group (Linux; needs the right to make one): memory and pages of files. A process that
wants more is killed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from renderer.bench.limits import GROUPS
from renderer.bench.survey import survey
from renderer.errors import RendererError

from .avatars import default_avatar

MEGABYTES = 300
SECONDS, QUICK_SECONDS = 5.0, 1.0


def run(quick: bool) -> list[dict[str, Any]]:
    """The survey of every variant, with "limit_mb"."""
    path, manifest = default_avatar()
    rows = []
    with limited(MEGABYTES):
        for name in manifest.variants:
            seconds = QUICK_SECONDS if quick else SECONDS
            told = survey(path, name, seconds, 1, True, lambda *_: None)
            rows.append({"name": name, "limit_mb": MEGABYTES, **told})
    return rows


@contextmanager
def limited(megabytes: int) -> Iterator[None]:
    """Start no process meanwhile that takes more than so much, together with those it starts.

    Raises RendererError where this user may not make control groups.
    """
    version_1 = (GROUPS / "memory").is_dir()
    top = GROUPS / "memory" if version_1 else GROUPS
    limit, members = ("memory.limit_in_bytes", "tasks") if version_1 else ("memory.max", "cgroup.procs")
    group, before = top / f"avatar-{os.getpid()}", top / members
    try:
        group.mkdir()
        (group / limit).write_text(str(megabytes << 20))
        before = _own_group(top, version_1) / members
        (group / members).write_text(str(os.getpid()))
    except OSError as error:
        if group.is_dir():
            group.rmdir()
        raise RendererError(
            f"{group}: no control group ({error.strerror}); one of {megabytes} MB expected; run this as root"
        ) from error
    try:
        yield
    finally:
        before.write_text(str(os.getpid()))
        group.rmdir()


def _own_group(top: Path, version_1: bool) -> Path:
    lines = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text().splitlines()]
    mine = next(path for _, kinds, path in lines if kinds == ("memory" if version_1 else ""))
    return top / mine.lstrip("/")
