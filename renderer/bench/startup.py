"""From nothing to the first frame. Belongs into a fresh process that has imported nothing yet."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from .usage import memory


def measure_startup(avatar: Path, variant: str, spare: bool, began: float) -> dict[str, Any]:
    """Import, open and draw one listening frame, as a host does.

    began    when the process was started, in seconds as of `time.time`
    Returns "seconds": of the interpreter, the import, opening, the first frame, and all of it; "memory": as
    of `usage.memory` after each.
    """
    marks = [("interpreter", time.time() - began)]
    held = {"interpreter": memory()}
    last = time.perf_counter()

    def mark(name: str) -> None:
        nonlocal last
        now = time.perf_counter()
        marks.append((name, now - last))
        held[name] = memory()
        last = time.perf_counter()  # looking at the memory does not count

    from ..avatar import open_avatar
    from ..settings import Settings

    mark("import")
    with open_avatar(avatar) as opened:
        mark("open")
        settings = Settings(variant=variant, pixels="bgra", low_memory=spare)
        with opened.session(settings) as session:
            next(session)
            mark("first frame")
    return {"seconds": {**dict(marks), "all": sum(seconds for _, seconds in marks)}, "memory": held}
