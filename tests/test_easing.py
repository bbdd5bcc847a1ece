"""The mouth follows its utterance to the bit, and eases over every break."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.easing import CLOSING, Easing
from renderer.types import MouthFrame


def mouth(index: int, weight: float = 1.0, presence: float = 1.0) -> MouthFrame:
    return MouthFrame(np.full(3, weight, np.float32), presence, index)


def openness(drawn: MouthFrame | None) -> float:
    return 0.0 if drawn is None else float(drawn.weights[0]) * drawn.presence


def test_an_utterance_that_begins_at_rest_is_followed_to_the_bit() -> None:
    easing = Easing()
    wanted = [mouth(i, 0.1 * i, min(1.0, (i + 1) / 3)) for i in range(10)]
    assert [easing.step(frame, 1) for frame in wanted] == wanted


def test_a_mouth_that_loses_its_sound_closes_steadily() -> None:
    easing = Easing()
    for i in range(5):
        easing.step(mouth(i), 1)
    drawn = [easing.step(None, None) for _ in range(CLOSING + 2)]
    presences = [0.0 if frame is None else frame.presence for frame in drawn]
    assert presences == pytest.approx([2 / 3, 1 / 3, 0.0, 0.0, 0.0])
    assert drawn[CLOSING - 1] is None, "at rest no network runs"


def test_sound_that_goes_on_after_a_wait_opens_the_mouth_again_by_and_by() -> None:
    """Late sound used to put the mouth where it belonged at once: it jumped."""
    easing = Easing()
    for i in range(5):
        easing.step(mouth(i), 1)
    for _ in range(10):
        easing.step(None, None)
    opened = [openness(easing.step(mouth(i), 1)) for i in range(5, 12)]
    assert opened == pytest.approx([1 / 9, 4 / 9, 1, 1, 1, 1, 1])


def test_sound_that_goes_on_while_the_mouth_still_closes_takes_it_from_there() -> None:
    easing = Easing()
    for i in range(5):
        easing.step(mouth(i), 1)
    easing.step(None, None)
    drawn = [easing.step(mouth(i), 1) for i in range(5, 10)]
    steps = np.diff([2 / 3, *(frame.presence for frame in drawn if frame)])
    assert steps.max() <= 1 / 3


def test_the_next_utterance_takes_over_from_where_the_mouth_is() -> None:
    easing = Easing()
    for i in range(5):
        easing.step(mouth(i, 2.0), 1)
    drawn = [easing.step(mouth(i, -1.0, min(1.0, (i + 1) / 3)), 2) for i in range(6)]
    weights = [2.0, *(float(frame.weights[0]) for frame in drawn if frame)]
    assert max(abs(np.diff(weights))) <= 3.0 / CLOSING + 1e-6
    assert weights[-1] == -1.0


def test_it_can_be_taken_back() -> None:
    easing = Easing()
    easing.step(mouth(0), 1)
    before = easing.memory
    once = [easing.step(None, None) for _ in range(2)]
    easing.memory = before
    again = [easing.step(None, None) for _ in range(2)]
    assert [openness(frame) for frame in once] == [openness(frame) for frame in again]
