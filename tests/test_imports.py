"""The house stands as DESIGN.md draws it: rooms import only what lies below them."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "renderer"

FLOORS = [
    {"errors", "types", "timeline", "settings", "resources"},
    {
        "network",
        "kernels",
        "clock",
        "activity",
        "expression",
        "presence",
        "buffers",
        "inbox",
        "memory",
        "portaudio",
    },
    {"package"},
    {"store", "audio", "features", "poses", "stance"},
    {"mouth", "lips", "voices", "backdrop", "hearing", "sources", "ways", "turning"},
    {"clips", "director", "easing", "utterances"},
    {"face"},
    {"pipeline", "presentation"},
    {"outbox"},
    {"drafter"},
    {"worker"},
    {"events", "saying"},
    {"session"},
    {"aio", "listening"},
    {"avatar", "sinks"},
    {"studio", "bench"},
    {"cli"},
    {"__main__"},
]
"""Rooms from the ground up. A room is a module or a folder of `renderer`."""

HEAVY = {"torch", "mediapipe", "onnx", "scipy", "cv2"}
"""What only the studio may import."""


def files() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def room(file: Path) -> str:
    inside = file.relative_to(ROOT)
    return inside.parts[0].removesuffix(".py")


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


def imports(file: Path) -> Iterator[str]:
    """Every module a file imports, those inside functions included, as absolute names."""
    package = ["renderer", *file.relative_to(ROOT).parts[:-1]]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            stem = [*base, *(node.module.split(".") if node.module else [])]
            yield ".".join(stem)
            if stem == ["renderer"]:
                yield from (f"renderer.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_room_imports_only_what_lies_below_it(file: Path) -> None:
    own = room(file)
    if own == "__init__":
        return
    for name in imports(file):
        parts = name.split(".")
        if parts[0] == "renderer" and len(parts) > 1 and parts[1] != own:
            assert floor(parts[1]) < floor(own), f"{own} imports {parts[1]}"


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_only_the_studio_imports_what_trains(file: Path) -> None:
    if room(file) != "studio":
        assert not HEAVY & {name.split(".")[0] for name in imports(file)}


def test_every_room_stands_on_a_floor() -> None:
    rooms = {room(file) for file in files()} - {"__init__"}
    assert rooms <= set().union(*FLOORS)


def test_the_runtime_loads_without_what_trains() -> None:
    code = "import sys, renderer.cli, renderer.avatar; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not (HEAVY - {"scipy"}) & set(loaded), "numba looks for scipy, and takes it where it is"
