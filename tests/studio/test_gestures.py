"""A hand that leaves its place and comes back in time is a gesture; swaying and new postures are none."""

from __future__ import annotations

from typing import Any

import numpy as np
from figures import WIDTH, figure, raised
from needs import studio
from numpy.typing import NDArray

from renderer.studio.gestures import BodyMotion, Movement, find_movements

pytestmark = studio


def movements(hand: NDArray[np.floating[Any]], **more: object) -> list[Movement]:
    greys, points = figure(hand, **more)  # type: ignore[arg-type]
    return find_movements(BodyMotion(greys, points, WIDTH))


def test_a_gesture_is_found_where_it_is() -> None:
    (found,) = movements(raised(200, (80, 24, 10)))
    assert found.is_gesture
    assert abs(found.start - 80) <= 5
    assert abs(found.end - 114) <= 5


def test_two_gestures_are_two_however_often_they_look_alike() -> None:
    found = movements(raised(300, (60, 24, 6), (170, 30, 0)))
    assert [movement.is_gesture for movement in found] == [True, True]
    assert found[0].end < 120 < 150 < found[1].start


def test_a_hand_held_up_for_a_while_comes_back_too_late_for_a_gesture() -> None:
    (found,) = movements(raised(300, (60, 24, 90)))
    assert found.returns
    assert found.frames > 75
    assert not found.is_gesture


def test_a_new_posture_is_no_gesture() -> None:
    hand = raised(300, (100, 24, 300))
    (found,) = movements(hand)
    assert not found.returns
    assert not found.is_gesture
    assert abs(found.end - 112) <= 6


def test_swaying_nodding_and_noise_are_no_movements_of_the_hand() -> None:
    sway = 9 * np.sin(np.arange(250) / 12)
    assert movements(np.zeros(250), sway=sway, noise=4.0) == []


def test_a_gesture_is_found_while_the_body_sways() -> None:
    sway = 6 * np.sin(np.arange(250) / 15)
    found = movements(raised(250, (100, 28, 6)), sway=sway, noise=2.0)
    assert [movement.is_gesture for movement in found] == [True]
    assert abs(found[0].start - 100) <= 8


def test_a_film_without_a_face_is_compared_whole() -> None:
    greys, points = figure(raised(200, (80, 24, 10)))
    points[:] = np.nan
    assert BodyMotion(greys, points, WIDTH).motion().argmax() in range(78, 116)
