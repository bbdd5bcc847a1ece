"""models/mouth/corpus/parts.py"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.mouth.corpus.parts import AWAY, SHORTEST, parts


def film(frames: int, x: float = 200.0, eyes: float = 80.0) -> NDArray[np.float64]:
    """Landmarks of a head that sways, all in one place but the outer corners of its eyes."""
    points = np.zeros((frames, 478, 3))
    points[:, :, 0] = x + 10 * np.sin(np.arange(frames) / 4)[:, None]
    points[:, 33, 0] -= eyes / 2
    points[:, 263, 0] += eyes / 2
    return points


def test_a_swaying_head_is_one_part() -> None:
    assert parts(film(200)) == [slice(0, 200)]


def test_a_cut_to_another_place_or_another_size_begins_a_part() -> None:
    both = np.concatenate([film(60), film(50, x=420.0), film(40, x=420.0, eyes=120.0)])
    assert parts(both) == [slice(0, 60), slice(60, 110), slice(110, 150)]


def test_a_face_lost_for_a_moment_is_the_same_face() -> None:
    points = film(100)
    points[40 : 40 + AWAY - 1] = np.nan
    points[:3] = np.nan
    assert parts(points) == [slice(0, 100)]


def test_a_face_that_comes_back_later_may_be_another() -> None:
    points = film(120)
    points[40 : 41 + AWAY] = np.nan
    assert parts(points) == [slice(0, 40), slice(41 + AWAY, 120)]


def test_a_part_too_short_to_rest_in_is_left_out() -> None:
    assert parts(np.concatenate([film(60), film(SHORTEST - 1, x=420.0)])) == [slice(0, 60)]


def test_without_a_face_there_is_no_part() -> None:
    assert parts(np.full((50, 478, 3), np.nan)) == []
