"""What is drawn of a mouth stays inside the face, however the head turns."""

from __future__ import annotations

import numpy as np
from faces import film_of
from needs import studio
from numpy.typing import NDArray

from renderer.studio.crops import in_crops, mouth_mask, track_crops
from renderer.studio.masks import OVAL, person_mask
from renderer.studio.rest import CHIN

pytestmark = studio

FRAMES = 60


def head(cheeks: NDArray[np.floating]) -> NDArray[np.float32]:  # type: ignore[type-arg]
    """Landmarks of a face whose left cheek, as seen, is `cheeks` (n,) eye distances from its middle."""
    points = film_of(np.zeros(len(cheeks)), np.zeros(len(cheeks)))
    angle = np.linspace(0, 2 * np.pi, len(OVAL), endpoint=False) - np.pi / 2  # begins at the forehead
    x, y = np.cos(angle), 0.35 + 0.9 * np.sin(angle)
    x = np.where(x < 0, x * cheeks[:, None], 0.75 * x)
    forehead = points[:, 10].copy()  # one of the points that carry the crop
    points[:, OVAL, 0] = 160 + 80 * x
    points[:, OVAL, 1] = 90 + 80 * y
    points[:, 10] = forehead
    points[:, CHIN, 1] = np.maximum(points[:, CHIN, 1], 90 + 80 * 0.9)
    points[:, CHIN, 0] = points[:, CHIN, 0].clip(160 - 80 * 0.8 * cheeks[:, None], None)
    return points


def test_a_face_that_fills_the_ellipse_is_drawn_whole() -> None:
    points = head(np.full(FRAMES, 1.4))
    outline = [number for number in OVAL if number != 10]
    points[:, outline, :2] = (160, 150) + 2.5 * (points[:, outline, :2] - (160, 150))
    mask = person_mask(points, track_crops(points).affine, np.ones(FRAMES), 128)
    assert mask.sum() > 0.95 * mouth_mask(128).sum()


def test_a_head_that_turns_now_and_then_narrows_what_is_drawn_on_that_side() -> None:
    straight = head(np.full(FRAMES, 0.75))
    cheeks = np.full(FRAMES, 0.75)
    cheeks[20:30] = 0.4
    turning = head(cheeks)
    affine = track_crops(straight).affine
    masks = [person_mask(points, affine, np.ones(FRAMES), 128) for points in (straight, turning)]
    left, right = slice(0, 64), slice(80, 128)
    assert masks[1][:, left].sum() < 0.85 * masks[0][:, left].sum()
    assert masks[1][:, right].sum() > 0.95 * masks[0][:, right].sum()
    assert (masks[1] <= mouth_mask(128) + 1e-6).all()


def test_frames_that_are_not_driven_have_no_say() -> None:
    cheeks = np.full(FRAMES, 0.75)
    cheeks[20:30] = 0.4
    points = head(cheeks)
    affine = track_crops(head(np.full(FRAMES, 0.75))).affine
    drivable = np.ones(FRAMES)
    drivable[20:30] = 0
    mask = person_mask(points, affine, drivable, 128)
    np.testing.assert_array_equal(
        mask, person_mask(head(np.full(FRAMES, 0.75)), affine, np.ones(FRAMES), 128)
    )


def test_lips_and_a_dropped_chin_are_drawn() -> None:
    points = head(np.full(FRAMES, 0.85))
    affine = track_crops(points).affine
    mask = person_mask(points, affine, np.ones(FRAMES), 128)
    at = in_crops(points, affine)[0]
    for number in (61, 291, 0, 17):
        x, y = at[number]
        assert mask[round(y), round(x)] > 0.95
    x, y = at[152] + (0, 0.05 * 128 / 1.5)
    row, column = min(round(y), 118), round(x)
    assert mask[row, column] > 0.5 * mouth_mask(128)[row, column]


def test_without_a_face_the_ellipse_remains() -> None:
    points = np.full((5, 478, 3), np.nan, np.float32)
    mask = person_mask(points, np.tile(np.eye(2, 3), (5, 1, 1)), np.ones(5), 64)
    np.testing.assert_array_equal(mask, mouth_mask(64))
