"""The time left is what was expected, corrected by what was seen; the clock is moved by hand."""

from __future__ import annotations

import pytest
from needs import studio

from renderer.studio.progress import BuildProgress

pytestmark = studio


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_time_left_follows_what_was_expected_and_seen() -> None:
    clock = Clock()
    progress = BuildProgress(clock)
    progress.expect({"look": 10, "learn": 100, "write": 20})
    progress.begin("look")
    assert progress.seconds_left() == pytest.approx(130)
    clock.now += 10
    progress.advance(0.5)  # twice as slow as expected
    assert progress.seconds_left() == pytest.approx(10 + 120)
    clock.now += 10
    progress.begin("learn")
    assert progress.seconds_left() == pytest.approx(100 + 2 * 20)
    progress.advance(0.1)
    clock.now += 5
    progress.advance(0.25)
    assert progress.seconds_left() == pytest.approx(15 + 40)
    clock.now += 15
    progress.begin("write")
    clock.now += 1
    progress.end()
    assert progress.seconds_left() == 0
    assert progress.share() == 1
    assert progress.took == {"look": 20, "learn": 20, "write": 1}


def test_going_through_things_advances_with_each() -> None:
    clock = Clock()
    progress = BuildProgress(clock)
    progress.expect({"look": 8})
    progress.begin("look")
    for _ in progress.over(range(4), 4):
        clock.now += 3
    assert progress.seconds_left() == 0
    assert progress.share() == 1
