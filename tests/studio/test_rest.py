"""The mouth of every frame is at rest, and a frame that rests already keeps its own pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from faces import draw, film_of
from needs import studio
from numpy.typing import NDArray

from renderer.studio import baking, crops, rest
from renderer.studio.crops import track_crops
from renderer.studio.mouthspace import resting, to_weights, without_pose
from renderer.studio.opening import find_rest

pytestmark = studio

Film = tuple[list[NDArray[np.uint8]], NDArray[np.float32], rest.RestPlan]


@pytest.fixture(scope="module")
def film() -> Film:
    """Forty frames of rest, eighty of talking, forty of rest; the head sways all the time."""
    opening = np.zeros(160)
    opening[40:120] = 0.12 * np.sin(np.arange(80) / 79 * 9 * np.pi) ** 2
    points = film_of(opening, 10 * np.sin(np.arange(160) / 15))
    at_rest = resting(without_pose(points))
    weights = to_weights(points, at_rest)
    track = track_crops(points, at_rest)
    plan = rest.plan_rest(points, weights, track.affine, np.ones(160), np.ones(160, np.bool_), at_rest)
    pictures = [draw(frame) for frame in points]
    donors = baking.take_donors(pictures, plan, points)
    return pictures, points, replace(plan, light=baking.measure_light(pictures, plan, donors, points))


def inner_lips(picture: NDArray[np.uint8], points: NDArray[np.float32]) -> float:
    """Brightness between the lips, where the open mouth is dark."""
    x, y = points[[13, 14], :2].mean(axis=0)
    return float(picture[int(y) - 1 : int(y) + 2, int(x) - 4 : int(x) + 5].mean())


def test_a_talking_mouth_is_closed(film: Film) -> None:
    pictures, points, plan = film
    donors = baking.take_donors(pictures, plan, points)
    widest = int(np.argmax(points[:, 14, 1] - points[:, 13, 1]))
    closed = baking.bake(pictures[widest], widest, plan, donors, points)
    assert inner_lips(pictures[widest], points[widest]) < 60
    assert inner_lips(closed, points[widest]) > 95


def test_only_the_lower_face_changes(film: Film) -> None:
    pictures, points, plan = film
    donors = baking.take_donors(pictures, plan, points)
    widest = int(np.argmax(points[:, 14, 1] - points[:, 13, 1]))
    closed = baking.bake(pictures[widest], widest, plan, donors, points)
    changed = np.abs(closed.astype(int) - pictures[widest]).max(axis=2) > 12
    rows, columns = np.nonzero(changed)
    mouth = points[widest, [61, 291, 17], :2]
    assert np.abs(columns - mouth[:, 0].mean()).max() < 60
    assert np.abs(rows - mouth[:, 1].mean()).max() < 60


def test_resting_frames_keep_their_own_pixels(film: Film) -> None:
    pictures, points, plan = film
    assert plan.share[:30].max() == 0.0
    assert plan.share[130:].max() == 0.0
    assert baking.bake(pictures[10], 10, plan, [], points) is pictures[10]


def test_open_frames_are_covered_wholly_and_the_share_never_jumps(film: Film) -> None:
    _, points, plan = film
    opening = points[:, 14, 1] - points[:, 13, 1]
    assert (plan.share[opening > 4] == 1.0).all()
    assert np.abs(np.diff(plan.share)).max() < 0.5
    np.testing.assert_allclose(plan.blend.sum(axis=1), 1.0, atol=1e-6)


def test_the_resting_face_follows_the_head(film: Film) -> None:
    _, points, plan = film
    nose = rest.CONTROLS.index(4)
    apart = np.linalg.norm(plan.targets[5:-5, nose] - points[5:-5, 4, :2], axis=1)
    assert apart.max() < 1.0
    lip = rest.CONTROLS.index(17)
    to_nose = plan.targets[:, lip, 1] - plan.targets[:, nose, 1]
    assert np.ptp(to_nose) < 1.0


def test_a_smile_that_pulls_at_the_nose_does_not_shake_the_resting_mouth_in_its_crop() -> None:
    # an affine fitted to nose and cheeks took their lift for the head's: the mouth jumped and bent
    points = film_of(np.r_[np.zeros(60), np.full(60, 0.1)], np.zeros(120))
    smile = np.zeros(120)
    smile[80:92] = 0.05 * 80
    points[:, (*crops.NOSE, 1, 4, 5, 195, 197), 1] -= smile[:, None]
    points[:, (50, 280, 116, 345, 123, 352), 1] -= 0.5 * smile[:, None]
    at_rest = resting(without_pose(points))
    affine = crops.track_crops(points, at_rest).affine
    weights = to_weights(points, at_rest)
    plan = rest.plan_rest(points, weights, affine, np.ones(120), np.ones(120, np.bool_), at_rest)
    inside = crops.in_crops(plan.targets, affine)[:, [rest.CONTROLS.index(lip) for lip in rest.LIPS]]
    assert np.abs(np.diff(inside.mean(axis=1), axis=0)).max() < 0.2


def test_a_quick_nod_takes_the_resting_mouth_along() -> None:
    points = film_of(np.r_[np.zeros(60), np.full(60, 0.1)], np.zeros(120))
    closed = film_of(np.zeros(120), np.zeros(120))
    nod = np.radians(20) * np.exp(-(((np.arange(120) - 90) / 4) ** 2))
    for film in (points, closed):
        y, z = film[..., 1] - 90, film[..., 2].copy()
        film[..., 1] = 90 + y * np.cos(nod)[:, None] - z * np.sin(nod)[:, None]
        film[..., 2] = y * np.sin(nod)[:, None] + z * np.cos(nod)[:, None]
    at_rest = resting(without_pose(points))
    affine = crops.track_crops(points, at_rest).affine
    weights = to_weights(points, at_rest)
    plan = rest.plan_rest(points, weights, affine, np.ones(120), np.ones(120, np.bool_), at_rest)
    lips = [rest.CONTROLS.index(lip) for lip in rest.LIPS]
    away = plan.targets[:, lips].mean(axis=1) - closed[:, rest.LIPS, :2].mean(axis=1)
    assert np.ptp(closed[:, 17, 1]) > 5
    assert np.abs(away).max() < 1.5


def test_a_mouth_pulled_aside_is_not_at_rest_and_lends_nothing() -> None:
    # closed and calm by its weights: listening avatars once showed the grimace
    points = film_of(np.zeros(160), np.zeros(160))
    mouth = (*rest.LIPS, *rest.UNDER_LIP)
    points[60:100, mouth, 0] += 0.1 * 80
    at_rest = resting(without_pose(points))
    weights, affine = to_weights(points, at_rest), track_crops(points, at_rest).affine
    plan = rest.plan_rest(points, weights, affine, np.ones(160), np.ones(160, np.bool_), at_rest)
    assert plan.share[60:100].min() == 1.0
    assert plan.share[:50].max() == plan.share[110:].max() == 0.0
    assert not set(range(60, 100)) & set(plan.donors.tolist())


def test_the_jaw_of_the_resting_face_lies_on_the_frame_s_beside_the_mouth_and_rests_at_the_chin() -> None:
    # a smile widens the cheeks: faded from a narrower jaw into them, the background shone through a strip
    points = film_of(np.r_[np.zeros(60), np.full(60, 0.1)], np.zeros(120))
    jaw, chin = rest.CHIN[:3] + rest.CHIN[-3:], 152
    for number, angle in zip(rest.CHIN, np.linspace(-1.2, 1.2, len(rest.CHIN)), strict=True):
        points[:, number, 0] = 160 + 60 * np.sin(angle)
        points[:, number, 1] = 110 + 80 * np.cos(angle)
    points[60:, jaw, 0] += 5 * np.sign(points[60:, jaw, 0] - 160)
    points[60:, chin, 1] += 8
    at_rest = resting(without_pose(points))
    weights, affine = to_weights(points, at_rest), track_crops(points, at_rest).affine
    plan = rest.plan_rest(points, weights, affine, np.ones(120), np.ones(120, np.bool_), at_rest)
    sides = [rest.CONTROLS.index(number) for number in jaw[1:-1]]
    wide = np.ptp(plan.targets[:, sides, 0], axis=1)
    assert wide[80:].mean() - wide[:40].mean() > 6
    below = plan.targets[:, rest.CONTROLS.index(chin), 1]
    assert abs(below[80:].mean() - below[:40].mean()) < 2


def test_footage_without_any_rest_still_gets_a_closed_mouth() -> None:
    opening = 0.03 + 0.1 * np.sin(np.arange(120) / 6) ** 2
    points = film_of(opening, np.zeros(120))
    at_rest = resting(without_pose(points))
    weights = to_weights(points, at_rest)
    plan = rest.plan_rest(
        points, weights, track_crops(points, at_rest).affine, np.ones(120), np.ones(120, np.bool_), at_rest
    )
    gap = points[:, 14, 1] - points[:, 13, 1]
    assert gap[plan.donors].max() < np.percentile(gap, 30)


def test_frames_without_a_face_are_left_alone(film: Film) -> None:
    _, points, _ = film
    lost = points.copy()
    lost[60:80] = np.nan
    at_rest = resting(without_pose(lost))
    weights = to_weights(lost, at_rest)
    plan = rest.plan_rest(
        lost, weights, track_crops(lost, at_rest).affine, np.ones(160), np.ones(160, np.bool_), at_rest
    )
    assert plan.share[60:80].max() == 0.0
    assert np.isfinite(plan.targets).all()


def test_a_covered_mouth_is_left_alone(film: Film) -> None:
    _, points, _ = film
    at_rest = resting(without_pose(points))
    weights = to_weights(points, at_rest)
    drivable = np.ones(160)
    drivable[90:100] = 0
    affine = track_crops(points, at_rest).affine
    plan = rest.plan_rest(points, weights, affine, drivable, np.ones(160, np.bool_), at_rest)
    assert plan.share[90:100].max() == 0.0


def test_rests_between_words_are_covered_without_a_jump() -> None:
    opening = np.zeros(160)
    for word in (30, 48, 60, 70, 82):
        opening[word : word + 6] = 0.1
    points = film_of(opening, np.zeros(160))
    at_rest = resting(without_pose(points))
    weights = to_weights(points, at_rest)
    affine = track_crops(points, at_rest).affine
    plan = rest.plan_rest(points, weights, affine, np.ones(160), np.ones(160, np.bool_), at_rest)
    assert plan.share[48:88].min() == 1.0
    assert np.abs(np.diff(plan.share)).max() < 0.5


def test_mouths_are_borrowed_from_the_opening_where_its_pose_fits() -> None:
    opening = 0.12 * np.sin(np.arange(240) / 79 * 9 * np.pi) ** 2
    opening[:50] = opening[150:200] = 0.0
    points = film_of(opening, np.zeros(240))
    found = find_rest(points)
    weights = to_weights(points, found.model)
    affine = track_crops(points, found.model).affine
    plan = rest.plan_rest(points, weights, affine, np.ones(240), np.ones(240, np.bool_), found.model)
    assert found.shown[160:190].any()
    assert plan.donors.max() < 50


def test_thin_plate_meets_its_points_and_keeps_straight_what_is_straight() -> None:
    chance = np.random.default_rng(2)
    source = chance.uniform(0, 100, (20, 2))
    bent = source + chance.normal(0, 3, (20, 2))
    np.testing.assert_allclose(baking.thin_plate(source, bent, source, stiffness=0.0), bent, atol=1e-6)
    moved = source @ np.array([[1.1, 0.2], [-0.1, 0.9]]) + (5, -3)
    places = chance.uniform(-50, 150, (10, 2))
    expected = places @ np.array([[1.1, 0.2], [-0.1, 0.9]]) + (5, -3)
    np.testing.assert_allclose(baking.thin_plate(source, moved, places), expected, atol=1e-6)
