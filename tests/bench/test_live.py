"""A run in real time tells what became of each frame."""

from __future__ import annotations

from renderer import Settings
from renderer.avatar import Avatar
from renderer.bench.live import measure_live


def test_frames_waits_and_what_the_process_takes_are_told(avatar: Avatar) -> None:
    told = measure_live(avatar, Settings(pixels="bgra"), seconds=0.6, trials=1)
    for side in (told["listening"], told["speaking"]):
        assert side["shown"] > 0
        assert side["dropped"] >= 0
        assert side["processor"] > 0
        assert all(megabytes > 0 for megabytes in side["memory_mb"].values())
    assert set(told["waiting"]) >= {"answer", "silence", "closed"}
    assert all(wait["worst"] > 0 for wait in told["waiting"].values())
