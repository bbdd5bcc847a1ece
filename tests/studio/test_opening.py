"""Rest is what the mouth does before the first word, or where somebody saw it."""

from __future__ import annotations

import numpy as np
import pytest
from faces import film_of
from needs import studio
from numpy.typing import NDArray

from renderer.errors import StudioError
from renderer.studio.mouthspace import resting, without_pose
from renderer.studio.opening import find_rest

pytestmark = studio


def spoken(quiet: int, pause: float = 0.0) -> NDArray[np.float32]:
    """A film that begins with so many quiet frames; between its words the mouth stays open by `pause`."""
    opening = pause + 0.12 * np.sin(np.arange(240) / 79 * 9 * np.pi) ** 2
    opening[:quiet] = 0.0
    return film_of(opening, 4 * np.sin(np.arange(240) / 15))


def test_rest_is_what_the_mouth_does_before_the_first_word() -> None:
    found = find_rest(spoken(50, pause=0.01))
    assert found.model[:40].all()
    assert not found.model[46:].any()


def test_a_film_that_begins_with_talk_rests_where_it_is_calm() -> None:
    points = spoken(0)
    found = find_rest(points)
    np.testing.assert_array_equal(found.model, resting(without_pose(points)))


def test_a_person_who_says_nothing_rests_all_the_time() -> None:
    found = find_rest(film_of(np.zeros(150), np.zeros(150)))
    assert found.model[:50].all()


def test_frames_picked_by_hand_are_the_rest() -> None:
    points = spoken(50)
    points[:50, 14, 1] += 3  # pouting at the beginning
    found = find_rest(points, (3.56, 7.0))
    assert np.flatnonzero(found.model).tolist() == [87, 88, 89, 90, 91, 173, 174, 175, 176, 177]
    assert found.shown[found.model].all()


def test_a_pick_outside_the_film_or_without_a_face_is_refused() -> None:
    points = spoken(50)
    points[100:120] = np.nan
    with pytest.raises(StudioError, match=r"rest at 12 s: the film lasts 9\.60 s"):
        find_rest(points, (12.0,))
    with pytest.raises(StudioError, match=r"rest at 4\.4 s: no face"):
        find_rest(points, (4.4,))
