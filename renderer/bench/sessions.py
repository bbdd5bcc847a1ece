"""How many avatars this device runs at once, each asked for 25 frames a second, all of them speaking."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

from ..avatar import Avatar
from ..session import Session
from ..settings import FPS, Settings
from .backdrop import behind
from .speech import RATE, speech
from .usage import cores, free_memory

MOST = 64
"""Sessions tried at most."""

ROOM = 80.0
"""Megabytes free before another session is tried: each takes 20 to 60 at 720p."""

ALLOWED = 0.005
"""Share of frames that may be late where it still counts as running: one in eight seconds is a hiccup of the
machine, which the viewer's queue covers."""

CHANCES = 2
"""Runs in which a number may show that it holds: a machine that stands still for a second spoils one."""

FILM = 30.0
"""Seconds of the films that are drawn flat out: opening their clips is part of it, but little."""

SETTLED = 12
"""Frames of each session that do not count: all open their decoders at once."""


def measure_sessions(avatar: Avatar, settings: Settings, seconds: float, most: int = MOST) -> dict[str, Any]:
    """Try 1, 2, 4 ... until frames come late, then what lies between.

    holds     the most that ran at once
    tries     of each number: "sessions", "frames", "late", and cores busy ("processor")
    flat_out  "fps": frames of speech that all cores draw in a second, each at a film of its own
    """
    tries: list[dict[str, Any]] = []

    def holds(count: int) -> bool:
        for _ in range(CHANCES):
            tried = run_sessions(avatar, settings, count, seconds)
            if is_held := tried["late"] <= ALLOWED * tried["frames"]:
                break
        tries.append(tried)
        return bool(is_held)

    good = search(holds, most, _has_room)
    return {
        "holds": good,
        "tries": sorted(tries, key=lambda tried: int(tried["sessions"])),
        "flat_out": {"fps": films(avatar, settings, cores(), seconds)},
    }


def search(holds: Callable[[int], bool], most: int, has_room: Callable[[int], bool]) -> int:
    """The largest number that holds, at most `most`, and at most a quarter under the first that does not.

    has_room  whether there is memory for so many more than held before
    """
    good, bad, count = 0, most + 1, 1
    while good < count < bad and has_room(count - good):
        if holds(count):
            good = count
        else:
            bad = count
        if bad <= most and bad - good <= max(1, good // 4):
            break
        count = min(2 * good, most) if bad > most else (good + bad) // 2
    return good


def run_sessions(avatar: Avatar, settings: Settings, count: int, seconds: float) -> dict[str, Any]:
    """So many sessions for `seconds`. A frame is late that comes a frame's length after it was due."""
    sessions = [avatar.session(settings) for _ in range(count)]
    for session in sessions:
        session.set_background(behind(avatar, settings))
    viewers = [_Viewer(session, number, count, seconds) for number, session in enumerate(sessions)]
    try:
        for viewer in viewers:
            viewer.start()
        processor, began = time.process_time(), time.perf_counter()
        for viewer in viewers:
            viewer.join()
        share = (time.process_time() - processor) / (time.perf_counter() - began)
    finally:
        for session in sessions:
            session.close()
    for viewer in viewers:
        if viewer.failure is not None:
            raise viewer.failure
    return {
        "sessions": count,
        "frames": sum(viewer.frames for viewer in viewers),
        "late": sum(viewer.late for viewer in viewers),
        "processor": share,
    }


def films(avatar: Avatar, settings: Settings, count: int, seconds: float) -> float:
    """Frames a second drawn altogether by so many threads within `seconds`, each at films of its own."""
    drawn: list[int] = []
    end = time.perf_counter() + seconds

    def draw(number: int) -> None:
        frames = 0
        while time.perf_counter() < end:
            sound = speech(FILM, begin=0.7 * number)
            film = avatar.render(sound, RATE, settings, background=behind(avatar, settings))
            frames += sum(1 for _ in itertools.takewhile(lambda _: time.perf_counter() < end, film))
        drawn.append(frames)

    threads = [threading.Thread(target=draw, args=(number,), daemon=True) for number in range(count)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(drawn) / (time.perf_counter() - began)


class _Viewer(threading.Thread):
    """Takes one session's frames when they are due."""

    def __init__(self, session: Session, number: int, count: int, seconds: float) -> None:
        super().__init__(name=f"bench-viewer-{number}", daemon=True)
        self._session, self._count = session, round(seconds * FPS)
        self._delay = number / count / FPS  # viewers do not all look at the same moment
        self._speech = speech(seconds + 2.0, begin=0.7 * number)
        self.frames = self.late = 0
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            self._watch()
        except Exception as error:
            self.failure = error

    def _watch(self) -> None:
        self._session.push(self._speech, RATE)
        for _ in range(SETTLED):
            next(self._session)
        start = time.perf_counter() + self._delay
        for index in range(self._count):
            due = start + index / FPS
            time.sleep(max(0.0, due - time.perf_counter()))
            next(self._session)
            self.frames += 1
            self.late += time.perf_counter() > due + 1 / FPS


def _has_room(more: int) -> bool:
    free = free_memory()
    return free is None or free > more * ROOM
