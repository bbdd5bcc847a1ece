"""Every stage is timed, none twice, and nothing else changes."""

from __future__ import annotations

import time

import numpy as np
import pytest

from renderer import Settings
from renderer.avatar import Avatar
from renderer.bench import stages
from renderer.bench.frames import measure_frames
from renderer.bench.stages import REST, STAGES, Stopwatch
from renderer.types import Samples

PLACES = [place for places in STAGES.values() for place in places]


def test_every_stage_is_seen_at_work(cut_out: Avatar, speech: Samples) -> None:
    settings = Settings(pixels="bgra")
    with Stopwatch().running() as watch:
        for _ in cut_out.render(speech, 16_000, settings, background="#2080ff"):
            pass
    assert all(milliseconds > 0 for milliseconds in watch.lap().values())
    assert not any(watch.lap().values()), "a lap begins with nothing"


def test_under_a_stopwatch_the_same_is_drawn(avatar: Avatar, speech: Samples) -> None:
    with Stopwatch().running():
        watched = [frame.pixels.copy() for frame in avatar.render(speech, 16_000)]
    plain = [frame.pixels.copy() for frame in avatar.render(speech, 16_000)]
    assert np.array_equal(watched, plain)


@pytest.mark.parametrize(("owner", "name"), PLACES, ids=[name for _, name in PLACES])
def test_when_it_stops_the_functions_are_their_own_again(owner: object, name: str) -> None:
    function = getattr(owner, name)
    with Stopwatch().running():
        assert getattr(owner, name) is not function
    assert getattr(owner, name) is function


def test_a_stage_within_another_is_not_counted_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(
        [0.0, 1.0, 4.0, 10.0]
    )  # the outer one begins, the inner one begins, ends, the outer one ends
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))

    class Work:
        def outer(self) -> None:
            self.inner()

        def inner(self) -> None:
            pass

    monkeypatch.setattr(stages, "STAGES", {"outside": ((Work, "outer"),), "inside": ((Work, "inner"),)})
    with Stopwatch().running() as watch:
        Work().outer()
    assert watch.lap() == {"outside": 7000.0, "inside": 3000.0}


def test_stages_and_the_rest_are_the_whole_frame(avatar: Avatar) -> None:
    told = measure_frames(avatar, Settings(pixels="bgra"), 0.8)
    for state in ("listening", "speaking"):
        parts = sum(told[state][name]["mean"] for name in (*STAGES, REST))
        assert parts == pytest.approx(told[state]["frame"]["mean"])
    assert told["listening"]["lips"]["worst"] == 0.0, "no network runs while it listens"
    assert told["speaking"]["lips"]["p50"] > 0.0
    flat_out = told["flat_out"]
    assert flat_out["fps"] * flat_out["real_time_factor"] == pytest.approx(25)


def test_an_avatar_with_a_matte_is_measured_before_a_background(cut_out: Avatar, avatar: Avatar) -> None:
    settings = Settings(pixels="bgra")
    assert measure_frames(cut_out, settings, 0.3)["listening"]["background"]["p50"] > 0
    assert measure_frames(avatar, settings, 0.3)["listening"]["background"]["worst"] == 0
