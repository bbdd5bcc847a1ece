"""Samples and frames lie on one axis, exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.timeline import Timeline

RATES = [Fraction(25), Fraction(30), Fraction(30000, 1001), Fraction(24000, 1001)]


@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize("sample_rate", [16_000, 44_100, 48_000])
def test_first_sample_belongs_to_its_frame(fps: Fraction, sample_rate: int) -> None:
    timeline = Timeline(sample_rate, fps)
    for frame in range(2000):
        first = timeline.first_sample(frame)
        assert timeline.frame_of(first) == frame
        if first:
            assert timeline.frame_of(first - 1) == frame - 1


def test_a_frame_of_25_a_second_is_640_samples_at_16_khz() -> None:
    timeline = Timeline(16_000, Fraction(25))
    assert {timeline.samples_of(frame) for frame in range(100)} == {640}


def test_frames_of_a_day_hold_every_sample_of_the_day() -> None:
    timeline = Timeline(48_000, Fraction(30000, 1001))
    day = 24 * 3600 * 48_000
    frames = timeline.frames_in(day)
    assert timeline.first_sample(frames - 1) < day <= timeline.first_sample(frames)


@given(st.integers(0, 10**9), st.sampled_from(RATES))
def test_frames_in_holds_all_samples_and_no_frame_is_empty(samples: int, fps: Fraction) -> None:
    timeline = Timeline(16_000, fps)
    frames = timeline.frames_in(samples)
    assert timeline.first_sample(frames) >= samples
    assert frames == 0 or timeline.first_sample(frames - 1) < samples


def test_frame_at_half_a_second() -> None:
    timeline = Timeline(48_000, Fraction(25))
    assert timeline.frame_at(0.5) == 12
    assert timeline.seconds(12) == pytest.approx(0.48)


def test_a_timeline_needs_positive_rates() -> None:
    with pytest.raises(ValueError, match="must be positive"):
        Timeline(0, Fraction(25))
