"""Where a frame's milliseconds go, function by function, while the default avatar listens and speaks."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

from renderer.avatar import open_avatar
from renderer.bench.frames import UNCOUNTED
from renderer.bench.speech import RATE, speech
from renderer.settings import FPS, Settings

SECONDS, QUICK_SECONDS = 8.0, 1.0
SEEN = 0.005
"""Share of a frame under which a function is not told; its caller keeps its time."""


def run(quick: bool) -> list[dict[str, Any]]:
    """A tree of each state: "name", "ms" a frame, and "calls", which are trees."""
    seconds = (QUICK_SECONDS if quick else SECONDS) + UNCOUNTED / FPS
    settings = Settings(pixels="bgra")
    with open_avatar() as avatar:
        listening = _watched(avatar.render(speech(0.0), RATE, settings, before=seconds))
        speaking = _watched(avatar.render(speech(seconds), RATE, settings))
    return [{"name": "listening", **listening}, {"name": "speaking", **speaking}]


@dataclass(slots=True)
class Node:
    """A function, called from a certain place."""

    spent: float = 0.0
    """Seconds, those of what it calls with them."""

    calls: dict[str, Node] = field(default_factory=dict)

    def told(self, name: str, frames: int, least: float) -> dict[str, Any]:
        """The tree from here on, without what takes less than `least` seconds."""
        calls = [
            node.told(each, frames, least)
            for each, node in sorted(self.calls.items(), key=lambda call: -call[1].spent)
            if node.spent >= least
        ]
        return {"name": name, "ms": self.spent * 1e3 / frames, "calls": calls}


def _watched(frames: Iterator[Any]) -> dict[str, Any]:
    for _ in range(UNCOUNTED):
        next(frames)
    root, count = Node(), 0
    began = time.perf_counter()
    with traced(root):
        for _ in frames:
            count += 1
    root.spent = time.perf_counter() - began
    told = root.told("frame", count, SEEN * root.spent)
    return {"ms": told["ms"], "calls": told["calls"]}


@contextmanager
def traced(root: Node) -> Iterator[None]:
    """Enter every call of this thread into a tree. Compiled kernels count to the functions that call them."""
    open_calls: list[tuple[Node, float]] = [(root, 0.0)]

    def enter(name: str) -> None:
        calls = open_calls[-1][0].calls
        node = calls.get(name)
        if node is None:
            node = calls[name] = Node()
        open_calls.append((node, time.perf_counter()))

    def leave() -> None:
        if len(open_calls) > 1:  # else it was entered before
            node, since = open_calls.pop()
            node.spent += time.perf_counter() - since

    def watch(frame: FrameType, event: str, function: Any) -> None:
        if event == "call":
            enter(_name(frame.f_code))
        elif event == "c_call":
            enter(getattr(function, "__name__", "native"))
        else:
            leave()

    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(None)


def _name(code: CodeType) -> str:
    return getattr(code, "co_qualname", code.co_name)  # qualified from Python 3.11 on
