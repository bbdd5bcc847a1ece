"""What a soak calls growth."""

from __future__ import annotations

from benchmarks.tally import MOST_GROWTH, Tally

CALM = [200.0] * 9 + [203.0]
"""Looks at the memory of a visit, megabytes."""

CLOSED = 160.0


def test_decoders_that_come_and_go_are_no_growth() -> None:
    tally, busy = Tally(), [200.0, 200.0] + [212.0] * 8
    tally.remember("nora", CALM, CLOSED)
    tally.remember("nora", busy, CLOSED)
    assert tally.memory_mb["nora"] == [200.0, 200.0]
    assert tally.medians_mb["nora"] == [200.0, 212.0]
    assert tally.growth_mb() == 0.0
    assert tally.facts(threads_left=0)["is_well"]


def test_what_stays_when_all_are_closed_is_growth() -> None:
    tally = Tally()
    for more in (0.0, 1.0, MOST_GROWTH + 1):
        for name in ("nora", "theo"):
            tally.remember(name, CALM, CLOSED + more)
    assert tally.growth_mb() == MOST_GROWTH + 1
    assert not tally.facts(threads_left=0)["is_well"]


def test_a_visit_that_never_was_quiet_still_tells_what_stayed_after_it() -> None:
    tally = Tally()
    tally.remember("nora", CALM, CLOSED)
    tally.remember("nora", [], CLOSED + MOST_GROWTH + 1)
    assert len(tally.memory_mb["nora"]) == 1
    assert tally.growth_mb() == MOST_GROWTH + 1
