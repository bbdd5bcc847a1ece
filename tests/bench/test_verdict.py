"""The verdict says which variant runs here, and what to do where none does."""

from __future__ import annotations

from bench_figures import figures

from renderer.bench.verdict import SLOWEST, verdict


def test_a_fast_device_runs_it() -> None:
    told = verdict(figures(4.0))
    assert told["runs"]
    assert told["variant"] == "720p"
    assert "4 sessions at once" in told["words"]
    assert told["busy"] is None


def test_a_device_too_slow_is_shown_the_lighter_variant() -> None:
    told = verdict(figures(SLOWEST * 1.2, others={"540p": SLOWEST / 2}))
    assert not told["runs"]
    assert told["variant"] == "540p"
    assert "--variant 540p" in told["words"]


def test_a_device_too_slow_for_all_is_told_to_draw_elsewhere() -> None:
    told = verdict(figures(SLOWEST * 3, others={"540p": SLOWEST * 2}))
    assert told["variant"] is None
    assert "server" in told["words"]


def test_one_lost_frame_is_forgiven_and_three_are_not() -> None:
    assert verdict(figures(4.0, lost=1))["runs"]
    told = verdict(figures(4.0, lost=3))
    assert not told["runs"]
    assert "3 of 125 frames" in told["words"]


def test_a_busy_machine_is_mentioned() -> None:
    disturbed = figures(4.0)
    disturbed["machine"]["load"] = "9.1"
    assert "9 programs" in str(verdict(disturbed)["busy"])
