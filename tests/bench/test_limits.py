"""What a container may take counts, not what its machine has."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderer.bench.limits import room_in_group

MB = 2**20


def group(folder: Path, version: int, limit: str, used: int, files: int) -> None:
    """A control group as Linux shows it."""
    folder.mkdir(parents=True, exist_ok=True)
    names = (
        ("memory.max", "memory.current")
        if version == 2
        else ("memory.limit_in_bytes", "memory.usage_in_bytes")
    )
    (folder / names[0]).write_text(f"{limit}\n")
    (folder / names[1]).write_text(f"{used}\n")
    kind = "" if version == 2 else "total_"
    stat = f"anon {used}\n{kind}active_file {files}\n{kind}inactive_file 0\n"
    (folder / "memory.stat").write_text(stat)


@pytest.mark.parametrize("version", [1, 2])
def test_pages_of_files_count_as_room(tmp_path: Path, version: int) -> None:
    mine, top = tmp_path / "cgroup", tmp_path / "groups"
    mine.write_text("0::/box\n" if version == 2 else "5:cpu:/\n4:memory,hugetlb:/box\n")
    group((top if version == 2 else top / "memory") / "box", version, str(300 * MB), 250 * MB, 40 * MB)
    assert room_in_group(mine, top) == 90


def test_the_tightest_group_around_counts(tmp_path: Path) -> None:
    mine, top = tmp_path / "cgroup", tmp_path / "groups"
    mine.write_text("0::/outer/inner\n")
    group(top / "outer", 2, str(400 * MB), 350 * MB, 0)
    group(top / "outer" / "inner", 2, "max", 100 * MB, 0)
    assert room_in_group(mine, top) == 50


def test_where_nothing_is_limited_nothing_is_said(tmp_path: Path) -> None:
    mine, top = tmp_path / "cgroup", tmp_path / "groups"
    assert room_in_group(mine, top) is None
    mine.write_text("0::/\n4:memory:/\n")
    group(top, 2, "max", MB, 0)
    group(top / "memory", 1, "9223372036854771712", MB, 0)
    assert room_in_group(mine, top) is None
