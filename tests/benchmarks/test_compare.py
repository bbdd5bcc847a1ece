"""What got slower is found, what got faster or wavers is not."""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.compare import MUCH, main, worse

OLD: dict[str, Any] = {
    "machine": {"load": 1.0},
    "frames": [
        {"variant": "720p", "speaking_ms": {"p50": 4.0, "p99": 9.0}, "first_frame_s": 0.9, "width": 1280},
        {"variant": "540p", "speaking_ms": {"p50": 3.0, "p99": 8.0}, "first_frame_s": 0.8, "width": 960},
    ],
    "sessions": [{"variant": "720p", "holds": 8, "tries": [{"sessions": 4, "late": 0, "processor": 0.5}]}],
    "flat_out": {"fps": 200.0},
}


def changed(**places: float) -> dict[str, Any]:
    new = copy.deepcopy(OLD)
    frame = new["frames"][0]
    for name, factor in places.items():
        group: dict[str, Any] = {
            "p50": frame["speaking_ms"],
            "p99": frame["speaking_ms"],
            "first_frame_s": frame,
            "holds": new["sessions"][0],
            "fps": new["flat_out"],
            "load": new["machine"],
            "width": frame,
        }[name]
        group[name] *= factor
    return new


@pytest.mark.parametrize(
    ("new", "names"),
    [
        (changed(), []),
        (changed(p50=2.0), ["frames · 720p · speaking_ms · p50"]),
        (changed(p50=MUCH * 0.99), []),
        (changed(p50=0.5, first_frame_s=0.5, fps=3.0, holds=2), []),
        (changed(fps=0.5, holds=0.25), ["sessions · 720p · holds", "flat_out · fps"]),
        (changed(p99=9.0, load=9.0, width=2.0), []),
    ],
    ids=["nothing", "slower", "a little slower", "faster", "fewer", "what says nothing"],
)
def test_only_what_got_much_worse_is_told(new: dict[str, Any], names: list[str]) -> None:
    assert [name for name, *_ in worse(OLD, new)] == names


def test_entries_are_known_by_their_names_not_their_places() -> None:
    turned = copy.deepcopy(OLD)
    turned["frames"].reverse()
    assert worse(OLD, turned, factor=1.01) == []


def test_two_folders_are_compared_file_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, told in (("old", OLD), ("new", changed(p50=3.0))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "frames.json").write_text(json.dumps(told))
    monkeypatch.setattr(sys, "argv", ["compare", str(tmp_path / "old"), str(tmp_path / "new")])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    assert "3.00" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["compare", *[str(tmp_path / "old" / "frames.json")] * 2])
    main()
    assert "nothing got worse" in capsys.readouterr().out
