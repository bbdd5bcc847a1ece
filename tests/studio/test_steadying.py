"""The crop follows what the pictures show, and trusts trembling landmarks only over longer times."""

from __future__ import annotations

import cv2
import numpy as np
from faces import film_of
from needs import studio
from numpy.typing import NDArray

from renderer.studio.crops import NOSE, track_crops
from renderer.studio.steadying import beside_mouth, measure_slides, steadied

pytestmark = studio

FRAMES = 60
SWAY = 2 * np.sin(np.arange(FRAMES) / 9)


def skin() -> NDArray[np.uint8]:
    """Something with enough detail to see it move, shape (256, 320, 3)."""
    noise = np.random.default_rng(3).normal(0, 1, (256, 320, 3)).astype(np.float32)
    return np.clip(130 + 25 * cv2.GaussianBlur(noise, (0, 0), 2.0) / 0.14, 0, 255).astype(np.uint8)


def filmed(sway: NDArray[np.float64]) -> list[NDArray[np.uint8]]:
    """That, moved to the side by so many pixels in every frame."""
    picture = skin()
    moves = [np.array([[1.0, 0.0, x], [0.0, 1.0, 0.0]]) for x in sway]
    moved = [cv2.warpAffine(picture, at, (320, 256), borderMode=cv2.BORDER_REFLECT) for at in moves]
    return [np.asarray(one, np.uint8) for one in moved]


def trembling(sway: NDArray[np.float64], by: float) -> NDArray[np.float32]:
    """Landmarks of a face that moves like this, all shaken together by so many pixels."""
    points = film_of(np.zeros(len(sway)), sway)
    shaken = np.random.default_rng(5).normal(0, by, (len(sway), 1, 2))
    points[..., :2] += shaken
    return points


def middles(affine: NDArray[np.float32]) -> NDArray[np.float64]:
    """Where the middle of the crop is, shape (n, 2)."""
    return np.asarray(affine.astype(np.float64) @ np.array([63.5, 63.5, 1.0]))


def test_a_trembling_crop_is_held_to_the_skin_that_it_shows() -> None:
    points = trembling(SWAY, 1.0)
    track = track_crops(points)
    path = SWAY[:, None] * [1.0, 0.0]
    before = np.diff(middles(track.affine) - path, axis=0)
    after = np.diff(middles(steadied(track, points, filmed(SWAY))) - path, axis=0)
    assert before.std() > 0.3
    assert after.std() < 0.35 * before.std()


def test_slides_are_measured_to_a_twentieth_of_a_pixel() -> None:
    points = film_of(np.zeros(FRAMES), np.zeros(FRAMES))
    track = track_crops(points)  # stands still, while the pictures move
    slid = measure_slides(track, points, filmed(SWAY)) * np.hypot(*track.affine[0, :, 0])
    np.testing.assert_allclose(slid[1:, 0], np.diff(SWAY), atol=0.05)
    np.testing.assert_allclose(slid[:, 1], 0.0, atol=0.05)


def test_over_longer_times_the_landmarks_say_where_the_crop_is() -> None:
    # a face that creeps away under skin of its own accord: in the end the landmarks are right
    points = film_of(np.zeros(100), np.zeros(100))
    creeping = 0.05 * np.arange(100)
    off = middles(steadied(track_crops(points), points, filmed(creeping))) - middles(
        track_crops(points).affine
    )
    assert np.abs(off).max() < 0.4


def test_a_cut_moves_nothing() -> None:
    points = film_of(np.zeros(FRAMES), np.zeros(FRAMES))
    pictures = filmed(np.zeros(FRAMES))
    pictures[30:] = [picture[::-1, ::-1].copy() for picture in pictures[30:]]
    track = track_crops(points)
    off = middles(steadied(track, points, pictures)) - middles(track.affine)
    assert np.abs(off).max() < 0.5


def test_frames_without_a_face_have_not_moved() -> None:
    points = trembling(SWAY, 1.0)
    points[20:25] = np.nan
    track = track_crops(points)
    slid = measure_slides(track, points, filmed(SWAY))
    assert not slid[20:26].any()
    assert slid[26:].any()
    assert np.isfinite(steadied(track, points, filmed(SWAY))).all()


def test_neither_mouth_nor_chin_is_looked_at() -> None:
    points = film_of(np.zeros(3), np.zeros(3))
    points[:, list(NOSE), :2] = (160, 126)
    where = beside_mouth(points, track_crops(points))
    assert where[50:, 40:88].max() < 0.01  # the lips are at 51
    assert where[75:].max() < 0.01
    assert where[:40].max() > 0.9
