"""renderer/studio/mouthspace.py"""

from __future__ import annotations

import numpy as np
import pytest
from faces import face, film_of
from numpy.typing import NDArray

from renderer.studio.mouthspace import (
    DEVIATION,
    FRONTAL,
    RIGID,
    WEIGHTS,
    distances,
    lip_opening,
    resting,
    to_weights,
    without_pose,
    without_tremble,
)

UPPER_LIP = [0, 37, 267, 39, 269, 40, 270, 13, 82, 312, 81, 311, 80, 310]
LOWER_LIP = [17, 84, 314, 91, 321, 181, 405, 14, 87, 317, 88, 178, 318, 402]
CORNERS = {61: -1, 78: -1, 291: 1, 308: 1}
CHIN = [152, 148, 377, 176, 400]


def turned(
    points: NDArray[np.float64], yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0
) -> NDArray[np.float64]:
    """Points turned by so many degrees."""
    a, b, c = np.radians((yaw, pitch, roll))
    about_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return np.asarray(points @ (about_z @ about_x @ about_y).T)


def talking(frames: int = 60) -> NDArray[np.float64]:
    """A face whose lower lip goes down and up, resting at both ends; not in pixels."""
    opening = np.zeros(frames)
    opening[10:-10] = 0.12 * np.sin(np.linspace(0, 4 * np.pi, frames - 20)) ** 2
    return film_of(opening, np.zeros(frames), eyes=1.0, middle=(0, 0)).astype(np.float64)


def weight(points: NDArray[np.float64], name: str) -> NDArray[np.float32]:
    """One weight of every frame; the first frame is the rest."""
    rest = np.arange(len(points)) == 0
    return np.asarray(to_weights(points, rest)[:, WEIGHTS.index(name)])


def moved(indices: list[int], axis: int, by: float) -> NDArray[np.float64]:
    """A resting face, and the same with some points moved by a share of the eyes' distance."""
    points = np.stack([face(), face()])
    points[1, indices, axis] += by
    return points


def test_there_are_ten_weights_and_a_deviation_for_each() -> None:
    assert len(WEIGHTS) == len(DEVIATION) == 10
    assert len(RIGID) == len(FRONTAL)
    assert to_weights(talking()).shape == (60, 10)


@pytest.mark.parametrize(
    ("yaw", "pitch", "roll"), [(25, 0, 0), (0, 20, 0), (0, 0, 30), (-15, 10, -20)], ids=str
)
def test_turning_moving_and_scaling_the_head_changes_no_weight(yaw: float, pitch: float, roll: float) -> None:
    points = talking()
    elsewhere = turned(points, yaw, pitch, roll) * 173.0 + (300.0, 200.0, -40.0)
    np.testing.assert_allclose(to_weights(elsewhere), to_weights(points), atol=1e-4)


def test_a_head_that_turns_with_its_mouth_shut_stays_at_rest() -> None:
    points = np.stack([turned(face(), yaw) * 90 + yaw for yaw in np.linspace(-25, 25, 30)])
    assert np.abs(to_weights(points)).max() < 1e-3


def test_a_mirrored_pose_is_not_taken_for_a_rotation() -> None:
    mirrored = talking() * (-1, 1, 1)
    assert np.isfinite(without_pose(mirrored)).all()


def test_opening_the_lips_raises_lip_gap_and_side_gap() -> None:
    points = moved(LOWER_LIP, 1, 0.1)
    assert weight(points, "lip_gap")[1] > 1
    assert weight(points, "side_gap")[1] > 1
    assert weight(points, "jaw_drop")[1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("indices", "axis", "by", "name"),
    [
        (CHIN, 1, 0.05, "jaw_drop"),
        (UPPER_LIP, 1, -0.05, "upper_lip_raise"),
        ([0, 37, 267], 1, -0.02, "upper_lip_height"),
        ([17, 84, 314], 1, 0.02, "lower_lip_height"),
        ([0, 13, 14, 17], 2, -0.02, "protrusion"),
        ([61, 291, 78, 308], 1, -0.03, "corner_raise"),
        ([199, 200, 208, 428], 1, -0.05, "chin_raise"),
    ],
)
def test_each_weight_grows_with_what_its_name_says(
    indices: list[int], axis: int, by: float, name: str
) -> None:
    assert weight(moved(indices, axis, by), name)[1] > 0.4


def test_drawing_the_corners_apart_raises_width() -> None:
    points = np.stack([face(), face()])
    for corner, side in CORNERS.items():
        points[1, corner, 0] += 0.03 * side
    assert weight(points, "width")[1] > 1


def test_weights_are_in_widths_of_the_own_mouth() -> None:
    """Twice as wide a mouth that opens twice as far says the same."""
    small = moved(LOWER_LIP, 1, 0.05)
    large = moved(LOWER_LIP, 1, 0.10)
    middle = large[:, [61, 291]].mean(axis=1)[:, None, 0]
    for corner in CORNERS:
        large[:, corner, 0] = middle[:, 0] + 2 * (large[:, corner, 0] - middle[:, 0])
    np.testing.assert_allclose(weight(large, "lip_gap"), weight(small, "lip_gap"), atol=1e-4)


def test_rest_is_found_where_the_mouth_is_shut_and_still() -> None:
    points = talking()
    rest = resting(without_pose(points))
    assert rest[:8].any()
    assert rest[-8:].any()
    assert not rest[lip_opening(points) > 0.02].any()


def test_a_first_frame_with_an_open_mouth_is_not_rest() -> None:
    opening = np.concatenate([np.linspace(0.2, 0.0, 10), np.zeros(20), 0.2 * np.ones(20)])
    points = film_of(opening, np.zeros(50))
    assert not resting(without_pose(points))[0]


def test_frames_without_a_face_have_no_weights_and_disturb_nobody() -> None:
    points = talking()
    holes = points.copy()
    holes[20:25] = np.nan
    weights = to_weights(holes)
    assert np.isnan(weights[20:25]).all()
    np.testing.assert_allclose(weights[:20], to_weights(points)[:20], atol=1e-3)


def test_distances_are_linear_in_the_points() -> None:
    one, other = talking()[:2] * 1.0, talking()[30:32] * 1.1
    np.testing.assert_allclose(
        distances(0.3 * one + 0.7 * other), 0.3 * distances(one) + 0.7 * distances(other), atol=1e-9
    )


def test_a_still_mouth_stops_trembling() -> None:
    weights = np.random.default_rng(0).normal(0, 0.15, (200, 10))
    assert without_tremble(weights).std() < 0.5 * weights.std()


def test_a_closure_of_one_frame_stays_closed_and_a_word_as_quick_as_it_was() -> None:
    word = np.zeros((21, 10))
    word[:, [0, 1, 4]] = 3.0
    word[10] = 0.0
    word[:4] = word[17:] = 0.0
    np.testing.assert_allclose(without_tremble(word), word, atol=0.02)


def test_frames_without_weights_lend_none_and_get_none() -> None:
    weights = np.full((9, 10), 0.2)
    weights[4] = np.nan
    settled = without_tremble(weights)
    assert np.isnan(settled[4]).all()
    np.testing.assert_allclose(np.delete(settled, 4, axis=0), 0.2, atol=1e-6)
