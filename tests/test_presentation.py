"""Frames follow the sound; the tests move the sound by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from renderer.clock import ManualClock, MonotonicClock
from renderer.presentation import EARLY, Presentation, Turn
from renderer.timeline import Timeline

TIMELINE = Timeline(48_000, Fraction(25))


def test_a_frame_shows_when_its_sound_is_heard() -> None:
    presentation = Presentation(TIMELINE)
    start = TIMELINE.first_sample(3)
    assert presentation.turn(start, start - 1920) is Turn.HOLD
    assert presentation.turn(start, start) is Turn.SHOW


def test_a_frame_may_be_early_by_half_a_refresh() -> None:
    presentation = Presentation(TIMELINE)
    early = round(EARLY * 48_000)
    assert presentation.turn(9600, 9600 - early - 1) is Turn.HOLD
    assert presentation.turn(9600, 9600 - early) is Turn.SHOW
    assert presentation.counts.worst_skew == pytest.approx(-EARLY)


def test_a_frame_late_by_more_than_itself_is_dropped() -> None:
    presentation = Presentation(TIMELINE)
    assert presentation.turn(9600, 9600 + 1919) is Turn.SHOW
    assert presentation.turn(9600, 9600 + 1920) is Turn.DROP


@pytest.mark.parametrize("fps", [Fraction(25), Fraction(30), Fraction(30_000, 1001)], ids=str)
def test_a_stall_of_one_second_drops_exactly_what_was_missed(fps: Fraction) -> None:
    timeline = Timeline(48_000, fps)
    presentation = Presentation(timeline)
    clock = ManualClock()
    frame, shown = 0, []
    while frame < 100:
        heard = round(clock.now() * 48_000)
        turn = presentation.turn(timeline.first_sample(frame), heard)
        if turn is Turn.HOLD:
            clock.advance(0.001)
            continue
        if turn is Turn.SHOW:
            shown.append(frame)
            if frame == 10:
                clock.advance(1.0)
        frame += 1
    resumed = shown[11]
    missed = [f for f in range(11, 100) if f not in shown]
    # Frame 10 showed within the tolerance before its time; a second later another frame is on.
    assert resumed - 10 in (int(fps) - 1, int(fps), int(fps) + 1)
    assert missed == list(range(11, resumed))
    assert presentation.counts.dropped == resumed - 11
    assert presentation.counts.shown == 100 - (resumed - 11)
    assert presentation.counts.held == 1


def test_frames_on_time_are_neither_held_nor_dropped() -> None:
    presentation = Presentation(TIMELINE)
    for frame in range(50):
        start = TIMELINE.first_sample(frame)
        assert presentation.turn(start, start + 300) is Turn.SHOW
    assert (presentation.counts.held, presentation.counts.dropped) == (0, 0)


def test_the_sound_that_stands_still_holds_the_picture() -> None:
    """Too slow a machine: the sound runs dry, its position stands, so no frame is ever late."""
    presentation = Presentation(TIMELINE)
    for frame in range(20):
        start = TIMELINE.first_sample(frame)
        assert presentation.turn(start, start) is Turn.SHOW
    assert presentation.counts.dropped == 0


def test_a_cut_is_no_hold() -> None:
    presentation = Presentation(TIMELINE)
    presentation.turn(0, 0)
    presentation.cut()
    presentation.turn(48_000, 48_000)
    assert presentation.counts.held == 0


def test_waiting_ends_when_the_frame_may_show() -> None:
    presentation = Presentation(TIMELINE)
    assert presentation.seconds_until(48_000, 0) == pytest.approx(1 - EARLY)
    assert presentation.seconds_until(0, 48_000) == 0


def test_clocks_never_go_back() -> None:
    machine, hand = MonotonicClock(), ManualClock(5.0)
    assert machine.now() <= machine.now()
    hand.advance(0.25)
    assert hand.now() == 5.25
    with pytest.raises(ValueError, match="forwards"):
        hand.advance(-1)
