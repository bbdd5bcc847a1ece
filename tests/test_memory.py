"""What is given back is not missed."""

from __future__ import annotations

import platform
import subprocess
import sys
import weakref
from pathlib import Path

import numba
import numpy as np
import pytest

from renderer import Settings, kernels, open_avatar
from renderer.avatar import Avatar
from renderer.kernels import twins
from renderer.memory import COMPILER, _unwritten, let_go_of_the_compiler
from renderer.types import Samples

LINUX = pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="only Linux tells what is mapped")


def test_kernels_still_draw_and_compile_without_the_compilers_pages() -> None:
    kernels.warm_up()
    let_go_of_the_compiler()
    a, b = np.random.default_rng(0).integers(0, 256, (2, 6, 10, 4), np.uint8)
    out, right = np.empty_like(a), np.empty_like(a)
    kernels.cross_fade(a, b, 0.3, out)
    twins.cross_fade(a, b, 0.3, right)
    assert np.array_equal(out, right)
    compile_something()


def test_closing_an_avatar_frees_what_only_cycles_hold() -> None:
    class Cycle:
        def __init__(self) -> None:
            self.itself = self

    opened = open_avatar("milo")
    gone = weakref.ref(Cycle())
    opened.close()
    assert gone() is None


def test_with_little_memory_the_same_is_drawn(avatar: Avatar, speech: Samples) -> None:
    films = [
        avatar.render(speech, 16_000, Settings(low_memory=is_low), before=0.5, after=0.5)
        for is_low in (False, True)
    ]
    for usual, low in zip(*films, strict=True):
        assert np.array_equal(usual.pixels, low.pixels)


@LINUX
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's to set")
def test_large_blocks_leave_no_holes() -> None:
    """Pictures lay between small blocks that lived on: switching avatars left 8 to 15 MB.

    In a process of its own: one that has run for long has holes already, which large blocks fill first.
    """
    told = subprocess.run([sys.executable, "-c", HOLES], check=True, capture_output=True, text=True)
    full, left = map(float, told.stdout.split())
    assert full - left > 75


HOLES = """
from pathlib import Path
import numpy as np
from renderer.memory import keep_large_blocks_apart

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

keep_large_blocks_apart()
blocks, small = [], []
for _ in range(40):
    blocks.append(np.ones(2 << 20, np.uint8))
    small.append(np.ones(4096, np.uint8))
full = resident_mb()
blocks.clear()
print(full, resident_mb())
"""


@LINUX
def test_the_compilers_pages_are_no_longer_resident() -> None:
    compile_something()
    before = resident()
    let_go_of_the_compiler()
    assert before > 0
    assert resident() < before / 2


@LINUX
def test_only_mappings_that_hold_what_their_file_holds_are_given_back(tmp_path: Path) -> None:
    maps = tmp_path / "smaps"
    mappings = [
        ("1000-3000 r-xp 00000000 00:00 1 /lib/libllvmlite.so", 0),
        ("3000-4000 r--p 00002000 00:00 1 /lib/libllvmlite.so", 4),  # relocated: the file knows another
        ("4000-5000 rw-p 00003000 00:00 1 /lib/libllvmlite.so", 0),
        ("5000-6000 r-xp 00000000 00:00 2 /lib/libother.so", 0),
        ("6000-7000 r--p 00000000 00:00 0", 0),
    ]
    lines = [
        f"{head}\nSize: 8 kB\nRss: 8 kB\nAnonymous: {dirty} kB\nVmFlags: rd\n" for head, dirty in mappings
    ]
    maps.write_text("".join(lines))
    assert list(_unwritten(COMPILER, maps)) == [(0x1000, 0x2000)]


def test_a_system_that_tells_nothing_keeps_its_memory(tmp_path: Path) -> None:
    assert list(_unwritten(COMPILER, tmp_path / "none")) == []


def compile_something() -> None:
    assert numba.njit(lambda x: x * 2 + 1)(20) == 41


def resident() -> int:
    """Kilobytes of the compiler's library, where they hold what the file holds."""
    assert sys.platform == "linux"
    places = {first for first, _ in _unwritten(COMPILER)}
    total, is_ours = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        words = line.split()
        if not words[0].endswith(":"):
            is_ours = int(words[0].split("-")[0], 16) in places
        elif is_ours and words[0] == "Rss:":
            total += int(words[1])
    return total
