from __future__ import annotations

import io
import shutil
from pathlib import Path

from avatars import LENGTHS, SIZES
from rich.console import Console

from renderer.package.inspection import inspect_package
from renderer.package.reader import open_package


def read(path: Path) -> str:
    out = io.StringIO()
    Console(file=out, width=120).print(inspect_package(path))
    return out.getvalue()


def test_everything_in_a_package_is_shown(tiny_avatar: Path) -> None:
    shown = read(tiny_avatar)
    with open_package(tiny_avatar) as package:
        for name, facts in package.manifest.files.items():
            assert name in shown
            assert facts.sha256[:12] in shown
    for name, (width, height) in SIZES.items():
        assert f"{name}: {width}x{height}" in shown
    for name, frames in LENGTHS.items():
        assert [line for line in shown.splitlines() if name in line and f" {frames} " in line]
    assert "In order: 17 files, 6 clips" in shown


def test_the_longest_wait_for_a_transition_is_shown(tiny_avatar: Path) -> None:
    # exits of listening to speaking at 4, 9, 13 of 14 frames: 5 frames at most; of nod at its end: 10
    lines = [line.split() for line in read(tiny_avatar).splitlines()]
    assert ["listening", "speaking", "3", "0.20", "s"] in lines
    assert ["nod", "listening", "1", "0.40", "s"] in lines


def test_square_brackets_in_a_path_are_only_text(tiny_avatar: Path, tmp_path: Path) -> None:
    path = tmp_path / "[red]a.avatar"
    shutil.copy(tiny_avatar, path)
    assert "[red]a.avatar" in read(path).replace("\n", "").replace(" ", "")
